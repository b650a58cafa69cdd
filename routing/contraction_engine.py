"""The road engine of the service: a customised contraction hierarchy."""

import numpy as np
from numpy.typing import NDArray

from routing.hierarchy import Hierarchy, arc_path, customise, weight_table
from routing.place_engine import PlaceEngine
from routing.road_graph import RoadGraph
from routing.snapping import TERMINAL_S


class ContractionEngine(PlaceEngine):
    """
    Fastest ways by a hierarchy that was built once for the graph.

    Safe to share between threads: a query writes to nothing but its own arrays, and releases the
    lock of the interpreter.

    Parameters
    ----------
    graph
        Junctions and arcs. Other weights on the same arcs take only a new engine, since the
        hierarchy does not depend on them.
    hierarchy
        From `build_hierarchy` on a graph with the same arcs.
    terminal_s
        Seconds at either end of a leg.

    Raises
    ------
    InvalidRoadGraphError
        When the hierarchy belongs to another graph.
    """

    def __init__(
        self, graph: RoadGraph, hierarchy: Hierarchy, terminal_s: int = TERMINAL_S
    ) -> None:
        super().__init__(graph, terminal_s)
        self._rank = hierarchy.rank
        self._metric = customise(hierarchy, graph)
        self._arc_weight = graph.arc_weight

    def node_weights(
        self, sources: NDArray[np.int32], targets: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        return weight_table(self._metric, self._rank[sources], self._rank[targets])

    def node_path(self, source: int, target: int) -> tuple[int, NDArray[np.int64]] | None:
        arcs = arc_path(self._metric, int(self._rank[source]), int(self._rank[target]))
        if arcs is None:
            return None
        weight = int(self._arc_weight[arcs].sum())
        return weight, np.append(self.graph.arc_tail[arcs], target).astype(np.int64)
