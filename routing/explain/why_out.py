"""Why each client left out is not in the plan that was returned."""

import numpy as np

from routing.explain.alone import FIX_KINDS, direct_travel_s
from routing.explain.arrays import NO_LIMIT, PlanArrays, ProblemArrays
from routing.explain.explanation import WhyOut
from routing.explain.moves import (
    IMPOSSIBLE,
    INSERT,
    REPLACE_OPTIONAL,
    REPLACE_REQUIRED,
    Insertions,
)
from routing.explain.room import RequiredRoom
from routing.explain.shortfalls import Shortfalls, find_shortfalls, room_around_shifts
from routing.reasons import Certainty, Fix, FixKind, Reason, ReasonCode, Scope, Unit
from routing.solution import Solution


def why_out(
    solution: Solution,
    arrays: ProblemArrays,
    plan: PlanArrays,
    excluded: dict[int, Reason],
    candidates: list[int],
    found: Insertions,
) -> tuple[WhyOut, ...]:
    """
    One answer per client left out, ascending.

    Parameters
    ----------
    solution, arrays, plan
        A plan that no single removal, insertion or exchange improves, and its arrays.
    excluded
        Reasons of clients that no trip can visit.
    candidates, found
        The other clients left out, and the best moves that bring each in.
    """
    reasons = dict(excluded)
    open_clients = []
    for number, client in enumerate(candidates):
        reason = _reason_by_move(solution, plan, found, number, client)
        if reason is None and arrays.required[client]:
            reason = _conflict(RequiredRoom(solution.problem, arrays), solution, client)
        elif reason is None and found.change_cents[REPLACE_REQUIRED, number] != IMPOSSIBLE:
            removed = int(plan.sequence[found.removed[REPLACE_REQUIRED, number]])
            shift = int(found.shift[REPLACE_REQUIRED, number])
            reason = _in_route(ReasonCode.CONFLICTS_WITH_REQUIRED, shift, blocking=(removed,))
        if reason is None:
            open_clients.append(client)
        else:
            reasons[client] = reason
    reasons.update(_shortfall_reasons(solution, arrays, plan, open_clients))
    return tuple(WhyOut(client, (reasons[client],)) for client in solution.unassigned)


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


def _reason_by_move(
    solution: Solution, plan: PlanArrays, found: Insertions, number: int, client: int
) -> Reason | None:
    """The reason of a client that fits as it is, or in place of an optional visit."""
    clients = solution.problem.clients
    change_cents = int(found.change_cents[INSERT, number])
    if change_cents != IMPOSSIBLE:
        prize_cents = clients[client].prize_cents
        return _in_route(
            ReasonCode.VALUE_BELOW_COST,
            int(found.shift[INSERT, number]),
            prize_cents - change_cents,
            prize_cents,
            Unit.CENTS,
            fix=Fix(FixKind.REQUIRE),
        )
    change_cents = int(found.change_cents[REPLACE_OPTIONAL, number])
    if change_cents != IMPOSSIBLE:
        removed = int(plan.sequence[found.removed[REPLACE_OPTIONAL, number]])
        lost_cents = clients[removed].prize_cents
        return _in_route(
            ReasonCode.DISPLACED_BY_HIGHER_VALUE,
            int(found.shift[REPLACE_OPTIONAL, number]),
            change_cents + lost_cents,
            lost_cents,
            Unit.CENTS,
            blocking=(removed,),
        )
    return None


def _conflict(room: RequiredRoom, solution: Solution, client: int) -> Reason | None:
    blocking = room.blocking(solution, client)
    if not blocking:
        return None
    return _in_route(ReasonCode.CONFLICTS_WITH_REQUIRED, None, blocking=blocking)


def _shortfall_reasons(
    solution: Solution, arrays: ProblemArrays, plan: PlanArrays, clients: list[int]
) -> dict[int, Reason]:
    """Reasons of clients for which nothing single makes room."""
    found = find_shortfalls(
        arrays, plan, np.array(clients, dtype=np.int64), *room_around_shifts(arrays)
    )
    direct_s = direct_travel_s(solution.problem)
    reasons = {}
    for number, client in enumerate(clients):
        if found.travel_s[number] < NO_LIMIT:
            fix = None
            if found.fix_travel_s[number] < NO_LIMIT:
                fix = Fix(FixKind.RAISE_TRAVEL_LIMIT, int(found.fix_travel_s[number]))
            reasons[client] = _in_route(
                ReasonCode.EXCEEDS_MAX_DETOUR,
                int(found.travel_shift[number]),
                int(found.travel_s[number]) + arrays.max_travel_s - direct_s,
                arrays.max_travel_s - direct_s,
                Unit.SECONDS,
                fix=fix,
            )
        elif found.time_s[number] < NO_LIMIT:
            reasons[client] = _in_route(
                ReasonCode.NO_TIME_LEFT,
                int(found.time_shift[number]),
                int(found.time_s[number]),
                unit=Unit.SECONDS,
                fix=_longer_shift(found, number),
            )
        else:
            reasons[client] = _in_route(ReasonCode.NO_TIME_LEFT, None)
    return reasons


def _longer_shift(found: Shortfalls, number: int) -> Fix | None:
    if found.fix_s[number] >= NO_LIMIT:
        return None
    kind = FIX_KINDS[int(found.fix_side[number])]
    return Fix(kind, int(found.fix_s[number]), int(found.fix_shift[number]))
