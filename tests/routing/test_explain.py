"""Reasons worked out by hand on a road with side roads."""

from dataclasses import replace

import numpy as np
import pytest

from routing.explain import WhyIn, explain
from routing.problem import UNREACHABLE, OvernightPlace, Problem, Shift
from routing.reasons import Fix, FixKind, ReasonCode, Scope, Unit
from tests.routing.side_roads import (
    MIN,
    about_route,
    about_visit,
    client,
    explained,
    only_reason,
    plan,
    road,
)


class TestAlone:
    """What no trip of the request can do."""

    def test_a_client_without_a_road_back_is_unreachable(self) -> None:
        problem = road([(30, 0)], [client(2, 100)])
        no_way_back = problem.duration_s.copy()
        no_way_back[2, :2] = UNREACHABLE
        reason = only_reason(explained(replace_matrix(problem, no_way_back), ()))
        assert reason == about_visit(ReasonCode.UNREACHABLE_BY_ROAD)

    def test_a_client_whose_windows_miss_every_shift_is_closed(self) -> None:
        problem = road([(30, 0)], [client(2, 100, windows_min=[(200, 240)])])
        # Waiting until 200, then 10 of service and 30 of driving: 240 instead of 120.
        fix = Fix(FixKind.END_LATER, 120 * MIN, 0)
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.CLOSED_DURING_TRIP, fix=fix
        )

    def test_a_client_that_closes_before_one_can_be_there_is_outside_its_windows(self) -> None:
        problem = road([(30, 0)], [client(2, 100, windows_min=[(0, 20)])])
        fix = Fix(FixKind.START_EARLIER, 10 * MIN, 0)
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.OUTSIDE_TIME_WINDOWS, fix=fix
        )

    def test_a_client_too_far_for_any_shift_exceeds_the_working_time(self) -> None:
        # 60 on the main road, twice 30 on the side road, 10 of service: 130 of 120 minutes.
        problem = road([(30, 30)], [client(2, 100)])
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.EXCEEDS_WORKING_TIME,
            shift_index=0,
            value=130 * MIN,
            limit=120 * MIN,
            unit=Unit.SECONDS,
            fix=Fix(FixKind.END_LATER, 10 * MIN, 0),
        )

    def test_a_client_beyond_the_limit_on_travel_exceeds_the_detour(self) -> None:
        # Twice 15 minutes of side road; 20 minutes above the direct hour are allowed.
        problem = road([(30, 15)], [client(2, 100)], max_travel_min=80)
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.EXCEEDS_MAX_DETOUR,
            value=30 * MIN,
            limit=20 * MIN,
            unit=Unit.SECONDS,
            fix=Fix(FixKind.RAISE_TRAVEL_LIMIT, 10 * MIN),
        )

    def test_a_client_that_another_night_would_reach_is_not_excluded(self) -> None:
        """
        START ---- inn A (10) ------------ inn B (50, 40) ---- client (50, 60) ... END

        The plan sleeps at A, from where the client takes 40 + 60 + 10 + 60 + 10 = 180 minutes of
        a shift of 150. From B it takes 20 + 10 + 60 + 10 = 100.
        """
        shifts = (Shift(0, 150 * MIN, 0, None), Shift(1000 * MIN, 1150 * MIN, None, 1))
        inns = (OvernightPlace(2, 0), OvernightPlace(3, 0))
        problem = road([(10, 0), (50, 40), (50, 60)], [client(4, 100)], shifts, inns)
        reason = only_reason(explained(problem, (), (), nights=[2]))
        assert reason.scope is Scope.ROUTE
        assert reason.code is ReasonCode.NO_TIME_LEFT

        far_inn_only = replace(problem, overnight_places=inns[:1])
        reason = only_reason(explained(far_inn_only, (), (), nights=[2]))
        assert reason.scope is Scope.VISIT
        assert (reason.code, reason.value) == (ReasonCode.EXCEEDS_WORKING_TIME, 180 * MIN)


