"""
Chains of shifts over the places where nights may be spent.

What a shift costs depends only on where it starts and ends, so the cheapest chain is a shortest
path through places, shift by shift. A cost of `NO_LIMIT` and more says that it cannot be done.
"""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT
from routing.problem import Problem

_BEFORE, _UNDER_WAY, _OVER = 0, 1, 2
"""A trip begins with its first shift that goes somewhere and ends with the last one."""


@dataclass(frozen=True, slots=True, eq=False)
class Nights:
    """
    Where shifts may start and end, and how many nights may be spent away.

    Parameters
    ----------
    location
        (p,) int64, the places: rows of the problem's matrices, ascending.
    may_start, may_end
        (k, p) bool, whether a shift may start or end at a place.
    is_chosen
        (k,) bool, whether the night after a shift is chosen, so that the next starts where it ends.
    is_away
        (p,) bool, whether limits count a chosen night at a place.
    max_nights, max_in_a_row
        Those limits; the number of shifts where there is none.
    """

    location: NDArray[np.int64]
    may_start: NDArray[np.bool_]
    may_end: NDArray[np.bool_]
    is_chosen: NDArray[np.bool_]
    is_away: NDArray[np.bool_]
    max_nights: int
    max_in_a_row: int

    @classmethod
    def of(cls, problem: Problem) -> "Nights":
        overnight = {place.location_index for place in problem.overnight_places}
        starts = [_options(shift.start_location, overnight) for shift in problem.shifts]
        ends = [_options(shift.end_location, overnight) for shift in problem.shifts]
        location = sorted(set().union(*starts, *ends))
        size = len(problem.shifts)
        limits = [
            size if limit is None else min(limit, size)
            for limit in (problem.max_nights, problem.max_nights_in_a_row)
        ]
        return cls(
            np.array(location, dtype=np.int64),
            np.array([[place in options for place in location] for options in starts]),
            np.array([[place in options for place in location] for options in ends]),
            np.array([shift.end_location is None for shift in problem.shifts]),
            np.array([problem.is_night_away(place) for place in location], dtype=np.bool_),
            *limits,
        )

    @property
    def are_limited(self) -> bool:
        return min(self.max_nights, self.max_in_a_row) < len(self.is_chosen)

    def chains(self, costs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """
        The least cost of all shifts before and after each, (k, p) int64 both.

        Limits on nights are left out of it.

        Parameters
        ----------
        costs
            (k, p, p) int64, of a shift from a place to a place, added over shifts.

        Returns
        -------
        before
            Of the shifts before k when it starts at a place.
        after
            Of the shifts after k when it ends at a place.
        """
        before = np.where(self.may_start, 0, NO_LIMIT)
        after = np.where(self.may_end, 0, NO_LIMIT)
        for k in range(1, len(costs)):
            ending = np.where(self.may_end[k - 1], through(before[k - 1], costs[k - 1]), NO_LIMIT)
            reached = ending if self.is_chosen[k - 1] else ending.min()
            before[k] = np.where(self.may_start[k], reached, NO_LIMIT)
        for k in range(len(costs) - 2, -1, -1):
            starting = np.where(
                self.may_start[k + 1], through(after[k + 1], costs[k + 1].T), NO_LIMIT
            )
            reached = starting if self.is_chosen[k] else starting.min()
            after[k] = np.where(self.may_end[k], reached, NO_LIMIT)
        return before, after

    def around(self, costs: NDArray[np.int64]) -> NDArray[np.int64]:
        """
        The least cost of all other shifts when one goes from a place to a place, (k, p, p).

        The one goes somewhere, the others only where their ends differ. `costs` as in `chains`.
        """
        if not self.are_limited:
            before, after = self.chains(costs)
            return np.minimum(before[:, :, np.newaxis] + after[:, np.newaxis, :], NO_LIMIT)
        around = np.full_like(costs, NO_LIMIT)
        is_empty = np.ones(len(costs), dtype=np.bool_)
        for k, start, end in np.argwhere(self.may_start[:, :, None] & self.may_end[:, None, :]):
            passing = costs.copy()
            passing[k] = NO_LIMIT
            passing[k, start, end] = 0
            is_empty[k] = False
            around[k, start, end], _ = self._cheapest(passing, is_empty)
            is_empty[k] = True
        return around

    def cheapest(
        self, costs: NDArray[np.int64], is_empty: NDArray[np.bool_]
    ) -> tuple[int, list[tuple[int, int]]] | None:
        """
        The cheapest chain within the limits on nights, or None if there is none.

        Parameters
        ----------
        costs
            As in `chains`.
        is_empty
            (k,) whether a shift has no visits, so that nothing happens in it if it ends where it
            starts.

        Returns
        -------
        The cost, and start and end location of every shift.
        """
        cost, chain = self._cheapest(costs, is_empty)
        if cost >= NO_LIMIT:
            return None
        ends = [(int(self.location[a]), int(self.location[b])) for a, b in chain]
        return int(cost), ends

    def _cheapest(
        self, costs: NDArray[np.int64], is_empty: NDArray[np.bool_]
    ) -> tuple[int, NDArray[np.int64]]:
        return _cheapest_chain(
            costs,
            is_empty,
            self.may_start,
            self.may_end,
            self.is_chosen,
            self.is_away,
            self.max_nights,
            self.max_in_a_row,
        )


@njit(cache=True, nogil=True)
def _cheapest_chain(
    costs: NDArray[np.int64],
    is_empty: NDArray[np.bool_],
    may_start: NDArray[np.bool_],
    may_end: NDArray[np.bool_],
    is_chosen: NDArray[np.bool_],
    is_away: NDArray[np.bool_],
    max_nights: int,
    max_in_a_row: int,
) -> tuple[int, NDArray[np.int64]]:
    """
    Cost and positions of the ends of the cheapest chain, (k, 2).

    A state is the place of the night, whether the trip has begun or is over, and the nights away so
    far, in all and in a row, as far as they are limited. Ties go to the first places.
    """
    shifts, places, _ = costs.shape
    counts_all, counts_row = max_nights < shifts, max_in_a_row < shifts
    nights = max_nights + 1 if counts_all else 1
    row = max_in_a_row + 1 if counts_row else 1
    states = places * 3 * nights * row
    reached = np.full((shifts + 1, states), NO_LIMIT)
    came_from = np.full((shifts + 1, states), -1)
    starts = np.full((shifts + 1, states), -1)
    reached[0, 0] = 0
    for k in range(shifts):
        for state in range(states):
            so_far = reached[k, state]
            if so_far >= NO_LIMIT:
                continue
            run, away = state % row, state // row % nights
            phase, place = state // (row * nights) % 3, state // (row * nights * 3)
            for start in range(places):
                if not may_start[k, start] or (k > 0 and is_chosen[k - 1] and start != place):
                    continue
                for end in range(places):
                    cost = so_far + costs[k, start, end]
                    if not may_end[k, end] or cost >= NO_LIMIT:
                        continue
                    for then in range(3):
                        if is_empty[k] and start == end:
                            if then != phase:
                                continue
                        elif phase == _OVER or then == _BEFORE:
                            continue
                        counts = then == _UNDER_WAY and is_chosen[k] and is_away[end]
                        new_away = away + int(counts and counts_all)
                        new_run = run + 1 if counts and counts_row else 0
                        if new_away >= nights or new_run >= row:
                            continue
                        new = ((end * 3 + then) * nights + new_away) * row + new_run
                        if cost < reached[k + 1, new]:
                            reached[k + 1, new] = cost
                            came_from[k + 1, new] = state
                            starts[k + 1, new] = start
    chain = np.full((shifts, 2), -1)
    state = int(reached[shifts].argmin())
    least = reached[shifts, state]
    if least < NO_LIMIT:
        for k in range(shifts, 0, -1):
            chain[k - 1, 0] = starts[k, state]
            chain[k - 1, 1] = state // (row * nights * 3)
            state = came_from[k, state]
    return least, chain


def through(cost: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.int64]:
    """Least cost at the columns of `step`, (p, c), from that at its rows, (p,)."""
    reached: NDArray[np.int64] = (cost[:, np.newaxis] + step).min(axis=0)
    return np.minimum(reached, NO_LIMIT)


def _options(location: int | None, overnight: set[int]) -> set[int]:
    return overnight if location is None else {location}
