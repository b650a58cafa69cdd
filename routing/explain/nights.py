"""
Chains of shifts over the places where nights may be spent.

What a shift costs depends only on where it starts and ends, so the cheapest chain is a shortest
path through places, shift by shift. A cost of `NO_LIMIT` and more says that it cannot be done.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT
from routing.problem import Problem


@dataclass(frozen=True, slots=True, eq=False)
class Nights:
    """
    Where shifts may start and end.

    Parameters
    ----------
    location
        (p,) int64, the places: rows of the problem's matrices, ascending.
    may_start, may_end
        (k, p) bool, whether a shift may start or end at a place.
    is_chosen
        (k,) bool, whether the night after a shift is chosen, so that the next starts where it ends.
    """

    location: NDArray[np.int64]
    may_start: NDArray[np.bool_]
    may_end: NDArray[np.bool_]
    is_chosen: NDArray[np.bool_]

    @classmethod
    def of(cls, problem: Problem) -> "Nights":
        overnight = {place.location_index for place in problem.overnight_places}
        starts = [_options(shift.start_location, overnight) for shift in problem.shifts]
        ends = [_options(shift.end_location, overnight) for shift in problem.shifts]
        location = sorted(set().union(*starts, *ends))
        return cls(
            np.array(location, dtype=np.int64),
            np.array([[place in options for place in location] for options in starts]),
            np.array([[place in options for place in location] for options in ends]),
            np.array([shift.end_location is None for shift in problem.shifts]),
        )

    def chains(self, costs: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """
        The least cost of all shifts before and after each, (k, p) int64 both.

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

    def cheapest(self, costs: NDArray[np.int64]) -> list[tuple[int, int]] | None:
        """
        Start and end location of every shift on the cheapest chain, or None if there is none.

        `costs` as in `chains`.
        """
        before, after = self.chains(costs)
        chain: list[tuple[int, int]] = []
        end = -1
        for k in range(len(costs)):
            starts = before[k].copy()
            if chain and self.is_chosen[k - 1]:
                starts[np.arange(len(starts)) != end] = NO_LIMIT
            total = starts[:, np.newaxis] + costs[k] + after[k]
            start, end = (int(x) for x in np.unravel_index(total.argmin(), total.shape))
            if total[start, end] >= NO_LIMIT:
                return None
            chain.append((int(self.location[start]), int(self.location[end])))
        return chain


def through(cost: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.int64]:
    """Least cost at the columns of `step`, (p, c), from that at its rows, (p,)."""
    reached: NDArray[np.int64] = (cost[:, np.newaxis] + step).min(axis=0)
    return np.minimum(reached, NO_LIMIT)


def _options(location: int | None, overnight: set[int]) -> set[int]:
    return overnight if location is None else {location}
