"""
Ways from places for the night to clients and on: the real ones, and the least there can be.

No plan drives less to a client and on from it than the shortest ways through any other clients, so
what cannot be done on those cannot be done at all.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT, ProblemArrays
from routing.problem import UNREACHABLE


class Legs(NamedTuple):
    """
    Ways between places for the night (p) and clients (c); no way is `NO_LIMIT`.

    `between` is (p, p), `to_client` (p, c) and `from_client` (c, p): driving times. The same in
    metres end in `_m`. `setup_s` is (p, c), before service when coming from a place.
    """

    between: NDArray[np.int64]
    to_client: NDArray[np.int64]
    from_client: NDArray[np.int64]
    between_m: NDArray[np.int64]
    to_client_m: NDArray[np.int64]
    from_client_m: NDArray[np.int64]
    setup_s: NDArray[np.int64]


def direct_legs(arrays: ProblemArrays, places: NDArray[np.int64]) -> Legs:
    """Legs as they are driven with nothing on the way."""
    parts = []
    for matrix in (arrays.duration_s, arrays.distance_m):
        ways = np.where(arrays.duration_s < UNREACHABLE, matrix, NO_LIMIT)
        parts += [
            ways[np.ix_(places, places)],
            ways[np.ix_(places, arrays.location)],
            ways[np.ix_(arrays.location, places)],
        ]
    return _compact(*parts, _setups(arrays, places, arrays.setup_s))


def shortest_legs(arrays: ProblemArrays, places: NDArray[np.int64]) -> Legs:
    """Legs by way of any clients; equal to the direct ones if the triangle inequality holds."""
    parts = []
    for matrix in (arrays.duration_s, arrays.distance_m):
        stops = np.unique(arrays.location)
        forwards = shortest_ways(matrix, places, stops)
        backward_matrix = np.ascontiguousarray(matrix.T)
        backward_matrix.setflags(write=False)  # as the matrices are, or it would be compiled twice
        backwards = shortest_ways(backward_matrix, places, stops)
        parts += [
            forwards[:, places],
            forwards[:, arrays.location],
            backwards[:, arrays.location].T,
        ]
    return _compact(*parts, _setups(arrays, places, _least_setup_s(arrays)))


def _setups(
    arrays: ProblemArrays, places: NDArray[np.int64], setup_s: NDArray[np.int64]
) -> NDArray[np.int64]:
    return np.where(places[:, np.newaxis] == arrays.location, 0, setup_s)


def _least_setup_s(arrays: ProblemArrays) -> NDArray[np.int64]:
    """Setup of each client, or that of another at its address and the visit there, (c,)."""
    shared_s = np.full(len(arrays.duration_s), NO_LIMIT)
    np.minimum.at(shared_s, arrays.location, arrays.setup_s + arrays.service_s)
    return np.minimum(arrays.setup_s, shared_s[arrays.location])


def _compact(*legs: NDArray[np.int64]) -> Legs:
    """All row by row in memory, or another layout would be compiled anew."""
    return Legs(*(np.ascontiguousarray(part) for part in legs))


@njit(cache=True, nogil=True)
def shortest_ways(
    duration_s: NDArray[np.int64], sources: NDArray[np.int64], stops: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Shortest ways from sources to all locations that turn only at stops, (sources, n) int64.

    Dijkstra on the full graph; no way is `NO_LIMIT`.
    """
    size = len(duration_s)
    ways_s = np.empty((len(sources), size), np.int64)
    for number in range(len(sources)):
        way_s = ways_s[number]
        way_s[:] = duration_s[sources[number]]
        is_open = np.ones(len(stops), np.bool_)
        for _ in range(len(stops)):
            nearest = -1
            for candidate in range(len(stops)):
                if is_open[candidate] and (
                    nearest < 0 or way_s[stops[candidate]] < way_s[stops[nearest]]
                ):
                    nearest = candidate
            is_open[nearest] = False
            stop = stops[nearest]
            if way_s[stop] >= UNREACHABLE:
                break
            for location in range(size):
                reached_s = way_s[stop] + duration_s[stop, location]
                if reached_s < way_s[location]:
                    way_s[location] = reached_s
        for location in range(size):
            if way_s[location] >= UNREACHABLE:
                way_s[location] = NO_LIMIT
    return ways_s
