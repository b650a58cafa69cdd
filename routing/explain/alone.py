"""
Clients that no trip of the request can visit, whatever the nights and the shifts.

A client is excluded only if it cannot be visited even as the only one, on shortest ways through
any other clients: no plan drives less to it and on from it, and none arrives earlier.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import (
    NO_LIMIT,
    ProblemArrays,
    earliest_start_s,
    latest_start_s,
)
from routing.explain.nights import Nights, through
from routing.explain.shortfalls import (
    END_LATER,
    START_EARLIER,
    room_around_shifts,
    whole_minutes_s,
)
from routing.problem import UNREACHABLE, Problem
from routing.reasons import Certainty, Fix, FixKind, Reason, ReasonCode, Scope, Unit

FIX_KINDS = {END_LATER: FixKind.END_LATER, START_EARLIER: FixKind.START_EARLIER}


class Legs(NamedTuple):
    """
    Driving times between places for the night (p) and clients (c); no way is `NO_LIMIT`.

    `between` is (p, p), `to_client` (p, c) and `from_client` (c, p).
    """

    between: NDArray[np.int64]
    to_client: NDArray[np.int64]
    from_client: NDArray[np.int64]


class Outings(NamedTuple):
    """
    The best that visiting each client alone takes, (clients,); `NO_LIMIT` where it is impossible.

    `travel_s` is the least driving of the whole trip within hours and windows, `open_travel_s`
    within hours only. `needed_s` is what the shift `needed_shift` would have to last at least,
    windows aside, where it comes closest. The fix makes the shift `fix_shift` longer at `fix_side`
    by `fix_s`.
    """

    travel_s: NDArray[np.int64]
    open_travel_s: NDArray[np.int64]
    needed_s: NDArray[np.int64]
    needed_shift: NDArray[np.int64]
    fix_s: NDArray[np.int64]
    fix_side: NDArray[np.int64]
    fix_shift: NDArray[np.int64]


def find_excluded(
    problem: Problem, arrays: ProblemArrays, clients: NDArray[np.int64]
) -> dict[int, Reason]:
    """The proved reason of every client that cannot be visited on any trip, by client index."""
    nights = Nights.of(problem)
    shortest = _shortest_legs(arrays, nights.location)
    on_road = _has_road(nights, shortest)
    in_hours = _is_open_in_some_shift(arrays)
    outings = _find_outings(arrays, nights, shortest, clients)
    is_possible = (outings.travel_s < NO_LIMIT) & (outings.travel_s <= arrays.max_travel_s)
    direct_s = direct_travel_s(problem)
    fixable: Outings | None = None
    excluded: dict[int, Reason] = {}
    for number, client in enumerate(clients.tolist()):
        if is_possible[number]:
            continue
        if not on_road[client]:
            excluded[client] = _proved(ReasonCode.UNREACHABLE_BY_ROAD)
            continue
        if fixable is None:
            # Fixes promise a real trip, so they are worked out on the ways really driven.
            fixable = _find_outings(arrays, nights, _direct_legs(arrays, nights.location), clients)
        if not in_hours[client]:
            reason = _proved(ReasonCode.CLOSED_DURING_TRIP, fix=_longer_shift(fixable, number))
        elif outings.open_travel_s[number] >= NO_LIMIT:
            reason = _too_long(problem, outings, fixable, number)
        elif outings.travel_s[number] >= NO_LIMIT:
            reason = _proved(ReasonCode.OUTSIDE_TIME_WINDOWS, fix=_longer_shift(fixable, number))
        else:
            reason = _too_far(arrays, outings, fixable, number, direct_s)
        excluded[client] = reason
    return excluded


def direct_travel_s(problem: Problem) -> int:
    """Driving from the first start straight to the last end; detours are counted above it."""
    start, end = problem.shifts[0].start_location, problem.shifts[-1].end_location
    straight_s = int(problem.duration_s[start, end])
    return straight_s if straight_s < UNREACHABLE else 0


def _proved(
    code: ReasonCode,
    shift_index: int | None = None,
    value: int | None = None,
    limit: int | None = None,
    fix: Fix | None = None,
) -> Reason:
    unit = None if value is None else Unit.SECONDS
    return Reason(code, Certainty.PROVED, Scope.VISIT, shift_index, value, limit, unit, fix=fix)


def _too_long(problem: Problem, outings: Outings, fixable: Outings, number: int) -> Reason:
    fix = _longer_shift(fixable, number)
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


def _too_far(
    arrays: ProblemArrays, outings: Outings, fixable: Outings, number: int, direct_s: int
) -> Reason:
    fix = None
    if fixable.travel_s[number] < NO_LIMIT:
        excess_s = int(fixable.travel_s[number]) - arrays.max_travel_s
        fix = Fix(FixKind.RAISE_TRAVEL_LIMIT, whole_minutes_s(excess_s))
    return _proved(
        ReasonCode.EXCEEDS_MAX_DETOUR,
        value=int(outings.travel_s[number]) - direct_s,
        limit=arrays.max_travel_s - direct_s,
        fix=fix,
    )


def _longer_shift(outings: Outings, number: int) -> Fix | None:
    if outings.fix_s[number] >= NO_LIMIT:
        return None
    kind = FIX_KINDS[int(outings.fix_side[number])]
    return Fix(kind, int(outings.fix_s[number]), int(outings.fix_shift[number]))


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
    arrays: ProblemArrays, nights: Nights, legs: Legs, clients: NDArray[np.int64]
) -> Outings:
    duration_s = arrays.shift_end_s - arrays.shift_start_s
    fits = legs.between <= duration_s[:, np.newaxis, np.newaxis]
    before, after = nights.chains(np.where(fits, legs.between, NO_LIMIT))
    return _scan_outings(arrays, legs, before, after, clients, *room_around_shifts(arrays))


@njit(cache=True, nogil=True)
def _scan_outings(
    problem: ProblemArrays,
    legs: Legs,
    before: NDArray[np.int64],
    after: NDArray[np.int64],
    clients: NDArray[np.int64],
    room_before_s: NDArray[np.int64],
    room_after_s: NDArray[np.int64],
) -> Outings:
    """
    Try every shift, start and end for each client; `before` and `after` are its chains, (k, p).
    """
    count = len(clients)
    found = Outings(
        np.full(count, NO_LIMIT),
        np.full(count, NO_LIMIT),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full(count, -1),
    )
    shifts, places = before.shape
    for number in range(count):
        client = clients[number]
        service_s = problem.service_s[client]
        closest_s = NO_LIMIT
        for k in range(shifts):
            start_s, end_s = problem.shift_start_s[k], problem.shift_end_s[k]
            for start in range(places):
                to_s = legs.to_client[start, client]
                if before[k, start] + to_s >= NO_LIMIT:
                    continue
                opening_s = earliest_start_s(problem, client, start_s + to_s)
                for end in range(places):
                    from_s = legs.from_client[client, end]
                    if after[k, end] + from_s >= NO_LIMIT:
                        continue
                    travel_s = before[k, start] + to_s + from_s + after[k, end]
                    needed_s = to_s + service_s + from_s
                    missing_s = needed_s - (end_s - start_s)
                    if missing_s <= 0:
                        found.open_travel_s[number] = min(found.open_travel_s[number], travel_s)
                    if missing_s < closest_s:
                        closest_s = missing_s
                        found.needed_s[number] = needed_s
                        found.needed_shift[number] = k
                    late_s = NO_LIMIT
                    if opening_s != -NO_LIMIT:
                        late_s = opening_s + service_s + from_s - end_s
                    if late_s <= 0:
                        found.travel_s[number] = min(found.travel_s[number], travel_s)
                    if travel_s > problem.max_travel_s:
                        continue
                    longer_s = whole_minutes_s(max(late_s, 0))
                    if longer_s <= room_after_s[k] and longer_s < found.fix_s[number]:
                        found.fix_s[number] = longer_s
                        found.fix_side[number] = END_LATER
                        found.fix_shift[number] = k
                    closing_s = latest_start_s(problem, client, end_s - from_s - service_s)
                    if closing_s == -NO_LIMIT:
                        continue
                    longer_s = whole_minutes_s(max(start_s - closing_s + to_s, 0))
                    if longer_s <= room_before_s[k] and longer_s < found.fix_s[number]:
                        found.fix_s[number] = longer_s
                        found.fix_side[number] = START_EARLIER
                        found.fix_shift[number] = k
    return found


def _direct_legs(arrays: ProblemArrays, places: NDArray[np.int64]) -> Legs:
    duration_s = np.where(arrays.duration_s < UNREACHABLE, arrays.duration_s, NO_LIMIT)
    return _compact(
        duration_s[np.ix_(places, places)],
        duration_s[np.ix_(places, arrays.location)],
        duration_s[np.ix_(arrays.location, places)],
    )


def _shortest_legs(arrays: ProblemArrays, places: NDArray[np.int64]) -> Legs:
    """Legs by way of any clients; equal to the direct ones if the triangle inequality holds."""
    stops = np.unique(arrays.location)
    forwards = _shortest_ways(arrays.duration_s, places, stops)
    reversed_s = np.ascontiguousarray(arrays.duration_s.T)
    reversed_s.setflags(write=False)  # as `duration_s` is, or it would be compiled twice
    backwards = _shortest_ways(reversed_s, places, stops)
    return _compact(
        forwards[:, places], forwards[:, arrays.location], backwards[:, arrays.location].T
    )


def _compact(*legs: NDArray[np.int64]) -> Legs:
    """All row by row in memory, or another layout would be compiled anew."""
    return Legs(*(np.ascontiguousarray(part) for part in legs))


@njit(cache=True, nogil=True)
def _shortest_ways(
    duration_s: NDArray[np.int64], sources: NDArray[np.int64], stops: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Shortest ways from sources to all locations that turn only at stops, (sources, n) int64.

    Dijkstra on the full graph; no way is `NO_LIMIT`.
    """
    size = len(duration_s)
    ways_s = np.empty((len(sources), size), np.int64)
    for number in range(len(sources)):
        way_s = ways_s[number]
        way_s[:] = duration_s[sources[number]]
        is_open = np.ones(len(stops), np.bool_)
        for _ in range(len(stops)):
            nearest = -1
            for candidate in range(len(stops)):
                if is_open[candidate] and (
                    nearest < 0 or way_s[stops[candidate]] < way_s[stops[nearest]]
                ):
                    nearest = candidate
            is_open[nearest] = False
            stop = stops[nearest]
            if way_s[stop] >= UNREACHABLE:
                break
            for location in range(size):
                reached_s = way_s[stop] + duration_s[stop, location]
                if reached_s < way_s[location]:
                    way_s[location] = reached_s
        for location in range(size):
            if way_s[location] >= UNREACHABLE:
                way_s[location] = NO_LIMIT
    return ways_s
