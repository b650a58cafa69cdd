"""Reasons for all that a working week holds, worked out by hand on a road with side roads."""

from dataclasses import replace

from routing.explain import explain
from routing.problem import Break, OvernightPlace, Problem, Shift
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


def day(
    minutes: int = 120, breaks: tuple[Break, ...] = (), start_min: int = 0, **limits: int
) -> Shift:
    """A shift from START to END."""
    start_s = start_min * MIN
    return Shift(start_s, start_s + minutes * MIN, 0, 1, breaks, **limits)


def pause(minutes: int, early_min: int, late_min: int) -> Break:
    return Break(minutes * MIN, early_min * MIN, late_min * MIN)


class TestBreaks:
    def test_a_break_is_no_work_and_costs_nothing(self) -> None:
        # 10 minutes of service on the way: EUR 10, whatever the break takes.
        problem = road([(30, 0)], [client(2, 10)], [day(breaks=(pause(30, 10, 20),))])
        reason = only_reason(explained(problem, ()))
        assert (reason.code, reason.value) == (ReasonCode.VALUE_BELOW_COST, 1000)

    def test_a_break_that_falls_into_the_only_time_for_a_visit_is_moved(self) -> None:
        """
        The visit starts at 30 and ends at 60, while the break has to start between 35 and 50.

        Ten minutes later it may start as the visit ends. An earlier one would have to be over by
        0, since there is no time to spare on the way.
        """
        clients = [client(2, 100, 30, windows_min=[(30, 30)])]
        problem = road([(30, 0)], clients, [day(breaks=(pause(10, 35, 50),))])
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.OUTSIDE_TIME_WINDOWS,
            fix=Fix(FixKind.MOVE_BREAK, 10 * MIN, 0, break_index=0),
        )

    def test_a_day_is_too_short_with_its_break(self) -> None:
        # 60 of driving, 20 of service and 30 of break; it cannot be had at home.
        problem = road([(30, 0)], [client(2, 100, 20)], [day(100, (pause(30, 10, 40),))])
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.EXCEEDS_WORKING_TIME,
            shift_index=0,
            value=110 * MIN,
            limit=100 * MIN,
            unit=Unit.SECONDS,
            fix=Fix(FixKind.END_LATER, 10 * MIN, 0),
        )

    def between(self, shift: Shift) -> list[Shift]:
        """The shift with one before and one after it that leave it no room and hold no visit."""
        before = Shift(shift.start_s - MIN, shift.start_s, 0, 0, max_visits=0)
        after = Shift(shift.end_s, shift.end_s + MIN, 1, 1, max_visits=0)
        return [before, shift, after]

    def test_a_break_is_shortened_where_the_day_cannot_be_longer(self) -> None:
        shifts = self.between(day(100, (pause(30, 10, 40),)))
        reason = only_reason(explained(road([(30, 0)], [client(2, 100, 20)], shifts), (), (), ()))
        assert reason.fix == Fix(FixKind.SHORTEN_BREAK, 10 * MIN, 1, break_index=0)

    def test_no_break_is_shortened_to_less_than_half_or_moved_out_of_its_day(self) -> None:
        # 20 minutes are missing; the break from -20 to 10 would be over when leaving at 10.
        shifts = self.between(day(100, (pause(30, 10, 40),)))
        reason = only_reason(explained(road([(30, 0)], [client(2, 100, 30)], shifts), (), (), ()))
        assert (reason.code, reason.fix) == (ReasonCode.EXCEEDS_WORKING_TIME, None)

    def test_a_client_may_leave_until_the_break_must_begin(self) -> None:
        # The visit ends at 40; the break must start by 50 and takes until the day's end at 120.
        problem = road([(30, 0)], [client(2, 100)], [day(breaks=(pause(10, 45, 50),))])
        (why,) = explained(problem, (0,)).visits
        assert why.slack_s == 10 * MIN


