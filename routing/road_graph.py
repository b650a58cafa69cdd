"""A road network as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidRoadGraphError

LENGTH_BITS = 24
"""An arc's weight is `duration_ms << LENGTH_BITS | length_m` in one int64: sums of it compare
first by time and then by length, so that among equally fast ways the shortest counts and every
engine answers the same metres. 24 bits hold 16,777 km; times up to 2**53 / 2**24 ms (6.2 days)
stay exact in float64 too, which scipy needs."""


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
        (m,) int64, positive and not negative.
    arc_kind
        (m,) uint8, index into `kinds`.
    kinds
        Names of the kinds of road, for the map and for the speed rule.

    Raises
    ------
    InvalidRoadGraphError
        When shapes disagree, an arc leads nowhere or a duration is not positive.
    """

    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]
    arc_tail: NDArray[np.int32]
    arc_head: NDArray[np.int32]
    arc_duration_ms: NDArray[np.int64]
    arc_length_m: NDArray[np.int64]
    arc_kind: NDArray[np.uint8]
    kinds: tuple[str, ...]

    def __post_init__(self) -> None:
        nodes, arcs = len(self.node_lon), len(self.arc_tail)
        if len(self.node_lat) != nodes:
            raise InvalidRoadGraphError(f"{nodes} longitudes but {len(self.node_lat)} latitudes.")
        for name in ("arc_head", "arc_duration_ms", "arc_length_m", "arc_kind"):
            if len(getattr(self, name)) != arcs:
                raise InvalidRoadGraphError(f"{arcs} arcs but {name} has another length.")
        if arcs and not (
            0 <= min(self.arc_tail.min(), self.arc_head.min())
            and max(self.arc_tail.max(), self.arc_head.max()) < nodes
        ):
            raise InvalidRoadGraphError("An arc starts or ends at a node that does not exist.")
        if arcs and (self.arc_duration_ms.min() < 1 or self.arc_length_m.min() < 0):
            raise InvalidRoadGraphError("An arc has no duration or a negative length.")

    @property
    def node_count(self) -> int:
        return len(self.node_lon)

    @property
    def arc_count(self) -> int:
        return len(self.arc_tail)

    @property
    def arc_weight(self) -> NDArray[np.int64]:
        """(m,) int64, time and length packed as `LENGTH_BITS` says."""
        return (self.arc_duration_ms << LENGTH_BITS) | self.arc_length_m