class TestInsertion:
    def test_a_client_that_fits_and_gains_is_visited(self) -> None:
        problem = road([(30, 0)], [client(2, 11)])
        explanation = explained(problem, ())
        assert explanation.improved
        assert explanation.solution.visited == (0,)
        assert explanation.left_out == ()

    def test_a_client_that_costs_what_it_brings_is_left_out(self) -> None:
        # 10 minutes of service on the way: EUR 10.
        problem = road([(30, 0)], [client(2, 10)])
        explanation = explained(problem, ())
        assert not explanation.improved
        assert only_reason(explanation) == about_route(
            ReasonCode.VALUE_BELOW_COST,
            shift_index=0,
            value=1000,
            limit=1000,
            unit=Unit.CENTS,
            fix=Fix(FixKind.REQUIRE),
        )

    def test_waiting_is_part_of_the_cost(self) -> None:
        # At the client from 10 to 20; the other one, 10 further, opens at 50: 20 minutes waiting
        # (leaving later is no way out, since the first closes at 10).
        clients = [
            client(2, 500, windows_min=[(10, 10)]),
            client(3, 29, service_min=10, windows_min=[(50, 50)]),
        ]
        problem = road([(10, 0), (20, 0)], clients)
        reason = only_reason(explained(problem, (0,)))
        assert (reason.code, reason.value) == (ReasonCode.VALUE_BELOW_COST, 3000)

    def test_waiting_is_the_least_there_is_over_all_windows(self) -> None:
        # One opens at 10 and again at 50, the other, 10 further, at 60: leaving START at 40
        # nobody waits. Then the second costs its service alone.
        clients = [
            client(2, 500, service_min=0, windows_min=[(10, 10), (50, 50)]),
            client(3, 9, service_min=10, windows_min=[(60, 60)]),
        ]
        problem = road([(10, 0), (20, 0)], clients)
        reason = only_reason(explained(problem, (0,)))
        assert (reason.code, reason.value) == (ReasonCode.VALUE_BELOW_COST, 1000)

    def test_the_first_visit_of_a_day_pays_for_the_night_it_needs(self) -> None:
        """A round trip of two days with an inn at home's door: day two adds a paid night."""
        shifts = (Shift(0, 100 * MIN, 0, None), Shift(1000 * MIN, 1100 * MIN, None, 0))
        clients = [client(2, 100, service_min=80), client(2, 100, service_min=80)]
        problem = road([(0, 5)], clients, shifts, (OvernightPlace(0, 2000),))
        reason = only_reason(explain(problem, plan(problem, (0,), (), nights=[0])))
        # 90 minutes of EUR 1 and a night of EUR 20.
        assert (reason.code, reason.value) == (ReasonCode.VALUE_BELOW_COST, 11000)

    def test_a_required_client_that_fits_is_visited_at_any_cost(self) -> None:
        problem = road([(30, 20)], [client(2, 0, required=True)])
        assert explained(problem, ()).solution.visited == (0,)

    def test_a_visit_that_costs_more_than_it_brings_is_dropped(self) -> None:
        problem = road([(30, 5)], [client(2, 19)])
        explanation = explained(problem, (0,))
        assert explanation.improved
        assert explanation.solution.visited == ()
        assert only_reason(explanation).value == 2000


