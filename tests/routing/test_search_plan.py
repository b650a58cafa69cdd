"""Changes of a plan can be taken back, and its times and worth are those of the solution."""

from dataclasses import replace

import numpy as np
import pytest

from routing import referee
from routing.direct_trip import direct_trip
from routing.errors import InfeasibleSolutionError, NoDirectTripError
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.search.arrays import Arrays, build_arrays
from routing.search.elite import keep_elite, ruin_elite
from routing.search.insertion import AT_A_LOSS, DOES_NOT_FIT, is_open_to, position_score
from routing.search.loop import construct, energy_cents, restore
from routing.search.plan import UNVISITED, Plan, insert, keep, new_plan, remove
from routing.search.recreate import recreate, spare_travel_s
from routing.search.repair import drop_losers, repair_touched
from routing.search.ruin_forced import ruin_forced
from routing.search.ruin_nights import ruin_nights
from routing.search.ruin_random import ruin_random
from routing.search.ruin_shift import ruin_shift
from routing.search.ruin_strings import ruin_strings
from routing.search.ruin_tails import ruin_tails
from routing.search.schedule import IN_TIME, reschedule
from routing.search.side_by_side import adopt
from routing.search.start import construct_greedily, set_plan, terminals_of
from routing.search.worth import keeps_nights, nights_cents, value_cents
from routing.solution import Solution
from tests.routing.test_solve import medium_problem
from tests.routing.tiny import random_week


@pytest.fixture(scope="module")
def problem() -> Problem:
    return medium_problem()


@pytest.fixture
def arrays(problem: Problem) -> Arrays:
    return build_arrays(problem)


@pytest.fixture
def plan(problem: Problem, arrays: Arrays) -> Plan:
    """A greedy plan of three days with two chosen nights."""
    plan = new_plan(arrays, seed=7)
    construct_greedily(arrays, plan, terminals_of(arrays, direct_trip(problem)))
    adopt(arrays, plan, plan)
    assert plan.visits.sum() > 5
    return plan


def solution_of(problem: Problem, arrays: Arrays, plan: Plan) -> Solution | None:
    routes = []
    for shift in range(len(plan.visits)):
        stops = plan.stop[shift, : plan.visits[shift] + 2]
        clients = [int(arrays.client_of[row]) for row in stops[1:-1]]
        route = schedule_route(
            problem,
            shift,
            int(arrays.location_of[stops[0]]),
            clients,
            int(arrays.location_of[stops[-1]]),
        )
        if route is None:
            return None
        routes.append(route)
    return Solution(problem, tuple(routes))


def contents(plan: Plan) -> list[list[int]]:
    return [
        plan.stop[shift, : plan.visits[shift] + 2].tolist() for shift in range(len(plan.visits))
    ]


def assert_consistent(plan: Plan) -> None:
    """What a plan says of clients agrees with what it says of shifts."""
    for client, shift in enumerate(plan.shift_of):
        if shift == UNVISITED:
            assert all(client not in stops[1:-1] for stops in contents(plan))
        else:
            assert plan.stop[shift, plan.position_of[client]] == client
    assert (plan.shift_of != UNVISITED).sum() == plan.visits.sum()
    for before, after in zip(contents(plan), contents(plan)[1:], strict=False):
        assert before[-1] == after[0]


OPERATORS = {
    "strings": ruin_strings,
    "random": lambda _, plan: ruin_random(plan),
    "forced": ruin_forced,
    "shift": lambda _, plan: ruin_shift(plan),
    "tails": ruin_tails,
    "nights": ruin_nights,
    "elite": ruin_elite,
}


def fill_pool(arrays: Arrays, plan: Plan) -> None:
    """Other plans for the pool, made by taking visits out of this one, which stays as it is."""
    for number in range(30):
        keep(plan)
        ruin_random(plan)
        ruin_nights(arrays, plan)
        if repair_touched(arrays, plan):
            keep_elite(plan, float(number))
        restore(arrays, plan)


