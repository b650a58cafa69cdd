"""
The compiled form of `routing.schedule`: when a sequence fits, and the least paid time it takes.

Along a sequence with its breaks on given legs and a window chosen for each client, the moment of
being ready is `max(departure + busy, early)` for any departure up to `late`, where `busy` is the
same whatever the legs and windows. So a way to spend the time so far is two numbers, `early` (small
is good) and `late` (large is good), and of the ways to have had as many breaks only those count
that no other beats in both. Mostly there is one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT, ProblemArrays
from routing.explain.inner import inner
from routing.problem import UNREACHABLE
from routing.search.compiled import compiled

FREELY = -1
"""As breaks had when leaving: as many as serve best."""

_NEVER, _SURELY, _UNDECIDED = 0, 1, 2


class Scratch(NamedTuple):
    """
    Room for timing one sequence after the other, since compiled code makes no arrays.

    `busy_s` are driving and setup of each leg. `early_s` and `late_s` are (2, breaks + 1, ways),
    two places in turn, by number of breaks had; `ways` is how many there are, `best` the result.
    """

    busy_s: NDArray[np.int64]
    early_s: NDArray[np.int64]
    late_s: NDArray[np.int64]
    ways: NDArray[np.int64]
    best: NDArray[np.int64]


def new_scratch(problem: ProblemArrays) -> Scratch:
    """Room enough for any sequence of a problem."""
    clients = len(problem.location)
    breaks = int(np.diff(problem.break_offset).max())
    # Ways differ in `late`, which comes from a window or from a break on a leg.
    ways = 1 + (breaks + 1) * (len(problem.window_late_s) + (clients + 1) * breaks)
    return Scratch(
        np.empty(clients + 2, np.int64),
        np.empty((2, breaks + 1, ways), np.int64),
        np.empty((2, breaks + 1, ways), np.int64),
        np.zeros((2, breaks + 1), np.int64),
        np.empty(3, np.int64),
    )


@compiled
def time_sequence(
    problem: ProblemArrays,
    shift: int,
    start_s: int,
    end_s: int,
    start_location: int,
    end_location: int,
    sequence: NDArray[np.int64],
    scratch: Scratch,
) -> tuple[bool, int, int, int]:
    """
    What `schedule_route` finds for a sequence: (fits, worked_s, travel_s, distance_m).

    The shift may begin and end at other times than its own.
    """
    travel_s, distance_m = lay_legs(problem, start_location, end_location, sequence, scratch)
    if (
        travel_s > problem.shift_max_travel_s[shift]
        or distance_m > problem.shift_max_distance_m[shift]
        or len(sequence) > problem.shift_max_visits[shift]
    ):
        return False, 0, 0, 0
    if len(sequence) == 0 and start_location == end_location:
        return True, 0, 0, 0
    worked_s, _, _ = time_legs(problem, shift, start_s, end_s, FREELY, sequence, True, scratch)
    if worked_s >= NO_LIMIT:
        return False, 0, 0, 0
    return True, worked_s, travel_s, distance_m


@compiled
def lay_legs(
    problem: ProblemArrays,
    start_location: int,
    end_location: int,
    sequence: NDArray[np.int64],
    scratch: Scratch,
) -> tuple[int, int]:
    """Write the legs of a sequence; returns driving, above `NO_LIMIT` without roads, and metres."""
    travel_s, distance_m = 0, 0
    before = start_location
    for position in range(len(sequence) + 1):
        setup_s = 0
        if position == len(sequence):
            there = end_location
        else:
            client = sequence[position]
            there = problem.location[client]
            if there != before:
                setup_s = problem.setup_s[client]
        leg_s = problem.duration_s[before, there]
        if leg_s >= UNREACHABLE:
            leg_s = 2 * NO_LIMIT
        travel_s += leg_s
        distance_m += problem.distance_m[before, there]
        scratch.busy_s[position] = leg_s + setup_s
        before = there
    return travel_s, distance_m


@compiled
def time_legs(
    problem: ProblemArrays,
    shift: int,
    start_s: int,
    end_s: int,
    had: int,
    sequence: NDArray[np.int64],
    has_windows: bool,
    scratch: Scratch,
) -> tuple[int, int, int]:
    """
    The least paid time, the earliest arrival and the latest departure along `scratch.busy_s`.

    `had` is the number of the shift's breaks that are over when leaving, or `FREELY`. Windows count
    where `has_windows`. (`NO_LIMIT`, `NO_LIMIT`, -`NO_LIMIT`) where nothing fits.
    """
    total_s = 0
    for position in range(len(sequence)):
        total_s += scratch.busy_s[position] + problem.service_s[sequence[position]]
    total_s += scratch.busy_s[len(sequence)]
    best = scratch.best
    best[0], best[1], best[2] = NO_LIMIT, NO_LIMIT, -NO_LIMIT
    offset = problem.break_offset[shift]
    breaks = problem.break_offset[shift + 1] - offset
    for before in range(max(had, 0), (breaks if had < 0 else had) + 1):
        first_s = start_s
        if had < 0 and before > 0:
            one = offset + before - 1
            first_s = max(first_s, problem.break_early_s[one] + problem.break_duration_s[one])
        if first_s + total_s > end_s:
            break  # with more breaks before it, the departure is only later
        outcome = _UNDECIDED
        if before == breaks:
            outcome = _time_in_one_way(
                problem, first_s, end_s, total_s, sequence, has_windows, scratch
            )
        if outcome == _UNDECIDED:
            _time_in_all_ways(
                problem, shift, before, first_s, end_s, total_s, sequence, has_windows, scratch
            )
    return best[0], best[1], best[2]


@inner
def _time_in_one_way(
    problem: ProblemArrays,
    first_s: int,
    end_s: int,
    total_s: int,
    sequence: NDArray[np.int64],
    has_windows: bool,
    scratch: Scratch,
) -> int:
    """Without breaks on the way, and as long as no later window of a client might serve better."""
    early_s, late_s, busy_s = first_s, end_s - total_s, 0
    for position in range(len(sequence)):
        client = sequence[position]
        early_s += scratch.busy_s[position]
        busy_s += scratch.busy_s[position]
        window, last = problem.window_offset[client], problem.window_offset[client + 1]
        if has_windows and window < last:
            while window < last and problem.window_late_s[window] < early_s:
                window += 1
            if window == last:
                return _NEVER
            closing_s = problem.window_late_s[window] - busy_s
            if closing_s < late_s:
                following = window + 1
                if (
                    following < last
                    and problem.window_early_s[following] + total_s - busy_s <= end_s
                ):
                    return _UNDECIDED
                late_s = closing_s
            early_s = max(early_s, problem.window_early_s[window])
            if early_s + total_s - busy_s > end_s:
                return _NEVER
        early_s += problem.service_s[client]
        busy_s += problem.service_s[client]
    early_s += scratch.busy_s[len(sequence)]
    if early_s > end_s:
        return _NEVER
    _keep_best(scratch, max(total_s, early_s - late_s), early_s, late_s)
    return _SURELY


@inner
def _time_in_all_ways(
    problem: ProblemArrays,
    shift: int,
    before: int,
    first_s: int,
    end_s: int,
    total_s: int,
    sequence: NDArray[np.int64],
    has_windows: bool,
    scratch: Scratch,
) -> None:
    """Over every leg for each break that is not had before leaving, and every window."""
    offset = problem.break_offset[shift]
    breaks = problem.break_offset[shift + 1] - offset
    now = 0
    for had in range(before, breaks + 1):
        scratch.ways[now, had] = 0
    _keep_way(scratch, now, before, first_s, end_s - total_s)
    base_s = 0  # busy so far, without breaks
    for position in range(len(sequence) + 1):
        leg_s = scratch.busy_s[position]
        then = 1 - now
        for had in range(before, breaks + 1):
            scratch.ways[then, had] = 0
        off_s = 0
        for had in range(before, breaks + 1):
            if had > before:
                off_s += problem.break_duration_s[offset + had - 1]
            for way in range(scratch.ways[now, had]):
                leaving_s, late_s = scratch.early_s[now, had, way], scratch.late_s[now, had, way]
                ready_s, taken_s = leaving_s + leg_s, 0
                for new_had in range(had, breaks + 1):
                    if new_had > had:
                        # A break begins at the latest by its own time, whatever is still to drive.
                        one = offset + new_had - 1
                        if leaving_s + taken_s > problem.break_late_s[one]:
                            break
                        late_s = min(late_s, problem.break_late_s[one] - base_s - off_s - taken_s)
                        ready_s = max(ready_s, problem.break_early_s[one])
                        ready_s += problem.break_duration_s[one]
                        taken_s += problem.break_duration_s[one]
                    busy_s = base_s + off_s + leg_s + taken_s
                    if position < len(sequence):
                        _arrive(
                            problem,
                            sequence[position],
                            has_windows,
                            then,
                            new_had,
                            ready_s,
                            late_s,
                            busy_s,
                            end_s - total_s + base_s + leg_s,
                            scratch,
                        )
                        continue
                    last_s = end_s
                    if new_had < breaks:
                        last_s = min(end_s, problem.break_late_s[offset + new_had])
                    if ready_s <= last_s:
                        departure_s = min(late_s, last_s - busy_s)
                        worked_s = max(busy_s, ready_s - departure_s) - off_s - taken_s
                        _keep_best(scratch, worked_s, ready_s, departure_s)
        base_s += leg_s
        if position < len(sequence):
            base_s += problem.service_s[sequence[position]]
        now = then


@inner
def _arrive(
    problem: ProblemArrays,
    client: int,
    has_windows: bool,
    then: int,
    had: int,
    ready_s: int,
    late_s: int,
    busy_s: int,
    latest_s: int,
    scratch: Scratch,
) -> None:
    """Serve a client in each window that may be of use; from `latest_s` on the end is too late."""
    service_s = problem.service_s[client]
    first, last = problem.window_offset[client], problem.window_offset[client + 1]
    if not has_windows or first == last:
        if ready_s <= latest_s:
            _keep_way(scratch, then, had, ready_s + service_s, late_s)
        return
    for window in range(first, last):
        closing_s = problem.window_late_s[window]
        if closing_s < ready_s:
            continue
        start_s = max(ready_s, problem.window_early_s[window])
        if start_s > latest_s:
            return
        _keep_way(scratch, then, had, start_s + service_s, min(late_s, closing_s - busy_s))
        if late_s <= closing_s - busy_s:
            return


@inner
def _keep_way(scratch: Scratch, row: int, had: int, early_s: int, late_s: int) -> None:
    """Add a way unless another is as good in both; drop those that it beats."""
    kept = 0
    for way in range(scratch.ways[row, had]):
        other_early_s, other_late_s = scratch.early_s[row, had, way], scratch.late_s[row, had, way]
        if other_early_s <= early_s and other_late_s >= late_s:
            return  # then it beat nobody before this one either
        if other_early_s < early_s or other_late_s > late_s:
            scratch.early_s[row, had, kept] = other_early_s
            scratch.late_s[row, had, kept] = other_late_s
            kept += 1
    scratch.early_s[row, had, kept] = early_s
    scratch.late_s[row, had, kept] = late_s
    scratch.ways[row, had] = kept + 1


@inner
def _keep_best(scratch: Scratch, worked_s: int, arrival_s: int, departure_s: int) -> None:
    scratch.best[0] = min(scratch.best[0], worked_s)
    scratch.best[1] = min(scratch.best[1], arrival_s)
    scratch.best[2] = max(scratch.best[2], departure_s)
