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
    groups: set[int] = set()
    for shift_index, route in enumerate(solution.routes):
        _check_ends(problem, solution, shift_index)
        route_travel_s, route_distance_m = _check_times(problem, shift_index, route)
        travel_s += route_travel_s
        distance_m += route_distance_m
        worked_s += route.arrival_s - route.departure_s
        worked_s -= sum(one.end_s - one.start_s for one in route.breaks)
        for visit in route.visits:
            if visit.client_index in order:
                raise InfeasibleSolutionError(f"Client {visit.client_index} is visited twice.")
            order.append(visit.client_index)
            client = problem.clients[visit.client_index]
            if client.group is not None and client.group in groups:
                raise InfeasibleSolutionError(
                    f"Client {visit.client_index} is the second one of group {client.group}."
                )
            if client.group is not None:
                groups.add(client.group)
            by_shift = client.shift_prizes_cents
            prize_cents += by_shift[shift_index] if by_shift else client.prize_cents
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
    _check_breaks_are_had(problem, shift_index, route)
    for leg, visit in enumerate(route.visits):
        name = f"Visit of client {visit.client_index} in route {shift_index}"
        if not 0 <= visit.client_index < len(problem.clients):
            raise InfeasibleSolutionError(f"{name}: there is no such client.")
        client = problem.clients[visit.client_index]
        leg_s, leg_m = _leg(problem, here, client.location_index, name)
        travel_s += leg_s
        distance_m += leg_m
        setup_s = 0 if here == client.location_index else client.setup_duration_s
        arrival_s, ready_s, break_s = _follow_leg(route, leg, clock_s, leg_s, setup_s, name)
        if visit.arrival_s != arrival_s:
            raise InfeasibleSolutionError(
                f"{name}: arrives at {visit.arrival_s} s; leaving at {clock_s} s and driving "
                f"{leg_s} s it is {arrival_s} s."
            )
        if visit.start_s < visit.arrival_s:
            raise InfeasibleSolutionError(f"{name}: starts before it arrives.")
        if visit.start_s < ready_s:
            raise InfeasibleSolutionError(
                f"{name}: starts at {visit.start_s} s, before it is ready at {ready_s} s."
            )
        if (visit.setup_s, visit.break_s) != (setup_s, break_s):
            raise InfeasibleSolutionError(
                f"{name}: says setup and breaks here take {visit.setup_s} s and {visit.break_s} s; "
                f"they take {setup_s} s and {break_s} s."
            )
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
    _, arrival_s, _ = _follow_leg(route, len(route.visits), clock_s, leg_s, 0, name)
    if route.arrival_s != arrival_s:
        raise InfeasibleSolutionError(
            f"{name}: arrives at {route.arrival_s} s; it is {arrival_s} s."
        )
    if route.arrival_s > shift.end_s:
        raise InfeasibleSolutionError(
            f"{name}: arrives at {route.arrival_s} s, after its shift ends at {shift.end_s} s."
        )
    for what, amount, limit in (
        ("visits", len(route.visits), shift.max_visits),
        ("seconds of driving", travel_s, shift.max_travel_s),
        ("metres", distance_m, shift.max_distance_m),
    ):
        if limit is not None and amount > limit:
            raise InfeasibleSolutionError(
                f"Route {shift_index} has {amount} {what}; at most {limit} are allowed."
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


def _follow_leg(
    route: Route, leg: int, clock_s: int, drive_s: int, setup_s: int, name: str
) -> tuple[int, int, int]:
    """
    Follow one leg with its breaks by the breaks' own times.

    Returns when driving ends, when driving, setup and breaks have ended, and the time of breaks
    that begin after driving has ended.
    """
    arrival_s, break_s = clock_s + drive_s, 0
    for one in route.breaks:
        if one.leg != leg:
            continue
        if one.start_s < clock_s:
            raise InfeasibleSolutionError(
                f"{name}: break {one.break_index} starts at {one.start_s} s, but the vehicle is "
                f"busy until {clock_s} s."
            )
        free_s = one.start_s - clock_s
        done_s = min(drive_s, free_s)
        drive_s -= done_s
        setup_s -= min(setup_s, free_s - done_s)
        if one.start_s < arrival_s:
            arrival_s += one.end_s - one.start_s
        else:
            break_s += one.end_s - one.start_s
        clock_s = one.end_s
    return arrival_s, clock_s + drive_s + setup_s, break_s


def _check_breaks_are_had(problem: Problem, shift_index: int, route: Route) -> None:
    """Each break once, in its window, or at home before leaving or after arriving."""
    breaks = problem.shifts[shift_index].breaks
    name = f"Route {shift_index}"
    taken = [one.break_index for one in route.breaks]
    if sorted(set(taken)) != taken or any(not 0 <= i < len(breaks) for i in taken):
        raise InfeasibleSolutionError(f"{name} takes breaks {taken} of {len(breaks)}.")
    if [one.leg for one in route.breaks] != sorted(one.leg for one in route.breaks) or any(
        not 0 <= one.leg <= len(route.visits) for one in route.breaks
    ):
        raise InfeasibleSolutionError(f"{name} takes breaks on legs that are out of order.")
    for one in route.breaks:
        wanted = breaks[one.break_index]
        if not wanted.early_s <= one.start_s <= wanted.late_s:
            raise InfeasibleSolutionError(
                f"{name}: break {one.break_index} starts at {one.start_s} s, outside of {wanted}."
            )
        if one.end_s - one.start_s != wanted.duration_s:
            raise InfeasibleSolutionError(
                f"{name}: break {one.break_index} takes {one.end_s - one.start_s} s, not "
                f"{wanted.duration_s} s."
            )
    if not route.visits and route.start_location == route.end_location:
        return
    for index, wanted in enumerate(breaks):
        is_over = route.departure_s >= wanted.early_s + wanted.duration_s
        is_later = route.arrival_s <= wanted.late_s
        if index not in taken and not is_over and not is_later:
            raise InfeasibleSolutionError(
                f"{name} takes no break {index}, though it is on the way from "
                f"{route.departure_s} s to {route.arrival_s} s and has to start within {wanted}."
            )


def _leg(problem: Problem, start: int, end: int, name: str) -> tuple[int, int]:
    duration_s = int(problem.duration_s[start, end])
    if duration_s >= UNREACHABLE:
        raise InfeasibleSolutionError(f"{name}: no road leads from {start} to {end}.")
    return duration_s, int(problem.distance_m[start, end])


def _nights_cents(problem: Problem, solution: Solution) -> int:
    """Chosen nights between the first and the last shift on which anything happens."""
    places = {p.location_index: p for p in reversed(problem.overnight_places)}
    happens = [
        bool(route.visits) or route.start_location != route.end_location
        for route in solution.routes
    ]
    cents = away = in_a_row = 0
    for shift_index, route in enumerate(solution.routes[:-1]):
        has_begun = any(happens[: shift_index + 1])
        goes_on = any(happens[shift_index + 1 :])
        is_paid = has_begun and goes_on and problem.shifts[shift_index].end_location is None
        if is_paid:
            cents += places[route.end_location].cost_cents
        is_away = is_paid and not places[route.end_location].is_home
        away += is_away
        in_a_row = in_a_row + 1 if is_away else 0
        if problem.max_nights is not None and away > problem.max_nights:
            raise InfeasibleSolutionError(
                f"{away} nights away by shift {shift_index}; at most {problem.max_nights}."
            )
        if problem.max_nights_in_a_row is not None and in_a_row > problem.max_nights_in_a_row:
            raise InfeasibleSolutionError(
                f"{in_a_row} nights away in a row by shift {shift_index}; at most "
                f"{problem.max_nights_in_a_row}."
            )
    return cents


def _half_up(amount: Fraction) -> int:
    return floor(amount + Fraction(1, 2))
