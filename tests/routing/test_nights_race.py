"""Chains of places for the nights that race."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from routing import referee
from routing.direct_trip import direct_trip
from routing.problem import Problem
from routing.search.arrays import Arrays, build_arrays
from routing.search.nights_race import NightsRace, is_worth_it, starting_chains
from routing.search.plan import Plan
from routing.search.side_by_side import quality
from routing.search.start import Terminals, promising_nights, terminals_of
from routing.solution import Solution
from routing.solve import solve
from routing.stop import MaxIterations
from tests.routing.enumeration import best_plan, optimum_of
from tests.routing.tiny import random_problem

LONG = MaxIterations(30_000)
"""For six clients, long enough for a race."""

WITH_NIGHTS = (3, 7, 11, 15)
"""Seeds of problems whose nights are chosen."""


def prepared(seed: int) -> tuple[Problem, Arrays, Terminals]:
    problem = random_problem(seed)
    arrays = build_arrays(problem)
    return problem, arrays, terminals_of(arrays, direct_trip(problem))


def ends_of(plan: Plan) -> list[int]:
    return [int(plan.best_stop[s, plan.best_visits[s] + 1]) for s in range(len(plan.visits))]


@pytest.mark.parametrize("seed", WITH_NIGHTS)
def test_promising_chains_differ_and_the_first_one_is_the_most_promising(seed: int) -> None:
    _, arrays, terminals = prepared(seed)
    chains = promising_nights(arrays, terminals, 50)
    assert len({tuple(chain) for chain in chains}) == len(chains) > 1
    assert promising_nights(arrays, terminals, 1) == chains[:1]
    assert promising_nights(arrays, terminals, 3) == chains[:3]
    for chain in chains:
        assert all(one[1] == other[0] for one, other in pairwise(chain))


@pytest.mark.parametrize("seed", WITH_NIGHTS)
def test_runners_sleep_where_they_began_to_and_the_best_half_goes_on(seed: int) -> None:
    _, arrays, terminals = prepared(seed)
    race = NightsRace.start(arrays, starting_chains(arrays, terminals, 1), seed=1)
    chains = {id(runner): ends_of(runner) for runner in race.runners}
    assert len({tuple(ends) for ends in chains.values()}) == len(race.runners)
    for number in range(race.rounds):
        before = len(race.runners)
        done = race.run(500, number / race.rounds)
        assert done == 500 * before
        assert [ends_of(runner) for runner in race.runners] == [
            chains[id(runner)] for runner in race.runners
        ]
        worst_of_best = quality(race.runners[max(1, before // 2) - 1])
        assert all(quality(r) <= worst_of_best for r in race.runners[max(1, before // 2) :])
        race.drop_out()
        assert len(race.runners) == max(1, before // 2)
    assert race.runners == [race.winner]


def test_only_long_runs_with_nights_to_choose_are_worth_a_race() -> None:
    _, arrays, _ = prepared(3)
    n = len(arrays.client_of)
    assert is_worth_it(arrays, 2_000 * n)
    assert not is_worth_it(arrays, 2_000 * n - 1)
    _, without, _ = prepared(2)
    assert not is_worth_it(without, 1e9)


@pytest.mark.parametrize("seed", WITH_NIGHTS)
def test_a_race_leads_to_the_best_plan_and_tells_of_better_ones_on_the_way(seed: int) -> None:
    problem, arrays, _ = prepared(seed)
    assert is_worth_it(arrays, LONG.max_iterations)
    told: list[tuple[Solution, int]] = []
    found = solve(problem, LONG, 5, on_improvement=lambda *news: told.append(news))
    assert optimum_of(found.best) == best_plan(problem)
    assert told[-1][0].value_cents == found.best.value_cents
    for solution, _ in told:
        referee.check(problem, solution)
    iterations = [at for _, at in told]
    assert iterations == sorted(iterations)


def test_a_race_of_two_searches_is_the_same_on_one_thread_and_on_two() -> None:
    problem, _, _ = prepared(7)
    with ThreadPoolExecutor(2) as threads:

        def at_once(do: Any, things: list[Any]) -> Iterable[Any]:
            return threads.map(do, things)

        both = solve(problem, LONG, 5, searches=2, map_searches=at_once)
    alone = solve(problem, LONG, 5, searches=2)
    assert both.best.routes == alone.best.routes
    assert both.iterations == alone.iterations
