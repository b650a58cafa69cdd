"""A single fastest way by a weighted hierarchy, arc by arc. Nodes are ranks here."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.roads.hierarchy.metric import NO_WAY, Metric
from routing.roads.hierarchy.query import Tree, climb, tree_of
from routing.roads.hierarchy.supergraph import find_edge
from routing.roads.seeds import NO_NODE, Seeds, Way


def fastest_way(metric: Metric, source: Seeds, target: Seeds) -> Way | None:
    """
    The arcs of the graph along a fastest way between two places (each holds one).

    Returns
    -------
    None if there is no way. Of the seeds that give equal weights the first counts.
    """
    tree = tree_of(metric)
    # From `NO_NODE`, which is passed over below, a climb is empty.
    ups = [climb(tree, metric.up_weight, node) for node in source.node[0]]
    downs = [climb(tree, metric.down_weight, node) for node in target.node[0]]
    best = None
    for leave, (climbed, before) in enumerate(ups):
        for enter, (descent, after) in enumerate(downs):
            start, end = source.node[0, leave], target.node[0, enter]
            if start == NO_NODE or end == NO_NODE:
                continue
            between, turn = _turning_point(tree, climbed, descent, start, end)
            weight = int(between + source.weight[0, leave] + target.weight[0, enter])
            if turn != -1 and (best is None or weight < best[0]):
                best = weight, leave, enter, (before, after, start, turn, end)
    if best is None:
        return None
    weight, leave, enter, course = best
    return Way(weight, leave, enter, _unpack(tree, metric.up_via, metric.down_via, *course))


@njit(cache=True, nogil=True)
def _turning_point(
    tree: Tree,
    climbed: NDArray[np.int64],
    descent: NDArray[np.int64],
    source: int,
    target: int,
) -> tuple[int, int]:
    """Weight and highest node of a fastest way, `NO_WAY` and -1 if there is no way."""
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
    return best, turn


@njit(cache=True, nogil=True)
def _unpack(
    tree: Tree,
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
    return np.array(arcs, dtype=np.int64)
