"""
A trip with free nights as one route on one time axis, for solvers that know no nights.

A night is a stop as well: one of its places must be visited, at the very moment at which its day
ends, and the visit lasts until the next day begins. So a day has to be over in time, and the next
one begins where it ended. Hours are paid around the clock on such an axis: only prizes can be
counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.rivals.terms import is_priced, solution_of
from routing.problem import Problem
from routing.solution import Solution


@dataclass(frozen=True, slots=True)
class Stop:
    """
    A night at a place, or a client.

    Parameters
    ----------
    windows
        Service starts within one of them; seconds, both ends inclusive.
    night
        The shift before the night; None for a client.
    client_index
        None for a night.
    """

    location: int
    service_s: int
    windows: tuple[tuple[int, int], ...]
    night: int | None = None
    client_index: int | None = None


def not_one_route(problem: Problem) -> str | None:
    """Why a problem with free nights is no single route, or None where it is."""
    if is_priced(problem):
        return "hours of days between free nights cannot be priced apart from the nights"
    if any(place.cost_cents > 0 for place in problem.overnight_places):
        return "costs of free nights are not mapped"
    if any(shift.end_location is not None for shift in problem.shifts[:-1]):
        return "free nights beside fixed ones are not mapped"
    if any(shift.breaks for shift in problem.shifts):
        return "breaks between free nights are not mapped"
    return None


def ends_of(problem: Problem) -> tuple[int, int]:
    """Where the trip starts and ends."""
    start, end = problem.shifts[0].start_location, problem.shifts[-1].end_location
    assert start is not None
    assert end is not None
    return start, end


def stops_of(problem: Problem) -> list[Stop]:
    """Every free night at every place, then every client that can be served at all."""
    shifts = problem.shifts
    places = dict.fromkeys(place.location_index for place in problem.overnight_places)
    stops = [
        Stop(
            location,
            shifts[index + 1].start_s - shift.end_s,
            ((shift.end_s, shift.end_s),),
            night=index,
        )
        for index, shift in enumerate(shifts[:-1])
        if shift.end_location is None
        for location in places
    ]
    for index, client in enumerate(problem.clients):
        windows = [(shifts[0].start_s, shifts[-1].end_s)]
        if client.time_windows:
            # Shifts of a team lie side by side: each window once.
            windows = sorted(
                {
                    (max(window.early_s, shift.start_s), min(window.late_s, shift.end_s))
                    for window in client.time_windows
                    for shift in shifts
                    if window.early_s <= shift.end_s and window.late_s >= shift.start_s
                }
            )
        if windows:
            stops.append(
                Stop(
                    client.location_index,
                    client.service_duration_s,
                    tuple(windows),
                    client_index=index,
                )
            )
    return stops


def solution_of_stops(problem: Problem, stops: Iterable[Stop]) -> Solution:
    """The solution that makes stops in this order, nights among them."""
    sequences: list[list[int]] = [[]]
    nights = []
    for stop in stops:
        if stop.client_index is not None:
            sequences[-1].append(stop.client_index)
        else:
            nights.append(stop.location)
            sequences.append([])
    return solution_of(problem, sequences, nights)
