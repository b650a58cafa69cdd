"""
Fastest ways by a weighted hierarchy. Nodes are ranks here.

Every fastest way goes up to some node and from there down, and all nodes that a search upwards can
meet are ancestors in the elimination tree. A search therefore walks from its node to the root and
keeps one number per depth: no queue, no visited marks, nothing shared between threads.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.hierarchy.metric import NO_WAY, Metric
from routing.hierarchy.supergraph import find_edge

LANES = 4
"""Sweeps done at once, so that every edge read serves as many origins. More gains nothing on many
origins and wastes time on a single one."""


class _Tree(NamedTuple):
    """Edges and elimination tree as in `Hierarchy` and `Metric`, for compiled code."""

    first_edge: NDArray[np.int64]
    edge_top: NDArray[np.int32]
    parent: NDArray[np.int32]
    depth: NDArray[np.int32]


class _Selection(NamedTuple):
    """
    The part of a hierarchy above some nodes, highest node first.

    `place` (n,) is where a node comes (-1: not in it); of the node at place p, the edges are those
    from `first[p]` to `first[p + 1]`, which lead up to the places `top` at the given `weight`.
    """

    place: NDArray[np.int32]
    first: NDArray[np.int64]
    top: NDArray[np.int32]
    weight: NDArray[np.int64]


def weight_table(
    metric: Metric, sources: NDArray[np.int32], targets: NDArray[np.int32]
) -> NDArray[np.int64]:
    """
    Least weights from all sources to all targets.

    Parameters
    ----------
    sources, targets
        (k,) and (l,) ranks; repetitions are fine.

    Returns
    -------
    (k, l) int64, `NO_WAY` where there is none. One sweep per node on the side that has fewer, over
    the ancestors of the nodes on the other side.

    Notes
    -----
    RPHAST (Delling, Goldberg and Werneck 2011, "Faster Batched Shortest Paths in Road Networks"),
    with the elimination tree in place of the upward searches. Many to few is few to many on the
    graph with all arcs turned round, which only takes the other array of weights.
    """
    if len(sources) <= len(targets):
        return _sweep(metric, metric.up_weight, metric.down_weight, sources, targets)
    turned = _sweep(metric, metric.down_weight, metric.up_weight, targets, sources)
    return np.ascontiguousarray(turned.T)


def arc_path(metric: Metric, source: int, target: int) -> NDArray[np.int64] | None:
    """
    The arcs of the graph along a fastest way, in order.

    Returns
    -------
    (p,) int64 indices of arcs, empty if source and target are one, or None if there is no way.
    """
    tree = _tree(metric)
    climbed, before = _climb(tree, metric.up_weight, source)
    descent, after = _climb(tree, metric.down_weight, target)
    turn = _turning_point(tree, climbed, descent, source, target)
    if turn < 0:
        return None
    arcs: NDArray[np.int64] = _unpack(
        tree, metric.up_via, metric.down_via, before, after, source, turn, target
    )
    return arcs


def _tree(metric: Metric) -> _Tree:
    hierarchy = metric.hierarchy
    return _Tree(hierarchy.first_edge, hierarchy.edge_top, metric.parent, metric.depth)


def _sweep(
    metric: Metric,
    climb_weight: NDArray[np.int64],
    sweep_weight: NDArray[np.int64],
    origins: NDArray[np.int32],
    ends: NDArray[np.int32],
) -> NDArray[np.int64]:
    """(origins, ends) weights: up from each origin, then down to all ends."""
    tree = _tree(metric)
    distinct, row = np.unique(origins, return_inverse=True)
    selection = _select(tree, sweep_weight, ends)
    table: NDArray[np.int64] = _sweep_down(tree, climb_weight, selection, distinct, ends)
    return table[row]


@njit(cache=True, nogil=True)
def _select(tree: _Tree, weight: NDArray[np.int64], ends: NDArray[np.int32]) -> _Selection:
    nodes = len(tree.parent)
    place = np.full(nodes, -1, np.int32)
    for end in ends:
        node = end
        while node != -1 and place[node] == -1:
            place[node] = 0
            node = tree.parent[node]
    size, edges = 0, 0
    for node in range(nodes - 1, -1, -1):
        if place[node] == 0:
            place[node] = size
            size += 1
            edges += tree.first_edge[node + 1] - tree.first_edge[node]
    first = np.zeros(size + 1, np.int64)
    top = np.empty(edges, np.int32)
    selected_weight = np.empty(edges, np.int64)
    size, edges = 0, 0
    for node in range(nodes - 1, -1, -1):
        if place[node] != -1:
            for edge in range(tree.first_edge[node], tree.first_edge[node + 1]):
                top[edges] = place[tree.edge_top[edge]]
                selected_weight[edges] = weight[edge]
                edges += 1
            size += 1
            first[size] = edges
    return _Selection(place, first, top, selected_weight)


@njit(cache=True, nogil=True)
def _sweep_down(
    tree: _Tree,
    climb_weight: NDArray[np.int64],
    selection: _Selection,
    origins: NDArray[np.int32],
    ends: NDArray[np.int32],
) -> NDArray[np.int64]:
    place, first, top, weight = selection
    table = np.empty((len(origins), len(ends)), np.int64)
    reached = np.empty((len(first) - 1, LANES), np.int64)
    for begin in range(0, len(origins), LANES):
        lanes = min(LANES, len(origins) - begin)
        reached[:] = NO_WAY
        for lane in range(lanes):
            node = origins[begin + lane]
            climbed, _ = _climb(tree, climb_weight, node)
            while node != -1:
                if place[node] != -1:
                    reached[place[node], lane] = climbed[tree.depth[node]]
                node = tree.parent[node]
        for here in range(len(first) - 1):
            for edge in range(first[here], first[here + 1]):
                above, step = top[edge], weight[edge]
                for lane in range(LANES):
                    reached[here, lane] = min(reached[here, lane], reached[above, lane] + step)
        for column in range(len(ends)):
            here = place[ends[column]]
            for lane in range(lanes):
                table[begin + lane, column] = reached[here, lane]
    return table


@njit(cache=True, nogil=True)
def _climb(
    tree: _Tree, weight: NDArray[np.int64], origin: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Least weights from a node up to its ancestors, by their depth, and the node before each."""
    depth = tree.depth
    climbed = np.full(depth[origin] + 1, NO_WAY, np.int64)
    before = np.full(depth[origin] + 1, -1, np.int64)
    climbed[depth[origin]] = 0
    node = origin
    while node != -1:
        here = climbed[depth[node]]
        if here < NO_WAY:
            for edge in range(tree.first_edge[node], tree.first_edge[node + 1]):
                above = depth[tree.edge_top[edge]]
                if here + weight[edge] < climbed[above]:
                    climbed[above] = here + weight[edge]
                    before[above] = node
        node = tree.parent[node]
    return climbed, before


