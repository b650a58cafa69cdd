"""
When to leave, arrive and serve along a given sequence of clients.

The search uses its own compiled form of this; the referee uses neither.
"""

from bisect import bisect_left
from collections.abc import Sequence

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
    The route of one shift that arrives as early as possible, leaving as late as that allows.

    Returns None when the sequence cannot be served within the shift and its windows. With one
    window per client no other schedule of the sequence takes less time (Savelsbergh 1992, forward
    time slack).
    """
    shift = problem.shifts[shift_index]
    clients = [problem.clients[i] for i in client_indices]
    stops = [start_location, *(c.location_index for c in clients), end_location]
    legs = [int(problem.duration_s[a, b]) for a, b in zip(stops, stops[1:], strict=False)]
    if any(leg >= UNREACHABLE for leg in legs):
        return None

    time_s = shift.start_s
    for leg, client in zip(legs, clients, strict=False):
        start_s = earliest_start_s(client, time_s + leg)
        if start_s is None:
            return None
        time_s = start_s + client.service_duration_s
    arrival_s = time_s + legs[-1]
    if arrival_s > shift.end_s:
        return None

    # Backwards from that arrival: every start as late as it can be without arriving later.
    starts_s: list[int] = []
    time_s = arrival_s
    for leg, client in zip(reversed(legs), reversed(clients), strict=False):
        start_s = latest_start_s(client, time_s - leg - client.service_duration_s)
        assert start_s is not None  # the forward pass found one
        starts_s.append(start_s)
        time_s = start_s
    departure_s = max(time_s - legs[0], shift.start_s)

    # Forwards again, so that each arrival is real and waiting stands where it happens.
    visits = []
    time_s = departure_s
    for leg, index, client in zip(legs, client_indices, clients, strict=False):
        visit_arrival_s = time_s + leg
        start_s = earliest_start_s(client, visit_arrival_s)
        assert start_s is not None
        time_s = start_s + client.service_duration_s
        visits.append(Visit(index, visit_arrival_s, start_s, time_s))
    distance_m = sum(int(problem.distance_m[a, b]) for a, b in zip(stops, stops[1:], strict=False))
    return Route(
        start_location,
        end_location,
        departure_s,
        time_s + legs[-1],
        tuple(visits),
        sum(legs),
        distance_m,
    )


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
