"""
PyVRP: clients with prizes, a vehicle for each shift.

It has one window per client and no breaks. A client with several windows is a group of copies with
one each, of which at most one is visited. Times count from the start of each shift, so that a
client with the same hours every day is a single one; who is not open on all days is far away in the
profiles of the others. Trips with free nights are one route (see `one_route`), with a group for
each night of which one must be visited.

The neighbourhood holds all clients, so that no cluster is cut off from the rest. With the default
of the 50 nearest, which `pyvrp_50` has, PyVRP does many times the iterations.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyvrp
from pyvrp.search import NeighbourhoodParams

from benchmarks.rivals.one_route import (
    Stop,
    ends_of,
    not_one_route,
    solution_of_stops,
    stops_of,
)
from benchmarks.rivals.terms import (
    Weights,
    fixed_ends,
    is_priced,
    no_plan,
    solution_of,
    untold,
    weights_of,
)
from routing.problem import Problem
from routing.solution import Solution

IS_RANDOM = True

MOST_LATENESS_SHARE = 1 / 30
"""How late the largest prize may let a plan be at PyVRP's highest penalty, as a share of a shift.
With larger prizes it sees no reason to keep to the hours, and finds no feasible plan at all."""

FAR = 10**7
"""Seconds and metres to a client that a shift cannot serve: longer than any shift."""


class _CpuTime:
    """Stops after a span of CPU time; PyVRP's own limit is one of the clock on the wall."""

    def __init__(self, ends_s: float) -> None:
        self.ends_s = ends_s

    def __call__(self, best_cost: int) -> bool:
        return time.process_time() >= self.ends_s


@dataclass(frozen=True, slots=True)
class _Limits:
    ends_s: float
    seed: int
    num_neighbours: int | None


@dataclass(frozen=True, slots=True)
class _Copy:
    """A client within one window, seconds after the start of a shift, and where that is open."""

    client_index: int
    early_s: int
    late_s: int
    shifts: frozenset[int]


def models(problem: Problem) -> str | None:
    if any(shift.breaks for shift in problem.shifts):
        return "it has no breaks"
    if problem.has_free_nights:
        return untold(problem) or not_one_route(problem)
    return untold(problem)


def solve(
    problem: Problem, budget_s: float, seed: int, num_neighbours: int | None = None
) -> Solution:
    """`num_neighbours` None: all."""
    limits = _Limits(time.process_time() + budget_s, seed, num_neighbours)
    if problem.has_free_nights:
        return _solve_one_route(problem, limits)
    return _solve_shifts(problem, limits)


def _run(data: pyvrp.ProblemData, limits: _Limits) -> list[pyvrp.Route] | None:
    neighbours = limits.num_neighbours or max(data.num_clients, 1)
    result = pyvrp.solve(
        data,
        _CpuTime(limits.ends_s),
        limits.seed,
        collect_stats=False,
        params=pyvrp.SolveParams(neighbourhood=NeighbourhoodParams(num_neighbours=neighbours)),
    )
    return list(result.best.routes()) if result.is_feasible() else None


def _weights(problem: Problem) -> Weights:
    """Weights within what PyVRP's penalties can outweigh; then driving may outweigh a cent."""
    weights = weights_of(problem)
    if is_priced(problem):
        return weights
    largest = max([1, *(client.prize_cents for client in problem.clients)])
    shortest_s = min(shift.shift_duration_s for shift in problem.shifts)
    most = pyvrp.PenaltyParams().max_penalty * shortest_s * MOST_LATENESS_SHARE / largest
    return replace(weights, cent=max(1, min(weights.cent, int(most))))


def _visited(route: pyvrp.Route) -> list[int]:
    return [activity.idx for activity in route if activity.is_client()]


