"""Whom to visit first in a week, and why."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.schemas.account_filter import PostcodePrefix
from api.schemas.base import AnswerModel, Id, LocalDate, RequestModel, Text, Week
from api.schemas.programme import RepCadence


class RecommendationsQuery(RequestModel):
    week: Week | None = Field(None, description="Missing: of the first working day from today")
    rep_id: Id | None = Field(None, description="Accounts of this rep; missing: of all")
    segment: Text | None = None
    postcode_prefix: PostcodePrefix | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str, StringConstraints(pattern=r"^\d{1,9}$")] | None = None


class DayPrize(AnswerModel):
    date: LocalDate
    prize: float


class ValueParts(AnswerModel):
    """margin_share x base_per_month x ((2 + n)^b - (1 + n)^b) = visit_value."""

    base_per_month: float = Field(description="Expected sales a month if nobody visited")
    margin_share: float
    elasticity: float = Field(description="b: by how much sales respond to visits")
    visits_per_month: float = Field(description="n: the cadence")


class CadenceParts(AnswerModel):
    visit_interval_days: float | None = Field(None, description="As promised; missing: no visits")
    interval_stretch: float = Field(
        description="Factor on it, since the rep's time does not suffice"
    )
    last_visit: LocalDate | None = Field(None, description="Missing: never visited")
    due_ratio: float | None = Field(
        None, description="Days since the last visit over the stretched interval"
    )
    due_factor: float


class SpecialParts(AnswerModel):
    situation_id: str
    prize_factor: float
    prize_extra: float
    must_visit: bool
    reason: str
    expires_on: LocalDate


class Recommendation(AnswerModel):
    rank: int
    account_id: str
    name: str
    status: str
    segment: str
    channel: str
    strategic: bool = Field(description="Visited whatever the channel, by an exception")
    postcode: str
    town: str
    position: tuple[float, float] | None = None
    owner_id: str | None = None
    owner: str | None = None
    must_visit: bool
    date: LocalDate = Field(description="The day of the week on which a visit is worth most")
    prize: float = Field(
        description="What the planner collects on that day: visit_value x due_factor x "
        "prize_factor + prize_extra"
    )
    priority: int = Field(description="Percentile of the prize among all accounts, 0 to 100")
    prizes: tuple[DayPrize, ...] = Field(description="On each working day of the week")
    visit_value: float
    value_parts: ValueParts
    cadence: CadenceParts
    due: str
    prize_factor: float
    prize_extra: float
    situations: tuple[SpecialParts, ...]
    potential: float
    service_duration_s: int
    travel_estimate_s: int = Field(description="Driving for one visit, as an estimate")
    committed_on: LocalDate | None = Field(
        None, description="Day on which an accepted route visits it already"
    )
    location_issue: str | None = None
    why: str


class RecommendationList(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    week: str
    first_date: LocalDate
    last_date: LocalDate
    rep_id: str | None = None
    items: tuple[Recommendation, ...] = Field(description="Required ones first, then by prize")
    total: int
    value: float = Field(description="Sum of the prizes of all of them")
    not_due: int = Field(description="Accounts that a visit is worth nothing for in this week")
    not_field: int = Field(description="Accounts that others serve")
    cadence: RepCadence | None = Field(None, description="Of the rep that was asked for")
    next_cursor: str | None = None
