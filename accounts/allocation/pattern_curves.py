"""Response of groups of accounts whose visits all become more or fewer by the same factor."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from accounts.allocation.response_curves import Array, ResponseCurves, check_elasticity, check_range
from accounts.errors import InvalidResponseError

GRID = np.concatenate(([0.0], np.geomspace(1e-3, 1e5, 161)))
"""Factors on the pattern at which marginal values are tabulated, to start the search from."""

NEWTON_STEPS = 5
"""From the grid, 12 % apart; each step doubles the digits that are right."""


@dataclass(frozen=True, slots=True, eq=False)
class PatternCurves(ResponseCurves):
    """
    value = sum over the accounts of base (1 + k n)**elasticity, k = effort / effort of the pattern.

    The pattern is how often each account is visited, n; the effort for it is done k times over. A
    group's accounts so keep their order among each other, which is how a rep with more hours would
    begin. Convex from nowhere: each term is concave.

    Parameters
    ----------
    group
        (r,) row of the group that each account belongs to.
    base
        (r,) value without visits, at least 0.
    visits
        (r,) n, visits in each period of the response, at least 0.
    power
        (r,) elasticity, from 0 up to below 1.
    pattern_effort
        (n,) effort of each group's pattern, above 0.

    Raises
    ------
    InvalidResponseError
        When a parameter lies outside of that.
    """

    group: NDArray[np.intp]
    base: Array
    visits: Array
    power: Array
    pattern_effort: Array
    _marginals: Array = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_range("Base", self.base, 0)
        check_range("Visits", self.visits, 0)
        check_elasticity(self.power)
        check_range("Effort of the pattern", self.pattern_effort, 0, above=True)
        if len(self.group) and not 0 <= self.group.min() <= self.group.max() < len(self):
            raise InvalidResponseError(f"An account is in no group; there are {len(self)}.")
        self._join_alike()
        table = np.array([self._slopes(np.full(len(self), k))[0] for k in GRID])
        object.__setattr__(self, "_marginals", table)

    def _join_alike(self) -> None:
        """Accounts of a group that are visited alike become one: visits are few whole numbers."""
        keys = np.column_stack((self.group, self.visits, self.power))
        alike, row = np.unique(keys, axis=0, return_inverse=True)
        base = np.bincount(row.ravel(), self.base, minlength=len(alike))
        object.__setattr__(self, "group", alike[:, 0].astype(np.intp))
        object.__setattr__(self, "visits", alike[:, 1])
        object.__setattr__(self, "power", alike[:, 2])
        object.__setattr__(self, "base", base)

    def __len__(self) -> int:
        return len(self.pattern_effort)

    def value(self, effort: Array) -> Array:
        k = (effort / self.pattern_effort)[self.group]
        return self._sums(self.base * (1 + k * self.visits) ** self.power)

    def marginal(self, effort: Array) -> Array:
        return self._slopes(effort / self.pattern_effort)[0] / self.pattern_effort

    def effort_at(self, price: float, least: Array, most: Array) -> Array:
        wanted = price * self.pattern_effort
        # Slopes fall along the grid: the last factor whose slope is still above the price.
        above = np.count_nonzero(self._marginals > wanted, axis=0)
        k = GRID[np.maximum(above - 1, 0)]
        for _ in range(NEWTON_STEPS):
            # A slope is convex in the factor, so that steps from below never go too far.
            slope, bend = self._slopes(k)
            step = np.divide(slope - wanted, -bend, out=np.zeros_like(k), where=bend < 0)
            k = k + np.maximum(step, 0.0)
        k = np.where(above == 0, 0.0, k)
        return np.clip(k * self.pattern_effort, least, most)

    def _slopes(self, k: Array) -> tuple[Array, Array]:
        """First and second derivative of the values by the factor, (n,) each."""
        once = 1 + k[self.group] * self.visits
        first = self.base * self.power * self.visits * once ** (self.power - 1)
        second = first * (self.power - 1) * self.visits / once
        return self._sums(first), self._sums(second)

    def _sums(self, values: Array) -> Array:
        return np.bincount(self.group, values, minlength=len(self)).astype(np.float64)
