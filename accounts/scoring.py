"""The prize of a visit now, with the parts it is made of, so that a rep can argue with it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.engagement import due_factor, due_ratio, due_state
from accounts.rules import Rules
from accounts.visit_value import Worth, visits_per_month


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """
    What a visit to each account is worth on one day.

    Parameters
    ----------
    visit_value_cents
        (n,) int64, extra contribution of one more visit.
    due_ratio
        (n,) float64, days since the last visit over the interval; NaN where there was none.
    due_factor
        (n,) float64.
    due_state
        (n,) uint8, index into `DUE_STATES`.
    prize_cents
        (n,) int64, visit value times due factor, and what special situations make of it: what the
        planner collects.
    priority
        (n,) int64, 0 to 100, percentile rank of the prize. For display; never planned with.
    is_field
        (n,) bool, whether field trips may visit the account.
    """

    visit_value_cents: NDArray[np.int64]
    due_ratio: NDArray[np.float64]
    due_factor: NDArray[np.float64]
    due_state: NDArray[np.uint8]
    prize_cents: NDArray[np.int64]
    priority: NDArray[np.int64]
    is_field: NDArray[np.bool_]


def score(table: AccountTable, today_day: int, worth: Worth, rules: Rules) -> Scores:
    """
    Score every account for a visit on one day, given in days since 1970-01-01.

    prize = visit value x due factor x factor + extra, the last two from special situations.
    O(n log n) for the ranks.
    """
    value_eur = worth.visit_value_eur(visits_per_month(table))
    ratio = due_ratio(
        table.last_visit_day, today_day, table.visit_interval_days * rules.interval_stretch
    )
    factor = due_factor(ratio)
    prize_cents = np.rint(100 * value_eur * factor * rules.prize_factor).astype(np.int64)
    prize_cents += rules.prize_extra_cents
    return Scores(
        visit_value_cents=np.rint(100 * value_eur).astype(np.int64),
        due_ratio=ratio,
        due_factor=factor,
        due_state=due_state(ratio),
        prize_cents=prize_cents,
        priority=percentile_rank(prize_cents),
        is_field=rules.is_field,
    )


def percentile_rank(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Share of the others that are smaller, in percent, (n,) int64; equal values rank alike."""
    if len(values) < 2:
        return np.full(len(values), 100, dtype=np.int64)
    smaller = np.searchsorted(np.sort(values), values, side="left")
    return np.rint(100 * smaller / (len(values) - 1)).astype(np.int64)
