"""By how much a client misses fitting into a plan: time in a shift, or one of the limits."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import (
    NO_LIMIT,
    PlanArrays,
    ProblemArrays,
    costs_cents,
    keeps_nights,
)
from routing.explain.inner import inner
from routing.explain.limits import Limit
from routing.explain.moves import edit, group_mate, total
from routing.explain.timing import FREELY, Scratch, lay_legs, time_legs
from routing.search.compiled import compiled

END_LATER, START_EARLIER = 0, 1
"""Values of `fix_side`."""

VISITS, DETOUR = int(Limit.VISITS), int(Limit.DETOUR)
DRIVE, DISTANCE = int(Limit.DRIVE), int(Limit.DISTANCE)
LIMITS = len(Limit)

DAY_S = 24 * 3600


class Shortfalls(NamedTuple):
    """
    The least that keeps each client out of every gap, (clients,); `NO_LIMIT` where nothing helps.

    Where there is time in a gap, limits keep the client out: in the gap that breaks fewest of them
    `limit_count` are broken, the first is `limit` (-1: there is no such gap), exceeded by `excess`
    in `limit_shift`. Where limits are kept, time is missing: `time_s` in `time_shift`, as far as
    the shift has room to grow.

    The fixes are the least that also pays (for a required client: the least that lets it in). Of
    time, in whole minutes: the shift `fix_shift` made longer at `fix_side` by `fix_s`. Of a single
    limit broken, (limits, clients): raised by `fix_excess` in `fix_excess_shift`.
    """

    limit: NDArray[np.int64]
    limit_count: NDArray[np.int64]
    excess: NDArray[np.int64]
    limit_shift: NDArray[np.int64]
    fix_excess: NDArray[np.int64]
    fix_excess_shift: NDArray[np.int64]
    time_s: NDArray[np.int64]
    time_shift: NDArray[np.int64]
    fix_s: NDArray[np.int64]
    fix_side: NDArray[np.int64]
    fix_shift: NDArray[np.int64]


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
def new_shortfalls(count: int) -> Shortfalls:
    return Shortfalls(
        np.full(count, -1),
        np.full(count, LIMITS + 1),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full((LIMITS, count), NO_LIMIT),
        np.full((LIMITS, count), -1),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full(count, NO_LIMIT),
        np.full(count, -1),
        np.full(count, -1),
    )


@njit(cache=True, nogil=True)
def find_shortfalls(
    problem: ProblemArrays,
    plan: PlanArrays,
    clients: NDArray[np.int64],
    room_before_s: NDArray[np.int64],
    room_after_s: NDArray[np.int64],
    scratch: Scratch,
) -> Shortfalls:
    """
    Try clients that fit nowhere in every gap, with longer shifts and with higher limits.

    Clients whose alternative is visited miss nothing that a gap could give.
    """
    count = len(clients)
    found = new_shortfalls(count)
    buffer = np.empty(len(plan.sequence) + 1, np.int64)
    excess = np.empty(LIMITS, np.int64)
    for number in range(count):
        if group_mate(problem, plan, clients[number]) < 0:
            _try_gaps(
                problem,
                plan,
                clients[number],
                number,
                room_before_s,
                room_after_s,
                buffer,
                excess,
                scratch,
                found,
            )
    return found


@inner
def _try_gaps(
    problem: ProblemArrays,
    plan: PlanArrays,
    client: int,
    number: int,
    room_before_s: NDArray[np.int64],
    room_after_s: NDArray[np.int64],
    buffer: NDArray[np.int64],
    excess: NDArray[np.int64],
    scratch: Scratch,
    found: Shortfalls,
) -> None:
    all_worked_s, all_distance_m = total(plan.worked_s), total(plan.distance_m)
    all_travel_s = total(plan.travel_s)
    before_cents = costs_cents(problem, plan, all_worked_s, all_distance_m, -1, -1)
    for k in range(len(plan.start_location)):
        if not keeps_nights(problem, plan, k, -1):
            continue
        # Costs may reach this much for the visit to be worth making.
        bearable_cents = before_cents + problem.prize_cents[client, k]
        if problem.rank[client] > 0:
            bearable_cents = NO_LIMIT
        start_s, end_s = problem.shift_start_s[k], problem.shift_end_s[k]
        for gap in range(plan.offset[k + 1] - plan.offset[k] + 1):
            length = edit(plan, k, -1, client, gap, buffer)
            sequence = buffer[:length]
            travel_s, distance_m = lay_legs(
                problem, plan.start_location[k], plan.end_location[k], sequence, scratch
            )
            if travel_s >= NO_LIMIT:
                continue  # no road
            excess[VISITS] = length - problem.shift_max_visits[k]
            excess[DETOUR] = all_travel_s - plan.travel_s[k] + travel_s - problem.max_travel_s
            excess[DRIVE] = travel_s - problem.shift_max_travel_s[k]
            excess[DISTANCE] = distance_m - problem.shift_max_distance_m[k]
            broken, first = 0, -1
            for limit in range(LIMITS - 1, -1, -1):
                if excess[limit] > 0:
                    broken, first = broken + 1, limit
            for side in (END_LATER, START_EARLIER):
                room_s = room_after_s[k] if side == END_LATER else room_before_s[k]
                if side == END_LATER:
                    _, arrival_s, _ = time_legs(
                        problem, k, start_s, end_s + room_s, FREELY, sequence, True, scratch
                    )
                    missing_s = max(arrival_s - end_s, 0)
                else:
                    _, _, departure_s = time_legs(
                        problem, k, start_s - room_s, end_s, FREELY, sequence, True, scratch
                    )
                    missing_s = max(start_s - departure_s, 0)
                # With a window missed for good, or more missing than there is: far too much.
                longer_s = whole_minutes_s(missing_s)
                if longer_s > room_s or (missing_s > 0 and broken > 0):
                    continue
                worked_s, _, _ = time_legs(
                    problem,
                    k,
                    start_s - (longer_s if side == START_EARLIER else 0),
                    end_s + (longer_s if side == END_LATER else 0),
                    FREELY,
                    sequence,
                    True,
                    scratch,
                )
                after_cents = costs_cents(
                    problem,
                    plan,
                    all_worked_s - plan.worked_s[k] + worked_s,
                    all_distance_m - plan.distance_m[k] + distance_m,
                    k,
                    -1,
                )
                pays = after_cents < bearable_cents
                if broken > 0:
                    keep_closest(found, number, k, broken, first, excess[first])
                    if broken == 1 and pays and excess[first] < found.fix_excess[first, number]:
                        found.fix_excess[first, number] = excess[first]
                        found.fix_excess_shift[first, number] = k
                    break  # there is time, whatever the side
                if missing_s < found.time_s[number]:
                    found.time_s[number] = missing_s
                    found.time_shift[number] = k
                if pays and longer_s < found.fix_s[number]:
                    found.fix_s[number] = longer_s
                    found.fix_side[number] = side
                    found.fix_shift[number] = k


@inner
def keep_closest(
    found: Shortfalls, number: int, shift: int, broken: int, limit: int, excess: int
) -> None:
    """Fewest limits broken, then the first in their order, then the least excess."""
    if broken != found.limit_count[number]:
        is_closer = broken < found.limit_count[number]
    elif limit != found.limit[number]:
        is_closer = limit < found.limit[number]
    else:
        is_closer = excess < found.excess[number]
    if is_closer:
        found.limit_count[number] = broken
        found.limit[number] = limit
        found.excess[number] = excess
        found.limit_shift[number] = shift
