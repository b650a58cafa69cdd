"""The stretches of road between junctions: their course, their names, and where one may stop."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidRoadGraphError
from routing.roads.frozen_arrays import freeze_arrays
from routing.roads.road_graph import RoadGraph

NONE = -1
"""In the arrays below: this direction may not be driven, or there is no name."""

NO_SEGMENT = -(2**31)
"""In `RoadSegments.arc_segment`: an arc within a junction, which has no length."""

DEGREES_PER_UNIT = 1e-7
"""Points are whole numbers of this, as in OpenStreetMap: about a centimetre."""

FORWARD, BACKWARD = 0, 1
"""Columns of the arrays by direction: along the points of a segment, and against them."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadSegments:
    """
    Stretches of road between two junctions, each drawn once for both directions.

    A place lies somewhere along a segment. Whoever leaves it in one direction first comes to
    `leave_node`; whoever comes to it in that direction was last at `enter_node`. The two are the
    ends of `arc`, except where a node stands more than once in the graph: at roads that may only be
    used to reach something beside them, and after restricted turns over several roads.

    Arrays may lie in files mapped into memory; they are made read-only.

    Parameters
    ----------
    first_point
        (s + 1,) int64, the points of segment k are those from `first_point[k]` to
        `first_point[k + 1]`, at least two.
    point_lon, point_lat
        (p,) int32, in `DEGREES_PER_UNIT`.
    arc
        (s, 2) int32, the arc of the graph in each direction, or `NONE`. Its duration and length are
        those of the whole segment.
    leave_node, enter_node
        (s, 2) int32, node after and before a place on the segment, or `NONE`.
    is_stop_allowed
        (s,) bool, whether a place may be tied to it: not to a motorway, not to a ferry.
    name
        (s,) int32, index into `names`, or `NONE`.
    names
        Of streets; with its number, where a road has no name.
    arc_segment
        (m,) int32 for the arcs of the graph: k along segment k, ~k against it, or `NO_SEGMENT`.

    Raises
    ------
    InvalidRoadGraphError
        When the arrays do not fit together.
    """

    first_point: NDArray[np.int64]
    point_lon: NDArray[np.int32]
    point_lat: NDArray[np.int32]
    arc: NDArray[np.int32]
    leave_node: NDArray[np.int32]
    enter_node: NDArray[np.int32]
    is_stop_allowed: NDArray[np.bool_]
    name: NDArray[np.int32]
    names: Sequence[str]
    arc_segment: NDArray[np.int32]

    def __post_init__(self) -> None:
        freeze_arrays(self, dict.fromkeys(name for name in self.__slots__ if name != "names"))
        count = len(self)
        shapes = {"arc": 2, "leave_node": 2, "enter_node": 2, "is_stop_allowed": 1, "name": 1}
        for name, dimensions in shapes.items():
            if getattr(self, name).shape != (count, 2)[:dimensions]:
                raise InvalidRoadGraphError(f"{count} segments but {name} has another length.")
        if not (
            self.first_point[0] == 0
            and self.first_point[-1] == len(self.point_lon) == len(self.point_lat)
            and (count == 0 or np.diff(self.first_point).min() >= 2)
        ):
            raise InvalidRoadGraphError("A segment has fewer than two points.")
        if not (((self.arc < 0) == (self.leave_node < 0)).all()) or not (
            ((self.arc < 0) == (self.enter_node < 0)).all()
        ):
            raise InvalidRoadGraphError("A segment has a direction without an end.")
        if count and self.name.max() >= len(self.names):
            raise InvalidRoadGraphError("A segment has a name that is not there.")

    def __len__(self) -> int:
        return len(self.first_point) - 1

    def check_belongs_to(self, graph: RoadGraph) -> None:
        """
        Raises
        ------
        InvalidRoadGraphError
            When an arc or node named here does not exist in the graph.
        """
        segment = np.where(self.arc_segment < 0, ~self.arc_segment, self.arc_segment)
        is_road = self.arc_segment != NO_SEGMENT
        if (
            len(self.arc_segment) != graph.arc_count
            or (len(self) and self.arc.max() >= graph.arc_count)
            or (len(self) and self.leave_node.max() >= graph.node_count)
            or (len(self) and self.enter_node.max() >= graph.node_count)
            or (is_road.any() and segment[is_road].max() >= len(self))
        ):
            raise InvalidRoadGraphError(
                f"The segments belong to another road graph than this one of {graph.node_count} "
                f"junctions and {graph.arc_count} arcs."
            )
