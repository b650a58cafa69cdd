"""Solve a problem: the best plan that can be found until told to stop."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from routing.direct_trip import direct_trip
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.search.arrays import Arrays, build_arrays
from routing.search.loop import construct, run
from routing.search.nights_race import NightsRace, is_worth_it, starting_chains
from routing.search.operators import SHARE, WEIGHT, shares
from routing.search.plan import Plan, new_plan
from routing.search.side_by_side import adopt, exchange, quality
from routing.search.start import (
    Terminals,
    construct_greedily,
    promising_nights,
    set_plan,
    terminals_of,
)
from routing.solution import Solution
from routing.stop import StopCriterion

HOT, COLD = 1.5, 0.05
"""Temperatures at the start and at the end, in mean prizes."""

WARM = 0.15
"""Temperature at the start when there is a plan to go on from."""

SEED_STEP = 1_000_003
"""Between the seeds of searches side by side."""

RACE_SHARE = 0.4
"""Of a run that is long enough, for finding out where to spend the nights."""

PROBE = 250
"""Iterations from which the speed of the search is known."""

EXCHANGES = 20
"""How often searches side by side tell each other of their best, over the whole run."""

OnImprovement = Callable[[Solution, int], None]

Map = Callable[[Callable[[Any], Any], list[Any]], Iterable[Any]]
"""Applies a function to each of several searches: `map`, or that of an executor of threads."""


@dataclass(frozen=True, slots=True)
class Result:
    """
    What a search found.

    Parameters
    ----------
    best
        Every required client that the search could keep, then the highest value.
    iterations
        Done by each search.
    stopped_by
        `reason` of the stop criterion.
    """

    best: Solution
    iterations: int
    stopped_by: str


def solve(
    problem: Problem,
    stop: StopCriterion,
    seed: int = 0,
    on_improvement: OnImprovement | None = None,
    initial: Solution | None = None,
    searches: int = 1,
    map_searches: Map = map,
) -> Result:
    """
    Solve a profitable tour by large neighbourhood search.

    The same problem, seed, initial solution, number of searches and iteration budget give the same
    answer, whatever else runs at the time and however the searches are mapped.

    Parameters
    ----------
    on_improvement
        Called with the first plan, which takes milliseconds, and with every better one, between
        batches of iterations; with it the number of iterations done.
    initial
        A feasible solution of the same problem to go on from.
    searches
        Independent searches side by side, each with the whole budget of iterations. Now and then
        they tell each other of their best plans.
    map_searches
        Runs them; compiled code lets other threads run, so with two threads on two cores two
        searches take the time of one.

    Raises
    ------
    NoDirectTripError
        When not even a plan without visits exists.
    """
    empty = direct_trip(problem)
    arrays = build_arrays(problem)
    plans = [new_plan(arrays, seed + number * SEED_STEP) for number in range(searches)]
    first = plans[0]
    terminals = terminals_of(arrays, empty)
    if initial is not None:
        _begin_with(arrays, first, initial)
    else:
        construct_greedily(arrays, first, terminals)
        if arrays.is_night_chosen.any():
            for promising in promising_nights(arrays, terminals, 1):
                if promising != terminals:
                    construct_greedily(arrays, first, promising)
    for plan in plans:
        adopt(arrays, plan, first)
        plan.operator[SHARE] = shares(len(problem.shifts), len(arrays.chosen_nights))
        plan.operator[WEIGHT] = 1.0

    told = quality(first)
    if on_improvement is not None:
        on_improvement(_best_solution(problem, arrays, first), 0)

    def tell_if_better(plan: Plan, iterations: int) -> None:
        nonlocal told
        if quality(plan) > told:
            told = quality(plan)
            if on_improvement is not None:
                on_improvement(_best_solution(problem, arrays, plan), iterations)

    iterations, begun = 0, 0.0
    if initial is None and arrays.is_night_chosen.any() and len(arrays.client_of) > 0:
        iterations, begun = _choose_nights(
            arrays, plans, terminals, seed, stop, map_searches, tell_if_better
        )
    hot = HOT if initial is None else WARM
    exchanges = 1 + int(begun * EXCHANGES)
    while (progress := stop.progress(iterations)) < 1.0 and len(arrays.client_of) > 0:
        cooled_share = (progress - begun) / (1.0 - begun)
        temperature = arrays.scale_cents * hot * (COLD / hot) ** cooled_share
        batch = stop.batch_size(iterations)
        list(map_searches(partial(_run_batch, arrays, batch, temperature), plans))
        iterations += batch
        tell_if_better(max(plans, key=quality), iterations)
        if progress * EXCHANGES >= exchanges:
            exchanges += 1
            exchange(arrays, plans)
    return Result(_best_solution(problem, arrays, max(plans, key=quality)), iterations, stop.reason)


def _choose_nights(
    arrays: Arrays,
    plans: list[Plan],
    terminals: Terminals,
    seed: int,
    stop: StopCriterion,
    map_searches: Map,
    tell: Callable[[Plan, int], None],
) -> tuple[int, float]:
    """
    Let chains of places for the nights race, if the run is long enough for that.

    Returns
    -------
    tuple[int, float]
        Iterations done by each search, and the progress at which the cooling begins.
    """
    before, iterations = stop.progress(0), 0
    while iterations < PROBE and (begun := stop.progress(iterations)) < 1.0:
        batch = stop.batch_size(iterations)
        temperature = arrays.scale_cents * HOT * (COLD / HOT) ** begun
        list(map_searches(partial(_run_batch, arrays, batch, temperature), plans))
        iterations += batch
        tell(max(plans, key=quality), iterations)
    begun = stop.progress(iterations)
    if begun >= 1.0 or not is_worth_it(arrays, iterations * (1.0 - before) / (begun - before)):
        return iterations, 0.0
    chains = starting_chains(arrays, terminals, seed)
    races = [
        NightsRace.start(arrays, chains, seed + number * SEED_STEP) for number in range(len(plans))
    ]
    rounds = races[0].rounds
    for number in range(rounds):
        until = begun + RACE_SHARE * (number + 1) / rounds
        while (progress := stop.progress(iterations)) < until:
            at_once, share = stop.batch_size(iterations), (progress - begun) / RACE_SHARE
            iterations += max(map_searches(partial(_run_race, at_once, share), races))
            tell(max((race.winner for race in races), key=quality), iterations)
        for race in races:
            race.drop_out()
    for plan, race in zip(plans, races, strict=True):
        adopt(arrays, plan, race.winner)
    return iterations, stop.progress(iterations)


def _run_race(iterations: int, progress: float, race: NightsRace) -> int:
    return race.run(iterations, progress)


def _run_batch(arrays: Arrays, iterations: int, temperature: float, plan: Plan) -> bool:
    return run(arrays, plan, iterations, temperature)


def _begin_with(arrays: Arrays, plan: Plan, initial: Solution) -> None:
    row_of = {int(client): row for row, client in enumerate(arrays.client_of)}
    visits = [
        # Clients without a prize are no part of the arrays; leaving them out costs nothing.
        [row_of[v.client_index] for v in route.visits if v.client_index in row_of]
        for route in initial.routes
    ]
    set_plan(plan, terminals_of(arrays, initial), visits)
    construct(arrays, plan, 0.5, 0)


def _best_solution(problem: Problem, arrays: Arrays, plan: Plan) -> Solution:
    routes = []
    for shift in range(len(plan.visits)):
        count = int(plan.best_visits[shift])
        stops = plan.best_stop[shift, : count + 2]
        route = schedule_route(
            problem,
            shift,
            int(arrays.location_of[stops[0]]),
            [int(arrays.client_of[row]) for row in stops[1:-1]],
            int(arrays.location_of[stops[-1]]),
        )
        assert route is not None  # the search keeps the same rules
        routes.append(route)
    return Solution(problem, tuple(routes))
