"""
The engagement programme: which segment is served through which channel, and when a visit is due.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from accounts.account import NEVER_VISITED
from accounts.errors import InvalidProgrammeError

DUE_FROM = 0.7
"""Share of the visit interval after which an account counts as due."""

NO_VISITS_DAYS = 36_525.0
"""Stands in columns of intervals for "no visits": a hundred years. It is finite, so that no
quotient and no product of intervals needs a case of its own."""

LONGEST_INTERVAL_DAYS = 3650
MOST_SEGMENTS = 12


class Channel(StrEnum):
    """
    Who serves an account.

    `field`: the representative. `key_account`: a manager of its own. `inside_sales`: from a desk.
    `respond_only`: whoever answers when it calls.
    """

    FIELD = "field"
    KEY_ACCOUNT = "key_account"
    INSIDE_SALES = "inside_sales"
    RESPOND_ONLY = "respond_only"


class CallChannel(StrEnum):
    """How an account is talked to between visits."""

    PHONE = "phone"
    VIDEO = "video"
    MAIL = "mail"


class DueState(StrEnum):
    """What the map shows: not due, due, overdue."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


DUE_STATES = tuple(DueState)


@dataclass(frozen=True, slots=True)
class Segment:
    """
    Accounts of one size, served alike.

    Parameters
    ----------
    name
        Shown to users and used in requests.
    revenue_from_eur
        Yearly revenue from which an account belongs here, up to the next segment.
    channel
        Accounts whose channel is not the field are left to others when a trip is planned.
    visit_interval_days
        What a new account of this segment starts with; None: it is not visited.
    service_duration_s
        What a new account of this segment starts with.
    call_channel, call_interval_days
        How and how often it is talked to between visits; None, both: not at all.
    has_field_visits
        Whether field trips visit it although somebody else serves it, as inside sales do who do
        not travel. Of accounts that the field serves it is true.
    description
        What is promised to these accounts, for people.

    Raises
    ------
    InvalidProgrammeError
        When the name cannot be used, or a number is out of its range.
    """

    name: str
    revenue_from_eur: float
    channel: Channel
    visit_interval_days: float | None
    service_duration_s: int
    call_channel: CallChannel | None = None
    call_interval_days: float | None = None
    has_field_visits: bool = False
    description: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,39}", self.name):
            raise InvalidProgrammeError(
                "name",
                f"{self.name[:60]!r} is no name of a segment. Write up to 40 small letters, digits "
                "and underscores, as in 10k_100k.",
            )
        if not 0 <= self.revenue_from_eur <= 1e12:
            raise InvalidProgrammeError(
                "revenue_from",
                f"Segment {self.name} begins at a revenue of {self.revenue_from_eur}; give a "
                "number from 0 to 1e12.",
            )
        for key, days in (
            ("visit_interval_days", self.visit_interval_days),
            ("call_interval_days", self.call_interval_days),
        ):
            if days is not None and not 1 <= days <= LONGEST_INTERVAL_DAYS:
                raise InvalidProgrammeError(
                    key,
                    f"Segment {self.name} has an interval of {days} days; give 1 to "
                    f"{LONGEST_INTERVAL_DAYS}, or null for none.",
                )
        if (self.call_channel is None) != (self.call_interval_days is None):
            raise InvalidProgrammeError(
                "call_interval_days",
                f"Segment {self.name} has a channel of calls or an interval of them, but not both. "
                "Give both or none.",
            )
        if not 0 <= self.service_duration_s <= 86_400:
            raise InvalidProgrammeError(
                "service_duration_s",
                f"Segment {self.name} has visits of {self.service_duration_s} s; give 0 to 86400.",
            )

    @property
    def interval_days(self) -> float:
        """As columns have it: `NO_VISITS_DAYS` where it is not visited."""
        days = self.visit_interval_days
        return NO_VISITS_DAYS if days is None else float(days)

    @property
    def is_visited_by_field(self) -> bool:
        """Whether a field trip may choose accounts of this segment."""
        return self.channel is Channel.FIELD or self.has_field_visits


Programme = tuple[Segment, ...]
"""Segments by yearly revenue, ascending; `AccountTable.segment` points into it."""


def checked_programme(segments: Sequence[Segment]) -> Programme:
    """
    Raises
    ------
    InvalidProgrammeError
        When there is no segment or too many, a name comes twice, the first does not begin at
        nothing, or limits do not rise.
    """
    if not 1 <= len(segments) <= MOST_SEGMENTS:
        raise InvalidProgrammeError(
            "", f"A programme has 1 to {MOST_SEGMENTS} segments; this one has {len(segments)}."
        )
    for k, segment in enumerate(segments):
        if segment.name in {one.name for one in segments[:k]}:
            raise InvalidProgrammeError(
                "name", f"There are two segments {segment.name}. Name each once.", k
            )
        if k == 0 and segment.revenue_from_eur != 0:
            raise InvalidProgrammeError(
                "revenue_from",
                f"The first segment begins at {segment.revenue_from_eur:,.2f}. Let it begin at 0, "
                "so that every account belongs somewhere.",
                k,
            )
        if k and segment.revenue_from_eur <= segments[k - 1].revenue_from_eur:
            raise InvalidProgrammeError(
                "revenue_from",
                f"Segment {segment.name} begins at {segment.revenue_from_eur:,.2f}, which is not "
                f"above {segments[k - 1].name}. Give segments by rising revenue.",
                k,
            )
    return tuple(segments)


