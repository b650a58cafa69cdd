"""Why each client left out is not in the plan that was returned."""

import numpy as np

from routing.explain.alone import allowed
from routing.explain.arrays import NO_LIMIT, PlanArrays, ProblemArrays, rank
from routing.explain.break_changes import find_break_changes, with_own_breaks
from routing.explain.explanation import WhyOut
from routing.explain.fixes import least_time_fix, raise_limit
from routing.explain.limits import Limit, limit_reason
from routing.explain.moves import (
    IMPOSSIBLE,
    INSERT,
    REPLACE_EQUAL,
    REPLACE_HIGHER,
    Insertions,
)
from routing.explain.room import RequiredRoom
from routing.explain.shortfalls import find_shortfalls, room_around_shifts
from routing.explain.timing import Scratch
from routing.problem import Problem
from routing.reasons import Certainty, Fix, FixKind, Reason, ReasonCode, Scope, Unit
from routing.solution import Solution


def why_out(
    solution: Solution,
    arrays: ProblemArrays,
    plan: PlanArrays,
    excluded: dict[int, Reason],
    candidates: list[int],
    found: Insertions,
    scratch: Scratch,
) -> tuple[WhyOut, ...]:
    """
    One answer per client left out whose visit is not made by an alternative, ascending.

    Parameters
    ----------
    solution, arrays, plan
        A plan that no single removal, insertion or exchange improves, and its arrays.
    excluded
        Reasons of clients that no trip can visit.
    candidates, found
        The other clients left out, and the best moves that bring each in.
    """
    problem = solution.problem
    made = made_by_alternatives(solution)
    reasons = dict(excluded)
    not_fitting = []
    for number, client in enumerate(candidates):
        if client in made:
            continue
        if found.change_cents[INSERT, number] != IMPOSSIBLE:
            reasons[client] = _too_dear(problem, found, number, client)
            continue
        not_fitting.append(client)
        reason = None
        if arrays.rank[client] > 0:
            reason = _conflict(RequiredRoom(problem, arrays, scratch), solution, client)
        else:
            reason = _reason_by_exchange(problem, plan, found, number)
        if reason is not None:
            reasons[client] = reason
    open_clients = [client for client in not_fitting if client not in reasons]
    # Where only a limit on visits keeps a client out, that is told before whom it could replace.
    has_full_shifts = bool((arrays.shift_max_visits < NO_LIMIT).any())
    missing = missing_reasons(
        solution, arrays, plan, not_fitting if has_full_shifts else open_clients, scratch
    )
    answers = []
    for client in solution.unassigned:
        if client in made:
            continue
        told = [reasons[client]] if client in reasons else []
        if client in missing:
            is_full = missing[client].code is ReasonCode.MAX_VISITS_REACHED
            if is_full or not told:
                told.insert(0, missing[client])
        answers.append(WhyOut(client, tuple(told)))
    return tuple(answers)


def made_by_alternatives(solution: Solution) -> frozenset[int]:
    """Clients left out of whose group one is visited that may not be dropped for them."""
    clients = solution.problem.clients
    visited_rank = {clients[i].group: rank(clients[i]) for i in solution.visited}
    return frozenset(
        index
        for index in solution.unassigned
        if clients[index].group is not None
        and visited_rank.get(clients[index].group, -1) >= rank(clients[index])
    )


def _in_route(
    code: ReasonCode,
    shift_index: int | None,
    value: int | None = None,
    limit: int | None = None,
    unit: Unit | None = None,
    blocking: tuple[int, ...] = (),
    fix: Fix | None = None,
) -> Reason:
    if blocking:
        fix = Fix(FixKind.DROP_CLIENTS, client_indices=blocking)
    return Reason(
        code, Certainty.PROVED, Scope.ROUTE, shift_index, value, limit, unit, blocking, fix
    )


def _too_dear(problem: Problem, found: Insertions, number: int, client: int) -> Reason:
    """The reason of a client that fits as it is."""
    shift = int(found.shift[INSERT, number])
    prize_cents = problem.clients[client].prize_in_cents(shift)
    return _in_route(
        ReasonCode.VALUE_BELOW_COST,
        shift,
        prize_cents - int(found.change_cents[INSERT, number]),
        prize_cents,
        Unit.CENTS,
        fix=Fix(FixKind.REQUIRE),
    )


def _reason_by_exchange(
    problem: Problem, plan: PlanArrays, found: Insertions, number: int
) -> Reason | None:
    """The reason of an optional client that fits in place of one visit."""
    change_cents = int(found.change_cents[REPLACE_EQUAL, number])
    if change_cents != IMPOSSIBLE:
        position = int(found.removed[REPLACE_EQUAL, number])
        removed = int(plan.sequence[position])
        home = int(np.searchsorted(plan.offset, position, side="right")) - 1
        lost_cents = problem.clients[removed].prize_in_cents(home)
        return _in_route(
            ReasonCode.DISPLACED_BY_HIGHER_VALUE,
            int(found.shift[REPLACE_EQUAL, number]),
            change_cents + lost_cents,
            lost_cents,
            Unit.CENTS,
            blocking=(removed,),
        )
    if found.change_cents[REPLACE_HIGHER, number] != IMPOSSIBLE:
        removed = int(plan.sequence[found.removed[REPLACE_HIGHER, number]])
        return _in_route(
            _conflict_code(problem, (removed,)),
            int(found.shift[REPLACE_HIGHER, number]),
            blocking=(removed,),
        )
    return None


def _conflict(room: RequiredRoom, solution: Solution, client: int) -> Reason | None:
    """The reason of a required client that visits of its rank and above leave no room."""
    blocking = room.blocking(solution, client)
    if not blocking:
        return None
    return _in_route(_conflict_code(solution.problem, blocking), None, blocking=blocking)


def _conflict_code(problem: Problem, blocking: tuple[int, ...]) -> ReasonCode:
    """Appointments are required too, so a mixture of both is told as required visits."""
    if all(problem.clients[index].precedence > 0 for index in blocking):
        return ReasonCode.CONFLICTS_WITH_APPOINTMENT
    return ReasonCode.CONFLICTS_WITH_REQUIRED


def missing_reasons(
    solution: Solution,
    arrays: ProblemArrays,
    plan: PlanArrays,
    clients: list[int],
    scratch: Scratch,
) -> dict[int, Reason]:
    """What clients that fit in no gap miss in the one where they come closest."""
    numbers = np.array(clients, dtype=np.int64)
    found = find_shortfalls(arrays, plan, numbers, *room_around_shifts(arrays), scratch)
    changes = find_break_changes(with_own_breaks(arrays), plan, numbers, scratch)
    reasons = {}
    for number, client in enumerate(clients):
        if found.limit[number] >= 0:
            limit = Limit(int(found.limit[number]))
            shift = int(found.limit_shift[number])
            most = allowed(solution.problem, arrays, limit, shift)
            reasons[client] = limit_reason(
                limit,
                Scope.ROUTE,
                shift,
                most + int(found.excess[number]),
                most,
                raise_limit(found, limit, number) if found.limit_count[number] == 1 else None,
            )
            continue
        is_near = found.time_s[number] < NO_LIMIT
        reasons[client] = _in_route(
            ReasonCode.NO_TIME_LEFT,
            int(found.time_shift[number]) if is_near else None,
            int(found.time_s[number]) if is_near else None,
            unit=Unit.SECONDS if is_near else None,
            fix=least_time_fix(found, changes, number),
        )
    return reasons
