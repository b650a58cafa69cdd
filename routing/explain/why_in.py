"""Why each visit of a plan is in it."""

from bisect import bisect_right

import numpy as np

from routing.explain.arrays import PlanArrays, ProblemArrays
from routing.explain.explanation import WhyIn
from routing.explain.moves import IMPOSSIBLE, Removals, shift_of_positions
from routing.explain.timing import Scratch, lay_legs, time_legs
from routing.problem import Problem
from routing.solution import Route, Solution


def why_in(
    solution: Solution,
    arrays: ProblemArrays,
    plan: PlanArrays,
    removals: Removals,
    scratch: Scratch,
) -> tuple[WhyIn, ...]:
    """One answer per visit, in order of visit; `removals` are those of `plan`."""
    clients = solution.problem.clients
    prizes_cents = sorted(client.prize_cents for client in clients)
    slacks_s = [
        slack_s
        for shift_index, route in enumerate(solution.routes)
        for slack_s in leaving_slacks_s(solution.problem, arrays, shift_index, route, scratch)
    ]
    answers = []
    shifts = shift_of_positions(plan).tolist()
    for position, (client_index, shift) in enumerate(zip(solution.visited, shifts, strict=True)):
        client = clients[client_index]
        change_cents = int(removals.change_cents[position])
        may_go = change_cents != IMPOSSIBLE
        saved_s = int(plan.travel_s[shift] - removals.travel_s[position])
        answers.append(
            WhyIn(
                client_index=client_index,
                added_travel_s=saved_s if may_go else None,
                added_cost_cents=change_cents + client.prize_in_cents(shift) if may_go else None,
                net_cents=-change_cents if may_go else None,
                rank=len(prizes_cents) - bisect_right(prizes_cents, client.prize_cents) + 1,
                slack_s=slacks_s[position],
            )
        )
    return tuple(answers)


def leaving_slacks_s(
    problem: Problem, arrays: ProblemArrays, shift_index: int, route: Route, scratch: Scratch
) -> list[int]:
    """
    How much later one may leave each visit without harm to the shift, in order of visit.

    Breaks not had by then may be taken anywhere on the rest of the way.
    """
    shift = problem.shifts[shift_index]
    sequence = np.array([visit.client_index for visit in route.visits], dtype=np.int64)
    slacks_s = []
    for position, visit in enumerate(route.visits):
        here = problem.clients[visit.client_index].location_index
        rest = sequence[position + 1 :]
        lay_legs(arrays, here, route.end_location, rest, scratch)
        _, _, latest_s = time_legs(
            arrays,
            shift_index,
            visit.departure_s,
            shift.end_s,
            _breaks_had(problem, shift_index, route, position),
            rest,
            True,
            scratch,
        )
        slacks_s.append(latest_s - visit.departure_s)
    return slacks_s


def _breaks_had(problem: Problem, shift_index: int, route: Route, position: int) -> int:
    """How many breaks of a shift are over when leaving a visit: at home, or on the way to it."""
    leg = {one.break_index: one.leg for one in route.breaks}
    had = 0
    for index, one in enumerate(problem.shifts[shift_index].breaks):
        if index in leg:
            is_had = leg[index] <= position
        else:
            is_had = route.departure_s >= one.early_s + one.duration_s
        if not is_had:
            break
        had += 1
    return had
