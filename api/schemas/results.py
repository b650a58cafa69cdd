"""Results: plan against actual at four levels, and what a week is expected to bring."""

from typing import Literal

from pydantic import Field

from api.schemas.base import AnswerModel, Id, LocalDate, RequestModel, Week

LevelName = Literal["operational", "tactical", "strategic_short", "strategic_long"]
BasisName = Literal["agreed", "bottom_up", "top_down", "model", "mixed", "none"]


class ResultsQuery(RequestModel):
    level: LevelName = Field(
        "strategic_short",
        description="operational: a day; tactical: two weeks; strategic_short: a quarter; "
        "strategic_long: a year",
    )
    date: LocalDate | None = Field(None, description="A day of the period; default today")
    rep_id: Id | None = Field(None, description="Of one rep alone")


class ResultFigures(AnswerModel):
    """Plan and actual of one rep, or of all."""

    basis: BasisName = Field(
        description="What the plan is made of: agreed figures of rounds, or where nothing is "
        "agreed those of the reps, or of the model when the round was opened; `model`: months "
        "without a round, as the model sees them today; none: months that began before anybody "
        "planned them"
    )
    plan: float | None = Field(None, description="Of the days that have a plan")
    plan_to_date: float | None = Field(None, description="Of those up to today")
    actual: float = Field(description="Sold up to today")
    compared: float | None = Field(
        None, description="The part of `actual` from the days that have a plan"
    )
    difference: float | None = Field(None, description="`compared` less `plan_to_date`")
    attained_share: float | None = Field(
        None, description="`compared` as a share of `plan_to_date`"
    )
    last_year: float = Field(description="Sold in the whole period a year before")
    last_year_to_date: float = Field(description="Sold up to the same day a year before")
    visits_due: float = Field(description="Visits that the cadence asks for in the whole period")
    visits_done: int = Field(description="Visits in person")
    visits_open: int = Field(description="Planned or promised, and still to be made")
    visits_missed: int


class RepResult(ResultFigures):
    rep_id: str | None = Field(None, description="Left out for accounts that nobody owned then")
    rep: str | None = None


class DayResult(AnswerModel):
    date: LocalDate
    plan: float | None = None
    actual: float | None = Field(None, description="Left out for days to come")


class Results(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    level: LevelName
    first: LocalDate
    last: LocalDate
    previous: LocalDate = Field(description="A day of the period before")
    following: LocalDate = Field(description="A day of the period after")
    known_until: LocalDate | None = Field(
        None, description="The last day of which orders are known; later ones show nothing sold"
    )
    foreign_order_count: int = Field(
        description="Orders of the period in other currencies, which are in no figure"
    )
    total: ResultFigures
    reps: tuple[RepResult, ...] = Field(description="The largest shortfall first")
    days: tuple[DayResult, ...]


class WeekQuery(RequestModel):
    week: Week | None = Field(None, description="YYYY-Www by ISO 8601; default the present one")
    rep_id: Id | None = Field(None, description="Of one rep alone")


class WeekFigures(AnswerModel):
    """What the week of one rep, or of all, is expected to bring."""

    expected_sales: float = Field(description="As the model sees it today")
    expected_contribution: float
    plan: float | None = Field(None, description="The week's part of what is planned")
    actual: float | None = Field(None, description="Sold up to today, once the week has begun")
    visits_planned: int = Field(description="In person, like all visits here")
    visits_committed: int = Field(description="Promised by accepted routes")
    visits_done: int
    visit_value: float = Field(
        description="Extra contribution of these visits, one to each account"
    )
    service_h: float = Field(description="Time of these visits at the accounts")
    working_h: float = Field(description="Working hours of the week")
    due_count: int | None = Field(
        None,
        description="Accounts of field trips whose interval is over by the end of the week; like "
        "the next two left out for weeks that are over",
    )
    due_not_met_count: int | None = Field(
        None, description="Those of them to which no visit of the week goes"
    )
    due_not_met_value: float | None = Field(
        None, description="Visit value of one visit to each of the latter"
    )


class RepWeek(WeekFigures):
    rep_id: str | None = Field(None, description="Left out for accounts that nobody owns")
    rep: str | None = None


class WeekReview(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    week: str
    first: LocalDate
    last: LocalDate
    previous: str
    following: str
    total: WeekFigures
    reps: tuple[RepWeek, ...] = Field(description="The largest value not met first")
