"""The cheapest plan without visits."""

from dataclasses import replace

import pytest

from routing import referee
from routing.direct_trip import direct_trip
from routing.errors import NoDirectTripError
from routing.problem import Problem, Shift
from tests.routing.conftest import HOUR_S
from tests.routing.enumeration import all_plans_without_visits
from tests.routing.tiny import random_problem


def test_the_night_is_spent_where_both_days_can_be_driven(two_days: Problem) -> None:
    trip = direct_trip(two_days)
    referee.check(two_days, trip)
    assert trip.paid_nights == (4,)
    assert trip.value_cents == -(6 * 6_000 + 360 * 100 + 9_000)


def test_a_day_that_is_not_needed_is_spent_at_home_for_nothing(two_days: Problem) -> None:
    """With shifts of 6 h one day is enough, and no night is paid: A before it or B behind it."""
    shifts = tuple(replace(s, end_s=s.start_s + 6 * HOUR_S) for s in two_days.shifts)
    problem = replace(two_days, shifts=shifts)
    trip = direct_trip(problem)
    referee.check(problem, trip)
    assert trip.paid_nights == ()
    assert trip.value_cents == -(6 * 6_000 + 360 * 100)
    assert sorted(route.is_idle for route in trip.routes) == [False, True]


def test_a_round_trip_without_visits_stays_at_home(one_day: Problem) -> None:
    problem = replace(one_day, shifts=(Shift(0, HOUR_S, 0, 0),))
    trip = direct_trip(problem)
    assert trip.value_cents == 0
    assert trip.worked_s == 0


def test_shifts_too_short_for_the_way_are_refused_with_a_way_out(two_days: Problem) -> None:
    shifts = tuple(replace(s, end_s=s.start_s + 2 * HOUR_S) for s in two_days.shifts)
    with pytest.raises(NoDirectTripError, match=r"2\.0 h, 2\.0 h.*Lengthen the shifts"):
        direct_trip(replace(two_days, shifts=shifts))


def test_a_limit_on_driving_below_the_way_is_refused(two_days: Problem) -> None:
    assert direct_trip(replace(two_days, max_travel_s=6 * HOUR_S)).travel_s == 6 * HOUR_S
    with pytest.raises(NoDirectTripError, match=r"limit of 6\.0 h of driving"):
        direct_trip(replace(two_days, max_travel_s=6 * HOUR_S - 1))


def test_a_limit_on_driving_can_call_for_a_dearer_night(two_days: Problem) -> None:
    """M is moved 30 km off the road, and a dear place N takes its place on it."""
    duration_s, distance_m = two_days.duration_s.copy(), two_days.distance_m.copy()
    duration_s[4, :] += 1800
    duration_s[:, 4] += 1800
    duration_s[4, 4] = 0
    duration_s[0, 3] = duration_s[3, 1] = 3 * HOUR_S
    problem = replace(two_days, duration_s=duration_s, distance_m=distance_m, hour_rate_cents=0)
    assert direct_trip(problem).paid_nights == (3,)
    places = (
        *two_days.overnight_places[:3],
        replace(two_days.overnight_places[3], cost_cents=20_000),
        two_days.overnight_places[4],
    )
    dear = replace(problem, overnight_places=places)
    assert direct_trip(dear).paid_nights == (4,)
    assert direct_trip(replace(dear, max_travel_s=6 * HOUR_S)).paid_nights == (3,)


@pytest.mark.parametrize("seed", range(120))
def test_no_chain_of_nights_is_cheaper(seed: int) -> None:
    problem = random_problem(seed, clients=0)
    plans = all_plans_without_visits(problem)
    if not plans:
        with pytest.raises(NoDirectTripError):
            direct_trip(problem)
        return
    trip = direct_trip(problem)
    referee.check(problem, trip)
    # Sums are rounded to cents at the very end, so that the cheapest one can be a cent off.
    assert max(plans).value_cents - 1 <= trip.value_cents <= max(plans).value_cents
