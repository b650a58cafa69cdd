"""
When to leave, arrive and serve along a given sequence of clients.

The search uses its own compiled form of this; the referee uses neither.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from routing.problem import UNREACHABLE, Client, Problem
from routing.solution import Route, Visit


def schedule_route(
    problem: Problem,
    shift_index: int,
    start_location: int,
    client_indices: Sequence[int],
    end_location: int,
) -> Route | None:
    """
    The route of one shift that takes the least time, and of those the one that arrives first.

    Returns None when the sequence cannot be served within the shift and its windows.

    Arrival as a function of departure is flat while waiting absorbs the delay, then rises with
    it, and jumps where a client's window closes and its next one has to be waited for. Only ends
    of flat stretches can be best (Savelsbergh 1992, forward time slack), and there is at most one
    after each jump: with one window per client a single one.
    """
    shift = problem.shifts[shift_index]
    clients = [problem.clients[i] for i in client_indices]
    stops = [start_location, *(c.location_index for c in clients), end_location]
    legs = [int(problem.duration_s[a, b]) for a, b in pairwise(stops)]
    if any(leg >= UNREACHABLE for leg in legs):
        return None
    distance_m = sum(int(problem.distance_m[a, b]) for a, b in pairwise(stops))

    best: Route | None = None
    departure_s: int | None = shift.start_s
    while departure_s is not None:
        _, arrival_s = _drive(clients, client_indices, legs, departure_s)
        if arrival_s is None or arrival_s > shift.end_s:
            break
        departure_s = _latest_departure_s(clients, legs, arrival_s)
        visits, _ = _drive(clients, client_indices, legs, departure_s)
        if best is None or arrival_s - departure_s < best.worked_s:
            best = Route(
                start_location,
                end_location,
                departure_s,
                arrival_s,
                tuple(visits),
                sum(legs),
                distance_m,
            )
        departure_s = _next_jump_s(clients, visits, departure_s)
    return best


def _drive(
    clients: Sequence[Client], client_indices: Sequence[int], legs: Sequence[int], departure_s: int
) -> tuple[list[Visit], int | None]:
    """Visits when leaving at a given time and starting each as early as possible; the arrival."""
    visits: list[Visit] = []
    time_s = departure_s
    for leg, index, client in zip(legs, client_indices, clients, strict=False):
        arrival_s = time_s + leg
        start_s = earliest_start_s(client, arrival_s)
        if start_s is None:
            return visits, None
        time_s = start_s + client.service_duration_s
        visits.append(Visit(index, arrival_s, start_s, time_s))
    return visits, time_s + legs[-1]


def _latest_departure_s(clients: Sequence[Client], legs: Sequence[int], arrival_s: int) -> int:
    """Last departure that still arrives then; there is one."""
    time_s = arrival_s
    for leg, client in zip(reversed(legs), reversed(clients), strict=False):
        start_s = latest_start_s(client, time_s - leg - client.service_duration_s)
        assert start_s is not None
        time_s = start_s
    return time_s - legs[0]


def _next_jump_s(
    clients: Sequence[Client], visits: Sequence[Visit], departure_s: int
) -> int | None:
    """First departure after the given one that makes some client miss its window, if there is."""
    room_s: int | None = None
    waited_s = 0
    for client, visit in zip(clients, visits, strict=True):
        waited_s += visit.start_s - visit.arrival_s
        for window in client.time_windows:
            if window.early_s <= visit.start_s <= window.late_s:
                spare_s = window.late_s - visit.start_s + waited_s
                room_s = spare_s if room_s is None else min(room_s, spare_s)
    return None if room_s is None else departure_s + room_s + 1


def earliest_start_s(client: Client, time_s: int) -> int | None:
    """First moment from `time_s` on at which service may start, or None."""
    if not client.time_windows:
        return time_s
    position = bisect_left(client.time_windows, time_s, key=lambda window: window.late_s)
    if position == len(client.time_windows):
        return None
    return max(time_s, client.time_windows[position].early_s)


def latest_start_s(client: Client, time_s: int) -> int | None:
    """Last moment up to `time_s` at which service may start, or None."""
    if not client.time_windows:
        return time_s
    for window in reversed(client.time_windows):
        if window.early_s <= time_s:
            return min(time_s, window.late_s)
    return None
