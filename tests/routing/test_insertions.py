"""Where a visit would fit, worked out by hand and against all there is."""

from dataclasses import replace

import pytest
from hypothesis import given

from routing import referee
from routing.errors import ClientAlreadyVisitedError
from routing.explain import explain
from routing.explain.arrays import rank
from routing.insertions import Move, insertions
from routing.problem import Break, Shift
from routing.reasons import FixKind, ReasonCode
from routing.solution import Solution
from tests.routing import explain_cases
from tests.routing.explain_cases import Case, any_cases, fixed, sequences_of, without
from tests.routing.side_roads import MIN, client, plan, road


def test_every_gap_is_told_best_first_with_what_it_adds_and_moves() -> None:
    """
    START ---- 10 ---- 30 ---- END: visits of 10 at 10 and at 30; the new one is 5 off minute 20.

    Between them it costs 10 of side road and 10 of service. Before the first it would cost 20 more
    on the main road, after the second as well. The day of 120 has 40 to spare.
    """
    clients = [client(2, 90), client(3, 90), client(4, 50)]
    given_plan = plan(road([(10, 0), (30, 0), (20, 5)], clients), (0, 1))
    slots = insertions(given_plan, 2)
    assert slots.reason is None
    fitting = [slot for slot in slots.ranked if slot.displaced is None]
    assert [(slot.shift_index, slot.gap) for slot in fitting] == [(0, 1), (0, 0), (0, 2)]
    best = fitting[0]
    assert (best.visit.arrival_s, best.visit.start_s) == (35 * MIN, 35 * MIN)
    # The second visit started at 30 + 10 and starts 20 later; 20 of the 40 to spare are left.
    assert best.moved == (Move(1, 20 * MIN),)
    assert best.slack_s == 20 * MIN
    assert (best.added_travel_s, best.added_worked_s) == (10 * MIN, 20 * MIN)
    assert (best.added_cost_cents, best.change_cents) == (2000, 3000)
    assert best.solution.visited == (0, 2, 1)
    assert [slot.change_cents for slot in fitting] == [3000, 1000, 1000]


def test_a_new_client_is_tried_like_one_left_out() -> None:
    clients = [client(2, 90), client(3, 90), client(4, 50)]
    places = [(10, 0), (30, 0), (20, 5)]
    known = insertions(plan(road(places, clients), (0, 1)), 2)
    new = insertions(plan(road(places, clients[:2]), (0, 1)), clients[2])
    assert new.client_index == 2
    assert [slot.change_cents for slot in new.ranked] == [s.change_cents for s in known.ranked]
    assert new.ranked[0].solution.visited == (0, 2, 1)


def test_a_full_day_tells_whom_it_would_replace_and_what_is_missing() -> None:
    """60 minutes for services at one crossing; 40 are taken by two visits, the new one takes 30."""
    clients = [client(2, 90, 20), client(2, 70, 20), client(2, 50, 30)]
    slots = insertions(plan(road([(30, 0)], clients), (0, 1)), 2)
    # In place of the cheaper one: 50 - 70 - 10 for ten minutes more.
    assert [(slot.displaced, slot.change_cents) for slot in slots.ranked] == [
        (1, -3000),
        (0, -5000),
    ]
    assert slots.reason is not None
    assert (slots.reason.code, slots.reason.value) == (ReasonCode.NO_TIME_LEFT, 10 * MIN)
    assert slots.reason.fix is not None
    assert (slots.reason.fix.kind, slots.reason.fix.amount_s) == (FixKind.END_LATER, 10 * MIN)


def test_a_break_that_may_move_is_told() -> None:
    """
    Two visits of 30 at minute 30, and a break of 10 at minute 45 sharp, in a day of 140.

    With both the first cannot begin before the break is over at 55, and the day lasts 145. If the
    break begins at 40, both begin at 50.
    """
    clients = [client(2, 90, 30), client(2, 50, 30)]
    shift = Shift(0, 140 * MIN, 0, 1, (Break(10 * MIN, 45 * MIN, 45 * MIN),))
    slots = insertions(plan(road([(30, 0)], clients, [shift]), (0,)), 1)
    assert [slot.displaced for slot in slots.ranked] == [0]
    assert slots.reason is not None
    assert slots.reason.fix is not None
    assert (slots.reason.fix.kind, slots.reason.fix.amount_s) == (FixKind.MOVE_BREAK, -5 * MIN)