class TestExchange:
    """Two clients at the same crossing of which one has time: 60 of driving, 120 of shift."""

    def test_the_better_of_two_displaces_the_other(self) -> None:
        problem = road([(30, 0)], [client(2, 90, 40), client(2, 70, 30)])
        explanation = explained(problem, (0,))
        assert not explanation.improved
        # It would bring 70 and save 10 minutes: 80 against 90.
        assert only_reason(explanation) == about_route(
            ReasonCode.DISPLACED_BY_HIGHER_VALUE,
            shift_index=0,
            value=8000,
            limit=9000,
            unit=Unit.CENTS,
            blocking=(0,),
            fix=Fix(FixKind.DROP_CLIENTS, client_indices=(0,)),
        )

    def test_a_better_exchange_is_made(self) -> None:
        problem = road([(30, 0)], [client(2, 90, 40), client(2, 81, 30)])
        explanation = explained(problem, (0,))
        assert explanation.improved
        assert explanation.solution.visited == (1,)

    def test_an_exchange_reaches_across_shifts_where_travel_is_limited(self) -> None:
        """
        Two round trips from home; 60 minutes of driving in all. The visit of day one uses them
        up, so the one that is open only on day two takes its place there.
        """
        shifts = (Shift(0, 120 * MIN, 0, 0), Shift(1000 * MIN, 1120 * MIN, 0, 0))
        clients = [
            client(2, 100, windows_min=[(0, 120)]),
            client(2, 150, windows_min=[(1000, 1120)]),
        ]
        problem = road([(30, 0)], clients, shifts, max_travel_min=60)
        explanation = explained(problem, (0,), ())
        assert [len(route.visits) for route in explanation.solution.routes] == [0, 1]
        reason = only_reason(explanation)
        assert (reason.code, reason.blocking) == (ReasonCode.DISPLACED_BY_HIGHER_VALUE, (1,))
        assert (reason.shift_index, reason.value, reason.limit) == (0, 10000, 15000)

    def test_an_exchange_counts_the_night_that_it_saves(self) -> None:
        """
        A round trip of two days with an inn at home's door; 20 minutes of driving in all.

        The visit of day two and the one that is open on day one only cost EUR 20 each, and there
        is driving for one of them. The first brings 5 more but takes a night of EUR 20.
        """
        shifts = (Shift(0, 100 * MIN, 0, None), Shift(1000 * MIN, 1100 * MIN, None, 0))
        clients = [
            client(2, 100, windows_min=[(0, 100)]),
            client(2, 100, windows_min=[(1000, 1100)]),
            client(3, 95, windows_min=[(0, 100)]),
        ]
        inn = OvernightPlace(0, 2000)
        problem = road([(0, 5), (0, 10)], clients, shifts, [inn], max_travel_min=20)
        explanation = explained(problem, (0,), (1,), nights=[0])
        assert set(explanation.solution.visited) == {0, 2}
        reason = only_reason(explanation)
        assert (reason.code, reason.value, reason.limit) == (
            ReasonCode.DISPLACED_BY_HIGHER_VALUE,
            8000,
            9500,
        )

    def test_a_visit_on_the_only_way_is_not_exchanged_across_shifts(self) -> None:
        """
        Day one leads to the end by way of a client, open or closed; day two is a round trip from
        there. 80 minutes of driving go to the open client, 20 to that of day two; 90 are allowed.
        """
        shifts = (Shift(0, 120 * MIN, 0, 1), Shift(1000 * MIN, 1120 * MIN, 1, 1))
        clients = [
            client(2, 100),
            client(3, 900, windows_min=[(1000, 1120)]),
            client(4, 100, windows_min=[(500, 500)]),
        ]
        problem = road([(30, 10), (60, 10), (30, 0)], clients, shifts, max_travel_min=90)
        only_way = problem.duration_s.copy()
        only_way[0, 1] = UNREACHABLE
        explanation = explained(replace_matrix(problem, only_way), (0,), ())
        assert explanation.solution.visited == (0,)
        left_out = [(why.client_index, why.reasons[0].code) for why in explanation.left_out]
        assert left_out == [
            (1, ReasonCode.EXCEEDS_MAX_DETOUR),
            (2, ReasonCode.CLOSED_DURING_TRIP),
        ]
        assert explanation.left_out[0].reasons[0].scope is Scope.ROUTE

    def test_a_required_visit_is_not_exchanged(self) -> None:
        problem = road([(30, 0)], [client(2, 0, 40, required=True), client(2, 70, 30)])
        assert only_reason(explained(problem, (0,))) == about_route(
            ReasonCode.CONFLICTS_WITH_REQUIRED,
            shift_index=0,
            blocking=(0,),
            fix=Fix(FixKind.DROP_CLIENTS, client_indices=(0,)),
        )


