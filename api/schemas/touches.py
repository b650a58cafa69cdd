"""Touches: what they take, cost and bring, and what serving accounts costs."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.schemas.analysis import Analysis, Period, Reason, Version, Versions
from api.schemas.base import AnswerModel, DurationS, LocalDate, RequestModel

ChannelName = Literal["mail", "phone", "video", "field", "demo"]
RoleName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Rate = Annotated[float, Field(ge=0, le=10_000)]


class RoleShare(RequestModel):
    role: RoleName
    share: Share = Field(1.0, description="Of the time of the activity that it spends")


Team = Annotated[tuple[RoleShare, ...], Field(min_length=1, max_length=10)]


class ChannelSettings(RequestModel):
    """What one touch of a channel takes, costs and brings."""

    channel: ChannelName
    duration_s: DurationS | None = Field(
        None, description="With the account; missing: as long as a visit to it takes"
    )
    preparation_s: DurationS = Field(0, description="Before and after")
    effect_share: Annotated[float, Field(ge=0, le=100)] = Field(
        description="What it brings, as a share of what a visit brings; `field` is 1"
    )
    interval_days: Annotated[float, Field(ge=1, le=3650)] | None = Field(
        None,
        description="How often as a rule; missing: as the occasion arises. `field` goes by the "
        "visit interval of each account where this is missing",
    )
    expense: Rate = Field(0.0, description="Cost besides time: postage, material")
    support_share: Share = Field(0.0, description="Of its time that is customer support")
    team: Team


class RoleSettings(RequestModel):
    role: RoleName
    per_hour: Rate


class MaintenanceSettings(RequestModel):
    """Care for customers beside the touches."""

    base_s_per_year: DurationS = Field(0, description="For every customer")
    contact_s_per_year: DurationS = Field(0, description="For each contact beyond the first")
    order_s: DurationS = Field(0, description="For each order")
    extra_contact_share: Share = Field(
        0.0, description="How much longer a visit takes for each contact beyond the first"
    )
    support_share: Share = Field(1.0, description="Of its time that is customer support")
    team: Team


class WinningSettings(RequestModel):
    """What winning a prospect is taken to need where history says little."""

    touches: Annotated[float, Field(gt=0, le=1000)] = Field(description="Per prospect won")
    days: Annotated[float, Field(gt=0, le=10_000)] = Field(description="Per prospect won")
    strength_wins: Annotated[float, Field(gt=0, le=1000)] = Field(
        description="Number of wins at which history counts as much as this"
    )


class TouchPolicyBody(RequestModel):
    """All of it; nothing is taken over from the version before."""

    channels: Annotated[tuple[ChannelSettings, ...], Field(min_length=5, max_length=5)] = Field(
        description="Each of mail, phone, video, field, demo once, in this order"
    )
    roles: Annotated[tuple[RoleSettings, ...], Field(min_length=1, max_length=20)]
    maintenance: MaintenanceSettings
    winning: WinningSettings
    per_km: Rate
    overhead_share: Annotated[float, Field(ge=0, le=10)] = Field(
        description="On top of the cost of time"
    )


class TouchPolicyChange(TouchPolicyBody):
    reason: Reason


class RoleShareAnswer(AnswerModel):
    role: str
    share: float


class ChannelSettingsAnswer(AnswerModel):
    channel: ChannelName
    duration_s: int | None = None
    preparation_s: int
    effect_share: float
    interval_days: float | None = None
    expense: float
    support_share: float
    team: tuple[RoleShareAnswer, ...]


class RoleSettingsAnswer(AnswerModel):
    role: str
    per_hour: float


class MaintenanceSettingsAnswer(AnswerModel):
    base_s_per_year: int
    contact_s_per_year: int
    order_s: int
    extra_contact_share: float
    support_share: float
    team: tuple[RoleShareAnswer, ...]


class WinningSettingsAnswer(AnswerModel):
    touches: float
    days: float
    strength_wins: float


class TouchSettingsAnswer(AnswerModel):
    """As PUT takes it, without the reason."""

    channels: tuple[ChannelSettingsAnswer, ...]
    roles: tuple[RoleSettingsAnswer, ...]
    maintenance: MaintenanceSettingsAnswer
    winning: WinningSettingsAnswer
    per_km: float
    overhead_share: float


class TouchPolicyAnswer(AnswerModel):
    version: Version
    settings: TouchSettingsAnswer
    versions: Versions


class NextTouchAnswer(AnswerModel):
    """One more touch."""

    duration_s: int = Field(description="With preparation and, where there is one, the journey")
    cost: float = Field(description="Of the whole team, with overhead, kilometres and expenses")
    value: float = Field(description="Extra contribution that it brings")
    net: float = Field(description="Value less cost")


class ChannelFigures(AnswerModel):
    """One channel over the period."""

    channel: ChannelName
    touches: int
    mean_duration_s: int | None = Field(None, description="As noted; absent without a touch")
    hours: float = Field(description="Of everybody, with preparation and journeys")
    cost: float
    planned_hours_per_year: float = Field(
        description="That touches at their intervals would take, of the one who leads"
    )
    next: NextTouchAnswer = Field(description="One more, on average over the accounts")


class WinningAnswer(AnswerModel):
    """What it takes to win a prospect."""

    category: str | None = Field(None, description="By potential, see /market; absent: all")
    pursued: int = Field(description="Prospects whose pursuit lies within the history")
    won: int
    touches_per_win: float = Field(description="Those in vain included")
    days_per_win: float
    cost_per_win: float = Field(description="So many visits, at what one costs these prospects")
    basis: Literal["data", "prior"] = Field(
        description="`prior` where what is assumed counts for more than history"
    )
    median_touches: float | None = Field(None, description="Absent where fewer than half are won")
    median_days: float | None = None
    won_within_year_share: float
    won_within_year_low: float = Field(description="Limit of the 95 % interval")
    won_within_year_high: float
    not_won_share_by_touches: tuple[tuple[float, float], ...] = Field(
        description="[touches, share not won after so many], after Kaplan and Meier"
    )


class RoleFigures(AnswerModel):
    """What a role spent over the period."""

    role: str
    sales_hours: float
    support_hours: float
    cost: float = Field(description="With overhead")


class CostFigures(AnswerModel):
    """Of some accounts over the period."""

    segment: str | None = Field(None, description="Absent: all")
    account_count: int
    hours: float
    travel_hours: float
    maintenance_hours: float
    time_cost: float
    travel_cost: float
    expense_cost: float
    cost: float
    revenue: float
    contribution: float = Field(description="Margin of the revenue")
    contribution_after_cost: float
    cost_share: float | None = Field(None, description="Cost over revenue; absent without any")


class CostlyAccount(AnswerModel):
    account_id: str
    name: str
    segment: str
    revenue: float
    contribution: float
    cost: float
    contribution_after_cost: float


class TouchesAnswer(Analysis):
    period: Period
    version: Version
    settings: TouchSettingsAnswer
    versions: Versions
    channels: tuple[ChannelFigures, ...]
    winning: tuple[WinningAnswer, ...] = Field(description="All first, then by category")
    team: tuple[RoleFigures, ...]
    support_share: float = Field(description="Of all time that is customer support")
    maintenance_hours_per_customer: float = Field(description="In a year")
    total: CostFigures
    segments: tuple[CostFigures, ...]
    costly: tuple[CostlyAccount, ...] = Field(
        description="Accounts that cost more than they contribute, most first; at most 20"
    )
    costly_count: int = Field(description="How many there are")


class AccountChannel(AnswerModel):
    channel: ChannelName
    touches: int
    last: LocalDate | None = None
    next: NextTouchAnswer


class Pursuit(AnswerModel):
    """What it will take to win a prospect."""

    category: str
    touches_so_far: int
    touches_expected: float = Field(description="From now on; the past does not shorten it")
    days_expected: float
    cost_expected: float
    basis: Literal["data", "prior"]


class AccountTouches(Analysis):
    account_id: str
    name: str
    period: Period
    version: Version
    contacts: int
    visit_duration_s: int = Field(description="With the time that further contacts take")
    channels: tuple[AccountChannel, ...]
    best_channel: ChannelName | None = Field(
        None, description="Where the next touch brings most beyond its cost; absent: nowhere"
    )
    maintenance_hours: float
    total: CostFigures
    pursuit: Pursuit | None = Field(None, description="Only of accounts that never bought")
