"""From places to junctions and back: what all engines on a road graph in memory have in common."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.engine import RoadPath, SnappedPlaces, TravelMatrix
from routing.problem import UNREACHABLE
from routing.road_graph import TOO_LONG, RoadGraph, split_weight
from routing.snapping import TERMINAL_S, JunctionIndex, way_at_same_junction


class PlaceEngine(ABC):
    """
    A `RoadEngine` for which a subclass finds the ways between junctions.

    A leg takes the access of its two places (which contains the terminal time) and the road
    between their junctions, the latter rounded up to whole seconds. Rounding up keeps the triangle
    inequality, and with it every proof that a place is too far away.

    Parameters
    ----------
    graph
        Junctions and arcs.
    terminal_s
        See `JunctionIndex`.
    """

    def __init__(self, graph: RoadGraph, terminal_s: int = TERMINAL_S) -> None:
        self.graph = graph
        self._junctions = JunctionIndex(graph, terminal_s)

    @abstractmethod
    def node_weights(
        self, sources: NDArray[np.int32], targets: NDArray[np.int32]
    ) -> NDArray[np.int64]:
        """(k, l) packed weights of fastest ways between junctions; `TOO_LONG` and more: none."""

    @abstractmethod
    def node_path(self, source: int, target: int) -> tuple[int, NDArray[np.int64]] | None:
        """Packed weight and junctions of a fastest way between two junctions, or None."""

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces:
        return self._junctions.snap(lon, lat)

    def matrix(self, sources: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        weight = self.node_weights(sources.node_index, targets.node_index)
        road_ms, road_m = split_weight(weight)
        duration_s = -(-road_ms // 1000)
        duration_s += sources.access_s[:, None] + targets.access_s
        distance_m = road_m + (sources.access_m[:, None] + targets.access_m)
        rows, columns = np.nonzero(sources.node_index[:, None] == targets.node_index)
        duration_s[rows, columns], distance_m[rows, columns] = way_at_same_junction(
            sources[rows], targets[columns], self._junctions.terminal_s
        )
        is_apart = (weight >= TOO_LONG) | sources.is_off_road[:, None] | targets.is_off_road
        duration_s[is_apart] = UNREACHABLE
        distance_m[is_apart] = UNREACHABLE
        return TravelMatrix(duration_s, distance_m)

    def one_to_many(self, source: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        _check_single(source)
        return self.matrix(source, targets)

    def many_to_one(self, sources: SnappedPlaces, target: SnappedPlaces) -> TravelMatrix:
        _check_single(target)
        return self.matrix(sources, target)

    def path(self, source: SnappedPlaces, target: SnappedPlaces) -> RoadPath | None:
        _check_single(source)
        _check_single(target)
        if source.is_off_road[0] or target.is_off_road[0]:
            return None
        ends = [np.column_stack((place.lon, place.lat)) for place in (source, target)]
        if source.node_index[0] == target.node_index[0]:
            seconds, metres = way_at_same_junction(source, target, self._junctions.terminal_s)
            return RoadPath(int(seconds[0]), int(metres[0]), np.vstack(ends), np.ones(1, np.bool_))
        found = self.node_path(int(source.node_index[0]), int(target.node_index[0]))
        if found is None or found[0] >= TOO_LONG:
            return None
        weight, nodes = found
        road_ms, road_m = split_weight(np.array(weight))
        road_lonlat = np.column_stack((self.graph.node_lon[nodes], self.graph.node_lat[nodes]))
        is_access = np.zeros(len(nodes) + 1, np.bool_)
        is_access[[0, -1]] = True
        return RoadPath(
            duration_s=int(-(-road_ms // 1000) + source.access_s[0] + target.access_s[0]),
            distance_m=int(road_m + source.access_m[0] + target.access_m[0]),
            lonlat=np.vstack((ends[0], road_lonlat, ends[1])),
            is_access=is_access,
        )


def _check_single(places: SnappedPlaces) -> None:
    if len(places) != 1:
        raise ValueError(f"One place is needed here, not {len(places)}.")
