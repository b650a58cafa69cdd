"""What the bound promises: no plan is worth more, whatever it went through to prove that."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from routing import referee
from routing.bound import REQUIRED, Bound, gap, upper_bound
from routing.direct_trip import direct_trip
from routing.errors import NoDirectTripError
from routing.problem import Client, Problem, Shift
from routing.schedule import schedule_route
from routing.solution import Solution
from routing.solve import solve
from routing.stop import MaxIterations
from tests.routing.conftest import HOUR_S, line_matrices
from tests.routing.enumeration import Optimum, best_plan, optimum_of
from tests.routing.tiny import random_problem, random_week

ROUNDS = 60


def rough_roads(seed: int, clients: int) -> Problem:
    """A problem whose matrices break the triangle inequality, as rounded ones and shortcuts do."""
    problem = random_week(seed, clients)
    random = np.random.default_rng([seed, 2])
    size = len(problem.duration_s)
    duration_s, distance_m = (
        random.integers(1, 30, (size, size)),
        random.integers(1, 400, (size, size)),
    )
    np.fill_diagonal(duration_s, 0)
    np.fill_diagonal(distance_m, 0)
    return replace(problem, duration_s=duration_s, distance_m=distance_m)


def bound_of(problem: Problem, incumbent: Solution | None = None) -> Bound:
    bound = upper_bound(problem, incumbent, MaxIterations(ROUNDS))
    if bound.best is not None:
        referee.check(problem, bound.best)
    return bound


def test_the_best_three_of_four_are_the_bound(one_day: Problem) -> None:
    """The linear program is integral here, and without rates nothing is rounded."""
    bound = bound_of(one_day)
    assert bound.upper_bound_cents == 300
    assert bound.is_converged
    assert bound.best is not None
    assert bound.best.value_cents == 300


def test_the_bound_holds_over_chosen_nights(two_days: Problem) -> None:
    """-670 is the best; hours and kilometres may round in favour of a plan by a cent in all."""
    bound = bound_of(two_days)
    assert bound.upper_bound_cents in (-67_000, -66_999)
    assert bound.best is not None
    assert bound.best.value_cents == -67_000


def test_a_plan_as_good_as_the_bound_ends_the_search(one_day: Problem) -> None:
    best = solve(one_day, MaxIterations(500)).best
    bound = bound_of(one_day, best)
    assert bound.stopped_by == "optimal"
    assert bound.upper_bound_cents == best.value_cents
    assert bound.best is None


def test_a_problem_without_clients_is_worth_the_direct_trip(two_days: Problem) -> None:
    empty = replace(two_days, clients=())
    bound = bound_of(empty)
    assert bound.upper_bound_cents is not None
    assert bound.upper_bound_cents - direct_trip(empty).value_cents in (0, 1)


def test_without_a_way_to_the_end_there_is_no_bound(two_days: Problem) -> None:
    short = replace(
        two_days, shifts=(replace(two_days.shifts[0], end_s=9 * HOUR_S), two_days.shifts[1])
    )
    with pytest.raises(NoDirectTripError):
        upper_bound(short, None, MaxIterations(1))


CHUNKS = [
    (make, clients, first)
    for make, clients, problems in (
        (random_problem, 2, 400),
        (random_problem, 3, 200),
        (random_week, 2, 200),
        (random_week, 3, 100),
        (rough_roads, 2, 150),
        (rough_roads, 3, 50),
    )
    for first in range(0, problems, 50)
]


@pytest.mark.parametrize(("make", "clients", "first"), CHUNKS)
def test_no_plan_beats_the_bound(
    make: Callable[[int, int], Problem], clients: int, first: int
) -> None:
    """
    1,100 problems against all of their plans; the bound is mostly the optimum itself.

    A cent more is rounding. Limits on driving in all, and on nights, are rows of the linear
    program, where parts of plans may keep them together, so that a few bounds are farther off.
    """
    seen: Counter[str] = Counter()
    for seed in range(first, first + 50):
        drawn = make(seed, clients)
        free = tuple(replace(c, required=False, precedence=0) for c in drawn.clients)
        problem = replace(drawn, clients=free)
        optimum = best_plan(problem)
        if optimum is None:
            with pytest.raises(NoDirectTripError):
                upper_bound(problem, None, MaxIterations(1))
            continue
        bound = bound_of(problem)
        assert bound.upper_bound_cents is not None
        assert bound.upper_bound_cents >= optimum.value_cents, seed
        assert bound.relaxed == ()
        if bound.best is not None:
            assert optimum_of(bound.best) <= optimum
        seen["all"] += 1
        seen["converged"] += bound.is_converged
        seen["tight"] += bound.upper_bound_cents <= optimum.value_cents + 1
    assert seen["converged"] == seen["all"]
    assert seen["tight"] >= 0.9 * seen["all"]


@pytest.mark.parametrize("first", range(0, 120, 40))
def test_required_visits_are_kept_where_the_plan_given_keeps_them(first: int) -> None:
    """Then the bound is on plans that keep them, and as close as without."""
    seen: Counter[str] = Counter()
    for seed in range(first, first + 40):
        problem = random_problem(seed, 4)
        try:
            plan = solve(problem, MaxIterations(50)).best
        except NoDirectTripError:
            continue
        if not problem.required_indices or plan.missing_required:
            continue
        optimum = best_plan(problem)
        assert optimum is not None
        bound = bound_of(problem, plan)
        assert bound.relaxed == ()
        assert bound.upper_bound_cents is not None
        assert bound.upper_bound_cents >= optimum.value_cents, seed
        seen["all"] += 1
        seen["tight"] += bound.upper_bound_cents <= optimum.value_cents + 1
    assert seen["all"] >= 5
    assert seen["tight"] >= 0.8 * seen["all"]


def test_a_required_visit_that_cannot_be_kept_is_relaxed_and_named(one_day: Problem) -> None:
    far = replace(one_day.clients[2], required=True, service_duration_s=3 * HOUR_S)
    problem = replace(one_day, clients=(*one_day.clients[:2], far, one_day.clients[3]))
    bound = bound_of(problem)
    assert bound.relaxed == (REQUIRED,)
    assert bound.upper_bound_cents == 300


@pytest.mark.parametrize("max_labels", [20, 60])
def test_a_limit_on_labels_makes_the_bound_weaker_and_not_wrong(max_labels: int) -> None:
    weaker = 0
    for seed in range(40):
        problem = random_week(seed, 4)
        optimum = best_plan(problem)
        if optimum is None:
            continue
        bound = upper_bound(problem, None, MaxIterations(ROUNDS), max_labels=max_labels)
        assert bound.upper_bound_cents is not None
        assert bound.upper_bound_cents >= optimum.value_cents, seed
        weaker += bound.upper_bound_cents > optimum.value_cents + 1
    assert weaker > 0


def corridor(clients: int, seed: int = 0) -> Problem:
    """Two days along a road of 200 km with a night half way, clients in villages beside it."""
    random = np.random.default_rng(seed)
    x = np.concatenate([[0, 100, 200], random.uniform(0, 200, clients)])
    y = np.concatenate([[0, 0, 0], random.normal(0, 10, clients)])
    km = np.hypot(x[:, None] - x, y[:, None] - y)
    duration_s = np.ceil(km * 60).astype(np.int64)
    drawn = tuple(Client(3 + i, 1_800, int(random.integers(2_000, 12_000))) for i in range(clients))
    days = (
        Shift(0, 9 * HOUR_S, 0, 1),
        Shift(24 * HOUR_S, 33 * HOUR_S, 1, 2),
    )
    return Problem(
        drawn,
        days,
        duration_s,
        np.ceil(km * 1_000).astype(np.int64),
        hour_rate_cents=4_500,
        km_rate_cents=30,
    )


def test_bounds_come_at_once_and_only_get_better() -> None:
    """The first is there before any route is priced."""
    problem = corridor(25)
    plan = direct_trip(problem)
    told: list[Bound] = []
    last = upper_bound(problem, plan, MaxIterations(20), told.append)
    proven = [bound.upper_bound_cents for bound in told]
    assert told[0].iterations == 0
    assert proven == sorted(proven, reverse=True)  # type: ignore[type-var]
    assert told[-1].upper_bound_cents == last.upper_bound_cents
    assert len(set(proven)) > 3
    plans = [bound.best for bound in told if bound.best is not None]
    assert plans
    assert plans[-1].value_cents > plan.value_cents
    assert last.best is plans[-1]


def test_the_same_rounds_give_the_same_bound() -> None:
    problem = corridor(30, seed=1)
    plan = solve(problem, MaxIterations(200)).best
    one, other = (upper_bound(problem, plan, MaxIterations(8)) for _ in range(2))
    assert replace(one, best=None) == replace(other, best=None)
    assert (one.best is None) == (other.best is None)
    if one.best is not None and other.best is not None:
        assert one.best.routes == other.best.routes


def test_a_better_plan_is_found_among_the_routes() -> None:
    problem = corridor(25, seed=2)
    bound = bound_of(problem, direct_trip(problem))
    assert bound.best is not None
    value = bound.best.value_cents - direct_trip(problem).value_cents
    assert bound.upper_bound_cents is not None
    above = bound.upper_bound_cents - direct_trip(problem).value_cents
    assert gap(value, above) is not None
    assert (above - value) / above < 0.01


def test_more_clients_than_two_words_of_memory_hold_are_bounded() -> None:
    problem = corridor(150, seed=3)
    plan = solve(problem, MaxIterations(300)).best
    bound = upper_bound(problem, plan, MaxIterations(6))
    value = (bound.best or plan).value_cents
    assert bound.upper_bound_cents is not None
    assert value <= bound.upper_bound_cents < value + 0.1 * abs(value) + 50_000


def test_a_team_is_priced_once_and_bounded_as_a_whole() -> None:
    """Two vehicles, two clients at opposite ends, each too far for one vehicle to take both."""
    duration_s, distance_m = line_matrices([0, -60, 60])
    clients = (Client(1, HOUR_S, 100), Client(2, HOUR_S, 70))
    day = Shift(0, 4 * HOUR_S, 0, 0)
    single = Problem(clients, (day,), duration_s, distance_m)
    team = replace(single, shifts=(day, day))
    assert bound_of(single).upper_bound_cents == 100
    assert bound_of(team).upper_bound_cents == 170


@pytest.mark.parametrize(
    ("value", "upper", "expected"),
    [
        (90, 100, 0.1),
        (100, 100, 0.0),
        (0, 0, 0.0),
        (0, 50, 1.0),
        (-1, 50, None),
        (50, None, None),
    ],
)
def test_the_gap_is_a_share_of_the_bound(
    value: int, upper: int | None, expected: float | None
) -> None:
    assert gap(value, upper) == expected


def test_optimum_is_a_plan_of_its_problem() -> None:
    """The yardstick of these tests and the plan by hand agree."""
    duration_s, distance_m = line_matrices([0, 10])
    problem = Problem((Client(1, 60, 5),), (Shift(0, 2_000, 0, 0),), duration_s, distance_m)
    route = schedule_route(problem, 0, 0, (0,), 0)
    assert route is not None
    assert optimum_of(Solution(problem, (route,))) == best_plan(problem) == Optimum((0, 0, 0, 0), 5)
