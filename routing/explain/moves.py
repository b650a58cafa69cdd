"""
Every way to change a plan by one client: take one out, put one in, or put one in for another.

All of them are tried and valued exactly; overnight places stay where they are. Ties go to the
earlier visit taken out, then the earlier shift, then the earlier place in it.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import PlanArrays, ProblemArrays, costs_cents, keeps_nights
from routing.explain.inner import inner
from routing.explain.timing import Scratch, time_sequence

IMPOSSIBLE = -(2**62)
"""Change of value of a move that breaks a rule."""


INSERT, REPLACE_LOWER, REPLACE_EQUAL, REPLACE_HIGHER = 0, 1, 2, 3
"""Rows of the arrays in `Insertions`: in place of nobody, or of a visit whose rank is lower than
the client's, the same or higher."""


class Removals(NamedTuple):
    """
    What each visit's shift is without it, (visits,) in order of visit.

    `change_cents` is what the value of the plan gains, `IMPOSSIBLE` where the rest does not fit.
    """

    fits: NDArray[np.bool_]
    worked_s: NDArray[np.int64]
    travel_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    change_cents: NDArray[np.int64]


class Insertions(NamedTuple):
    """
    The best move of each kind for each client, (4, clients).

    Best is the lowest rank of the visit that leaves, then the highest `change_cents`: what the
    value of the plan gains, `IMPOSSIBLE` where nothing fits. `shift` and `gap` say where the client
    goes: before the visit at that place, counted without the removed one. `removed` is the position
    in `PlanArrays.sequence` of the visit that leaves, -1 for none.
    """

    change_cents: NDArray[np.int64]
    shift: NDArray[np.int64]
    gap: NDArray[np.int64]
    removed: NDArray[np.int64]


class Trials(NamedTuple):
    """
    One client put everywhere.

    Shift k owns the columns from `offset[k] + k` on, one more than it has visits. `fits`,
    `worked_s`, `travel_s` and `distance_m` are (columns,), of the shifts as they are with the
    client. `change_cents` is (1 + visits, columns): row 0 takes nobody out, row 1 + i the visit at
    position i; gaps are counted without it, so the last column of its shift is `IMPOSSIBLE`.
    """

    fits: NDArray[np.bool_]
    worked_s: NDArray[np.int64]
    travel_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    change_cents: NDArray[np.int64]


@njit(cache=True, nogil=True)
def shift_of_positions(plan: PlanArrays) -> NDArray[np.int64]:
    """Shift of every visit, (visits,)."""
    shifts = np.empty(len(plan.sequence), np.int64)
    for shift in range(len(plan.start_location)):
        shifts[plan.offset[shift] : plan.offset[shift + 1]] = shift
    return shifts


@inner
def edit(
    plan: PlanArrays, shift: int, removed: int, client: int, gap: int, buffer: NDArray[np.int64]
) -> int:
    """
    Write the shift's sequence without position `removed` (-1: none) and with `client` (-1: none)
    at `gap` into `buffer`; returns its length.
    """
    length = 0
    for position in range(plan.offset[shift], plan.offset[shift + 1]):
        if position == removed:
            continue
        if length == gap and client >= 0:
            buffer[length] = client
            length += 1
        buffer[length] = plan.sequence[position]
        length += 1
    if client >= 0 and length == gap:
        buffer[length] = client
        length += 1
    return length


@inner
def group_mate(problem: ProblemArrays, plan: PlanArrays, client: int) -> int:
    """Position of the visit that is made as the alternative to a client, -1 for none."""
    if problem.group[client] >= 0:
        for position in range(len(plan.sequence)):
            if problem.group[plan.sequence[position]] == problem.group[client]:
                return position
    return -1


@inner
def total(amounts: NDArray[np.int64]) -> int:
    amount = 0
    for one in amounts:
        amount += one
    return amount


