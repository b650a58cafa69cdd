"""Reasons against all plans of small random problems: no plan may refute what is claimed."""

from collections.abc import Iterator
from dataclasses import replace

from hypothesis import assume, given, settings

from routing import referee
from routing.explain import explain
from routing.problem import Problem
from routing.reasons import Certainty, FixKind, Reason, ReasonCode, Scope
from routing.schedule import earliest_start_s
from routing.solution import Route, Solution
from tests.routing.explain_cases import (
    DAY_S,
    Case,
    Sequences,
    all_plans,
    cases,
    insertions,
    sequences_of,
    with_sequences,
    without,
)


def worth(solution: Solution) -> tuple[int, int]:
    return -len(solution.missing_required), solution.value_cents


@given(cases())
def test_every_client_is_explained_once_and_the_plan_gets_no_worse(case: Case) -> None:
    explanation = case.explanation
    referee.check(case.problem, explanation.solution)
    assert tuple(why.client_index for why in explanation.visits) == explanation.solution.visited
    left_out = tuple(why.client_index for why in explanation.left_out)
    assert left_out == explanation.solution.unassigned
    assert all(why.reasons for why in explanation.left_out)
    if explanation.improved:
        assert worth(explanation.solution) > worth(case.given)
    else:
        assert explanation.solution is case.given


@given(cases())
def test_no_plan_visits_a_client_that_is_excluded_on_any_trip(case: Case) -> None:
    visited = {client for plan in case.plans for client in plan.visited}
    for client, reason in case.reasons:
        if reason.scope is Scope.VISIT:
            assert client not in visited


@given(cases())
def test_where_detours_cost_time_whoever_no_plan_visits_is_excluded(case: Case) -> None:
    assume(case.is_metric)
    visited = {client for plan in case.plans for client in plan.visited}
    for client, reason in case.reasons:
        if client not in visited:
            assert reason.scope is Scope.VISIT


@given(cases())
def test_a_code_about_a_visit_holds_without_the_limits_it_does_not_name(case: Case) -> None:
    problem = case.problem
    for client, reason in case.reasons:
        if reason.scope is not Scope.VISIT or reason.code is ReasonCode.EXCEEDS_MAX_DETOUR:
            continue
        lifted = replace(problem, max_travel_s=None)
        if reason.code in (ReasonCode.UNREACHABLE_BY_ROAD, ReasonCode.EXCEEDS_WORKING_TIME):
            open_clients = [replace(c, time_windows=()) for c in problem.clients]
            lifted = replace(lifted, clients=tuple(open_clients))
        if reason.code is ReasonCode.UNREACHABLE_BY_ROAD:
            lifted = replace(
                lifted, shifts=tuple(replace(s, end_s=s.start_s + DAY_S) for s in lifted.shifts)
            )
        assert all(client not in plan.visited for plan in all_plans(lifted))
        if reason.code is ReasonCode.CLOSED_DURING_TRIP:
            assert not any(
                window.early_s <= shift.end_s and shift.start_s <= window.late_s
                for window in problem.clients[client].time_windows
                for shift in problem.shifts
            )
        if reason.value is not None and reason.limit is not None:
            assert reason.value > reason.limit


@given(cases())
def test_no_single_change_makes_the_returned_plan_better(case: Case) -> None:
    solution = case.explanation.solution
    sequences = sequences_of(solution)
    optional = [i for i in solution.visited if not case.problem.clients[i].required]
    smaller = {i: without(sequences, i) for i in optional}
    changed = [with_sequences(solution, fewer) for fewer in smaller.values()]
    for client in solution.unassigned:
        changed += insertions(solution, sequences, client)
        for fewer in smaller.values():
            changed += insertions(solution, fewer, client)
    assert all(worth(plan) <= worth(solution) for plan in changed if plan is not None)


