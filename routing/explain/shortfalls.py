"""By how much a client misses fitting into a plan: minutes of a shift, or the limit on travel."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import (
    NO_LIMIT,
    PlanArrays,
    ProblemArrays,
    costs_cents,
    drive,
    latest_departure_s,
    time_sequence,
)
from routing.explain.moves import edit
from routing.search.compiled import compiled

END_LATER, START_EARLIER = 0, 1
"""Values of `Shortfalls.fix_side`."""

DAY_S = 24 * 3600


class Shortfalls(NamedTuple):
    """
    The least that keeps each client out of every gap, (clients,); `NO_LIMIT` where nothing helps.

    `time_s` is missing in `time_shift` where driving is within its limit and the shift has room to
    grow; `travel_s` is driven too much in `travel_shift` where time suffices. The fixes are the
    least that also pays (for a required client: the least that lets it in), in whole minutes: the
    shift `fix_shift` made longer at `fix_side` by `fix_s`, or the limit on travel raised by
    `fix_travel_s`.
    """

    time_s: NDArray[np.int64]
    time_shift: NDArray[np.int64]
    travel_s: NDArray[np.int64]
    travel_shift: NDArray[np.int64]
    fix_s: NDArray[np.int64]
    fix_side: NDArray[np.int64]
    fix_shift: NDArray[np.int64]
    fix_travel_s: NDArray[np.int64]


def room_around_shifts(problem: ProblemArrays) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    How much earlier and later each shift may reach, (shifts,) each.

    No shift is made longer than a day, nor touches another one before or after it. Shifts that
    overlap belong to different vehicles and leave each other alone.
    """
    start_s, end_s = problem.shift_start_s, problem.shift_end_s
    spare_s = np.maximum(DAY_S - (end_s - start_s), 0)
    before_s = start_s[:, np.newaxis] - end_s
    after_s = start_s - end_s[:, np.newaxis]
    return (
        np.minimum(np.where(before_s >= 0, before_s, NO_LIMIT).min(axis=1), spare_s),
        np.minimum(np.where(after_s >= 0, after_s, NO_LIMIT).min(axis=1), spare_s),
    )


@compiled
def whole_minutes_s(duration_s: int) -> int:
    """The duration rounded up to a minute."""
    return -(-duration_s // 60) * 60


@njit(cache=True, nogil=True)
def find_shortfalls(
    problem: ProblemArrays,
    plan: PlanArrays,
    clients: NDArray[np.int64],
    room_before_s: NDArray[np.int64],
    room_after_s: NDArray[np.int64],
) -> Shortfalls:
    """Try clients that fit nowhere in every gap, with longer shifts and with more travel."""
    count = len(clients)
    found = Shortfalls(
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full(count, -1),
        np.full(count, NO_LIMIT),
    )
    all_worked_s, all_travel_s = plan.worked_s.sum(), plan.travel_s.sum()
    all_distance_m = plan.distance_m.sum()
    before_cents = costs_cents(problem, plan, all_worked_s, all_distance_m, -1, -1)
    buffer = np.empty(len(plan.sequence) + 1, np.int64)
    for number in range(count):
        client = clients[number]
        # Costs may reach this much for the visit to be worth making.
        bearable_cents = before_cents + problem.prize_cents[client]
        if problem.required[client]:
            bearable_cents = NO_LIMIT
        for k in range(len(plan.start_location)):
            start_s, end_s = problem.shift_start_s[k], problem.shift_end_s[k]
            start, end = plan.start_location[k], plan.end_location[k]
            for gap in range(plan.offset[k + 1] - plan.offset[k] + 1):
                length = edit(plan, k, -1, client, gap, buffer)
                sequence = buffer[:length]
                for side in (END_LATER, START_EARLIER):
                    if side == END_LATER:
                        arrival_s, _ = drive(problem, start_s, start, end, sequence)
                        missing_s, room_s = max(arrival_s - end_s, 0), room_after_s[k]
                    else:
                        departure_s = latest_departure_s(problem, end_s, start, end, sequence)
                        missing_s, room_s = max(start_s - departure_s, 0), room_before_s[k]
                    # Without a road, or with a window missed for good, far more than there is.
                    longer_s = whole_minutes_s(missing_s)
                    if longer_s > room_s:
                        continue
                    _, worked_s, travel_s, distance_m = time_sequence(
                        problem,
                        start_s - (longer_s if side == START_EARLIER else 0),
                        end_s + (longer_s if side == END_LATER else 0),
                        start,
                        end,
                        sequence,
                    )
                    worked_s += all_worked_s - plan.worked_s[k]
                    travel_s += all_travel_s - plan.travel_s[k]
                    distance_m += all_distance_m - plan.distance_m[k]
                    after_cents = costs_cents(problem, plan, worked_s, distance_m, k, -1)
                    pays = after_cents < bearable_cents
                    excess_s = max(travel_s - problem.max_travel_s, 0)
                    if missing_s == 0 and excess_s < found.travel_s[number]:
                        found.travel_s[number] = excess_s
                        found.travel_shift[number] = k
                    if missing_s == 0 and pays:
                        found.fix_travel_s[number] = min(
                            found.fix_travel_s[number], whole_minutes_s(excess_s)
                        )
                    if excess_s > 0:
                        continue
                    if missing_s < found.time_s[number]:
                        found.time_s[number] = missing_s
                        found.time_shift[number] = k
                    if pays and longer_s < found.fix_s[number]:
                        found.fix_s[number] = longer_s
                        found.fix_side[number] = side
                        found.fix_shift[number] = k
    return found
