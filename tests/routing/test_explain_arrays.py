"""The compiled schedule, costs and moves say what `schedule_route` and `Solution` say."""

from dataclasses import replace
from operator import itemgetter

import networkx as nx
import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from routing.explain.arrays import (
    NO_LIMIT,
    costs_cents,
    keeps_nights,
    plan_arrays,
    problem_arrays,
    rank,
)
from routing.explain.legs import shortest_ways
from routing.explain.moves import (
    IMPOSSIBLE,
    INSERT,
    REPLACE_EQUAL,
    REPLACE_HIGHER,
    REPLACE_LOWER,
    find_insertions,
    find_removals,
)
from routing.explain.timing import FREELY, lay_legs, new_scratch, time_legs, time_sequence
from routing.problem import UNREACHABLE, Client, Problem, Shift, TimeWindow
from routing.schedule import schedule_route
from tests.routing.explain_cases import (
    Case,
    any_cases,
    insertions,
    problems,
    sequences_of,
    weeks,
    with_sequences,
    without,
)

all_problems = st.one_of(problems().map(itemgetter(0)), weeks())


@st.composite
def sequences_in_shifts(draw: st.DrawFn) -> tuple[Problem, int, int, int, list[int]]:
    """A problem, a shift, two ends and some clients in some order."""
    problem = draw(all_problems)
    locations = st.integers(0, len(problem.duration_s) - 1)
    order = draw(st.permutations(range(len(problem.clients))))
    return (
        problem,
        draw(st.integers(0, len(problem.shifts) - 1)),
        draw(locations),
        draw(locations),
        order[: draw(st.integers(0, len(order)))],
    )


@given(sequences_in_shifts())
def test_a_sequence_is_timed_as_schedule_route_does(
    drawn: tuple[Problem, int, int, int, list[int]],
) -> None:
    problem, k, start, end, sequence = drawn
    arrays = problem_arrays(problem)
    shift, scratch = problem.shifts[k], new_scratch(arrays)
    array = np.array(sequence, dtype=np.int64)
    route = schedule_route(problem, k, start, sequence, end)
    timed = time_sequence(arrays, k, shift.start_s, shift.end_s, start, end, array, scratch)
    if route is None:
        assert timed == (False, 0, 0, 0)
    else:
        assert timed == (True, route.worked_s, route.travel_s, route.distance_m)


@given(sequences_in_shifts())
def test_the_earliest_arrival_and_the_latest_departure_are_the_last_ones_that_fit(
    drawn: tuple[Problem, int, int, int, list[int]],
) -> None:
    problem, k, start, end, sequence = drawn
    assume(sequence or start != end)
    shift = replace(problem.shifts[k], max_visits=None, max_travel_s=None, max_distance_m=None)
    shifts = [replace(shift, start_location=start, end_location=end)] * (len(problem.shifts))
    problem = replace(problem, shifts=tuple(shifts))
    arrays, array = problem_arrays(problem), np.array(sequence, dtype=np.int64)
    scratch = new_scratch(arrays)
    travel_s, _ = lay_legs(arrays, start, end, array, scratch)
    worked_s, arrival_s, departure_s = time_legs(
        arrays, k, shift.start_s, shift.end_s, FREELY, array, True, scratch
    )
    route = schedule_route(problem, k, start, sequence, end)
    if route is None:
        assert travel_s >= NO_LIMIT or worked_s >= NO_LIMIT
        return
    assert worked_s == route.worked_s

    def fits(start_s: int, end_s: int) -> bool:
        changed = list(shifts)
        changed[k] = replace(shifts[k], start_s=start_s, end_s=end_s)
        other = replace(problem, shifts=tuple(changed))
        return start_s < end_s and schedule_route(other, k, start, sequence, end) is not None

    assert fits(shift.start_s, arrival_s)
    assert not fits(shift.start_s, arrival_s - 1)
    assert fits(departure_s, shift.end_s)
    assert not fits(departure_s + 1, shift.end_s)


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
    arrays = problem_arrays(problem)
    timed = time_sequence(arrays, 0, 0, 700, 0, 0, sequence, new_scratch(arrays))
    fits, worked_s, _, _ = timed
    assert fits == (route is not None)
    assert route is None or worked_s == route.worked_s


@given(any_cases)
def test_costs_are_those_of_the_solution(case: Case) -> None:
    arrays = problem_arrays(case.problem)
    for solution in case.plans[:200]:
        plan = plan_arrays(solution)
        costs = costs_cents(arrays, plan, solution.worked_s, solution.distance_m, -1, -1)
        assert costs == solution.prize_cents - solution.value_cents
        assert keeps_nights(arrays, plan, -1, -1)


@given(any_cases)
def test_every_move_is_the_best_of_its_kind_and_changes_the_value_as_it_says(case: Case) -> None:
    problem, solution = case.problem, case.given
    arrays, plan = problem_arrays(problem), plan_arrays(solution)
    sequences = sequences_of(solution)
    scratch = new_scratch(arrays)
    removals = find_removals(arrays, plan, scratch)
    for position, client in enumerate(solution.visited):
        shorter = with_sequences(solution, without(sequences, client))
        expected = IMPOSSIBLE if shorter is None else shorter.value_cents - solution.value_cents
        assert removals.change_cents[position] == expected
    left_out = np.array(solution.unassigned, dtype=np.int64)
    found = find_insertions(arrays, plan, left_out, removals, scratch)
    for number, client in enumerate(solution.unassigned):
        best = dict.fromkeys(
            (INSERT, REPLACE_LOWER, REPLACE_EQUAL, REPLACE_HIGHER), (0, IMPOSSIBLE)
        )
        for removed in (None, *solution.visited):
            gone = () if removed is None else (removed,)
            kind, lost = INSERT, 0
            if removed is not None:
                lost, own = rank(problem.clients[removed]), rank(problem.clients[client])
                kind = REPLACE_EQUAL if lost == own else REPLACE_LOWER
                kind = REPLACE_HIGHER if lost > own else kind
            for changed in insertions(solution, without(sequences, *gone), client):
                gain_cents = changed.value_cents - solution.value_cents
                if best[kind][1] == IMPOSSIBLE or (-lost, gain_cents) > best[kind]:
                    best[kind] = (-lost, gain_cents)
        for kind, (_, gain_cents) in best.items():
            assert found.change_cents[kind, number] == gain_cents


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
    ways_s = shortest_ways(duration_s, np.arange(size), np.array(stops))
    for start in range(size):
        leaving = start if start in stops else ("from", start)
        known = nx.single_source_dijkstra_path_length(roads, leaving) if leaving in roads else {}
        assert ways_s[start].tolist() == [known.get(end, NO_LIMIT) for end in range(size)]
