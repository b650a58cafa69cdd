"""
ADBUDG: a response curve from four answers of a manager (Little 1970, Management Science 16(8)).

value = floor + (ceiling - floor) x**g / (d + x**g), with x the effort over today's effort. It is
S-shaped for g above 1: a little effort brings next to nothing there.
"""

import math
from dataclasses import dataclass

import numpy as np

from accounts.allocation.response_curves import Array, ResponseCurves, check_range
from accounts.errors import InvalidResponseError

HALF_MORE = 1.5
"""Effort of the third question, as a multiple of today's."""

HALVINGS = 60
"""Until the effort with a given slope is known to the last digit."""


@dataclass(frozen=True, slots=True)
class AdbudgAnswers:
    """
    What a unit would sell next period, in any unit of money or as a share of today.

    Parameters
    ----------
    at_none
        Without any effort.
    at_present
        With today's effort.
    at_half_more
        With one and a half times today's effort.
    at_saturation
        With as much effort as one likes.

    Raises
    ------
    InvalidResponseError
        When an answer is negative, or more effort would not sell more.
    """

    at_none: float
    at_present: float
    at_half_more: float
    at_saturation: float

    def __post_init__(self) -> None:
        answers = (self.at_none, self.at_present, self.at_half_more, self.at_saturation)
        if not all(math.isfinite(answer) and answer >= 0 for answer in answers):
            raise InvalidResponseError(
                f"The answers are {', '.join(map(str, answers))}; each must be a number and at "
                "least 0."
            )
        if not answers[0] < answers[1] < answers[2] < answers[3]:
            raise InvalidResponseError(
                f"The answers {', '.join(map(str, answers))} do not grow. Sales must rise from no "
                "effort to today's, to half as much again, to saturation."
            )

    @property
    def half_point(self) -> float:
        """d: the effort term at which half of what can be gained is gained."""
        return (self.at_saturation - self.at_present) / (self.at_present - self.at_none)

    @property
    def shape(self) -> float:
        """g: above 1 the curve is S-shaped."""
        gained = (self.at_half_more - self.at_none) / (self.at_saturation - self.at_half_more)
        return math.log(self.half_point * gained) / math.log(HALF_MORE)


@dataclass(frozen=True, slots=True, eq=False)
class AdbudgCurves(ResponseCurves):
    """
    ADBUDG curves of n units.

    Parameters
    ----------
    floor, ceiling
        (n,) value without effort, and with any amount of it.
    half_point, shape
        (n,) d and g, above 0.
    present_effort
        (n,) above 0: the effort that is x = 1.

    Raises
    ------
    InvalidResponseError
        When a parameter lies outside of that.
    """

    floor: Array
    ceiling: Array
    half_point: Array
    shape: Array
    present_effort: Array

    def __post_init__(self) -> None:
        check_range("Value without effort", self.floor, 0)
        check_range("Ceiling less floor", self.ceiling - self.floor, 0)
        check_range("Half point", self.half_point, 0, above=True)
        check_range("Shape", self.shape, 0, above=True)
        check_range("Present effort", self.present_effort, 0, above=True)

    @classmethod
    def of_answers(
        cls, answers: tuple[AdbudgAnswers, ...], scale: Array, present_effort: Array
    ) -> "AdbudgCurves":
        """
        Parameters
        ----------
        scale
            (n,) what an answer of 1 is worth: today's value where answers are shares of it.
        """
        return cls(
            floor=scale * np.array([answer.at_none for answer in answers]),
            ceiling=scale * np.array([answer.at_saturation for answer in answers]),
            half_point=np.array([answer.half_point for answer in answers]),
            shape=np.array([answer.shape for answer in answers]),
            present_effort=present_effort,
        )

    def __len__(self) -> int:
        return len(self.floor)

    def value(self, effort: Array) -> Array:
        powered = self._powered(effort)
        return np.asarray(self.floor + self._room * powered / (self.half_point + powered))

    def marginal(self, effort: Array) -> Array:
        x = effort / self.present_effort
        with np.errstate(divide="ignore"):
            rise = self.shape * self.half_point * x ** (self.shape - 1)
        slope = rise / (self.half_point + self._powered(effort)) ** 2 / self.present_effort
        return np.where(self._room == 0, 0.0, self._room * slope)

    def effort_at(self, price: float, least: Array, most: Array) -> Array:
        # Beyond its steepest point the curve is concave: the best effort is there, or none.
        low = np.clip(self.steepest, least, most)
        high = np.array(most, dtype=np.float64)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            is_worth_more = self.marginal(middle) > price
            low = np.where(is_worth_more, middle, low)
            high = np.where(is_worth_more, high, middle)
        best = (low + high) / 2
        gain = self.value(best) - self.value(least) - price * (best - least)
        return np.where(gain > 0, best, least)

    @property
    def steepest(self) -> Array:
        is_s_shaped = self.shape > 1
        shape = np.where(is_s_shaped, self.shape, 2.0)
        x = (self.half_point * (shape - 1) / (shape + 1)) ** (1 / shape)
        return np.where(is_s_shaped, x * self.present_effort, 0.0)

    @property
    def _room(self) -> Array:
        return self.ceiling - self.floor

    def _powered(self, effort: Array) -> Array:
        return np.asarray((effort / self.present_effort) ** self.shape)
