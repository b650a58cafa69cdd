"""The body of a planned route."""

from typing import Any, Literal

from pydantic import Field

from api.schemas.base import AnswerModel, DateTime, LocalDate, Position
from api.schemas.place import ResolvedPlace
from routing.reasons import FixKind, ReasonCode

NAMED = "Of the account; in a route only with `Prefer: accounts=named`"


class FixChange(AnswerModel):
    """The fix of a reason in figures, so that a program can change the request by it."""

    kind: FixKind
    day: LocalDate | None = Field(None, description="The day that changes")
    amount_s: int | None = Field(
        None, description="By how much; of a break that moves, negative means earlier"
    )
    amount_m: int | None = None
    amount_visits: int | None = None
    break_index: int | None = Field(None, description="Which break of the day, from 0")
    drop_ids: tuple[str, ...] | None = Field(
        None, description="visit_id, appointment_id or else account_id of what is to be dropped"
    )


class ReasonAnswer(AnswerModel):
    """Why an account or visit is not in the plan."""

    code: ReasonCode
    detail: str = Field(description="One plain sentence for the rep")
    certainty: Literal["proved", "best_known"] = Field(
        description="proved: holds for this visit alone, or for every change of the returned "
        "route; best_known: depends on the search"
    )
    scope: Literal["visit", "route", "search"] | None = None
    day: LocalDate | None = None
    value: float | None = Field(None, description="The measured amount")
    limit: float | None = Field(None, description="The limit it ran into")
    unit: str | None = None
    blocking_ids: tuple[str, ...] | None = Field(
        None, description="visit_id or account_id of what is in the way"
    )
    fix: str | None = Field(None, description="The smallest known change that lets it in")
    change: FixChange | None = Field(None, description="The fix in figures, where it has any")


class Unassigned(AnswerModel):
    visit_id: str | None = None
    appointment_id: str | None = None
    account_id: str | None = None
    name: str | None = Field(None, description=NAMED)
    town: str | None = Field(None, description=NAMED)
    required: bool
    priority: int | None = Field(
        None, ge=0, le=100, description="Percentile rank of the prize; for display"
    )
    visit_value: float | None = None
    prize: float | None = None
    detour_s: int | None = Field(
        None, description="Added travel if it were the only visit on the way"
    )
    reasons: tuple[ReasonAnswer, ...] = Field(min_length=1)


class Why(AnswerModel):
    """Why a visit is in the plan."""

    rule: Literal["appointment", "required", "prize", "frozen"]
    visit_value: float | None = Field(None, description="Extra contribution of the visit")
    due_factor: float | None = Field(None, description="On the day of the visit")
    prize_factor: float | None = Field(
        None, description="Of special situations; missing where there is none"
    )
    prize_extra: float | None = Field(
        None, description="Of special situations; missing where there is none"
    )
    prize: float | None = Field(
        None,
        description="visit_value x due_factor x prize_factor + prize_extra, or the client's own",
    )
    due_ratio: float | None = Field(
        None, description="Days since the last visit / interval, on the day of the visit"
    )
    added_travel_s: int | None = Field(None, description="Travel saved if the stop were removed")
    added_cost: float | None = None
    net: float | None = Field(None, description="prize - added_cost")
    rank: int | None = Field(None, description="Rank among the candidates by prize")


class Navigation(AnswerModel):
    """Links that hand the position to a navigation program: coordinates, no names."""

    google: str
    apple: str
    waze: str
    geo: str


class Stop(AnswerModel):
    seq: int = Field(ge=0, description="Within the day")
    type: Literal["start", "visit", "appointment", "break", "overnight", "wait", "end"] = Field(
        description="wait: where the rep was when the route was planned anew"
    )
    status: Literal["done", "in_progress", "frozen"] | None = Field(
        None, description="Of a visit that a replan left as it was"
    )
    visit_id: str | None = None
    appointment_id: str | None = None
    break_id: str | None = None
    account_id: str | None = None
    name: str | None = None
    town: str | None = Field(None, description=NAMED)
    location: Position
    on_the_way: bool | None = Field(
        None, description="Of a break on the road, between two other stops: true"
    )
    timezone: str | None = Field(
        None, description="Of the place, where it is another than that of the route"
    )
    arrival: DateTime | None = None
    service_start: DateTime | None = Field(None, description="Of a break: when it starts")
    departure: DateTime | None = None
    setup_s: int | None = Field(None, description="Absent: none")
    wait_s: int | None = None
    service_duration_s: int | None = Field(None, description="Of a break: how long it takes")
    slack_s: int | None = Field(
        None, description="How late the rep may leave here before a later stop of the day fails"
    )
    why: Why | None = None
    navigation: Navigation | None = None


