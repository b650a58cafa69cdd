"""
Why the clients of a plan are in it and the others are not.

Three layers, each exact: alone (can any trip of the request visit the client?), insertion (does it
fit in a gap of the plan, and does it pay?) and exchange (does it fit if one visit goes?). What
turns out better than the plan is applied, so the reasons given are ones the plan cannot answer.
"""

import numpy as np

from routing.explain.alone import find_excluded
from routing.explain.arrays import PlanArrays, ProblemArrays, plan_arrays, problem_arrays
from routing.explain.changed import with_move
from routing.explain.explanation import Explanation
from routing.explain.moves import (
    IMPOSSIBLE,
    INSERT,
    REPLACE_EQUAL,
    REPLACE_LOWER,
    Insertions,
    Removals,
    find_insertions,
    find_removals,
)
from routing.explain.room import RequiredRoom
from routing.explain.timing import Scratch, new_scratch
from routing.explain.why_in import why_in
from routing.explain.why_out import made_by_alternatives, why_out
from routing.problem import Problem
from routing.solution import Solution


def explain(problem: Problem, solution: Solution) -> Explanation:
    """
    Explain a feasible solution, and improve it where explaining shows how.

    A plan is better by `Solution.quality`. The plan that is returned cannot be improved by removing
    a visit, inserting a client or doing both at once, nor by dropping all visits of lower rank for
    a required client. Same input, same answer.

    O(clients left out x visits x gaps of one shift x visits of it) for each improvement.
    """
    arrays = problem_arrays(problem)
    scratch = new_scratch(arrays)
    left_out = np.array(solution.unassigned, dtype=np.int64)
    excluded = find_excluded(problem, arrays, left_out, scratch)
    improved = False
    while True:
        plan = plan_arrays(solution)
        candidates = [client for client in solution.unassigned if client not in excluded]
        numbers = np.array(candidates, dtype=np.int64)
        removals = find_removals(arrays, plan, scratch)
        found = find_insertions(arrays, plan, numbers, removals, scratch)
        better = (
            _best_removal(solution, arrays, plan, removals)
            or _best_insertion(solution, arrays, plan, candidates, found, INSERT)
            or _best_insertion(solution, arrays, plan, candidates, found, REPLACE_LOWER)
            or _best_insertion(solution, arrays, plan, candidates, found, REPLACE_EQUAL)
            or _room_for_required(solution, arrays, candidates, scratch)
        )
        if better is None:
            break
        solution, improved = better, True
    return Explanation(
        solution,
        why_in(solution, arrays, plan, removals, scratch),
        why_out(solution, arrays, plan, excluded, candidates, found, scratch),
        improved,
    )


def _best_removal(
    solution: Solution, arrays: ProblemArrays, plan: PlanArrays, removals: Removals
) -> Solution | None:
    """The solution without the optional visit that costs most above its prize, if one does."""
    gain_cents = np.where(arrays.rank[plan.sequence] > 0, 0, removals.change_cents)
    if not (gain_cents > 0).any():
        return None
    return with_move(solution, int(gain_cents.argmax()))


def _best_insertion(
    solution: Solution,
    arrays: ProblemArrays,
    plan: PlanArrays,
    candidates: list[int],
    found: Insertions,
    kind: int,
) -> Solution | None:
    """The solution after the best move of a kind, if one improves it; those of high rank first."""
    change_cents = found.change_cents[kind]
    is_better = change_cents > 0
    if kind != REPLACE_EQUAL:
        # One more of them is visited, or one in place of what matters less.
        is_better |= (arrays.rank[candidates] > 0) & (change_cents != IMPOSSIBLE)
    if not is_better.any():
        return None
    rank = np.where(is_better, arrays.rank[candidates], -1)
    number = int(np.where(rank == rank.max(), change_cents, IMPOSSIBLE - 1).argmax())
    return with_move(
        solution,
        int(found.removed[kind, number]),
        candidates[number],
        int(found.shift[kind, number]),
        int(found.gap[kind, number]),
    )


def _room_for_required(
    solution: Solution, arrays: ProblemArrays, candidates: list[int], scratch: Scratch
) -> Solution | None:
    """The solution after dropping all visits of lower rank for a client, if that lets it in."""
    made = made_by_alternatives(solution)
    missing = [i for i in candidates if arrays.rank[i] > 0 and i not in made]
    if not missing:
        return None
    room = RequiredRoom(solution.problem, arrays, scratch)
    missing.sort(key=lambda client: (-arrays.rank[client], client))
    plans = (room.plan_with(solution, client) for client in missing)
    return next((plan for plan in plans if plan is not None), None)
