"""
Recheck a solution from the bare problem.

Shares no code with the search, the schedules or the sums in `routing.solution`: it reads the
visits and their times, and works out everything else again in its own way. It raises; it never
repairs.
"""

from fractions import Fraction
from math import floor

from routing.errors import InfeasibleSolutionError
from routing.problem import UNREACHABLE, Problem
from routing.solution import Route, Solution


def check(problem: Problem, solution: Solution) -> None:
    """
    Check that a solution keeps every rule of a problem and says the truth about itself.

    Required clients that are left out are no fault as long as `missing_required` lists them.

    Raises
    ------
    InfeasibleSolutionError
        Naming the first rule that is broken, and where.
    """
    if len(solution.routes) != len(problem.shifts):
        raise InfeasibleSolutionError(
            f"{len(solution.routes)} routes for {len(problem.shifts)} shifts."
        )
    travel_s = distance_m = worked_s = prize_cents = 0
    order: list[int] = []
    for shift_index, route in enumerate(solution.routes):
        _check_ends(problem, solution, shift_index)
        route_travel_s, route_distance_m = _check_times(problem, shift_index, route)
        travel_s += route_travel_s
        distance_m += route_distance_m
        worked_s += route.arrival_s - route.departure_s
        for visit in route.visits:
            if visit.client_index in order:
                raise InfeasibleSolutionError(f"Client {visit.client_index} is visited twice.")
            order.append(visit.client_index)
            prize_cents += problem.clients[visit.client_index].prize_cents
    if problem.max_travel_s is not None and travel_s > problem.max_travel_s:
        raise InfeasibleSolutionError(
            f"Driving takes {travel_s} s; at most {problem.max_travel_s} s are allowed."
        )
    overnight_cents = _nights_cents(problem, solution)
    labour_cents = _half_up(Fraction(problem.hour_rate_cents * worked_s, 3600))
    distance_cents = _half_up(Fraction(problem.km_rate_cents * distance_m, 1000))
    for name, said, true in (
        ("visited", solution.visited, tuple(order)),
        (
            "unassigned",
            solution.unassigned,
            tuple(sorted(set(range(len(problem.clients))) - set(order))),
        ),
        (
            "missing_required",
            solution.missing_required,
            tuple(i for i, c in enumerate(problem.clients) if c.required and i not in order),
        ),
        ("travel_s", solution.travel_s, travel_s),
        ("distance_m", solution.distance_m, distance_m),
        ("worked_s", solution.worked_s, worked_s),
        ("prize_cents", solution.prize_cents, prize_cents),
        ("labour_cents", solution.labour_cents, labour_cents),
        ("distance_cents", solution.distance_cents, distance_cents),
        ("overnight_cents", solution.overnight_cents, overnight_cents),
        (
            "value_cents",
            solution.value_cents,
            prize_cents - labour_cents - distance_cents - overnight_cents,
        ),
    ):
        if said != true:
            raise InfeasibleSolutionError(f"The solution says {name} is {said}; it is {true}.")


def _check_ends(problem: Problem, solution: Solution, shift_index: int) -> None:
    shift, route = problem.shifts[shift_index], solution.routes[shift_index]
    if shift.start_location is not None and route.start_location != shift.start_location:
        raise InfeasibleSolutionError(
            f"Route {shift_index} starts at {route.start_location}, not {shift.start_location}."
        )
    if shift.end_location is not None:
        if route.end_location != shift.end_location:
            raise InfeasibleSolutionError(
                f"Route {shift_index} ends at {route.end_location}, not {shift.end_location}."
            )
        return
    if all(place.location_index != route.end_location for place in problem.overnight_places):
        raise InfeasibleSolutionError(
            f"Route {shift_index} ends at {route.end_location}, which is no overnight place."
        )
    following = solution.routes[shift_index + 1].start_location
    if following != route.end_location:
        raise InfeasibleSolutionError(
            f"Route {shift_index} ends at {route.end_location} but the next one starts at "
            f"{following}."
        )


def _check_times(problem: Problem, shift_index: int, route: Route) -> tuple[int, int]:
    """Follow one route by its own times; returns its travel time and distance."""
    shift = problem.shifts[shift_index]
    if route.departure_s < shift.start_s:
        raise InfeasibleSolutionError(
            f"Route {shift_index} departs at {route.departure_s} s, before its shift begins at "
            f"{shift.start_s} s."
        )
    travel_s = distance_m = 0
    here, clock_s = route.start_location, route.departure_s
    for visit in route.visits:
        name = f"Visit of client {visit.client_index} in route {shift_index}"
        if not 0 <= visit.client_index < len(problem.clients):
            raise InfeasibleSolutionError(f"{name}: there is no such client.")
        client = problem.clients[visit.client_index]
        leg_s, leg_m = _leg(problem, here, client.location_index, name)
        travel_s += leg_s
        distance_m += leg_m
        if visit.arrival_s != clock_s + leg_s:
            raise InfeasibleSolutionError(
                f"{name}: arrives at {visit.arrival_s} s; leaving at {clock_s} s and driving "
                f"{leg_s} s it is {clock_s + leg_s} s."
            )
        if visit.start_s < visit.arrival_s:
            raise InfeasibleSolutionError(f"{name}: starts before it arrives.")
        if client.time_windows and not any(
            window.early_s <= visit.start_s <= window.late_s for window in client.time_windows
        ):
            raise InfeasibleSolutionError(
                f"{name}: starts at {visit.start_s} s, outside of {client.time_windows}."
            )
        if visit.departure_s != visit.start_s + client.service_duration_s:
            raise InfeasibleSolutionError(
                f"{name}: takes {visit.departure_s - visit.start_s} s; service is "
                f"{client.service_duration_s} s."
            )
        here, clock_s = client.location_index, visit.departure_s
    name = f"End of route {shift_index}"
    leg_s, leg_m = _leg(problem, here, route.end_location, name)
    travel_s += leg_s
    distance_m += leg_m
    if route.arrival_s != clock_s + leg_s:
        raise InfeasibleSolutionError(
            f"{name}: arrives at {route.arrival_s} s; it is {clock_s + leg_s} s."
        )
    if route.arrival_s > shift.end_s:
        raise InfeasibleSolutionError(
            f"{name}: arrives at {route.arrival_s} s, after its shift ends at {shift.end_s} s."
        )
    for what, said, true in (
        ("travel_s", route.travel_s, travel_s),
        ("distance_m", route.distance_m, distance_m),
    ):
        if said != true:
            raise InfeasibleSolutionError(
                f"Route {shift_index} says {what} is {said}; it is {true}."
            )
    return travel_s, distance_m


def _leg(problem: Problem, start: int, end: int, name: str) -> tuple[int, int]:
    duration_s = int(problem.duration_s[start, end])
    if duration_s >= UNREACHABLE:
        raise InfeasibleSolutionError(f"{name}: no road leads from {start} to {end}.")
    return duration_s, int(problem.distance_m[start, end])


def _nights_cents(problem: Problem, solution: Solution) -> int:
    """Chosen nights between the first and the last shift on which anything happens."""
    prices = {p.location_index: p.cost_cents for p in reversed(problem.overnight_places)}
    happens = [
        bool(route.visits) or route.start_location != route.end_location
        for route in solution.routes
    ]
    cents = 0
    for shift_index, route in enumerate(solution.routes[:-1]):
        has_begun = any(happens[: shift_index + 1])
        goes_on = any(happens[shift_index + 1 :])
        if has_begun and goes_on and problem.shifts[shift_index].end_location is None:
            cents += prices[route.end_location]
    return cents


def _half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))
