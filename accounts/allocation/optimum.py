"""
Sharing effort among units so that it brings most: exact where the curves are known.

Maximises the sum of value_i(x_i) with the sum of x_i at the budget and each x_i within its limits.
At the optimum one more bit of effort brings the same everywhere that a limit does not stop it; that
is the price of effort, found by halving. Curves need not be concave: each unit then takes the best
of its whole range at the price, which is the upper concave hull without ever building it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from accounts.allocation.grid import best_on_grid
from accounts.allocation.response_curves import Array, ResponseCurves
from accounts.errors import InvalidResponseError

HALVINGS = 200
"""Most halvings of the price; a double has no more digits."""

RELATIVE_JUMP = 1e-7
"""Part of the budget beyond which a change between two neighbouring prices is a jump of a curve."""


GRID_UNITS = 200
"""Most units for which a jump is settled on a grid, a tenth of a second for all of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """
    Parameters
    ----------
    effort
        (n,) of each unit.
    price
        What one more unit of effort would bring: the value of one more hour.
    value
        What all units bring together.
    bound
        No allocation brings more. It is the value itself where curves are concave.
    unspent
        Effort for which there is no use: every unit is at its limit, or no curve rises.
    """

    effort: Array
    price: float
    value: float
    bound: float
    unspent: float = 0.0


def allocate(
    curves: ResponseCurves, budget: float, least: ArrayLike = 0.0, most: ArrayLike = np.inf
) -> Allocation:
    """
    The best allocation of a budget.

    Exact for concave curves. Where curves are S-shaped it is within one step of the hull: only one
    unit may be caught between no effort and the effort from which its curve pays. Up to
    `GRID_UNITS` units are then looked through on a grid too, and what is best there is polished.

    Parameters
    ----------
    least, most
        (n,) or numbers: limits of each unit's effort.

    Raises
    ------
    InvalidResponseError
        When the budget is not finite or does not suffice for the least of all.
    """
    n = len(curves)
    low = np.broadcast_to(np.asarray(least, dtype=np.float64), n)
    limit = np.broadcast_to(np.asarray(most, dtype=np.float64), n)
    _check(budget, low, limit)
    spare = budget - float(low.sum())
    # Nobody can have more than all that is left, which keeps everything finite.
    high = np.minimum(limit, low + spare)
    if n == 0 or spare <= 0:
        return _allocation(curves, low, limit, budget)
    if float(high.sum()) <= budget:
        return _allocation(curves, high, limit, budget)
    prices = _prices(curves, budget, low, high)
    if prices is None:
        effort = curves.effort_at(np.finfo(float).tiny, low, high)
        return _allocation(curves, effort, limit, budget)
    dear, cheap = prices
    little, much = curves.effort_at(dear, low, high), curves.effort_at(cheap, low, high)
    if float((much - little).sum()) > RELATIVE_JUMP * budget and (curves.steepest > low).any():
        effort = _past_jump(curves, budget, low, high, little, much)
    else:
        effort = _between(little, much, budget)
    # By weak duality the price bounds every allocation.
    bound = float(curves.value(much).sum()) + cheap * (budget - float(much.sum()))
    return _allocation(curves, effort, limit, budget, bound)


def _prices(
    curves: ResponseCurves, budget: float, low: Array, high: Array
) -> tuple[float, float] | None:
    """
    Two neighbouring prices: at the first at most the budget is wanted, at the second at least.

    None where even the lowest price does not use up the budget.
    """

    def wanted(price: float) -> float:
        return float(curves.effort_at(price, low, high).sum())

    smallest, largest = np.finfo(float).tiny, np.finfo(float).max
    start = float(np.median(_finite(curves.marginal(high))))
    dear = cheap = min(max(start, smallest), largest)
    factor = 2.0
    while wanted(dear) > budget and dear < largest:
        dear = min(dear * factor, largest)
        factor = min(factor * factor, 1e9)
    factor = 2.0
    while wanted(cheap) < budget:
        if cheap <= smallest:
            return None
        cheap = max(cheap / factor, smallest)
        factor = min(factor * factor, 1e9)
    for _ in range(HALVINGS):
        middle = float(np.sqrt(dear) * np.sqrt(cheap))
        if not cheap < middle < dear:
            break
        if wanted(middle) > budget:
            cheap = middle
        else:
            dear = middle
    return dear, cheap


