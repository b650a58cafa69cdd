"""What a change of cadence, channel or owner is worth before it is made."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.schemas.analysis import ScopeQuery
from api.schemas.base import AnswerModel, Id, LocalDate, RequestModel, Text

MOST_IMPROVEMENTS = 10
MOST_ACCOUNTS = 2_000

ServedBy = Literal["field", "inside_sales", "respond_only"]
CallName = Literal["phone", "video", "mail"]
IntervalDays = Annotated[float, Field(ge=1, le=3650)]


class Scope(ScopeQuery):
    """All accounts of a rep, a segment or a region, or of what is given of these together."""


class Improvement(RequestModel):
    """
    One change for some accounts.

    Either `account_ids` or `scope` says which; of the rest at least one says what changes.
    """

    label: Text | None = None
    account_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_ACCOUNTS)] | None = (
        None
    )
    scope: Scope | None = None
    visit_interval_days: IntervalDays | None = Field(None, description="Between visits")
    visit_interval_factor: Annotated[float, Field(ge=0.1, le=10)] | None = Field(
        None, description="On the interval that each account has; 0.5 doubles the visits"
    )
    channel: ServedBy | None = Field(
        None,
        description="Who serves them. Inside sales do not travel: visits end unless an interval "
        "is given, and calls begin",
    )
    call_channel: CallName | None = Field(None, description="With inside_sales by default phone")
    call_interval_days: IntervalDays | None = Field(
        None, description="Between calls; with inside_sales by default 30"
    )
    rep_id: Id | None = Field(None, description="Who owns them then")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.account_ids is None) == (self.scope is None):
            kind = "keys_missing" if self.scope is None else "keys_contradict"
            raise PydanticCustomError(kind, "Give account_ids or scope", {"keys": ["account_ids"]})
        if self.scope is not None and not self.scope.model_dump(exclude_none=True):
            raise PydanticCustomError(
                "keys_missing", "Say which accounts are meant", {"keys": ["scope"]}
            )
        interval = (self.visit_interval_days, self.visit_interval_factor)
        calls = (self.call_channel, self.call_interval_days)
        if all(one is None for one in (*interval, *calls, self.channel, self.rep_id)):
            raise PydanticCustomError(
                "keys_missing", "Say what changes", {"keys": ["visit_interval_days"]}
            )
        if None not in interval:
            raise PydanticCustomError(
                "keys_contradict",
                "Give an interval or a factor on it",
                {"keys": ["visit_interval_factor"]},
            )
        if self.channel == "respond_only":
            for key in (
                "visit_interval_days",
                "visit_interval_factor",
                "call_channel",
                "call_interval_days",
            ):
                if getattr(self, key) is not None:
                    raise PydanticCustomError(
                        "keys_contradict",
                        "Who is only answered is neither visited nor called",
                        {"keys": [key]},
                    )
        if self.channel != "inside_sales" and (calls[0] is None) != (calls[1] is None):
            key = "call_channel" if calls[0] is None else "call_interval_days"
            raise PydanticCustomError(
                "keys_missing", "Say through which channel and how often", {"keys": [key]}
            )
        return self


class ImprovementsRequest(RequestModel):
    improvements: Annotated[
        tuple[Improvement, ...], Field(min_length=1, max_length=MOST_IMPROVEMENTS)
    ] = Field(description="Each for itself, as if the others were not made")


class YearAnswer(AnswerModel):
    """A year of some accounts."""

    visits: float
    other_touches: float
    hours: float = Field(description="Of everybody who takes part, journeys included")
    travel_h: float
    travel_km: float
    sales: float
    contribution: float
    cost: float = Field(description="Of hours with overhead, kilometres and expenses")
    net: float = Field(description="Contribution less cost")


class DisplacedAnswer(AnswerModel):
    """What becomes of the other accounts of the reps concerned."""

    account_count: int = Field(
        description="Other accounts whose visits, or the way to them, change"
    )
    visits: float
    contribution: float
    cost: float
    net: float


class RepTime(AnswerModel):
    """The time of a rep in a week, before and after."""

    rep_id: str
    rep: str
    capacity_h: float = Field(description="In the field")
    load_before_h: float = Field(description="That the visit intervals ask for")
    load_after_h: float
    stretch_before: float = Field(
        description="Factor on all intervals of the rep where the work exceeds the time"
    )
    stretch_after: float


class AtElasticity(AnswerModel):
    elasticity: float
    worth: float


class ImprovementAnswer(AnswerModel):
    label: str | None = None
    account_count: int
    without_position_count: int = Field(
        description="Accounts whose position nobody knows: their way is a guess"
    )
    worth: float = Field(
        description="Money a year: the net of these accounts after less before, and what it "
        "displaces or frees"
    )
    worth_at: tuple[AtElasticity, ...] = Field(
        description="The same if all accounts responded to visits so, and bought today what they do"
    )
    before: YearAnswer
    after: YearAnswer
    displaced: DisplacedAnswer
    reps: tuple[RepTime, ...] = Field(description="Reps whose work changes")


class ImprovementsAnswer(AnswerModel):
    as_of: LocalDate
    data_version: str
    currency: str
    items: tuple[ImprovementAnswer, ...] = Field(description="In the order of the request")
