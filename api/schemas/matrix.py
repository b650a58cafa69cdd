"""The matrix of potential and visit value."""

from typing import Annotated, Literal

from pydantic import Field

from api.schemas.account_filter import CellName, StatusName
from api.schemas.analysis import Analysis, Period, ScopeQuery, Version
from api.schemas.base import AnswerModel, Money


class MatrixQuery(ScopeQuery):
    potential: Money | None = Field(
        None, description="From where potential is high; default what is set, else the median"
    )
    visit_value: Money | None = Field(
        None, description="From where a visit's value is high; default what is set, else the median"
    )
    months: Annotated[int, Field(ge=1, le=24)] = Field(
        12, description="How far back visits are counted"
    )


ThresholdBasis = Literal["asked", "set", "median"]


class ThresholdAnswer(AnswerModel):
    value: float = Field(description="What equals it is high")
    basis: ThresholdBasis = Field(
        description="Asked for, set by managers (PUT /market), or the median of all accounts"
    )


class CellFigures(AnswerModel):
    cell: CellName
    action: str = Field(description="What to do with the accounts")
    account_count: int
    by_status: dict[StatusName, int]
    potential: float = Field(description="A year")
    revenue: float = Field(description="Of the last 12 months")
    visits: int = Field(description="In person, in the period")
    visit_share: float = Field(description="Of all of them")
    service_hours: float
    travel_hours: float = Field(description="Estimated")
    hours: float
    hour_share: float
    cost: float = Field(description="Of these visits")
    visit_value: float = Field(description="Of one more visit, on average")


class TelesalesFigures(AnswerModel):
    """What serving the cell of low potential and low value by phone would change."""

    visits: int = Field(description="Visits of the period, each replaced by a call")
    visit_share: float = Field(description="Of all of them")
    freed_hours: float
    freed_cost: float
    call_hours: float
    call_cost: float
    lost_contribution: float = Field(description="That calls do not bring")
    saved: float = Field(description="If the time is not used: freed_cost - call_cost - lost")
    more_visits: int = Field(description="To accounts where both are high, in the freed time")
    gained_contribution: float = Field(description="That those bring")
    shifted: float = Field(description="If the time goes there: gained - call_cost - lost")


class Matrix(Analysis):
    period: Period
    policy_version: Version
    potential_threshold: ThresholdAnswer
    visit_value_threshold: ThresholdAnswer
    visits: int
    hours: float
    cells: tuple[CellFigures, ...] = Field(description="High potential first, high value first")
    telesales: TelesalesFigures
    notes: tuple[str, ...] = Field(description="What limits what the matrix can say")
