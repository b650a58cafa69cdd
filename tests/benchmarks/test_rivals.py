"""Rivals are told the same problem, and their plans keep its rules."""

from dataclasses import replace

import pytest

from benchmarks.field import FieldTrip, generate
from benchmarks.field_set import field_instance
from benchmarks.raw import problem_of
from benchmarks.rivals import FILES, Rival, RivalNotInstalledError, load_rival
from benchmarks.rivals.terms import RivalPlanError, solution_of, weights_of
from routing import referee
from routing.direct_trip import direct_trip
from routing.problem import Problem, TimeWindow
from tests.routing.enumeration import best_plan
from tests.routing.tiny import random_problem

# Fixed nights with and without costs and breaks, and free nights without them.
TRIPS = ("field-f-25-2-p-0", "field-f-25-2-v-1", "field-f-25-2-p-2", "field-n-25-2-p-1")
ASKED = {
    "pyvrp": {"field-f-25-2-p-0", "field-f-25-2-v-1", "field-n-25-2-p-1"},
    "pyvrp-50": {"field-f-25-2-p-0", "field-f-25-2-v-1", "field-n-25-2-p-1"},
    "vroom": {"field-f-25-2-p-0", "field-f-25-2-p-2"},
    "ortools": set(TRIPS),
}


def _rival(name: str) -> Rival:
    try:
        return load_rival(name)
    except RivalNotInstalledError as error:
        pytest.skip(str(error))


def _problem(trip: str) -> Problem:
    return problem_of(generate(FieldTrip.of_name(trip)))


@pytest.mark.parametrize(
    ("name", "trip"), [(name, trip) for name in FILES for trip in sorted(ASKED[name])]
)
def test_plans_of_rivals_pass_both_checks_and_are_worth_a_trip(name: str, trip: str) -> None:
    rival = _rival(name)
    instance = field_instance(trip, None)
    plan = rival.solve(instance.problem, 0.3, 0)
    referee.check(instance.problem, plan)
    instance.recheck(plan)
    assert len(plan.visited) >= 8
    assert instance.value_of(plan) > 0


@pytest.mark.parametrize("name", FILES)
def test_rivals_are_asked_only_what_they_can_be_told(name: str) -> None:
    rival = _rival(name)
    assert {trip for trip in TRIPS if rival.models(_problem(trip)) is None} == ASKED[name]
    paid_nights = _problem("field-n-25-2-v-0")
    assert rival.models(paid_nights) is not None
    required = replace(
        _problem("field-f-25-2-p-0"),
        clients=tuple(
            replace(client, required=True) for client in _problem("field-f-25-2-p-0").clients
        ),
    )
    assert rival.models(required) == "required clients are not mapped"


@pytest.mark.parametrize("name", FILES)
def test_rivals_find_the_optimum_of_tiny_problems(name: str) -> None:
    """
    What they are told is the problem itself, with its costs, windows and nights.

    One local optimum is forgiven: OR-Tools stays in one now and then.
    """
    rival = _rival(name)
    asked = missed = 0
    for seed in range(400, 440):
        problem = random_problem(seed, clients=4)
        problem = replace(
            problem,
            clients=tuple(replace(c, required=False, precedence=0) for c in problem.clients),
            max_travel_s=None,
        )
        if rival.models(problem) is not None:
            continue
        asked += 1
        plan = rival.solve(problem, 0.05, 0)
        referee.check(problem, plan)
        optimum = best_plan(problem)
        assert optimum is not None
        assert plan.value_cents <= optimum.value_cents
        # Whole weights do not see how sums are rounded to a cent.
        missed += plan.value_cents < optimum.value_cents - 1
    assert asked >= 10
    assert missed <= 1


def test_a_plan_that_breaks_a_rule_is_refused() -> None:
    problem = _problem("field-f-25-2-p-0")
    closed = replace(problem.clients[0], time_windows=(TimeWindow(0, 60),))
    problem = replace(problem, clients=(closed, *problem.clients[1:]))
    with pytest.raises(RivalPlanError, match=r"Shift 0 from 0 to 2 cannot visit \[0\]"):
        solution_of(problem, [[0], []])


def test_driving_never_outweighs_a_cent_of_prize() -> None:
    problem = _problem("field-n-25-2-p-1")
    weights = weights_of(problem)
    assert direct_trip(problem).travel_s * weights.second < weights.cent
    assert 2 * 36_000 * weights.second < weights.cent


def test_weights_of_costs_are_exact() -> None:
    """4,500 cents an hour and 30 a kilometre are 1.25 a second and 0.03 a metre."""
    weights = weights_of(_problem("field-f-25-2-v-1"))
    assert (weights.second, weights.metre, weights.cent) == (125, 3, 100)


def test_an_unknown_rival_is_refused_with_those_there_are() -> None:
    with pytest.raises(
        ValueError, match="no rival gurobi; there are pyvrp, pyvrp-50, vroom, ortools"
    ):
        load_rival("gurobi")


def test_a_rival_that_is_missing_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.rivals.find_spec", lambda name: None)
    with pytest.raises(RivalNotInstalledError, match=r"requirements-dev\.txt"):
        load_rival("vroom")