class TestRequired:
    def test_optional_visits_never_keep_a_required_client_out(self) -> None:
        # Neither of the two leaves room by itself; they bring more, but the third is a must.
        clients = [client(2, 90, 25), client(2, 90, 25), client(2, 0, 55, required=True)]
        explanation = explained(road([(30, 0)], clients), (0, 1))
        assert explanation.improved
        assert explanation.solution.visited == (2,)

    def test_what_still_fits_beside_the_required_client_comes_back(self) -> None:
        clients = [
            client(2, 90, 25),
            client(2, 90, 25),
            client(2, 0, 50, required=True),
            client(2, 20, 5),
        ]
        explanation = explained(road([(30, 0)], clients), (0, 3, 1))
        assert set(explanation.solution.visited) == {2, 3}

    def test_the_night_moves_for_a_required_client(self) -> None:
        shifts = (Shift(0, 150 * MIN, 0, None), Shift(1000 * MIN, 1150 * MIN, None, 1))
        inns = (OvernightPlace(2, 0), OvernightPlace(3, 0))
        problem = road([(10, 0), (50, 40), (50, 60)], [client(4, 0, required=True)], shifts, inns)
        explanation = explained(problem, (), (), nights=[2])
        assert explanation.solution.visited == (0,)
        assert explanation.solution.paid_nights == (3,)

    def test_required_clients_that_exclude_each_other_are_named(self) -> None:
        # 60 minutes of service in all; 0 and 1 take 25 each, 2 takes 55: both must go.
        clients = [client(2, 0, minutes, required=True) for minutes in (25, 25, 55)]
        reason = only_reason(explained(road([(30, 0)], clients), (0, 1)))
        assert reason == about_route(
            ReasonCode.CONFLICTS_WITH_REQUIRED,
            blocking=(0, 1),
            fix=Fix(FixKind.DROP_CLIENTS, client_indices=(0, 1)),
        )

    def test_required_visits_that_may_stay_are_not_named(self) -> None:
        # The second brings more than the third would by taking 20 minutes less.
        times = ((0, 5), (90, 50), (0, 30))
        clients = [client(2, eur, minutes, required=True) for eur, minutes in times]
        assert only_reason(explained(road([(30, 0)], clients), (0, 1))).blocking == (1,)


class TestNoTimeLeft:
    """Two visits of 20 fill what the hour of driving leaves of a shift of 100 minutes."""

    SHIFT = Shift(0, 100 * MIN, 0, 1)

    def test_the_smallest_extension_is_named(self) -> None:
        clients = [client(2, 90, 20), client(2, 90, 20), client(2, 99, 35)]
        reason = only_reason(explained(road([(30, 0)], clients, [self.SHIFT]), (0, 1)))
        assert reason == about_route(
            ReasonCode.NO_TIME_LEFT,
            shift_index=0,
            value=35 * MIN,
            unit=Unit.SECONDS,
            fix=Fix(FixKind.END_LATER, 35 * MIN, 0),
        )

    def test_a_client_that_closes_early_needs_an_earlier_start(self) -> None:
        clients = [
            client(2, 90, 20, windows_min=[(30, 50)]),
            client(2, 90, 20, windows_min=[(30, 50)]),
            client(2, 99, 35, windows_min=[(-50, 30)]),
        ]
        reason = only_reason(explained(road([(30, 0)], clients, [self.SHIFT]), (0, 1)))
        # It must be left by 30 at the latest, so that both others start by 50: start at -35.
        assert reason.fix == Fix(FixKind.START_EARLIER, 35 * MIN, 0)

    def test_an_extension_that_would_not_pay_is_not_advised(self) -> None:
        clients = [client(2, 90, 20), client(2, 90, 20), client(2, 35, 35)]
        reason = only_reason(explained(road([(30, 0)], clients, [self.SHIFT]), (0, 1)))
        assert (reason.code, reason.value, reason.fix) == (
            ReasonCode.NO_TIME_LEFT,
            35 * MIN,
            None,
        )

    def test_a_shift_is_not_extended_into_the_next_one(self) -> None:
        shifts = [self.SHIFT, Shift(110 * MIN, 111 * MIN, 1, 1)]
        clients = [client(2, 90, 20), client(2, 90, 20), client(2, 99, 35)]
        reason = only_reason(explained(road([(30, 0)], clients, shifts), (0, 1), ()))
        assert reason.fix == Fix(FixKind.START_EARLIER, 35 * MIN, 0)

    def test_no_shift_is_extended_beyond_a_day(self) -> None:
        clients = [
            client(2, 90, 20),
            client(2, 90, 20),
            client(2, 99, 35, windows_min=[(1440, 1500)]),
        ]
        reason = only_reason(explained(road([(30, 0)], clients, [self.SHIFT]), (0, 1)))
        assert (reason.code, reason.fix) == (ReasonCode.CLOSED_DURING_TRIP, None)

    def test_a_plan_at_its_limit_on_travel_says_so(self) -> None:
        # 20 minutes above the direct hour; each visit takes 10 of them, and the third 15.
        places = [(10, 5), (20, 5), (30, 10)]
        clients = [client(2, 90, 1), client(3, 90, 1), client(4, 90, 1)]
        problem = road(places, clients, max_travel_min=80)
        reason = only_reason(explained(problem, (0, 1)))
        # Two of ten minutes must go for twenty: nothing single makes room.
        assert reason == about_route(
            ReasonCode.EXCEEDS_MAX_DETOUR,
            shift_index=0,
            value=40 * MIN,
            limit=20 * MIN,
            unit=Unit.SECONDS,
            fix=Fix(FixKind.RAISE_TRAVEL_LIMIT, 20 * MIN),
        )


