"""
Who is on the way: the detour of every account, what excludes an account, and the shortlist.

Arrays hold one entry per account, in the order of the places.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.problem import UNREACHABLE
from routing.reasons import ReasonCode
from routing.roads.engine import RoadEngine, SnappedPlaces

HANDLING_S = 900
"""Time that any visit costs besides the service, as the shortlist counts it."""

ELIGIBLE = -1
"""In `Screening.code`: nothing excludes the account."""

NOT_MEASURED = -1
"""In `Screening.value_s` and `limit_s`: the reason is no matter of time."""

SCREENING_CODES = (
    ReasonCode.UNREACHABLE_BY_ROAD,
    ReasonCode.EXCLUDED_BY_CLIENT,
    ReasonCode.CHANNEL_NOT_FIELD,
    ReasonCode.NOT_DUE,
    ReasonCode.CLOSED_DURING_TRIP,
    ReasonCode.OUTSIDE_TIME_WINDOWS,
    ReasonCode.EXCEEDS_MAX_DETOUR,
    ReasonCode.EXCEEDS_WORKING_TIME,
)
"""In the order in which they are checked; the first that holds is the reason."""


@dataclass(frozen=True, slots=True, eq=False)
class Corridor:
    """
    Travel times of a trip from start to end with one visit, for every account.

    Parameters
    ----------
    direct_s, direct_m
        The way from start to end; `UNREACHABLE` if there is none, 0 if they are one place.
    from_start_s, to_end_s
        (n,) int64, start to account and account to end, or `UNREACHABLE`.
    detour_s
        (n,) int64, how much longer the two together are than the direct way; `UNREACHABLE` where
        one of the three is.
    """

    direct_s: int
    direct_m: int
    from_start_s: NDArray[np.int64]
    to_end_s: NDArray[np.int64]
    detour_s: NDArray[np.int64]


def corridor(
    engine: RoadEngine, start: SnappedPlaces, end: SnappedPlaces, places: SnappedPlaces
) -> Corridor:
    """
    The detour to every place, in two sweeps over the road network.

    Every leg counts the time at both of its ends, so a visit beside the road is a detour, too.

    Parameters
    ----------
    start, end
        One place each; they may be the same.
    places
        (n,) accounts.
    """
    direct = engine.matrix(start, end)
    direct_s = int(direct.duration_s[0, 0])
    from_start_s = engine.one_to_many(start, places).duration_s[0]
    to_end_s = engine.many_to_one(places, end).duration_s[:, 0]
    is_apart = np.maximum(from_start_s, to_end_s) >= UNREACHABLE
    if direct_s >= UNREACHABLE:
        is_apart[:] = True
    detour_s = np.maximum(from_start_s + to_end_s - direct_s, 0)
    detour_s[is_apart] = UNREACHABLE
    return Corridor(direct_s, int(direct.distance_m[0, 0]), from_start_s, to_end_s, detour_s)


def nearest_corridor(corridors: Sequence[Corridor]) -> Corridor:
    """
    Of a trip with places given between its ends: each account where it is the smallest detour.

    The direct way is that through all given places.
    """
    stacked = np.array([one.detour_s for one in corridors])
    nearest = stacked.argmin(axis=0)
    accounts = np.arange(stacked.shape[1])

    def pick(columns: list[NDArray[np.int64]]) -> NDArray[np.int64]:
        chosen: NDArray[np.int64] = np.array(columns)[nearest, accounts]
        return chosen

    return Corridor(
        sum(one.direct_s for one in corridors),
        sum(one.direct_m for one in corridors),
        pick([one.from_start_s for one in corridors]),
        pick([one.to_end_s for one in corridors]),
        pick([one.detour_s for one in corridors]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Screening:
    """
    What is proved to exclude accounts from every trip of a request.

    Parameters
    ----------
    code
        (n,) int8, index into `SCREENING_CODES`, or `ELIGIBLE`.
    value_s, limit_s
        (n,) int64, seconds measured and the most that is allowed, or `NOT_MEASURED`.
    """

    code: NDArray[np.int8]
    value_s: NDArray[np.int64]
    limit_s: NDArray[np.int64]

    @property
    def is_eligible(self) -> NDArray[np.bool_]:
        return self.code == ELIGIBLE


def screen(
    corridor: Corridor,
    *,
    service_s: NDArray[np.int64],
    shift_start_s: NDArray[np.int64],
    shift_end_s: NDArray[np.int64],
    window_indptr: NDArray[np.int64],
    window_early_s: NDArray[np.int64],
    window_late_s: NDArray[np.int64],
    max_detour_s: int,
    max_travel_s: int | None = None,
    is_due: NDArray[np.bool_] | None = None,
    is_field: NDArray[np.bool_] | None = None,
    is_excluded: NDArray[np.bool_] | None = None,
    is_requested: NDArray[np.bool_] | None = None,
) -> Screening:
    """
    Find the accounts that no trip of a request can visit, or none should, each with one reason.

    Only what holds for every trip counts. The nights are free: any number of them anywhere, even
    at the account itself, so a drive may be spread over shifts. A service may not. An account
    that passes may still turn out impossible together with others, or with real nights.

    Parameters
    ----------
    corridor
        Travel times, from `corridor`.
    service_s
        (n,) how long a visit takes.
    shift_start_s, shift_end_s
        (d,) seconds on the axis of the trip, ascending and disjoint.
    window_indptr, window_early_s, window_late_s
        (n + 1,), (w,), (w,) time windows of all accounts in compressed rows, on the same axis.
        Service must start within one, both ends inclusive. An account without a window is closed
        during the whole trip; one that is always open has a window from the first start to the
        last end.
    max_detour_s
        Longest detour to a single account.
    max_travel_s
        Longest driving time of the whole trip. None: no limit.
    is_due, is_field
        (n,) a visit is due; the field serves the account (default: all).
    is_excluded
        (n,) excluded by the request (default: none).
    is_requested
        (n,) asked for by name (default: none): neither the due date nor the channel nor
        `max_detour_s` count, which guard what the planner chooses by itself.
    """
    accounts = len(service_s)
    none = np.zeros(accounts, np.bool_)
    is_excluded = none if is_excluded is None else is_excluded
    is_requested = none if is_requested is None else is_requested
    is_due = ~none if is_due is None else is_due
    is_field = ~none if is_field is None else is_field

    longest_detour_s = np.where(is_requested, UNREACHABLE, max_detour_s)
    if max_travel_s is not None:
        longest_detour_s = np.minimum(longest_detour_s, max_travel_s - corridor.direct_s)
    is_closed, is_outside = _check_windows(
        corridor,
        service_s,
        shift_start_s,
        shift_end_s,
        window_indptr,
        window_early_s,
        window_late_s,
    )
    needed_s = corridor.from_start_s + service_s + corridor.to_end_s
    usable_s = _usable_s(corridor, shift_start_s, shift_end_s)
    checks = {
        ReasonCode.UNREACHABLE_BY_ROAD: (corridor.detour_s >= UNREACHABLE, None),
        ReasonCode.EXCLUDED_BY_CLIENT: (is_excluded, None),
        ReasonCode.CHANNEL_NOT_FIELD: (~is_field & ~is_requested, None),
        ReasonCode.NOT_DUE: (~is_due & ~is_requested, None),
        ReasonCode.CLOSED_DURING_TRIP: (is_closed, None),
        ReasonCode.OUTSIDE_TIME_WINDOWS: (is_outside, None),
        ReasonCode.EXCEEDS_MAX_DETOUR: (
            corridor.detour_s > longest_detour_s,
            (corridor.detour_s, longest_detour_s),
        ),
        ReasonCode.EXCEEDS_WORKING_TIME: (needed_s > usable_s, (needed_s, usable_s)),
    }
    code = np.full(accounts, ELIGIBLE, np.int8)
    value_s = np.full(accounts, NOT_MEASURED, np.int64)
    limit_s = np.full(accounts, NOT_MEASURED, np.int64)
    for index, name in enumerate(SCREENING_CODES):
        holds, measured = checks[name]
        first = holds & (code == ELIGIBLE)
        code[first] = index
        if measured is not None:
            value_s[first], limit_s[first] = measured[0][first], measured[1][first]
    return Screening(code, value_s, limit_s)


def combined_screening(screenings: Sequence[Screening]) -> Screening:
    """
    Of a trip in stretches: an account is out only if every stretch excludes it.

    Its reason is that of the stretch which came farthest in the order of `SCREENING_CODES`, and of
    those with the same reason that which misses its limit by least.
    """
    best = screenings[0]
    code, value_s, limit_s = best.code.copy(), best.value_s.copy(), best.limit_s.copy()
    for other in screenings[1:]:
        is_farther = other.code > code
        is_nearer = (other.code == code) & (other.value_s - other.limit_s < value_s - limit_s)
        is_better = (code != ELIGIBLE) & (other.is_eligible | is_farther | is_nearer)
        for mine, theirs in (
            (code, other.code),
            (value_s, other.value_s),
            (limit_s, other.limit_s),
        ):
            mine[is_better] = theirs[is_better]
    return Screening(code, value_s, limit_s)


def shortlist(
    prize_cents: NDArray[np.int64],
    service_s: NDArray[np.int64],
    detour_s: NDArray[np.int64],
    is_eligible: NDArray[np.bool_],
    size: int,
    order: NDArray[np.int64],
) -> NDArray[np.intp]:
    """
    The accounts that promise most for their time: prize / (service + 15 min + detour / 2).

    Half of the detour, because visits share their ways.

    Parameters
    ----------
    prize_cents, service_s, detour_s, is_eligible
        (n,) each.
    size
        How many at most.
    order
        (n,) distinct numbers, such as ids: of equal promise, the lower one comes first.

    Returns
    -------
    (k,) indices, best first.
    """
    candidates = np.flatnonzero(is_eligible)
    time_s = service_s[candidates] + HANDLING_S + detour_s[candidates] / 2
    promise = prize_cents[candidates] / time_s
    return candidates[np.lexsort((order[candidates], -promise))[:size]]


def _time_around_s(
    shift_start_s: NDArray[np.int64], shift_end_s: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(d,) hours of each shift, of all shifts before it, and of all after it."""
    hours_s = shift_end_s - shift_start_s
    before_s = np.cumsum(hours_s) - hours_s
    return hours_s, before_s, hours_s.sum() - before_s - hours_s