@given(cases())
def test_reasons_about_the_route_are_true_of_it(case: Case) -> None:
    solution = case.explanation.solution
    sequences = sequences_of(solution)
    required = {i for i in solution.visited if case.problem.clients[i].required}
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
            best_cents = max(plan.value_cents for plan in fitting)
            assert best_cents - solution.value_cents == reason.limit - reason.value <= 0
            continue
        assert not fitting
        if reason.code is ReasonCode.DISPLACED_BY_HIGHER_VALUE:
            assert reason.value is not None
            assert reason.limit is not None
            (blocking,) = reason.blocking
            assert blocking not in required
            best_cents = max(plan.value_cents for plan in in_place_of[blocking])
            assert best_cents - solution.value_cents == reason.value - reason.limit <= 0
            assert reason.limit == case.problem.clients[blocking].prize_cents
            continue
        assert not any(in_place_of[i] for i in in_place_of if i not in required)
        if reason.code is ReasonCode.CONFLICTS_WITH_REQUIRED:
            assert set(reason.blocking) <= required
            if not case.problem.clients[client].required:
                (blocking,) = reason.blocking
                assert in_place_of[blocking]
            continue
        if not case.problem.clients[client].required:
            assert not any(in_place_of.values())
        assert reason.code in (ReasonCode.NO_TIME_LEFT, ReasonCode.EXCEEDS_MAX_DETOUR)
        in_time = list(insertions(lift_travel(solution), sequences, client))
        assert bool(in_time) == (reason.code is ReasonCode.EXCEEDS_MAX_DETOUR)


@given(cases())
def test_only_required_visits_keep_a_required_client_out(case: Case) -> None:
    """Of the plans with the required visits in the shifts and order they have, at any nights."""
    clients = case.problem.clients
    solution = case.explanation.solution
    optional = [i for i in range(len(clients)) if not clients[i].required]
    only_required = without(sequences_of(solution), *optional)
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
            assert not fits(only_required, client)
            if reason.code is ReasonCode.CONFLICTS_WITH_REQUIRED:
                assert fits(without(only_required, *reason.blocking), client)
            else:
                # Nothing but a matrix that rewards detours leaves no required visit to blame.
                assert not case.is_metric


@given(cases())
def test_a_longer_shift_or_limit_as_advised_lets_the_client_in(case: Case) -> None:
    solution = case.explanation.solution
    for client, reason in case.reasons:
        if reason.fix is None or reason.scope is not Scope.ROUTE:
            continue
        changed = fixed(solution, reason)
        if changed is None:
            continue
        plans = list(insertions(changed, sequences_of(solution), client))
        assert plans
        if not case.problem.clients[client].required:
            assert max(plan.value_cents for plan in plans) > solution.value_cents


@given(cases())
def test_a_longer_shift_or_limit_as_advised_makes_the_visit_possible(case: Case) -> None:
    """For clients that no trip can visit: some trip can then, and none with a minute less."""
    for client, reason in case.reasons:
        if reason.fix is None or reason.scope is not Scope.VISIT:
            continue
        changed = fixed(case.given, reason)
        assert changed is not None
        assert any(client in plan.visited for plan in all_plans(changed.problem))
        if case.is_metric:
            for weaker in nearly_fixed(case.given, reason):
                assert not any(client in plan.visited for plan in all_plans(weaker.problem))


@given(cases())
def test_what_is_missing_is_the_least_that_would_do(case: Case) -> None:
    solution = case.explanation.solution
    sequences = sequences_of(solution)
    for client, reason in case.reasons:
        if reason.code is not ReasonCode.NO_TIME_LEFT or reason.value is None:
            continue
        assert reason.shift_index is not None
        enough, too_little = (
            [
                stretched(solution, k, side, missing_s)
                for k in range(len(solution.routes))
                for side in (FixKind.START_EARLIER, FixKind.END_LATER)
            ]
            for missing_s in (reason.value, reason.value - 1)
        )
        assert any(list(insertions(plan, sequences, client)) for plan in enough)
        assert not any(list(insertions(plan, sequences, client)) for plan in too_little)