@njit(cache=True, nogil=True)
def _turning_point(
    tree: _Tree,
    climbed: NDArray[np.int64],
    descent: NDArray[np.int64],
    source: int,
    target: int,
) -> int:
    """The highest node of a fastest way, or -1 if there is no way."""
    depth, parent = tree.depth, tree.parent
    node, other = source, target
    while node != other:
        if depth[node] > depth[other]:
            node = parent[node]
        elif depth[node] < depth[other]:
            other = parent[other]
        else:
            node, other = parent[node], parent[other]
    # The lowest common ancestor, or -1 if the two are in different trees.
    best, turn = NO_WAY, -1
    while node != -1:
        through = climbed[depth[node]] + descent[depth[node]]
        if through < best:
            best, turn = through, node
        node = parent[node]
    return turn


@njit(cache=True, nogil=True)
def _unpack(
    tree: _Tree,
    up_via: NDArray[np.int32],
    down_via: NDArray[np.int32],
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    source: int,
    turn: int,
    target: int,
) -> NDArray[np.int64]:
    """Replace each edge of a way by the two below it until arcs of the graph remain."""
    first_edge, edge_top, depth = tree.first_edge, tree.edge_top, tree.depth
    # Edges still to be driven, each with its lower end and its direction, the next one last.
    downwards = [(0, 0, False) for _ in range(0)]
    node = turn
    while node != target:
        low = after[depth[node]]
        downwards.append((find_edge(first_edge, edge_top, low, node), low, False))
        node = low
    waiting = downwards[::-1]
    node = turn
    while node != source:
        low = before[depth[node]]
        waiting.append((find_edge(first_edge, edge_top, low, node), low, True))
        node = low
    arcs = [0 for _ in range(0)]
    while waiting:
        edge, bottom, is_up = waiting.pop()
        via = up_via[edge] if is_up else down_via[edge]
        if via < 0:
            arcs.append(~via)
            continue
        middle = int(via)
        to_bottom = find_edge(first_edge, edge_top, middle, bottom)
        to_top = find_edge(first_edge, edge_top, middle, edge_top[edge])
        waiting.append((to_top if is_up else to_bottom, middle, True))
        waiting.append((to_bottom if is_up else to_top, middle, False))
    return np.array(arcs)
