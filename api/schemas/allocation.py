"""Where a team's hours go, where they should go, and what a manager expects of them."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.analysis import Analysis, Reason, ScopeQuery, Version, Versions
from api.schemas.base import LINE, AnswerModel, RequestModel

LevelName = Literal["rep", "region", "segment", "account"]
CurveName = Literal["visits", "power"]
SortName = Literal["gain", "index", "hours", "contribution", "name"]
UnitId = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64), LINE]
Hours = Annotated[float, Field(gt=0, le=1e7)]
Elasticity = Annotated[float, Field(ge=0, lt=1)]


class AllocationQuery(ScopeQuery):
    level: LevelName = Field("rep", description="What hours are shared among")
    prefix_length: int = Field(
        2, ge=1, le=5, description="Characters of the postcode that make a region"
    )
    curve: CurveName = Field(
        "visits",
        description="`visits`: base x (1 + visits a month)^b, the response behind visit values; "
        "`power`: hours^b, which sells nothing without visits",
    )
    b: Elasticity | None = Field(
        None, description="Elasticity of all; default: that of the value model, by segment"
    )
    budget_hours: Hours | None = Field(
        None, description="A year's hours to share; default: those of today"
    )
    least: float = Field(
        0.5, ge=0, le=1, description="A unit keeps at least this part of today's hours"
    )
    most: float = Field(
        2.0, ge=1, le=10, description="A unit gets at most so many times today's hours"
    )
    unit_id: UnitId | None = Field(None, description="List only this unit")
    sort: SortName = Field("gain", description="Largest first, names from A")
    limit: int = Field(100, ge=1, le=500, description="Units listed; all are counted")


class Answers(AnswerModel):
    """Four answers of a manager, as shares of what the unit sells today."""

    at_none: float = Field(description="Without any effort")
    at_present: float = Field(description="With today's hours")
    at_half_more: float = Field(description="With one and a half times today's hours")
    at_saturation: float = Field(description="With as many hours as one likes")


class UnitHours(AnswerModel):
    """A unit's hours of a year, and what they bring."""

    unit_id: str
    name: str
    account_count: int
    visits: float = Field(description="A year's, as over the history")
    hours: float = Field(description="A year's, service and travel")
    share: float = Field(description="Of all hours")
    contribution: float = Field(description="A year's expected sales x margin, at today's hours")
    elasticity: float = Field(description="Percent of contribution for one percent of hours")
    value_of_hour: float | None = Field(
        None, description="What one more hour would bring; missing where a curve begins upright"
    )
    factor: float = Field(
        description="Allocation factor: share of contribution x elasticity in all, which at the "
        "optimum is the share of hours"
    )
    index: float | None = Field(
        None,
        description="Factor over share: above 1 under-served, below 1 over-served; missing where "
        "there is nothing to compare",
    )
    best_hours: float
    band_low: float = Field(description="Least of the best hours at b = 0.2, 0.3 and 0.4")
    band_high: float = Field(description="Most of them")
    advice: Literal["more", "less", "keep"] = Field(
        description="`keep`: today's hours lie in the band"
    )
    next_hours: float = Field(
        description="Half of the way to the factor, where the curve is not trusted"
    )
    gain: float = Field(description="Contribution at the best hours less that at today's")
    best_visits: int | None = Field(
        None, description="Of an account: whole visits a year that bring most"
    )
    basis: Literal["model", "answers"] = Field(description="Where the curve comes from")
    answers: Answers | None = None
    points: tuple[tuple[float, float], ...] = Field(
        description="The response curve: [hours, contribution], from none to beyond the best"
    )


class BandEntry(AnswerModel):
    """The best that can be done at one elasticity."""

    b: float
    contribution_today: float
    contribution_best: float
    gain_share: float = Field(description="Of the contribution today")
    value_of_hour: float
    reps_that_pay: float | None = None


class RepsThatPay(AnswerModel):
    """How many reps, from the value of an hour against its cost."""

    today: float = Field(description="Reps who have hours")
    hours_per_rep: float = Field(description="A year's, on average")
    cost_of_hour: float = Field(description="Of working time, and of the kilometres in it")
    reps: float = Field(description="As many as pay for themselves, within the limits of the units")
    low: float = Field(description="Least at b = 0.2, 0.3 and 0.4")
    high: float = Field(description="Most of these")
    is_at_limit: bool = Field(
        description="More would pay if units were allowed more than `most` times today's hours"
    )
    one_more_brings: float = Field(description="What one more rep would bring in a year")
    one_more_costs: float


class AllocationAnswer(Analysis):
    level: LevelName
    curve: CurveName
    b: float | None = Field(None, description="Missing: that of the value model, by segment")
    least: float
    most: float
    hours_today: float
    budget_hours: float
    unspent_hours: float = Field(description="For which no unit has use within its limits")
    contribution_today: float
    contribution_best: float
    bound: float = Field(
        description="No allocation within the limits brings more; above `contribution_best` only "
        "where answers make S-shaped curves"
    )
    gain: float
    gain_share: float = Field(description="Of the contribution today")
    value_of_hour: float = Field(description="What one more hour would bring, best used")
    loss_share_when_off: float = Field(
        description="Lost if every unit were a quarter off the best hours"
    )
    band: tuple[BandEntry, ...]
    reps: RepsThatPay | None = Field(None, description="Missing where nobody has hours")
    policy_version: Version
    unit_count: int
    units: tuple[UnitHours, ...]
    notes: tuple[str, ...] = Field(description="What was assumed or left out, in words")


class ResponseDecision(RequestModel):
    """What a manager expects of a unit; without the four answers the model's curve counts again."""

    level: LevelName
    unit_id: UnitId
    at_none: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="Sales next year without any effort, as a share of today's"
    )
    at_present: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="With today's hours"
    )
    at_half_more: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="With half as many hours again"
    )
    at_saturation: Annotated[float, Field(ge=0, le=100)] | None = Field(
        None, description="With as many hours as one likes"
    )
    reason: Reason

    @model_validator(mode="after")
    def _all_or_none(self) -> Self:
        missing = [name for name in Answers.model_fields if getattr(self, name) is None]
        if 0 < len(missing) < len(Answers.model_fields):
            raise PydanticCustomError(
                "keys_missing",
                "Give all four answers, or none of them to go back to the model's curve",
                {"keys": missing},
            )
        return self


class StoredResponse(AnswerModel):
    level: LevelName
    unit_id: str
    answers: Answers
    shape: float = Field(description="g of ADBUDG: above 1 the curve is S-shaped")
    half_point: float = Field(description="d of ADBUDG")
    elasticity: float = Field(description="At today's hours")


class ResponseAnswer(AnswerModel):
    """All answers that count, and how they came about."""

    version: Version
    items: tuple[StoredResponse, ...]
    versions: Versions
