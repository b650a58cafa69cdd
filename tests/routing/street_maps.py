"""Small maps of streets, with their course between the junctions, and an oracle for them."""

from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from routing.roads.engine import SnappedPlaces
from routing.roads.road_graph import RoadGraph, pack_weight
from routing.roads.road_segments import DEGREES_PER_UNIT, NO_SEGMENT, NONE, RoadSegments

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Street:
    """
    A road from one junction to another.

    `between` are the points on the way, `forward` and `backward` milliseconds and metres or None.
    """

    tail: int
    head: int
    forward: tuple[int, int] | None
    backward: tuple[int, int] | None = None
    between: tuple[LonLat, ...] = ()
    name: str = ""
    kind: str = "road"
    is_stop_allowed: bool = True


def street_map(
    lonlat: Sequence[LonLat],
    streets: Sequence[Street],
    turns: Sequence[tuple[int, int]] = (),
) -> tuple[RoadGraph, RoadSegments]:
    """Junctions, streets between them, and arcs that take no time (tail, head)."""
    kinds = (*dict.fromkeys(street.kind for street in streets), "turn")
    names = tuple(dict.fromkeys(street.name for street in streets if street.name))
    arcs: list[tuple[int, int, int, int, int, int]] = []
    arc, leave, enter = (np.full((len(streets), 2), NONE, np.int32) for _ in range(3))
    points: list[LonLat] = []
    first = [0]
    for k, street in enumerate(streets):
        points += [lonlat[street.tail], *street.between, lonlat[street.head]]
        first.append(len(points))
        ways = (
            (street.forward, street.tail, street.head),
            (street.backward, street.head, street.tail),
        )
        for direction, (cost, tail, head) in enumerate(ways):
            if cost is not None:
                arc[k, direction] = len(arcs)
                leave[k, direction], enter[k, direction] = head, tail
                segment = ~k if direction else k
                arcs.append((tail, head, *cost, kinds.index(street.kind), segment))
    arcs += [(tail, head, 0, 0, len(kinds) - 1, NO_SEGMENT) for tail, head in turns]
    tail, head, duration_ms, length_m, kind, segment = (
        np.array(arcs, dtype=np.int64).reshape(-1, 6).T.astype(np.int32)
    )
    lon, lat = np.array(lonlat, dtype=np.float64).reshape(-1, 2).T
    graph = RoadGraph(lon, lat, tail, head, duration_ms, length_m, kind.astype(np.uint8), kinds)
    units = np.rint(np.array(points).reshape(-1, 2) / DEGREES_PER_UNIT).astype(np.int32)
    segments = RoadSegments(
        first_point=np.array(first),
        point_lon=units[:, 0].copy(),
        point_lat=units[:, 1].copy(),
        arc=arc,
        leave_node=leave,
        enter_node=enter,
        is_stop_allowed=np.array([street.is_stop_allowed for street in streets], np.bool_),
        name=np.array([names.index(s.name) if s.name else NONE for s in streets], np.int32),
        names=names,
        arc_segment=segment,
    )
    segments.check_belongs_to(graph)
    return graph, segments


@st.composite
def street_maps(draw: st.DrawFn) -> tuple[RoadGraph, RoadSegments]:
    """
    Any map: one-way and parallel streets, loops, pieces apart, junctions on one spot, free turns.

    Few distinct times and lengths, so that many ways are equally fast; some streets are motorways
    without stops or ferries.
    """
    spot = st.tuples(st.integers(0, 5), st.integers(0, 5)).map(
        lambda xy: (10 + 0.005 * xy[0], 51 + 0.003 * xy[1])
    )
    lonlat = draw(st.lists(spot, min_size=1, max_size=8))
    node = st.integers(0, len(lonlat) - 1)
    cost = st.tuples(st.sampled_from([0, 999, 1000, 3000]), st.integers(0, 3))
    street = st.builds(
        Street,
        tail=node,
        head=node,
        forward=cost,
        backward=st.none() | cost,
        between=st.lists(spot, max_size=12).map(tuple),
        name=st.sampled_from(["", "Ring", "Allee"]),
        kind=st.sampled_from(["road", "road", "path", "ferry"]),
    ) | st.builds(
        Street,
        tail=node,
        head=node,
        forward=cost,
        kind=st.just("motorway"),
        is_stop_allowed=st.just(False),
    )
    first = Street(
        draw(node), draw(node), None, draw(cost), draw(st.lists(spot, max_size=3).map(tuple))
    )
    streets = [first, *draw(st.lists(street, max_size=12))]
    turns = draw(st.lists(st.tuples(node, node), max_size=4))
    return street_map(lonlat, streets, turns)


def networkx_road(
    graph: RoadGraph,
    segments: RoadSegments,
    places: SnappedPlaces,
    share: np.ndarray,
    closed_kinds: Sequence[str] = (),
) -> np.ndarray:
    """
    (k, k) packed weights between places, or -1: networkx on the graph with every pair put in.

    `share` (k,) says where on its segment each place lies. For each pair the two streets are cut
    at the places, so that the oracle knows of no seeds and no case of a common segment.
    """
    weight = pack_weight(graph.arc_duration_ms, graph.arc_length_m).tolist()
    net = nx.MultiDiGraph()
    net.add_nodes_from(range(graph.node_count))
    for arc in range(graph.arc_count):
        if graph.kinds[graph.arc_kind[arc]] not in closed_kinds:
            net.add_edge(int(graph.arc_tail[arc]), int(graph.arc_head[arc]), weight=weight[arc])
    table = np.full((len(places), len(places)), -1, np.int64)
    for row in range(len(places)):
        for column in range(len(places)):
            pair = (row, column)
            cut = net.copy()
            for direction in (0, 1):
                # Along the street: its start, the places on it in order, its end.
                for spot in {int(places.spot[k]) for k in pair}:
                    if segments.arc[spot, direction] == NONE:
                        continue
                    on_it = [k for k in dict.fromkeys(pair) if places.spot[k] == spot]
                    on_it.sort(key=lambda k: share[k] if direction == 0 else -share[k])
                    at = [int(segments.enter_node[spot, direction])]
                    at += [-1 - k for k in on_it] + [int(segments.leave_node[spot, direction])]
                    passed = [0, *(int(places.enter_weight[k, direction]) for k in on_it)]
                    passed.append(weight[segments.arc[spot, direction]])
                    for k in range(len(at) - 1):
                        cut.add_edge(at[k], at[k + 1], weight=passed[k + 1] - passed[k])
            # What is the same to the millisecond and the metre is one point of the street.
            if places.spot[row] == places.spot[column] and (
                places.enter_weight[row].tolist() == places.enter_weight[column].tolist()
            ):
                cut.add_edge(-1 - row, -1 - column, weight=0)
            try:
                found = nx.dijkstra_path_length(cut, -1 - row, -1 - column)
            except nx.NetworkXNoPath:
                continue
            table[row, column] = found
    return table
