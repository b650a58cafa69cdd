"""A problem and a plan as arrays, and the compiled costs and nights that the scans share."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.explain.inner import inner
from routing.problem import Client, Problem
from routing.search.by_reference import ByReference
from routing.search.compiled import compiled
from routing.solution import Solution

NO_LIMIT = 10**15
"""Stands for a limit that is not set, in seconds; sums of a few still fit an int64."""


@dataclass(frozen=True, eq=False)
class ProblemArrays(ByReference):
    """
    The fields of `Problem` that scans read.

    Windows of client i are `window_early_s[window_offset[i]:window_offset[i + 1]]`, and `late`
    likewise; so are the breaks of a shift. `prize_cents` is (clients, shifts). `rank` is 0 for a
    client that is not required and else 1 + its precedence: of two clients, the one of higher rank
    is never left out for the other. `group` is -1 where there is none.
    """

    duration_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    location: NDArray[np.int64]
    service_s: NDArray[np.int64]
    setup_s: NDArray[np.int64]
    prize_cents: NDArray[np.int64]
    rank: NDArray[np.int64]
    group: NDArray[np.int64]
    window_offset: NDArray[np.int64]
    window_early_s: NDArray[np.int64]
    window_late_s: NDArray[np.int64]
    shift_start_s: NDArray[np.int64]
    shift_end_s: NDArray[np.int64]
    shift_max_visits: NDArray[np.int64]
    shift_max_travel_s: NDArray[np.int64]
    shift_max_distance_m: NDArray[np.int64]
    break_offset: NDArray[np.int64]
    break_early_s: NDArray[np.int64]
    break_late_s: NDArray[np.int64]
    break_duration_s: NDArray[np.int64]
    hour_rate_cents: int
    km_rate_cents: int
    max_travel_s: int
    max_nights: int
    max_nights_in_a_row: int


@dataclass(frozen=True, eq=False)
class PlanArrays(ByReference):
    """
    The fields of `Solution` that scans read.

    Clients of shift k are `sequence[offset[k]:offset[k + 1]]`; `night_cents[k]` is the price of
    the night after it, zero where that night is not chosen, and `is_away[k]` whether limits count
    that night once it is spent under way.
    """

    sequence: NDArray[np.int64]
    offset: NDArray[np.int64]
    start_location: NDArray[np.int64]
    end_location: NDArray[np.int64]
    worked_s: NDArray[np.int64]
    travel_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    night_cents: NDArray[np.int64]
    is_away: NDArray[np.bool_]


def problem_arrays(problem: Problem) -> ProblemArrays:
    clients, shifts = problem.clients, problem.shifts
    windows = [window for client in clients for window in client.time_windows]
    breaks = [one for shift in shifts for one in shift.breaks]
    return ProblemArrays(
        duration_s=problem.duration_s,
        distance_m=problem.distance_m,
        location=_integers(client.location_index for client in clients),
        service_s=_integers(client.service_duration_s for client in clients),
        setup_s=_integers(client.setup_duration_s for client in clients),
        prize_cents=_integers(
            client.prize_in_cents(k) for client in clients for k in range(len(shifts))
        ).reshape(len(clients), len(shifts)),
        rank=_integers(rank(client) for client in clients),
        group=_integers(-1 if client.group is None else client.group for client in clients),
        window_offset=_offsets(len(client.time_windows) for client in clients),
        window_early_s=_integers(window.early_s for window in windows),
        window_late_s=_integers(window.late_s for window in windows),
        shift_start_s=_integers(shift.start_s for shift in shifts),
        shift_end_s=_integers(shift.end_s for shift in shifts),
        shift_max_visits=_integers(_or_no_limit(shift.max_visits) for shift in shifts),
        shift_max_travel_s=_integers(_or_no_limit(shift.max_travel_s) for shift in shifts),
        shift_max_distance_m=_integers(_or_no_limit(shift.max_distance_m) for shift in shifts),
        break_offset=_offsets(len(shift.breaks) for shift in shifts),
        break_early_s=_integers(one.early_s for one in breaks),
        break_late_s=_integers(one.late_s for one in breaks),
        break_duration_s=_integers(one.duration_s for one in breaks),
        hour_rate_cents=problem.hour_rate_cents,
        km_rate_cents=problem.km_rate_cents,
        max_travel_s=_or_no_limit(problem.max_travel_s),
        max_nights=_or_no_limit(problem.max_nights),
        max_nights_in_a_row=_or_no_limit(problem.max_nights_in_a_row),
    )


def plan_arrays(solution: Solution) -> PlanArrays:
    problem, routes = solution.problem, solution.routes
    is_chosen = [shift.end_location is None for shift in problem.shifts]
    nights = [
        route.end_location if chosen else None
        for route, chosen in zip(routes, is_chosen, strict=True)
    ]
    return PlanArrays(
        sequence=_integers(solution.visited),
        offset=_offsets(len(route.visits) for route in routes),
        start_location=_integers(route.start_location for route in routes),
        end_location=_integers(route.end_location for route in routes),
        worked_s=_integers(route.worked_s for route in routes),
        travel_s=_integers(route.travel_s for route in routes),
        distance_m=_integers(route.distance_m for route in routes),
        night_cents=_integers(
            0 if place is None else problem.night_cost_cents(place) for place in nights
        ),
        is_away=np.array(
            [place is not None and problem.is_night_away(place) for place in nights], dtype=np.bool_
        ),
    )


def rank(client: Client) -> int:
    """What may be left out for what: a client only for one of higher rank, or as high for gain."""
    return 1 + client.precedence if client.required else 0


def _or_no_limit(limit: int | None) -> int:
    return NO_LIMIT if limit is None else limit


def _integers(values: Iterable[int]) -> NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)


def _offsets(counts: Iterable[int]) -> NDArray[np.int64]:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(_integers(counts), dtype=np.int64)))


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
        if is_active(plan, shift, filled_shift, emptied_shift):
            nights_cents += pending_cents
            pending_cents = 0
            begun = True
        if begun:
            pending_cents += plan.night_cents[shift]
    labour_cents = (2 * problem.hour_rate_cents * worked_s + 3600) // 7200
    distance_cents = (2 * problem.km_rate_cents * distance_m + 1000) // 2000
    return labour_cents + distance_cents + nights_cents


@compiled
def keeps_nights(
    problem: ProblemArrays, plan: PlanArrays, filled_shift: int, emptied_shift: int
) -> bool:
    """Whether a plan with one visit more or less keeps the limits on nights away."""
    if problem.max_nights >= NO_LIMIT and problem.max_nights_in_a_row >= NO_LIMIT:
        return True
    # Nights count once a later shift goes somewhere; until then those since the last one wait.
    count, run, longest = 0, 0, 0
    last_active = -1
    for shift in range(len(plan.start_location)):
        if not is_active(plan, shift, filled_shift, emptied_shift):
            continue
        if last_active >= 0:
            for night in range(last_active, shift):
                run = run + 1 if plan.is_away[night] else 0
                count += int(plan.is_away[night])
                longest = max(longest, run)
        last_active = shift
    return count <= problem.max_nights and longest <= problem.max_nights_in_a_row


@inner
def is_active(plan: PlanArrays, shift: int, filled_shift: int, emptied_shift: int) -> bool:
    """Whether anything happens in a shift of a plan with one visit more or less."""
    visits = plan.offset[shift + 1] - plan.offset[shift]
    visits += int(shift == filled_shift) - int(shift == emptied_shift)
    return visits > 0 or plan.start_location[shift] != plan.end_location[shift]
