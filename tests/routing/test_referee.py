"""The referee refuses every broken rule and every false sum, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing import referee
from routing.errors import InfeasibleSolutionError
from routing.problem import UNREACHABLE, Problem, TimeWindow
from routing.schedule import schedule_route
from routing.solution import Route, Solution
from tests.routing.tiny import random_problem


def plan_one_day(problem: Problem, clients: tuple[int, ...]) -> Solution:
    route = schedule_route(problem, 0, 0, clients, 1)
    assert route is not None
    return Solution(problem, (route,))


def plan_two_days(problem: Problem) -> Solution:
    """Client 0, a night at M, client 1."""
    one = schedule_route(problem, 0, 0, (0,), 4)
    two = schedule_route(problem, 1, 4, (1,), 1)
    assert one is not None
    assert two is not None
    return Solution(problem, (one, two))


def with_route(solution: Solution, index: int, route: Route) -> Solution:
    routes = [route if k == index else old for k, old in enumerate(solution.routes)]
    return Solution(solution.problem, tuple(routes))


def test_a_feasible_plan_passes(one_day: Problem) -> None:
    solution = plan_one_day(one_day, (0, 1, 3))
    referee.check(one_day, solution)
    assert solution.value_cents == 300


def test_the_value_is_what_was_worked_out_by_hand(two_days: Problem) -> None:
    solution = plan_two_days(two_days)
    referee.check(two_days, solution)
    assert solution.value_cents == 20_000 - 6 * 6_000 - 360 * 100 - 6_000 - 9_000


def test_waiting_longer_than_needed_is_allowed(one_day: Problem) -> None:
    solution = plan_one_day(one_day, (0,))
    route = solution.routes[0]
    visit = route.visits[0]
    later = replace(visit, start_s=visit.start_s + 60, departure_s=visit.departure_s + 60)
    route = replace(route, visits=(later,), arrival_s=route.arrival_s + 60)
    referee.check(one_day, with_route(solution, 0, route))


def shift_visit(route: Route, **changes: int) -> Route:
    return replace(route, visits=(replace(route.visits[0], **changes), *route.visits[1:]))


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda r: replace(r, departure_s=-1), "before its shift begins"),
        (lambda r: replace(r, departure_s=1), "arrives at"),
        (lambda r: replace(r, arrival_s=r.arrival_s - 1), "arrives at"),
        (lambda r: replace(r, travel_s=r.travel_s + 1), "says travel_s"),
        (lambda r: replace(r, distance_m=r.distance_m - 1), "says distance_m"),
        (lambda r: replace(r, start_location=1), "starts at 1, not 0"),
        (lambda r: replace(r, end_location=0), "ends at 0, not 1"),
        (lambda r: shift_visit(r, client_index=7), "no such client"),
        (lambda r: shift_visit(r, client_index=1), "arrives at"),
        (lambda r: shift_visit(r, start_s=r.visits[0].start_s - 1), "starts before it arrives"),
        (lambda r: shift_visit(r, departure_s=r.visits[0].departure_s - 1), "service is"),
        (lambda r: replace(r, visits=(*r.visits, r.visits[0])), "arrives at"),
    ],
)
def test_a_spoilt_route_is_refused(
    one_day: Problem, spoil: Callable[[Route], Route], message: str
) -> None:
    solution = plan_one_day(one_day, (0, 1))
    spoilt = with_route(solution, 0, spoil(solution.routes[0]))
    with pytest.raises(InfeasibleSolutionError, match=message):
        referee.check(one_day, spoilt)


def test_a_start_outside_all_windows_is_refused(one_day: Problem) -> None:
    solution = plan_one_day(one_day, (0, 1))
    windows = (TimeWindow(0, 1199), TimeWindow(1201, 9000))
    client = replace(one_day.clients[0], time_windows=windows)
    problem = replace(one_day, clients=(client, *one_day.clients[1:]))
    with pytest.raises(InfeasibleSolutionError, match="starts at 1200 s, outside of"):
        referee.check(problem, Solution(problem, solution.routes))


def test_an_arrival_after_the_shift_is_refused(one_day: Problem) -> None:
    solution = plan_one_day(one_day, (0, 1))
    problem = replace(one_day, shifts=(replace(one_day.shifts[0], end_s=7199),))
    with pytest.raises(InfeasibleSolutionError, match="after its shift ends at 7199 s"):
        referee.check(problem, Solution(problem, solution.routes))


def test_a_leg_without_road_is_refused(one_day: Problem) -> None:
    solution = plan_one_day(one_day, (0, 1))
    duration_s = one_day.duration_s.copy()
    duration_s[2, 3] = UNREACHABLE
    problem = replace(one_day, duration_s=duration_s)
    with pytest.raises(InfeasibleSolutionError, match="no road leads from 2 to 3"):
        referee.check(problem, Solution(problem, solution.routes))


def test_driving_beyond_the_limit_is_refused(one_day: Problem) -> None:
    solution = plan_one_day(one_day, (0, 1))
    referee.check(
        replace(one_day, max_travel_s=3600),
        Solution(replace(one_day, max_travel_s=3600), solution.routes),
    )
    problem = replace(one_day, max_travel_s=3599)
    with pytest.raises(InfeasibleSolutionError, match="at most 3599 s are allowed"):
        referee.check(problem, Solution(problem, solution.routes))


def test_a_client_visited_on_two_days_is_refused(two_days: Problem) -> None:
    shifts = (two_days.shifts[0], replace(two_days.shifts[1], end_s=10**6))
    problem = replace(two_days, shifts=shifts)
    out = schedule_route(problem, 0, 0, (0,), 4)
    back = schedule_route(problem, 1, 4, (0,), 1)
    assert out is not None
    assert back is not None
    with pytest.raises(InfeasibleSolutionError, match="Client 0 is visited twice"):
        referee.check(problem, Solution(problem, (out, back)))


def test_nights_at_two_places_at_once_are_refused(two_days: Problem) -> None:
    solution = plan_two_days(two_days)
    elsewhere = replace(solution.routes[1], start_location=3)
    with pytest.raises(InfeasibleSolutionError, match="the next one starts at 3"):
        referee.check(two_days, with_route(solution, 1, elsewhere))


def test_a_night_at_no_overnight_place_is_refused(two_days: Problem) -> None:
    problem = replace(two_days, overnight_places=two_days.overnight_places[:4])
    with pytest.raises(InfeasibleSolutionError, match="which is no overnight place"):
        referee.check(problem, plan_two_days(problem))


def test_a_missing_route_is_refused(two_days: Problem) -> None:
    solution = plan_two_days(two_days)
    with pytest.raises(InfeasibleSolutionError, match="1 routes for 2 shifts"):
        referee.check(two_days, Solution(two_days, solution.routes[:1]))


def test_a_false_sum_is_refused(two_days: Problem) -> None:
    solution = plan_two_days(two_days)
    solution.__dict__["overnight_cents"] = 0  # as if it had been computed wrongly
    with pytest.raises(InfeasibleSolutionError, match="overnight_cents is 0; it is 9000"):
        referee.check(two_days, solution)


def test_a_missing_required_client_is_no_fault_as_long_as_it_is_told(one_day: Problem) -> None:
    clients = tuple(replace(c, required=True) for c in one_day.clients)
    problem = replace(one_day, clients=clients)
    solution = plan_one_day(problem, (0, 1))
    referee.check(problem, solution)
    assert solution.missing_required == (2, 3)


def some_solution(seed: int) -> Solution | None:
    """Any feasible plan of a tiny problem, drawn from a seed."""
    problem = random_problem(seed)
    random = np.random.default_rng(seed)
    left = list(range(len(problem.clients)))
    place = problem.shifts[0].start_location
    routes = []
    for k, shift in enumerate(problem.shifts):
        start = place if shift.start_location is None else shift.start_location
        assert start is not None
        ends = [shift.end_location]
        if shift.end_location is None:
            ends = [p.location_index for p in problem.overnight_places]
        route = None
        for _ in range(30):
            end = ends[int(random.integers(len(ends)))]
            assert end is not None
            size = int(random.integers(0, min(4, len(left) + 1)))
            sequence = tuple(int(x) for x in random.permutation(left)[:size])
            found = schedule_route(problem, k, start, sequence, end)
            if found is not None and (route is None or len(found.visits) > len(route.visits)):
                route = found
        if route is None:
            return None
        left = [i for i in left if all(v.client_index != i for v in route.visits)]
        place = route.end_location
        routes.append(route)
    solution = Solution(replace(problem, max_travel_s=None), tuple(routes))
    return solution


seeds = st.integers(0, 10_000)


@given(seeds)
def test_every_scheduled_plan_passes(seed: int) -> None:
    solution = some_solution(seed)
    if solution is not None:
        referee.check(solution.problem, solution)


@given(seeds, st.randoms(use_true_random=False))
def test_renumbering_clients_keeps_the_value(seed: int, random: Random) -> None:
    solution = some_solution(seed)
    if solution is None:
        return
    order = list(range(len(solution.problem.clients)))
    random.shuffle(order)
    clients = tuple(solution.problem.clients[i] for i in order)
    problem = replace(solution.problem, clients=clients)
    new_index = {old: new for new, old in enumerate(order)}
    routes = tuple(
        replace(
            route,
            visits=tuple(replace(v, client_index=new_index[v.client_index]) for v in route.visits),
        )
        for route in solution.routes
    )
    renumbered = Solution(problem, routes)
    referee.check(problem, renumbered)
    assert renumbered.value_cents == solution.value_cents


@given(seeds)
def test_read_backwards_a_route_is_as_long(seed: int) -> None:
    """On a symmetric matrix, without windows."""
    solution = some_solution(seed)
    if solution is None:
        return
    clients = tuple(replace(c, time_windows=()) for c in solution.problem.clients)
    problem = replace(solution.problem, clients=clients)
    for k, route in enumerate(solution.routes):
        sequence = tuple(v.client_index for v in route.visits)
        forth = schedule_route(problem, k, route.start_location, sequence, route.end_location)
        back = schedule_route(problem, k, route.end_location, sequence[::-1], route.start_location)
        assert forth is not None
        assert back is not None
        assert (back.travel_s, back.distance_m, back.worked_s) == (
            forth.travel_s,
            forth.distance_m,
            forth.worked_s,
        )


@given(seeds, st.integers(-3, 3).filter(bool))
def test_no_time_of_a_plan_can_be_altered_alone(seed: int, by: int) -> None:
    """Arrivals follow from departures, so that a change of one of them shows."""
    solution = some_solution(seed)
    if solution is None:
        return
    for k, route in enumerate(solution.routes):
        for spoilt in (
            replace(route, departure_s=route.departure_s + by),
            replace(route, arrival_s=route.arrival_s + by),
        ):
            with pytest.raises(InfeasibleSolutionError):
                referee.check(solution.problem, with_route(solution, k, spoilt))
