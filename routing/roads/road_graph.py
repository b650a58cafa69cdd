"""A road network as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidRoadGraphError
from routing.roads.frozen_arrays import freeze_arrays

LENGTH_BITS = 24
"""An arc's weight is `duration_ms << LENGTH_BITS | length_m` in one int64: sums of it compare
first by time and then by length, so that among equally fast ways the shortest counts and every
engine answers the same metres. 24 bits hold 16,777 km; times up to 2**53 / 2**24 ms (6.2 days)
stay exact in float64 too, which scipy needs."""

TOO_LONG = 2**53
"""Ways that weigh this much or more count as none, in every engine: 6.2 days without a stop, and
no road is so long that its metres would spill into its milliseconds before that."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """
    Junctions and directed arcs.

    Parameters
    ----------
    node_lon, node_lat
        (n,) float64, degrees.
    arc_tail, arc_head
        (m,) int32, node indices. A two-way road is two arcs.
    arc_duration_ms, arc_length_m
        (m,) int32, not negative. An arc within a junction, which only says that a turn is allowed,
        takes no time.
    arc_kind
        (m,) uint8, index into `kinds`.
    kinds
        Names of the kinds of road, for the map and for the speed rule.

    Raises
    ------
    InvalidRoadGraphError
        When there is no junction, shapes disagree, an arc leads nowhere, or a duration or length
        is out of range.
    """

    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    arc_tail: NDArray[np.int32]
    arc_head: NDArray[np.int32]
    arc_duration_ms: NDArray[np.int32]
    arc_length_m: NDArray[np.int32]
    arc_kind: NDArray[np.uint8]
    kinds: tuple[str, ...]

    def __post_init__(self) -> None:
        freeze_arrays(self, dict.fromkeys(name for name in self.__slots__ if name != "kinds"))
        nodes, arcs = len(self.node_lon), len(self.arc_tail)
        if nodes == 0:
            raise InvalidRoadGraphError("A road graph needs at least one junction.")
        if len(self.node_lat) != nodes:
            raise InvalidRoadGraphError(f"{nodes} longitudes but {len(self.node_lat)} latitudes.")
        for name in ("arc_head", "arc_duration_ms", "arc_length_m", "arc_kind"):
            if len(getattr(self, name)) != arcs:
                raise InvalidRoadGraphError(f"{arcs} arcs but {name} has another length.")
        if arcs and not (
            min(self.arc_tail.min(), self.arc_head.min()) >= 0
            and max(self.arc_tail.max(), self.arc_head.max()) < nodes
        ):
            raise InvalidRoadGraphError("An arc starts or ends at a node that does not exist.")
        if arcs and min(self.arc_duration_ms.min(), self.arc_length_m.min()) < 0:
            raise InvalidRoadGraphError("An arc has a negative duration or length.")
        if arcs and (
            self.arc_length_m.max() >= 1 << LENGTH_BITS
            or self.arc_duration_ms.max() >= TOO_LONG >> LENGTH_BITS
        ):
            raise InvalidRoadGraphError(
                f"An arc is longer than {1 << LENGTH_BITS:,} m or takes longer than "
                f"{TOO_LONG >> LENGTH_BITS:,} ms. Lengths are metres and durations milliseconds."
            )

    @property
    def node_count(self) -> int:
        return len(self.node_lon)

    @property
    def arc_count(self) -> int:
        return len(self.arc_tail)

    @property
    def arc_weight(self) -> NDArray[np.int64]:
        """(m,) int64, time and length packed as `LENGTH_BITS` says."""
        return pack_weight(self.arc_duration_ms, self.arc_length_m)


def pack_weight(
    duration_ms: NDArray[np.integer], length_m: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Time and length in one number each, as `LENGTH_BITS` says."""
    return (duration_ms.astype(np.int64) << LENGTH_BITS) | length_m


def split_weight(weight: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Milliseconds and metres of packed weights, of the same shape."""
    return weight >> LENGTH_BITS, weight & ((1 << LENGTH_BITS) - 1)
