"""
The least change of one break that lets a client in: moved by up to an hour, or shortened to half.

Breaks change in steps of five minutes and are never dropped.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT, PlanArrays, ProblemArrays, costs_cents, keeps_nights
from routing.explain.inner import inner
from routing.explain.moves import edit, group_mate, total
from routing.explain.timing import FREELY, Scratch, lay_legs, time_legs
from routing.reasons import Fix, FixKind

STEP_S = 5 * 60
LONGEST_MOVE_S = 60 * 60

MOVE, SHORTEN = 0, 1
"""Values of `kind`."""


class BreakChanges(NamedTuple):
    """
    The least change for each client, (clients,).

    `amount_s` is how much later the break `number` of `shift` may start (earlier, where negative),
    or how much shorter it is; 0 where no change of one break helps.
    """

    kind: NDArray[np.int64]
    shift: NDArray[np.int64]
    number: NDArray[np.int64]
    amount_s: NDArray[np.int64]

    def fix(self, number: int) -> Fix | None:
        """The change as a fix, or None."""
        if self.amount_s[number] == 0:
            return None
        return Fix(
            FixKind.MOVE_BREAK if self.kind[number] == MOVE else FixKind.SHORTEN_BREAK,
            int(self.amount_s[number]),
            int(self.shift[number]),
            break_index=int(self.number[number]),
        )


def with_own_breaks(problem: ProblemArrays) -> ProblemArrays:
    """A copy whose breaks may be changed for a while."""
    return replace(
        problem,
        break_early_s=problem.break_early_s.copy(),
        break_late_s=problem.break_late_s.copy(),
        break_duration_s=problem.break_duration_s.copy(),
    )


@njit(cache=True, nogil=True)
def new_break_changes(count: int) -> BreakChanges:
    return BreakChanges(
        np.full(count, -1), np.full(count, -1), np.full(count, -1), np.zeros(count, np.int64)
    )


@njit(cache=True, nogil=True)
def find_break_changes(
    problem: ProblemArrays, plan: PlanArrays, clients: NDArray[np.int64], scratch: Scratch
) -> BreakChanges:
    """
    Try every change of each break for clients in every gap; it must let them in and pay.

    `problem` is one of `with_own_breaks`.
    """
    found = new_break_changes(len(clients))
    buffer = np.empty(len(plan.sequence) + 1, np.int64)
    for number in range(len(clients)):
        _try_gaps(problem, plan, clients[number], number, buffer, scratch, found)
    return found


@inner
def _try_gaps(
    problem: ProblemArrays,
    plan: PlanArrays,
    client: int,
    number: int,
    buffer: NDArray[np.int64],
    scratch: Scratch,
    found: BreakChanges,
) -> None:
    if group_mate(problem, plan, client) >= 0:
        return
    all_worked_s, all_distance_m = total(plan.worked_s), total(plan.distance_m)
    all_travel_s = total(plan.travel_s)
    before_cents = costs_cents(problem, plan, all_worked_s, all_distance_m, -1, -1)
    for k in range(len(plan.start_location)):
        visits = plan.offset[k + 1] - plan.offset[k] + 1
        if (
            problem.break_offset[k] == problem.break_offset[k + 1]
            or visits > problem.shift_max_visits[k]
            or not keeps_nights(problem, plan, k, -1)
        ):
            continue
        for gap in range(visits):
            length = edit(plan, k, -1, client, gap, buffer)
            travel_s, distance_m = lay_legs(
                problem, plan.start_location[k], plan.end_location[k], buffer[:length], scratch
            )
            if (
                travel_s > problem.shift_max_travel_s[k]
                or distance_m > problem.shift_max_distance_m[k]
                or all_travel_s - plan.travel_s[k] + travel_s > problem.max_travel_s
            ):
                continue
            most_worked_s = NO_LIMIT - 1
            if problem.rank[client] == 0:
                fixed_cents = costs_cents(
                    problem, plan, 0, all_distance_m - plan.distance_m[k] + distance_m, k, -1
                )
                gain_cents = before_cents + problem.prize_cents[client, k] - fixed_cents
                most_worked_s = _most_worked_s(problem.hour_rate_cents, gain_cents)
                most_worked_s -= all_worked_s - plan.worked_s[k]
            try_break_changes(
                problem,
                k,
                problem.shift_start_s[k],
                problem.shift_end_s[k],
                buffer[:length],
                most_worked_s,
                number,
                scratch,
                found,
            )


@inner
def _most_worked_s(hour_rate_cents: int, gain_cents: int) -> int:
    """The longest work whose cost, rounded as `Solution` does, is less than what it brings."""
    if hour_rate_cents == 0:
        return NO_LIMIT - 1 if gain_cents > 0 else -NO_LIMIT
    return (7200 * gain_cents - 3601) // (2 * hour_rate_cents)


@inner
def try_break_changes(
    problem: ProblemArrays,
    shift: int,
    start_s: int,
    end_s: int,
    sequence: NDArray[np.int64],
    most_worked_s: int,
    number: int,
    scratch: Scratch,
    found: BreakChanges,
) -> None:
    """
    Change each break of a shift in turn for a sequence whose legs are laid in `scratch`.

    Of equal amounts the break is rather moved later, then earlier, then shortened.
    """
    first, last = problem.break_offset[shift], problem.break_offset[shift + 1]
    for one in range(first, last):
        early_s, late_s = problem.break_early_s[one], problem.break_late_s[one]
        duration_s = problem.break_duration_s[one]
        # How far it may go without leaving the shift or changing places with its neighbours.
        lowest_s, highest_s = start_s - early_s, end_s - duration_s - late_s
        if one > first:
            lowest_s = max(
                problem.break_early_s[one - 1] + problem.break_duration_s[one - 1] - early_s,
                problem.break_late_s[one - 1] - late_s,
            )
        if one + 1 < last:
            highest_s = min(
                problem.break_early_s[one + 1] - early_s - duration_s,
                problem.break_late_s[one + 1] - late_s,
            )
        # If not even dropping it helps, nothing does.
        if (
            _worked_with_break(
                problem,
                shift,
                start_s,
                end_s,
                sequence,
                scratch,
                one,
                early_s + min(lowest_s, 0),
                late_s + max(highest_s, 0),
                0,
            )
            > most_worked_s
        ):
            continue
        for step in range(1, max(LONGEST_MOVE_S, duration_s // 2) // STEP_S + 1):
            amount_s = step * STEP_S
            if 0 < abs(found.amount_s[number]) <= amount_s:
                break
            for change in range(3):
                kind = SHORTEN if change == 2 else MOVE
                moved_s = -amount_s if change == 1 else amount_s
                if kind == SHORTEN:
                    if 2 * amount_s > duration_s:
                        continue
                    worked_s = _worked_with_break(
                        problem,
                        shift,
                        start_s,
                        end_s,
                        sequence,
                        scratch,
                        one,
                        early_s,
                        late_s,
                        duration_s - amount_s,
                    )
                else:
                    if amount_s > LONGEST_MOVE_S or not lowest_s <= moved_s <= highest_s:
                        continue
                    worked_s = _worked_with_break(
                        problem,
                        shift,
                        start_s,
                        end_s,
                        sequence,
                        scratch,
                        one,
                        early_s + moved_s,
                        late_s + moved_s,
                        duration_s,
                    )
                if worked_s <= most_worked_s:
                    found.kind[number] = kind
                    found.shift[number] = shift
                    found.number[number] = one - first
                    found.amount_s[number] = moved_s
                    break


@inner
def _worked_with_break(
    problem: ProblemArrays,
    shift: int,
    start_s: int,
    end_s: int,
    sequence: NDArray[np.int64],
    scratch: Scratch,
    one: int,
    early_s: int,
    late_s: int,
    duration_s: int,
) -> int:
    """The least paid time with another break in one's place, which is put back."""
    was_early_s, was_late_s = problem.break_early_s[one], problem.break_late_s[one]
    was_duration_s = problem.break_duration_s[one]
    problem.break_early_s[one], problem.break_late_s[one] = early_s, late_s
    problem.break_duration_s[one] = duration_s
    worked_s, _, _ = time_legs(problem, shift, start_s, end_s, FREELY, sequence, True, scratch)
    problem.break_early_s[one], problem.break_late_s[one] = was_early_s, was_late_s
    problem.break_duration_s[one] = was_duration_s
    return worked_s