@given(cases())
def test_a_visit_is_worth_what_the_plan_loses_without_it(case: Case) -> None:
    solution = case.explanation.solution
    sequences = sequences_of(solution)
    prizes = [client.prize_cents for client in case.problem.clients]
    for why in case.explanation.visits:
        shorter = with_sequences(solution, without(sequences, why.client_index))
        assert (shorter is None) == (why.net_cents is None)
        if shorter is not None and why.added_cost_cents is not None:
            assert why.net_cents == solution.value_cents - shorter.value_cents
            assert why.net_cents == prizes[why.client_index] - why.added_cost_cents
            assert why.added_travel_s == solution.travel_s - shorter.travel_s
        assert why.rank == 1 + sum(prize > prizes[why.client_index] for prize in prizes)


@given(cases())
def test_the_slack_is_used_up_exactly(case: Case) -> None:
    slacks = {why.client_index: why.slack_s for why in case.explanation.visits}
    for k, route in enumerate(case.explanation.solution.routes):
        for position, visit in enumerate(route.visits):
            leave_s = visit.departure_s + slacks[visit.client_index]
            assert slacks[visit.client_index] >= 0
            assert can_finish(case.problem, k, route, position, leave_s)
            assert not can_finish(case.problem, k, route, position, leave_s + 1)


@settings(max_examples=30)
@given(cases())
def test_same_problem_and_plan_same_answer(case: Case) -> None:
    assert explain(case.problem, case.given) == case.explanation


def can_finish(problem: Problem, shift: int, route: Route, position: int, time_s: int) -> bool:
    """Whether the rest of a route can be made after leaving a visit at a time."""
    here = problem.clients[route.visits[position].client_index].location_index
    for visit in route.visits[position + 1 :]:
        client = problem.clients[visit.client_index]
        start_s = earliest_start_s(
            client, time_s + int(problem.duration_s[here, client.location_index])
        )
        if start_s is None:
            return False
        time_s = start_s + client.service_duration_s
        here = client.location_index
    return time_s + int(problem.duration_s[here, route.end_location]) <= problem.shifts[shift].end_s


def lift_travel(solution: Solution) -> Solution:
    return Solution(replace(solution.problem, max_travel_s=None), solution.routes)


def stretched(solution: Solution, shift: int, side: FixKind, amount_s: int) -> Solution:
    """The plan in a problem with one shift made longer."""
    shifts = list(solution.problem.shifts)
    if side is FixKind.START_EARLIER:
        shifts[shift] = replace(shifts[shift], start_s=shifts[shift].start_s - amount_s)
    else:
        shifts[shift] = replace(shifts[shift], end_s=shifts[shift].end_s + amount_s)
    return Solution(replace(solution.problem, shifts=tuple(shifts)), solution.routes)


def fixed(solution: Solution, reason: Reason, less_s: int = 0) -> Solution | None:
    """The plan in the problem changed as advised, or None for advice on other clients."""
    fix = reason.fix
    assert fix is not None
    if fix.amount_s is None:
        return None
    assert fix.amount_s % 60 == 0
    if fix.kind is FixKind.RAISE_TRAVEL_LIMIT:
        limit_s = solution.problem.max_travel_s
        assert limit_s is not None
        raised_s = limit_s + fix.amount_s - less_s
        return Solution(replace(solution.problem, max_travel_s=raised_s), solution.routes)
    assert fix.shift_index is not None
    return stretched(solution, fix.shift_index, fix.kind, fix.amount_s - less_s)


def nearly_fixed(solution: Solution, reason: Reason) -> Iterator[Solution]:
    """The problem changed by a minute less, in each way the advice might have been."""
    fix = reason.fix
    assert fix is not None
    assert fix.amount_s is not None
    if fix.kind is FixKind.RAISE_TRAVEL_LIMIT:
        yield from filter(None, [fixed(solution, reason, less_s=60)])
        return
    for k in range(len(solution.routes)):
        for side in (FixKind.START_EARLIER, FixKind.END_LATER):
            yield stretched(solution, k, side, fix.amount_s - 60)
