"""Towns for the nights of a trip."""

from dataclasses import replace

import numpy as np
import pytest

from routing.overnight import OvernightRule, choose_overnight_towns, close_near_home
from routing.problem import UNREACHABLE
from routing.roads.access_rule import HIGHWAYS
from routing.roads.scipy_engine import ScipyEngine
from tests.routing.road_graphs import road_graph, two_way

MINUTE_MS = 60_000
TOWNS = 16


@pytest.fixture
def engine() -> ScipyEngine:
    """
    Junctions 0 to 15 in a row, ten minutes apart; junction 16 lies an hour off junction 7.

    Without time at the ends of a leg, so that the tests can count in tens of minutes.
    """
    row = [(k, k + 1, 10 * MINUTE_MS, 10_000) for k in range(TOWNS - 1)]
    lonlat = [(10 + 0.1 * k, 50.0) for k in range(TOWNS)]
    graph = road_graph([*lonlat, (10.7, 50.5)], two_way([*row, (7, 16, 60 * MINUTE_MS, 60_000)]))
    return ScipyEngine(graph, access_rule=replace(HIGHWAYS, terminal_s=0))


def chosen(
    engine: ScipyEngine,
    start: int,
    end: int,
    prizes: dict[int, int],
    nights: int = 1,
    max_visit_detour_s: int = 3600,
    population: dict[int, int] | None = None,
    rule: OvernightRule | None = None,
) -> list[int]:
    """A town of 20,000 at every junction; prizes by junction."""
    graph = engine.graph
    people = np.full(graph.node_count, 20_000)
    for town, inhabitants in (population or {}).items():
        people[town] = inhabitants
    places = engine.snap(graph.node_lon, graph.node_lat)
    return choose_overnight_towns(
        engine,
        places[start],
        places[end],
        places,
        people,
        places[list(prizes)],
        np.array(list(prizes.values())),
        nights,
        max_visit_detour_s,
        rule or OvernightRule(),
    ).tolist()


def test_towns_are_more_than_40_minutes_from_both_ends_and_25_apart(engine: ScipyEngine) -> None:
    """5 to 10 are far enough from both ends; neighbours but one are 20 minutes apart."""
    assert chosen(engine, 0, 15, {5: 100}) == [5, 8]
    assert chosen(engine, 0, 15, {7: 100}) == [7, 10]
    assert chosen(engine, 0, 15, {0: 100}) == [5, 8]


def test_town_with_more_prizes_around_comes_first(engine: ScipyEngine) -> None:
    assert chosen(engine, 0, 15, {5: 100, 10: 300})[0] == 10
    assert chosen(engine, 0, 15, {5: 300, 10: 100})[0] == 5


def test_small_towns_are_left_out(engine: ScipyEngine) -> None:
    assert chosen(engine, 0, 15, {5: 100}, population={5: 14_999}) == [6, 9]
    assert chosen(engine, 0, 15, {5: 100}, population={5: 15_000}) == [5, 8]


def test_town_with_a_detour_of_more_than_45_minutes_is_left_out(engine: ScipyEngine) -> None:
    assert chosen(engine, 0, 15, {16: 1000}) == [7, 10]
    assert chosen(engine, 0, 15, {16: 1000}, rule=OvernightRule(max_detour_s=7200))[0] == 16


def test_first_towns_are_one_for_each_stage_of_the_way(engine: ScipyEngine) -> None:
    """
    Two nights on a way of 150 minutes: the stages are at 50 and 100 minutes, within 25 of each.

    All prizes lie near the start, where the choice without stages begins.
    """
    rule = OvernightRule(min_travel_s=19 * 60, spacing_s=15 * 60)
    assert chosen(engine, 0, 15, {2: 1000}, nights=2, rule=rule)[:3] == [3, 8, 5]
    assert chosen(engine, 0, 15, {2: 1000}, nights=0, rule=rule)[:3] == [2, 4, 6]


def test_no_more_towns_than_asked_for(engine: ScipyEngine) -> None:
    rule = OvernightRule(size=2, min_travel_s=0, spacing_s=0)
    assert len(chosen(engine, 0, 15, {7: 100}, nights=5, rule=rule)) == 2


def test_round_trip_finds_towns_within_the_detour_of_its_visits(engine: ScipyEngine) -> None:
    """There and back: 5 takes 100 minutes, 6 takes 120, 8 takes 160."""
    assert chosen(engine, 0, 0, {6: 100}, max_visit_detour_s=120 * 60) == [6]
    assert chosen(engine, 0, 0, {5: 100}, max_visit_detour_s=160 * 60) == [5, 8]


def test_round_trip_that_stays_near_finds_none(engine: ScipyEngine) -> None:
    assert chosen(engine, 0, 0, {3: 100}, max_visit_detour_s=60 * 60) == []


def test_towns_no_road_leads_to_are_left_out() -> None:
    graph = road_graph([(10.0, 50.0), (11.0, 50.0), (12.0, 50.0)], [(0, 1, 100 * MINUTE_MS, 1)])
    engine = ScipyEngine(graph, access_rule=replace(HIGHWAYS, terminal_s=0))
    assert chosen(engine, 0, 1, {0: 1}, max_visit_detour_s=10**6) == []


def test_no_way_leads_from_a_stop_near_home_to_a_night_away() -> None:
    """
    Home 0, a far stop 1 (90 min home), a near stop 2 (30 min), a hotel 3, the start 4 of a day.

    Nights away only where the drive home takes more than 30 minutes: not from stop 2, to which
    the limit itself belongs.
    """
    minutes = np.array(
        [
            [0, 90, 30, 80, 5],
            [90, 0, 70, 10, 90],
            [30, 70, 0, 60, 30],
            [80, 10, 60, 0, 80],
            [5, 90, 30, 80, 0],
        ]
    )
    stops, hotel = np.array([1, 2]), np.array([3])
    closed = close_near_home(60 * minutes, stops, hotel, 0, 1800)
    expected = 60 * minutes
    expected[2, 3] = UNREACHABLE
    np.testing.assert_array_equal(closed, expected)
    np.testing.assert_array_equal(
        close_near_home(60 * minutes, stops, hotel, 0, 1799), 60 * minutes
    )


def test_a_stop_from_which_no_road_leads_home_is_far() -> None:
    ways = np.array([[0, UNREACHABLE, 60], [UNREACHABLE, 0, 60], [60, 60, 0]])
    closed = close_near_home(ways, np.array([1]), np.array([2]), 0, 36_000)
    np.testing.assert_array_equal(closed, ways)