def segment_of_revenue(programme: Programme, revenue_eur: float) -> int:
    """Index of the segment to which a yearly revenue belongs; less than nothing counts as 0."""
    limits = [segment.revenue_from_eur for segment in programme[1:]]
    return int(np.searchsorted(limits, revenue_eur, side="right")) if limits else 0


def segment_like(programme: Programme, segment: Segment) -> int:
    """Index of the segment of the same name, or else of the one that holds its lowest revenue."""
    names = [one.name for one in programme]
    if segment.name in names:
        return names.index(segment.name)
    return segment_of_revenue(programme, segment.revenue_from_eur)


PROGRAMME: Programme = (
    Segment("zero", 0.0, Channel.FIELD, 365, 30 * 60),
    Segment("up_to_10k", 1.0, Channel.FIELD, 150, 30 * 60),
    Segment("10k_100k", 10_000.0, Channel.FIELD, 75, 40 * 60),
    Segment("100k_1m", 100_000.0, Channel.FIELD, 42, 45 * 60),
    Segment("1m_5m", 1_000_000.0, Channel.KEY_ACCOUNT, 28, 75 * 60),
    Segment("above_5m", 5_000_000.0, Channel.KEY_ACCOUNT, 14, 90 * 60),
)
"""What a data set starts with. The largest accounts belong to key account managers: a field trip
that meets one would be dictated by it."""


FOUNDING_PROGRAMME: Programme = (
    Segment(
        "zero",
        0.0,
        Channel.RESPOND_ONLY,
        None,
        30 * 60,
        description="Discontinued: whoever calls is answered.",
    ),
    Segment(
        "up_to_10k",
        1.0,
        Channel.RESPOND_ONLY,
        None,
        30 * 60,
        description="Respond only: no calls and no visits of our own accord.",
    ),
    Segment(
        "10k_100k",
        10_000.0,
        Channel.INSIDE_SALES,
        365,
        40 * 60,
        CallChannel.MAIL,
        91,
        has_field_visits=True,
        description="Inside sales: an e-mail every quarter, at most one visit a year.",
    ),
    Segment(
        "100k_1m",
        100_000.0,
        Channel.INSIDE_SALES,
        182,
        45 * 60,
        CallChannel.PHONE,
        30,
        has_field_visits=True,
        description="Inside sales: a call every month, visits at least twice a year.",
    ),
    Segment(
        "1m_5m",
        1_000_000.0,
        Channel.KEY_ACCOUNT,
        30,
        75 * 60,
        description="A sales manager of its own, who meets it every month.",
    ),
    Segment(
        "above_5m",
        5_000_000.0,
        Channel.KEY_ACCOUNT,
        30,
        90 * 60,
        CallChannel.VIDEO,
        14,
        description="An account plan, with an update every two weeks.",
    ),
)
"""Six steps of service by revenue: a template that moves effort from small to large accounts."""


def due_ratio(
    last_visit_day: NDArray[np.int64], today_day: int, visit_interval_days: NDArray[np.float64]
) -> NDArray[np.float64]:
    """
    Days since the last visit over the interval, (n,); NaN where there was no visit.

    Of accounts that are not visited it is 0: a visit is never due. An interval of less than a day,
    which nobody can mean, counts as one day.
    """
    ratio = (today_day - last_visit_day) / np.maximum(visit_interval_days, 1.0)
    ratio = np.where(last_visit_day == NEVER_VISITED, np.nan, ratio)
    return np.where(visit_interval_days >= NO_VISITS_DAYS, 0.0, ratio)


def due_factor(ratio: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Factor on the visit value, (n,): 0 while not due, 1 when the interval is over, at most 1.5.

    It rises from 0 at `DUE_FROM` to 1, then by half of the delay. An account that was never
    visited gets 1.
    """
    rising = (ratio - DUE_FROM) / (1 - DUE_FROM)
    overdue = 1 + np.minimum(0.5 * (ratio - 1), 0.5)
    factor = np.where(ratio < DUE_FROM, 0.0, np.where(ratio < 1, rising, overdue))
    return np.where(np.isnan(ratio), 1.0, factor)


def due_state(ratio: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Index into `DUE_STATES`, (n,). Never visited counts as due, not as overdue."""
    state = np.where(ratio < DUE_FROM, 0, np.where(ratio < 1, 1, 2))
    return np.where(np.isnan(ratio), 1, state).astype(np.uint8)
