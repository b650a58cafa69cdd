"""Weights for the edges of a hierarchy: customisation."""

from dataclasses import dataclass, field

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.errors import InvalidRoadGraphError
from routing.roads.frozen_arrays import freeze_arrays
from routing.roads.hierarchy.supergraph import LOOP, Hierarchy
from routing.roads.road_graph import RoadGraph

NO_WAY = 2**60
"""Weight where there is no way. The sum of two still fits an int64."""

NO_ARC = -(2**31)
"""In `Metric.up_via` and `down_via`: nothing leads along the edge in this direction."""


STORED_ARRAYS = ("up_weight", "down_weight", "up_via", "down_via")
"""Arrays of a `Metric` from which, with its hierarchy, it can be made again."""


@dataclass(frozen=True, slots=True, eq=False)
class Metric:
    """
    The least weight along every edge of a hierarchy, over nodes that rank below the edge.

    Read-only, so that any number of threads may ask it. The `STORED_ARRAYS` take 24 bytes an edge,
    about 110 MB for a million junctions, and may lie in files mapped into memory, which processes
    share; the other two take 8 bytes a node.

    Parameters
    ----------
    hierarchy
        Ranks and edges.
    up_weight, down_weight
        (e,) int64, from the lower end of each edge to the upper one and back. `NO_WAY` if none.
    up_via, down_via
        (e,) int32, what gives that weight: the rank of the node passed, or `~arc` for an arc of
        the graph, or `NO_ARC`.
    parent, depth
        (n,) int32, elimination tree: the node above (-1: none), and the number of nodes above.

    Raises
    ------
    InvalidRoadGraphError
        When the arrays do not fit together.
    """

    hierarchy: Hierarchy
    up_weight: NDArray[np.int64]
    down_weight: NDArray[np.int64]
    up_via: NDArray[np.int32]
    down_via: NDArray[np.int32]
    parent: NDArray[np.int32] = field(init=False)
    depth: NDArray[np.int32] = field(init=False)

    def __post_init__(self) -> None:
        parent = self.hierarchy.parent()
        object.__setattr__(self, "parent", parent)
        object.__setattr__(self, "depth", _depth(parent))
        dtypes = (np.int64, np.int64, np.int32, np.int32, np.int32, np.int32)
        freeze_arrays(self, dict(zip(self.__slots__[1:], dtypes, strict=True)))
        # Compiled code does not check its indices: a damaged file must not get past this point.
        edges, arcs = self.hierarchy.edge_count, len(self.hierarchy.arc_edge)
        if not all(
            len(weight) == len(via) == edges and _fits(self.hierarchy.first_edge, weight, via, arcs)
            for weight, via in (
                (self.up_weight, self.up_via),
                (self.down_weight, self.down_via),
            )
        ):
            raise InvalidRoadGraphError(
                f"The weights of a hierarchy of {edges} edges contradict it. Build it anew."
            )

    @property
    def nbytes(self) -> int:
        """Bytes of its own arrays, those of the hierarchy not counted."""
        return sum(getattr(self, name).nbytes for name in self.__slots__[1:])

    def check_belongs_to(self, graph: RoadGraph) -> None:
        """
        Raises
        ------
        InvalidRoadGraphError
            When an edge that stands for an arc of the graph has another weight.
        """
        arc_edge, arc_weight = self.hierarchy.arc_edge, graph.arc_weight
        if len(arc_edge) != len(arc_weight) or not (
            _are_arcs(self.up_weight, self.up_via, arc_edge, arc_weight)
            and _are_arcs(self.down_weight, self.down_via, arc_edge, arc_weight)
        ):
            raise InvalidRoadGraphError(
                "The weights of the hierarchy were made from another road graph than this one of "
                f"{graph.node_count} junctions and {graph.arc_count} arcs. Build it anew."
            )