class TestLimits:
    def test_a_full_day_is_told_before_whom_it_could_replace(self) -> None:
        problem = road([(30, 0)], [client(2, 90), client(2, 80)], [day(max_visits=1)])
        (why,) = explained(problem, (0,)).left_out
        assert why.reasons == (
            about_route(
                ReasonCode.MAX_VISITS_REACHED,
                shift_index=0,
                value=2,
                limit=1,
                unit=Unit.VISITS,
                fix=Fix(FixKind.RAISE_MAX_VISITS, shift_index=0, amount_visits=1),
            ),
            about_route(
                ReasonCode.DISPLACED_BY_HIGHER_VALUE,
                shift_index=0,
                value=8000,
                limit=9000,
                unit=Unit.CENTS,
                blocking=(0,),
                fix=Fix(FixKind.DROP_CLIENTS, client_indices=(0,)),
            ),
        )

    def test_one_more_visit_is_not_advised_where_it_would_not_pay(self) -> None:
        problem = road([(30, 0)], [client(2, 90), client(2, 10)], [day(max_visits=1)])
        reason = explained(problem, (0,)).left_out[0].reasons[0]
        assert (reason.code, reason.fix) == (ReasonCode.MAX_VISITS_REACHED, None)

    def test_a_day_without_any_visits_excludes_everyone(self) -> None:
        problem = road([(30, 0)], [client(2, 90)], [day(max_visits=0)])
        reason = only_reason(explained(problem, ()))
        assert (reason.code, reason.scope) == (ReasonCode.MAX_VISITS_REACHED, Scope.VISIT)

    def test_a_client_beyond_the_driving_of_a_day_exceeds_it(self) -> None:
        # 60 on the main road and twice 15 on the side road.
        problem = road([(30, 15)], [client(2, 100)], [day(max_travel_s=80 * MIN)])
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.EXCEEDS_DRIVE_LIMIT,
            shift_index=0,
            value=90 * MIN,
            limit=80 * MIN,
            unit=Unit.SECONDS,
            fix=Fix(FixKind.RAISE_DRIVE_LIMIT, 10 * MIN, 0),
        )

    def test_a_client_beyond_the_distance_of_a_day_exceeds_it(self) -> None:
        # A minute is 960 m: 90 of them are 86.4 km; 6.4 more than 80, so 7 in whole kilometres.
        problem = road([(30, 15)], [client(2, 100)], [day(max_distance_m=80_000)])
        assert only_reason(explained(problem, ())) == about_visit(
            ReasonCode.EXCEEDS_DISTANCE_LIMIT,
            shift_index=0,
            value=86_400,
            limit=80_000,
            unit=Unit.METRES,
            fix=Fix(FixKind.RAISE_DISTANCE_LIMIT, shift_index=0, amount_m=7_000),
        )

    def test_a_plan_at_the_driving_of_its_day_says_so(self) -> None:
        # 80 minutes of driving are used up by two of ten; the third takes 20.
        places = [(10, 5), (20, 5), (30, 10)]
        clients = [client(2, 90, 1), client(3, 90, 1), client(4, 90, 1)]
        problem = road(places, clients, [day(max_travel_s=80 * MIN)])
        assert only_reason(explained(problem, (0, 1))) == about_route(
            ReasonCode.EXCEEDS_DRIVE_LIMIT,
            shift_index=0,
            value=100 * MIN,
            limit=80 * MIN,
            unit=Unit.SECONDS,
            fix=Fix(FixKind.RAISE_DRIVE_LIMIT, 20 * MIN, 0),
        )

    def test_two_limits_in_the_way_have_no_single_fix(self) -> None:
        places = [(10, 5), (20, 5), (30, 10)]
        clients = [client(2, 90, 1), client(3, 90, 1), client(4, 90, 1)]
        shift = day(max_travel_s=80 * MIN, max_distance_m=80_000)
        reason = only_reason(explained(road(places, clients, [shift]), (0, 1)))
        assert (reason.code, reason.fix) == (ReasonCode.EXCEEDS_DRIVE_LIMIT, None)