@pytest.mark.parametrize("name", OPERATORS)
def test_every_ruin_can_be_taken_back(arrays: Arrays, plan: Plan, name: str) -> None:
    energy = energy_cents(arrays, plan)
    before = contents(plan)
    changed = 0
    fill_pool(arrays, plan)
    for _ in range(100):
        keep(plan)
        OPERATORS[name](arrays, plan)
        changed += contents(plan) != before
        restore(arrays, plan)
        assert contents(plan) == before
        assert_consistent(plan)
    assert changed > 50
    assert energy_cents(arrays, plan) == energy


@pytest.mark.parametrize("name", OPERATORS)
def test_every_ruin_can_be_repaired(
    problem: Problem, arrays: Arrays, plan: Plan, name: str
) -> None:
    repaired = 0
    fill_pool(arrays, plan)
    for _ in range(100):
        keep(plan)
        OPERATORS[name](arrays, plan)
        if repair_touched(arrays, plan):
            repaired += 1
            assert_consistent(plan)
            solution = solution_of(problem, arrays, plan)
            assert solution is not None
            assert solution.value_cents == value_cents(arrays, plan)
            assert problem.max_travel_s is not None
            assert solution.travel_s <= problem.max_travel_s
        restore(arrays, plan)
    assert repaired > 20


@pytest.mark.parametrize("split", [False, True])
def test_an_insertion_fits_exactly_when_the_schedule_says_so(
    problem: Problem, arrays: Arrays, plan: Plan, split: bool
) -> None:
    """Every client, every gap; with one window a day and with two."""
    if split:
        problem = replace(
            problem,
            clients=tuple(
                replace(
                    c,
                    time_windows=tuple(
                        part
                        for w in c.time_windows
                        for part in (
                            replace(w, late_s=w.early_s + 7_000),
                            replace(w, early_s=w.early_s + 14_000),
                        )
                    ),
                )
                for c in problem.clients
            ),
        )
        arrays = build_arrays(problem)
        plan = new_plan(arrays, seed=7)
        construct_greedily(arrays, plan, terminals_of(arrays, direct_trip(problem)))
        adopt(arrays, plan, plan)
    for _ in range(3):  # leave room
        ruin_random(plan)
    assert repair_touched(arrays, plan)
    keep(plan)
    seen = {"fits": 0, "does not": 0}
    assert problem.max_travel_s is not None
    spare = problem.max_travel_s - int(plan.travel_s.sum())
    for client in np.flatnonzero(plan.shift_of == UNVISITED):
        for shift in range(len(plan.visits)):
            for position in range(plan.visits[shift] + 1):
                score = position_score(arrays, plan, client, shift, position, 0.5, 0, True, spare)
                before = value_cents(arrays, plan)
                travel_s = int(plan.travel_s.sum())
                insert(plan, client, shift, position)
                is_feasible = (
                    reschedule(arrays, plan, shift) == IN_TIME
                    and plan.travel_s.sum() <= problem.max_travel_s
                )
                assert (score > DOES_NOT_FIT) == is_feasible
                assert (solution_of(problem, arrays, plan) is not None) or not is_feasible
                seen["fits" if is_feasible else "does not"] += 1
                if is_feasible and not split:
                    # The gain of the score is the true one, up to rounding.
                    restore(arrays, plan)
                    gain = position_score(
                        arrays, plan, client, shift, position, 1.0, 0, False, spare
                    )
                    insert(plan, client, shift, position)
                    reschedule(arrays, plan, shift)
                    true_gain = value_cents(arrays, plan) - before
                    assert true_gain <= 1 if gain == AT_A_LOSS else true_gain >= -1
                restore(arrays, plan)
                assert plan.travel_s.sum() == travel_s
    assert min(seen.values()) > 20


