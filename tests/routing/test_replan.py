"""What was told is changed only for a gain above its price: by hand, and against trying all."""

from dataclasses import replace

import numpy as np
import pytest

from routing import referee
from routing.errors import InvalidProblemError
from routing.explain import explain
from routing.problem import Problem, TimeWindow
from routing.replan import Promise, PromisedProblem, with_promises
from routing.solution import Solution
from routing.solve import solve
from routing.stop import MaxIterations
from tests.routing.enumeration import Optimum, best_plan, optimum_of
from tests.routing.side_roads import MIN, client, plan, road
from tests.routing.tiny import random_week


def solved(problem: Problem, initial: Solution | None = None) -> Solution:
    best = solve(problem, MaxIterations(1_500), 1, initial=initial).best
    referee.check(problem, best)
    return best


def two_on_the_road() -> Problem:
    """
    START ---- 10 ---- 30 ---- END, visits of 10 at 10 and at 30; the second one by minute 45.

    Both along the road take 60 of driving and 20 of service: 180 - 80 = 100. If the first one is
    to begin at 60, the other comes before it: at 30 until 40, back at 10 at 60, at END at 120, when
    the day is over. That takes 40 more.
    """
    return road([(10, 0), (30, 0)], [client(2, 90), client(3, 90, windows_min=[(0, 45)])])


def told(problem: Problem, start_min: int, price_eur: int) -> PromisedProblem:
    """The first client was told this minute, give or take five."""
    return with_promises(problem, [Promise(0, start_min * MIN, 5 * MIN, 100 * price_eur)])


def test_a_promise_is_broken_where_keeping_it_costs_more_than_its_price() -> None:
    promised = told(two_on_the_road(), 60, 39)
    settled = promised.settle(solved(promised.problem))
    assert promised.kept(settled) == ()
    assert (settled.visited, settled.value_cents) == ((0, 1), 10_000)


def test_a_promise_is_kept_where_breaking_it_costs_more() -> None:
    promised = told(two_on_the_road(), 60, 41)
    settled = promised.settle(solved(promised.problem))
    assert promised.kept(settled) == promised.promises
    assert settled.visited == (1, 0)
    assert settled.routes[0].visits[1].start_s == 60 * MIN
    assert Solution(promised.original, settled.routes).value_cents == 6_000


def test_a_promise_that_costs_nothing_is_kept_for_a_cent() -> None:
    """One may leave later, and be at the first client between 45 and 50, when it is told 50."""
    problem = road([(10, 0), (30, 0)], [client(2, 90), client(3, 90)])
    promised = with_promises(problem, [Promise(0, 50 * MIN, 5 * MIN, 1)])
    settled = promised.settle(solved(promised.problem))
    assert promised.kept(settled) == promised.promises
    assert settled.visited == (0, 1)


def test_a_promise_that_its_windows_rule_out_is_none() -> None:
    problem = road([(10, 0)], [client(2, 90, windows_min=[(0, 20)])])
    promised = told(problem, 60, 1_000)
    assert promised.promises == ()
    assert len(promised.problem.clients) == 1


def test_a_time_that_is_fixed_anyway_needs_no_alternative() -> None:
    problem = road([(10, 0)], [client(2, 90, windows_min=[(60, 60)])])
    promised = told(problem, 60, 25)
    assert [one.prize_cents for one in promised.problem.clients] == [11_500]
    assert promised.kept_as == (0,)


def test_a_promise_keeps_within_the_hours_of_its_place() -> None:
    """Told 60, give or take 5; closed from 58 to 62."""
    problem = road([(10, 0)], [client(2, 90, windows_min=[(0, 58), (62, 90)])])
    keeper = told(problem, 60, 25).problem.clients[1]
    assert keeper.time_windows == (
        TimeWindow(55 * MIN, 58 * MIN),
        TimeWindow(62 * MIN, 65 * MIN),
    )


