"""From places to roads and back: what all engines on a road graph in memory have in common."""

from abc import abstractmethod
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.problem import UNREACHABLE
from routing.roads.access_rule import AccessRule
from routing.roads.course import draw_way
from routing.roads.engine import (
    BASE,
    RoadPath,
    SnappedPlaces,
    SweepsOfMatrix,
    TravelMatrix,
    check_single,
)
from routing.roads.metrics import metrics_of, open_arcs
from routing.roads.road_graph import TOO_LONG, RoadGraph, split_weight
from routing.roads.road_segments import RoadSegments
from routing.roads.seeds import Seeds, Way
from routing.roads.segment_snapping import weights_along
from routing.roads.snapping import Snapper, is_same_position, way_at_same_junction


class PlaceEngine(SweepsOfMatrix):
    """
    A `RoadEngine` for which a subclass finds the ways between nodes.

    A leg takes the access of its two places (which contains the terminal time) and the road between
    them, the latter rounded up to whole seconds. Rounding up keeps the triangle inequality, and
    with it every proof that a place is too far away.

    Parameters
    ----------
    graph
        Junctions and arcs.
    snapper
        Ties places to `segments`, or to the junctions of the graph if there are none.
    segments
        Of the same graph.
    """

    is_estimate = False

    def __init__(
        self, graph: RoadGraph, snapper: Snapper, segments: RoadSegments | None = None
    ) -> None:
        self.graph = graph
        self.segments = segments
        self.metrics = metrics_of(graph)
        self._snapper = snapper
        # `self` is no `Self` to mypy while it is being made.
        self._with_metric: dict[str, Any] = {BASE: self}

    @abstractmethod
    def seed_weights(self, leave: Seeds, enter: Seeds) -> NDArray[np.int64]:
        """(k, l) packed weights of fastest ways between seeds; `TOO_LONG` and more: none."""

    @abstractmethod
    def seed_way(self, leave: Seeds, enter: Seeds) -> Way | None:
        """A fastest way between the seeds of two places (each holds one), or None."""

    @abstractmethod
    def _restricted_to(self, is_open: NDArray[np.bool_]) -> Self:
        """The same engine without the other arcs."""

    @property
    def access_rule(self) -> AccessRule:
        return self._snapper.access_rule

    def with_metric(self, name: str) -> Self:
        if name not in self._with_metric:
            # Of two threads that come at once both make it and one is kept: no lock is needed.
            made = self._restricted_to(open_arcs(self.graph, name))
            self._with_metric.setdefault(name, made)
        return self._with_metric[name]

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces:
        return self._snapper.snap(lon, lat)

    def matrix(self, sources: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        weight = self.seed_weights(sources.leave, targets.enter)
        rows, columns = np.nonzero(sources.spot[:, None] == targets.spot)
        near, there = sources[rows], targets[columns]
        if self.segments is not None:
            along, _ = weights_along(near, there)
            weight[rows, columns] = np.minimum(weight[rows, columns], along)
        road_ms, road_m = split_weight(weight)
        duration_s = -(-road_ms // 1000)
        duration_s += sources.access_s[:, None] + targets.access_s
        distance_m = road_m + (sources.access_m[:, None] + targets.access_m)
        is_apart = weight >= TOO_LONG
        if self.segments is None:
            duration_s[rows, columns], distance_m[rows, columns] = way_at_same_junction(
                near, there, self.access_rule
            )
        else:
            is_same = is_same_position(near, there)
            rows, columns = rows[is_same], columns[is_same]
            duration_s[rows, columns] = distance_m[rows, columns] = 0
        is_apart[rows, columns] = False
        is_apart |= sources.is_off_road[:, None] | targets.is_off_road
        duration_s[is_apart] = UNREACHABLE
        distance_m[is_apart] = UNREACHABLE
        return TravelMatrix(duration_s, distance_m)

    def path(self, source: SnappedPlaces, target: SnappedPlaces) -> RoadPath | None:
        check_single(source)
        check_single(target)
        if source.is_off_road[0] or target.is_off_road[0]:
            return None
        is_at_one_spot = source.spot[0] == target.spot[0]
        if is_same_position(source, target)[0] or (is_at_one_spot and self.segments is None):
            seconds, metres = way_at_same_junction(source, target, self.access_rule)
            ends = np.array([[place.lon[0], place.lat[0]] for place in (source, target)])
            return RoadPath(int(seconds[0]), int(metres[0]), ends, np.ones(1, np.bool_))
        way = self.seed_way(source.leave, target.enter)
        if is_at_one_spot:
            along, direction = weights_along(source, target)
            if way is None or along[0] <= way.weight:
                way = Way(int(along[0]), int(direction[0]), int(direction[0]), None)
        if way is None or way.weight >= TOO_LONG:
            return None
        road_ms, road_m = split_weight(np.array(way.weight))
        lonlat, is_access, stretches = draw_way(self.graph, self.segments, source, target, way)
        return RoadPath(
            duration_s=int(-(-road_ms // 1000) + source.access_s[0] + target.access_s[0]),
            distance_m=int(road_m + source.access_m[0] + target.access_m[0]),
            lonlat=lonlat,
            is_access=is_access,
            stretches=stretches,
        )
