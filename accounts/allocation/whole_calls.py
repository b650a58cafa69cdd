"""
Sharing time among accounts in whole calls, whatever form their response has.

After Lodish (1971), CALLPLAN, Management Science 18(4): each account's value at 0, 1, 2, ... calls
is a table; calls are given by best marginal gain along the upper concave hull of the table. A plan
that ends on a point of the hull is optimal for the time it takes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accounts.errors import InvalidResponseError


@dataclass(frozen=True, slots=True, eq=False)
class WholeCalls:
    """
    Parameters
    ----------
    calls
        (n,) int64, of each account.
    value
        What all accounts bring together.
    bound
        No plan brings more in the time: the hull, followed to its end.
    largest_step
        What the best step of the hull brings that did not fit any more; 0 where all fitted. The
        plan is at most so far from the best one.
    """

    calls: NDArray[np.int64]
    value: float
    bound: float
    largest_step: float


def plan_whole_calls(
    value: NDArray[np.float64], budget: float, effort_per_call: ArrayLike = 1.0
) -> WholeCalls:
    """
    Give calls by best marginal gain for the time they take.

    O(n k log(n k)); accounts whose table is not concave take O(k) more each.

    Parameters
    ----------
    value
        (n, k + 1), what each account brings at 0 to k calls.
    effort_per_call
        (n,) or a number, above 0, in the unit of the budget.

    Raises
    ------
    InvalidResponseError
        When a value or the budget is no number, the budget is negative or a call takes no time.
    """
    n = len(value)
    effort = np.broadcast_to(np.asarray(effort_per_call, dtype=np.float64), n)
    _check(value, budget, effort)
    steps = _hull_steps(value, effort)
    calls = np.zeros(n, dtype=np.int64)
    left, bound, missed = float(budget), float(value[:, 0].sum()), 0.0
    for account, size, gain in steps:
        takes = size * effort[account]
        if takes > _with_rounding(left):
            bound += gain * max(left, 0.0) / takes
            missed = gain
            break
        calls[account] += size
        left -= takes
        bound += gain
    if missed:
        _fill(value, calls, left, effort)
    total = float(value[np.arange(n), calls].sum())
    return WholeCalls(calls, total, max(bound, total), missed)


def _fill(
    value: NDArray[np.float64],
    calls: NDArray[np.int64],
    left: float,
    effort: NDArray[np.float64],
) -> None:
    """Spend what is left, less than the next step of the hull takes, on the best that fits."""
    rows, most = np.arange(len(calls)), value.shape[1] - 1
    while True:
        best = (0.0, 0, 0)
        for more in range(1, min(most, int(_with_rounding(left) / effort.min())) + 1):
            then = np.minimum(calls + more, most)
            gain = (value[rows, then] - value[rows, calls]) / (more * effort)
            gain[(calls + more > most) | (more * effort > _with_rounding(left))] = 0.0
            account = int(np.argmax(gain))
            if gain[account] > best[0]:
                best = (float(gain[account]), account, more)
        if best[0] <= 0:
            return
        _, account, more = best
        calls[account] += more
        left -= more * effort[account]


def _with_rounding(left: float) -> float:
    """So that rounding does not keep out the last call that fits exactly."""
    return left * (1 + 1e-12) + 1e-12


def _hull_steps(
    value: NDArray[np.float64], effort: NDArray[np.float64]
) -> list[tuple[int, int, float]]:
    """Account, calls and gain of each rising step of the hulls, the best for its time first."""
    rises = np.diff(value, axis=1)
    is_concave = np.all(np.diff(rises, axis=1) <= 0, axis=1)
    accounts, sizes, gains = [], [], []
    rows, columns = np.nonzero((rises > 0) & is_concave[:, None])
    accounts.append(rows)
    sizes.append(np.ones(len(rows), dtype=np.int64))
    gains.append(rises[rows, columns])
    for row in np.flatnonzero(~is_concave):
        steps = _pooled(rises[row])
        accounts.append(np.full(len(steps), row))
        sizes.append(np.array([size for size, _ in steps], dtype=np.int64))
        gains.append(np.array([gain for _, gain in steps], dtype=np.float64))
    account = np.concatenate(accounts)
    size, gain = np.concatenate(sizes), np.concatenate(gains)
    # Stable, so that the steps of an account stay in their order where they gain alike.
    order = np.argsort(-gain / (size * effort[account]), kind="stable")
    return list(
        zip(account[order].tolist(), size[order].tolist(), gain[order].tolist(), strict=True)
    )


def _pooled(rises: NDArray[np.float64]) -> list[tuple[int, float]]:
    """Rises joined until their slopes fall: the upper concave hull, as far as it rises."""
    steps: list[tuple[int, float]] = []
    for rise in rises.tolist():
        size, gain = 1, rise
        while steps and steps[-1][1] * size <= gain * steps[-1][0]:
            before = steps.pop()
            size, gain = size + before[0], gain + before[1]
        steps.append((size, gain))
    return [step for step in steps if step[1] > 0]


def _check(value: NDArray[np.float64], budget: float, effort: NDArray[np.float64]) -> None:
    if value.ndim != 2 or value.shape[1] < 1 or not np.isfinite(value).all():
        raise InvalidResponseError(
            "Values at whole calls must be numbers, a row for each account and a column for each "
            "count from 0 on."
        )
    if not np.isfinite(budget) or budget < 0:
        raise InvalidResponseError(f"The budget is {budget}; it must be a number and at least 0.")
    if not (np.isfinite(effort) & (effort > 0)).all():
        raise InvalidResponseError("A call takes no time; give each account's above 0.")
