"""Kinds of road that a driver may want to keep off."""

import numpy as np
from numpy.typing import NDArray

from routing.errors import UnknownMetricError
from routing.roads.engine import BASE
from routing.roads.road_graph import RoadGraph

AVOIDED_KINDS = {
    "no_motorway": ("motorway", "motorway_link"),
    "no_ferry": ("ferry",),
    "no_motorway_no_ferry": ("motorway", "motorway_link", "ferry"),
}
"""By metric. `motorroad=yes` on other kinds does not count as motorway."""


def metrics_of(graph: RoadGraph) -> tuple[str, ...]:
    """`BASE`, and the metrics that differ from it because the graph has such roads."""
    count = np.bincount(graph.arc_kind, minlength=len(graph.kinds))
    present = {kind for kind, arcs in zip(graph.kinds, count.tolist(), strict=False) if arcs}
    return (BASE, *(name for name, kinds in AVOIDED_KINDS.items() if present & set(kinds)))


def open_arcs(graph: RoadGraph, metric: str) -> NDArray[np.bool_]:
    """
    Whether each arc of the graph, (m,), may be used.

    Raises
    ------
    UnknownMetricError
        When the graph has no such metric.
    """
    if metric not in metrics_of(graph):
        raise UnknownMetricError(
            f"This map has no metric {metric!r}. It has {', '.join(metrics_of(graph))}."
        )
    avoided = AVOIDED_KINDS.get(metric, ())
    is_open = np.array([kind not in avoided for kind in graph.kinds], np.bool_)
    return is_open[graph.arc_kind]