def customise(
    hierarchy: Hierarchy, graph: RoadGraph, is_open: NDArray[np.bool_] | None = None
) -> Metric:
    """
    Weigh the edges of a hierarchy by the arcs of its graph, or by those that are open.

    Takes time in proportion to the triangles of the hierarchy: about 0.2 s for a million nodes.

    Raises
    ------
    InvalidRoadGraphError
        When the hierarchy belongs to another graph.
    """
    hierarchy.check_belongs_to(graph)
    arc_weight = graph.arc_weight
    if is_open is not None:
        arc_weight[~is_open] = NO_WAY
    arc_is_up = hierarchy.rank[graph.arc_tail] < hierarchy.rank[graph.arc_head]
    return Metric(
        hierarchy,
        *_customise(
            hierarchy.first_edge, hierarchy.edge_top, hierarchy.arc_edge, arc_is_up, arc_weight
        ),
    )


@njit(cache=True, nogil=True)
def _fits(
    first_edge: NDArray[np.int64], weight: NDArray[np.int64], via: NDArray[np.int32], arcs: int
) -> bool:
    """Whether every edge leads over a node below it, or stands for an arc, or has no weight."""
    for node in range(len(first_edge) - 1):
        for edge in range(first_edge[node], first_edge[node + 1]):
            if weight[edge] < 0 or weight[edge] > NO_WAY or via[edge] >= node:
                return False
            is_none = via[edge] == NO_ARC
            if is_none != (weight[edge] == NO_WAY) or (not is_none and ~via[edge] >= arcs):
                return False
    return True


@njit(cache=True, nogil=True)
def _are_arcs(
    weight: NDArray[np.int64],
    via: NDArray[np.int32],
    arc_edge: NDArray[np.int32],
    arc_weight: NDArray[np.int64],
) -> bool:
    for edge in range(len(via)):
        if via[edge] < 0 and via[edge] != NO_ARC:
            arc = ~via[edge]
            if arc_edge[arc] != edge or arc_weight[arc] != weight[edge]:
                return False
    return True


@njit(cache=True, nogil=True)
def _depth(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    depth = np.zeros(len(parent), np.int32)
    for node in range(len(parent) - 1, -1, -1):
        if parent[node] != -1:
            depth[node] = depth[parent[node]] + 1
    return depth


@njit(cache=True, nogil=True)
def _customise(
    first_edge: NDArray[np.int64],
    edge_top: NDArray[np.int32],
    arc_edge: NDArray[np.int32],
    arc_is_up: NDArray[np.bool_],
    arc_weight: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    edges = len(edge_top)
    up_weight = np.full(edges, NO_WAY, np.int64)
    down_weight = np.full(edges, NO_WAY, np.int64)
    up_via = np.full(edges, NO_ARC, np.int32)
    down_via = np.full(edges, NO_ARC, np.int32)
    for arc in range(len(arc_edge)):
        edge = arc_edge[arc]
        if edge == LOOP:
            continue
        if arc_is_up[arc]:
            if arc_weight[arc] < up_weight[edge]:
                up_weight[edge] = arc_weight[arc]
                up_via[edge] = ~arc
        elif arc_weight[arc] < down_weight[edge]:
            down_weight[edge] = arc_weight[arc]
            down_via[edge] = ~arc
    # A node and two of its upper neighbours form a triangle. Going through the nodes upwards, the
    # two edges at the lowest node are final when they are used for the one opposite.
    for node in range(len(first_edge) - 1):
        end = first_edge[node + 1]
        for side in range(first_edge[node], end):
            up, down = up_weight[side], down_weight[side]
            if up == NO_WAY and down == NO_WAY:
                continue
            opposite = first_edge[edge_top[side]]
            for other in range(side + 1, end):
                while edge_top[opposite] != edge_top[other]:
                    opposite += 1
                through = down + up_weight[other]
                if through < up_weight[opposite]:
                    up_weight[opposite] = through
                    up_via[opposite] = node
                through = down_weight[other] + up
                if through < down_weight[opposite]:
                    down_weight[opposite] = through
                    down_via[opposite] = node
    return up_weight, down_weight, up_via, down_via