def test_musts_and_appointments_are_not_displaced() -> None:
    clients = [client(2, 0, 40, required=True), client(2, 90, 30)]
    slots = insertions(plan(road([(30, 0)], clients), (0,)), 1)
    assert slots.ranked == ()
    assert slots.reason is not None


def test_another_way_to_make_the_same_visit_takes_its_place() -> None:
    clients = [replace(client(2, 50, required=True), group=1), replace(client(2, 60), group=1)]
    slots = insertions(plan(road([(30, 0)], clients), (0,)), 1)
    assert [(slot.displaced, slot.change_cents) for slot in slots.ranked] == [(0, 1000)]


def test_a_visit_that_is_planned_already_is_refused() -> None:
    problem = road([(30, 0)], [client(2, 90)])
    with pytest.raises(ClientAlreadyVisitedError, match="Client 0 is in the plan already"):
        insertions(plan(problem, (0,)), 0)


@given(any_cases)
def test_slots_are_all_the_gaps_that_fit_and_say_what_changes(case: Case) -> None:
    solution, clients = case.given, case.problem.clients
    sequences = sequences_of(solution)
    for client_index in solution.unassigned:
        slots = insertions(solution, client_index)
        as_it_is = [slot for slot in slots.ranked if slot.displaced is None]
        fitting = list(explain_cases.insertions(solution, sequences, client_index))
        assert sorted(map(values, fitting)) == sorted(values(slot.solution) for slot in as_it_is)
        assert (slots.reason is None) == bool(fitting)
        mates = [
            i
            for i in solution.visited
            if clients[i].group is not None and clients[i].group == clients[client_index].group
        ]
        changes = []
        for gone in solution.visited:
            if rank(clients[gone]) == 0 or gone in mates:
                fewer = without(sequences, gone)
                changed = explain_cases.insertions(solution, fewer, client_index)
                changes.append(max((plan.value_cents for plan in changed), default=None))
        best = sorted((change for change in changes if change is not None), reverse=True)[:3]
        displacing = [slot for slot in slots.ranked if slot.displaced is not None]
        assert [slot.solution.value_cents for slot in displacing] == best
        assert list(slots.ranked) == sorted(slots.ranked, key=lambda slot: -slot.change_cents)
        for slot in slots.ranked:
            referee.check(case.problem, slot.solution)
            assert slot.visit is slot.solution.routes[slot.shift_index].visits[slot.gap]
            gain_cents = slot.solution.value_cents - solution.value_cents
            prizes_cents = slot.solution.prize_cents - solution.prize_cents
            assert slot.change_cents == gain_cents == prizes_cents - slot.added_cost_cents
            assert set(slot.solution.visited) == {*solution.visited, client_index} - {
                slot.displaced
            }


@given(any_cases)
def test_the_change_told_where_nothing_fits_lets_the_client_in(case: Case) -> None:
    solution = case.given
    for client_index in solution.unassigned:
        reason = insertions(solution, client_index).reason
        if reason is None or reason.fix is None or reason.scope != "route":
            continue
        changed = fixed(solution, reason)
        assert list(explain_cases.insertions(changed, sequences_of(solution), client_index))


@given(any_cases)
def test_an_explained_plan_gains_by_no_slot(case: Case) -> None:
    solution = explain(case.problem, case.given).solution
    for client_index in solution.unassigned:
        for slot in insertions(solution, client_index).ranked:
            assert slot.solution.quality <= solution.quality


def values(solution: Solution) -> tuple[int, tuple[tuple[int, ...], ...]]:
    return solution.value_cents, sequences_of(solution)