@njit(cache=True, nogil=True)
def find_removals(problem: ProblemArrays, plan: PlanArrays, scratch: Scratch) -> Removals:
    """Take out each visit in turn. O(visits x length of a shift)."""
    visits = len(plan.sequence)
    found = Removals(
        np.zeros(visits, np.bool_),
        np.zeros(visits, np.int64),
        np.zeros(visits, np.int64),
        np.zeros(visits, np.int64),
        np.full(visits, IMPOSSIBLE),
    )
    worked_s, travel_s = total(plan.worked_s), total(plan.travel_s)
    distance_m = total(plan.distance_m)
    before_cents = costs_cents(problem, plan, worked_s, distance_m, -1, -1)
    buffer = np.empty(visits + 1, np.int64)
    shift_of = shift_of_positions(plan)
    for position in range(visits):
        k = shift_of[position]
        length = edit(plan, k, position, -1, -1, buffer)
        fits, shift_worked_s, shift_travel_s, shift_distance_m = time_sequence(
            problem,
            k,
            problem.shift_start_s[k],
            problem.shift_end_s[k],
            plan.start_location[k],
            plan.end_location[k],
            buffer[:length],
            scratch,
        )
        found.fits[position] = fits
        found.worked_s[position] = shift_worked_s
        found.travel_s[position] = shift_travel_s
        found.distance_m[position] = shift_distance_m
        # Limits on nights are kept: where less happens, no more of them are under way.
        if fits and travel_s - plan.travel_s[k] + shift_travel_s <= problem.max_travel_s:
            after_cents = costs_cents(
                problem,
                plan,
                worked_s - plan.worked_s[k] + shift_worked_s,
                distance_m - plan.distance_m[k] + shift_distance_m,
                -1,
                k,
            )
            prize_cents = problem.prize_cents[plan.sequence[position], k]
            found.change_cents[position] = before_cents - after_cents - prize_cents
    return found


@njit(cache=True, nogil=True)
def find_insertions(
    problem: ProblemArrays,
    plan: PlanArrays,
    clients: NDArray[np.int64],
    removals: Removals,
    scratch: Scratch,
) -> Insertions:
    """The best of each kind, for every client in every gap, alone and in exchange for each visit.

    O(clients x visits x gaps of one shift x length of it).
    """
    count = len(clients)
    best = Insertions(
        np.full((4, count), IMPOSSIBLE),
        np.full((4, count), -1),
        np.full((4, count), -1),
        np.full((4, count), -1),
    )
    trials = new_trials(plan)
    buffer = np.empty(len(plan.sequence) + 1, np.int64)
    shift_of = shift_of_positions(plan)
    for number in range(count):
        try_everywhere(problem, plan, clients[number], removals, shift_of, buffer, scratch, trials)
        _keep_best(problem, plan, clients[number], number, trials, best)
    return best


@njit(cache=True, nogil=True)
def find_trials(
    problem: ProblemArrays, plan: PlanArrays, client: int, removals: Removals, scratch: Scratch
) -> Trials:
    """One client in every gap, alone and in exchange for each visit."""
    trials = new_trials(plan)
    buffer = np.empty(len(plan.sequence) + 1, np.int64)
    shift_of = shift_of_positions(plan)
    try_everywhere(problem, plan, client, removals, shift_of, buffer, scratch, trials)
    return trials


@njit(cache=True, nogil=True)
def new_trials(plan: PlanArrays) -> Trials:
    visits = len(plan.sequence)
    columns = visits + len(plan.start_location)
    return Trials(
        np.zeros(columns, np.bool_),
        np.zeros(columns, np.int64),
        np.zeros(columns, np.int64),
        np.zeros(columns, np.int64),
        np.full((1 + visits, columns), IMPOSSIBLE),
    )


