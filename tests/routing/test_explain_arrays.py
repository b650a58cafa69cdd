"""The compiled schedule, costs and moves say what `schedule_route` and `Solution` say."""

from random import Random

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from routing.explain.alone import _shortest_ways
from routing.explain.arrays import (
    NO_LIMIT,
    costs_cents,
    drive,
    latest_departure_s,
    plan_arrays,
    problem_arrays,
    time_sequence,
)
from routing.explain.moves import (
    IMPOSSIBLE,
    INSERT,
    REPLACE_OPTIONAL,
    REPLACE_REQUIRED,
    find_insertions,
    find_removals,
)
from routing.problem import UNREACHABLE, Client, Problem, Shift, TimeWindow
from routing.schedule import schedule_route
from tests.routing.explain_cases import (
    Case,
    cases,
    insertions,
    problems,
    sequences_of,
    with_sequences,
    without,
)


@given(problems(), st.randoms(use_true_random=False))
def test_a_sequence_is_timed_as_schedule_route_does(
    drawn: tuple[Problem, bool], random: Random
) -> None:
    problem, _ = drawn
    arrays = problem_arrays(problem)
    k = random.randrange(len(problem.shifts))
    shift = problem.shifts[k]
    start, end = (random.randrange(len(problem.duration_s)) for _ in range(2))
    sequence = random.sample(range(len(problem.clients)), random.randint(0, len(problem.clients)))
    array = np.array(sequence, dtype=np.int64)
    route = schedule_route(problem, k, start, sequence, end)
    timed = time_sequence(arrays, shift.start_s, shift.end_s, start, end, array)
    if route is None:
        assert not timed[0]
        return
    assert timed == (True, route.worked_s, route.travel_s, route.distance_m)
    assert latest_departure_s(arrays, route.arrival_s, start, end, array) == route.departure_s
    assert drive(arrays, route.departure_s, start, end, array)[0] == route.arrival_s


@st.composite
def opening_hours(draw: st.DrawFn) -> Problem:
    """Clients close to each other that open and close several times in one shift."""
    count = draw(st.integers(2, 4))
    clients = []
    for index in range(count):
        edges = draw(st.lists(st.integers(0, 600), min_size=2, max_size=8, unique=True).map(sorted))
        windows = [TimeWindow(*edges[k : k + 2]) for k in range(0, len(edges) - 1, 2)]
        clients.append(Client(index + 1, draw(st.integers(0, 20)), 0, False, tuple(windows)))
    duration_s = np.full((count + 1, count + 1), draw(st.integers(0, 20)))
    return Problem(tuple(clients), (Shift(0, 700, 0, 0),), duration_s, duration_s)


@given(opening_hours())
def test_waiting_is_least_over_all_departures(problem: Problem) -> None:
    sequence = np.arange(len(problem.clients))
    route = schedule_route(problem, 0, 0, sequence.tolist(), 0)
    fits, worked_s, _, _ = time_sequence(problem_arrays(problem), 0, 700, 0, 0, sequence)
    assert fits == (route is not None)
    assert route is None or worked_s == route.worked_s


@given(cases())
def test_costs_are_those_of_the_solution(case: Case) -> None:
    arrays = problem_arrays(case.problem)
    for solution in case.plans[:200]:
        plan = plan_arrays(solution)
        costs = costs_cents(arrays, plan, solution.worked_s, solution.distance_m, -1, -1)
        assert costs == solution.prize_cents - solution.value_cents


@given(cases())
def test_every_move_is_the_best_of_its_kind_and_changes_the_value_as_it_says(case: Case) -> None:
    problem, solution = case.problem, case.given
    arrays, plan = problem_arrays(problem), plan_arrays(solution)
    sequences = sequences_of(solution)
    removals = find_removals(arrays, plan)
    for position, client in enumerate(solution.visited):
        shorter = with_sequences(solution, without(sequences, client))
        expected = IMPOSSIBLE if shorter is None else shorter.value_cents - solution.value_cents
        assert removals.change_cents[position] == expected
    left_out = np.array(solution.unassigned, dtype=np.int64)
    found = find_insertions(arrays, plan, left_out, removals)
    by_kind: dict[int, list[tuple[int, ...]]] = {
        INSERT: [()],
        REPLACE_OPTIONAL: [(i,) for i in solution.visited if not problem.clients[i].required],
        REPLACE_REQUIRED: [(i,) for i in solution.visited if problem.clients[i].required],
    }
    for number, client in enumerate(solution.unassigned):
        for kind, removed in by_kind.items():
            changes = [
                plan.value_cents - solution.value_cents
                for gone in removed
                for plan in insertions(solution, without(sequences, *gone), client)
            ]
            assert found.change_cents[kind, number] == max(changes, default=IMPOSSIBLE)


@given(problems())
def test_shortest_ways_turn_only_at_stops(drawn: tuple[Problem, bool]) -> None:
    duration_s = drawn[0].duration_s
    stops = sorted({client.location_index for client in drawn[0].clients})
    size = len(duration_s)
    roads = nx.DiGraph()
    for start in range(size):
        for end in range(size):
            if duration_s[start, end] < UNREACHABLE:
                # Into and out of a place that is no stop are two places: nobody passes through.
                leaving = start if start in stops else ("from", start)
                roads.add_edge(leaving, end, weight=int(duration_s[start, end]))
    ways_s = _shortest_ways(duration_s, np.arange(size), np.array(stops))
    for start in range(size):
        leaving = start if start in stops else ("from", start)
        known = nx.single_source_dijkstra_path_length(roads, leaving) if leaving in roads else {}
        assert ways_s[start].tolist() == [known.get(end, NO_LIMIT) for end in range(size)]
