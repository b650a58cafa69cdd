"""What the search promises, whatever it does inside."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from routing import referee
from routing.direct_trip import direct_trip
from routing.errors import NoDirectTripError
from routing.problem import Client, OvernightPlace, Problem, Shift, TimeWindow
from routing.schedule import schedule_route
from routing.solution import Solution
from routing.solve import SEED_STEP, solve
from routing.stop import FirstOf, MaxIterations, MaxRuntime
from tests.routing.conftest import HOUR_S, line_matrices
from tests.routing.enumeration import best_plan, optimum_of
from tests.routing.tiny import random_problem, random_week

ITERATIONS = 2_000


def find(problem: Problem, seed: int = 0, iterations: int = ITERATIONS) -> Solution:
    best = solve(problem, MaxIterations(iterations), seed).best
    referee.check(problem, best)
    return best


def test_the_best_three_of_four_are_found(one_day: Problem) -> None:
    best = find(one_day)
    assert sorted(best.visited) == [0, 1, 3]
    assert best.value_cents == 300


def test_a_prize_that_pays_for_the_detour_moves_the_plan(one_day: Problem) -> None:
    """With 250 for client 2 it is worth two of the others."""
    dear = replace(one_day.clients[2], prize_cents=250)
    problem = replace(one_day, clients=(*one_day.clients[:2], dear, one_day.clients[3]))
    assert find(problem).value_cents == 350


def test_nights_and_visits_fall_into_place(two_days: Problem) -> None:
    best = find(two_days)
    assert best.visited == (0, 1)
    assert best.paid_nights == (4,)
    assert best.value_cents == -67_000


def test_a_required_client_comes_before_any_prize(one_day: Problem) -> None:
    must = replace(one_day.clients[2], required=True, prize_cents=0)
    problem = replace(one_day, clients=(*one_day.clients[:2], must, one_day.clients[3]))
    best = find(problem)
    assert best.missing_required == ()
    assert best.value_cents == 100


def test_a_required_client_is_visited_at_a_loss(two_days: Problem) -> None:
    must = replace(two_days.clients[0], required=True, prize_cents=0)
    problem = replace(two_days, clients=(must, two_days.clients[1]))
    assert find(problem).visited == (0, 1)


def test_of_required_clients_that_exclude_each_other_most_are_kept(one_day: Problem) -> None:
    clients = tuple(replace(c, required=True, prize_cents=0) for c in one_day.clients)
    best = find(replace(one_day, clients=clients))
    assert best.missing_required == (2,)


def test_a_visit_that_costs_more_than_it_brings_is_left_out(two_days: Problem) -> None:
    """Half an hour costs EUR 30."""
    poor = replace(two_days.clients[0], prize_cents=2_999)
    problem = replace(two_days, clients=(poor, two_days.clients[1]))
    assert find(problem).visited == (1,)
    enough = replace(two_days.clients[0], prize_cents=3_001)
    problem = replace(two_days, clients=(enough, two_days.clients[1]))
    assert find(problem).visited == (0, 1)


def test_waiting_that_has_to_be_paid_counts_against_a_visit(lunch_break: Problem) -> None:
    """
    A second client, 10 minutes behind the first, is open from 4:00 to 5:00 only.

    The first alone takes 3 h of work. With the second before it: 1 from 5:00 to 5:10, at 0 by
    5:20, waiting until 6:00: 40 minutes of wait, 20 of way and 10 of service are EUR 70 more.
    """
    duration_s, distance_m = line_matrices([0, 60, 70])
    late = Client(2, 600, 3_000, time_windows=(TimeWindow(4 * HOUR_S, 5 * HOUR_S),))
    problem = replace(
        lunch_break,
        clients=(*lunch_break.clients, late),
        duration_s=duration_s,
        distance_m=distance_m,
    )
    best = find(problem)
    assert best.visited == (0,)
    assert best.worked_s == 3 * HOUR_S
    dear = replace(problem, clients=(problem.clients[0], replace(late, prize_cents=7_001)))
    assert sorted(find(dear).visited) == [0, 1]


def test_leaving_two_days_later_saves_two_nights() -> None:
    """Three days for a round trip, and the only client is open on the third."""
    duration_s, distance_m = line_matrices([0, 60])
    day = 24 * HOUR_S
    window = (TimeWindow(2 * day, 3 * day),)
    problem = Problem(
        (Client(1, HOUR_S, 50_000, time_windows=window),),
        (
            Shift(8 * HOUR_S, 18 * HOUR_S, 0, None),
            Shift(day + 8 * HOUR_S, day + 18 * HOUR_S, None, None),
            Shift(2 * day + 8 * HOUR_S, 2 * day + 18 * HOUR_S, None, 0),
        ),
        duration_s,
        distance_m,
        (OvernightPlace(0, 9_000), OvernightPlace(1, 9_000)),
        hour_rate_cents=4_500,
    )
    best = find(problem)
    assert [route.is_idle for route in best.routes] == [True, True, False]
    assert best.paid_nights == ()
    assert best.value_cents == 50_000 - 3 * 4_500


def test_the_limit_on_driving_is_kept(one_day: Problem) -> None:
    duration_s, distance_m = line_matrices([0, 60, 20, 40, 120, 70])
    problem = replace(one_day, duration_s=duration_s, distance_m=distance_m)
    assert find(problem).value_cents == 300
    assert sorted(find(replace(problem, max_travel_s=79 * 60)).visited) == [0, 1]
    assert sorted(find(replace(problem, max_travel_s=80 * 60)).visited) == [0, 1, 3]


def test_the_first_plan_is_handed_over_and_every_better_one_after_it(one_day: Problem) -> None:
    problem = random_problem(3, clients=7)
    seen: list[tuple[Solution, int]] = []
    result = solve(
        problem, MaxIterations(600), 0, on_improvement=lambda s, done: seen.append((s, done))
    )
    assert seen[0][1] == 0
    for solution, _ in seen:
        referee.check(problem, solution)
    ranks = [(-len(s.missing_required), s.value_cents) for s, _ in seen]
    assert ranks == sorted(set(ranks))
    assert seen[-1][0].value_cents == result.best.value_cents
    assert (result.iterations, result.stopped_by) == (600, "iteration_limit")


def test_an_initial_plan_is_never_made_worse(two_days: Problem) -> None:
    for seed in range(20):
        problem = random_problem(seed, clients=7)
        try:
            good = find(problem, seed=1)
        except NoDirectTripError:
            continue
        best = solve(problem, MaxIterations(1), 2, initial=good).best
        referee.check(problem, best)
        assert len(best.missing_required) <= len(good.missing_required)
        assert best.value_cents >= good.value_cents


def test_without_clients_the_direct_trip_is_the_plan(two_days: Problem) -> None:
    problem = replace(two_days, clients=())
    assert find(problem).routes == direct_trip(problem).routes


def test_clients_closed_on_all_days_are_left_out(one_day: Problem) -> None:
    closed = tuple(
        replace(c, required=True, time_windows=(TimeWindow(9 * HOUR_S, 10 * HOUR_S),))
        for c in one_day.clients
    )
    best = find(replace(one_day, clients=closed))
    assert best.visited == ()
    assert best.missing_required == (0, 1, 2, 3)


def test_no_way_through_is_refused(two_days: Problem) -> None:
    with pytest.raises(NoDirectTripError):
        find(replace(two_days, overnight_places=two_days.overnight_places[:4]))


def medium_problem(seed: int = 5, clients: int = 60) -> Problem:
    """Three days around chosen nights, with what a real trip has."""
    random = np.random.default_rng(seed)
    xy = random.uniform(0, 200, (clients + 6, 2))
    km = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    day = 24 * HOUR_S
    drawn = [
        Client(
            6 + k,
            1800,
            int(random.lognormal(9, 1)),
            required=k % 25 == 7,
            time_windows=tuple(
                TimeWindow(d * day + 8 * HOUR_S, d * day + 15 * HOUR_S) for d in range(3)
            )
            if k % 2
            else (),
        )
        for k in range(clients)
    ]
    return Problem(
        tuple(drawn),
        tuple(
            Shift(
                d * day + 8 * HOUR_S,
                d * day + 18 * HOUR_S,
                0 if d == 0 else None,
                1 if d == 2 else None,
            )
            for d in range(3)
        ),
        np.ceil(km * 60).astype(np.int64),
        np.ceil(km * 1000).astype(np.int64),
        tuple(OvernightPlace(k, 11_000 if k > 1 else 0) for k in range(6)),
        hour_rate_cents=4_500,
        km_rate_cents=30,
        max_travel_s=20 * HOUR_S,
    )


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = medium_problem()
    first, second = find(problem, seed=3), find(problem, seed=3)
    assert first.routes == second.routes


def test_a_time_limit_that_does_not_strike_changes_nothing() -> None:
    problem = medium_problem()
    limited = FirstOf((MaxIterations(ITERATIONS), MaxRuntime(1e9, lambda: 0.0)))
    assert solve(problem, limited, 3).best.routes == find(problem, seed=3).routes


def test_searches_at_the_same_time_do_not_disturb_each_other() -> None:
    problems = [medium_problem(seed, 30 + 10 * seed) for seed in range(4)]
    alone = [find(problem, seed=1).routes for problem in problems]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda problem: find(problem, seed=1).routes, problems))
    assert together == alone


def test_a_client_without_a_prize_changes_nothing() -> None:
    problem = medium_problem()
    nobody = replace(problem.clients[4], prize_cents=0, required=False)
    problem = replace(problem, clients=(*problem.clients[:4], nobody, *problem.clients[5:]))
    without = replace(problem, clients=(*problem.clients[:4], *problem.clients[5:]))
    assert find(problem).value_cents == find(without).value_cents


def test_no_visit_of_a_plan_is_made_at_a_loss() -> None:
    """Dropping any optional visit never helps."""
    problem = medium_problem()
    best = find(problem)
    assert len(best.visited) > 5
    for k, route in enumerate(best.routes):
        sequence = [v.client_index for v in route.visits]
        for index in sequence:
            if problem.clients[index].required:
                continue
            rest = [i for i in sequence if i != index]
            shorter = schedule_route(problem, k, route.start_location, rest, route.end_location)
            assert shorter is not None
            routes = (*best.routes[:k], shorter, *best.routes[k + 1 :])
            assert Solution(problem, routes).value_cents <= best.value_cents


@pytest.mark.parametrize("seed", range(48))
def test_nothing_better_exists_than_what_is_found(seed: int) -> None:
    """Against trying everything: never better, and as good on all of these."""
    problem = random_problem(seed, clients=6 if seed % 4 < 3 else 5)
    optimum = best_plan(problem)
    if optimum is None:
        with pytest.raises(NoDirectTripError):
            find(problem)
        return
    best = find(problem, seed=1)
    assert optimum_of(best) == optimum


@pytest.mark.parametrize("seed", range(60))
def test_nothing_better_exists_in_a_week_that_holds_everything(seed: int) -> None:
    """Breaks, limits, setups, day prizes, groups, precedence: never better, and as good."""
    problem = random_week(seed)
    optimum = best_plan(problem)
    if optimum is None:
        with pytest.raises(NoDirectTripError):
            find(problem)
        return
    assert optimum_of(find(problem, 1, 4_000)) == optimum


@pytest.mark.parametrize("seed", [3, 7, 11])
def test_two_searches_side_by_side_give_the_same_plan_on_one_core_and_on_two(seed: int) -> None:
    problem = medium_problem()
    alone = solve(problem, MaxIterations(1_500), seed, searches=2)
    with ThreadPoolExecutor(2) as threads:
        together = solve(problem, MaxIterations(1_500), seed, searches=2, map_searches=threads.map)
    referee.check(problem, alone.best)
    assert together.best.routes == alone.best.routes


def test_two_searches_are_no_worse_than_the_worse_of_them() -> None:
    """Each goes its own way until they exchange; the better one is answered."""
    problem = medium_problem()
    both = solve(problem, MaxIterations(300), 5, searches=2).best
    assert both.quality >= min(
        solve(problem, MaxIterations(300), seed).best.quality for seed in (5, 5 + SEED_STEP)
    )


def test_seven_clients_with_windows_nights_and_musts_are_solved_exactly() -> None:
    problem = random_problem(3, clients=7)
    assert problem.has_free_nights
    optimum = best_plan(problem)
    for seed in range(10):
        best = find(problem, seed=seed)
        assert optimum_of(best) == optimum


@pytest.mark.parametrize("seed", range(0, 40, 4))
def test_a_longer_shift_never_lowers_the_best_value(seed: int) -> None:
    problem = random_problem(seed, clients=5)
    before = best_plan(problem)
    longer = tuple(replace(s, end_s=s.end_s + 15) for s in problem.shifts)
    after = best_plan(replace(problem, shifts=longer))
    assert before is None or (after is not None and after >= before)
