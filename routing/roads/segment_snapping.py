"""Places on streets: which segment they lie at, and how far it is from there to either end."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo import great_circle_m
from routing.roads.access_rule import HIGHWAYS, STREETS, AccessRule
from routing.roads.engine import SnappedPlaces
from routing.roads.nearest_piece import nearest_pieces, shares_along
from routing.roads.road_graph import TOO_LONG, RoadGraph, pack_weight
from routing.roads.road_segments import BACKWARD, DEGREES_PER_UNIT, FORWARD, NONE, RoadSegments
from routing.roads.segment_index import SegmentIndex, build_segment_index
from routing.roads.snapping import JunctionIndex, Snapper, checked_positions


class SegmentSnapper:
    """
    Ties places to the nearest point on a segment where one may stop.

    Parameters
    ----------
    graph, segments
        Of one map.
    index
        Of the segments; built here if it is not given.
    access_rule
        What the way to the road takes.

    Raises
    ------
    InvalidRoadGraphError
        When segments, graph and index do not belong together.
    """

    def __init__(
        self,
        graph: RoadGraph,
        segments: RoadSegments,
        index: SegmentIndex | None = None,
        access_rule: AccessRule = STREETS,
    ) -> None:
        segments.check_belongs_to(graph)
        if index is not None:
            index.check_belongs_to(segments)
        self.access_rule = access_rule
        self._graph, self._segments = graph, segments
        self._index = build_segment_index(segments) if index is None else index

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> SnappedPlaces:
        """
        Tie places to their nearest roads.

        Parameters
        ----------
        lon, lat
            Numbers or (k,) arrays, degrees.

        Raises
        ------
        InvalidLocationError
            When a coordinate is not a finite number within its range.
        """
        lon, lat = checked_positions(lon, lat)
        segments = self._segments
        segment, point, share = nearest_pieces(self._index, segments, lon, lat)
        road_lon, road_lat = points_on_pieces(segments, point, share)
        # Points are good to a centimetre; without this a place on the road itself would take 1 s.
        straight_m = np.round(great_circle_m(lon, lat, road_lon, road_lat), 2)
        access_s, access_m = self.access_rule.way(straight_m)
        weight, enter_weight = self._weights(segment, shares_along(segments, segment, point, share))
        return SnappedPlaces(
            lon=lon,
            lat=lat,
            road_lon=road_lon,
            road_lat=road_lat,
            straight_m=straight_m,
            access_s=access_s + self.access_rule.terminal_s,
            access_m=access_m,
            is_off_road=straight_m > self.access_rule.max_access_m,
            spot=segment,
            leave_node=segments.leave_node[segment],
            leave_weight=weight - enter_weight,
            enter_node=segments.enter_node[segment],
            enter_weight=enter_weight,
        )

    def _weights(
        self, segment: NDArray[np.int32], along: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(k, 2) of the whole segment, and of its part up to the place, in either direction."""
        arc = self._segments.arc[segment]
        is_closed = arc == NONE
        arc = np.where(is_closed, 0, arc)
        duration_ms = np.where(is_closed, 0, self._graph.arc_duration_ms[arc])
        length_m = np.where(is_closed, 0, self._graph.arc_length_m[arc])
        # Rounded down on the way in; what is left belongs to the way out. Both together are the
        # segment to the millisecond, and that is what keeps the triangle inequality.
        passed = np.column_stack((along, 1.0 - along))
        part_ms = np.floor(passed * duration_ms).astype(np.int64)
        part_m = np.floor(passed * length_m).astype(np.int64)
        return pack_weight(duration_ms, length_m), pack_weight(part_ms, part_m)


def snapper_of(
    graph: RoadGraph,
    segments: RoadSegments | None,
    index: SegmentIndex | None,
    access_rule: AccessRule | None,
) -> Snapper:
    """To segments where the map has them, to junctions otherwise."""
    if segments is None:
        return JunctionIndex(graph, access_rule or HIGHWAYS)
    return SegmentSnapper(graph, segments, index, access_rule or STREETS)


def points_on_pieces(
    segments: RoadSegments, point: NDArray[np.int64], share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Degrees of positions on straight pieces of road that begin at the given points."""
    lon0, lon1 = (segments.point_lon[point + k].astype(np.int64) for k in (0, 1))
    lat0, lat1 = (segments.point_lat[point + k].astype(np.int64) for k in (0, 1))
    whole = 3_600_000_000
    east = (lon1 - lon0 + whole // 2) % whole - whole // 2
    road_lon = (lon0 + share * east) * DEGREES_PER_UNIT
    road_lon -= 360.0 * np.sign(road_lon) * (np.abs(road_lon) > 180)
    road_lat = (lat0 + share * (lat1 - lat0)) * DEGREES_PER_UNIT
    return road_lon.astype(np.float64), road_lat.astype(np.float64)


def weights_along(
    sources: SnappedPlaces, targets: SnappedPlaces
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Packed weights straight along the road between pairs of places at one segment.

    Parameters
    ----------
    sources, targets
        (p,) each, paired by position; those of a pair have the same `spot`.

    Returns
    -------
    (p,) weight, `TOO_LONG` where one would have to drive against a one-way street, and (p,)
    direction. Places that are the same to the millisecond and the metre are at one point, even of
    a one-way street.
    """
    ahead = targets.enter_weight - sources.enter_weight
    is_open = sources.enter_node >= 0
    # Who has passed less of the segment along its points has more of it behind in the other
    # direction; asking for both keeps apart what rounding has made equal.
    is_ahead = (ahead >= 0) & ((ahead[:, ::-1] <= 0) | ~is_open[:, ::-1])
    along = np.where(is_open & is_ahead, ahead, TOO_LONG)
    direction = np.where(along[:, FORWARD] <= along[:, BACKWARD], FORWARD, BACKWARD)
    return along.min(axis=1), direction
