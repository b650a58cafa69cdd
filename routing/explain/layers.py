"""
Why the clients of a plan are in it and the others are not.

Three layers, each exact: alone (can any trip of the request visit the client?), insertion (does it
fit in a gap of the plan, and does it pay?) and exchange (does it fit if one visit goes?). What
turns out better than the plan is applied, so the reasons given are ones the plan cannot answer.
"""

import numpy as np

from routing.explain.alone import find_excluded
from routing.explain.arrays import PlanArrays, ProblemArrays, plan_arrays, problem_arrays
from routing.explain.explanation import Explanation
from routing.explain.moves import (
    IMPOSSIBLE,
    INSERT,
    REPLACE_OPTIONAL,
    Insertions,
    Removals,
    find_insertions,
    find_removals,
)
from routing.explain.room import RequiredRoom
from routing.explain.why_in import why_in
from routing.explain.why_out import why_out
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Route, Solution


def explain(problem: Problem, solution: Solution) -> Explanation:
    """
    Explain a feasible solution, and improve it where explaining shows how.

    A plan is better when it visits more required clients or, with as many, is worth more. The plan
    that is returned cannot be improved by removing an optional visit, inserting a client or doing
    both at once, nor by dropping optional visits for a required client. Same input, same answer.

    O(clients left out x visits x gaps of one shift x visits of it) for each improvement.
    """
    arrays = problem_arrays(problem)
    excluded = find_excluded(problem, arrays, np.array(solution.unassigned, dtype=np.int64))
    improved = False
    while True:
        plan = plan_arrays(solution)
        candidates = [client for client in solution.unassigned if client not in excluded]
        removals = find_removals(arrays, plan)
        found = find_insertions(arrays, plan, np.array(candidates, dtype=np.int64), removals)
        better = (
            _best_removal(solution, arrays, plan, removals)
            or _best_insertion(solution, arrays, plan, candidates, found, INSERT)
            or _best_insertion(solution, arrays, plan, candidates, found, REPLACE_OPTIONAL)
            or _room_for_required(solution, arrays, candidates)
        )
        if better is None:
            break
        solution, improved = better, True
    return Explanation(
        solution,
        why_in(solution, plan, removals),
        why_out(solution, arrays, plan, excluded, candidates, found),
        improved,
    )


def _best_removal(
    solution: Solution, arrays: ProblemArrays, plan: PlanArrays, removals: Removals
) -> Solution | None:
    """The solution without the optional visit that costs most above its prize, if one does."""
    gain_cents = np.where(arrays.required[plan.sequence], 0, removals.change_cents)
    if not (gain_cents > 0).any():
        return None
    return _with_move(solution, plan, int(gain_cents.argmax()))


def _best_insertion(
    solution: Solution,
    arrays: ProblemArrays,
    plan: PlanArrays,
    candidates: list[int],
    found: Insertions,
    kind: int,
) -> Solution | None:
    """The solution after the best move of a kind, if one improves it; required clients first."""
    change_cents = found.change_cents[kind]
    for is_better in (
        arrays.required[candidates] & (change_cents != IMPOSSIBLE),
        change_cents > 0,
    ):
        if is_better.any():
            number = int(np.where(is_better, change_cents, IMPOSSIBLE).argmax())
            return _with_move(
                solution,
                plan,
                int(found.removed[kind, number]),
                candidates[number],
                int(found.shift[kind, number]),
                int(found.gap[kind, number]),
            )
    return None


def _room_for_required(
    solution: Solution, arrays: ProblemArrays, candidates: list[int]
) -> Solution | None:
    """The solution after dropping all optional visits for a required one, if that lets it in."""
    missing = [client for client in candidates if arrays.required[client]]
    if not missing:
        return None
    room = RequiredRoom(solution.problem, arrays)
    plans = (room.plan_with(solution, client) for client in missing)
    return next((plan for plan in plans if plan is not None), None)


def _with_move(
    solution: Solution,
    plan: PlanArrays,
    removed: int,
    client: int = -1,
    shift: int = -1,
    gap: int = -1,
) -> Solution:
    """The solution without the visit at position `removed` (-1: none), with a client in a gap."""
    routes: list[Route] = []
    for k, route in enumerate(solution.routes):
        first, last = int(plan.offset[k]), int(plan.offset[k + 1])
        sequence = list(solution.visited[first:last])
        if first <= removed < last:
            del sequence[removed - first]
        if k == shift:
            sequence.insert(gap, client)
        if tuple(sequence) != solution.visited[first:last]:
            changed = schedule_route(
                solution.problem, k, route.start_location, sequence, route.end_location
            )
            assert changed is not None  # the scan found that it fits
            route = changed
        routes.append(route)
    return Solution(solution.problem, tuple(routes))
