"""
Kinds of shifts, for each of which routes are priced once.

Shifts that nothing tells apart, such as those of a team, are one kind with a multiplicity. Where
nights are chosen, what a shift is worth depends on where it stands in the chain of nights, so each
is a kind of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.bound.ground import Ground
from routing.search.arrays import windows_in_shift

BUCKETS = 64
"""Into how many stretches of time the labels of a client are sorted."""


class ShiftGraph(NamedTuple):
    """
    One kind of shift for compiled code, read forwards or backwards in time.

    Times count from the start of the shift; read backwards, from its end. Then a service begins
    when it really ends, legs lead the other way, starts are ends and ends starts: everything else
    stays as it is, breaks too.

    Parameters
    ----------
    horizon_s
        Latest arrival.
    leg_s, drive_s, distance_m
        (m, m) float64.
    service_s
        (n,) float64.
    unit_word, unit_bit
        (n,) int64 and uint64, where a memory keeps the unit of a client.
    window_first
        (n + 1,) int64, the windows of a client in the next two.
    opens_s, closes_s
        (w,) float64, when services may begin.
    last_s
        (n,) float64, last of them; negative where there is none.
    ready_s, leaves_by_s
        (n,) float64, when the service can have ended at the earliest, and when it has to have ended
        for some end to be reached.
    break_s, break_early_s, break_late_s
        (b,) float64.
    starts, ends
        Rows of the terminals.
    max_visits, max_travel_s, max_distance_m
        Limits, infinite where there is none.
    has_limits
        Whether there is one.
    hour_rate
        Cents a second.
    bucket_s
        Length of a stretch of time in which labels are sorted.
    longest_step_s
        How long a stretch of time may be such that every visit leads into a later one.
    """

    horizon_s: float
    leg_s: NDArray[np.float64]
    drive_s: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    service_s: NDArray[np.float64]
    unit_of: NDArray[np.int64]
    unit_word: NDArray[np.int64]
    unit_bit: NDArray[np.uint64]
    window_first: NDArray[np.int64]
    opens_s: NDArray[np.float64]
    closes_s: NDArray[np.float64]
    last_s: NDArray[np.float64]
    ready_s: NDArray[np.float64]
    leaves_by_s: NDArray[np.float64]
    break_s: NDArray[np.float64]
    break_early_s: NDArray[np.float64]
    break_late_s: NDArray[np.float64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    max_visits: float
    max_travel_s: float
    max_distance_m: float
    has_limits: bool
    hour_rate: float
    bucket_s: float
    longest_step_s: float


@dataclass(frozen=True, slots=True, eq=False)
class ShiftKind:
    """
    Parameters
    ----------
    shifts
        Indices of the shifts of this kind.
    prize_cents
        (n,) float64, of each client in these shifts.
    is_in_reach
        (n,) bool, whether some route may visit the client.
    forward, backward
        The same kind read in both directions of time.
    """

    shifts: tuple[int, ...]
    prize_cents: NDArray[np.float64]
    is_in_reach: NDArray[np.bool_]
    forward: ShiftGraph
    backward: ShiftGraph


def shift_kinds(ground: Ground) -> tuple[ShiftKind, ...]:
    """The kinds of shifts of a problem, in order of their first shift."""
    problem = ground.problem
    places = sorted({place.location_index for place in problem.overnight_places})
    members: dict[object, list[int]] = {}
    for index, shift in enumerate(problem.shifts):
        key: object = index
        if not problem.has_free_nights:
            key = (
                shift.start_location,
                shift.end_location,
                shift.shift_duration_s,
                tuple(
                    (b.duration_s, b.early_s - shift.start_s, b.late_s - shift.start_s)
                    for b in shift.breaks
                ),
                (shift.max_visits, shift.max_travel_s, shift.max_distance_m),
                tuple(_windows(ground, index)),
                tuple(problem.clients[i].prize_in_cents(index) for i in ground.client_of),
            )
        members.setdefault(key, []).append(index)
    return tuple(_kind(ground, tuple(indices), places) for indices in members.values())


def _windows(ground: Ground, shift_index: int) -> list[tuple[tuple[int, int], ...]]:
    """Windows of every client, from the start of the shift."""
    shift = ground.problem.shifts[shift_index]
    return [
        tuple(
            (early_s - shift.start_s, late_s - shift.start_s)
            for early_s, late_s in windows_in_shift(ground.problem.clients[index], shift)
        )
        for index in ground.client_of
    ]


def _kind(ground: Ground, shifts: tuple[int, ...], places: list[int]) -> ShiftKind:
    problem = ground.problem
    shift = problem.shifts[shifts[0]]
    horizon_s = float(shift.shift_duration_s)
    windows = _windows(ground, shifts[0])
    breaks = [
        (one.duration_s, one.early_s - shift.start_s, one.late_s - shift.start_s)
        for one in shift.breaks
    ]
    starts = places if shift.start_location is None else [shift.start_location]
    ends = places if shift.end_location is None else [shift.end_location]
    start_rows = [ground.row_of_location[location] for location in starts]
    end_rows = [ground.row_of_location[location] for location in ends]
    limits = (shift.max_visits, shift.max_travel_s, shift.max_distance_m)
    services = ground.service_s
    turned = [
        tuple((horizon_s - late_s - s, horizon_s - early_s - s) for early_s, late_s in reversed(w))
        for w, s in zip(windows, services, strict=True)
    ]
    turned_breaks = [
        (length_s, horizon_s - late_s - length_s, horizon_s - early_s - length_s)
        for length_s, early_s, late_s in reversed(breaks)
    ]
    prizes = [problem.clients[i].prize_in_cents(shifts[0]) for i in ground.client_of]
    forward = _graph(ground, horizon_s, windows, breaks, start_rows, end_rows, limits, False)
    backward = _graph(ground, horizon_s, turned, turned_breaks, end_rows, start_rows, limits, True)
    return ShiftKind(
        shifts=shifts,
        prize_cents=np.array(prizes, dtype=np.float64),
        is_in_reach=forward.ready_s <= forward.leaves_by_s,
        forward=forward,
        backward=backward,
    )


def _graph(
    ground: Ground,
    horizon_s: float,
    windows: Sequence[Sequence[tuple[float, float]]],
    breaks: Sequence[tuple[float, float, float]],
    starts: list[int],
    ends: list[int],
    limits: tuple[int | None, int | None, int | None],
    is_backward: bool,
) -> ShiftGraph:
    matrices = [ground.leg_s, ground.drive_s, ground.distance_m]
    leg_s, drive_s, distance_m = (np.ascontiguousarray(x.T if is_backward else x) for x in matrices)
    n = len(ground.client_of)
    first = np.zeros(n + 1, dtype=np.int64)
    first[1:] = np.cumsum([len(of_client) for of_client in windows])
    bounds = np.array([w for of_client in windows for w in of_client], dtype=np.float64)
    bounds = bounds.reshape(-1, 2)
    last_s = np.array([w[-1][1] if w else -1.0 for w in windows], dtype=np.float64)
    of_break = np.array(breaks, dtype=np.float64).reshape(-1, 3)
    max_visits, max_travel_s, max_distance_m = (
        np.inf if limit is None else float(limit) for limit in limits
    )
    return ShiftGraph(
        horizon_s=horizon_s,
        leg_s=leg_s,
        drive_s=drive_s,
        distance_m=distance_m,
        service_s=ground.service_s,
        unit_of=ground.unit_of,
        unit_word=ground.unit_of // 64,
        unit_bit=np.uint64(1) << (ground.unit_of % 64).astype(np.uint64),
        window_first=first,
        opens_s=np.ascontiguousarray(bounds[:, 0]),
        closes_s=np.ascontiguousarray(bounds[:, 1]),
        last_s=last_s,
        ready_s=_earliest_s(windows, _shortest_way_s(leg_s.T, ground.service_s, starts))
        + ground.service_s,
        leaves_by_s=horizon_s - _shortest_way_s(leg_s, ground.service_s, ends),
        break_s=np.ascontiguousarray(of_break[:, 0]),
        break_early_s=np.ascontiguousarray(of_break[:, 1]),
        break_late_s=np.ascontiguousarray(of_break[:, 2]),
        starts=np.array(starts, dtype=np.int64),
        ends=np.array(ends, dtype=np.int64),
        max_visits=max_visits,
        max_travel_s=max_travel_s,
        max_distance_m=max_distance_m,
        has_limits=any(limit is not None for limit in limits),
        hour_rate=ground.hour_rate,
        bucket_s=horizon_s / BUCKETS,
        longest_step_s=_longest_step_s(leg_s, ground.service_s, last_s, horizon_s),
    )


def _shortest_way_s(
    leg_s: NDArray[np.float64], service_s: NDArray[np.float64], terminals: list[int]
) -> NDArray[np.float64]:
    """(n,) shortest time from each client to some terminal, straight or over others."""
    n = len(service_s)
    way_s = leg_s[:n, terminals].min(axis=1, initial=np.inf)
    for _ in range(n):
        shorter_s = np.minimum(
            way_s, (leg_s[:n, :n] + service_s + way_s).min(axis=1, initial=np.inf)
        )
        if (shorter_s == way_s).all():
            break
        way_s = shorter_s
    return way_s


def _earliest_s(
    windows: Sequence[Sequence[tuple[float, float]]], arrival_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(n,) first moment of a window from the arrival on, infinite where there is none."""
    return np.array(
        [
            min((max(early, at) for early, late in of_client if at <= late), default=np.inf)
            for of_client, at in zip(windows, arrival_s.tolist(), strict=True)
        ],
        dtype=np.float64,
    )


def _longest_step_s(
    leg_s: NDArray[np.float64],
    service_s: NDArray[np.float64],
    last_s: NDArray[np.float64],
    horizon_s: float,
) -> float:
    """The shortest time from one client to the end of the service at another one."""
    n = len(service_s)
    between = leg_s[:n, :n] + service_s[None]
    np.fill_diagonal(between, np.inf)
    return min(horizon_s, float(between[:, last_s >= 0].min(initial=np.inf)))
