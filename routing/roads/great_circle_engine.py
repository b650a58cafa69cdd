"""Travel times without any map: what the straight line lets one expect."""

from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo import great_circle_m
from routing.errors import UnknownMetricError
from routing.roads.access_rule import AccessRule
from routing.roads.engine import (
    BASE,
    RoadPath,
    SnappedPlaces,
    SweepsOfMatrix,
    TravelMatrix,
    check_single,
)
from routing.roads.seeds import NO_NODE
from routing.roads.snapping import checked_positions

SPEEDS = ((3_000.0, 28.0), (12_000.0, 50.0), (40_000.0, 75.0), (np.inf, 105.0))
"""Speed, km/h, on each part of a way: to its first 3 km, on to 12 km, to 40 km, and from there on.
Long ways use faster roads. Fitted to median times by distance: within 6 % of those in Porto from 1
to 50 km of air line and of those in Germany from 8 to 600 km; in Liechtenstein's valley ways of 20
km take a sixth more. Single ways are off by far more. As every further kilometre is as fast as
those before or faster, no way is longer than a way through somewhere else."""

AIR_LINE = AccessRule(
    circuity=1.3, access_kmh=SPEEDS[0][1], terminal_s=120, max_access_m=20_100_000.0
)
"""No place on the earth is farther away than that; the speed is that of the first part."""


class GreatCircleEngine(SweepsOfMatrix):
    """
    A `RoadEngine` that knows no road: air line times 1.3 at the speeds of `SPEEDS`.

    Every answer is an estimate, and every place can be reached, across water too. The path is the
    straight line, flagged as access.

    Parameters
    ----------
    access_rule
        Its circuity and terminal time count.
    """

    is_estimate = True
    metrics = (BASE,)

    def __init__(self, access_rule: AccessRule = AIR_LINE) -> None:
        self.access_rule = access_rule

    def with_metric(self, name: str) -> Self:
        if name != BASE:
            raise UnknownMetricError(
                f"There is no metric {name!r} without a map. Build one: "
                "python -m data.osm build FILE.osm.pbf"
            )
        return self

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces:
        """
        Places where they are, tied to nothing.

        Raises
        ------
        InvalidLocationError
            When a coordinate is not a finite number within its range.
        """
        lon, lat = checked_positions(lon, lat)
        count = len(lon)
        node, weight = np.full((count, 2), NO_NODE, np.int32), np.zeros((count, 2), np.int64)
        return SnappedPlaces(
            lon=lon,
            lat=lat,
            road_lon=lon,
            road_lat=lat,
            straight_m=np.zeros(count),
            access_s=np.full(count, self.access_rule.terminal_s, np.int64),
            access_m=np.zeros(count, np.int64),
            is_off_road=np.zeros(count, np.bool_),
            spot=np.full(count, NO_NODE, np.int32),
            leave_node=node,
            leave_weight=weight,
            enter_node=node,
            enter_weight=weight,
        )

    def matrix(self, sources: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        way_m = self.access_rule.circuity * great_circle_m(
            sources.lon[:, None], sources.lat[:, None], targets.lon, targets.lat
        )
        duration_s = np.ceil(travel_s(way_m)).astype(np.int64)
        duration_s += sources.access_s[:, None] + targets.access_s
        distance_m = np.rint(way_m).astype(np.int64)
        is_same = (sources.lon[:, None] == targets.lon) & (sources.lat[:, None] == targets.lat)
        duration_s[is_same] = distance_m[is_same] = 0
        return TravelMatrix(duration_s, distance_m)

    def path(self, source: SnappedPlaces, target: SnappedPlaces) -> RoadPath | None:
        check_single(target)
        matrix = self.one_to_many(source, target)
        ends = np.array([[place.lon[0], place.lat[0]] for place in (source, target)])
        return RoadPath(
            int(matrix.duration_s[0, 0]),
            int(matrix.distance_m[0, 0]),
            ends,
            np.ones(1, np.bool_),
        )


def travel_s(way_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Seconds that ways of these lengths take by `SPEEDS`, of the same shape."""
    seconds = np.zeros_like(way_m)
    done_m = 0.0
    for up_to_m, speed_kmh in SPEEDS:
        seconds += np.clip(way_m - done_m, 0.0, up_to_m - done_m) / (speed_kmh / 3.6)
        done_m = up_to_m
    return seconds
