"""All engines give the same answers, and they are right."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.errors import InvalidRoadGraphError
from routing.problem import UNREACHABLE
from routing.roads.access_rule import HIGHWAYS
from routing.roads.engine import RoadEngine, RoadPath, SnappedPlaces, TravelMatrix
from routing.roads.road_graph import RoadGraph
from routing.roads.scipy_engine import ScipyEngine
from tests.routing.road_graphs import (
    assert_sweeps_are_of_the_matrix,
    contraction_engine,
    grid_graph,
    networkx_weights,
    random_places,
    road_graph,
    road_graphs,
    two_way,
)

EngineOf = Callable[[RoadGraph], RoadEngine]


@pytest.fixture(params=[ScipyEngine, contraction_engine], ids=["scipy", "contraction"])
def engine_of(request: pytest.FixtureRequest) -> EngineOf:
    made: EngineOf = request.param
    return made


@pytest.fixture
def four_junctions() -> RoadGraph:
    """
    Four junctions and one more that no road leads to; 1 -> 2 is one-way.

        0 --60 s, 900 m-- 1 --60 s, 1100 m-> 2 --30 s, 500 m-- 3      4
        |                                    |
        +----------- 120 s, 1500 m ----------+
    """
    return road_graph(
        [(10.0, 50.0), (10.1, 50.0), (10.2, 50.0), (10.3, 50.0), (10.4, 50.0)],
        [
            *two_way([(0, 1, 60_000, 900), (0, 2, 120_000, 1500), (2, 3, 30_000, 500)]),
            (1, 2, 60_000, 1100),
        ],
    )


def at_junctions(engine: RoadEngine, graph: RoadGraph, *nodes: int) -> SnappedPlaces:
    return engine.snap(graph.node_lon[list(nodes)], graph.node_lat[list(nodes)])


def matrices_equal(one: TravelMatrix, other: TravelMatrix) -> bool:
    return np.array_equal(one.duration_s, other.duration_s) and np.array_equal(
        one.distance_m, other.distance_m
    )


class TestByHand:
    def test_matrix_counts_road_and_five_minutes_at_each_end(
        self, engine_of: EngineOf, four_junctions: RoadGraph
    ) -> None:
        engine = engine_of(four_junctions)
        places = at_junctions(engine, four_junctions, 0, 1, 2, 3)
        matrix = engine.matrix(places, places)
        # Back from 2 to 1 it is 120 + 60 s by way of 0.
        road_s = [[0, 60, 120, 150], [60, 0, 60, 90], [120, 180, 0, 30], [150, 210, 30, 0]]
        expected_s = np.array(road_s) + 600 * (1 - np.eye(4, dtype=int))
        np.testing.assert_array_equal(matrix.duration_s, expected_s)

    def test_of_equally_fast_ways_the_shortest_counts(
        self, engine_of: EngineOf, four_junctions: RoadGraph
    ) -> None:
        """From 0 to 2 both ways take 120 s: straight on 1500 m, by way of 1 2000 m."""
        engine = engine_of(four_junctions)
        places = at_junctions(engine, four_junctions, 0, 2)
        path = engine.path(places[0], places[1])
        assert engine.matrix(places, places).distance_m[0, 1] == 1500
        assert path is not None
        assert path.distance_m == 1500
        assert path.lonlat.tolist() == [[10.0, 50.0], [10.0, 50.0], [10.2, 50.0], [10.2, 50.0]]

    def test_path_leads_from_place_to_place_and_flags_its_access(
        self, engine_of: EngineOf, four_junctions: RoadGraph
    ) -> None:
        engine = engine_of(four_junctions)
        places = engine.snap([10.1, 10.3], [50.01, 49.99])
        path = engine.path(places[0], places[1])
        assert path is not None
        assert path.lonlat.tolist() == [
            [10.1, 50.01],
            [10.1, 50.0],
            [10.2, 50.0],
            [10.3, 50.0],
            [10.3, 49.99],
        ]
        assert path.is_access.tolist() == [True, False, False, True]
        # 0.01 degrees are 1112 m, by an unknown way 1446 m, which take 130.1 s at 40 km/h.
        assert path.duration_s == 90 + 2 * (300 + 131)
        assert path.distance_m == 1600 + 2 * 1446

    def test_road_time_is_rounded_up_to_seconds(self, engine_of: EngineOf) -> None:
        graph = road_graph([(10, 50), (10.1, 50)], [(0, 1, 1001, 7)])
        engine = engine_of(graph)
        places = at_junctions(engine, graph, 0, 1)
        assert engine.matrix(places, places).duration_s[0, 1] == 602

    def test_terminal_time_is_a_parameter(self, four_junctions: RoadGraph) -> None:
        for engine in (
            ScipyEngine(four_junctions, access_rule=replace(HIGHWAYS, terminal_s=0)),
            contraction_engine(four_junctions, access_rule=replace(HIGHWAYS, terminal_s=0)),
        ):
            places = at_junctions(engine, four_junctions, 0, 1)
            assert engine.matrix(places, places).duration_s.tolist() == [[0, 60], [60, 0]]

    def test_negative_terminal_time_is_refused(self) -> None:
        with pytest.raises(ValueError, match="terminal_s is -1"):
            replace(HIGHWAYS, terminal_s=-1)


class TestUnreachable:
    def test_no_road_means_unreachable_and_no_path(
        self, engine_of: EngineOf, four_junctions: RoadGraph
    ) -> None:
        engine = engine_of(four_junctions)
        places = at_junctions(engine, four_junctions, 0, 4)
        matrix = engine.matrix(places, places)
        assert matrix.duration_s.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]
        assert matrix.distance_m.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]
        assert matrix.is_reachable.tolist() == [[True, False], [False, True]]
        assert engine.path(places[0], places[1]) is None

    def test_one_way_is_not_driven_backwards(self, engine_of: EngineOf) -> None:
        graph = road_graph([(10, 50), (10.1, 50)], [(0, 1, 1000, 7)])
        engine = engine_of(graph)
        places = at_junctions(engine, graph, 0, 1)
        assert engine.matrix(places, places).is_reachable.tolist() == [[True, True], [False, True]]

    def test_place_more_than_50_km_from_any_road_is_unreachable_even_to_itself(
        self, engine_of: EngineOf, four_junctions: RoadGraph
    ) -> None:
        engine = engine_of(four_junctions)
        places = engine.snap([10.0, 10.0, 10.0], [50.0, 50.44, 50.46])  # 0, 48.9 and 51.2 km
        assert places.is_off_road.tolist() == [False, False, True]
        assert engine.matrix(places, places).is_reachable.tolist() == [
            [True, True, False],
            [True, True, False],
            [False, False, False],
        ]
        assert engine.path(places[0], places[2]) is None
        assert engine.path(places[2], places[2]) is None

    def test_way_of_more_than_six_days_counts_as_none(self, engine_of: EngineOf) -> None:
        """Beyond 2**53 sums in float64 are no longer exact."""
        four_days_ms = 4 * 86_400_000
        graph = road_graph(
            [(10, 50), (10.1, 50), (10.2, 50)], [(0, 1, four_days_ms, 1), (1, 2, four_days_ms, 1)]
        )
        engine = engine_of(graph)
        places = at_junctions(engine, graph, 0, 1, 2)
        assert engine.matrix(places, places).duration_s[0].tolist() == [
            0,
            4 * 86_400 + 600,
            UNREACHABLE,
        ]
        assert engine.path(places[0], places[2]) is None


class TestSameJunction:
    def test_way_between_neighbours_does_not_lead_through_the_junction(
        self, engine_of: EngineOf, four_junctions: RoadGraph
    ) -> None:
        """Both lie 1112 m north of the junction, 7.1 m apart."""
        engine = engine_of(four_junctions)
        places = engine.snap([10.0, 10.0001], [50.01, 50.01])
        assert places.spot.tolist() == [0, 0]
        matrix = engine.matrix(places, places)
        # 7.15 m are 9.3 m by an unknown way, which take 0.8 s, and five minutes at both ends.
        assert matrix.duration_s.tolist() == [[0, 601], [601, 0]]
        assert matrix.distance_m.tolist() == [[0, 9], [9, 0]]
        path = engine.path(places[0], places[1])
        assert path is not None
        assert (path.duration_s, path.distance_m) == (601, 9)
        assert path.lonlat.tolist() == [[10.0, 50.01], [10.0001, 50.01]]
        assert path.is_access.tolist() == [True]

    def test_place_to_itself_is_zero(self, engine_of: EngineOf, four_junctions: RoadGraph) -> None:
        engine = engine_of(four_junctions)
        place = engine.snap(10.0, 50.01)
        path = engine.path(place, place)
        assert path is not None
        assert (path.duration_s, path.distance_m) == (0, 0)
        assert len(path.lonlat) == 2


@given(graph=road_graphs(), seed=st.integers(0, 10**6))
def test_engines_and_networkx_agree_on_any_graph(graph: RoadGraph, seed: int) -> None:
    oracle = networkx_weights(graph)
    engines = (ScipyEngine(graph), contraction_engine(graph))
    places = engines[0].snap(*random_places(graph, 9, seed))
    matrices = [engine.matrix(places, places) for engine in engines]
    assert matrices_equal(*matrices)
    for row in range(len(places)):
        for column in range(len(places)):
            source, target = int(places.spot[row]), int(places.spot[column])
            if source == target:
                continue
            road = oracle[source][target]
            measured = (matrices[0].duration_s[row, column], matrices[0].distance_m[row, column])
            if road is None:
                assert measured == (UNREACHABLE, UNREACHABLE)
            else:
                access_s = places.access_s[row] + places.access_s[column]
                access_m = places.access_m[row] + places.access_m[column]
                assert measured == (-(-road[0] // 1000) + access_s, road[1] + access_m)


@given(graph=road_graphs(), seed=st.integers(0, 10**6))
def test_paths_follow_arcs_that_add_up_to_the_matrix(graph: RoadGraph, seed: int) -> None:
    lightest: dict[tuple[int, int], tuple[int, int]] = {}
    for arc in range(graph.arc_count):
        ends = int(graph.arc_tail[arc]), int(graph.arc_head[arc])
        weight = int(graph.arc_duration_ms[arc]), int(graph.arc_length_m[arc])
        lightest[ends] = min(weight, lightest.get(ends, weight))
    for engine in (ScipyEngine(graph), contraction_engine(graph)):
        places = engine.snap(*random_places(graph, 6, seed))
        matrix = engine.matrix(places, places)
        for row in range(len(places)):
            for column in range(len(places)):
                path = engine.path(places[row], places[column])
                if not matrix.is_reachable[row, column]:
                    assert path is None
                    continue
                assert path is not None
                assert path.duration_s == matrix.duration_s[row, column]
                assert path.distance_m == matrix.distance_m[row, column]
                assert len(path.is_access) == len(path.lonlat) - 1
                source, target = int(places.spot[row]), int(places.spot[column])
                if source == target:
                    continue
                way = engine.seed_way(places[row].leave, places[column].enter)
                assert way is not None
                assert way.arcs is not None
                nodes = [source, *graph.arc_head[way.arcs].tolist()]
                assert graph.arc_tail[way.arcs].tolist() == nodes[:-1]
                assert nodes[-1] == target
                legs = [lightest[ends] for ends in pairwise(nodes)]
                road_ms, road_m = (sum(parts) for parts in zip(*legs, strict=True))
                access_s = int(places.access_s[row] + places.access_s[column])
                assert path.duration_s == -(-road_ms // 1000) + access_s
                access_m = int(places.access_m[row] + places.access_m[column])
                assert path.distance_m == road_m + access_m


@given(graph=road_graphs(), seed=st.integers(0, 10**6))
def test_sweeps_are_a_row_and_a_column_of_the_matrix(graph: RoadGraph, seed: int) -> None:
    for engine in (ScipyEngine(graph), contraction_engine(graph)):
        assert_sweeps_are_of_the_matrix(engine, engine.snap(*random_places(graph, 7, seed)))


@given(graph=road_graphs(), seed=st.integers(0, 10**6))
def test_travel_times_keep_the_triangle_inequality(graph: RoadGraph, seed: int) -> None:
    """Every proof that a place is too far away rests on it."""
    engine = contraction_engine(graph)
    places = engine.snap(*random_places(graph, 8, seed))
    duration_s = engine.matrix(places, places).duration_s
    by_way_of = duration_s[:, :, None] + duration_s[None, :, :]
    assert (duration_s[:, None, :] <= by_way_of).all()


@given(graph=road_graphs(), seed=st.integers(0, 10**6))
def test_ways_back_are_those_on_the_graph_turned_round(graph: RoadGraph, seed: int) -> None:
    turned = RoadGraph(
        graph.node_lon,
        graph.node_lat,
        graph.arc_head,
        graph.arc_tail,
        graph.arc_duration_ms,
        graph.arc_length_m,
        graph.arc_kind,
        graph.kinds,
    )
    engine, back = contraction_engine(graph), contraction_engine(turned)
    places = engine.snap(*random_places(graph, 7, seed))
    there, here = engine.matrix(places, places), back.matrix(places, places)
    np.testing.assert_array_equal(there.duration_s, here.duration_s.T)
    np.testing.assert_array_equal(there.distance_m, here.distance_m.T)


@pytest.mark.parametrize(("sources", "targets"), [(60, 5), (5, 60), (33, 33), (0, 4), (4, 0)])
def test_engines_agree_on_a_grid_whatever_side_has_more_places(sources: int, targets: int) -> None:
    graph = grid_graph(20, 30, seed=3)
    engines = (ScipyEngine(graph), contraction_engine(graph))
    a = engines[0].snap(*random_places(graph, sources, seed=1))
    b = engines[0].snap(*random_places(graph, targets, seed=2))
    matrices = [engine.matrix(a, b) for engine in engines]
    assert matrices[0].duration_s.shape == (sources, targets)
    assert matrices_equal(*matrices)


def test_order_of_places_does_not_matter() -> None:
    graph = grid_graph(15, 15, seed=5)
    engine = contraction_engine(graph)
    places = engine.snap(*random_places(graph, 40, seed=6))
    order = np.random.default_rng(7).permutation(len(places))
    matrix, shuffled = engine.matrix(places, places), engine.matrix(places[order], places[order])
    np.testing.assert_array_equal(shuffled.duration_s, matrix.duration_s[np.ix_(order, order)])
    np.testing.assert_array_equal(shuffled.distance_m, matrix.distance_m[np.ix_(order, order)])


def test_threads_that_share_an_engine_get_the_answers_of_one(engine_of: EngineOf) -> None:
    graph = grid_graph(25, 25, seed=8)
    engine = engine_of(graph)
    places = engine.snap(*random_places(graph, 48, seed=9))

    def ask(part: int) -> tuple[TravelMatrix, list[RoadPath | None]]:
        few = places[part * 6 : part * 6 + 6]
        return engine.matrix(few, places), [engine.path(few[0], few[k]) for k in range(1, 6)]

    expected = [ask(part) for part in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, [part for _ in range(12) for part in range(8)]))
    for number, (matrix, paths) in enumerate(answers):
        right_matrix, right_paths = expected[number % 8]
        assert matrices_equal(matrix, right_matrix)
        for path, right in zip(paths, right_paths, strict=True):
            assert (path is None) == (right is None)
            if path is not None and right is not None:
                np.testing.assert_array_equal(path.lonlat, right.lonlat)


def test_queries_that_need_one_place_refuse_several(
    engine_of: EngineOf, four_junctions: RoadGraph
) -> None:
    engine = engine_of(four_junctions)
    places = at_junctions(engine, four_junctions, 0, 1)
    with pytest.raises(ValueError, match="not 2"):
        engine.one_to_many(places, places)
    with pytest.raises(ValueError, match="not 2"):
        engine.many_to_one(places, places)
    with pytest.raises(ValueError, match="not 2"):
        engine.path(places[0], places)


class TestRoadGraph:
    def test_graph_without_a_junction_is_refused(self) -> None:
        with pytest.raises(InvalidRoadGraphError, match="at least one junction"):
            road_graph([], [])

    @pytest.mark.parametrize(
        ("arc", "message"),
        [
            ((0, 2, 1, 1), "node that does not exist"),
            ((-1, 0, 1, 1), "node that does not exist"),
            ((0, 1, -1, 1), "negative duration or length"),
            ((0, 1, 1, -1), "negative duration or length"),
            ((0, 1, 1, 2**24), "longer than 16,777,216 m"),
            ((0, 1, 2**29, 1), "takes longer than 536,870,912 ms"),
        ],
    )
    def test_arc_that_cannot_be_driven_is_refused(
        self, arc: tuple[int, int, int, int], message: str
    ) -> None:
        with pytest.raises(InvalidRoadGraphError, match=message):
            road_graph([(10, 50), (11, 50)], [arc])