class TestPrecedence:
    """Clients at the same crossing; the day of 120 minutes has 60 for services."""

    def test_an_appointment_keeps_an_optional_client_out(self) -> None:
        appointment = replace(client(2, 0, 40, required=True), precedence=1)
        problem = road([(30, 0)], [appointment, client(2, 70, 30)])
        assert only_reason(explained(problem, (0,))) == about_route(
            ReasonCode.CONFLICTS_WITH_APPOINTMENT,
            shift_index=0,
            blocking=(0,),
            fix=Fix(FixKind.DROP_CLIENTS, client_indices=(0,)),
        )

    def test_an_appointment_takes_the_place_of_a_required_visit(self) -> None:
        appointment = replace(client(2, 0, 40, required=True), precedence=1)
        problem = road([(30, 0)], [client(2, 90, 30, required=True), appointment])
        explanation = explained(problem, (0,))
        assert explanation.solution.visited == (1,)
        assert only_reason(explanation) == about_route(
            ReasonCode.CONFLICTS_WITH_APPOINTMENT,
            blocking=(1,),
            fix=Fix(FixKind.DROP_CLIENTS, client_indices=(1,)),
        )

    def test_two_required_visits_leave_for_an_appointment_that_needs_the_room_of_both(
        self,
    ) -> None:
        musts = [client(2, 90, 25, required=True), client(2, 90, 25, required=True)]
        appointment = replace(client(2, 0, 55, required=True), precedence=2)
        explanation = explained(road([(30, 0)], [*musts, appointment]), (0, 1))
        assert explanation.solution.visited == (2,)

    def test_what_blocks_a_required_client_is_named_by_what_comes_last(self) -> None:
        # 20 and 25 are taken; a third of 35 leaves 25, room for either of them.
        clients = [
            replace(client(2, 90, 20, required=True), precedence=3),
            client(2, 90, 25, required=True),
            client(2, 0, 35, required=True),
        ]
        reason = only_reason(explained(road([(30, 0)], clients), (0, 1)))
        assert (reason.code, reason.blocking) == (ReasonCode.CONFLICTS_WITH_REQUIRED, (1,))

    def test_of_two_required_clients_with_equal_right_the_more_valuable_stays(self) -> None:
        clients = [client(2, 50, 40, required=True), client(2, 70, 40, required=True)]
        assert explained(road([(30, 0)], clients), (0,)).solution.visited == (1,)


class TestSetups:
    def test_clients_at_one_address_share_the_setup(self) -> None:
        # 10 minutes of service; the 15 of setup are spent for the first already.
        both = [replace(client(2, eur), setup_duration_s=15 * MIN) for eur in (90, 10)]
        reason = only_reason(explained(road([(30, 0)], both), (0,)))
        assert (reason.code, reason.value) == (ReasonCode.VALUE_BELOW_COST, 1000)

    def test_a_setup_takes_time(self) -> None:
        longer = replace(client(2, 90, 50), setup_duration_s=15 * MIN)
        reason = only_reason(explained(road([(30, 0)], [longer]), ()))
        assert (reason.code, reason.value) == (ReasonCode.EXCEEDS_WORKING_TIME, 125 * MIN)

    def test_whom_a_shared_setup_lets_in_is_not_excluded(self) -> None:
        """The first needs none and takes 5; alone the second would take 65 of 60 minutes."""
        quick = replace(client(2, 90, 5))
        slow = replace(client(2, 500, 50), setup_duration_s=15 * MIN)
        explanation = explained(road([(30, 0)], [quick, slow]), (0,))
        assert set(explanation.solution.visited) == {0, 1}


