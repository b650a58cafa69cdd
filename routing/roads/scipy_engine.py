"""A road engine without preparation: Dijkstra's algorithm from scipy."""

from copy import copy
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.roads.access_rule import AccessRule
from routing.roads.place_engine import PlaceEngine
from routing.roads.road_graph import TOO_LONG, RoadGraph
from routing.roads.road_segments import RoadSegments
from routing.roads.seeds import NO_NODE, Seeds, Way
from routing.roads.segment_snapping import snapper_of


class ScipyEngine(PlaceEngine):
    """
    Fastest ways by one search over the whole graph per place.

    Ready at once, and exact: packed weights below `TOO_LONG` are whole numbers in float64. For
    small graphs, for isochrones and as the measure of the faster engine.

    Parameters
    ----------
    graph
        Junctions and arcs.
    segments
        What places are tied to; without them, they are tied to junctions.
    access_rule
        Otherwise `STREETS` with segments and `HIGHWAYS` without.
    """

    def __init__(
        self,
        graph: RoadGraph,
        segments: RoadSegments | None = None,
        access_rule: AccessRule | None = None,
    ) -> None:
        super().__init__(graph, snapper_of(graph, segments, None, access_rule), segments)
        self._network = _network(graph, np.arange(graph.arc_count))

    def _restricted_to(self, is_open: NDArray[np.bool_]) -> Self:
        other = copy(self)
        other._network = _network(self.graph, np.flatnonzero(is_open))
        return other

    def seed_weights(self, leave: Seeds, enter: Seeds) -> NDArray[np.int64]:
        if len(leave.node) > len(enter.node):
            return _search(self._network.backward, enter, leave).T
        return _search(self._network.forward, leave, enter)

    def seed_way(self, leave: Seeds, enter: Seeds) -> Way | None:
        best: Way | None = None
        for column, source in enumerate(leave.node[0].tolist()):
            if source == NO_NODE:
                continue
            reached, before = dijkstra(
                self._network.forward, indices=source, return_predecessors=True
            )
            for other, target in enumerate(enter.node[0].tolist()):
                if target == NO_NODE or not reached[target] < TOO_LONG:
                    continue
                ends = int(leave.weight[0, column] + enter.weight[0, other])
                weight = int(reached[target]) + ends
                if best is None or weight < best.weight:
                    arcs = self._network.arcs_to(target, source, before)
                    best = Way(weight, column, other, arcs)
        return best


class _Network(NamedTuple):
    """Weights by tail and head, both ways round, and the arcs they are taken from."""

    forward: csr_array
    backward: csr_array
    arc: NDArray[np.int64]

    def arcs_to(self, target: int, source: int, before: NDArray[np.int32]) -> NDArray[np.int64]:
        arcs = []
        while target != source:
            tail = int(before[target])
            first, end = self.forward.indptr[tail], self.forward.indptr[tail + 1]
            position = first + np.searchsorted(self.forward.indices[first:end], target)
            arcs.append(self.arc[position])
            target = tail
        return np.array(arcs[::-1], dtype=np.int64)


def _network(graph: RoadGraph, arc: NDArray[np.int64]) -> _Network:
    """The lightest of parallel arcs counts; scipy would add them. Arcs of weight 0 are kept."""
    weight, tail, head = graph.arc_weight[arc], graph.arc_tail[arc], graph.arc_head[arc]
    order = np.lexsort((weight, head, tail))
    weight, tail, head, arc = weight[order], tail[order], head[order], arc[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    ends = (tail[is_first], head[is_first])
    shape = (graph.node_count, graph.node_count)
    forward = csr_array((weight[is_first].astype(np.float64), ends), shape=shape)
    return _Network(forward, forward.T.tocsr(), arc[is_first])


def _search(adjacency: csr_array, origins: Seeds, ends: Seeds) -> NDArray[np.int64]:
    table = np.full((len(origins.node), len(ends.node)), TOO_LONG, np.int64)
    # One at a time: scipy holds a number per node of the graph for every search.
    for origin in np.unique(origins.node[origins.node != NO_NODE]):
        reached = dijkstra(adjacency, indices=origin)
        by_end = np.full(len(ends.node), TOO_LONG, np.int64)
        for column in range(ends.node.shape[1]):
            node = ends.node[:, column]
            is_there = (node != NO_NODE) & (reached[node] < TOO_LONG)
            through = reached[node[is_there]].astype(np.int64) + ends.weight[is_there, column]
            by_end[is_there] = np.minimum(by_end[is_there], through)
        for row, column in zip(*np.nonzero(origins.node == origin), strict=True):
            table[row] = np.minimum(table[row], by_end + origins.weight[row, column])
    return table