@pytest.mark.parametrize("seed", range(0, 120, 2))
def test_an_insertion_into_a_week_fits_exactly_when_the_schedule_says_so(seed: int) -> None:
    """With breaks, limits, setups and groups: every client, every gap of a plan half filled."""
    problem = random_week(seed, clients=8)
    try:
        direct = direct_trip(problem)
    except NoDirectTripError:
        return
    arrays = build_arrays(problem)
    plan = new_plan(arrays, seed)
    set_plan(plan, terminals_of(arrays, direct), [[] for _ in direct.routes])
    assert construct(arrays, plan, 0.5, 0)
    keep(plan)
    ruin_random(plan)
    if not repair_touched(arrays, plan):
        return
    keep(plan)
    spare = spare_travel_s(arrays, plan)
    for client in np.flatnonzero(plan.shift_of == UNVISITED):
        for shift in range(len(plan.visits)):
            nights_cents(arrays, plan)
            is_open = is_open_to(arrays, plan, client, shift)
            for position in range(plan.visits[shift] + 1):
                score = position_score(arrays, plan, client, shift, position, 0.5, 0, True, spare)
                insert(plan, client, shift, position)
                is_feasible = is_allowed(problem, solution_of(problem, arrays, plan))
                assert (is_open and score > DOES_NOT_FIT) == is_feasible
                if is_feasible:
                    assert reschedule(arrays, plan, shift) == IN_TIME
                    solution = solution_of(problem, arrays, plan)
                    assert solution is not None
                    assert solution.value_cents == value_cents(arrays, plan)
                restore(arrays, plan)


def is_allowed(problem: Problem, solution: Solution | None) -> bool:
    if solution is None:
        return False
    try:
        referee.check(problem, solution)
    except InfeasibleSolutionError:
        return False
    return True


@pytest.mark.parametrize("name", OPERATORS)
def test_every_operator_keeps_ten_thousand_plans_feasible(name: str) -> None:
    """Ruin, repair, recreate, drop losers; what is left passes the referee, or is taken back."""
    passed = 0
    for seed in range(100):
        problem = random_week(seed)
        try:
            direct = direct_trip(problem)
        except NoDirectTripError:
            continue
        arrays = build_arrays(problem)
        plan = new_plan(arrays, seed)
        construct_greedily(arrays, plan, terminals_of(arrays, direct))
        adopt(arrays, plan, plan)
        if len(arrays.places) == 0 and name == "nights":
            continue
        known: set[str] = set()
        for _ in range(400 if name == "nights" else 105):
            keep(plan)
            OPERATORS[name](arrays, plan)
            is_kept = repair_touched(arrays, plan)
            if is_kept:
                recreate(arrays, plan, -1, 0.5, 0, 0.9, 0.6, True)
                is_kept = drop_losers(arrays, plan) and keeps_nights(arrays, plan)
            if not is_kept:
                restore(arrays, plan)
            keep_elite(plan, float(plan.random[0] % 1_000))  # any plan will do
            passed += 1
            state = str(contents(plan))
            if state not in known:  # a plan that was seen before needs no second look
                known.add(state)
                solution = solution_of(problem, arrays, plan)
                assert solution is not None
                referee.check(problem, solution)
                assert solution.value_cents == value_cents(arrays, plan)
    assert passed >= 10_000


def test_losers_are_dropped(arrays: Arrays, plan: Plan) -> None:
    """A visit whose prize has vanished goes, whether it stands alone or not."""
    poor = replace(arrays, prize_cents=arrays.prize_cents.copy())
    victims = [stops[1] for stops in contents(plan) if not arrays.is_required[stops[1]]]
    assert victims
    poor.prize_cents[:, victims] = 0
    keep(plan)
    for shift in range(len(plan.visits)):
        plan.is_touched[shift] = True
        assert reschedule(poor, plan, shift) == IN_TIME
    assert drop_losers(poor, plan)
    assert all(plan.shift_of[victim] == UNVISITED for victim in victims)


def test_removing_and_inserting_keep_positions_right(arrays: Arrays, plan: Plan) -> None:
    shift = int(np.argmax(plan.visits))
    before = contents(plan)
    client = plan.stop[shift, 2]
    remove(plan, shift, 2)
    assert_consistent(plan)
    insert(plan, client, shift, 1)
    assert_consistent(plan)
    assert contents(plan) == before


def test_a_plan_can_be_set_by_hand(arrays: Arrays, plan: Plan) -> None:
    stops = contents(plan)
    other = new_plan(arrays, seed=1)
    set_plan(other, [(s[0], s[-1]) for s in stops], [s[1:-1] for s in stops])
    assert_consistent(other)
    assert contents(other) == stops
