"""
Touches: what a mail, a call, a video call, a visit and a demo take, cost and bring.

The visit in the field is the measure: what other touches bring is said as a share of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from accounts.errors import InvalidAccountsError


class TouchChannel(StrEnum):
    """How an account is touched; the cheapest first."""

    MAIL = "mail"
    PHONE = "phone"
    VIDEO = "video"
    FIELD = "field"
    DEMO = "demo"


TOUCH_CHANNELS = tuple(TouchChannel)

USUAL_DURATION_S: Mapping[TouchChannel, int | None] = {
    TouchChannel.MAIL: 0,
    TouchChannel.PHONE: 600,
    TouchChannel.VIDEO: 1800,
    TouchChannel.FIELD: None,
    TouchChannel.DEMO: 7200,
}
"""Time with the account where nobody says more; None: as long as a visit to it takes."""


@dataclass(frozen=True, slots=True)
class Role:
    """
    A role in the team that sells.

    Parameters
    ----------
    name
        Used in requests.
    hour_rate_eur
        What an hour costs.

    Raises
    ------
    InvalidAccountsError
        When the rate is negative.
    """

    name: str
    hour_rate_eur: float

    def __post_init__(self) -> None:
        if not self.hour_rate_eur >= 0:
            raise InvalidAccountsError(
                f"An hour of {self.name} costs {self.hour_rate_eur}; it must be at least 0."
            )


@dataclass(frozen=True, slots=True)
class Activity:
    """
    Something that is done for an account, by one or several roles at once.

    Parameters
    ----------
    duration_s
        Time with the account; None: as long as a visit to it takes.
    preparation_s
        Before and after.
    team
        By role, the share of that time it spends; two at a demo are 1.0 each.
    support_share
        Of the time that is customer support, the rest being direct sales.
    expense_eur
        What it costs besides time.

    Raises
    ------
    InvalidAccountsError
        When a duration or cost is negative or a share outside 0 to 1.
    """

    duration_s: int | None
    preparation_s: int
    team: Mapping[str, float]
    support_share: float = 0.0
    expense_eur: float = 0.0

    def __post_init__(self) -> None:
        for what, value in (
            ("Duration", self.duration_s or 0),
            ("Preparation", self.preparation_s),
            ("Expense", self.expense_eur),
        ):
            if not value >= 0:
                raise InvalidAccountsError(f"{what} is {value}; it must be at least 0.")
        for role, share in (*self.team.items(), ("support", self.support_share)):
            if not 0 <= share <= 1:
                raise InvalidAccountsError(f"Share of {role} is {share}; it must lie in 0 to 1.")

    def time_s(self, visit_s: float) -> float:
        """Time of everybody who takes part in full, at an account whose visits take `visit_s`."""
        return (visit_s if self.duration_s is None else self.duration_s) + self.preparation_s


@dataclass(frozen=True, slots=True)
class TouchType:
    """
    One channel.

    Parameters
    ----------
    activity
        What it takes.
    effect_share
        What it brings, as a share of what a visit brings: 1 for the visit itself.
    interval_days
        How often an account is touched so as a rule; None: as the occasion arises. Visits go by
        the visit interval of each account.

    Raises
    ------
    InvalidAccountsError
        When the effect is negative or the interval not positive.
    """

    channel: TouchChannel
    activity: Activity
    effect_share: float
    interval_days: float | None = None

    def __post_init__(self) -> None:
        if not self.effect_share >= 0:
            raise InvalidAccountsError(
                f"Effect of {self.channel} is {self.effect_share} of a visit's; it must be at "
                "least 0."
            )
        if self.channel is TouchChannel.FIELD and self.effect_share != 1:
            raise InvalidAccountsError(
                f"Effect of a visit is {self.effect_share}, but visits are the measure. Leave it "
                "at 1 and change the others."
            )
        if self.interval_days is not None and not self.interval_days > 0:
            raise InvalidAccountsError(
                f"Interval of {self.channel} is {self.interval_days} days; it must be positive."
            )

    @property
    def needs_journey(self) -> bool:
        return self.channel in (TouchChannel.FIELD, TouchChannel.DEMO)


@dataclass(frozen=True, slots=True)
class Maintenance:
    """
    Care for customers beside the touches, per year.

    Parameters
    ----------
    base_s
        For every account that buys.
    per_contact_s
        For each person known there beyond the first: several contacts want to be kept up.
    per_order_s
        For each order: questions, deliveries, complaints.
    team
        By role, the share of that time it spends.
    support_share
        Of the time that is customer support.
    extra_contact_share
        How much longer a visit takes for each contact beyond the first.

    Raises
    ------
    InvalidAccountsError
        When a time is negative or a share outside 0 to 1.
    """

    base_s: int
    per_contact_s: int
    per_order_s: int
    team: Mapping[str, float]
    support_share: float = 1.0
    extra_contact_share: float = 0.0

    def __post_init__(self) -> None:
        Activity(0, self.base_s, self.team, self.support_share)
        Activity(self.per_contact_s, self.per_order_s, {}, self.extra_contact_share)


@dataclass(frozen=True, slots=True)
class WinningPrior:
    """
    What winning a prospect is taken to need where history says little.

    Parameters
    ----------
    touches, days
        Per prospect won, those spent in vain included.
    strength_wins
        Number of wins at which history and this count the same.

    Raises
    ------
    InvalidAccountsError
        When one is not positive.
    """

    touches: float
    days: float
    strength_wins: float

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not getattr(self, name) > 0:
                raise InvalidAccountsError(
                    f"Prior {name} is {getattr(self, name)}; it must be positive."
                )


@dataclass(frozen=True, slots=True)
class TouchSettings:
    """
    All that managers say of touches and what they cost.

    Parameters
    ----------
    types
        One for each channel, in the order of `TOUCH_CHANNELS`.
    km_rate_eur
        What a kilometre costs.
    overhead_share
        On top of the cost of time: office, management, systems.

    Raises
    ------
    InvalidAccountsError
        When a channel is missing, a role unknown, or a number out of range.
    """

    types: tuple[TouchType, ...]
    roles: tuple[Role, ...]
    maintenance: Maintenance
    winning: WinningPrior
    km_rate_eur: float
    overhead_share: float

    def __post_init__(self) -> None:
        if tuple(one.channel for one in self.types) != TOUCH_CHANNELS:
            raise InvalidAccountsError(
                f"Say something of each channel once, in this order: {', '.join(TOUCH_CHANNELS)}."
            )
        names = [role.name for role in self.roles]
        if len(set(names)) < len(names):
            raise InvalidAccountsError("Two roles have the same name. Give each its own.")
        for team in (*(one.activity.team for one in self.types), self.maintenance.team):
            unknown = sorted(set(team) - set(names))
            if unknown:
                raise InvalidAccountsError(
                    f"There is no role {unknown[0]!r}; there are {', '.join(names)}."
                )
        for name in ("km_rate_eur", "overhead_share"):
            if not getattr(self, name) >= 0:
                raise InvalidAccountsError(
                    f"{name} is {getattr(self, name)}; it must be at least 0."
                )

    def type_of(self, channel: TouchChannel) -> TouchType:
        return self.types[TOUCH_CHANNELS.index(channel)]

    def team_rate_eur(self, team: Mapping[str, float]) -> float:
        """What an hour of a team costs, overhead included."""
        rates = {role.name: role.hour_rate_eur for role in self.roles}
        together = sum(rates[role] * share for role, share in team.items())
        return together * (1 + self.overhead_share)


def default_settings(hour_rate_eur: float, km_rate_eur: float) -> TouchSettings:
    """
    What counts until managers say otherwise.

    Durations, effects and the prior are assumptions, not findings; `docs/touches.md` says so. The
    field sales rep and the kilometre cost what plans count for them.
    """
    field, inside = {"field_sales": 1.0}, {"inside_sales": 1.0}
    both = {"field_sales": 1.0, "specialist": 1.0}

    def touch(
        channel: TouchChannel,
        preparation_s: int,
        team: Mapping[str, float],
        effect_share: float,
        support_share: float = 0.0,
        expense_eur: float = 0.0,
    ) -> TouchType:
        duration_s = USUAL_DURATION_S[channel]
        activity = Activity(duration_s, preparation_s, team, support_share, expense_eur)
        return TouchType(channel, activity, effect_share)

    return TouchSettings(
        types=(
            touch(TouchChannel.MAIL, 300, inside, 0.05),
            touch(TouchChannel.PHONE, 300, inside, 0.25, support_share=0.2),
            touch(TouchChannel.VIDEO, 600, inside, 0.5, support_share=0.1),
            touch(TouchChannel.FIELD, 900, field, 1.0, support_share=0.2),
            touch(TouchChannel.DEMO, 3600, both, 2.0, expense_eur=40.0),
        ),
        roles=(
            Role("field_sales", hour_rate_eur),
            Role("inside_sales", 35.0),
            Role("specialist", 60.0),
            Role("customer_support", 30.0),
        ),
        maintenance=Maintenance(
            base_s=3600,
            per_contact_s=1800,
            per_order_s=600,
            team={"customer_support": 0.7, "inside_sales": 0.3},
            support_share=0.8,
            extra_contact_share=0.1,
        ),
        winning=WinningPrior(touches=6.0, days=270.0, strength_wins=5.0),
        km_rate_eur=km_rate_eur,
        overhead_share=0.2,
    )
