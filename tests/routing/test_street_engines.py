"""Ways between places on streets: all engines agree, and they are right."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import great_circle_m
from routing.errors import InvalidRoadGraphError, UnknownMetricError
from routing.problem import UNREACHABLE
from routing.roads.access_rule import STREETS
from routing.roads.engine import BASE, SnappedPlaces
from routing.roads.metrics import AVOIDED_KINDS
from routing.roads.nearest_piece import nearest_pieces, shares_along
from routing.roads.place_engine import PlaceEngine
from routing.roads.road_graph import RoadGraph, pack_weight, split_weight
from routing.roads.road_segments import BACKWARD, FORWARD, NONE, RoadSegments
from routing.roads.scipy_engine import ScipyEngine
from routing.roads.segment_index import build_segment_index
from routing.roads.segment_snapping import SegmentSnapper
from tests.routing.road_graphs import (
    M_PER_DEGREE,
    assert_sweeps_are_of_the_matrix,
    contraction_engine,
)
from tests.routing.street_maps import Street, networkx_road, street_map, street_maps

Map = tuple[RoadGraph, RoadSegments]
EngineOf = Callable[[RoadGraph, RoadSegments], PlaceEngine]


@pytest.fixture(params=[ScipyEngine, contraction_engine], ids=["scipy", "contraction"])
def engine_of(request: pytest.FixtureRequest) -> EngineOf:
    made: EngineOf = request.param
    return made


@pytest.fixture
def village() -> Map:
    """
    A one-way ring of three streets, and a lane off it with a bend; north is up.

               2 ----- Lane ----- 3
              / ^
        back /   \\ Ring, 10 s, 100 m
            v     \\
           0 ----> 1
             Ring, 19.5 s, 210 m

    The way back from 2 to 0 has no name and takes 30 s for 300 m. The Lane is two-way, 40 s and
    400 m there, 60 s and 400 m back.
    """
    return street_map(
        [(10.0, 50.0), (10.01, 50.0), (10.005, 50.01), (10.02, 50.01)],
        [
            Street(0, 1, (19_500, 210), name="Ring"),
            Street(1, 2, (10_000, 100), name="Ring"),
            Street(2, 0, (30_000, 300), kind="service"),
            Street(2, 3, (40_000, 400), (60_000, 400), ((10.0125, 50.02),), "Lane"),
        ],
    )


def places_in(map_: Map, count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    graph = map_[0]
    rng = np.random.default_rng(seed)
    lon = rng.uniform(graph.node_lon.min() - 0.003, graph.node_lon.max() + 0.003, count)
    lat = rng.uniform(graph.node_lat.min() - 0.003, graph.node_lat.max() + 0.003, count)
    # Some on one position, and some exactly at a junction.
    lon[-1], lat[-1] = lon[0], lat[0]
    lon[-2], lat[-2] = graph.node_lon[0], graph.node_lat[0]
    return lon, lat


class TestByHand:
    def test_place_is_left_and_entered_in_both_directions(self, village: Map) -> None:
        """A quarter of the Lane from 2, 30 m or so beside it."""
        place = SegmentSnapper(*village).snap(10.0089, 50.0149)
        assert place.spot.tolist() == [3]
        ahead, behind = split_weight(place.leave_weight[0])[0].tolist()
        assert place.leave_node.tolist() == [[3, 2]]
        assert place.enter_node.tolist() == [[2, 3]]
        assert ahead / 40_000 == pytest.approx(0.75, abs=0.02)
        assert behind / 60_000 == pytest.approx(0.25, abs=0.02)
        whole = place.leave_weight + place.enter_weight
        assert [part.tolist() for part in split_weight(whole[0])] == [[40_000, 60_000], [400, 400]]

    def test_place_on_a_one_way_street_has_one_way_out(self, village: Map) -> None:
        place = SegmentSnapper(*village).snap(10.005, 49.9999)
        assert (place.leave_node.tolist(), place.enter_node.tolist()) == ([[1, NONE]], [[0, NONE]])
        assert split_weight(place.enter_weight[0])[0].tolist() == [9750, 0]
        assert (place.road_lon[0], place.road_lat[0]) == pytest.approx((10.005, 50.0), abs=1e-7)

    def test_access_is_driven_at_15_kmh_with_two_minutes_at_the_door(self, village: Map) -> None:
        place = SegmentSnapper(*village).snap(10.005, 50.0 - 499 / M_PER_DEGREE)
        assert place.straight_m[0] == pytest.approx(499, abs=0.01)
        assert place.access_m[0] == 649
        assert place.access_s[0] == 120 + 156  # 649 m at 15 km/h are 155.7 s

    def test_off_road_begins_beyond_2_km(self, village: Map) -> None:
        south = 50.0 - np.array([1999.0, 2001.0, 70_000.0]) / M_PER_DEGREE
        places = SegmentSnapper(*village).snap([10.005] * 3, south)
        assert places.is_off_road.tolist() == [False, True, True]
        assert places.straight_m[2] == pytest.approx(70_000, abs=1)

    def test_ahead_on_a_one_way_street_is_near_and_behind_is_all_the_way_round(
        self, engine_of: EngineOf, village: Map
    ) -> None:
        engine = engine_of(*village)
        places = engine.snap([10.0025, 10.0075], [50.0, 50.0])
        matrix = engine.matrix(places, places)
        # Half of the street is 9.75 s; the ring is 59.5 s, so that it is 49.75 s back. Four
        # minutes at the two ends.
        assert matrix.duration_s.tolist() == [[0, 250], [290, 0]]
        assert matrix.distance_m.tolist() == [[0, 105], [505, 0]]
        there, back = (engine.path(places[k], places[1 - k]) for k in (0, 1))
        assert there is not None
        assert back is not None
        assert there.lonlat.round(5).tolist() == [[10.0025, 50.0]] * 2 + [[10.0075, 50.0]] * 2
        assert there.is_access.tolist() == [True, False, True]
        assert [stretch.name for stretch in there.stretches] == ["Ring"]
        assert back.lonlat.round(5).tolist() == [
            *[[10.0075, 50.0]] * 2,
            [10.01, 50.0],
            [10.005, 50.01],
            [10.0, 50.0],
            *[[10.0025, 50.0]] * 2,
        ]

    def test_path_names_its_streets_and_follows_their_bends(
        self, engine_of: EngineOf, village: Map
    ) -> None:
        engine = engine_of(*village)
        places = engine.snap([10.005, 10.02, 10.0005], [50.0, 50.01, 50.001])
        path = engine.path(places[0], places[1])
        assert path is not None
        assert path.lonlat.round(6).tolist() == [
            *[[10.005, 50.0]] * 2,
            [10.01, 50.0],
            [10.005, 50.01],
            [10.0125, 50.02],
            *[[10.02, 50.01]] * 2,
        ]
        assert path.is_access.tolist() == [True, *[False] * 4, True]
        assert [
            (s.name, s.kind, s.first_point, s.distance_m, s.duration_s) for s in path.stretches
        ] == [("Ring", "road", 1, 205, 19.75), ("Lane", "road", 3, 400, 40.0)]
        assert (path.duration_s, path.distance_m) == (240 + 60, 605)
        back = engine.path(places[1], places[2])
        assert back is not None
        assert [(s.name, s.kind) for s in back.stretches] == [("Lane", "road"), ("", "service")]
        assert back.lonlat.round(6).tolist()[2] == [10.0125, 50.02]

    def test_a_place_to_itself_is_zero_and_two_at_one_point_of_the_road_are_not(
        self, engine_of: EngineOf, village: Map
    ) -> None:
        engine = engine_of(*village)
        places = engine.snap([10.005, 10.005, 10.005], [50.0, 50.0, 49.999])
        matrix = engine.matrix(places, places)
        door = 120 + 35  # 111 m are 145 m by an unknown way, 34.7 s at 15 km/h
        assert matrix.duration_s.tolist() == [[0, 0, 120 + door]] * 2 + [[120 + door] * 2 + [0]]
        path = engine.path(places[0], places[2])
        assert path is not None
        assert path.is_access.tolist() == [True, True]
        assert path.stretches == ()

    def test_place_outside_of_reach_is_unreachable_even_to_itself(
        self, engine_of: EngineOf, village: Map
    ) -> None:
        engine = engine_of(*village)
        places = engine.snap([10.005, 11.0], [50.0, 50.0])
        assert engine.matrix(places, places).is_reachable.tolist() == [[True, False], [False] * 2]
        assert engine.path(places[0], places[1]) is None

    def test_turns_take_no_time_and_draw_nothing(self, engine_of: EngineOf) -> None:
        """Junctions 1 and 2 are one; the turn from 2 back to 1 is forbidden."""
        map_ = street_map(
            [(10.0, 50.0), (10.01, 50.0), (10.01, 50.0), (10.02, 50.0)],
            [Street(0, 1, (9000, 90), name="A"), Street(2, 3, (9000, 90), (9000, 90), name="B")],
            turns=[(1, 2)],
        )
        engine = engine_of(*map_)
        places = engine.snap([10.0, 10.02], [50.0, 50.0])
        assert engine.matrix(places, places).duration_s.tolist() == [[0, 258], [UNREACHABLE, 0]]
        path = engine.path(places[0], places[1])
        assert path is not None
        assert path.lonlat.round(5)[:, 0].tolist() == [10.0, 10.0, 10.01, 10.02, 10.02]
        assert [(s.name, s.first_point) for s in path.stretches] == [("A", 1), ("B", 2)]

    def test_node_that_stands_twice_is_left_and_entered_where_the_map_says(
        self, engine_of: EngineOf
    ) -> None:
        """
        A private road 1 - 2: whoever leaves it starts from 3, the copy of 1 that none may enter.
        """
        graph, segments = street_map(
            [(10.0, 50.0), (10.01, 50.0), (10.02, 50.0), (10.01, 50.0)],
            [
                Street(0, 1, (5000, 50), (5000, 50)),
                Street(1, 2, (6900, 70), (6900, 70), name="Private"),
                Street(3, 0, (6000, 60), None, ((10.0, 50.01),), is_stop_allowed=False),
            ],
        )
        leave = segments.leave_node.copy()
        leave[1, BACKWARD] = 3
        engine = engine_of(graph, replace(segments, leave_node=leave))
        places = engine.snap([10.0, 10.015], [50.0, 50.0])
        # Half of the private road and 5 s there, half of it and 6 s back.
        assert engine.matrix(places, places).duration_s.tolist() == [[0, 249], [250, 0]]


class TestMetrics:
    @pytest.fixture
    def island(self) -> Map:
        """From 0 to 1 a motorway takes 10 s, a street 30 s; from 1 to 2 there is only a ferry."""
        return street_map(
            [(10.0, 50.0), (10.01, 50.0), (10.02, 50.0), (10.03, 50.0)],
            [
                Street(0, 1, (10_000, 900), (10_000, 900), (), "A 1", "motorway", False),
                Street(0, 1, (30_000, 800), (30_000, 800), ((10.005, 50.001),)),
                Street(1, 2, (99_000, 700), (99_000, 700), (), "", "ferry", False),
                Street(2, 3, (5_000, 50), (5_000, 50)),
            ],
        )

    def test_metric_keeps_off_its_roads(self, engine_of: EngineOf, island: Map) -> None:
        engine = engine_of(*island)
        assert engine.metrics == ("base", "no_motorway", "no_ferry", "no_motorway_no_ferry")
        places = engine.snap([10.0, 10.01, 10.03], [50.0, 50.0, 50.0])
        rows = {
            name: engine.with_metric(name).matrix(places[0], places).duration_s[0].tolist()
            for name in engine.metrics
        }
        assert rows == {
            "base": [0, 250, 240 + 114],
            "no_motorway": [0, 270, 240 + 134],
            "no_ferry": [0, 250, UNREACHABLE],
            "no_motorway_no_ferry": [0, 270, UNREACHABLE],
        }
        path = engine.with_metric("no_motorway").path(places[0], places[1])
        assert path is not None
        assert (path.distance_m, path.lonlat.round(4).tolist()[2]) == (800, [10.005, 50.001])
        assert engine.with_metric("no_ferry").path(places[0], places[2]) is None

    def test_metric_is_made_once_and_knows_the_others(
        self, engine_of: EngineOf, island: Map
    ) -> None:
        engine = engine_of(*island)
        other = engine.with_metric("no_ferry")
        assert engine.with_metric("no_ferry") is other
        assert other.with_metric(BASE) is engine
        assert engine.with_metric(BASE) is engine

    def test_threads_that_ask_for_a_metric_at_once_get_the_same(
        self, engine_of: EngineOf, island: Map
    ) -> None:
        engine = engine_of(*island)
        with ThreadPoolExecutor(8) as pool:
            made = list(pool.map(engine.with_metric, ["no_ferry"] * 32))
        assert {id(one) for one in made} == {id(engine.with_metric("no_ferry"))}

    def test_metric_that_the_map_does_not_have_is_refused(
        self, engine_of: EngineOf, village: Map
    ) -> None:
        engine = engine_of(*village)
        assert engine.metrics == ("base",)
        with pytest.raises(UnknownMetricError, match=r"no metric 'no_ferry'\. It has base"):
            engine.with_metric("no_ferry")


def with_other_ends(map_: Map, seed: int) -> RoadSegments:
    """The same streets, of which some are left, or entered, by any node."""
    graph, segments = map_
    rng = np.random.default_rng(seed)
    leave, enter = (
        np.where(
            (node != NONE) & (rng.uniform(size=node.shape) < 0.4),
            rng.integers(0, graph.node_count, node.shape),
            node,
        ).astype(np.int32)
        for node in (segments.leave_node, segments.enter_node)
    )
    return replace(segments, leave_node=leave, enter_node=enter)


def shares_of(map_: Map, places: SnappedPlaces) -> np.ndarray:
    segments = map_[1]
    found = nearest_pieces(build_segment_index(segments), segments, places.lon, places.lat)
    assert found[0].tolist() == places.spot.tolist()
    return shares_along(segments, *found)


@given(map_=street_maps(), seed=st.integers(0, 10**6))
def test_rest_of_the_segment_on_either_side_adds_up_to_it(map_: Map, seed: int) -> None:
    graph, segments = map_
    places = SegmentSnapper(*map_).snap(*places_in(map_, 8, seed))
    share = shares_of(map_, places)
    to_road = great_circle_m(places.lon, places.lat, places.road_lon, places.road_lat)
    np.testing.assert_allclose(places.straight_m, to_road, atol=0.0051)
    for direction, passed in ((FORWARD, share), (BACKWARD, 1 - share)):
        arc = segments.arc[places.spot, direction]
        is_open = arc != NONE
        assert (places.leave_node[~is_open, direction] == NONE).all()
        assert (places.enter_node[~is_open, direction] == NONE).all()
        arc, enter = arc[is_open], places.enter_weight[is_open, direction]
        whole = pack_weight(graph.arc_duration_ms[arc], graph.arc_length_m[arc])
        np.testing.assert_array_equal(enter + places.leave_weight[is_open, direction], whole)
        part_ms, part_m = split_weight(enter)
        np.testing.assert_array_equal(
            part_ms, np.floor(passed[is_open] * graph.arc_duration_ms[arc])
        )
        np.testing.assert_array_equal(part_m, np.floor(passed[is_open] * graph.arc_length_m[arc]))


@given(map_=street_maps(), has_copies=st.booleans(), seed=st.integers(0, 10**6))
def test_engines_and_networkx_agree_on_any_map(map_: Map, has_copies: bool, seed: int) -> None:
    """Also where places are left and entered by other nodes than the ends of their street."""
    if has_copies:
        map_ = map_[0], with_other_ends(map_, seed)
    engines = (ScipyEngine(*map_), contraction_engine(*map_))
    places = engines[0].snap(*places_in(map_, 6, seed))
    share = shares_of(map_, places)
    for name in engines[0].metrics:
        closed = AVOIDED_KINDS.get(name, ())
        weight = networkx_road(*map_, places, share, closed)
        road_ms, road_m = split_weight(weight)
        duration_s = -(-road_ms // 1000) + places.access_s[:, None] + places.access_s
        distance_m = road_m + places.access_m[:, None] + places.access_m
        is_apart = (weight < 0) | places.is_off_road[:, None] | places.is_off_road
        duration_s[is_apart] = distance_m[is_apart] = UNREACHABLE
        is_same = (places.lon[:, None] == places.lon) & (places.lat[:, None] == places.lat)
        duration_s[is_same & ~is_apart] = distance_m[is_same & ~is_apart] = 0
        for engine in engines:
            matrix = engine.with_metric(name).matrix(places, places)
            np.testing.assert_array_equal(matrix.duration_s, duration_s)
            np.testing.assert_array_equal(matrix.distance_m, distance_m)


@given(map_=street_maps(), seed=st.integers(0, 10**6))
def test_paths_have_the_numbers_of_the_matrix_and_stretches_that_add_up(
    map_: Map, seed: int
) -> None:
    for engine in (ScipyEngine(*map_), contraction_engine(*map_)):
        places = engine.snap(*places_in(map_, 5, seed))
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
                assert path.lonlat[0].tolist() == [places.lon[row], places.lat[row]]
                assert path.lonlat[-1].tolist() == [places.lon[column], places.lat[column]]
                assert len(path.is_access) == len(path.lonlat) - 1
                if path.distance_m == 0 and path.duration_s == 0:
                    continue
                access_m = places.access_m[row] + places.access_m[column]
                access_s = places.access_s[row] + places.access_s[column]
                assert path.distance_m - access_m == sum(s.distance_m for s in path.stretches)
                road_s = sum(round(s.duration_s * 1000) for s in path.stretches) / 1000
                assert path.duration_s - access_s == np.ceil(road_s)
                starts = [stretch.first_point for stretch in path.stretches]
                assert starts == sorted(starts)
                assert all(1 <= start < len(path.lonlat) - 1 for start in starts)


@given(map_=street_maps(), seed=st.integers(0, 10**6))
def test_sweeps_are_a_row_and_a_column_of_the_matrix(map_: Map, seed: int) -> None:
    for engine in (ScipyEngine(*map_), contraction_engine(*map_)):
        assert_sweeps_are_of_the_matrix(engine, engine.snap(*places_in(map_, 7, seed)))


@given(map_=street_maps(), seed=st.integers(0, 10**6))
def test_travel_times_keep_the_triangle_inequality(map_: Map, seed: int) -> None:
    """Wherever a place may be left the way it was entered; turn restrictions may forbid that."""
    engine = contraction_engine(*map_)
    places = engine.snap(*places_in(map_, 9, seed))
    duration_s = engine.matrix(places, places).duration_s
    by_way_of = duration_s[:, :, None] + duration_s[None, :, :]
    assert (duration_s[:, None, :] <= by_way_of).all()


class TestRefusal:
    def test_segments_of_another_graph(self, village: Map) -> None:
        other, _ = street_map([(10.0, 50.0), (10.01, 50.0)], [Street(0, 1, (1, 1))])
        with pytest.raises(InvalidRoadGraphError, match="another road graph"):
            ScipyEngine(other, village[1])

    def test_rule_out_of_range(self) -> None:
        with pytest.raises(ValueError, match=r"circuity is 0\.5"):
            replace(STREETS, circuity=0.5)
