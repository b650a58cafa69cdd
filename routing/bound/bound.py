"""What is known about the best plan there can be."""

from dataclasses import dataclass
from math import floor, isfinite

from routing.problem import Problem
from routing.solution import Solution

REQUIRED = "required"
"""In `Bound.relaxed`: the bound also holds for plans that leave out required clients."""

ROUNDING_CENTS = 1e-3
"""How much real-valued sums and ties between labels may be off by, with 1e-9 of the sum."""

ROUNDING_OF_PLAN_CENTS = 1.0
"""How much more `Solution.value_cents` may be than the plan is worth: half a cent of hours and half
a cent of kilometres."""


@dataclass(frozen=True, slots=True)
class Bound:
    """
    An upper bound on the value of every plan, proven so far.

    Parameters
    ----------
    upper_bound_cents
        On the scale of `Solution.value_cents`, not above the direct trip. None where nothing is
        proven.
    is_converged
        Whether more rounds would prove no more.
    relaxed
        Rules that the plans bounded need not keep: none, or `REQUIRED`. Where it is kept, plans
        that leave out a required client are not bounded; they are worse by definition.
    best
        A plan better than the one given, found on the way; None where there is none.
    iterations, columns, labels
        Rounds of pricing, routes kept, partial routes looked at.
    stopped_by
        `optimal` where a plan reaches the bound, `converged` where more rounds would prove no more,
        `label_limit` where that is so only for want of labels, `numerical_trouble` where the linear
        program got lost (what was proven before stays so), or the `reason` of the stop criterion.
        Empty while it goes on.
    """

    upper_bound_cents: int | None
    is_converged: bool = False
    relaxed: tuple[str, ...] = ()
    best: Solution | None = None
    iterations: int = 0
    columns: int = 0
    labels: int = 0
    stopped_by: str = ""


def gap(value_cents: int, upper_bound_cents: int | None) -> float | None:
    """
    How far at most a plan is from the best one, as a share of the upper bound.

    Both are counted above the direct trip, so that a plan without visits is worth 0. None where
    nothing is proven or the plan is worth less than the direct trip; 0 where both are 0.
    """
    if upper_bound_cents is None or value_cents < 0 or upper_bound_cents < value_cents:
        return None
    return (upper_bound_cents - value_cents) / upper_bound_cents if upper_bound_cents else 0.0


def proven_cents(problem: Problem, real: float) -> int | None:
    """
    The bound in whole cents that a bound on real-valued plans proves.

    `Solution.value_cents` rounds hours and kilometres to cents, each by at most half a cent in
    favour of the plan.
    """
    if not isfinite(real):
        return None
    rounded = 0.5 * (problem.hour_rate_cents > 0) + 0.5 * (problem.km_rate_cents > 0)
    return floor(real + rounded + ROUNDING_CENTS + 1e-9 * abs(real))
