"""The problem as arrays, the form in which compiled code reads it."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from routing.problem import UNREACHABLE, Client, Problem, Shift

NEVER_S = -(2**62)
"""Closing time of a client in a shift during which it cannot be served at all."""

NO_LIMIT_S = 2**62

MAX_NEIGHBOURS = 60


class Arrays(NamedTuple):
    """
    A problem for compiled code. Never changed by the search.

    Rows number the clients that can matter first (`n` of them) and then the terminals: places
    where shifts start or end. `n` clients, `k` shifts, `m` rows.

    Parameters
    ----------
    travel_s, distance_m
        (m, m) int32.
    location_of
        (m,) int64, row of the problem's own matrices.
    client_of
        (n,) int64, index into `Problem.clients`.
    service_s, prize_cents
        (n,) int64.
    is_required
        (n,) bool.
    required
        (q,) int64, rows of the required clients.
    need_s
        (n,) int64, what a visit takes at the very least: service, the shortest leg that leads
        there and the shortest that leads away. A gap shorter than that cannot hold it.
    opens_s, closes_s
        (k, n) int64, first and last moment in the shift at which service may start; `closes_s` is
        `NEVER_S` where there is none.
    window_count, window_first
        (k, n) int64, how many windows meet the shift, and the first of them in the next two.
    window_opens_s, window_closes_s
        (w,) int64, windows cut to their shift.
    shift_start_s, shift_end_s
        (k,) int64.
    is_night_chosen
        (k,) bool, whether the night after the shift is chosen by the search.
    chosen_nights
        (c,) int64, the shifts before those nights.
    places
        (h,) int64, rows of the overnight places.
    night_cents
        (m,) int64, cost of a night at a row.
    neighbours
        (n, g) int32, nearest clients by mean travel time there and back, nearest first.
    hour_rate_cents, km_rate_cents, max_travel_s
        As in the problem; `NO_LIMIT_S` for no limit.
    travel_weight
        Cents by which a second of driving counts against a plan beside its true cost. Breaks
        ties among plans of equal prize in favour of those with room for more.
    scale_cents
        Mean prize, the unit of temperatures.
    """

    travel_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]
    location_of: NDArray[np.int64]
    client_of: NDArray[np.int64]
    service_s: NDArray[np.int64]
    prize_cents: NDArray[np.int64]
    is_required: NDArray[np.bool_]
    required: NDArray[np.int64]
    need_s: NDArray[np.int64]
    opens_s: NDArray[np.int64]
    closes_s: NDArray[np.int64]
    window_count: NDArray[np.int64]
    window_first: NDArray[np.int64]
    window_opens_s: NDArray[np.int64]
    window_closes_s: NDArray[np.int64]
    shift_start_s: NDArray[np.int64]
    shift_end_s: NDArray[np.int64]
    is_night_chosen: NDArray[np.bool_]
    chosen_nights: NDArray[np.int64]
    places: NDArray[np.int64]
    night_cents: NDArray[np.int64]
    neighbours: NDArray[np.int32]
    hour_rate_cents: int
    km_rate_cents: int
    max_travel_s: int
    travel_weight: float
    scale_cents: float


def build_arrays(problem: Problem) -> Arrays:
    """
    Arrays of a problem.

    Optional clients without a prize, or closed during all shifts, are left out: no plan gains by
    them, and so they do not change what the search does.
    """
    windows = [
        [windows_in_shift(client, shift) for client in problem.clients] for shift in problem.shifts
    ]
    kept = [
        index
        for index, client in enumerate(problem.clients)
        if (client.prize_cents > 0 or client.required)
        and any(of_shift[index] for of_shift in windows)
    ]
    clients = [problem.clients[index] for index in kept]
    n, k = len(kept), len(problem.shifts)

    ends = [s.start_location for s in problem.shifts] + [s.end_location for s in problem.shifts]
    terminals = sorted(
        {x for x in ends if x is not None} | {p.location_index for p in problem.overnight_places}
    )
    location_of = np.array([c.location_index for c in clients] + terminals, dtype=np.int64)
    row_of = {location: n + position for position, location in enumerate(terminals)}
    square = np.ix_(location_of, location_of)
    travel_s = np.minimum(problem.duration_s[square], UNREACHABLE).astype(np.int32)
    distance_m = np.minimum(problem.distance_m[square], UNREACHABLE).astype(np.int32)

    service_s = np.array([c.service_duration_s for c in clients], dtype=np.int64)
    prize_cents = np.array([c.prize_cents for c in clients], dtype=np.int64)
    is_required = np.array([c.required for c in clients], dtype=np.bool_)

    opens_s = np.zeros((k, n), dtype=np.int64)
    closes_s = np.full((k, n), NEVER_S, dtype=np.int64)
    window_count = np.zeros((k, n), dtype=np.int64)
    window_first = np.zeros((k, n), dtype=np.int64)
    flat: list[tuple[int, int]] = []
    for shift_index in range(k):
        for row, client_index in enumerate(kept):
            of_client = windows[shift_index][client_index]
            window_count[shift_index, row] = len(of_client)
            window_first[shift_index, row] = len(flat)
            if of_client:
                opens_s[shift_index, row] = of_client[0][0]
                closes_s[shift_index, row] = of_client[-1][1]
                flat.extend(of_client)
    window_bounds = np.array(flat, dtype=np.int64).reshape(-1, 2)

    night_cents = np.zeros(len(location_of), dtype=np.int64)
    for place in reversed(problem.overnight_places):  # the first of two entries counts
        night_cents[row_of[place.location_index]] = place.cost_cents
    is_night_chosen = np.array([s.end_location is None for s in problem.shifts], dtype=np.bool_)

    scale_cents = float(prize_cents.mean()) if n else 1.0
    hours_s = sum(shift.shift_duration_s for shift in problem.shifts)
    has_rates = problem.hour_rate_cents > 0 or problem.km_rate_cents > 0
    return Arrays(
        travel_s=travel_s,
        distance_m=distance_m,
        location_of=location_of,
        client_of=np.array(kept, dtype=np.int64),
        service_s=service_s,
        prize_cents=prize_cents,
        is_required=is_required,
        required=np.flatnonzero(is_required).astype(np.int64),
        need_s=service_s + _shortest_legs(travel_s, n),
        opens_s=opens_s,
        closes_s=closes_s,
        window_count=window_count,
        window_first=window_first,
        window_opens_s=np.ascontiguousarray(window_bounds[:, 0]),
        window_closes_s=np.ascontiguousarray(window_bounds[:, 1]),
        shift_start_s=np.array([s.start_s for s in problem.shifts], dtype=np.int64),
        shift_end_s=np.array([s.end_s for s in problem.shifts], dtype=np.int64),
        is_night_chosen=is_night_chosen,
        chosen_nights=np.flatnonzero(is_night_chosen).astype(np.int64),
        places=np.array(
            sorted({row_of[p.location_index] for p in problem.overnight_places}), dtype=np.int64
        ),
        night_cents=night_cents,
        neighbours=_nearest_clients(travel_s[:n, :n]),
        hour_rate_cents=problem.hour_rate_cents,
        km_rate_cents=problem.km_rate_cents,
        max_travel_s=NO_LIMIT_S if problem.max_travel_s is None else problem.max_travel_s,
        travel_weight=0.0 if has_rates else 0.3 * scale_cents / hours_s,
        scale_cents=max(scale_cents, 1.0),
    )


def windows_in_shift(client: Client, shift: Shift) -> list[tuple[int, int]]:
    """When the service of a client may start in a shift: its windows cut to the shift."""
    first_s, last_s = shift.start_s, shift.end_s - client.service_duration_s
    if not client.time_windows:
        return [(first_s, last_s)] if first_s <= last_s else []
    cut = [(max(w.early_s, first_s), min(w.late_s, last_s)) for w in client.time_windows]
    return [(early_s, late_s) for early_s, late_s in cut if early_s <= late_s]


def _shortest_legs(travel_s: NDArray[np.int32], n: int) -> NDArray[np.int64]:
    """(n,) sum of the shortest leg to and the shortest leg from each client."""
    if n == 0:
        return np.zeros(0, dtype=np.int64)
    others = travel_s.astype(np.int64)
    np.fill_diagonal(others, UNREACHABLE)
    return others[:, :n].min(axis=0) + others[:n, :].min(axis=1)


def _nearest_clients(travel_s: NDArray[np.int32]) -> NDArray[np.int32]:
    n = len(travel_s)
    both_ways = travel_s.astype(np.int64) + travel_s.T
    np.fill_diagonal(both_ways, 4 * UNREACHABLE)  # a client is no neighbour of itself
    nearest = np.argsort(both_ways, axis=1, kind="stable")[:, : min(MAX_NEIGHBOURS, max(n - 1, 0))]
    return np.ascontiguousarray(nearest, dtype=np.int32)
