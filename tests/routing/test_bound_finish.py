"""Where few routes are in question the bound is the best plan, not only above it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from routing.bound import upper_bound
from routing.bound.column_generation import MAX_LABELS
from routing.bound.first_guess import first_duals
from routing.bound.ground import build_ground
from routing.bound.lagrangian import Lagrangian
from routing.bound.neighbourhoods import Neighbourhoods
from routing.bound.network import build_network
from routing.bound.pricing import Pricing, Task
from routing.bound.shift_kinds import shift_kinds
from routing.problem import Problem
from routing.stop import MaxIterations
from tests.routing.enumeration import best_plan
from tests.routing.tiny import random_problem, random_week

ROUNDS = 100


def without_required(problem: Problem) -> Problem:
    """A plan without visits is then an incumbent like any other."""
    clients = tuple(replace(client, required=False, precedence=0) for client in problem.clients)
    return replace(problem, clients=clients, max_travel_s=None)


@pytest.mark.parametrize("make", [random_problem, random_week])
def test_the_bound_meets_the_best_plan(make: Callable[[int, int], Problem]) -> None:
    """Hours and kilometres round in favour of a plan or against it, by a cent in all."""
    met = 0
    for seed in range(60):
        problem = without_required(make(seed, 5))
        optimum = best_plan(problem)
        if optimum is None:
            continue
        bound = upper_bound(problem, None, MaxIterations(ROUNDS))
        assert bound.upper_bound_cents is not None
        assert bound.is_converged
        assert 0 <= bound.upper_bound_cents - optimum.value_cents <= 1, seed
        if bound.best is not None:
            assert optimum.value_cents - bound.best.value_cents <= 1, seed
            met += 1
    assert met > 20


def test_bounds_on_completions_leave_out_nothing_wanted() -> None:
    """A cutoff below the best route prunes labels, but the best route is found all the same."""
    pruned = 0
    for seed in range(80):
        problem = without_required(random_week(seed, 7))
        ground = build_ground(problem, keeps_required=False)
        kinds = shift_kinds(ground)
        network = build_network(problem, kinds)
        neighbourhoods = Neighbourhoods(ground)
        pricing = Pricing(ground, kinds, neighbourhoods.words, MAX_LABELS)
        duals = first_duals(ground, kinds, network)
        for number, kind in enumerate(kinds):
            starts = np.zeros(len(kind.forward.starts))
            ends = np.zeros(len(kind.forward.ends))
            for is_backward in (False, True):
                task = Task(number, starts, ends, -np.inf, is_backward)
                whole = pricing.price(task, duals, neighbourhoods.memory())
                best = float(whole.far_values.max())
                if best == -np.inf:
                    continue
                wanted = replace(task, cutoff=best - 0.5)
                found = pricing.price(wanted, duals, neighbourhoods.memory())
                assert found.far_values.max() == pytest.approx(best), (seed, number)
                pruned += found.labels < whole.labels
    assert pruned > 100


def test_all_routes_hold_those_of_the_best_plan() -> None:
    """With everything to spare, nothing that visits no client twice is left out."""
    problem = without_required(random_problem(3, 5))
    ground = build_ground(problem, keeps_required=False)
    kinds = shift_kinds(ground)
    network = build_network(problem, kinds)
    neighbourhoods = Neighbourhoods(ground)
    lagrangian = Lagrangian(network, Pricing(ground, kinds, neighbourhoods.words, MAX_LABELS))
    duals = first_duals(ground, kinds, network)
    evaluation = lagrangian.evaluate(duals, neighbourhoods.memory())
    few = lagrangian.routes_of_plans_within(1.0, evaluation.duals, neighbourhoods.memory())
    many = lagrangian.routes_of_plans_within(1e6, evaluation.duals, neighbourhoods.memory())
    assert few is not None
    assert many is not None
    assert {(c.kind, c.start, c.end, frozenset(c.rows)) for c in few} < {
        (c.kind, c.start, c.end, frozenset(c.rows)) for c in many
    }
    assert all(len(set(c.rows)) == len(c.rows) for c in many)
