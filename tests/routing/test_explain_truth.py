"""Reasons against all plans of small random problems: no plan may refute what is claimed."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings

from routing import referee
from routing.explain import explain
from routing.explain.arrays import rank
from routing.problem import Break, Problem, Shift
from routing.reasons import Certainty, FixKind, Reason, ReasonCode, Scope
from routing.schedule import schedule_route
from routing.solution import Route, Solution
from tests.routing.explain_cases import (
    DAY_S,
    Case,
    Sequences,
    all_plans,
    any_cases,
    fixed,
    insertions,
    room_s,
    sequences_of,
    stretched,
    with_sequences,
    without,
)

LIMITS = {
    ReasonCode.MAX_VISITS_REACHED,
    ReasonCode.EXCEEDS_MAX_DETOUR,
    ReasonCode.EXCEEDS_DRIVE_LIMIT,
    ReasonCode.EXCEEDS_DISTANCE_LIMIT,
}
CONFLICTS = {ReasonCode.CONFLICTS_WITH_REQUIRED, ReasonCode.CONFLICTS_WITH_APPOINTMENT}


@given(any_cases)
def test_every_client_is_explained_once_and_the_plan_gets_no_worse(case: Case) -> None:
    explanation = case.explanation
    referee.check(case.problem, explanation.solution)
    assert tuple(why.client_index for why in explanation.visits) == explanation.solution.visited
    left_out = tuple(why.client_index for why in explanation.left_out)
    assert left_out == tuple(
        i for i in explanation.solution.unassigned if not is_made(explanation.solution, i)
    )
    assert all(why.reasons for why in explanation.left_out)
    if explanation.improved:
        assert explanation.solution.quality > case.given.quality
    else:
        assert explanation.solution is case.given


@given(any_cases)
def test_no_plan_visits_a_client_that_is_excluded_on_any_trip(case: Case) -> None:
    visited = {client for plan in case.plans for client in plan.visited}
    for client, reason in case.reasons:
        if reason.scope is Scope.VISIT:
            assert client not in visited


@settings(suppress_health_check=[HealthCheck.filter_too_much])  # most maps have short cuts
@given(any_cases)
def test_where_detours_cost_time_whoever_no_plan_visits_is_excluded(case: Case) -> None:
    assume(case.is_metric)
    visited = {client for plan in case.plans for client in plan.visited}
    for client, reason in case.reasons:
        if client not in visited:
            assert reason.scope is Scope.VISIT


@given(any_cases)
def test_a_code_about_a_visit_holds_without_the_limits_it_does_not_name(case: Case) -> None:
    problem = case.problem
    for client, reason in case.reasons:
        if reason.scope is not Scope.VISIT:
            continue
        if reason.value is not None and reason.limit is not None:
            assert reason.value > reason.limit
        if reason.code in LIMITS:
            continue
        lifted = lift_limits(problem)
        if reason.code in (ReasonCode.UNREACHABLE_BY_ROAD, ReasonCode.EXCEEDS_WORKING_TIME):
            open_clients = [replace(c, time_windows=()) for c in problem.clients]
            lifted = replace(lifted, clients=tuple(open_clients))
        if reason.code is ReasonCode.UNREACHABLE_BY_ROAD:
            lifted = replace(
                lifted,
                shifts=tuple(replace(s, end_s=s.start_s + DAY_S, breaks=()) for s in lifted.shifts),
                max_nights=None,
                max_nights_in_a_row=None,
            )
        assert all(client not in plan.visited for plan in all_plans(lifted))
        if reason.code is ReasonCode.CLOSED_DURING_TRIP:
            assert not any(
                window.early_s <= shift.end_s and shift.start_s <= window.late_s
                for window in problem.clients[client].time_windows
                for shift in problem.shifts
            )


@given(any_cases)
def test_no_single_change_makes_the_returned_plan_better(case: Case) -> None:
    solution = case.explanation.solution
    sequences = sequences_of(solution)
    smaller = [without(sequences, i) for i in solution.visited]
    changed = [with_sequences(solution, fewer) for fewer in smaller]
    for client in solution.unassigned:
        changed += insertions(solution, sequences, client)
        for fewer in smaller:
            changed += insertions(solution, fewer, client)
    assert all(plan.quality <= solution.quality for plan in changed if plan is not None)


@given(any_cases)
def test_reasons_about_the_route_are_true_of_it(case: Case) -> None:
    solution, clients = case.explanation.solution, case.problem.clients
    sequences = sequences_of(solution)
    shift_of = {i: k for k, sequence in enumerate(sequences) for i in sequence}
    for client, reason in case.reasons:
        if reason.scope is not Scope.ROUTE:
            continue
        assert reason.certainty is Certainty.PROVED
        fitting = list(insertions(solution, sequences, client))
        in_place_of = {
            i: list(insertions(solution, without(sequences, i), client)) for i in solution.visited
        }
        if reason.code is ReasonCode.VALUE_BELOW_COST:
            assert reason.value is not None
            assert reason.limit is not None
            assert reason.shift_index is not None
            best_cents = max(plan.value_cents for plan in fitting)
            assert best_cents - solution.value_cents == reason.limit - reason.value <= 0
            assert reason.limit == clients[client].prize_in_cents(reason.shift_index)
            continue
        assert not fitting
        if reason.code is ReasonCode.DISPLACED_BY_HIGHER_VALUE:
            assert reason.value is not None
            assert reason.limit is not None
            (blocking,) = reason.blocking
            assert not clients[blocking].required
            best_cents = max(plan.value_cents for plan in in_place_of[blocking])
            assert best_cents - solution.value_cents == reason.value - reason.limit <= 0
            assert reason.limit == clients[blocking].prize_in_cents(shift_of[blocking])
            continue
        if reason.code in LIMITS:
            assert reason.value is not None
            assert reason.limit is not None
            assert reason.value > reason.limit
            lifted = Solution(lift_limits(case.problem, visits=True), solution.routes)
            assert any(insertions(lifted, sequences, client))
        if reason.code is not ReasonCode.MAX_VISITS_REACHED:
            # Whom it could replace is told before, or besides where a shift is full.
            lower = [i for i in in_place_of if rank(clients[i]) < rank(clients[client])]
            same = (
                []
                if clients[client].required
                else [i for i in in_place_of if rank(clients[i]) == 0]
            )
            assert not any(in_place_of[i] for i in (*lower, *same))
        if reason.code in CONFLICTS:
            assert set(reason.blocking) <= set(solution.visited)
            assert all(rank(clients[i]) >= max(rank(clients[client]), 1) for i in reason.blocking)
            are_appointments = all(clients[i].precedence > 0 for i in reason.blocking)
            assert are_appointments == (reason.code is ReasonCode.CONFLICTS_WITH_APPOINTMENT)
            if not clients[client].required:
                (blocking,) = reason.blocking
                assert in_place_of[blocking]
            continue
        if not clients[client].required and reason.code is not ReasonCode.MAX_VISITS_REACHED:
            assert not any(in_place_of.values())
        assert reason.code in LIMITS | {ReasonCode.NO_TIME_LEFT}
        if reason.code is ReasonCode.NO_TIME_LEFT:
            lifted = Solution(lift_limits(case.problem, visits=True), solution.routes)
            assert not any(insertions(lifted, sequences, client))


@given(any_cases)
def test_only_visits_that_come_first_keep_a_required_client_out(case: Case) -> None:
    """Of the plans with those visits in the shifts and order they have, at any nights."""
    clients = case.problem.clients
    solution = case.explanation.solution
    known = {sequences_of(plan) for plan in case.plans}

    def fits(sequences: Sequences, client: int) -> bool:
        return any(
            (*sequences[:k], (*sequence[:gap], client, *sequence[gap:]), *sequences[k + 1 :])
            in known
            for k, sequence in enumerate(sequences)
            for gap in range(len(sequence) + 1)
        )

    for client, reason in case.reasons:
        if clients[client].required and reason.scope is Scope.ROUTE:
            lower = [i for i in solution.visited if rank(clients[i]) < rank(clients[client])]
            staying = without(sequences_of(solution), *lower)
            assert not fits(staying, client)
            if reason.code in CONFLICTS:
                assert fits(without(staying, *reason.blocking), client)
            else:
                # Nothing but a matrix that rewards detours leaves no required visit to blame.
                assert not case.is_metric


@given(any_cases)
def test_a_longer_shift_or_limit_as_advised_lets_the_client_in(case: Case) -> None:
    solution = case.explanation.solution
    for client, reason in case.reasons:
        if reason.fix is None or reason.scope is not Scope.ROUTE:
            continue
        if reason.fix.kind in (FixKind.DROP_CLIENTS, FixKind.REQUIRE):
            continue
        changed = fixed(solution, reason)
        plans = list(insertions(changed, sequences_of(solution), client))
        assert plans
        if not case.problem.clients[client].required:
            assert max(plan.value_cents for plan in plans) > solution.value_cents


@given(any_cases)
def test_a_longer_shift_or_limit_as_advised_makes_the_visit_possible(case: Case) -> None:
    """For clients that no trip can visit: some trip can then, and none with a minute less."""
    for client, reason in case.reasons:
        if reason.fix is None or reason.scope is not Scope.VISIT:
            continue
        changed = fixed(case.given, reason)
        assert any(client in plan.visited for plan in all_plans(changed.problem))
        if case.is_metric:
            for weaker in nearly_fixed(case.given, reason):
                assert not any(client in plan.visited for plan in all_plans(weaker.problem))


@given(any_cases)
def test_what_is_missing_is_the_least_that_would_do(case: Case) -> None:
    solution = case.explanation.solution
    sequences = sequences_of(solution)
    for client, reason in case.reasons:
        if reason.code is not ReasonCode.NO_TIME_LEFT or reason.value is None:
            continue
        assert reason.shift_index is not None
        enough, too_little = (
            [
                stretched(solution, k, side, min(missing_s, room_s(case.problem, k, side)))
                for k in range(len(solution.routes))
                for side in (FixKind.START_EARLIER, FixKind.END_LATER)
            ]
            for missing_s in (reason.value, reason.value - 1)
        )
        assert any(list(insertions(plan, sequences, client)) for plan in enough)
        assert not any(list(insertions(plan, sequences, client)) for plan in too_little)


@given(any_cases)
def test_a_visit_is_worth_what_the_plan_loses_without_it(case: Case) -> None:
    solution = case.explanation.solution
    sequences = sequences_of(solution)
    prizes = [client.prize_cents for client in case.problem.clients]
    prize_cents = {
        i: case.problem.clients[i].prize_in_cents(k)
        for k, sequence in enumerate(sequences)
        for i in sequence
    }
    for why in case.explanation.visits:
        shorter = with_sequences(solution, without(sequences, why.client_index))
        assert (shorter is None) == (why.net_cents is None)
        if shorter is not None and why.added_cost_cents is not None:
            assert why.net_cents == solution.value_cents - shorter.value_cents
            assert why.net_cents == prize_cents[why.client_index] - why.added_cost_cents
            assert why.added_travel_s == solution.travel_s - shorter.travel_s
        assert why.rank == 1 + sum(prize > prizes[why.client_index] for prize in prizes)


@given(any_cases)
def test_the_slack_is_used_up_exactly(case: Case) -> None:
    slacks = {why.client_index: why.slack_s for why in case.explanation.visits}
    for k, route in enumerate(case.explanation.solution.routes):
        for position, visit in enumerate(route.visits):
            leave_s = visit.departure_s + slacks[visit.client_index]
            assert slacks[visit.client_index] >= 0
            assert can_finish(case.problem, k, route, position, leave_s)
            assert not can_finish(case.problem, k, route, position, leave_s + 1)


@settings(max_examples=30)
@given(any_cases)
def test_same_problem_and_plan_same_answer(case: Case) -> None:
    assert explain(case.problem, case.given) == case.explanation


def can_finish(problem: Problem, shift: int, route: Route, position: int, time_s: int) -> bool:
    """Whether the rest of a route can be made after leaving a visit at a time."""
    here = problem.clients[route.visits[position].client_index].location_index
    rest = [visit.client_index for visit in route.visits[position + 1 :]]
    if not rest and here == route.end_location:
        return time_s <= problem.shifts[shift].end_s
    taken = {one.break_index: one for one in route.breaks}
    breaks: list[Break] = []
    for index, one in enumerate(problem.shifts[shift].breaks):
        if index in taken:
            is_had = taken[index].leg <= position
        else:
            is_had = route.departure_s >= one.early_s + one.duration_s
        if is_had and not breaks:
            continue
        if one.late_s < time_s:
            return False
        breaks.append(replace(one, early_s=max(one.early_s, time_s)))
    # A break of the rest may not begin before another ends: what is later already stays so.
    for k in range(1, len(breaks)):
        after_s = breaks[k - 1].early_s + breaks[k - 1].duration_s
        if breaks[k].late_s < after_s:
            return False
        breaks[k] = replace(breaks[k], early_s=max(breaks[k].early_s, after_s))
    end_s = problem.shifts[shift].end_s
    # No shift is empty; one that is over only now has time for a way that takes none.
    last_s = end_s + 1 if time_s == end_s else end_s
    if time_s > end_s:
        return False
    of_rest = Shift(time_s, last_s, here, route.end_location, tuple(breaks))
    clients = tuple(replace(client, shift_prizes_cents=()) for client in problem.clients)
    changed = replace(problem, clients=clients, shifts=(of_rest,))
    found = schedule_route(changed, 0, here, rest, route.end_location)
    return found is not None and found.arrival_s <= end_s


def lift_limits(problem: Problem, visits: bool = False) -> Problem:
    """The problem without limits on driving and distance, and on visits where asked for."""
    shifts = [replace(s, max_travel_s=None, max_distance_m=None) for s in problem.shifts]
    if visits:
        shifts = [replace(s, max_visits=None) for s in shifts]
    return replace(problem, shifts=tuple(shifts), max_travel_s=None)


def is_made(solution: Solution, client: int) -> bool:
    """Whether an alternative to a client is visited that is not to be dropped for it."""
    clients = solution.problem.clients
    return clients[client].group is not None and any(
        clients[i].group == clients[client].group and rank(clients[i]) >= rank(clients[client])
        for i in solution.visited
    )


def nearly_fixed(solution: Solution, reason: Reason) -> Iterator[Solution]:
    """The problem changed by a minute less, in each way the advice might have been."""
    fix = reason.fix
    assert fix is not None
    assert fix.amount_s is not None
    if fix.kind is FixKind.RAISE_TRAVEL_LIMIT:
        yield fixed(solution, reason, less_s=60)
        return
    for k in range(len(solution.routes)):
        for side in (FixKind.START_EARLIER, FixKind.END_LATER):
            yield stretched(solution, k, side, fix.amount_s - 60)
