"""
How many touches and how long it takes to win a prospect, from a history that breaks off today.

Prospects that have not bought yet may still do so: they are censored, and leaving them out would
make winning look quick and sure.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidAccountsError
from accounts.touches.settings import WinningPrior


@dataclass(frozen=True, slots=True, eq=False)
class Survival:
    """
    Share of prospects that is not won yet, a step function.

    Parameters
    ----------
    at
        (k,) float64, ascending: touches or days at which somebody was won.
    share
        (k,) float64, not won after it.
    standard_error
        (k,) float64, after Greenwood (1926).
    """

    at: NDArray[np.float64]
    share: NDArray[np.float64]
    standard_error: NDArray[np.float64]

    @property
    def median(self) -> float | None:
        """Where half are won; None where fewer are."""
        below = np.flatnonzero(self.share <= 0.5)
        return float(self.at[below[0]]) if len(below) else None

    def won_share(self, until: float) -> tuple[float, float, float]:
        """Won up to there, with the limits of a 95 % interval."""
        last = int(np.searchsorted(self.at, until, side="right")) - 1
        if last < 0:
            return 0.0, 0.0, 0.0
        won = 1 - float(self.share[last])
        half = 1.96 * float(self.standard_error[last])
        return won, max(0.0, won - half), min(1.0, won + half)


def kaplan_meier(duration: NDArray[np.float64], is_won: NDArray[np.bool_]) -> Survival:
    """
    Estimate after Kaplan and Meier (1958).

    Parameters
    ----------
    duration
        (n,) up to the win, or up to today. Who is censored at the moment of a win counts as
        still there.
    is_won
        (n,) bool.
    """
    at, events = np.unique(duration[is_won], return_counts=True)
    ordered = np.sort(duration)
    at_risk = len(duration) - np.searchsorted(ordered, at, side="left")
    share = np.cumprod(1 - events / at_risk, dtype=np.float64)
    # Where all that were left are won, the sum has no end but the share is 0, and so is its error.
    left = at_risk - events
    terms = np.where(left > 0, events / (at_risk * np.maximum(left, 1)), 0.0)
    error = share * np.sqrt(np.cumsum(terms))
    return Survival(at.astype(np.float64), share, error)


@dataclass(frozen=True, slots=True, eq=False)
class Pursuits:
    """
    Prospects that somebody tried to win; one row each.

    Parameters
    ----------
    touches
        (n,) float64, up to the first order, or up to today.
    days
        (n,) float64, from the first touch on.
    is_won
        (n,) bool.
    """

    touches: NDArray[np.float64]
    days: NDArray[np.float64]
    is_won: NDArray[np.bool_]

    def of(self, rows: NDArray[np.bool_]) -> "Pursuits":
        return Pursuits(self.touches[rows], self.days[rows], self.is_won[rows])


@dataclass(frozen=True, slots=True)
class Winning:
    """
    What it takes to win a prospect of one class.

    Parameters
    ----------
    pursued, won
        How many prospects history knows of, and how many of them became customers.
    touches_per_win, days_per_win
        Spent for each one won, those in vain included; drawn to the prior where few were won.
    basis
        `data` where history counts for more than the prior, else `prior`.
    median_touches, median_days
        Where half are won; None where fewer than half are.
    won_share, won_share_low, won_share_high
        Won within `horizon_days`, and the 95 % interval.
    by_touches
        Share not won after so many touches.
    """

    pursued: int
    won: int
    touches_per_win: float
    days_per_win: float
    basis: str
    median_touches: float | None
    median_days: float | None
    won_share: float
    won_share_low: float
    won_share_high: float
    by_touches: Survival


def winning(pursuits: Pursuits, prior: WinningPrior, horizon_days: float = 365.0) -> Winning:
    """
    What history says, shrunk to what is assumed.

    Touches per win = (touches + k x prior) / (wins + k), and days alike: the chance of a win at
    each touch is gamma distributed with the prior as its mean and as much weight as k wins.

    Raises
    ------
    InvalidAccountsError
        When a duration is negative or no number.
    """
    for name in ("touches", "days"):
        values = getattr(pursuits, name)
        if not (np.isfinite(values) & (values >= 0)).all():
            raise InvalidAccountsError(f"The {name} of a pursuit must be numbers of at least 0.")
    won, k = int(pursuits.is_won.sum()), prior.strength_wins
    by_touches = kaplan_meier(pursuits.touches, pursuits.is_won)
    by_days = kaplan_meier(pursuits.days, pursuits.is_won)
    share, low, high = by_days.won_share(horizon_days)
    return Winning(
        pursued=len(pursuits.is_won),
        won=won,
        touches_per_win=(float(pursuits.touches.sum()) + k * prior.touches) / (won + k),
        days_per_win=(float(pursuits.days.sum()) + k * prior.days) / (won + k),
        basis="data" if won > k else "prior",
        median_touches=by_touches.median,
        median_days=by_days.median,
        won_share=share,
        won_share_low=low,
        won_share_high=high,
        by_touches=by_touches,
    )


def find_pursuits(
    account: NDArray[np.int64],
    day: NDArray[np.int64],
    first_order_day: NDArray[np.int64],
    never: int,
    begin_day: int,
    today_day: int,
) -> tuple[NDArray[np.int64], Pursuits]:
    """
    Prospects that were pursued, from all touches of the history.

    Only accounts whose first touch lies at or after `begin_day` and before any order count: of
    the others nobody knows what came before the history. Touches on the day of the first order
    count, later ones belong to a customer.

    Parameters
    ----------
    account, day
        (v,) int64, row and day of each touch.
    first_order_day
        (n,) int64, or `never`.

    Returns
    -------
    (m,) int64
        Rows of the accounts.
    Pursuits
        Theirs.
    """
    n = len(first_order_day)
    is_won = first_order_day != never
    end_day = np.where(is_won, first_order_day, today_day)
    first_touch = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(first_touch, account, day)
    counted = day <= end_day[account]
    touches = np.bincount(account[counted], minlength=n)
    rows = np.flatnonzero((first_touch >= begin_day) & (first_touch <= end_day) & (touches > 0))
    return rows, Pursuits(
        touches[rows].astype(np.float64),
        (end_day[rows] - first_touch[rows]).astype(np.float64),
        is_won[rows],
    )
