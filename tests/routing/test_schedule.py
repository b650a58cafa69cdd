"""When to leave, arrive and serve along a given sequence."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from routing.problem import UNREACHABLE, Problem, TimeWindow
from routing.schedule import earliest_start_s, latest_start_s, schedule_route
from tests.routing.conftest import HOUR_S
from tests.routing.enumeration import keeps_limits, shortest_worked_s
from tests.routing.tiny import random_problem, random_week


def test_a_sequence_without_windows_is_driven_at_once_without_waiting(one_day: Problem) -> None:
    route = schedule_route(one_day, 0, 0, (0, 1), 1)
    assert route is not None
    # 20 km, 30 min, 20 km, 30 min, 20 km: two hours.
    assert (route.departure_s, route.arrival_s) == (0, 2 * HOUR_S)
    assert [(v.arrival_s, v.departure_s) for v in route.visits] == [(1200, 3000), (4200, 6000)]
    assert (route.travel_s, route.distance_m, route.wait_s) == (HOUR_S, 60_000, 0)


def test_departure_is_as_late_as_an_early_arrival_allows(one_day: Problem) -> None:
    """Waiting at the first client costs working hours; leaving later does not."""
    client = replace(one_day.clients[0], time_windows=(TimeWindow(3600, 7200),))
    problem = replace(one_day, clients=(client, *one_day.clients[1:]))
    route = schedule_route(problem, 0, 0, (0,), 1)
    assert route is not None
    assert route.departure_s == 3600 - 1200
    assert route.wait_s == 0


def test_a_client_that_closes_too_early_makes_the_sequence_impossible(one_day: Problem) -> None:
    client = replace(one_day.clients[0], time_windows=(TimeWindow(0, 1199),))
    problem = replace(one_day, clients=(client, *one_day.clients[1:]))
    assert schedule_route(problem, 0, 0, (0,), 1) is None


def test_a_shift_that_ends_too_early_makes_the_sequence_impossible(one_day: Problem) -> None:
    assert schedule_route(one_day, 0, 0, (0, 1, 2, 3), 1) is None


def test_no_road_makes_the_sequence_impossible(one_day: Problem) -> None:
    duration_s = one_day.duration_s.copy()
    duration_s[0, 2] = UNREACHABLE
    problem = replace(one_day, duration_s=duration_s)
    assert schedule_route(problem, 0, 0, (0,), 1) is None
    assert schedule_route(problem, 0, 0, (1, 0), 1) is not None


def test_of_two_windows_the_one_with_less_waiting_is_used(one_day: Problem) -> None:
    """
    0 is open until 0:30 and again from 2:30; 1 opens at 3:00 only.

    Through the first window one leaves at 0:10 at the latest, waits at 1 from 1:20 to 3:00 and
    works 3:40. Through the second one leaves at 2:10, starts 0 at 2:30, reaches 1 at 3:20 and B
    at 4:10: 2:00 in all, without waiting, but later than the shift of 4 h; it is given 5 h.
    """
    zero = replace(one_day.clients[0], time_windows=(TimeWindow(0, 1800), TimeWindow(9000, 12000)))
    one = replace(one_day.clients[1], time_windows=(TimeWindow(10800, 20000),))
    shift = replace(one_day.shifts[0], end_s=5 * HOUR_S)
    problem = replace(one_day, clients=(zero, one, *one_day.clients[2:]), shifts=(shift,))
    route = schedule_route(problem, 0, 0, (0, 1), 1)
    assert route is not None
    assert route.worked_s == 2 * HOUR_S
    assert route.departure_s == 9000 - 1200


def test_an_empty_shift_at_one_place_takes_no_time(one_day: Problem) -> None:
    route = schedule_route(one_day, 0, 0, (), 0)
    assert route is not None
    assert route.is_idle
    assert route.worked_s == 0


def test_earliest_and_latest_starts_stay_in_windows(lunch_break: Problem) -> None:
    client = lunch_break.clients[0]
    assert [earliest_start_s(client, h * HOUR_S) for h in (0, 1, 2, 3, 6, 7)] == [
        h * HOUR_S for h in (1, 1, 2, 6, 6, 7)
    ]
    assert earliest_start_s(client, 7 * HOUR_S + 1) is None
    assert [latest_start_s(client, h * HOUR_S) for h in (1, 2, 3, 6, 8)] == [
        h * HOUR_S for h in (1, 2, 2, 6, 7)
    ]
    assert latest_start_s(client, HOUR_S - 1) is None


@pytest.mark.parametrize("draw", [random_problem, random_week])
@pytest.mark.parametrize("seed", range(60))
def test_no_other_departure_takes_less_time(seed: int, draw: Callable[[int], Problem]) -> None:
    """
    Against trying every departure, on sequences with up to three windows per client, and every
    moment for every break.
    """
    problem = draw(seed)
    random = np.random.default_rng(seed)
    shift = problem.shifts[0]
    end = 1 if shift.end_location is None else shift.end_location
    for _ in range(30):
        size = int(random.integers(0, 4))
        sequence = tuple(int(x) for x in random.permutation(len(problem.clients))[:size])
        stops = [0, *(problem.clients[i].location_index for i in sequence), end]
        expected = shortest_worked_s(problem, 0, stops, sequence)
        route = schedule_route(problem, 0, 0, sequence, end)
        if not keeps_limits(problem, stops, 0):
            expected = None
        assert (None if route is None else route.worked_s) == expected
