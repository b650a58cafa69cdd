"""
Which way effort should move, where only today's point of the curves is known.

After Albers (1998), zfbf 50(3), 211-235. A share of effort equal to the share of value x elasticity
is the optimum's own condition, so the factor tells the direction. Following it step by step
converges for power curves, but swings on curves that saturate and may end below an equal split;
half steps do not. Where the curve is known, `accounts.allocation.optimum` solves exactly instead.
"""

import numpy as np
from numpy.typing import NDArray

from accounts.allocation.response_curves import Array, ResponseCurves
from accounts.errors import InvalidResponseError

DAMPING = 0.5
"""Part of the way to the factor that a step goes."""


def allocation_factor(value: Array, elasticity: Array) -> Array:
    """
    Share of the effort that each unit should have, (n,): value x elasticity over the sum of all.

    Where nothing responds at all, the shares are equal.
    """
    weight = value * elasticity
    total = float(weight.sum())
    return weight / total if total > 0 else np.full(len(weight), 1 / max(len(weight), 1))


def allocation_index(curves: ResponseCurves, effort: Array) -> Array:
    """
    Allocation factor over the share of effort, (n,): above 1 under-served, below 1 over-served.

    It is the marginal value of the unit over the mean of all, weighted by effort, which is how a
    unit without effort gets one too. Where no effort brings anything, or its first bit brings
    infinitely much, the index is NaN: there is nothing to compare.
    """
    marginal = curves.marginal(effort)
    has_effort = effort > 0
    weighted = float((marginal[has_effort] * effort[has_effort]).sum())
    mean = weighted / float(effort.sum()) if has_effort.any() else 0.0
    if mean <= 0:
        return np.full(len(effort), np.nan)
    return np.where(np.isfinite(marginal), marginal / mean, np.nan)


def damped_step(effort: Array, factor: Array, damping: float = DAMPING) -> Array:
    """
    Effort after one step towards the factor, (n,); the sum stays.

    Raises
    ------
    InvalidResponseError
        When the damping is not above 0 and at most 1.
    """
    if not 0 < damping <= 1:
        raise InvalidResponseError(f"Damping is {damping}; it must be above 0 and at most 1.")
    return np.asarray((1 - damping) * effort + damping * factor * effort.sum())


def follow_factor(
    curves: ResponseCurves, effort: Array, rounds: int, damping: float = DAMPING
) -> NDArray[np.float64]:
    """Effort after each of some rounds of stepping and looking again, (rounds, n)."""
    steps = []
    for _ in range(rounds):
        factor = allocation_factor(curves.value(effort), curves.elasticity(effort))
        effort = damped_step(effort, factor, damping)
        steps.append(effort)
    return np.array(steps)