@inner
def try_everywhere(
    problem: ProblemArrays,
    plan: PlanArrays,
    client: int,
    removals: Removals,
    shift_of: NDArray[np.int64],
    buffer: NDArray[np.int64],
    scratch: Scratch,
    trials: Trials,
) -> None:
    """
    Put a client into every gap and write what it changes into `trials`.

    An exchange between two shifts is put together from what was found for each.
    """
    shifts, visits = len(plan.start_location), len(plan.sequence)
    all_worked_s, all_travel_s = total(plan.worked_s), total(plan.travel_s)
    all_distance_m = total(plan.distance_m)
    before_cents = costs_cents(problem, plan, all_worked_s, all_distance_m, -1, -1)
    mate = group_mate(problem, plan, client)
    for removed in range(-1, visits):
        home = -1 if removed < 0 else shift_of[removed]
        lost_cents = 0 if removed < 0 else problem.prize_cents[plan.sequence[removed], home]
        for k in range(shifts):
            first = plan.offset[k] + k
            gaps = plan.offset[k + 1] - plan.offset[k] + 1
            trials.change_cents[1 + removed, first : first + gaps] = IMPOSSIBLE
            if home >= 0 and home != k and not removals.fits[removed]:
                continue
            # At most one of a group is visited.
            is_allowed = mate == removed or mate < 0
            is_allowed = is_allowed and keeps_nights(problem, plan, k, home)
            if removed >= 0 and not is_allowed:
                continue
            for gap in range(gaps - int(k == home)):
                column = first + gap
                if removed < 0 or k == home:
                    length = edit(plan, k, removed, client, gap, buffer)
                    fits, worked_s, travel_s, distance_m = time_sequence(
                        problem,
                        k,
                        problem.shift_start_s[k],
                        problem.shift_end_s[k],
                        plan.start_location[k],
                        plan.end_location[k],
                        buffer[:length],
                        scratch,
                    )
                    if removed < 0:
                        trials.fits[column] = fits
                        trials.worked_s[column] = worked_s
                        trials.travel_s[column] = travel_s
                        trials.distance_m[column] = distance_m
                else:
                    fits = trials.fits[column]
                    worked_s = trials.worked_s[column]
                    travel_s = trials.travel_s[column]
                    distance_m = trials.distance_m[column]
                if not fits or not is_allowed:
                    continue
                worked_s += all_worked_s - plan.worked_s[k]
                travel_s += all_travel_s - plan.travel_s[k]
                distance_m += all_distance_m - plan.distance_m[k]
                if home >= 0 and home != k:
                    worked_s += removals.worked_s[removed] - plan.worked_s[home]
                    travel_s += removals.travel_s[removed] - plan.travel_s[home]
                    distance_m += removals.distance_m[removed] - plan.distance_m[home]
                if travel_s > problem.max_travel_s:
                    continue
                after_cents = costs_cents(problem, plan, worked_s, distance_m, k, home)
                gain_cents = problem.prize_cents[client, k] - lost_cents
                trials.change_cents[1 + removed, column] = gain_cents + before_cents - after_cents


@inner
def _keep_best(
    problem: ProblemArrays,
    plan: PlanArrays,
    client: int,
    number: int,
    trials: Trials,
    best: Insertions,
) -> None:
    """Of each kind the best of a client's trials."""
    for removed in range(-1, len(plan.sequence)):
        removed_rank = -1 if removed < 0 else problem.rank[plan.sequence[removed]]
        if removed < 0:
            kind = INSERT
        elif removed_rank < problem.rank[client]:
            kind = REPLACE_LOWER
        elif removed_rank == problem.rank[client]:
            kind = REPLACE_EQUAL
        else:
            kind = REPLACE_HIGHER
        for k in range(len(plan.start_location)):
            for column in range(plan.offset[k] + k, plan.offset[k + 1] + k + 1):
                change_cents = trials.change_cents[1 + removed, column]
                if change_cents == IMPOSSIBLE:
                    continue
                other = best.removed[kind, number]
                if other >= 0 and problem.rank[plan.sequence[other]] != removed_rank:
                    is_better = removed_rank < problem.rank[plan.sequence[other]]
                else:
                    is_better = change_cents > best.change_cents[kind, number]
                if is_better:
                    best.change_cents[kind, number] = change_cents
                    best.shift[kind, number] = k
                    best.gap[kind, number] = column - plan.offset[k] - k
                    best.removed[kind, number] = removed