def _usable_s(
    corridor: Corridor, shift_start_s: NDArray[np.int64], shift_end_s: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    (n,) the most that drive, service and drive on may take together.

    A service in one shift leaves the drive to it that shift and all before, and the drive on that
    shift and all after. What neither drive needs of the other shifts is of no use.
    """
    usable_s = np.zeros(len(corridor.detour_s), np.int64)
    for hours_s, before_s, after_s in zip(*_time_around_s(shift_start_s, shift_end_s), strict=True):
        drive_s = np.minimum(corridor.from_start_s, before_s)
        drive_on_s = np.minimum(corridor.to_end_s, after_s)
        np.maximum(usable_s, drive_s + hours_s + drive_on_s, out=usable_s)
    return usable_s


def _check_windows(
    corridor: Corridor,
    service_s: NDArray[np.int64],
    shift_start_s: NDArray[np.int64],
    shift_end_s: NDArray[np.int64],
    window_indptr: NDArray[np.int64],
    window_early_s: NDArray[np.int64],
    window_late_s: NDArray[np.int64],
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """
    (n,) whether no window meets a shift, and whether none is open when a service could start.

    The latter only where a service could start at all if there were no windows.
    """
    accounts = len(service_s)
    owner = np.repeat(np.arange(accounts), np.diff(window_indptr))
    is_open, is_in_time, has_time = (np.zeros(accounts, np.bool_) for _ in range(3))
    _, before_s, after_s = _time_around_s(shift_start_s, shift_end_s)
    for shift, (start_s, end_s) in enumerate(zip(shift_start_s, shift_end_s, strict=True)):
        early_s = start_s + np.maximum(corridor.from_start_s - before_s[shift], 0)
        late_s = end_s - service_s - np.maximum(corridor.to_end_s - after_s[shift], 0)
        has_time |= early_s <= late_s
        meets = (window_early_s <= end_s) & (window_late_s >= start_s)
        is_open[owner[meets]] = True
        fits = np.maximum(early_s[owner], window_early_s) <= np.minimum(
            late_s[owner], window_late_s
        )
        is_in_time[owner[fits]] = True
    return ~is_open, is_open & has_time & ~is_in_time