class TestWhyIn:
    def test_a_visit_is_worth_its_prize_less_what_it_adds(self) -> None:
        clients = [
            client(2, 90, 10),
            client(3, 50, 20, windows_min=[(0, 60)]),
            client(3, 1, 90),
            client(3, 90, 90),
        ]
        explanation = explained(road([(10, 5), (30, 0)], clients), (0, 1))
        # Side road of 5 there and back and 10 of service: EUR 20. Leaving START at 0, the first
        # ends at 25 and arrives at the second at 50, ten minutes before it must start; the second
        # ends at 70, needs 30 to the end at 100, and may leave until 90.
        assert explanation.visits == (
            WhyIn(0, 10 * MIN, 2000, 7000, 1, 10 * MIN),
            WhyIn(1, 0, 2000, 3000, 3, 20 * MIN),
        )

    def test_the_last_visit_of_a_day_saves_the_night(self) -> None:
        shifts = (Shift(0, 100 * MIN, 0, None), Shift(1000 * MIN, 1100 * MIN, None, 0))
        clients = [client(2, 100, service_min=80), client(2, 150, service_min=80)]
        problem = road([(0, 5)], clients, shifts, (OvernightPlace(0, 2000),))
        explanation = explained(problem, (0,), (1,), nights=[0])
        assert explanation.improved
        assert [why.added_cost_cents for why in explanation.visits] == [9000]
        assert only_reason(explanation).value == 11000

    def test_a_visit_that_opens_the_only_way_has_no_price(self) -> None:
        problem = road([(30, 0)], [client(2, 10, required=True)])
        only_way = problem.duration_s.copy()
        only_way[0, 1] = UNREACHABLE
        (why,) = explained(replace_matrix(problem, only_way), (0,)).visits
        assert (why.added_travel_s, why.added_cost_cents, why.net_cents) == (None, None, None)


@pytest.mark.parametrize("sequence", [(), (0,), (1, 0)])
def test_explaining_the_answer_changes_nothing(sequence: tuple[int, ...]) -> None:
    clients = [client(2, 30), client(3, 40, required=True), client(4, 50, 30), client(4, 10)]
    problem = road([(10, 5), (20, 0), (30, 10)], clients, max_travel_min=90)
    first = explained(problem, sequence)
    again = explain(problem, first.solution)
    assert not again.improved
    assert again == replace(first, improved=False)


def replace_matrix(problem: Problem, duration_s: np.ndarray) -> Problem:
    return Problem(
        problem.clients,
        problem.shifts,
        duration_s,
        problem.distance_m,
        hour_rate_cents=problem.hour_rate_cents,
        max_travel_s=problem.max_travel_s,
    )