def test_the_explanation_of_a_kept_promise_counts_its_prize_alone() -> None:
    """Without the first visit of the plan that goes back, 50 of driving and service are saved."""
    promised = told(two_on_the_road(), 60, 41)
    settled = promised.settle(solved(promised.problem))
    explanation = explain(settled.problem, settled)
    assert not explanation.improved
    shown = promised.without_prices(explanation)
    referee.check(promised.original, shown.solution)
    first = next(why for why in shown.visits if why.client_index == 0)
    assert (first.added_cost_cents, first.net_cents, first.rank) == (5_000, 4_000, 1)
    # It may not begin later than 60, since the day is over at 120.
    assert first.slack_s == 0


def test_a_plan_to_begin_with_keeps_what_it_keeps() -> None:
    problem = two_on_the_road()
    promised = told(problem, 12, 25)
    begun = promised.begin_with(plan(problem, (0, 1)))
    referee.check(promised.problem, begun)
    assert begun.visited == (2, 1)
    assert solved(promised.problem, begun).value_cents == 10_000 + 2_500


def test_two_promises_to_one_client_are_refused() -> None:
    promise = Promise(0, 0, 0, 0)
    with pytest.raises(InvalidProblemError, match="two promises"):
        with_promises(two_on_the_road(), [promise, promise])
    with pytest.raises(InvalidProblemError, match="there are 2"):
        with_promises(two_on_the_road(), [Promise(2, 0, 0, 0)])


def drawn(seed: int, price_cents: int) -> PromisedProblem:
    """A tiny week in which two clients were told some time."""
    problem = random_week(seed, 4)
    random = np.random.default_rng([seed, 2])
    end_s = problem.shifts[-1].end_s
    return with_promises(
        problem,
        [
            Promise(
                int(index),
                int(random.integers(0, end_s)),
                int(random.integers(0, 12)),
                price_cents,
            )
            for index in random.choice(len(problem.clients), 2, replace=False)
        ],
    )


def without_twins(promised: PromisedProblem, optimum: Optimum) -> Optimum:
    """Of two alternatives that must be visited one is always missing."""
    n, missing = len(promised.original.clients), list(optimum.minus_missing)
    for twin in promised.problem.clients[n:]:
        missing[3 - twin.precedence] += twin.required
    return Optimum(tuple(missing), optimum.value_cents)


SEEDS = range(24)


@pytest.mark.parametrize("seed", SEEDS)
def test_promises_that_cost_nothing_to_break_change_no_optimum(seed: int) -> None:
    promised = drawn(seed, price_cents=0)
    plain, best = best_plan(promised.original), best_plan(promised.problem)
    assert (plain is None) == (best is None)
    if plain is not None and best is not None:
        assert without_twins(promised, best) == plain


@pytest.mark.parametrize("seed", SEEDS)
def test_the_best_balance_of_prizes_and_promises_is_found(seed: int) -> None:
    """Against trying everything; the price is about that of a visit."""
    promised = drawn(seed, price_cents=25)
    optimum = best_plan(promised.problem)
    if optimum is None:
        return
    best = solved(promised.problem)
    assert optimum_of(best) == optimum
    settled = promised.settle(best)
    referee.check(settled.problem, settled)
    assert settled.value_cents == best.value_cents
    plain = Solution(promised.original, settled.routes)
    referee.check(promised.original, plain)
    assert settled.value_cents - plain.value_cents == 25 * len(promised.kept(settled))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_high_price_keeps_every_promise_that_can_be_kept(seed: int) -> None:
    """Those that can be kept together are as many as bring something when nothing else does."""
    promised = drawn(seed, price_cents=1_000_000)
    best = best_plan(promised.problem)
    if best is None:
        return
    clients = promised.problem.clients
    alone = replace(
        promised.problem,
        clients=tuple(
            replace(
                one,
                prize_cents=1_000_000 if index in promised.kept_as else 0,
                shift_prizes_cents=(),
            )
            for index, one in enumerate(clients)
        ),
        hour_rate_cents=0,
        km_rate_cents=0,
        overnight_places=tuple(
            replace(place, cost_cents=0) for place in promised.problem.overnight_places
        ),
    )
    most = best_plan(alone)
    assert most is not None
    settled = promised.settle(solved(promised.problem))
    assert len(promised.kept(settled)) == most.value_cents // 1_000_000
