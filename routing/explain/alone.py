"""
Clients that no trip of the request can visit, whatever the nights and the shifts.

A client is excluded only if it cannot be visited even as the only one, on shortest ways through
any other clients: no plan drives less to it and on from it, and none arrives earlier.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT, ProblemArrays
from routing.explain.break_changes import (
    BreakChanges,
    new_break_changes,
    try_break_changes,
    with_own_breaks,
)
from routing.explain.fixes import least_time_fix, raise_limit
from routing.explain.inner import inner
from routing.explain.legs import Legs, direct_legs, shortest_legs
from routing.explain.limits import Limit, limit_reason
from routing.explain.nights import Nights, through
from routing.explain.shortfalls import (
    DETOUR,
    DISTANCE,
    DRIVE,
    END_LATER,
    START_EARLIER,
    Shortfalls,
    keep_closest,
    new_shortfalls,
    room_around_shifts,
    whole_minutes_s,
)
from routing.explain.timing import FREELY, Scratch, time_legs
from routing.problem import UNREACHABLE, Problem
from routing.reasons import Certainty, Fix, Reason, ReasonCode, Scope, Unit


class Outings(NamedTuple):
    """
    The best that visiting each client alone takes, (clients,).

    `is_possible` within everything. `missing` is what keeps it out: limits only where it fits in
    time, and the least that would do. `is_open_possible` says that it would fit in time if the
    client were always open. Where not even then, `needed_s` is what the shift `needed_shift` would
    have to last at least, breaks included, where it comes closest; `NO_LIMIT` where nothing helps.
    """

    is_possible: NDArray[np.bool_]
    is_open_possible: NDArray[np.bool_]
    needed_s: NDArray[np.int64]
    needed_shift: NDArray[np.int64]
    missing: Shortfalls
    break_changes: BreakChanges


def find_excluded(
    problem: Problem, arrays: ProblemArrays, clients: NDArray[np.int64], scratch: Scratch
) -> dict[int, Reason]:
    """The proved reason of every client that cannot be visited on any trip, by client index."""
    nights = Nights.of(problem)
    shortest = shortest_legs(arrays, nights.location)
    on_road = _has_road(nights, shortest)
    in_hours = _is_open_in_some_shift(arrays)
    may_visit = bool((arrays.shift_max_visits > 0).any())
    outings = _find_outings(arrays, nights, shortest, clients, scratch, wants_fixes=False)
    fixable: Outings | None = None
    excluded: dict[int, Reason] = {}
    for number, client in enumerate(clients.tolist()):
        if outings.is_possible[number]:
            continue
        if not on_road[client]:
            excluded[client] = _proved(ReasonCode.UNREACHABLE_BY_ROAD)
            continue
        if not may_visit:
            excluded[client] = limit_reason(Limit.VISITS, Scope.VISIT, None, 1, 0, None)
            continue
        if fixable is None:
            # Fixes promise a real trip, so they are worked out on the ways really driven.
            direct = direct_legs(arrays, nights.location)
            fixable = _find_outings(arrays, nights, direct, clients, scratch, wants_fixes=True)
        fix = least_time_fix(fixable.missing, fixable.break_changes, number)
        if not in_hours[client]:
            reason = _proved(ReasonCode.CLOSED_DURING_TRIP, fix=fix)
        elif outings.missing.limit[number] >= 0:
            reason = _beyond_limit(problem, arrays, outings, fixable, number)
        elif outings.is_open_possible[number]:
            reason = _proved(ReasonCode.OUTSIDE_TIME_WINDOWS, fix=fix)
        else:
            reason = _too_long(problem, outings, number, fix)
        excluded[client] = reason
    return excluded


def direct_travel_s(problem: Problem) -> int:
    """Driving from the first start straight to the last end; detours are counted above it."""
    start, end = problem.shifts[0].start_location, problem.shifts[-1].end_location
    straight_s = int(problem.duration_s[start, end])
    return straight_s if straight_s < UNREACHABLE else 0


def allowed(problem: Problem, arrays: ProblemArrays, limit: Limit, shift_index: int) -> int:
    """A limit as it is told: that on travel as a detour."""
    if limit is Limit.DETOUR:
        return arrays.max_travel_s - direct_travel_s(problem)
    of_shifts = {
        Limit.VISITS: arrays.shift_max_visits,
        Limit.DRIVE: arrays.shift_max_travel_s,
        Limit.DISTANCE: arrays.shift_max_distance_m,
    }
    return int(of_shifts[limit][shift_index])


def _proved(
    code: ReasonCode,
    shift_index: int | None = None,
    value: int | None = None,
    limit: int | None = None,
    fix: Fix | None = None,
) -> Reason:
    unit = None if value is None else Unit.SECONDS
    return Reason(code, Certainty.PROVED, Scope.VISIT, shift_index, value, limit, unit, fix=fix)


def _too_long(problem: Problem, outings: Outings, number: int, fix: Fix | None) -> Reason:
    shift_index = int(outings.needed_shift[number])
    if shift_index < 0:
        return _proved(ReasonCode.EXCEEDS_WORKING_TIME, fix=fix)
    return _proved(
        ReasonCode.EXCEEDS_WORKING_TIME,
        shift_index,
        int(outings.needed_s[number]),
        problem.shifts[shift_index].shift_duration_s,
        fix,
    )


def _beyond_limit(
    problem: Problem, arrays: ProblemArrays, outings: Outings, fixable: Outings, number: int
) -> Reason:
    limit = Limit(int(outings.missing.limit[number]))
    shift_index = int(outings.missing.limit_shift[number])
    most = allowed(problem, arrays, limit, shift_index)
    return limit_reason(
        limit,
        Scope.VISIT,
        None if limit is Limit.DETOUR else shift_index,
        most + int(outings.missing.excess[number]),
        most,
        raise_limit(fixable.missing, limit, number),
    )


def _has_road(nights: Nights, legs: Legs) -> NDArray[np.bool_]:
    """Whether roads lead over each client on some chain of shifts of any length, (c,)."""
    before, after = nights.chains(np.array([legs.between] * len(nights.may_start)))
    has_road = np.zeros(len(legs.from_client), dtype=np.bool_)
    for before_k, after_k in zip(before, after, strict=True):
        way_s = through(before_k, legs.to_client) + through(after_k, legs.from_client.T)
        has_road |= way_s < NO_LIMIT
    return has_road


def _is_open_in_some_shift(arrays: ProblemArrays) -> NDArray[np.bool_]:
    """Whether a window of each client overlaps a shift, (c,)."""
    overlaps = (arrays.window_late_s[:, np.newaxis] >= arrays.shift_start_s) & (
        arrays.window_early_s[:, np.newaxis] <= arrays.shift_end_s
    )
    number = np.diff(arrays.window_offset)
    is_open: NDArray[np.bool_] = number == 0
    client = np.repeat(np.arange(len(number)), number)
    is_open[client[overlaps.any(axis=1)]] = True
    return is_open


def _find_outings(
    arrays: ProblemArrays,
    nights: Nights,
    legs: Legs,
    clients: NDArray[np.int64],
    scratch: Scratch,
    wants_fixes: bool,
) -> Outings:
    costs = _travel_without_visits(arrays, legs, scratch)
    around = np.ascontiguousarray(nights.around(costs))
    rooms_s = room_around_shifts(arrays)
    return _scan_outings(
        with_own_breaks(arrays), legs, around, clients, *rooms_s, scratch, wants_fixes
    )


@njit(cache=True, nogil=True)
def _travel_without_visits(
    problem: ProblemArrays, legs: Legs, scratch: Scratch
) -> NDArray[np.int64]:
    """Driving of every shift between places, (k, p, p); `NO_LIMIT` where it does not fit."""
    shifts, places = len(problem.shift_start_s), len(legs.between)
    costs = np.full((shifts, places, places), NO_LIMIT)
    sequence = np.empty(0, np.int64)
    for k in range(shifts):
        start_s, end_s = problem.shift_start_s[k], problem.shift_end_s[k]
        for start in range(places):
            for end in range(places):
                travel_s = legs.between[start, end]
                if (
                    travel_s > problem.shift_max_travel_s[k]
                    or travel_s >= NO_LIMIT
                    or legs.between_m[start, end] > problem.shift_max_distance_m[k]
                ):
                    continue
                scratch.busy_s[0] = travel_s
                if start != end:
                    worked_s, _, _ = time_legs(
                        problem, k, start_s, end_s, FREELY, sequence, True, scratch
                    )
                    if worked_s >= NO_LIMIT:
                        continue
                costs[k, start, end] = travel_s
    return costs


@njit(cache=True, nogil=True)
def _scan_outings(
    problem: ProblemArrays,
    legs: Legs,
    around: NDArray[np.int64],
    clients: NDArray[np.int64],
    room_before_s: NDArray[np.int64],
    room_after_s: NDArray[np.int64],
    scratch: Scratch,
    wants_fixes: bool,
) -> Outings:
    """
    Try every shift, start and end for each client; `around` is driving of all others, (k, p, p).

    `problem` is one of `with_own_breaks`.
    """
    count = len(clients)
    found = Outings(
        np.zeros(count, np.bool_),
        np.zeros(count, np.bool_),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        new_shortfalls(count),
        new_break_changes(count),
    )
    shifts, places, _ = around.shape
    closest_s = np.full(count, NO_LIMIT)
    for number in range(count):
        client = clients[number]
        for k in range(shifts):
            if problem.shift_max_visits[k] < 1:
                continue
            for start in range(places):
                to_s = legs.to_client[start, client]
                for end in range(places):
                    travel_s = to_s + legs.from_client[client, end]
                    if around[k, start, end] + travel_s < NO_LIMIT:
                        _try_outing(
                            problem,
                            legs,
                            clients[number : number + 1],
                            number,
                            k,
                            start,
                            end,
                            around[k, start, end],
                            room_before_s[k],
                            room_after_s[k],
                            closest_s,
                            scratch,
                            wants_fixes,
                            found,
                        )
    return found


@inner
def _try_outing(
    problem: ProblemArrays,
    legs: Legs,
    sequence: NDArray[np.int64],
    number: int,
    k: int,
    start: int,
    end: int,
    around_s: int,
    room_before_s: int,
    room_after_s: int,
    closest_s: NDArray[np.int64],
    scratch: Scratch,
    wants_fixes: bool,
    found: Outings,
) -> None:
    """One client alone in one shift from a place to a place."""
    client = sequence[0]
    start_s, end_s = problem.shift_start_s[k], problem.shift_end_s[k]
    travel_s = legs.to_client[start, client] + legs.from_client[client, end]
    distance_m = legs.to_client_m[start, client] + legs.from_client_m[client, end]
    broken, first, excess = 0, -1, 0
    for limit in (DISTANCE, DRIVE, DETOUR):
        if limit == DISTANCE:
            over = distance_m - problem.shift_max_distance_m[k]
        elif limit == DRIVE:
            over = travel_s - problem.shift_max_travel_s[k]
        else:
            over = around_s + travel_s - problem.max_travel_s
        if over > 0:
            broken, first, excess = broken + 1, limit, over
    scratch.busy_s[0] = legs.to_client[start, client] + legs.setup_s[start, client]
    scratch.busy_s[1] = legs.from_client[client, end]
    latest_s = end_s + room_after_s
    _, arrival_s, _ = time_legs(problem, k, start_s, latest_s, FREELY, sequence, True, scratch)
    missing = found.missing
    if arrival_s <= end_s:
        found.is_open_possible[number] = True
        if broken == 0:
            found.is_possible[number] = True
            return
        keep_closest(missing, number, k, broken, first, excess)
        if broken == 1 and excess < missing.fix_excess[first, number]:
            missing.fix_excess[first, number] = excess
            missing.fix_excess_shift[first, number] = k
        return
    _, open_arrival_s, _ = time_legs(
        problem, k, start_s, NO_LIMIT, FREELY, sequence, False, scratch
    )
    if open_arrival_s <= end_s:
        found.is_open_possible[number] = True
    else:
        _, _, open_departure_s = time_legs(
            problem, k, -NO_LIMIT, end_s, FREELY, sequence, False, scratch
        )
        missing_s = min(open_arrival_s - end_s, start_s - open_departure_s)
        if missing_s < closest_s[number]:
            closest_s[number] = missing_s
            found.needed_s[number] = end_s - start_s + missing_s
            found.needed_shift[number] = k
    if not wants_fixes or broken > 0:
        return
    _keep_longer_shift(missing, number, k, END_LATER, arrival_s - end_s, room_after_s)
    earliest_s = start_s - room_before_s
    _, _, departure_s = time_legs(problem, k, earliest_s, end_s, FREELY, sequence, True, scratch)
    _keep_longer_shift(missing, number, k, START_EARLIER, start_s - departure_s, room_before_s)
    try_break_changes(
        problem, k, start_s, end_s, sequence, NO_LIMIT - 1, number, scratch, found.break_changes
    )


@inner
def _keep_longer_shift(
    missing: Shortfalls, number: int, shift: int, side: int, missing_s: int, room_s: int
) -> None:
    longer_s = whole_minutes_s(missing_s)
    if longer_s <= room_s and longer_s < missing.fix_s[number]:
        missing.fix_s[number] = longer_s
        missing.fix_side[number] = side
        missing.fix_shift[number] = shift
