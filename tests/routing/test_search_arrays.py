"""The problem as arrays."""

from dataclasses import replace

from routing.problem import Client, Problem, Shift, TimeWindow
from routing.search.arrays import NEVER_S, build_arrays, windows_in_shift
from tests.routing.conftest import HOUR_S


def test_windows_are_cut_to_the_shift_and_to_what_service_leaves() -> None:
    shift = Shift(8 * HOUR_S, 18 * HOUR_S, 0, 0)
    windows = (
        TimeWindow(0, 9 * HOUR_S),
        TimeWindow(12 * HOUR_S, 13 * HOUR_S),
        TimeWindow(16 * HOUR_S, 20 * HOUR_S),
        TimeWindow(30 * HOUR_S, 40 * HOUR_S),
    )
    client = Client(0, HOUR_S, 1, time_windows=windows)
    assert windows_in_shift(client, shift) == [
        (8 * HOUR_S, 9 * HOUR_S),
        (12 * HOUR_S, 13 * HOUR_S),
        (16 * HOUR_S, 17 * HOUR_S),
    ]


def test_a_client_without_windows_is_open_all_day() -> None:
    shift = Shift(100, 200, 0, 0)
    assert windows_in_shift(Client(0, 30, 1), shift) == [(100, 170)]
    assert windows_in_shift(Client(0, 101, 1), shift) == []


def test_clients_that_can_never_matter_are_left_out(one_day: Problem) -> None:
    """No prize, or closed; required ones without a prize stay."""
    clients = (
        replace(one_day.clients[0], prize_cents=0),
        replace(one_day.clients[1], time_windows=(TimeWindow(10**6, 10**6 + 1),)),
        one_day.clients[2],
        replace(one_day.clients[3], prize_cents=0, required=True),
    )
    arrays = build_arrays(replace(one_day, clients=clients))
    assert arrays.client_of.tolist() == [2, 3]
    assert arrays.required.tolist() == [1]
    assert arrays.location_of.tolist() == [4, 5, 0, 1]


def test_a_client_closed_on_one_day_is_never_open_then(two_days: Problem) -> None:
    window = (TimeWindow(33 * HOUR_S, 34 * HOUR_S),)
    clients = (replace(two_days.clients[0], time_windows=window), two_days.clients[1])
    arrays = build_arrays(replace(two_days, clients=clients))
    assert arrays.closes_s[:, 0].tolist() == [NEVER_S, 34 * HOUR_S]
    assert arrays.window_count[:, 0].tolist() == [0, 1]


def test_no_client_is_its_own_neighbour_and_the_nearest_comes_first(one_day: Problem) -> None:
    """0, 1 and 3 lie at 20, 40 and 40 km, 2 at 120."""
    arrays = build_arrays(one_day)
    assert arrays.neighbours.tolist() == [[1, 3, 2], [3, 0, 2], [1, 3, 0], [1, 0, 2]]


def test_a_visit_needs_its_service_and_its_shortest_legs(one_day: Problem) -> None:
    """1 and 3 are at the same place; from 0 it is 20 minutes anywhere."""
    arrays = build_arrays(one_day)
    assert arrays.need_s.tolist() == [1800 + 2 * 1200, 1800, 1800 + 2 * 3600, 1800]
