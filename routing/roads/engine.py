"""What every road engine can do, whatever it is built on."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.problem import UNREACHABLE
from routing.roads.access_rule import AccessRule
from routing.roads.seeds import Seeds

BASE = "base"
"""The metric of all roads."""


@dataclass(frozen=True, slots=True, eq=False)
class SnappedPlaces:
    """
    Places tied to the road network. They are good for every metric of a map.

    Parameters
    ----------
    lon, lat
        (k,) float64, where the places really are.
    road_lon, road_lat
        (k,) float64, where they meet the road.
    straight_m
        (k,) float64, straight line between the two.
    access_s, access_m
        (k,) int64, the estimated way between the two; it is driven at the start and at the end of
        every leg and is labelled `access`, since no road is known there.
    is_off_road
        (k,) bool, farther from any road than `AccessRule.max_access_m`: unreachable for every
        query.
    spot
        (k,) int32, what the places are tied to: a segment, or a junction where the map has no
        segments.
    leave_node, enter_node
        (k, 2) int32, the node after a place when it is left, and the last one before it is
        entered, along the segment (column `FORWARD`) and against it (`BACKWARD`); -1 where that
        direction may not be driven. A place at a junction has column 0 only.
    leave_weight, enter_weight
        (k, 2) int64, packed weights between the place and those nodes; 0 where there is none.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    road_lon: NDArray[np.float64]
    road_lat: NDArray[np.float64]
    straight_m: NDArray[np.float64]
    access_s: NDArray[np.int64]
    access_m: NDArray[np.int64]
    is_off_road: NDArray[np.bool_]
    spot: NDArray[np.int32]
    leave_node: NDArray[np.int32]
    leave_weight: NDArray[np.int64]
    enter_node: NDArray[np.int32]
    enter_weight: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lon)

    def __getitem__(self, index: ArrayLike | slice) -> "SnappedPlaces":
        """The places at the given indices, in that order; always an array, also for one."""
        pick = index if isinstance(index, slice) else np.atleast_1d(np.asarray(index))
        return SnappedPlaces(*(getattr(self, name)[pick] for name in self.__slots__))

    @classmethod
    def concatenate(cls, *parts: "SnappedPlaces") -> "SnappedPlaces":
        return cls(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__)
        )

    @property
    def leave(self) -> Seeds:
        return Seeds(self.leave_node, self.leave_weight)

    @property
    def enter(self) -> Seeds:
        return Seeds(self.enter_node, self.enter_weight)


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrix:
    """
    Fastest ways between places.

    Parameters
    ----------
    duration_s, distance_m
        (k, l) int64, row = from, column = to, access at both ends included. The distance is that
        of the fastest way. `UNREACHABLE` in both where no road leads there. A place to itself is 0.
    """

    duration_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]

    @property
    def is_reachable(self) -> NDArray[np.bool_]:
        return self.duration_s < UNREACHABLE


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    A part of a way along which the name of the road does not change.

    Parameters
    ----------
    name
        Of the street, or empty.
    kind
        Of the road, where it changes that of the longest part.
    first_point
        Index into `RoadPath.lonlat` of the point where the stretch begins.
    distance_m, duration_s
        Those of all stretches add up to the way without access, the duration before it was rounded
        up to seconds.
    """

    name: str
    kind: str
    first_point: int
    distance_m: int
    duration_s: float


@dataclass(frozen=True, slots=True, eq=False)
class RoadPath:
    """
    One fastest way.

    Parameters
    ----------
    lonlat
        (p, 2) float64, from the place along the roads to the other place.
    is_access
        (p - 1,) bool, which pieces are estimated access and no known road.
    stretches
        The roads, in order; access is in none of them.
    """

    duration_s: int
    distance_m: int
    lonlat: NDArray[np.float64]
    is_access: NDArray[np.bool_]
    stretches: tuple[Stretch, ...] = ()


class RoadEngine(Protocol):
    """
    Fastest ways on one road network. Safe to share between threads.

    All answers of one engine agree with each other: `path` has the duration and distance that
    `matrix` says, and `one_to_many` and `many_to_one` are a row and a column of it.
    """

    @property
    def access_rule(self) -> AccessRule:
        """What ways off the road take."""
        ...

    @property
    def metrics(self) -> tuple[str, ...]:
        """What `with_metric` takes: `BASE`, and `no_motorway` and the like if there are any."""
        ...

    @property
    def is_estimate(self) -> bool:
        """Whether no road is known at all, so that every answer is an estimate."""
        ...

    def with_metric(self, name: str) -> "RoadEngine":
        """
        The engine of the same map that keeps off some kinds of road. Made once.

        Raises
        ------
        UnknownMetricError
            When the name is not in `metrics`.
        """
        ...

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces: ...

    def matrix(self, sources: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix: ...

    def one_to_many(self, source: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        """(1, l), meant for very many targets; `source` holds one place."""
        ...

    def many_to_one(self, sources: SnappedPlaces, target: SnappedPlaces) -> TravelMatrix:
        """(k, 1), meant for very many sources; `target` holds one place."""
        ...

    def path(self, source: SnappedPlaces, target: SnappedPlaces) -> RoadPath | None:
        """The fastest way between two places (each holds one), or None if there is none."""
        ...


def check_single(places: SnappedPlaces) -> None:
    """
    Raises
    ------
    ValueError
        When there is not exactly one place.
    """
    if len(places) != 1:
        raise ValueError(f"One place is needed here, not {len(places)}.")


class SweepsOfMatrix(ABC):
    """For engines whose matrix is as good for one row or one column as for many."""

    @abstractmethod
    def matrix(self, sources: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix: ...

    def one_to_many(self, source: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        check_single(source)
        return self.matrix(source, targets)

    def many_to_one(self, sources: SnappedPlaces, target: SnappedPlaces) -> TravelMatrix:
        check_single(target)
        return self.matrix(sources, target)
