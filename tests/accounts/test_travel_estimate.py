import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import InvalidAccountsError
from accounts.travel_estimate import (
    area_of_neighbours_m2,
    calls_on_a_day,
    hop_between_calls_m,
    travel_per_call_s,
)
from geo import great_circle_m


def test_travel_of_a_call_is_its_share_of_the_way_home_and_a_hop():
    # 40 km from home, 8 calls a day: 2 x 40 / 8 = 10 km each. 400 calls on 10,000 km2 lie
    # 0.7124 x sqrt(25 km2) = 3.562 km apart. 13.562 km x 1.3 at 20 m/s are 881.53 s.
    travel_s = travel_per_call_s(40_000.0, 10_000e6, 400, 8, 20.0, road_factor=1.3)
    assert travel_s == pytest.approx(13_562 * 1.3 / 20)


def test_all_accounts_of_a_rep_go_in_at_once():
    distance_m = np.array([0.0, 10_000.0, 50_000.0])
    together = travel_per_call_s(distance_m, 100e6, 25, np.array([10, 8, 4]), 15.0)
    one_by_one = [
        float(travel_per_call_s(d, 100e6, 25, n, 15.0))
        for d, n in zip(distance_m, [10, 8, 4], strict=True)
    ]
    assert together == pytest.approx(one_by_one)


def test_a_day_holds_what_is_left_after_the_way_there_and_back():
    # 9 h less 2 x 30 km x 1.3 / 20 m/s = 3,900 s leave 28,500 s. A call of 1,800 s with a hop of
    # 2 km x 1.3 / 20 = 130 s takes 1,930 s.
    calls = calls_on_a_day(9 * 3600, 1800, 30_000, 2_000, 20.0, road_factor=1.3)
    assert calls == pytest.approx(28_500 / 1_930)


def test_a_day_too_short_for_the_way_holds_one_call():
    assert calls_on_a_day(3600, 1800, 500_000, 0) == pytest.approx(1.0)


def test_the_area_of_places_on_a_grid_is_that_of_a_cell():
    # On a lattice 2.5 km apart each place has 6.25 km2 to itself; counting whole neighbours within
    # a circle misses that by some.
    side = 40
    lat = 51 + np.arange(side) * 2_500 / great_circle_m(9, 51, 9, 52)
    lon = 9 + np.arange(side) * 2_500 / great_circle_m(9, 51.45, 10, 51.45)
    x, y = np.meshgrid(lon, lat)
    area_m2 = area_of_neighbours_m2(x.ravel(), y.ravel())
    assert np.median(area_m2) == pytest.approx(6.25e6, rel=0.3)


def test_random_places_get_their_mean_area_back():
    random = np.random.default_rng(3)
    lon, lat = random.uniform(9, 9.5, 4_000), random.uniform(51, 51.3, 4_000)
    whole_m2 = float(great_circle_m(9, 51.15, 9.5, 51.15) * great_circle_m(9, 51, 9, 51.3))
    assert np.median(area_of_neighbours_m2(lon, lat)) == pytest.approx(whole_m2 / 4_000, rel=0.15)


@pytest.mark.parametrize("count", [0, 1])
def test_a_lonely_place_has_no_area(count):
    assert (
        area_of_neighbours_m2(np.full(count, 9.0), np.full(count, 51.0)).tolist() == [0.0] * count
    )


def test_accounts_at_one_place_have_no_hop_between_them():
    area_m2 = area_of_neighbours_m2(np.full(5, 9.0), np.full(5, 51.0))
    assert hop_between_calls_m(area_m2, 1) == pytest.approx(np.zeros(5), abs=1e-3)


@given(
    distance_m=st.floats(0, 1e6),
    area_m2=st.floats(0, 1e12),
    count=st.floats(0, 1e4),
    calls=st.floats(0, 30),
    farther_m=st.floats(0, 1e6),
)
def test_travel_is_finite_and_grows_with_the_distance(distance_m, area_m2, count, calls, farther_m):
    near = travel_per_call_s(distance_m, area_m2, count, calls)
    far = travel_per_call_s(distance_m + farther_m, area_m2, count, calls)
    assert 0 <= near <= far < np.inf


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1.0, 1e6, 5, 5), "Distance from home is -1.0"),
        ((np.array([1.0, np.nan]), 1e6, 5, 5), "Distance from home is nan"),
        ((1e3, np.inf, 5, 5), "Area is inf"),
        ((1e3, 1e6, -5, 5), "Number of calls is -5.0"),
        ((1e3, 1e6, 5, np.nan), "Number of calls a day is nan"),
        ((1e3, 1e6, 5, 5, 0.0), "Speed is 0 m/s"),
        ((1e3, 1e6, 5, 5, -3.0), "Speed is -3.0"),
    ],
)
def test_impossible_numbers_are_refused_by_name(arguments, message):
    with pytest.raises(InvalidAccountsError, match=message):
        travel_per_call_s(*arguments)
