"""A road engine without preparation: Dijkstra's algorithm from scipy."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from routing.place_engine import PlaceEngine
from routing.road_graph import TOO_LONG, RoadGraph
from routing.snapping import TERMINAL_S


class ScipyEngine(PlaceEngine):
    """
    Fastest ways by one search over the whole graph per place.

    Ready at once, and exact: packed weights below `TOO_LONG` are whole numbers in float64. For
    small graphs, for isochrones and as the measure of the faster engine.

    Parameters
    ----------
    graph
        Junctions and arcs.
    terminal_s
        Seconds at either end of a leg.
    """

    def __init__(self, graph: RoadGraph, terminal_s: int = TERMINAL_S) -> None:
        super().__init__(graph, terminal_s)
        self._forward = _adjacency(graph)
        self._backward = self._forward.T.tocsr()

    def node_weights(
        self, sources: NDArray[np.int32], targets: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        if len(sources) > len(targets):
            return _search(self._backward, targets, sources).T
        return _search(self._forward, sources, targets)

    def node_path(self, source: int, target: int) -> tuple[int, NDArray[np.int64]] | None:
        weight, before = dijkstra(self._forward, indices=source, return_predecessors=True)
        if not np.isfinite(weight[target]):
            return None
        nodes = [target]
        while nodes[-1] != source:
            nodes.append(int(before[nodes[-1]]))
        return int(weight[target]), np.array(nodes[::-1])


def _adjacency(graph: RoadGraph) -> csr_array:
    """Weights by tail and head. The lightest of parallel arcs counts; scipy would add them."""
    order = np.lexsort((graph.arc_weight, graph.arc_head, graph.arc_tail))
    tail, head = graph.arc_tail[order], graph.arc_head[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    weight = graph.arc_weight[order].astype(np.float64)
    shape = (graph.node_count, graph.node_count)
    return csr_array((weight[is_first], (tail[is_first], head[is_first])), shape=shape)


def _search(
    adjacency: csr_array, origins: NDArray[np.int32], ends: NDArray[np.int32]
) -> NDArray[np.int64]:
    distinct, row = np.unique(origins, return_inverse=True)
    table = np.empty((len(distinct), len(ends)), np.int64)
    # One at a time: scipy holds a number per node of the graph for every search.
    for k, origin in enumerate(distinct):
        weight = dijkstra(adjacency, indices=origin)[ends]
        table[k] = np.where(weight < TOO_LONG, weight, TOO_LONG)
    return table[row]
