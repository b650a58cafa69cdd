"""
Nested dissection: an order of the nodes in which few nodes separate many.

Inertial flow (Schild and Sommer 2015, "On Balanced Separators in Road Networks"): sort the nodes
along a direction, join the first and the last of them by as many paths as fit, and separate them
where the paths are tight. Of several directions the separator that is small for the balance it
gives wins. It comes last in the order, and the two sides are separated again in the same way.

Unlike the authors we count paths that share no node instead of no link, which is what an order
needs: on the German sample, where many roads meet in a node, that leaves 40 % fewer triangles.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.roads.hierarchy.flow import (
    NONE,
    SINK,
    SOURCE,
    FlowState,
    Links,
    find_paths,
    find_rim,
    new_flow_state,
    spread,
)

END_SHARE = 0.3
"""Share of the nodes at either end that the paths join. 0.25 and 0.35 give more triangles."""

DIRECTIONS = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0))
"""East and north parts of the directions that are tried. Eight gain nothing over four."""

_NEAR, _FAR, _SEPARATOR = 0, 1, 2
_NO_CELL = -1
_STACK_SIZE = 1024


class _Parts(NamedTuple):
    """
    The parts still to be separated.

    `sorted_nodes` (directions, n) holds the same nodes in every row from a part's first to its
    last position, sorted along that row's direction. `side` says on which side of the best
    separator a node lies. `stack` holds first and last position of the parts that wait, `counters`
    its height and the number of positions that are final.
    """

    sorted_nodes: NDArray[np.int32]
    side: NDArray[np.int8]
    spare: NDArray[np.int32]
    stack: NDArray[np.int64]
    counters: NDArray[np.int64]


def nested_dissection_order(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.int32]:
    """
    All nodes in the order in which they are contracted, separators last.

    Parameters
    ----------
    lon, lat
        (n,) degrees.
    tail, head
        (m,) links; direction, repetitions and loops do not matter.
    progress
        Called now and then with the number of nodes that have found their place, and of all.

    Returns
    -------
    (n,) int32, a permutation of the nodes. Any graph will do, connected or not. Time grows as
    n log n while separators stay small, which they do on roads; memory is about 150 bytes a node.
    """
    nodes = len(lon)
    links = _links_both_ways(nodes, tail, head)
    x = lon * np.cos(np.radians(lat.mean() if nodes else 0.0))
    sorted_nodes = np.empty((len(DIRECTIONS), nodes), np.int32)
    for row, (east, north) in enumerate(DIRECTIONS):
        sorted_nodes[row] = np.argsort(east * x + north * lat, kind="stable")
    state = new_flow_state(nodes)
    parts = _Parts(
        sorted_nodes,
        side=np.zeros(nodes, np.int8),
        spare=np.zeros(nodes, np.int32),
        stack=np.zeros((_STACK_SIZE, 2), np.int64),
        counters=np.array([1, 0]),
    )
    parts.stack[0] = 0, nodes
    while parts.counters[0]:
        _dissect(links, state, parts, nodes)
        if progress is not None:
            progress(int(parts.counters[1]), nodes)
    order: NDArray[np.int32] = sorted_nodes[0].copy()
    return order


def _links_both_ways(nodes: int, tail: NDArray[np.int32], head: NDArray[np.int32]) -> Links:
    low = np.minimum(tail, head).astype(np.int64)
    high = np.maximum(tail, head).astype(np.int64)
    pair = np.unique((low * nodes + high)[low < high])
    low, high = pair // nodes, pair % nodes
    order = np.argsort(np.concatenate((low, high)), kind="stable")
    first = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(low, minlength=nodes) + np.bincount(high, minlength=nodes), out=first[1:])
    return Links(first, np.concatenate((high, low))[order].astype(np.int32))


@njit(cache=True, nogil=True)
def _dissect(links: Links, state: FlowState, parts: _Parts, budget: int) -> None:
    """Separate parts until as many nodes as `budget` were looked at, or none is left."""
    counters, stack = parts.counters, parts.stack
    spent = 0
    while counters[0] > 0 and spent < budget:
        counters[0] -= 1
        low, high = stack[counters[0]]
        size = high - low
        if size <= 2:
            counters[1] += size
            continue
        spent += size
        best = np.inf
        for row in range(len(parts.sorted_nodes)):
            best = _separate(links, state, parts.side, parts.sorted_nodes[row, low:high], low, best)
        near, far = 0, 0
        for row in range(len(parts.sorted_nodes)):
            near, far = _split(parts.side, parts.spare, parts.sorted_nodes[row, low:high])
        for position in range(low + near, high):
            is_far = position < low + near + far
            state.cell[parts.sorted_nodes[0, position]] = low + near if is_far else _NO_CELL
        counters[1] += size - near - far
        for begin, length in ((low, near), (low + near, far)):
            if length:
                stack[counters[0], 0] = begin
                stack[counters[0], 1] = begin + length
                counters[0] += 1


@njit(cache=True, nogil=True)
def _separate(
    links: Links,
    state: FlowState,
    side: NDArray[np.int8],
    nodes: NDArray[np.int32],
    cell: int,
    best: float,
) -> float:
    """
    Separate a part along one direction.

    If the score is below `best`, the sides are written to `side`. Returns the better score.
    """
    size = len(nodes)
    end_size = max(1, int(size * END_SHARE))
    paths, stamp = find_paths(links, state, nodes, cell, end_size, best * (size / 2 + 1))
    if paths == NONE:
        return best
    best = _take_sides(state, side, nodes, paths, stamp, SOURCE, _NEAR, best)
    # The paths are also tight nearest to the sinks, where the separator may lie more evenly.
    stamp = state.stamp[0]
    rim_size = find_rim(links, state, nodes[size - end_size :], cell, SINK)
    spread(links, state, rim_size, cell, SINK, NONE, state.after, state.before)
    return _take_sides(state, side, nodes, paths, stamp, SINK, _FAR, best)


@njit(cache=True, nogil=True)
def _take_sides(
    state: FlowState,
    side: NDArray[np.int8],
    nodes: NDArray[np.int32],
    paths: int,
    stamp: int,
    origin: int,
    own_side: int,
    best: float,
) -> float:
    """
    Separate what was reached from one end, if that is better than the best so far.

    The score is the size of the separator for each node of the smaller side.
    """
    own = 0
    for node in nodes:
        own += _side_of(state, node, stamp, origin, own_side) == own_side
    score = paths / (min(own, len(nodes) - own - paths) + 1)
    if score >= best:
        return best
    for node in nodes:
        side[node] = _side_of(state, node, stamp, origin, own_side)
    return score


@njit(cache=True, nogil=True)
def _side_of(state: FlowState, node: int, stamp: int, origin: int, own_side: int) -> int:
    if state.level[2 * node + 1] > stamp:
        return own_side
    if state.level[2 * node] > stamp:
        return _SEPARATOR
    return own_side if state.end[node] == origin else 1 - own_side


@njit(cache=True, nogil=True)
def _split(
    side: NDArray[np.int8], spare: NDArray[np.int32], nodes: NDArray[np.int32]
) -> tuple[int, int]:
    """Bring near side, far side and separator one after the other, each in its present order."""
    near, others = 0, 0
    for node in nodes:
        if side[node] == _NEAR:
            nodes[near] = node
            near += 1
        else:
            spare[others] = node
            others += 1
    far = 0
    for position in range(others):
        if side[spare[position]] == _FAR:
            nodes[near + far] = spare[position]
            far += 1
    last = near + far
    for position in range(others):
        if side[spare[position]] == _SEPARATOR:
            nodes[last] = spare[position]
            last += 1
    return near, far
