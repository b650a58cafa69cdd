"""Small road graphs for the tests of everything that drives on them."""

from collections.abc import Sequence

import networkx as nx
import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from routing.roads.access_rule import AccessRule
from routing.roads.contraction_engine import ContractionEngine
from routing.roads.engine import RoadEngine, SnappedPlaces
from routing.roads.hierarchy import build_hierarchy
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import RoadSegments

Arc = tuple[int, int, int, int]
"""Tail, head, milliseconds, metres."""

M_PER_DEGREE = 111_195.08
"""Along a meridian, on a sphere of the mean radius."""


def road_graph(lonlat: Sequence[tuple[float, float]], arcs: Sequence[Arc]) -> RoadGraph:
    lon, lat = np.array(lonlat, dtype=np.float64).reshape(-1, 2).T
    tail, head, duration_ms, length_m = np.array(arcs, dtype=np.int64).reshape(-1, 4).T
    return RoadGraph(
        node_lon=lon,
        node_lat=lat,
        arc_tail=tail.astype(np.int32),
        arc_head=head.astype(np.int32),
        arc_duration_ms=duration_ms.astype(np.int32),
        arc_length_m=length_m.astype(np.int32),
        arc_kind=np.zeros(len(tail), np.uint8),
        kinds=("road",),
    )


def two_way(arcs: Sequence[Arc]) -> list[Arc]:
    return [*arcs, *((head, tail, ms, m) for tail, head, ms, m in arcs)]


def contraction_engine(
    graph: RoadGraph,
    segments: RoadSegments | None = None,
    access_rule: AccessRule | None = None,
) -> ContractionEngine:
    return ContractionEngine(graph, build_hierarchy(graph), segments, access_rule=access_rule)


def grid_graph(rows: int, columns: int, seed: int) -> RoadGraph:
    """A crooked grid a kilometre wide per mesh: some streets one-way, some missing."""
    rng = np.random.default_rng(seed)
    lonlat = [
        (10 + 0.0143 * (c + rng.uniform(-0.3, 0.3)), 51 + 0.009 * (r + rng.uniform(-0.3, 0.3)))
        for r in range(rows)
        for c in range(columns)
    ]
    arcs: list[Arc] = []
    for r in range(rows):
        for c in range(columns):
            here = r * columns + c
            for to in [here + 1] * (c + 1 < columns) + [here + columns] * (r + 1 < rows):
                kind = rng.uniform()
                road = (int(rng.integers(20_000, 120_000)), int(rng.integers(800, 1600)))
                if kind > 0.1:
                    arcs.append((here, to, *road))
                if kind > 0.2:
                    arcs.append((to, here, *road))
    return road_graph(lonlat, arcs)


@st.composite
def road_graphs(draw: st.DrawFn) -> RoadGraph:
    """
    Any graph: one-way and parallel arcs, loops, zero lengths, pieces apart, places on one spot.

    Few distinct times and lengths, so that many ways are equally fast.
    """
    nodes = draw(st.integers(1, 12))
    spot = st.tuples(st.integers(0, 5), st.integers(0, 5))
    lonlat = [
        (10 + 0.01 * x, 51 + 0.01 * y)
        for x, y in draw(st.lists(spot, min_size=nodes, max_size=nodes))
    ]
    node = st.integers(0, nodes - 1)
    arc = st.tuples(node, node, st.integers(1, 3000), st.integers(0, 3))
    arcs = draw(st.lists(arc, max_size=40))
    return road_graph(lonlat, [(t, h, 1 + ms // 1000 * 1000, m) for t, h, ms, m in arcs])


def networkx_weights(graph: RoadGraph) -> list[list[tuple[int, int] | None]]:
    """Milliseconds and metres between all junctions, by networkx on pairs of numbers."""
    net = nx.MultiDiGraph()
    net.add_nodes_from(range(graph.node_count))
    for arc in range(graph.arc_count):
        # 10**9 times the milliseconds plus the metres: the rule of the engines in other numbers.
        weight = int(graph.arc_duration_ms[arc]) * 10**9 + int(graph.arc_length_m[arc])
        net.add_edge(int(graph.arc_tail[arc]), int(graph.arc_head[arc]), weight=weight)
    table: list[list[tuple[int, int] | None]] = []
    for source in range(graph.node_count):
        reached = nx.single_source_dijkstra_path_length(net, source)
        table.append(
            [
                divmod(reached[target], 10**9) if target in reached else None
                for target in range(graph.node_count)
            ]
        )
    return table


def random_places(
    graph: RoadGraph, count: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions in and a little around the graph's box, in degrees."""
    rng = np.random.default_rng(seed)
    lon = rng.uniform(graph.node_lon.min() - 0.02, graph.node_lon.max() + 0.02, count)
    lat = rng.uniform(graph.node_lat.min() - 0.02, graph.node_lat.max() + 0.02, count)
    return lon, lat


def assert_sweeps_are_of_the_matrix(engine: RoadEngine, places: SnappedPlaces) -> None:
    """One to many and many to one are a row and a column of it, that of the third place."""
    matrix = engine.matrix(places, places)
    row = engine.one_to_many(places[2], places)
    column = engine.many_to_one(places, places[2])
    np.testing.assert_array_equal(row.duration_s, matrix.duration_s[[2]])
    np.testing.assert_array_equal(row.distance_m, matrix.distance_m[[2]])
    np.testing.assert_array_equal(column.duration_s, matrix.duration_s[:, [2]])
    np.testing.assert_array_equal(column.distance_m, matrix.distance_m[:, [2]])
