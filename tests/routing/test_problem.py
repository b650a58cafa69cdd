"""A problem that exists is valid."""

from dataclasses import replace

import numpy as np
import pytest

from routing.errors import InvalidProblemError
from routing.problem import Client, OvernightPlace, Problem, Shift, TimeWindow


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="10 s to 9 s is empty"):
        TimeWindow(10, 9)


def test_a_window_of_one_moment_is_a_window() -> None:
    assert TimeWindow(10, 10).late_s == 10


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"service_duration_s": -1}, "Service duration is -1 s"),
        ({"prize_cents": -1}, "Prize is -1 cents"),
        ({"time_windows": (TimeWindow(0, 5), TimeWindow(5, 9))}, "overlap or are not sorted"),
        ({"time_windows": (TimeWindow(6, 9), TimeWindow(0, 5))}, "overlap or are not sorted"),
    ],
)
def test_an_impossible_client_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        replace(Client(0, 0, 0), **changes)


def test_a_shift_without_length_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="is empty"):
        Shift(5, 5, 0, 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"shifts": ()}, "at least one shift"),
        ({"clients": (Client(9, 0, 0),)}, "Location 9 is outside the matrices"),
        ({"shifts": (Shift(0, 9, None, 0),)}, "first start and the last end"),
        ({"shifts": (Shift(0, 9, 0, None),)}, "first start and the last end"),
        (
            {"shifts": (Shift(0, 9, 0, None), Shift(10, 19, 1, 1))},
            "both of its shifts or for neither",
        ),
        (
            {"shifts": (Shift(0, 9, 0, None), Shift(10, 19, None, 1))},
            "there are no overnight places",
        ),
        ({"hour_rate_cents": -1}, "Rates must not be negative"),
        ({"max_travel_s": -1}, "max_travel_s is -1"),
        ({"duration_s": np.zeros((2, 3))}, "a square matrix is needed"),
        ({"duration_s": -np.ones((6, 6))}, "duration_s has negative entries"),
        ({"distance_m": np.zeros((2, 2))}, "but distance_m is"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(
    one_day: Problem, changes: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        replace(one_day, **changes)


def test_matrices_are_copied_and_read_only(one_day: Problem) -> None:
    matrix = np.zeros((6, 6), dtype=np.int64)
    problem = replace(one_day, duration_s=matrix)
    matrix[0, 1] = 7
    assert problem.duration_s[0, 1] == 0
    with pytest.raises(ValueError):
        problem.duration_s[0, 1] = 7


def test_required_clients_are_known_by_index(one_day: Problem) -> None:
    clients = [replace(c, required=k in (1, 3)) for k, c in enumerate(one_day.clients)]
    assert replace(one_day, clients=tuple(clients)).required_indices == (1, 3)


def test_a_night_costs_what_its_place_asks_and_nothing_at_a_depot(two_days: Problem) -> None:
    assert two_days.has_free_nights
    assert two_days.night_cost_cents(3) == 8_000
    assert two_days.night_cost_cents(6) == 0


def test_a_negative_night_is_refused() -> None:
    with pytest.raises(InvalidProblemError, match="Cost of a night is -1"):
        OvernightPlace(0, -1)
