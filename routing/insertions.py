"""
Where a visit would fit into a plan: every gap, what it would cost there, and what would move.

The order of the other visits and the nights stay as they are.
"""

from dataclasses import dataclass, replace

import numpy as np

from routing.errors import ClientAlreadyVisitedError
from routing.explain.alone import find_excluded
from routing.explain.arrays import PlanArrays, ProblemArrays, plan_arrays, problem_arrays
from routing.explain.changed import with_move
from routing.explain.moves import IMPOSSIBLE, Trials, find_removals, find_trials
from routing.explain.timing import Scratch, new_scratch
from routing.explain.why_in import leaving_slacks_s
from routing.explain.why_out import missing_reasons
from routing.problem import Client, Problem
from routing.reasons import Reason
from routing.solution import Solution, Visit


@dataclass(frozen=True, slots=True)
class Move:
    """A visit that starts at another time than before, earlier where `later_s` is negative."""

    client_index: int
    later_s: int


@dataclass(frozen=True, slots=True)
class Slot:
    """
    One place for a visit in a plan.

    Parameters
    ----------
    shift_index, gap
        Before the visit at that place of the shift, counted without the displaced one.
    displaced
        The client whose visit leaves for it; None where it fits as it is.
    solution
        The plan with the visit.
    visit
        When it takes place.
    slack_s
        How much later one may leave it before a later visit, a break or the end of the shift fails.
    moved
        Other visits whose start changes, in order of visit.
    added_travel_s, added_worked_s, added_distance_m, added_cost_cents
        What the plan takes more, less what the displaced visit took: driving, hours, metres, and
        what hours, kilometres and nights cost. Negative where it takes less.
    change_cents
        What the value of the plan gains: prizes included.
    """

    shift_index: int
    gap: int
    displaced: int | None
    solution: Solution
    visit: Visit
    slack_s: int
    moved: tuple[Move, ...]
    added_travel_s: int
    added_worked_s: int
    added_distance_m: int
    added_cost_cents: int
    change_cents: int


@dataclass(frozen=True, slots=True)
class Slots:
    """
    The answer to where a client would fit.

    Parameters
    ----------
    client_index
        Into the clients of the slots' problem, which is the one given or has the new client last.
    ranked
        Best `change_cents` first. Every gap in which the client fits as the plan is, and the few
        best ones in place of an optional visit.
    reason
        Where it does not fit as the plan is: what is missing where it comes closest, and the least
        change that lets it in, whether or not it pays. None where it fits.
    """

    client_index: int
    ranked: tuple[Slot, ...]
    reason: Reason | None


def insertions(solution: Solution, client: int | Client, most_displacing: int = 3) -> Slots:
    """
    The slots for one client in a feasible plan.

    Parameters
    ----------
    solution
        The plan; it stays as it is.
    client
        The index of a client that it leaves out, or a new one, whose location is in the matrices.
    most_displacing
        How many slots in place of an optional visit to tell, each for another visit.

    Raises
    ------
    ClientAlreadyVisitedError
        When the plan visits the client.
    InvalidProblemError
        When a new client does not fit the problem.

    O(visits x gaps of one shift x visits of it).
    """
    if isinstance(client, Client):
        clients = (*solution.problem.clients, client)
        solution = Solution(replace(solution.problem, clients=clients), solution.routes)
        client = len(clients) - 1
    elif client in solution.visited:
        raise ClientAlreadyVisitedError(
            f"Client {client} is in the plan already. Take its visit out to see where else it fits."
        )
    problem = solution.problem
    arrays, plan = problem_arrays(problem), plan_arrays(solution)
    scratch = new_scratch(arrays)
    removals = find_removals(arrays, plan, scratch)
    trials = find_trials(arrays, plan, client, removals, scratch)
    places = _as_it_is(trials) + _displacing(problem, plan, client, trials, most_displacing)
    slots = [
        _slot(solution, arrays, plan, client, removed, column, scratch)
        for removed, column in places
    ]
    slots.sort(
        key=lambda slot: (
            -slot.change_cents,
            slot.displaced is not None,
            slot.shift_index,
            slot.gap,
            slot.displaced or 0,
        )
    )
    reason = None
    if all(slot.displaced is not None for slot in slots):
        reason = _reason(solution, arrays, plan, client, scratch)
    return Slots(client, tuple(slots), reason)


def _as_it_is(trials: Trials) -> list[tuple[int, int]]:
    """Position of the removed visit (-1: none) and column of every gap without displacing."""
    return [(-1, int(column)) for column in np.flatnonzero(trials.change_cents[0] != IMPOSSIBLE)]


def _displacing(
    problem: Problem, plan: PlanArrays, client: int, trials: Trials, most: int
) -> list[tuple[int, int]]:
    """The best gap for each visit that may leave, of the few that lose least."""
    group = problem.clients[client].group
    best = []
    for position, visited in enumerate(plan.sequence.tolist()):
        changes = trials.change_cents[1 + position]
        column = int(changes.argmax())
        # An alternative way to make the same visit may be given up, must or not.
        is_alternative = group is not None and problem.clients[visited].group == group
        may_leave = is_alternative or not problem.clients[visited].required
        if may_leave and changes[column] != IMPOSSIBLE:
            best.append((-int(changes[column]), position, column))
    return [(position, column) for _, position, column in sorted(best)[:most]]


def _slot(
    solution: Solution,
    arrays: ProblemArrays,
    plan: PlanArrays,
    client: int,
    removed: int,
    column: int,
    scratch: Scratch,
) -> Slot:
    problem = solution.problem
    # Shift k owns the columns from offset[k] + k on.
    first_columns = plan.offset[:-1] + np.arange(len(solution.routes))
    shift = int(np.searchsorted(first_columns, column, side="right")) - 1
    gap = column - int(first_columns[shift])
    changed = with_move(solution, removed, client, shift, gap)
    route = changed.routes[shift]
    slacks_s = leaving_slacks_s(problem, arrays, shift, route, scratch)
    costs_cents, new_costs_cents = (
        one.prize_cents - one.value_cents for one in (solution, changed)
    )
    return Slot(
        shift,
        gap,
        None if removed < 0 else int(plan.sequence[removed]),
        changed,
        route.visits[gap],
        slacks_s[gap],
        _moved(solution, changed),
        changed.travel_s - solution.travel_s,
        changed.worked_s - solution.worked_s,
        changed.distance_m - solution.distance_m,
        new_costs_cents - costs_cents,
        changed.value_cents - solution.value_cents,
    )


def _moved(solution: Solution, changed: Solution) -> tuple[Move, ...]:
    """Visits of both plans that start at another time."""
    start_s = {v.client_index: v.start_s for route in solution.routes for v in route.visits}
    return tuple(
        Move(visit.client_index, visit.start_s - start_s[visit.client_index])
        for route in changed.routes
        for visit in route.visits
        if start_s.get(visit.client_index, visit.start_s) != visit.start_s
    )


def _reason(
    solution: Solution, arrays: ProblemArrays, plan: PlanArrays, client: int, scratch: Scratch
) -> Reason:
    """What keeps the client out of every gap, as if it had to be visited."""
    excluded = find_excluded(solution.problem, arrays, np.array([client]), scratch)
    if client in excluded:
        return excluded[client]
    ranks = arrays.rank.copy()
    ranks[client] = max(ranks[client], 1)
    must = replace(arrays, rank=ranks)
    return missing_reasons(solution, must, plan, [client], scratch)[client]
