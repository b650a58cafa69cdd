"""
The engagement programme: which segment is served through which channel, and when a visit is due.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from accounts.account import NEVER_VISITED

DUE_FROM = 0.7
"""Share of the visit interval after which an account counts as due."""


class Channel(StrEnum):
    """Who serves an account."""

    FIELD = "field"
    KEY_ACCOUNT = "key_account"


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
    visit_interval_days, service_duration_s
        What a new account of this segment starts with.
    """

    name: str
    revenue_from_eur: float
    channel: Channel
    visit_interval_days: int
    service_duration_s: int


PROGRAMME = (
    Segment("zero", 0.0, Channel.FIELD, 365, 30 * 60),
    Segment("up_to_10k", 1.0, Channel.FIELD, 150, 30 * 60),
    Segment("10k_100k", 10_000.0, Channel.FIELD, 75, 40 * 60),
    Segment("100k_1m", 100_000.0, Channel.FIELD, 42, 45 * 60),
    Segment("1m_5m", 1_000_000.0, Channel.KEY_ACCOUNT, 28, 75 * 60),
    Segment("above_5m", 5_000_000.0, Channel.KEY_ACCOUNT, 14, 90 * 60),
)
"""Segments by yearly revenue, ascending; `AccountTable.segment` points into it. The largest
accounts belong to key account managers: a field trip that meets one would be dictated by it."""


def due_ratio(
    last_visit_day: NDArray[np.int64], today_day: int, visit_interval_days: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Days since the last visit over the interval, (n,); NaN where there was no visit."""
    ratio = (today_day - last_visit_day) / visit_interval_days
    return np.where(last_visit_day == NEVER_VISITED, np.nan, ratio)


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
