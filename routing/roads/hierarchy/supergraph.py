"""
The hierarchy of a road graph, which depends on who is next to whom and not on speeds.

Customizable contraction hierarchies (Dibbelt, Strasser and Wagner 2016): contract the nodes in the
order of a nested dissection, joining the neighbours that remain. What results is a chordal graph;
every node's neighbours above it are its ancestors in a tree, the elimination tree.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.errors import InvalidRoadGraphError
from routing.roads.frozen_arrays import freeze_arrays
from routing.roads.hierarchy.dissection import nested_dissection_order
from routing.roads.road_graph import RoadGraph

LOOP = -1
"""Edge of an arc that leads from a node to itself and is never of use."""


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """
    Ranks of the nodes and the edges from each node to the ones above it.

    Nodes are called by their rank from 0, contracted first, to n - 1. All arrays are made
    read-only; they may lie in files mapped into memory.

    Parameters
    ----------
    rank
        (n,) int32, rank of each node of the graph.
    first_edge
        (n + 1,) int64, the edges of rank r are those from `first_edge[r]` to `first_edge[r + 1]`.
    edge_top
        (e,) int32, the upper end of each edge, ascending within a rank.
    arc_edge
        (m,) int32, the edge over each arc of the graph, or `LOOP`.

    Raises
    ------
    InvalidRoadGraphError
        When the arrays do not fit together.
    """

    rank: NDArray[np.int32]
    first_edge: NDArray[np.int64]
    edge_top: NDArray[np.int32]
    arc_edge: NDArray[np.int32]

    def __post_init__(self) -> None:
        dtypes = (np.int32, np.int64, np.int32, np.int32)
        freeze_arrays(self, dict(zip(self.__slots__, dtypes, strict=True)))
        # Compiled code does not check its indices: a damaged file must not get past this point.
        if not (
            len(self.first_edge) == self.node_count + 1
            and _is_permutation(self.rank)
            and _are_edges_in_order(self.first_edge, self.edge_top)
            and ((self.arc_edge >= LOOP) & (self.arc_edge < self.edge_count)).all()
        ):
            raise InvalidRoadGraphError(
                f"The arrays of a hierarchy of {self.node_count} nodes contradict each other. "
                "Build it anew."
            )

    @property
    def node_count(self) -> int:
        return len(self.rank)

    @property
    def edge_count(self) -> int:
        return len(self.edge_top)

    def parent(self) -> NDArray[np.int32]:
        """(n,) rank of the lowest neighbour above each node, -1 at the roots."""
        has_parent = np.diff(self.first_edge) > 0
        parent = np.full(self.node_count, -1, np.int32)
        parent[has_parent] = self.edge_top[self.first_edge[:-1][has_parent]]
        return parent

    def check_belongs_to(self, graph: RoadGraph) -> None:
        """
        Raises
        ------
        InvalidRoadGraphError
            When an arc of the graph is not where the hierarchy has its edge.
        """
        if not (
            self.node_count == graph.node_count
            and len(self.arc_edge) == graph.arc_count
            and _is_edge_over_each_arc(
                self.rank,
                self.first_edge,
                self.edge_top,
                self.arc_edge,
                graph.arc_tail,
                graph.arc_head,
            )
        ):
            raise InvalidRoadGraphError(
                "The hierarchy was built for another road graph than this one of "
                f"{graph.node_count} junctions and {graph.arc_count} arcs. Build it anew."
            )


@njit(cache=True, nogil=True)
def _is_permutation(rank: NDArray[np.int32]) -> bool:
    seen = np.zeros(len(rank), np.bool_)
    for place in rank:
        if place < 0 or place >= len(rank) or seen[place]:
            return False
        seen[place] = True
    return True


@njit(cache=True, nogil=True)
def _are_edges_in_order(first_edge: NDArray[np.int64], edge_top: NDArray[np.int32]) -> bool:
    """Whether the edges of each node lead to higher ones, in ascending order."""
    nodes = len(first_edge) - 1
    if first_edge[0] != 0 or first_edge[nodes] != len(edge_top):
        return False
    for node in range(nodes):
        # Whoever ends beyond the last edge is found out before any of them is read.
        if first_edge[node + 1] < first_edge[node] or first_edge[node + 1] > len(edge_top):
            return False
        below = node
        for edge in range(first_edge[node], first_edge[node + 1]):
            if edge_top[edge] <= below or edge_top[edge] >= nodes:
                return False
            below = edge_top[edge]
    return True


@njit(cache=True, nogil=True)
def _is_edge_over_each_arc(
    rank: NDArray[np.int32],
    first_edge: NDArray[np.int64],
    edge_top: NDArray[np.int32],
    arc_edge: NDArray[np.int32],
    tail: NDArray[np.int32],
    head: NDArray[np.int32],
) -> bool:
    for arc in range(len(arc_edge)):
        low = min(rank[tail[arc]], rank[head[arc]])
        high = max(rank[tail[arc]], rank[head[arc]])
        edge = arc_edge[arc]
        if edge == LOOP:
            if low != high:
                return False
        elif (
            low == high
            or edge_top[edge] != high
            or edge < first_edge[low]
            or edge >= first_edge[low + 1]
        ):
            return False
    return True


def build_hierarchy(
    graph: RoadGraph, progress: Callable[[int, int], None] | None = None
) -> Hierarchy:
    """
    Order the nodes of a road graph and contract them.

    `progress` is called now and then with the number of nodes in order, which is most of the work,
    and of all.
    """
    order = nested_dissection_order(
        graph.node_lon, graph.node_lat, graph.arc_tail, graph.arc_head, progress
    )
    rank = np.empty(graph.node_count, np.int32)
    rank[order] = np.arange(graph.node_count, dtype=np.int32)
    tail, head = rank[graph.arc_tail], rank[graph.arc_head]
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    by_low = np.argsort(low, kind="stable")
    first_link = np.zeros(graph.node_count + 1, np.int64)
    np.cumsum(np.bincount(low, minlength=graph.node_count), out=first_link[1:])
    first_edge, edge_top = _contract(first_link, high[by_low])
    return Hierarchy(rank, first_edge, edge_top, _edges_of(low, high, first_edge, edge_top))


@njit(cache=True, nogil=True)
def _contract(
    first_link: NDArray[np.int64], link_top: NDArray[np.int32]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """
    Edges of the chordal graph, from the links to higher nodes.

    The neighbours above a node are those it has in the graph and those of its children in the
    elimination tree, without the node itself.
    """
    nodes = len(first_link) - 1
    first_edge = np.zeros(nodes + 1, np.int64)
    edge_top = np.empty(max(2 * len(link_top), 16), np.int32)
    first_child = np.full(nodes, -1, np.int32)
    next_sibling = np.full(nodes, -1, np.int32)
    seen_by = np.full(nodes, -1, np.int32)
    end = 0
    for node in range(nodes):
        begin = end
        seen_by[node] = node
        if end + nodes - node > len(edge_top):
            grown = np.empty(2 * len(edge_top) + nodes - node, np.int32)
            grown[:end] = edge_top[:end]
            edge_top = grown
        for link in range(first_link[node], first_link[node + 1]):
            top = link_top[link]
            if seen_by[top] != node:
                seen_by[top] = node
                edge_top[end] = top
                end += 1
        child = first_child[node]
        while child != -1:
            for edge in range(first_edge[child], first_edge[child + 1]):
                top = edge_top[edge]
                if seen_by[top] != node:
                    seen_by[top] = node
                    edge_top[end] = top
                    end += 1
            child = next_sibling[child]
        first_edge[node + 1] = end
        if end > begin:
            edge_top[begin:end].sort()
            parent = edge_top[begin]
            next_sibling[node] = first_child[parent]
            first_child[parent] = node
    return first_edge, edge_top[:end].copy()


@njit(cache=True, nogil=True)
def _edges_of(
    low: NDArray[np.int32],
    high: NDArray[np.int32],
    first_edge: NDArray[np.int64],
    edge_top: NDArray[np.int32],
) -> NDArray[np.int32]:
    """Edge between the two ends of every arc."""
    edges = np.empty(len(low), np.int32)
    for arc in range(len(low)):
        if low[arc] == high[arc]:
            edges[arc] = LOOP
        else:
            edges[arc] = find_edge(first_edge, edge_top, low[arc], high[arc])
    return edges


@njit(cache=True, nogil=True)
def find_edge(
    first_edge: NDArray[np.int64], edge_top: NDArray[np.int32], low: int, high: int
) -> int:
    """The edge from rank `low` up to rank `high`, which must exist."""
    begin: int = first_edge[low]
    end: int = first_edge[low + 1]
    while end - begin > 1:
        middle = (begin + end) // 2
        if edge_top[middle] <= high:
            begin = middle
        else:
            end = middle
    return begin