def _solve_shifts(problem: Problem, limits: _Limits) -> Solution:
    shifts, weights = problem.shifts, _weights(problem)
    copies = _copies(problem)
    ends = fixed_ends(problem)
    depots = list(dict.fromkeys(place for pair in ends for place in pair))
    # A shift that is not used costs nothing to PyVRP. Where it would cost us, a client at its start
    # that must be served by it makes sure that it is driven.
    driven = [
        index
        for index, shift in enumerate(shifts)
        if is_priced(problem) and shift.start_location != shift.end_location
    ]
    rows = depots + [problem.clients[copy.client_index].location_index for copy in copies]
    rows += [ends[index][0] for index in driven]
    open_in = [copy.shifts for copy in copies] + [frozenset((index,)) for index in driven]

    groups: dict[int, list[int]] = defaultdict(list)
    for number, copy in enumerate(copies):
        groups[copy.client_index].append(number)
    several = [members for members in groups.values() if len(members) > 1]
    group_of = {number: index for index, members in enumerate(several) for number in members}
    clients = [
        pyvrp.Client(
            location=len(depots) + number,
            service_duration=problem.clients[copy.client_index].service_duration_s,
            tw_early=copy.early_s,
            tw_late=copy.late_s,
            prize=weights.cent * problem.clients[copy.client_index].prize_cents,
            required=False,
            group=group_of.get(number),
        )
        for number, copy in enumerate(copies)
    ]
    clients += [
        pyvrp.Client(location=len(depots) + len(copies) + number) for number in range(len(driven))
    ]

    closed: dict[frozenset[int], int] = {}
    alike: dict[tuple[int, int, int, int], list[int]] = defaultdict(list)
    for index, shift in enumerate(shifts):
        away = frozenset(number for number, of in enumerate(open_in) if index not in of)
        profile = closed.setdefault(away, len(closed))
        start, end = (depots.index(place) for place in ends[index])
        alike[start, end, shift.shift_duration_s, profile].append(index)
    matrices = [
        _matrices(problem, weights, rows, [len(depots) + number for number in away])
        for away in closed
    ]
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * len(rows),
        clients=clients,
        depots=[pyvrp.Depot(location=number) for number in range(len(depots))],
        vehicle_types=[
            pyvrp.VehicleType(
                num_available=len(of),
                start_depot=start,
                end_depot=end,
                tw_late=duration_s,
                profile=profile,
                unit_distance_cost=1,
                unit_duration_cost=weights.second if is_priced(problem) else 0,
            )
            for (start, end, duration_s, profile), of in alike.items()
        ],
        distance_matrices=[distance for distance, _ in matrices],
        duration_matrices=[duration for _, duration in matrices],
        groups=[pyvrp.ClientGroup(members, required=False) for members in several],
    )
    routes = _run(data, limits)
    if routes is None:
        return no_plan(problem)
    sequences: list[list[int]] = [[] for _ in shifts]
    unused = [list(of) for of in alike.values()]
    for route in routes:
        index = unused[route.vehicle_type()].pop(0)
        sequences[index] = [
            copies[number].client_index for number in _visited(route) if number < len(copies)
        ]
    return solution_of(problem, sequences)


def _copies(problem: Problem) -> list[_Copy]:
    """Each client once for each of its windows, counted from the start of a shift."""
    copies = []
    for client_index, client in enumerate(problem.clients):
        open_in: dict[tuple[int, int], set[int]] = defaultdict(set)
        for index, shift in enumerate(problem.shifts):
            windows = [(shift.start_s, shift.end_s)]
            if client.time_windows:
                windows = [(window.early_s, window.late_s) for window in client.time_windows]
            for early_s, late_s in windows:
                early_s = max(early_s, shift.start_s) - shift.start_s
                late_s = min(late_s, shift.end_s) - shift.start_s
                if early_s <= late_s:
                    open_in[early_s, late_s].add(index)
        copies += [
            _Copy(client_index, early_s, late_s, frozenset(of))
            for (early_s, late_s), of in sorted(open_in.items())
        ]
    return copies


def _matrices(
    problem: Problem, weights: Weights, rows: list[int], away: list[int]
) -> tuple[Any, Any]:
    """Cost of the way, which PyVRP calls distance, and its duration."""
    duration = problem.duration_s[np.ix_(rows, rows)].copy()
    cost = weights.metre * problem.distance_m[np.ix_(rows, rows)]
    if not is_priced(problem):
        cost = weights.second * duration
    for matrix, far in ((cost, FAR * max(weights.metre, weights.second)), (duration, FAR)):
        matrix[away, :] = far
        matrix[:, away] = far
        np.fill_diagonal(matrix, 0)
    return cost, duration


def _solve_one_route(problem: Problem, limits: _Limits) -> Solution:
    shifts, weights = problem.shifts, _weights(problem)
    stops = stops_of(problem)
    copies = [(stop, window) for stop in stops for window in stop.windows]
    depots = list(ends_of(problem))
    rows = depots + [stop.location for stop, _ in copies]

    members: dict[tuple[bool, int | None], list[int]] = defaultdict(list)
    for number, (stop, _) in enumerate(copies):
        members[_group_of(stop)].append(number)
    grouped = [key for key, of in members.items() if key[0] or len(of) > 1]
    clients = [
        pyvrp.Client(
            location=len(depots) + number,
            service_duration=stop.service_s,
            tw_early=early_s,
            tw_late=late_s,
            prize=0
            if stop.client_index is None
            else weights.cent * problem.clients[stop.client_index].prize_cents,
            required=False,
            group=grouped.index(_group_of(stop)) if _group_of(stop) in grouped else None,
        )
        for number, (stop, (early_s, late_s)) in enumerate(copies)
    ]
    cost, duration = _matrices(problem, weights, rows, [])
    data = pyvrp.ProblemData(
        locations=[pyvrp.Location(0, 0)] * len(rows),
        clients=clients,
        depots=[pyvrp.Depot(location=0), pyvrp.Depot(location=1)],
        vehicle_types=[
            pyvrp.VehicleType(
                start_depot=0, end_depot=1, tw_early=shifts[0].start_s, tw_late=shifts[-1].end_s
            )
        ],
        distance_matrices=[cost],
        duration_matrices=[duration],
        groups=[pyvrp.ClientGroup(members[key], required=key[0]) for key in grouped],
    )
    routes = _run(data, limits)
    if not routes:
        return no_plan(problem)
    return solution_of_stops(problem, [copies[number][0] for number in _visited(routes[0])])


def _group_of(stop: Stop) -> tuple[bool, int | None]:
    """Whether one of the group must be visited, and its night or its client."""
    return (True, stop.night) if stop.client_index is None else (False, stop.client_index)