class TestPrizesByShift:
    SHIFTS = (Shift(0, 100 * MIN, 0, 0), Shift(1000 * MIN, 1100 * MIN, 0, 0))

    def test_a_client_is_visited_in_the_shift_where_it_brings_most(self) -> None:
        changing = replace(client(2, 90), shift_prizes_cents=(5000, 9000))
        explanation = explained(road([(10, 0)], [changing], self.SHIFTS), (), ())
        assert [len(route.visits) for route in explanation.solution.routes] == [0, 1]
        # 20 of driving and 10 of service.
        assert explanation.visits[0].net_cents == 6000

    def test_the_reason_counts_the_prize_of_the_shift_that_comes_closest(self) -> None:
        changing = replace(client(2, 25), shift_prizes_cents=(2500, 0))
        reason = only_reason(explained(road([(10, 0)], [changing], self.SHIFTS), (), ()))
        assert (reason.shift_index, reason.value, reason.limit) == (0, 3000, 2500)


class TestGroups:
    def grouped(self, *prizes_eur: int) -> Problem:
        clients = [replace(client(2, eur), group=7) for eur in prizes_eur]
        return road([(30, 0)], clients)

    def test_a_client_whose_alternative_is_visited_needs_no_reason(self) -> None:
        explanation = explained(self.grouped(90, 80), (0,))
        assert explanation.solution.visited == (0,)
        assert explanation.left_out == ()

    def test_a_better_alternative_takes_the_place(self) -> None:
        assert explained(self.grouped(80, 90), (0,)).solution.visited == (1,)

    def test_of_alternatives_that_are_all_left_out_each_has_its_reason(self) -> None:
        explanation = explained(self.grouped(9, 8), ())
        assert [why.reasons[0].code for why in explanation.left_out] == [
            ReasonCode.VALUE_BELOW_COST
        ] * 2


class TestNights:
    """
    START ---- inn (50) ---- END (60), two days of 150 minutes; the client is at (50, 60).

    From the inn it takes 60 + 10 + 70 = 140 minutes, from START 110 + 10 + 70 = 190.
    """

    SHIFTS = (Shift(0, 150 * MIN, 0, None), Shift(1000 * MIN, 1150 * MIN, None, 1))
    INNS = (OvernightPlace(0, 0, is_home=True), OvernightPlace(2, 0))

    def at_inn(self, max_nights: int | None) -> Problem:
        problem = road([(50, 0), (50, 60)], [client(3, 500)], self.SHIFTS, self.INNS)
        return replace(problem, max_nights=max_nights)

    def test_a_client_that_takes_a_night_too_many_exceeds_the_working_time(self) -> None:
        reason = only_reason(explained(self.at_inn(max_nights=0), (), (), nights=[0]))
        assert (reason.code, reason.scope) == (ReasonCode.EXCEEDS_WORKING_TIME, Scope.VISIT)
        # On the first day to it and on to the end, or on the second from home: 190 both.
        assert (reason.value, reason.limit) == (190 * MIN, 150 * MIN)

    def test_with_a_night_allowed_no_limit_excludes_it(self) -> None:
        reason = only_reason(explained(self.at_inn(max_nights=1), (), (), nights=[0]))
        assert (reason.code, reason.scope) == (ReasonCode.NO_TIME_LEFT, Scope.ROUTE)

    def test_a_required_client_moves_the_night_only_as_far_as_is_allowed(self) -> None:
        for max_nights, visited in ((0, ()), (1, (0,))):
            problem = self.at_inn(max_nights)
            must = replace(problem.clients[0], required=True)
            problem = replace(problem, clients=(must,))
            found = explain(problem, plan(problem, (), (), nights=[0])).solution
            assert found.visited == visited

    def test_no_visit_begins_the_trip_before_a_night_too_many(self) -> None:
        """A round trip at home's door whose only night away would be spent for day one."""
        shifts = (Shift(0, 100 * MIN, 0, None), Shift(1000 * MIN, 1100 * MIN, None, 0))
        clients = [
            client(2, 100, 50, windows_min=[(0, 100)]),
            client(2, 100, 50, windows_min=[(1000, 1100)]),
        ]
        inn = OvernightPlace(0, 0)
        problem = replace(road([(0, 5)], clients, shifts, [inn]), max_nights=0)
        reason = only_reason(explained(problem, (), (1,), nights=[0]))
        assert (reason.code, reason.blocking) == (ReasonCode.DISPLACED_BY_HIGHER_VALUE, (1,))
