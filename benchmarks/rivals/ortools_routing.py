"""
OR-Tools routing: nodes that may be dropped at a penalty, guided local search.

Windows, breaks and paid hours are native: a time dimension for each shift on the common axis. Its
hours run on during breaks, which a whole break for each shift does not change but for trips that
have theirs at home. Trips with free nights are one route (see `one_route`), with a disjunction for
each night of which one place must be visited. The search takes no seed. Its own limit is one of the
clock on the wall, so that a monitor counts CPU seconds instead.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.rivals.one_route import (
    Stop,
    ends_of,
    not_one_route,
    solution_of_stops,
    stops_of,
)
from benchmarks.rivals.terms import fixed_ends, is_priced, no_plan, solution_of, untold, weights_of
from routing.direct_trip import direct_trip
from routing.problem import Break, Problem
from routing.solution import Solution

IS_RANDOM = False

NO_PENALTY = -1
"""Of a disjunction: none of it may be left out beyond what its cardinality says."""


@dataclass(frozen=True, slots=True)
class _Vehicle:
    start_location: int
    end_location: int
    start_s: int
    end_s: int
    breaks: tuple[Break, ...]


def models(problem: Problem) -> str | None:
    if problem.has_free_nights:
        return untold(problem) or not_one_route(problem)
    return untold(problem)


def solve(problem: Problem, budget_s: float, seed: int) -> Solution:
    """The seed has no meaning to OR-Tools."""
    ends_s = time.process_time() + budget_s
    shifts = problem.shifts
    if problem.has_free_nights:
        trip = _Vehicle(*ends_of(problem), shifts[0].start_s, shifts[-1].end_s, ())
        stops = stops_of(problem)
        # Left alone with the nights, OR-Tools finds no first plan on most trips of three days.
        at_night = [route.end_location for route in direct_trip(problem).routes[:-1]]
        nights = [
            next(stop for stop in stops if stop.night == k and stop.location == location)
            for k, location in enumerate(at_night)
        ]
        routes = _route(problem, [trip], stops, ends_s, nights)
        return no_plan(problem) if routes is None else solution_of_stops(problem, routes[0])
    vehicles = [
        _Vehicle(start, end, shift.start_s, shift.end_s, shift.breaks)
        for shift, (start, end) in zip(shifts, fixed_ends(problem), strict=True)
    ]
    routes = _route(problem, vehicles, stops_of(problem), ends_s)
    if routes is None:
        return no_plan(problem)
    return solution_of(
        problem,
        [[s.client_index for s in route if s.client_index is not None] for route in routes],
    )


def _route(
    problem: Problem,
    vehicles: Sequence[_Vehicle],
    stops: list[Stop],
    ends_s: float,
    begin_with: Sequence[Stop] = (),
) -> list[list[Stop]] | None:
    """
    The stops that each vehicle makes, in order; None where no plan is found in time.

    Parameters
    ----------
    begin_with
        What a single vehicle does in a first plan. Empty: OR-Tools finds one itself.
    """
    weights = weights_of(problem)
    terminals = list(
        dict.fromkeys(end for v in vehicles for end in (v.start_location, v.end_location))
    )
    rows = [*terminals, *(stop.location for stop in stops)]
    service_s = np.array([0] * len(terminals) + [stop.service_s for stop in stops])
    drive_s = problem.duration_s[np.ix_(rows, rows)]
    drive_m = problem.distance_m[np.ix_(rows, rows)]
    manager = pywrapcp.RoutingIndexManager(
        len(rows),
        len(vehicles),
        [terminals.index(vehicle.start_location) for vehicle in vehicles],
        [terminals.index(vehicle.end_location) for vehicle in vehicles],
    )
    model = pywrapcp.RoutingModel(manager)
    solver = model.solver()

    # Hours are paid from start to end of a vehicle; only without rates is driving itself a cost.
    cost = weights.metre * drive_m if is_priced(problem) else weights.second * drive_s
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(cost.tolist()))
    axis_s = max(vehicle.end_s for vehicle in vehicles)
    transit = model.RegisterTransitMatrix((drive_s + service_s[:, None]).tolist())
    model.AddDimension(transit, axis_s, axis_s, False, "time")
    clock = model.GetDimensionOrDie("time")
    visits_s = [0] * model.Size()
    for node, stop in enumerate(stops, start=len(terminals)):
        index = manager.NodeToIndex(node)
        visits_s[index] = stop.service_s
        opening = clock.CumulVar(index)
        opening.SetRange(stop.windows[0][0], stop.windows[-1][1])
        for (_, closes_s), (opens_s, _) in zip(stop.windows, stop.windows[1:], strict=False):
            if closes_s + 1 < opens_s:
                opening.RemoveInterval(closes_s + 1, opens_s - 1)
        if stop.client_index is not None:
            prize = problem.clients[stop.client_index].prize_cents
            model.AddDisjunction([index], weights.cent * prize)
    for night in {stop.night for stop in stops if stop.night is not None}:
        places = [
            manager.NodeToIndex(node)
            for node, stop in enumerate(stops, start=len(terminals))
            if stop.night == night
        ]
        model.AddDisjunction(places, NO_PENALTY, 1)
    for number, vehicle in enumerate(vehicles):
        for index in (model.Start(number), model.End(number)):
            clock.CumulVar(index).SetRange(vehicle.start_s, vehicle.end_s)
            model.AddVariableMinimizedByFinalizer(clock.CumulVar(index))
        if is_priced(problem):
            clock.SetSpanCostCoefficientForVehicle(weights.second, number)
            # The way from its start to its end costs something without visits as well.
            model.SetVehicleUsedWhenEmpty(True, number)
        if vehicle.breaks:
            clock.SetBreakIntervalsOfVehicle(
                [
                    solver.FixedDurationIntervalVar(
                        one.early_s, one.late_s, one.duration_s, False, f"break {k} of {number}"
                    )
                    for k, one in enumerate(vehicle.breaks)
                ],
                number,
                visits_s,
            )

    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    # On a busy machine the clock on the wall runs several times as fast; it is but a last resort.
    search.time_limit.FromMilliseconds(int(10_000 * max(ends_s - time.process_time(), 0.1)))
    model.AddSearchMonitor(solver.CustomLimit(lambda: time.process_time() >= ends_s))
    nights = [stops.index(stop) for stop in begin_with]
    if nights:
        model.CloseModelWithParameters(search)
        first = model.ReadAssignmentFromRoutes(
            [[manager.NodeToIndex(len(terminals) + night) for night in nights]], True
        )
        found = model.SolveFromAssignmentWithParameters(first, search)
    else:
        found = model.SolveWithParameters(search)
    if found is None:
        return None
    routes: list[list[Stop]] = []
    for number in range(len(vehicles)):
        routes.append([])
        index = found.Value(model.NextVar(model.Start(number)))
        while not model.IsEnd(index):
            routes[-1].append(stops[manager.IndexToNode(index) - len(terminals)])
            index = found.Value(model.NextVar(index))
    return routes
