"""
What a manager sees of an allocation: where effort is, where it should move, and how sure that is.

The optimum depends on an elasticity that nobody knows well, while the value near it hardly depends
on the effort: a band of efforts is shown, not a point (Albers, Mantrala and Sridhar 2010 find
elasticities of 0.2 to 0.4; a quarter off the optimum costs little).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from accounts.allocation.factor import allocation_factor, allocation_index, damped_step
from accounts.allocation.optimum import Allocation, allocate
from accounts.allocation.response_curves import Array, ResponseCurves

BAND_ELASTICITIES = (0.2, 0.3, 0.4)

OFF_SHARE = 0.25
"""How far from the optimum the loss is told for."""


@dataclass(frozen=True, slots=True, eq=False)
class BandPoint:
    """The curves at one elasticity, and the best along them."""

    elasticity: float
    curves: ResponseCurves
    best: Allocation


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """
    Arrays are (u,), of each unit.

    Parameters
    ----------
    curves
        Those that all but the band is computed with.
    today, value, elasticity, marginal
        Effort, what it brings, and what a percent and a unit more of it would bring.
    factor, index
        Share of the effort that each unit should have, and that over the share it has; NaN where
        there is nothing to compare.
    best
        The optimum.
    band_low, band_high
        The optima at `BAND_ELASTICITIES`, the least and the most.
    next_step
        Half of the way to the factor, as far as the limits allow: what is safe where the curve is
        not known.
    band
        In the order of `BAND_ELASTICITIES`.
    """

    curves: ResponseCurves
    today: Array
    value: Array
    elasticity: Array
    marginal: Array
    factor: Array
    index: Array
    best: Allocation
    band_low: Array
    band_high: Array
    next_step: Array
    band: tuple[BandPoint, ...]

    @property
    def loss_when_off(self) -> float:
        """Share of the best value lost when every other unit gets a quarter more, the rest less."""
        off = np.where(np.arange(len(self.today)) % 2 == 0, 1 + OFF_SHARE, 1 - OFF_SHARE)
        effort = self.best.effort * off
        if effort.sum() <= 0 or self.best.value <= 0:
            return 0.0
        effort *= self.best.effort.sum() / effort.sum()
        return max(1 - float(self.curves.value(effort).sum()) / self.best.value, 0.0)


def allocation_window(
    curves_of: Callable[[float | None], ResponseCurves],
    elasticity: float | None,
    today: Array,
    budget: float,
    least: Array,
    most: Array,
) -> Window:
    """
    Parameters
    ----------
    curves_of
        Makes the curves for one elasticity, or for those that were fitted (None).
    elasticity
        The one to compute with.
    least, most
        (u,) limits of the effort.

    Raises
    ------
    InvalidResponseError
        When the budget does not suffice for the least of all.
    """
    curves = curves_of(elasticity)
    band = []
    for b in BAND_ELASTICITIES:
        at_b = curves_of(b)
        band.append(BandPoint(b, at_b, allocate(at_b, budget, least, most)))
    optima = np.array([point.best.effort for point in band])
    value, percent = curves.value(today), curves.elasticity(today)
    factor = allocation_factor(value, percent)
    return Window(
        curves=curves,
        today=today,
        value=value,
        elasticity=percent,
        marginal=curves.marginal(today),
        factor=factor,
        index=allocation_index(curves, today),
        best=allocate(curves, budget, least, most),
        band_low=optima.min(axis=0),
        band_high=optima.max(axis=0),
        next_step=_within(damped_step(today, factor), least, most),
        band=tuple(band),
    )


def _within(effort: Array, least: Array, most: Array) -> Array:
    """Effort cut to its limits; what that frees or takes is spread in proportion."""
    total = float(effort.sum())
    if not float(least.sum()) < total < float(most.sum()):
        return np.clip(effort, least, most)
    low, high = 0.0, 1.0
    while float(np.clip(high * effort, least, most).sum()) < total and high < 1e12:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        if float(np.clip(middle * effort, least, most).sum()) < total:
            low = middle
        else:
            high = middle
    return np.clip(high * effort, least, most)
