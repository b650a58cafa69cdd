"""How many reps: as long as one more hour brings more than it costs."""

from dataclasses import dataclass

import numpy as np

from accounts.allocation.optimum import Allocation, allocate
from accounts.allocation.response_curves import Array, ResponseCurves
from accounts.errors import InvalidResponseError


@dataclass(frozen=True, slots=True)
class RepCount:
    """
    Parameters
    ----------
    reps
        As many as pay for themselves, parts of one included.
    hours
        Their hours.
    is_at_limit
        Some unit would pay for more than its limit, so that more reps may pay than that.
    one_more_brings, one_more_costs
        What one rep more than the budget would bring, best shared, and cost.
    """

    reps: float
    hours: float
    is_at_limit: bool
    one_more_brings: float
    one_more_costs: float


def reps_that_pay(
    curves: ResponseCurves,
    cost_of_hour: float,
    hours_per_rep: float,
    budget: float,
    best: Allocation,
    least: Array,
    most: Array,
) -> RepCount:
    """
    Every unit gets hours until the next one brings less than its cost.

    Parameters
    ----------
    budget, best
        Hours of all, and how they are best shared.
    least, most
        (u,) limits of each unit's hours: far from today a curve is a guess.

    Raises
    ------
    InvalidResponseError
        When an hour costs nothing, or a rep has none.
    """
    if not (np.isfinite(cost_of_hour) and cost_of_hour > 0):
        raise InvalidResponseError(
            f"An hour costs {cost_of_hour}; give a cost above 0 to see how many are worth it."
        )
    if not (np.isfinite(hours_per_rep) and hours_per_rep > 0):
        raise InvalidResponseError(f"A rep has {hours_per_rep} hours; there must be some.")
    wanted = curves.effort_at(cost_of_hour, least, most)
    is_stopped = (wanted >= most) & (curves.marginal(wanted) > cost_of_hour)
    hours = float(wanted.sum())
    more = allocate(curves, budget + hours_per_rep, least, most)
    return RepCount(
        reps=hours / hours_per_rep,
        hours=hours,
        is_at_limit=bool(is_stopped.any()),
        one_more_brings=more.value - best.value,
        one_more_costs=cost_of_hour * hours_per_rep,
    )
