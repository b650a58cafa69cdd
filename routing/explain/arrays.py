"""A problem and a plan as arrays, and the compiled schedule and costs that the scans share."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.problem import UNREACHABLE, Problem
from routing.search.compiled import compiled
from routing.solution import Solution

NO_LIMIT = 10**15
"""Stands for a limit that is not set, in seconds; sums of a few still fit an int64."""


class ProblemArrays(NamedTuple):
    """
    The fields of `Problem` that scans read.

    Windows of client i are `window_early_s[window_offset[i]:window_offset[i + 1]]`, and `late`
    likewise.
    """

    duration_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    location: NDArray[np.int64]
    service_s: NDArray[np.int64]
    prize_cents: NDArray[np.int64]
    required: NDArray[np.bool_]
    window_offset: NDArray[np.int64]
    window_early_s: NDArray[np.int64]
    window_late_s: NDArray[np.int64]
    shift_start_s: NDArray[np.int64]
    shift_end_s: NDArray[np.int64]
    hour_rate_cents: int
    km_rate_cents: int
    max_travel_s: int


class PlanArrays(NamedTuple):
    """
    The fields of `Solution` that scans read.

    Clients of shift k are `sequence[offset[k]:offset[k + 1]]`; `night_cents[k]` is the price of
    the night after it, zero where that night is not chosen.
    """

    sequence: NDArray[np.int64]
    offset: NDArray[np.int64]
    start_location: NDArray[np.int64]
    end_location: NDArray[np.int64]
    worked_s: NDArray[np.int64]
    travel_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    night_cents: NDArray[np.int64]


def problem_arrays(problem: Problem) -> ProblemArrays:
    clients, shifts = problem.clients, problem.shifts
    windows = [window for client in clients for window in client.time_windows]
    return ProblemArrays(
        duration_s=problem.duration_s,
        distance_m=problem.distance_m,
        location=_integers(client.location_index for client in clients),
        service_s=_integers(client.service_duration_s for client in clients),
        prize_cents=_integers(client.prize_cents for client in clients),
        required=np.array([client.required for client in clients], dtype=np.bool_),
        window_offset=_offsets(len(client.time_windows) for client in clients),
        window_early_s=_integers(window.early_s for window in windows),
        window_late_s=_integers(window.late_s for window in windows),
        shift_start_s=_integers(shift.start_s for shift in shifts),
        shift_end_s=_integers(shift.end_s for shift in shifts),
        hour_rate_cents=problem.hour_rate_cents,
        km_rate_cents=problem.km_rate_cents,
        max_travel_s=NO_LIMIT if problem.max_travel_s is None else problem.max_travel_s,
    )


def plan_arrays(solution: Solution) -> PlanArrays:
    problem, routes = solution.problem, solution.routes
    return PlanArrays(
        sequence=_integers(solution.visited),
        offset=_offsets(len(route.visits) for route in routes),
        start_location=_integers(route.start_location for route in routes),
        end_location=_integers(route.end_location for route in routes),
        worked_s=_integers(route.worked_s for route in routes),
        travel_s=_integers(route.travel_s for route in routes),
        distance_m=_integers(route.distance_m for route in routes),
        night_cents=_integers(
            problem.night_cost_cents(route.end_location) if shift.end_location is None else 0
            for route, shift in zip(routes, problem.shifts, strict=True)
        ),
    )


def _integers(values: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)


def _offsets(counts: Iterable[int]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(_integers(counts), dtype=np.int64)))


@compiled
def earliest_start_s(problem: ProblemArrays, client: int, time_s: int) -> int:
    """First moment from `time_s` on at which service may start, or -`NO_LIMIT`."""
    first, last = problem.window_offset[client], problem.window_offset[client + 1]
    if first == last:
        return time_s
    for window in range(first, last):
        if time_s <= problem.window_late_s[window]:
            return max(time_s, int(problem.window_early_s[window]))
    return -NO_LIMIT


@compiled
def latest_start_s(problem: ProblemArrays, client: int, time_s: int) -> int:
    """Last moment up to `time_s` at which service may start, or -`NO_LIMIT`."""
    first, last = problem.window_offset[client], problem.window_offset[client + 1]
    if first == last:
        return time_s
    for window in range(last - 1, first - 1, -1):
        if problem.window_early_s[window] <= time_s:
            return min(time_s, int(problem.window_late_s[window]))
    return -NO_LIMIT


@compiled
def latest_departure_s(
    problem: ProblemArrays,
    arrival_s: int,
    start_location: int,
    end_location: int,
    sequence: NDArray[np.int64],
) -> int:
    """Last moment to leave the start and still arrive by `arrival_s`, or -`NO_LIMIT`."""
    time_s = arrival_s
    after = end_location
    for position in range(len(sequence) - 1, -1, -1):
        client = sequence[position]
        leg_s = problem.duration_s[problem.location[client], after]
        if leg_s >= UNREACHABLE:
            return -NO_LIMIT
        time_s = latest_start_s(problem, client, time_s - leg_s - problem.service_s[client])
        if time_s == -NO_LIMIT:
            return -NO_LIMIT
        after = problem.location[client]
    leg_s = problem.duration_s[start_location, after]
    return -NO_LIMIT if leg_s >= UNREACHABLE else time_s - leg_s


@compiled
def drive(
    problem: ProblemArrays,
    departure_s: int,
    start_location: int,
    end_location: int,
    sequence: NDArray[np.int64],
) -> tuple[int, int]:
    """
    Arrival when leaving at a given time, and how much later one may leave without missing a window.

    (`NO_LIMIT`, 0) where a window is missed already; roads must lead everywhere.
    """
    time_s, waited_s, room_s = departure_s, 0, NO_LIMIT
    before = start_location
    for client in sequence:
        location = problem.location[client]
        time_s += problem.duration_s[before, location]
        start_s = earliest_start_s(problem, client, time_s)
        if start_s == -NO_LIMIT:
            return NO_LIMIT, 0
        waited_s += start_s - time_s
        first, last = problem.window_offset[client], problem.window_offset[client + 1]
        for window in range(first, last):
            if start_s <= problem.window_late_s[window]:
                room_s = min(room_s, problem.window_late_s[window] - start_s + waited_s)
                break
        time_s = start_s + problem.service_s[client]
        before = location
    return time_s + problem.duration_s[before, end_location], room_s


@compiled
def time_sequence(
    problem: ProblemArrays,
    start_s: int,
    end_s: int,
    start_location: int,
    end_location: int,
    sequence: NDArray[np.int64],
) -> tuple[bool, int, int, int]:
    """What `schedule_route` finds for a sequence: (fits, worked_s, travel_s, distance_m)."""
    travel_s, distance_m = 0, 0
    has_several_windows = False
    before = start_location
    for client in sequence:
        location = problem.location[client]
        if problem.duration_s[before, location] >= UNREACHABLE:
            return False, 0, 0, 0
        travel_s += problem.duration_s[before, location]
        distance_m += problem.distance_m[before, location]
        if problem.window_offset[client + 1] > problem.window_offset[client] + 1:
            has_several_windows = True
        before = location
    if problem.duration_s[before, end_location] >= UNREACHABLE:
        return False, 0, 0, 0
    travel_s += problem.duration_s[before, end_location]
    distance_m += problem.distance_m[before, end_location]

    arrival_s, _ = drive(problem, start_s, start_location, end_location, sequence)
    if arrival_s > end_s:
        return False, 0, 0, 0
    departure_s = latest_departure_s(problem, arrival_s, start_location, end_location, sequence)
    worked_s = arrival_s - departure_s
    while has_several_windows:
        # Leaving later can only be shorter after someone's window has closed and their next one
        # has to be waited for; see `schedule_route`.
        _, room_s = drive(problem, departure_s, start_location, end_location, sequence)
        if arrival_s + room_s >= end_s:
            break
        departure_s += room_s + 1
        arrival_s, _ = drive(problem, departure_s, start_location, end_location, sequence)
        if arrival_s > end_s:
            break
        departure_s = latest_departure_s(problem, arrival_s, start_location, end_location, sequence)
        worked_s = min(worked_s, arrival_s - departure_s)
    return True, worked_s, travel_s, distance_m


@compiled
def costs_cents(
    problem: ProblemArrays,
    plan: PlanArrays,
    worked_s: int,
    distance_m: int,
    filled_shift: int,
    emptied_shift: int,
) -> int:
    """
    Hours, kilometres and nights of a plan with one visit more or less, as `Solution` counts them.

    `worked_s` and `distance_m` are those of all shifts. `filled_shift` gains a visit and
    `emptied_shift` loses one (-1: none); they decide which nights are spent under way.
    """
    nights_cents, pending_cents = 0, 0
    begun = False
    for shift in range(len(plan.start_location)):
        visits = plan.offset[shift + 1] - plan.offset[shift]
        visits += int(shift == filled_shift) - int(shift == emptied_shift)
        if visits > 0 or plan.start_location[shift] != plan.end_location[shift]:
            nights_cents += pending_cents
            pending_cents = 0
            begun = True
        if begun:
            pending_cents += plan.night_cents[shift]
    labour_cents = (2 * problem.hour_rate_cents * worked_s + 3600) // 7200
    distance_cents = (2 * problem.km_rate_cents * distance_m + 1000) // 2000
    return labour_cents + distance_cents + nights_cents
