"""What a way looks like: its line on the map and the streets it follows."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.roads.engine import SnappedPlaces, Stretch
from routing.roads.nearest_piece import nearest_piece_of
from routing.roads.road_graph import RoadGraph, pack_weight, split_weight
from routing.roads.road_segments import (
    DEGREES_PER_UNIT,
    FORWARD,
    NO_SEGMENT,
    NONE,
    RoadSegments,
)
from routing.roads.seeds import Way


class _Parts(NamedTuple):
    """
    The parts of a way, one for each arc or piece of one, in order.

    `lonlat` (p, 2) is the whole line; part k begins at its point `first_point[k]` and has the
    packed `weight[k]`. `name` and `kind` are indices, `NONE` for no name.
    """

    lonlat: NDArray[np.float64]
    first_point: NDArray[np.int64]
    weight: NDArray[np.int64]
    name: NDArray[np.int32]
    kind: NDArray[np.uint8]


def draw_way(
    graph: RoadGraph,
    segments: RoadSegments | None,
    source: SnappedPlaces,
    target: SnappedPlaces,
    way: Way,
) -> tuple[NDArray[np.float64], NDArray[np.bool_], tuple[Stretch, ...]]:
    """
    Parameters
    ----------
    source, target
        Where the way begins and ends; each holds one place.

    Returns
    -------
    As in `RoadPath`: (p, 2) line, (p - 1,) which pieces are access, and the stretches.
    """
    if segments is None:
        parts = _parts_of_arcs(graph, source, way)
    else:
        parts = _parts_of_segments(graph, segments, source, target, way)
    # A point that repeats the one before it draws nothing.
    is_new = np.ones(len(parts.lonlat), np.bool_)
    is_new[1:] = (parts.lonlat[1:] != parts.lonlat[:-1]).any(axis=1)
    road = parts.lonlat[is_new]
    ends = [np.column_stack((place.lon, place.lat)) for place in (source, target)]
    is_access = np.zeros(len(road) + 1, np.bool_)
    is_access[[0, -1]] = True
    # The line starts with the place itself.
    drawn_as = np.cumsum(is_new, dtype=np.int64)
    parts = parts._replace(first_point=drawn_as[parts.first_point])
    stretches = _stretches(parts, () if segments is None else segments.names, graph.kinds)
    return np.vstack((ends[0], road, ends[1])), is_access, stretches


def _parts_of_arcs(graph: RoadGraph, source: SnappedPlaces, way: Way) -> _Parts:
    """Straight lines from junction to junction."""
    assert way.arcs is not None  # places at one junction are never asked for
    node = np.append(source.leave_node[0, way.leave_column], graph.arc_head[way.arcs])
    return _Parts(
        lonlat=np.column_stack((graph.node_lon[node], graph.node_lat[node])),
        first_point=np.arange(len(way.arcs)),
        weight=_arc_weight(graph, way.arcs),
        name=np.full(len(way.arcs), NONE, np.int32),
        kind=graph.arc_kind[way.arcs],
    )


def _parts_of_segments(
    graph: RoadGraph,
    segments: RoadSegments,
    source: SnappedPlaces,
    target: SnappedPlaces,
    way: Way,
) -> _Parts:
    """The rest of the first segment, whole segments, and the beginning of the last one."""
    leave, enter = way.leave_column, way.enter_column
    out, back = int(source.spot[0]), int(target.spot[0])
    from_piece, _ = nearest_piece_of(segments, out, source.lon[0], source.lat[0])
    to_piece, _ = nearest_piece_of(segments, back, target.lon[0], target.lat[0])
    if way.arcs is None:
        # Between the two pieces, along the points or against them.
        points = (
            np.arange(from_piece + 1, to_piece + 1)
            if leave == FORWARD
            else np.arange(from_piece, to_piece, -1)
        )
        first_point = np.zeros(1, np.int64)
        weight = np.array([way.weight])
        segment, arc = np.array([out]), segments.arc[[out], leave]
    else:
        is_drawn = segments.arc_segment[way.arcs] != NO_SEGMENT
        arcs = way.arcs[is_drawn]
        code = segments.arc_segment[arcs]
        is_back = code < 0
        between = np.where(is_back, ~code, code)
        first, end = segments.first_point[out], segments.first_point[out + 1]
        before = (
            np.arange(from_piece + 1, end)
            if leave == FORWARD
            else np.arange(from_piece, first - 1, -1)
        )
        first, end = segments.first_point[back], segments.first_point[back + 1]
        after = (
            np.arange(first + 1, to_piece + 1)
            if enter == FORWARD
            else np.arange(end - 2, to_piece, -1)
        )
        # Of each segment all points but the first, which is the last one of the part before it.
        count = segments.first_point[between + 1] - segments.first_point[between] - 1
        starts = np.cumsum(count) - count
        within = np.arange(count.sum()) - np.repeat(starts, count) + 1
        origin = np.where(
            is_back, segments.first_point[between + 1] - 1, segments.first_point[between]
        )
        middle = np.repeat(origin, count) + np.repeat(np.where(is_back, -1, 1), count) * within
        points = np.concatenate((before, middle, after))
        first_point = np.concatenate(([0], len(before) + starts, [len(before) + len(middle)]))
        weight = np.concatenate(
            (
                source.leave_weight[0, [leave]],
                _arc_weight(graph, arcs),
                target.enter_weight[0, [enter]],
            )
        )
        segment = np.concatenate(([out], between, [back]))
        arc = np.concatenate((segments.arc[[out], leave], arcs, segments.arc[[back], enter]))
    lonlat = np.empty((len(points) + 2, 2))
    lonlat[0] = source.road_lon[0], source.road_lat[0]
    lonlat[1:-1, 0] = segments.point_lon[points] * DEGREES_PER_UNIT
    lonlat[1:-1, 1] = segments.point_lat[points] * DEGREES_PER_UNIT
    lonlat[-1] = target.road_lon[0], target.road_lat[0]
    return _Parts(lonlat, first_point, weight, segments.name[segment], graph.arc_kind[arc])


def _arc_weight(graph: RoadGraph, arcs: NDArray[np.int64]) -> NDArray[np.int64]:
    return pack_weight(graph.arc_duration_ms[arcs], graph.arc_length_m[arcs])


def _stretches(parts: _Parts, names: Sequence[str], kinds: tuple[str, ...]) -> tuple[Stretch, ...]:
    """Parts of the same street one after the other are one; without a name, of the same kind."""
    is_road = parts.weight > 0
    if not is_road.any():
        return ()
    name, kind, start = parts.name[is_road], parts.kind[is_road], parts.first_point[is_road]
    is_first = np.ones(len(name), np.bool_)
    is_first[1:] = (name[1:] != name[:-1]) | ((name[1:] == NONE) & (kind[1:] != kind[:-1]))
    begin = np.flatnonzero(is_first)
    duration_ms, length_m = split_weight(parts.weight[is_road])
    total_ms, total_m = np.add.reduceat(duration_ms, begin), np.add.reduceat(length_m, begin)
    return tuple(
        Stretch(
            name="" if name[first] == NONE else names[name[first]],
            kind=kinds[kind[first + int(np.argmax(length_m[first:end]))]],
            first_point=int(start[first]),
            distance_m=int(metres),
            duration_s=int(milliseconds) / 1000,
        )
        for first, end, metres, milliseconds in zip(
            begin.tolist(), [*begin[1:].tolist(), len(name)], total_m, total_ms, strict=True
        )
    )
