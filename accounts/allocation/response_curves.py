"""
Response of many units to effort, as the allocation of effort needs it.

A unit is whatever effort is shared among: a rep, a region, a segment, an account. Effort is in any
one unit (hours, say) and value in any other (sales, or their contribution).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.errors import InvalidResponseError

Array = NDArray[np.float64]


class ResponseCurves(ABC):
    """Response curves of n units; none of them falls. All arrays are (n,) float64."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def value(self, effort: Array) -> Array:
        """What the units bring at an effort."""

    @abstractmethod
    def marginal(self, effort: Array) -> Array:
        """What a bit more effort brings, per unit of effort; infinite where a curve is upright."""

    @abstractmethod
    def effort_at(self, price: float, least: Array, most: Array) -> Array:
        """
        Effort from `least` to `most` that is best for each unit if effort has a price above 0.

        It maximises value(x) - price x over the whole range, and so never falls with a falling
        price; a curve that is not concave jumps.
        """

    @property
    def steepest(self) -> Array:
        """Effort from which on a curve is concave, (n,); 0 where it is so from the start."""
        return np.zeros(len(self))

    def elasticity(self, effort: Array) -> Array:
        """Percent of value for one percent of effort; 0 where there is no value or no effort."""
        value = self.value(effort)
        moved = np.where(effort > 0, effort, 1.0)
        of_one = np.where(effort > 0, self.marginal(moved) * effort, 0.0)
        return np.asarray(np.divide(of_one, value, out=np.zeros_like(value), where=value > 0))


@dataclass(frozen=True, slots=True, eq=False)
class PowerCurves(ResponseCurves):
    """
    value = scale x**elasticity: nothing without effort.

    Parameters
    ----------
    scale
        (n,) at least 0.
    power
        (n,) from 0 up to below 1.

    Raises
    ------
    InvalidResponseError
        When a parameter lies outside of that.
    """

    scale: Array
    power: Array

    def __post_init__(self) -> None:
        check_range("Scale", self.scale, 0)
        check_elasticity(self.power)

    def __len__(self) -> int:
        return len(self.scale)

    def value(self, effort: Array) -> Array:
        return np.asarray(self.scale * effort**self.power)

    def marginal(self, effort: Array) -> Array:
        with np.errstate(divide="ignore"):
            slope = np.where(self._is_flat, 0.0, effort ** (self.power - 1))
        return np.where(self._is_flat, 0.0, self.scale * self.power * slope)

    def effort_at(self, price: float, least: Array, most: Array) -> Array:
        with np.errstate(over="ignore"):
            best = (self.power * self.scale / price) ** (1 / (1 - self.power))
        return np.clip(np.where(self._is_flat, 0.0, best), least, most)

    @property
    def _is_flat(self) -> NDArray[np.bool_]:
        return np.asarray((self.scale == 0) | (self.power == 0))


@dataclass(frozen=True, slots=True, eq=False)
class VisitCurves(ResponseCurves):
    """
    value = base (1 + x / effort_per_visit)**elasticity: a base even without visits.

    Parameters
    ----------
    base
        (n,) at least 0.
    power
        (n,) from 0 up to below 1.
    effort_per_visit
        (n,) above 0: effort of one visit in each period of the response, such as the hours a year
        that a visit a month takes.

    Raises
    ------
    InvalidResponseError
        When a parameter lies outside of that.
    """

    base: Array
    power: Array
    effort_per_visit: Array

    def __post_init__(self) -> None:
        check_range("Base", self.base, 0)
        check_elasticity(self.power)
        check_range("Effort of a visit", self.effort_per_visit, 0, above=True)

    def __len__(self) -> int:
        return len(self.base)

    def value(self, effort: Array) -> Array:
        return np.asarray(self.base * (1 + effort / self.effort_per_visit) ** self.power)

    def marginal(self, effort: Array) -> Array:
        slope = (1 + effort / self.effort_per_visit) ** (self.power - 1)
        return np.asarray(self.base * self.power / self.effort_per_visit * slope)

    def effort_at(self, price: float, least: Array, most: Array) -> Array:
        first = self.base * self.power / self.effort_per_visit
        with np.errstate(over="ignore"):
            visits = (first / price) ** (1 / (1 - self.power)) - 1
        return np.clip(self.effort_per_visit * visits, least, most)


