"""
Room for a required client: what must go, down to other required ones, for it to get in.

The required visits keep their order and their shift; optional ones may all go, and the nights are
chosen anew with the least driving.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT, ProblemArrays, time_sequence
from routing.explain.nights import Nights
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Solution

Sequences = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RequiredRoom:
    """Tries where required clients fit among the required visits of a plan."""

    problem: Problem
    arrays: ProblemArrays
    nights: Nights = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nights", Nights.of(self.problem))

    def plan_with(self, solution: Solution, client: int) -> Solution | None:
        """The required visits of a solution and one more client, or None if it does not fit."""
        return self._insert(self._required(solution), client)

    def blocking(self, solution: Solution, client: int) -> tuple[int, ...]:
        """
        Required visits that leave no room: without them the client fits among the others.

        None of them can stay as well. Empty when the client fits, or not even alone.
        """
        everyone = self._required(solution)
        kept: Sequences = ((),) * len(everyone)
        if self._insert(kept, client) is None:
            return ()
        blocking = []
        for required in sorted(index for sequence in everyone for index in sequence):
            staying = {required}.union(*kept)
            more = tuple(tuple(i for i in sequence if i in staying) for sequence in everyone)
            if self._insert(more, client) is None:
                blocking.append(required)
            else:
                kept = more
        return tuple(blocking)

    def _required(self, solution: Solution) -> Sequences:
        clients = self.problem.clients
        return tuple(
            tuple(v.client_index for v in route.visits if clients[v.client_index].required)
            for route in solution.routes
        )

    def _insert(self, sequences: Sequences, client: int) -> Solution | None:
        costs = np.array([self._travel_s(k, sequence) for k, sequence in enumerate(sequences)])
        before, after = self.nights.chains(costs)
        least_s, best = min(self.arrays.max_travel_s + 1, NO_LIMIT), None
        for k, sequence in enumerate(sequences):
            for gap in range(len(sequence) + 1):
                longer = (*sequence[:gap], client, *sequence[gap:])
                shift_s = self._travel_s(k, longer)
                travel_s = (before[k][:, np.newaxis] + shift_s + after[k]).min()
                if travel_s < least_s:
                    least_s, best = travel_s, (k, longer, shift_s)
        if best is None:
            return None
        k, longer, costs[k] = best
        ends = self.nights.cheapest(costs)
        assert ends is not None  # its cost is what made this gap the best
        routes = []
        for shift, (start, end) in enumerate(ends):
            sequence = longer if shift == k else sequences[shift]
            route = schedule_route(self.problem, shift, start, sequence, end)
            assert route is not None
            routes.append(route)
        return Solution(self.problem, tuple(routes))

    def _travel_s(self, shift: int, sequence: Sequence[int]) -> NDArray[np.int64]:
        """Driving of a shift between all places, (p, p); `NO_LIMIT` where it does not fit."""
        return _travel_between(
            self.arrays, shift, self.nights.location, np.array(sequence, dtype=np.int64)
        )


@njit(cache=True, nogil=True)
def _travel_between(
    problem: ProblemArrays, shift: int, places: NDArray[np.int64], sequence: NDArray[np.int64]
) -> NDArray[np.int64]:
    travel_between_s = np.full((len(places), len(places)), NO_LIMIT)
    for start in range(len(places)):
        for end in range(len(places)):
            fits, _, travel_s, _ = time_sequence(
                problem,
                problem.shift_start_s[shift],
                problem.shift_end_s[shift],
                places[start],
                places[end],
                sequence,
            )
            if fits:
                travel_between_s[start, end] = travel_s
    return travel_between_s
