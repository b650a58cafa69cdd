"""
Room for a required client: what must go, down to others of its rank and above, for it to get in.

Those visits keep their order and their shift; all others may go, and the nights are chosen anew
with the least driving.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT, ProblemArrays, rank
from routing.explain.nights import Nights
from routing.explain.timing import Scratch, time_sequence
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Solution

Sequences = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, eq=False)
class RequiredRoom:
    """Tries where required clients fit among the visits of a plan that they may not displace."""

    problem: Problem
    arrays: ProblemArrays
    scratch: Scratch
    nights: Nights = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nights", Nights.of(self.problem))

    def plan_with(self, solution: Solution, client: int) -> Solution | None:
        """The visits that a client may not displace and the client, or None if it does not fit."""
        return self._insert(self._staying(solution, client), client)

    def blocking(self, solution: Solution, client: int) -> tuple[int, ...]:
        """
        Visits of its rank or above that leave no room: without them the client fits with the rest.

        None of them can stay as well; those of high rank are kept before others. Empty when the
        client fits, or not even alone.
        """
        everyone = self._staying(solution, client)
        kept: Sequences = ((),) * len(everyone)
        if self._insert(kept, client) is None:
            return ()
        clients = self.problem.clients
        blocking = []
        for other in sorted(
            (index for sequence in everyone for index in sequence),
            key=lambda index: (-rank(clients[index]), index),
        ):
            staying = {other}.union(*kept)
            more = tuple(tuple(i for i in sequence if i in staying) for sequence in everyone)
            if self._insert(more, client) is None:
                blocking.append(other)
            else:
                kept = more
        return tuple(sorted(blocking))

    def _staying(self, solution: Solution, client: int) -> Sequences:
        clients = self.problem.clients
        lowest = rank(clients[client])
        return tuple(
            tuple(
                visit.client_index
                for visit in route.visits
                if rank(clients[visit.client_index]) >= lowest
            )
            for route in solution.routes
        )

    def _insert(self, sequences: Sequences, client: int) -> Solution | None:
        costs = np.array([self._travel_s(k, sequence) for k, sequence in enumerate(sequences)])
        is_empty = np.array([not sequence for sequence in sequences])
        least_s, best = min(self.arrays.max_travel_s + 1, NO_LIMIT), None
        for k, sequence in enumerate(sequences):
            for gap in range(len(sequence) + 1):
                longer = (*sequence[:gap], client, *sequence[gap:])
                with_client, then_empty = costs.copy(), is_empty.copy()
                with_client[k], then_empty[k] = self._travel_s(k, longer), False
                chain = self.nights.cheapest(with_client, then_empty)
                if chain is not None and chain[0] < least_s:
                    least_s, best = chain[0], (k, longer, chain[1])
        if best is None:
            return None
        k, longer, ends = best
        routes = []
        for shift, (start, end) in enumerate(ends):
            sequence = longer if shift == k else sequences[shift]
            route = schedule_route(self.problem, shift, start, sequence, end)
            assert route is not None
            routes.append(route)
        return Solution(self.problem, tuple(routes))

    def _travel_s(self, shift: int, sequence: Sequence[int]) -> NDArray[np.int64]:
        """Driving of a shift between all places, (p, p); `NO_LIMIT` where it does not fit."""
        return travel_between(
            self.arrays,
            shift,
            self.nights.location,
            np.array(sequence, dtype=np.int64),
            self.scratch,
        )


@njit(cache=True, nogil=True)
def travel_between(
    problem: ProblemArrays,
    shift: int,
    places: NDArray[np.int64],
    sequence: NDArray[np.int64],
    scratch: Scratch,
) -> NDArray[np.int64]:
    """Driving of a shift with given visits between all places, (p, p); `NO_LIMIT`: does not fit."""
    travel_between_s = np.full((len(places), len(places)), NO_LIMIT)
    for start in range(len(places)):
        for end in range(len(places)):
            fits, _, travel_s, _ = time_sequence(
                problem,
                shift,
                problem.shift_start_s[shift],
                problem.shift_end_s[shift],
                places[start],
                places[end],
                sequence,
                scratch,
            )
            if fits:
                travel_between_s[start, end] = travel_s
    return travel_between_s