class Leg(AnswerModel):
    from_seq: int
    to_seq: int
    travel_s: int
    distance_m: int
    source: Literal["road", "estimate"] = Field(
        description="road; estimate where more than half of the way is estimated access off the "
        "known roads; the last 250 m to a street count as part of it"
    )


class Totals(AnswerModel):
    visits: int
    required_visits: int | None = None
    prize: float
    travel_s: int
    service_s: int
    setup_s: int | None = Field(None, description="Absent: none")
    wait_s: int
    break_s: int
    distance_m: int
    nights: int | None = Field(None, description="Away from home")
    travel_cost: float | None = Field(
        None, description="Hours, kilometres and nights of the whole plan"
    )
    net_value: float | None = Field(
        None, description="Value above the direct trip without visits, which is 0"
    )
    direct_travel_s: int | None = None
    detour_s: int | None = None


class DayAnswer(AnswerModel):
    date: LocalDate
    start: DateTime
    end: DateTime
    stops: tuple[Stop, ...]
    legs: tuple[Leg, ...]
    totals: Totals


class SearchAnswer(AnswerModel):
    accounts_considered: int
    shortlisted: int = Field(description="Candidates in the optimisation, requested ones included")
    iterations: int
    stopped_by: Literal["converged", "time_limit", "iteration_limit", "cancelled"]
    elapsed_ms: int
    bound_state: Literal["none", "running", "proven"]
    upper_bound: float | None = Field(
        None, description="No plan of the candidates priced is worth more, above the direct trip"
    )
    bound_candidates: int | None = Field(None, description="Candidates that the bound covers")
    bound_relaxed: tuple[str, ...] | None = Field(
        None,
        description="Rules that the plans bounded need not keep, if any; `required`: they may "
        "leave out required visits",
    )
    gap: float | None = Field(
        None,
        description="(upper_bound - value) / upper_bound; null where no bound is proven, or the "
        "value is below 0",
    )


class Warning_(AnswerModel):
    code: str
    detail: str
    pointer: str | None = None


class ChangedVisit(AnswerModel):
    visit_id: str | None = None
    appointment_id: str | None = None
    account_id: str | None = None
    name: str | None = None
    town: str | None = Field(None, description=NAMED)
    from_: DateTime | None = Field(None, alias="from", description="Start of service before")
    to: DateTime | None = Field(None, description="Start of service now")
    reason: ReasonCode | None = Field(None, description="Why it is no longer in the plan")
    was_told: bool = Field(False, description="Whether the customer had been told the time before")


class Changes(AnswerModel):
    """What is otherwise than in the revision before, in order of time."""

    moved: tuple[ChangedVisit, ...] = ()
    dropped: tuple[ChangedVisit, ...] = ()
    added: tuple[ChangedVisit, ...] = ()


class Links(AnswerModel):
    self: str
    geojson: str


class Route(AnswerModel):
    route_id: str
    label: str | None = None
    rep_id: str | None = None
    status: Literal["queued", "running", "complete", "infeasible", "failed", "cancelled"] = Field(
        description="complete: every required visit is in; infeasible: at least one is not, the "
        "rest is planned"
    )
    revision: int
    start: ResolvedPlace
    end: ResolvedPlace
    timezone: str
    created_at: DateTime
    revised_at: DateTime | None = Field(None, description="Of a later revision: when it was made")
    cause: Literal["replan", "bound"] | None = Field(
        None,
        description="Of a later revision: what it comes from. bound: a better plan than that of "
        "the revision before, found while that was bounded",
    )
    data_version: str
    currency: str
    days: tuple[DayAnswer, ...]
    totals: Totals
    unassigned: tuple[Unassigned, ...] = Field(
        description="The shortlisted and the requested ones that are not in the plan"
    )
    unassigned_counts: dict[str, int] = Field(
        description="All others by first reason; visits + unassigned + counts = accounts considered"
    )
    warnings: tuple[Warning_, ...]
    changes: Changes | None = Field(None, description="Of a later revision: against the one before")
    search: SearchAnswer
    geojson: dict[str, Any] | None = Field(
        None, description="RFC 7946 FeatureCollection: one LineString per leg, one Point per stop"
    )
    links: Links

    def body(self) -> dict[str, Any]:
        body = super().body()
        body["search"].setdefault("gap", None)
        return body


class UnassignedList(AnswerModel):
    items: tuple[Unassigned, ...]
    next_cursor: str | None = None
