"""The road engine of the service: a customised contraction hierarchy."""

from copy import copy
from typing import Self

import numpy as np
from numpy.typing import NDArray

from routing.roads.access_rule import AccessRule
from routing.roads.hierarchy import Hierarchy, Metric, customise, fastest_way, weight_table
from routing.roads.place_engine import PlaceEngine
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import RoadSegments
from routing.roads.seeds import NO_NODE, Seeds, Way
from routing.roads.segment_index import SegmentIndex
from routing.roads.segment_snapping import snapper_of


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
    segments
        What places are tied to; without them, they are tied to junctions.
    segment_index
        From `build_segment_index` on the segments; built here if it is not given.
    metric
        Weights of all roads, from `customise` on the hierarchy and the graph; made here if it is
        not given, in 0.2 s for a million junctions.
    access_rule
        Otherwise `STREETS` with segments and `HIGHWAYS` without.

    Raises
    ------
    InvalidRoadGraphError
        When the parts belong to different graphs.
    """

    def __init__(
        self,
        graph: RoadGraph,
        hierarchy: Hierarchy,
        segments: RoadSegments | None = None,
        segment_index: SegmentIndex | None = None,
        access_rule: AccessRule | None = None,
        metric: Metric | None = None,
    ) -> None:
        super().__init__(graph, snapper_of(graph, segments, segment_index, access_rule), segments)
        self._rank = hierarchy.rank
        if metric is not None:
            hierarchy.check_belongs_to(graph)
            metric.check_belongs_to(graph)
        self._metric = customise(hierarchy, graph) if metric is None else metric

    @property
    def metric_bytes(self) -> int:
        """
        Memory that each metric takes beside the map, 120 MB for a million junctions.

        The hierarchy, the roads and their index are shared by all metrics, and by all processes
        that map them from files.
        """
        return self._metric.nbytes

    def _restricted_to(self, is_open: NDArray[np.bool_]) -> Self:
        other = copy(self)
        other._metric = customise(self._metric.hierarchy, self.graph, is_open)
        return other

    def seed_weights(self, leave: Seeds, enter: Seeds) -> NDArray[np.int64]:
        return weight_table(self._metric, self._ranked(leave), self._ranked(enter))

    def seed_way(self, leave: Seeds, enter: Seeds) -> Way | None:
        return fastest_way(self._metric, self._ranked(leave), self._ranked(enter))

    def _ranked(self, seeds: Seeds) -> Seeds:
        rank = np.where(seeds.node == NO_NODE, NO_NODE, self._rank[seeds.node])
        return Seeds(rank, seeds.weight)
