"""
Every way to change a plan by one client: take one out, put one in, or put one in for another.

All of them are tried and valued exactly; overnight places stay where they are. Ties go to the
earlier shift, then the earlier place in it.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import PlanArrays, ProblemArrays, costs_cents, time_sequence
from routing.search.compiled import compiled

IMPOSSIBLE = -(2**62)
"""Change of value of a move that breaks a rule."""


INSERT, REPLACE_OPTIONAL, REPLACE_REQUIRED = 0, 1, 2
"""Rows of the arrays in `Insertions`."""


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
    The best move of each kind for each client, (3, clients).

    `change_cents` is what the value of the plan gains, `IMPOSSIBLE` where nothing fits. `shift` and
    `gap` say where the client goes: before the visit at that place, counted without the removed
    one. `removed` is the position in `PlanArrays.sequence` of the visit that leaves, -1 for none.
    """

    change_cents: NDArray[np.int64]
    shift: NDArray[np.int64]
    gap: NDArray[np.int64]
    removed: NDArray[np.int64]


@njit(cache=True, nogil=True)
def shift_of_positions(plan: PlanArrays) -> NDArray[np.int64]:
    """Shift of every visit, (visits,)."""
    shifts = np.empty(len(plan.sequence), np.int64)
    for shift in range(len(plan.start_location)):
        shifts[plan.offset[shift] : plan.offset[shift + 1]] = shift
    return shifts


@compiled
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


@njit(cache=True, nogil=True)
def find_removals(problem: ProblemArrays, plan: PlanArrays) -> Removals:
    """Take out each visit in turn. O(visits x length of a shift)."""
    visits = len(plan.sequence)
    found = Removals(
        np.zeros(visits, np.bool_),
        np.zeros(visits, np.int64),
        np.zeros(visits, np.int64),
        np.zeros(visits, np.int64),
        np.full(visits, IMPOSSIBLE),
    )
    worked_s, travel_s = plan.worked_s.sum(), plan.travel_s.sum()
    distance_m = plan.distance_m.sum()
    before_cents = costs_cents(problem, plan, worked_s, distance_m, -1, -1)
    buffer = np.empty(visits + 1, np.int64)
    shift_of = shift_of_positions(plan)
    for position in range(visits):
        k = shift_of[position]
        length = edit(plan, k, position, -1, -1, buffer)
        fits, shift_worked_s, shift_travel_s, shift_distance_m = time_sequence(
            problem,
            problem.shift_start_s[k],
            problem.shift_end_s[k],
            plan.start_location[k],
            plan.end_location[k],
            buffer[:length],
        )
        found.fits[position] = fits
        found.worked_s[position] = shift_worked_s
        found.travel_s[position] = shift_travel_s
        found.distance_m[position] = shift_distance_m
        if fits and travel_s - plan.travel_s[k] + shift_travel_s <= problem.max_travel_s:
            after_cents = costs_cents(
                problem,
                plan,
                worked_s - plan.worked_s[k] + shift_worked_s,
                distance_m - plan.distance_m[k] + shift_distance_m,
                -1,
                k,
            )
            prize_cents = problem.prize_cents[plan.sequence[position]]
            found.change_cents[position] = before_cents - after_cents - prize_cents
    return found


@njit(cache=True, nogil=True)
def find_insertions(
    problem: ProblemArrays, plan: PlanArrays, clients: NDArray[np.int64], removals: Removals
) -> Insertions:
    """
    Try every client in every gap of every shift, alone and in exchange for each visit.

    O(clients x visits x gaps of one shift x length of it): an exchange between two shifts is put
    together from what was found for each.
    """
    count = len(clients)
    best = Insertions(
        np.full((3, count), IMPOSSIBLE),
        np.full((3, count), -1),
        np.full((3, count), -1),
        np.full((3, count), -1),
    )
    shifts, visits = len(plan.start_location), len(plan.sequence)
    all_worked_s, all_travel_s = plan.worked_s.sum(), plan.travel_s.sum()
    all_distance_m = plan.distance_m.sum()
    before_cents = costs_cents(problem, plan, all_worked_s, all_distance_m, -1, -1)
    buffer = np.empty(visits + 1, np.int64)
    shift_of = shift_of_positions(plan)

    # Of the client at hand in every gap of the shifts as they are; shift k owns the gaps from
    # offset[k] + k on, one more than it has visits.
    gap_fits = np.empty(visits + shifts, np.bool_)
    gap_worked_s = np.empty(visits + shifts, np.int64)
    gap_travel_s = np.empty(visits + shifts, np.int64)
    gap_distance_m = np.empty(visits + shifts, np.int64)

    for number in range(count):
        client = clients[number]
        prize_cents = problem.prize_cents[client]
        for removed in range(-1, visits):
            home = -1 if removed < 0 else shift_of[removed]
            if removed < 0:
                kind = INSERT
            elif problem.required[plan.sequence[removed]]:
                kind = REPLACE_REQUIRED
            else:
                kind = REPLACE_OPTIONAL
            lost_cents = 0 if removed < 0 else problem.prize_cents[plan.sequence[removed]]
            for k in range(shifts):
                gaps = plan.offset[k + 1] - plan.offset[k] + int(k != home)
                if home >= 0 and home != k and not removals.fits[removed]:
                    continue
                for gap in range(gaps):
                    slot = plan.offset[k] + k + gap
                    if removed < 0 or k == home:
                        length = edit(plan, k, removed, client, gap, buffer)
                        fits, worked_s, travel_s, distance_m = time_sequence(
                            problem,
                            problem.shift_start_s[k],
                            problem.shift_end_s[k],
                            plan.start_location[k],
                            plan.end_location[k],
                            buffer[:length],
                        )
                        if removed < 0:
                            gap_fits[slot] = fits
                            gap_worked_s[slot] = worked_s
                            gap_travel_s[slot] = travel_s
                            gap_distance_m[slot] = distance_m
                    else:
                        fits = gap_fits[slot]
                        worked_s = gap_worked_s[slot]
                        travel_s = gap_travel_s[slot]
                        distance_m = gap_distance_m[slot]
                    if not fits:
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
                    change_cents = prize_cents - lost_cents + before_cents - after_cents
                    if change_cents > best.change_cents[kind, number]:
                        best.change_cents[kind, number] = change_cents
                        best.shift[kind, number] = k
                        best.gap[kind, number] = gap
                        best.removed[kind, number] = removed
    return best
