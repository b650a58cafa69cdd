"""
A large road network from a small one: mirrored tiles of a real map, joined along their borders.

A tile is what lies within a rectangle of the map, without what cannot be reached from everywhere
in it. Every other tile is turned over, like the tiles of a floor that meet in equal edges: a road
that leaves the rectangle is met at its edge by its own mirror image, and the two become one road.
So tiles are joined wherever the real network goes on, along the whole border, and by roads as fast
as the real ones. One-way streets are joined both ways, since their mirror images drive towards
each other.

Lengths and times are those of the real map, wherever a tile ends up. Tiles are laid around the
place they come from, so that the lengths fit the positions on the earth to a few per cent.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import (
    DEGREES_PER_UNIT,
    NO_SEGMENT,
    NONE,
    RoadSegments,
)

WEST, SOUTH, EAST, NORTH = range(4)

CORE_SHARE = 0.9
"""Share of the junctions, in either coordinate, that the rectangle holds. The rest is the ragged
rim of an extract, where roads are sparse."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """West, south, east and north in whole units of `DEGREES_PER_UNIT`."""

    west: int
    south: int
    east: int
    north: int

    @property
    def width(self) -> int:
        return self.east - self.west

    @property
    def height(self) -> int:
        return self.north - self.south


@dataclass(frozen=True, slots=True, eq=False)
class Joints:
    """
    Where roads leave a rectangle: (j,) the last junction inside, the side, and the road up to it.

    Sides are `WEST`, `SOUTH`, `EAST` and `NORTH`.
    """

    node: NDArray[np.int64]
    side: NDArray[np.int64]
    duration_ms: NDArray[np.float64]
    length_m: NDArray[np.float64]
    kind: NDArray[np.uint8]

    def __getitem__(self, index: NDArray[np.bool_]) -> "Joints":
        return Joints(*(getattr(self, name)[index] for name in self.__slots__))


def make_tiles(
    graph: RoadGraph, segments: RoadSegments, columns: int, rows: int
) -> tuple[RoadGraph, RoadSegments]:
    """
    A map of `columns` x `rows` tiles of a map, strongly connected.

    Raises
    ------
    ValueError
        When no road leaves the tile on one of the sides where tiles meet.
    """
    rectangle = core_rectangle(graph)
    joints = find_joints(graph, rectangle)
    graph, segments, number = core_of(graph, segments, rectangle)
    joints = replace(joints, node=number[joints.node])
    joints = joints[joints.node != NONE]
    for side, is_needed in enumerate((columns > 2, rows > 2, columns > 1, rows > 1)):
        if is_needed and not (joints.side == side).any():
            raise ValueError(f"No road leaves the tile on side {side}. Take another map.")
    return _lay(graph, segments, rectangle, joints, columns, rows)


def core_rectangle(graph: RoadGraph) -> Rectangle:
    """The rectangle that holds `CORE_SHARE` of the junctions in either coordinate."""
    ends = [50 * (1 - CORE_SHARE), 100 - 50 * (1 - CORE_SHARE)]
    west, east = np.percentile(graph.node_lon, ends) / DEGREES_PER_UNIT
    south, north = np.percentile(graph.node_lat, ends) / DEGREES_PER_UNIT
    return Rectangle(int(west), int(south), int(east), int(north))


def find_joints(graph: RoadGraph, rectangle: Rectangle) -> Joints:
    """Every arc that leaves or enters the rectangle; roads with both directions count once."""
    x, y = _units(graph.node_lon), _units(graph.node_lat)
    is_inside = _is_inside(x, y, rectangle)
    tail_in, head_in = is_inside[graph.arc_tail], is_inside[graph.arc_head]
    arc = np.flatnonzero(tail_in != head_in)
    inner = np.where(tail_in[arc], graph.arc_tail[arc], graph.arc_head[arc])
    outer = np.where(tail_in[arc], graph.arc_head[arc], graph.arc_tail[arc])
    _, once = np.unique(np.column_stack((inner, outer)), axis=0, return_index=True)
    arc, inner, outer = arc[once], inner[once].astype(np.int64), outer[once]
    dx, dy = x[outer] - x[inner], y[outer] - y[inner]
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.column_stack(
            (
                np.where(x[outer] < rectangle.west, (rectangle.west - x[inner]) / dx, np.inf),
                np.where(y[outer] < rectangle.south, (rectangle.south - y[inner]) / dy, np.inf),
                np.where(x[outer] > rectangle.east, (rectangle.east - x[inner]) / dx, np.inf),
                np.where(y[outer] > rectangle.north, (rectangle.north - y[inner]) / dy, np.inf),
            )
        )
    share = crossing.min(axis=1)
    return Joints(
        inner,
        crossing.argmin(axis=1),
        share * graph.arc_duration_ms[arc],
        share * graph.arc_length_m[arc],
        graph.arc_kind[arc],
    )


def core_of(
    graph: RoadGraph, segments: RoadSegments, rectangle: Rectangle
) -> tuple[RoadGraph, RoadSegments, NDArray[np.int64]]:
    """
    What lies within the rectangle and can be reached from everywhere in it.

    Returns
    -------
    Graph and segments, and (n,) the new number of each junction of the old graph, or -1.
    """
    is_inside = _is_inside(_units(graph.node_lon), _units(graph.node_lat), rectangle)
    is_core = is_inside & _largest_component(
        graph, is_inside[graph.arc_tail] & is_inside[graph.arc_head]
    )
    number = np.where(is_core, np.cumsum(is_core) - 1, NONE)
    is_kept_arc = is_core[graph.arc_tail] & is_core[graph.arc_head]
    arc_number = np.where(is_kept_arc, np.cumsum(is_kept_arc) - 1, NONE)
    core = RoadGraph(
        graph.node_lon[is_core],
        graph.node_lat[is_core],
        number[graph.arc_tail[is_kept_arc]].astype(np.int32),
        number[graph.arc_head[is_kept_arc]].astype(np.int32),
        graph.arc_duration_ms[is_kept_arc],
        graph.arc_length_m[is_kept_arc],
        graph.arc_kind[is_kept_arc],
        graph.kinds,
    )
    code = segments.arc_segment[is_kept_arc]
    is_road = code != NO_SEGMENT
    drawn = np.where(code < 0, ~code, code)[is_road]
    is_kept = np.zeros(len(segments), np.bool_)
    is_kept[drawn] = True
    segment_number = np.cumsum(is_kept) - 1
    new_code = np.full(len(code), NO_SEGMENT, np.int32)
    new_code[is_road] = np.where(code[is_road] < 0, ~segment_number[drawn], segment_number[drawn])
    # A direction counts if it can be driven and both its ends are still there.
    arc, leave, enter = (
        np.where(old[is_kept] == NONE, NONE, new[old[is_kept]]).astype(np.int32)
        for old, new in (
            (segments.arc, arc_number),
            (segments.leave_node, number),
            (segments.enter_node, number),
        )
    )
    is_gone = (arc == NONE) | (leave == NONE) | (enter == NONE)
    arc[is_gone] = leave[is_gone] = enter[is_gone] = NONE
    count = np.diff(segments.first_point)
    is_kept_point = np.repeat(is_kept, count)
    return (
        core,
        RoadSegments(
            np.concatenate(([0], np.cumsum(count[is_kept]))),
            segments.point_lon[is_kept_point],
            segments.point_lat[is_kept_point],
            arc,
            leave,
            enter,
            segments.is_stop_allowed[is_kept],
            segments.name[is_kept],
            segments.names,
            new_code,
        ),
        number,
    )


def is_strongly_connected(graph: RoadGraph) -> bool:
    """Whether every junction can be reached from every other one."""
    return bool(_largest_component(graph, np.ones(graph.arc_count, np.bool_)).all())


def _units(degrees: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(degrees / DEGREES_PER_UNIT).astype(np.int64)


def _is_inside(
    x: NDArray[np.int64], y: NDArray[np.int64], rectangle: Rectangle
) -> NDArray[np.bool_]:
    return np.asarray(
        (x >= rectangle.west)
        & (x <= rectangle.east)
        & (y >= rectangle.south)
        & (y <= rectangle.north)
    )


def _largest_component(graph: RoadGraph, is_used_arc: NDArray[np.bool_]) -> NDArray[np.bool_]:
    tail, head = graph.arc_tail[is_used_arc], graph.arc_head[is_used_arc]
    shape = (graph.node_count, graph.node_count)
    net = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=shape)
    _, label = connected_components(net, directed=True, connection="strong")
    return np.asarray(label == np.bincount(label).argmax())


def _lay(
    graph: RoadGraph,
    segments: RoadSegments,
    rectangle: Rectangle,
    joints: Joints,
    columns: int,
    rows: int,
) -> tuple[RoadGraph, RoadSegments]:
    tiles = [(column, row) for row in range(rows) for column in range(columns)]
    x, y = _units(graph.node_lon), _units(graph.node_lat)
    placed = [_place(x, y, rectangle, tile, columns, rows) for tile in tiles]
    node_x, node_y = (np.concatenate([part[axis] for part in placed]) for axis in (0, 1))
    drawn = [
        _place(
            segments.point_lon.astype(np.int64),
            segments.point_lat.astype(np.int64),
            rectangle,
            tile,
            columns,
            rows,
        )
        for tile in tiles
    ]
    # Who is joined to whom: a joint of one tile and the same joint of its neighbour.
    tail, head, used = [], [], []
    for number, (column, row) in enumerate(tiles):
        for is_last, side, neighbour in (
            (column == columns - 1, (EAST, WEST)[column % 2], number + 1),
            (row == rows - 1, (NORTH, SOUTH)[row % 2], number + columns),
        ):
            if not is_last:
                which = np.flatnonzero(joints.side == side)
                tail.append(number * graph.node_count + joints.node[which])
                head.append(neighbour * graph.node_count + joints.node[which])
                used.append(which)
    start, end, which = (
        np.concatenate(part) if part else np.empty(0, np.int64) for part in (tail, head, used)
    )
    # Twice the way to the edge.
    duration_ms = np.maximum(1, np.rint(2 * joints.duration_ms[which])).astype(np.int32)
    length_m = np.maximum(1, np.rint(2 * joints.length_m[which])).astype(np.int32)
    kind = joints.kind[which]
    copies, joined = len(tiles), len(which)
    nodes, arcs, count = graph.node_count, graph.arc_count, len(segments)
    by_tile = np.arange(copies, dtype=np.int64)
    made = RoadGraph(
        node_x * DEGREES_PER_UNIT,
        node_y * DEGREES_PER_UNIT,
        np.concatenate((_shifted(graph.arc_tail, by_tile * nodes), start, end)).astype(np.int32),
        np.concatenate((_shifted(graph.arc_head, by_tile * nodes), end, start)).astype(np.int32),
        np.concatenate((np.tile(graph.arc_duration_ms, copies), duration_ms, duration_ms)),
        np.concatenate((np.tile(graph.arc_length_m, copies), length_m, length_m)),
        np.concatenate((np.tile(graph.arc_kind, copies), kind, kind)),
        graph.kinds,
    )
    points = len(segments.point_lon)
    first_joint_arc = copies * arcs + np.arange(joined)
    joint_segment = copies * count + np.arange(joined)
    code = segments.arc_segment
    shift = np.where(code == NO_SEGMENT, 0, np.where(code < 0, -count, count))
    all_code = (code + shift * by_tile[:, None]).ravel()
    return made, RoadSegments(
        first_point=np.concatenate(
            (
                _shifted(segments.first_point[:-1], by_tile * points),
                copies * points + 2 * np.arange(joined + 1),
            )
        ),
        point_lon=np.concatenate(
            [part[0] for part in drawn] + [np.column_stack((node_x[start], node_x[end])).ravel()]
        ).astype(np.int32),
        point_lat=np.concatenate(
            [part[1] for part in drawn] + [np.column_stack((node_y[start], node_y[end])).ravel()]
        ).astype(np.int32),
        arc=_by_direction(
            segments.arc, by_tile * arcs, (first_joint_arc, first_joint_arc + joined)
        ),
        leave_node=_by_direction(segments.leave_node, by_tile * nodes, (end, start)),
        enter_node=_by_direction(segments.enter_node, by_tile * nodes, (start, end)),
        is_stop_allowed=np.concatenate(
            (np.tile(segments.is_stop_allowed, copies), np.ones(joined, np.bool_))
        ),
        name=np.concatenate((np.tile(segments.name, copies), np.full(joined, NONE, np.int32))),
        names=segments.names,
        arc_segment=np.concatenate((all_code, joint_segment, ~joint_segment)).astype(np.int32),
    )


def _place(
    x: NDArray[np.int64],
    y: NDArray[np.int64],
    rectangle: Rectangle,
    tile: tuple[int, int],
    columns: int,
    rows: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Positions in a tile: turned over in every other column and row, and moved to its place."""
    column, row = tile
    if column % 2:
        x = rectangle.west + rectangle.east - x
    if row % 2:
        y = rectangle.south + rectangle.north - y
    return x + (column - columns // 2) * rectangle.width, y + (row - rows // 2) * rectangle.height


def _shifted(array: NDArray[np.integer], by: NDArray[np.int64]) -> NDArray[np.int64]:
    """The array once for every tile, with that tile's number added."""
    return np.asarray((array + by[:, None]).ravel())


def _by_direction(
    array: NDArray[np.int32],
    by: NDArray[np.int64],
    of_joints: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> NDArray[np.int32]:
    shifted = np.where(array == NONE, NONE, array + by[:, None, None]).reshape(-1, 2)
    return np.concatenate((shifted, np.column_stack(of_joints))).astype(np.int32)