@dataclass(frozen=True, slots=True, eq=False)
class ExponentialCurves(ResponseCurves):
    """
    value = floor + (ceiling - floor) (1 - exp(-rate x)): the modified exponential, which saturates.

    Parameters
    ----------
    floor, ceiling
        (n,) value without effort, at least 0, and with any amount of it, at least the floor.
    rate
        (n,) above 0, per unit of effort.

    Raises
    ------
    InvalidResponseError
        When a parameter lies outside of that.
    """

    floor: Array
    ceiling: Array
    rate: Array

    def __post_init__(self) -> None:
        check_range("Value without effort", self.floor, 0)
        check_range("Ceiling less floor", self.ceiling - self.floor, 0)
        check_range("Rate", self.rate, 0, above=True)

    def __len__(self) -> int:
        return len(self.floor)

    def value(self, effort: Array) -> Array:
        return np.asarray(self.floor - self._room * np.expm1(-self.rate * effort))

    def marginal(self, effort: Array) -> Array:
        return np.asarray(self._room * self.rate * np.exp(-self.rate * effort))

    def effort_at(self, price: float, least: Array, most: Array) -> Array:
        first = np.maximum(self._room * self.rate, np.finfo(float).tiny)
        return np.clip(np.log(first / price) / self.rate, least, most)

    @property
    def _room(self) -> Array:
        return self.ceiling - self.floor


@dataclass(frozen=True, slots=True, eq=False)
class ReplacedCurves(ResponseCurves):
    """
    Curves of which some are replaced by those of another form.

    Parameters
    ----------
    usual
        Of all units.
    rows
        (m,) units whose curve is another one, each once.
    others
        The m other curves.

    Raises
    ------
    InvalidResponseError
        When rows and other curves differ in number, or a row is named twice or does not exist.
    """

    usual: ResponseCurves
    rows: NDArray[np.intp]
    others: ResponseCurves

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.others):
            raise InvalidResponseError(
                f"{len(self.rows)} units are to get {len(self.others)} other curves."
            )
        if not set(self.rows.tolist()) <= set(range(len(self))):
            raise InvalidResponseError(f"A unit to be replaced is none of the {len(self)}.")
        if len(set(self.rows.tolist())) < len(self.rows):
            raise InvalidResponseError("A unit gets two other curves.")

    def __len__(self) -> int:
        return len(self.usual)

    def value(self, effort: Array) -> Array:
        return self._with(self.usual.value(effort), self.others.value(effort[self.rows]))

    def marginal(self, effort: Array) -> Array:
        return self._with(self.usual.marginal(effort), self.others.marginal(effort[self.rows]))

    def effort_at(self, price: float, least: Array, most: Array) -> Array:
        return self._with(
            self.usual.effort_at(price, least, most),
            self.others.effort_at(price, least[self.rows], most[self.rows]),
        )

    @property
    def steepest(self) -> Array:
        return self._with(self.usual.steepest, self.others.steepest)

    def _with(self, usual: Array, others: Array) -> Array:
        column = np.array(usual)
        column[self.rows] = others
        return column


def check_range(what: str, values: Array, least: float, above: bool = False) -> None:
    """
    Raises
    ------
    InvalidResponseError
        When a value is not finite, or below `least`, or at it where it must be above.
    """
    is_low = values <= least if above else values < least
    is_wrong = ~np.isfinite(values) | is_low
    if is_wrong.any():
        must = "above" if above else "at least"
        raise InvalidResponseError(
            f"{what} is {values[is_wrong][0]} for unit {np.flatnonzero(is_wrong)[0]}; it must be "
            f"finite and {must} {least:g}."
        )


def check_elasticity(power: Array) -> None:
    """
    Raises
    ------
    InvalidResponseError
        When returns would not diminish.
    """
    is_wrong = ~((power >= 0) & (power < 1))
    if is_wrong.any():
        raise InvalidResponseError(
            f"Elasticity is {power[is_wrong][0]} for unit {np.flatnonzero(is_wrong)[0]}; it must "
            "be at least 0 and below 1."
        )
