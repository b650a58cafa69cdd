"""
Nested dissection: an order of the nodes in which few nodes separate many.

Inertial flow (Schild and Sommer 2015, "On Balanced Separators in Road Networks"): sort the nodes
along a direction, send as much flow as fits from the first quarter to the last, and cut where it
is full. Of several directions the cut that is small for the balance it gives wins. The nodes along
the cut come last, and the two sides are cut again in the same way.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.hierarchy.flow import SINK, SOURCE, FlowState, Links, max_flow, spread_from_sinks

END_SHARE = 0.25
"""Share of the nodes that is certain to lie on either side of a cut."""

DIRECTIONS = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0))
"""East and north parts of the directions along which cuts are tried."""

_NEAR, _FAR, _SEPARATOR = 0, 1, 2
_NO_CELL = -1
_STACK_SIZE = 1024


class _Parts(NamedTuple):
    """
    The parts still to be cut.

    `sorted_nodes` (directions, n) holds the same nodes in every row from a part's first to its
    last position, sorted along that row's direction. `side` says on which side of the best cut a
    node lies. `stack` holds first and last position of the parts that wait, `counters` its height
    and the number of positions that are final.
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
    n log n while cuts stay small, which they do on roads; memory is about 150 bytes a node.
    """
    nodes = len(lon)
    links = _links_both_ways(nodes, tail, head)
    x = lon * np.cos(np.radians(lat.mean() if nodes else 0.0))
    sorted_nodes = np.empty((len(DIRECTIONS), nodes), np.int32)
    for row, (east, north) in enumerate(DIRECTIONS):
        sorted_nodes[row] = np.argsort(east * x + north * lat, kind="stable")
    state = FlowState(
        cell=np.zeros(nodes, np.int32),
        end=np.zeros(nodes, np.int8),
        flow=np.zeros(len(links.head), np.int8),
        level=np.zeros(nodes, np.int64),
        next_link=np.zeros(nodes, np.int64),
        rim=np.zeros(nodes, np.int32),
        queue=np.zeros(nodes, np.int32),
        trail=np.zeros(nodes, np.int64),
        stamp=np.zeros(1, np.int64),
    )
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
    count = len(pair)
    order = np.argsort(np.concatenate((low, high)), kind="stable")
    first = np.zeros(nodes + 1, np.int64)
    np.cumsum(np.bincount(low, minlength=nodes) + np.bincount(high, minlength=nodes), out=first[1:])
    place = np.empty(2 * count, np.int32)
    place[order] = np.arange(2 * count, dtype=np.int32)
    opposite = place[np.where(order < count, order + count, order - count)]
    return Links(first, np.concatenate((high, low))[order].astype(np.int32), opposite)


@njit(cache=True, nogil=True)
def _dissect(links: Links, state: FlowState, parts: _Parts, budget: int) -> None:
    """Cut parts until as many nodes as `budget` were looked at, or none is left."""
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
            best = _cut(links, state, parts.side, parts.sorted_nodes[row, low:high], low, best)
        _mark_separator(links, state.cell, parts.side, parts.sorted_nodes[0, low:high], low)
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
def _cut(
    links: Links,
    state: FlowState,
    side: NDArray[np.int8],
    nodes: NDArray[np.int32],
    cell: int,
    best: float,
) -> float:
    """
    Cut a part along one direction.

    The score is the size of the cut for each node of the smaller side. If it is below `best`, the
    sides are written to `side`. Returns the better of the two scores.
    """
    size = len(nodes)
    end_size = max(1, int(size * END_SHARE))
    flow, stamp = max_flow(links, state, nodes, cell, end_size, best * (size // 2))
    if flow < 0:
        return best
    near = end_size
    for position in range(end_size, size - end_size):
        near += state.level[nodes[position]] > stamp
    score = flow / min(near, size - near)
    if score < best:
        best = score
        for node in nodes:
            is_near = state.end[node] == SOURCE or (
                state.end[node] != SINK and state.level[node] > stamp
            )
            side[node] = _NEAR if is_near else _FAR
    # The same flow is also full along the cut nearest to the sinks, which may lie more evenly.
    far, stamp = spread_from_sinks(links, state, nodes, cell, end_size)
    score = flow / min(far, size - far)
    if score < best:
        best = score
        for node in nodes:
            is_far = state.end[node] == SINK or (
                state.end[node] != SOURCE and state.level[node] > stamp
            )
            side[node] = _FAR if is_far else _NEAR
    return best


@njit(cache=True, nogil=True)
def _mark_separator(
    links: Links,
    cells: NDArray[np.int32],
    side: NDArray[np.int8],
    nodes: NDArray[np.int32],
    cell: int,
) -> None:
    """Make the ends of the cut links a separator, on the side where they are fewer."""
    rims = np.zeros(2, np.int64)
    for node in nodes:
        rims[side[node]] += _touches(links, cells, side, node, cell, 1 - side[node])
    fewer = _NEAR if rims[_NEAR] <= rims[_FAR] else _FAR
    for node in nodes:
        if side[node] == fewer and _touches(links, cells, side, node, cell, 1 - fewer):
            side[node] = _SEPARATOR


@njit(cache=True, nogil=True)
def _touches(
    links: Links, cells: NDArray[np.int32], side: NDArray[np.int8], node: int, cell: int, other: int
) -> bool:
    for link in range(links.first[node], links.first[node + 1]):
        to = links.head[link]
        if cells[to] == cell and side[to] == other:
            return True
    return False


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
