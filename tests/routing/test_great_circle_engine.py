"""Travel times without a map."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import InvalidLocationError, great_circle_m
from routing.errors import UnknownMetricError
from routing.roads.engine import RoadEngine
from routing.roads.great_circle_engine import SPEEDS, GreatCircleEngine, travel_s
from tests.routing.road_graphs import M_PER_DEGREE


@pytest.fixture
def engine() -> RoadEngine:
    return GreatCircleEngine()


def test_way_is_the_air_line_and_three_tenths(engine: RoadEngine) -> None:
    """10 km north: 13 km, of which 3 at 28 km/h, 9 at 50 and 1 at 75; two minutes at both ends."""
    places = engine.snap([10.0, 10.0], [50.0, 50.0 + 10_000 / M_PER_DEGREE])
    matrix = engine.matrix(places, places)
    expected_s = int(np.ceil(3 / 28 * 3600 + 9 / 50 * 3600 + 1 / 75 * 3600)) + 240
    assert matrix.distance_m.tolist() == [[0, 13_000], [13_000, 0]]
    assert matrix.duration_s.tolist() == [[0, expected_s], [expected_s, 0]]


def test_every_place_can_be_reached_and_none_is_off_the_road(engine: RoadEngine) -> None:
    places = engine.snap([0.0, 180.0, -179.9, 12.0], [90.0, 0.0, -45.0, 54.0])
    assert not places.is_off_road.any()
    assert engine.matrix(places, places).is_reachable.all()
    assert engine.access_rule.max_access_m > great_circle_m(0, 90, 0, -90)


def test_path_is_the_straight_line_and_says_that_it_is_no_road(engine: RoadEngine) -> None:
    places = engine.snap([10.0, 11.0], [50.0, 51.0])
    path, matrix = engine.path(places[0], places[1]), engine.matrix(places, places)
    assert path is not None
    assert path.lonlat.tolist() == [[10.0, 50.0], [11.0, 51.0]]
    assert path.is_access.tolist() == [True]
    assert path.stretches == ()
    assert (path.duration_s, path.distance_m) == (
        matrix.duration_s[0, 1],
        matrix.distance_m[0, 1],
    )


def test_answers_are_labelled_estimates(engine: RoadEngine) -> None:
    assert engine.is_estimate


def test_only_the_base_metric_is_known(engine: RoadEngine) -> None:
    assert engine.metrics == ("base",)
    assert engine.with_metric("base") is engine
    with pytest.raises(UnknownMetricError, match="without a map"):
        engine.with_metric("no_ferry")


def test_sweeps_are_a_row_and_a_column_of_the_matrix(engine: RoadEngine) -> None:
    rng = np.random.default_rng(1)
    places = engine.snap(rng.uniform(5, 15, 8), rng.uniform(45, 55, 8))
    matrix = engine.matrix(places, places)
    row, column = engine.one_to_many(places[2], places), engine.many_to_one(places, places[2])
    np.testing.assert_array_equal(row.duration_s, matrix.duration_s[[2]])
    np.testing.assert_array_equal(column.distance_m, matrix.distance_m[:, [2]])
    with pytest.raises(ValueError, match="not 8"):
        engine.path(places[0], places)


def test_position_that_is_not_on_the_earth_is_refused(engine: RoadEngine) -> None:
    with pytest.raises(InvalidLocationError, match="Place 1"):
        engine.snap([0.0, 181.0], [0.0, 0.0])


def test_farther_kilometres_are_never_slower() -> None:
    speeds = [speed for _, speed in SPEEDS]
    assert speeds == sorted(speeds)
    assert travel_s(np.array([0.0, 3000.0])).tolist() == pytest.approx([0, 3 / 28 * 3600])


@given(seed=st.integers(0, 10**6))
def test_travel_times_keep_the_triangle_inequality(seed: int) -> None:
    engine = GreatCircleEngine()
    rng = np.random.default_rng(seed)
    spread = 10 ** rng.uniform(-3, 1)
    places = engine.snap(10 + spread * rng.uniform(-1, 1, 9), 50 + spread * rng.uniform(-1, 1, 9))
    duration_s = engine.matrix(places, places).duration_s
    by_way_of = duration_s[:, :, None] + duration_s[None, :, :]
    assert (duration_s[:, None, :] <= by_way_of).all()
