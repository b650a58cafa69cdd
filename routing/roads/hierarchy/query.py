"""
Tables of fastest ways by a weighted hierarchy. Nodes are ranks here.

Every fastest way goes up to some node and from there down, and all nodes that a search upwards can
meet are ancestors in the elimination tree. A search therefore walks from its node to the root and
keeps one number per depth: no queue, no visited marks, nothing shared between threads.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.roads.hierarchy.metric import NO_WAY, Metric
from routing.roads.seeds import NO_NODE, Seeds

LANES = 4
"""Sweeps done at once, so that every edge read serves as many origins. More gains nothing on many
origins and wastes time on a single one."""


class Tree(NamedTuple):
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


def weight_table(metric: Metric, sources: Seeds, targets: Seeds) -> NDArray[np.int64]:
    """
    Least weights from all sources to all targets.

    Parameters
    ----------
    sources, targets
        (k,) and (l,) places with the ranks of the nodes next to them; repetitions are fine.

    Returns
    -------
    (k, l) int64, `NO_WAY` where there is none. One sweep per place on the side that has fewer, over
    the ancestors of the nodes on the other side. A place with two seeds climbs from both and is
    swept once.

    Notes
    -----
    RPHAST (Delling, Goldberg and Werneck 2011, "Faster Batched Shortest Paths in Road Networks"),
    with the elimination tree in place of the upward searches. Many to few is few to many on the
    graph with all arcs turned round, which only takes the other array of weights.
    """
    if len(sources.node) <= len(targets.node):
        return _sweep(metric, metric.up_weight, metric.down_weight, sources, targets)
    turned = _sweep(metric, metric.down_weight, metric.up_weight, targets, sources)
    return np.ascontiguousarray(turned.T)


def tree_of(metric: Metric) -> Tree:
    hierarchy = metric.hierarchy
    return Tree(hierarchy.first_edge, hierarchy.edge_top, metric.parent, metric.depth)


def _sweep(
    metric: Metric,
    climb_weight: NDArray[np.int64],
    sweep_weight: NDArray[np.int64],
    origins: Seeds,
    ends: Seeds,
) -> NDArray[np.int64]:
    """(origins, ends) weights: up from each origin, then down to all ends."""
    tree = tree_of(metric)
    # In the order of ranks, neighbours in the tree are neighbours in memory, too.
    ends_by_rank = np.unique(ends.node)
    if len(origins.node) == 1:
        row: NDArray[np.int64] = _sweep_once(
            tree, climb_weight, sweep_weight, origins, ends, ends_by_rank
        )
        return row
    selection = _select(tree, sweep_weight, ends_by_rank)
    table: NDArray[np.int64] = _sweep_down(tree, climb_weight, selection, origins, ends)
    return table


@njit(cache=True, nogil=True)
def _select(tree: Tree, weight: NDArray[np.int64], ends: NDArray[np.int32]) -> _Selection:
    nodes = len(tree.parent)
    place = np.full(nodes, -1, np.int32)
    for below in ends:
        while below != NO_NODE and place[below] == -1:
            place[below] = 0
            below = tree.parent[below]
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
def _sweep_once(
    tree: Tree,
    climb_weight: NDArray[np.int64],
    sweep_weight: NDArray[np.int64],
    origins: Seeds,
    ends: Seeds,
    ends_by_rank: NDArray[np.int32],
) -> NDArray[np.int64]:
    """(1, ends) weights. To select edges that are read only once would take longer than that."""
    nodes = len(tree.parent)
    is_above = np.zeros(nodes, np.bool_)
    for below in ends_by_rank:
        while below != NO_NODE and not is_above[below]:
            is_above[below] = True
            below = tree.parent[below]
    reached = np.full(nodes, NO_WAY, np.int64)
    for seed in range(origins.node.shape[1]):
        node = origins.node[0, seed]
        if node == NO_NODE:
            continue
        climbed, _ = climb(tree, climb_weight, node)
        while node != -1:
            above = climbed[tree.depth[node]] + origins.weight[0, seed]
            reached[node] = min(reached[node], above)
            node = tree.parent[node]
    for node in range(nodes - 1, -1, -1):
        if is_above[node]:
            least = reached[node]
            for edge in range(tree.first_edge[node], tree.first_edge[node + 1]):
                least = min(least, reached[tree.edge_top[edge]] + sweep_weight[edge])
            reached[node] = least
    table = np.full((1, len(ends.node)), NO_WAY, np.int64)
    for column in range(len(ends.node)):
        for seed in range(ends.node.shape[1]):
            node = ends.node[column, seed]
            if node != NO_NODE:
                through = reached[node] + ends.weight[column, seed]
                table[0, column] = min(table[0, column], through)
    return table


@njit(cache=True, nogil=True)
def _sweep_down(
    tree: Tree,
    climb_weight: NDArray[np.int64],
    selection: _Selection,
    origins: Seeds,
    ends: Seeds,
) -> NDArray[np.int64]:
    place, first, top, weight = selection
    table = np.full((len(origins.node), len(ends.node)), NO_WAY, np.int64)
    reached = np.empty((len(first) - 1, LANES), np.int64)
    for begin in range(0, len(table), LANES):
        lanes = min(LANES, len(table) - begin)
        reached[:] = NO_WAY
        for lane in range(lanes):
            for seed in range(origins.node.shape[1]):
                node = origins.node[begin + lane, seed]
                if node == NO_NODE:
                    continue
                offset = origins.weight[begin + lane, seed]
                climbed, _ = climb(tree, climb_weight, node)
                while node != -1:
                    here = place[node]
                    if here != -1:
                        above = climbed[tree.depth[node]] + offset
                        reached[here, lane] = min(reached[here, lane], above)
                    node = tree.parent[node]
        for here in range(len(first) - 1):
            for edge in range(first[here], first[here + 1]):
                above, step = top[edge], weight[edge]
                for lane in range(LANES):
                    reached[here, lane] = min(reached[here, lane], reached[above, lane] + step)
        for column in range(len(ends.node)):
            for seed in range(ends.node.shape[1]):
                if ends.node[column, seed] == NO_NODE:
                    continue
                here, offset = place[ends.node[column, seed]], ends.weight[column, seed]
                for lane in range(lanes):
                    through = reached[here, lane] + offset
                    table[begin + lane, column] = min(table[begin + lane, column], through)
    return table


@njit(cache=True, nogil=True)
def climb(
    tree: Tree, weight: NDArray[np.int64], origin: int
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