def _between(little: Array, much: Array, budget: float) -> Array:
    """Effort that adds up to the budget, between that of two neighbouring prices."""
    jump = float((much - little).sum())
    share = (budget - float(little.sum())) / jump if jump > 0 else 0.0
    return np.asarray(little + share * (much - little))


def _past_jump(
    curves: ResponseCurves, budget: float, low: Array, high: Array, little: Array, much: Array
) -> Array:
    """
    Where curves jump from little to much at the price, and the budget lies between.

    Units jump one after the other while the budget holds, the smallest jump first. The next one
    keeps the little, or gets the much at the expense of the others, or what is left over;
    whichever brings most.
    """
    jumps = much - little
    jumpers = np.flatnonzero(jumps > RELATIVE_JUMP * budget)
    jumpers = jumpers[np.argsort(jumps[jumpers], kind="stable")]
    left = budget - float(little.sum())
    fits = int(np.searchsorted(np.cumsum(jumps[jumpers]), left, side="right"))
    effort = little.copy()
    effort[jumpers[:fits]] = much[jumpers[:fits]]
    if fits == len(jumpers):
        return effort
    caught = jumpers[fits]
    leftover = effort.copy()
    leftover[caught] = min(effort[caught] + budget - float(effort.sum()), high[caught])
    choices = [leftover]
    for given in (little[caught], much[caught]):
        fixed = effort.copy()
        fixed[caught] = given
        choices += _polished(curves, budget, low, high, fixed, np.arange(len(effort)) == caught)
    if len(curves) <= GRID_UNITS:
        found = best_on_grid(curves, budget, low, high)
        choices.append(found)
        choices += _polished(curves, budget, low, high, found, np.zeros(len(found), dtype=bool))
    feasible = [one for one in choices if abs(float(one.sum()) - budget) <= 1e-9 * budget]
    return max(feasible or choices, key=lambda choice: float(curves.value(choice).sum()))


def _polished(
    curves: ResponseCurves,
    budget: float,
    low: Array,
    high: Array,
    effort: Array,
    is_fixed: NDArray[np.bool_],
) -> list[Array]:
    """
    The best effort with every unit on its side of its steepest point, if the budget allows it.

    Beyond it the curve is concave; before it, effort stays as it is.
    """
    is_concave = curves.steepest <= low
    is_up = effort > curves.steepest
    stays = is_fixed | ~(is_up | is_concave)
    floor = np.where(stays, effort, np.maximum(low, curves.steepest * ~is_concave))
    ceiling = np.where(stays, effort, high)
    if not float(floor.sum()) <= budget <= float(ceiling.sum()):
        return []
    prices = _prices(curves, budget, floor, ceiling)
    if prices is None:
        return []
    little, much = (curves.effort_at(price, floor, ceiling) for price in prices)
    return [_between(little, much, budget)]


def _allocation(
    curves: ResponseCurves, effort: Array, limit: Array, budget: float, bound: float | None = None
) -> Allocation:
    value = float(curves.value(effort).sum())
    unspent = max(budget - float(effort.sum()), 0.0)
    if unspent <= 1e-12 * budget:
        unspent = 0.0
    # Not the price that was searched for: where one unit takes all, a range of prices fits.
    marginal = curves.marginal(effort)[effort < limit]
    price = float(np.max(marginal[np.isfinite(marginal)], initial=0.0))
    return Allocation(effort, price, value, max(value, bound or value), unspent)


def _finite(marginal: Array) -> Array:
    found = marginal[np.isfinite(marginal) & (marginal > 0)]
    return found if len(found) else np.ones(1)


def _check(budget: float, low: Array, most: Array) -> None:
    if not np.isfinite(budget) or budget < 0:
        raise InvalidResponseError(f"The budget is {budget}; it must be a number and at least 0.")
    if not (np.isfinite(low) & (low >= 0)).all() or np.isnan(most).any():
        raise InvalidResponseError("A least effort is negative or no number, or a most is none.")
    if (low > most).any():
        raise InvalidResponseError("A unit's least effort is more than its most. Swap them.")
    if float(low.sum()) > budget * (1 + 1e-12):
        raise InvalidResponseError(
            f"The units need {low.sum():g} at least, more than the budget of {budget:g}. Lower "
            "the least effort or raise the budget."
        )
