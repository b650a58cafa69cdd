"""
From roads as drawn to a graph that can be searched.

`docs/map-building.md` tells the whole way. Everything is arrays; Python loops run over restricted
junctions only.
"""

import numpy as np
from numpy.typing import NDArray

from data.errors import InvalidRoadMapError
from data.osm.graph.cut_off import within_reach
from data.osm.graph.junctions import Stretches, cut_at_junctions, join_pieces
from data.osm.graph.networks import add_count, keep_networks
from data.osm.graph.restricted import apply_restrictions
from data.osm.graph.turns import forbidden_sequences
from data.osm.graph.zones import NO_ROAD, Layers, layer_zones, road_ends, road_exists
from data.osm.raw_roads import RawRoads
from data.osm.reading.profile import Profile
from routing.roads.road_graph import LENGTH_BITS, TOO_LONG, RoadGraph
from routing.roads.road_segments import NO_SEGMENT, NONE, RoadSegments

TURN = "turn"
"""Kind of the arcs within a junction."""

CUT_OFF = "Stretches of road that turn restrictions cut off: places are tied to others."

ARMS_OF_A_JUNCTION = 3
"""As many roads must meet for a junction to cost time. Where fewer do, the road only changes its
name or its speed."""

_MAX_DURATION_MS = (TOO_LONG >> LENGTH_BITS) - 1


def compile_roads(
    raw: RawRoads, profile: Profile, report: dict[str, int] | None = None
) -> tuple[RoadGraph, RoadSegments]:
    """
    The graph of an extract, and where its roads run.

    Parameters
    ----------
    raw
        As read.
    profile
        Seconds at junctions, signals and barriers.
    report
        What was left out is added to it, counted by a sentence that names it.

    Raises
    ------
    InvalidRoadMapError
        When the roads form no network at all, or one may stop at none of them.

    Notes
    -----
    An arc takes its length by its speed, plus the signals and barriers on it, plus the junction it
    leads to. About 3 s and 0.7 GB for a million junctions.
    """
    report = {} if report is None else report
    pieces = cut_at_junctions(raw, profile.signal_s, profile.barrier_s)
    pieces = keep_networks(raw, pieces, report)
    if not len(pieces):
        raise InvalidRoadMapError(
            f"The {len(raw.way_id)} roads of this extract form no network: none of them leads back "
            "to where it began. Take a larger extract."
        )
    stretches = join_pieces(raw, pieces)
    del pieces
    layers = layer_zones(stretches)
    forbidden = forbidden_sequences(raw, stretches, report)
    layers = _without_unused_nodes(apply_restrictions(layers, stretches, forbidden))
    is_within = within_reach(layers, stretches)
    add_count(report, CUT_OFF, int((~is_within).sum()))
    segments = _segments(raw, stretches, layers, is_within)
    if not segments.is_stop_allowed.any():
        raise InvalidRoadMapError(
            "The roads of this extract are motorways and ferries only, and no place lies beside "
            "those. Take an extract with streets."
        )
    return _graph(raw, profile, stretches, layers), segments


def _without_unused_nodes(layers: Layers) -> Layers:
    """Junctions that were taken apart leave their old node behind."""
    is_used = np.zeros(len(layers.node_junction), np.bool_)
    for nodes in (layers.arc_tail, layers.arc_head):
        is_used[nodes] = True
    for nodes in (layers.leave_node, layers.enter_node):
        is_used[nodes[nodes >= 0]] = True
    number = np.cumsum(is_used, dtype=np.int32) - 1
    return Layers(
        node_junction=layers.node_junction[is_used],
        arc_tail=number[layers.arc_tail],
        arc_head=number[layers.arc_head],
        arc_road=layers.arc_road,
        arc_side=layers.arc_side,
        leave_node=np.where(layers.leave_node >= 0, number[layers.leave_node], NONE),
        enter_node=np.where(layers.enter_node >= 0, number[layers.enter_node], NONE),
    )


def _graph(raw: RawRoads, profile: Profile, stretches: Stretches, layers: Layers) -> RoadGraph:
    if len(raw.kinds) >= np.iinfo(np.uint8).max:
        raise InvalidRoadMapError(f"{len(raw.kinds)} kinds of road; there is room for 254.")
    first, last = stretches.first_point[:-1], stretches.first_point[1:] - 1
    point = np.empty(stretches.junction_count, np.int32)
    point[stretches.tail], point[stretches.head] = stretches.point[first], stretches.point[last]
    point = point[layers.node_junction]
    is_turn = layers.arc_road == NO_ROAD
    road = np.where(is_turn, 0, layers.arc_road)
    kind = raw.kind[stretches.way[road // 2]]
    length_m = np.rint(stretches.length_m).astype(np.int32)[road // 2]
    duration_ms = _road_durations(profile, stretches)[road]
    for values, of_turn in ((kind, len(raw.kinds)), (length_m, 0), (duration_ms, 0)):
        values[is_turn] = of_turn
    return RoadGraph(
        node_lon=raw.node_lon[point] / 1e7,
        node_lat=raw.node_lat[point] / 1e7,
        arc_tail=layers.arc_tail,
        arc_head=layers.arc_head,
        arc_duration_ms=duration_ms,
        arc_length_m=length_m,
        arc_kind=kind,
        kinds=(*raw.kinds, TURN),
    )


def _road_durations(profile: Profile, stretches: Stretches) -> NDArray[np.int32]:
    """(2s,) milliseconds of each road; 0 where there is none."""
    exists = road_exists(stretches)
    _, head = road_ends(stretches)
    ends = np.concatenate((stretches.tail, stretches.head))
    arms = np.bincount(ends, minlength=stretches.junction_count)
    speed_kmh = np.column_stack((stretches.forward_kmh, stretches.backward_kmh)).ravel()
    wait_s = np.column_stack((stretches.forward_wait_s, stretches.backward_wait_s)).ravel()
    total_s = np.where(arms[head] >= ARMS_OF_A_JUNCTION, profile.junction_s, 0.0) + wait_s
    length_m = np.repeat(stretches.length_m, 2)
    total_s[exists] += length_m[exists] * 3.6 / speed_kmh[exists].astype(np.float64)
    duration_ms = np.clip(np.rint(total_s * 1000), 1, _MAX_DURATION_MS)
    return np.where(exists, duration_ms, 0).astype(np.int32)


def _segments(
    raw: RawRoads, stretches: Stretches, layers: Layers, is_within: NDArray[np.bool_]
) -> RoadSegments:
    is_turn = layers.arc_road == NO_ROAD
    along = layers.arc_road // 2
    arc_segment = np.where(layers.arc_road % 2 == 0, along, ~along)
    arc = np.full(2 * len(stretches), NONE, np.int32)
    # Of several arcs of a road any will do; the first is the one without memory.
    roads = np.flatnonzero(~is_turn)[::-1]
    arc[layers.arc_road[roads]] = roads
    return RoadSegments(
        first_point=stretches.first_point,
        point_lon=raw.node_lon[stretches.point],
        point_lat=raw.node_lat[stretches.point],
        arc=arc.reshape(-1, 2),
        leave_node=layers.leave_node.reshape(-1, 2),
        enter_node=layers.enter_node.reshape(-1, 2),
        is_stop_allowed=raw.is_stop_allowed[stretches.way] & is_within,
        name=raw.name[stretches.way],
        names=raw.names,
        arc_segment=np.where(is_turn, NO_SEGMENT, arc_segment).astype(np.int32),
    )
