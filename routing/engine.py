"""What every road engine can do, whatever it is built on."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from routing.problem import UNREACHABLE

MAX_ACCESS_M = 50_000
"""A place farther from the nearest road than this, as the crow flies, cannot be driven to."""


@dataclass(frozen=True, slots=True, eq=False)
class SnappedPlaces:
    """
    Places tied to the road network.

    Parameters
    ----------
    lon, lat
        (k,) float64, where the places really are.
    node_index
        (k,) int32, nearest junction.
    straight_m
        (k,) float64, straight line from the place to that junction.
    access_s, access_m
        (k,) int64, the estimated way between place and junction; it is driven at the start and at
        the end of every leg and is labelled `access`, since no road is known there.
    is_off_road
        (k,) bool, farther from any road than `MAX_ACCESS_M`: unreachable for every query.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    node_index: NDArray[np.int32]
    straight_m: NDArray[np.float64]
    access_s: NDArray[np.int64]
    access_m: NDArray[np.int64]
    is_off_road: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.node_index)

    def __getitem__(self, index: ArrayLike | slice) -> "SnappedPlaces":
        """The places at the given indices, in that order; always an array, also for one."""
        pick = index if isinstance(index, slice) else np.atleast_1d(np.asarray(index))
        return SnappedPlaces(*(getattr(self, name)[pick] for name in self.__slots__))

    @classmethod
    def concatenate(cls, *parts: "SnappedPlaces") -> "SnappedPlaces":
        return cls(
            *(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__slots__)
        )


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


@dataclass(frozen=True, slots=True, eq=False)
class RoadPath:
    """
    One fastest way.

    Parameters
    ----------
    lonlat
        (p, 2) float64, from the place through the junctions to the other place.
    is_access
        (p - 1,) bool, which pieces are estimated access and no known road.
    """

    duration_s: int
    distance_m: int
    lonlat: NDArray[np.float64]
    is_access: NDArray[np.bool_]


class RoadEngine(Protocol):
    """
    Fastest ways on one road network. Safe to share between threads.

    All answers of one engine agree with each other: `path` has the duration and distance that
    `matrix` says, and `one_to_many` and `many_to_one` are a row and a column of it.
    """

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
