"""What another engagement programme changes: who belongs where, how often each is visited."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from accounts.engagement import Programme, segment_like

Number = TypeVar("Number", np.float64, np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """
    How accounts are served, as columns; the present segments are those of the former programme.

    Parameters
    ----------
    account_id
        (n,) int64.
    segment
        (n,) int64, index into the programme.
    visit_interval_days
        (n,) float64.
    service_duration_s
        (n,) int64.
    has_own_interval, has_own_duration
        (n,) bool: a person or another system gave them.
    """

    account_id: NDArray[np.int64]
    segment: NDArray[np.int64]
    visit_interval_days: NDArray[np.float64]
    service_duration_s: NDArray[np.int64]
    has_own_interval: NDArray[np.bool_]
    has_own_duration: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ProgrammeChange:
    """
    Accounts as they will be, and what the change leaves alone.

    Parameters
    ----------
    after
        In the order of before.
    is_changed
        (n,) bool, whether any column is another one than before.
    is_moved
        (n,) bool, whether the account comes into a segment of another name.
    keeps_interval, keeps_duration
        (n,) bool: the rule changed, and the account keeps what it was given.
    """

    after: Served
    is_changed: NDArray[np.bool_]
    is_moved: NDArray[np.bool_]
    keeps_interval: NDArray[np.bool_]
    keeps_duration: NDArray[np.bool_]


def change_programme(
    served: Served,
    before: Programme,
    after: Programme,
    yearly_revenue_eur: NDArray[np.float64],
    *,
    moves_by_revenue: bool = True,
    keeps_own: bool = True,
) -> ProgrammeChange:
    """
    Put accounts into the segments of another programme, and give them its rules where they differ.

    An account whose revenue is known comes into the segment of that. Another one stays in the
    segment of the same name, or comes into the one that holds the lowest revenue of its own. Where
    the interval that its segment stands for is another one than before, it gets the new one; the
    same holds for the duration. What is the same in both rules stays as the account has it.

    Parameters
    ----------
    yearly_revenue_eur
        (n,) float64; NaN where it is not known.
    moves_by_revenue
        Otherwise everybody stays, as if no revenue were known.
    keeps_own
        Whether accounts with an interval or a duration of their own keep it. Otherwise they get
        that of the rule, and it is no longer their own.
    """
    like = np.array([segment_like(after, segment) for segment in before], dtype=np.int64)
    segment = like[served.segment]
    if moves_by_revenue:
        is_known = np.isfinite(yearly_revenue_eur)
        limits = np.array([one.revenue_from_eur for one in after[1:]], dtype=np.float64)
        of_revenue = np.searchsorted(limits, yearly_revenue_eur[is_known], side="right")
        segment[is_known] = of_revenue
    interval, has_own_interval, keeps_interval = _ruled(
        served.visit_interval_days,
        np.array([one.interval_days for one in before])[served.segment],
        np.array([one.interval_days for one in after])[segment],
        served.has_own_interval,
        keeps_own,
    )
    duration, has_own_duration, keeps_duration = _ruled(
        served.service_duration_s,
        np.array([one.service_duration_s for one in before])[served.segment],
        np.array([one.service_duration_s for one in after])[segment],
        served.has_own_duration,
        keeps_own,
    )
    changed = Served(
        served.account_id, segment, interval, duration, has_own_interval, has_own_duration
    )
    is_changed = np.zeros(len(segment), dtype=bool)
    for name in Served.__slots__:
        is_changed |= getattr(changed, name) != getattr(served, name)
    names_before = np.array([one.name for one in before])[served.segment]
    names_after = np.array([one.name for one in after])[segment]
    return ProgrammeChange(
        changed, is_changed, names_before != names_after, keeps_interval, keeps_duration
    )


def _ruled(
    value: NDArray[Number],
    rule_before: NDArray[Number],
    rule_after: NDArray[Number],
    is_own: NDArray[np.bool_],
    keeps_own: bool,
) -> tuple[NDArray[Number], NDArray[np.bool_], NDArray[np.bool_]]:
    """The column as it will be, what of it is the accounts' own then, and who keeps it."""
    has_other_rule = rule_before != rule_after
    keeps = has_other_rule & is_own & keeps_own
    gets = has_other_rule & ~keeps
    column: NDArray[Number] = np.where(gets, rule_after, value)
    return column, is_own & ~gets, keeps
