"""The problem as arrays, the form in which compiled code reads it."""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.problem import UNREACHABLE, Client, Problem, Shift
from routing.search.by_reference import ByReference

NEVER_S = -(2**62)
"""Closing time of a client in a shift during which it cannot be served at all."""

NO_LIMIT_S = 2**62
"""A limit that is not set, whatever its unit."""

MAX_NEIGHBOURS = 60


@dataclass(frozen=True, eq=False)
class Arrays(ByReference):
    """
    A problem for compiled code. Never changed by the search.

    Rows number the clients that can matter first (`n` of them) and then the terminals: places
    where shifts start or end. `n` clients, `k` shifts, `m` rows.

    Parameters
    ----------
    travel_s, distance_m
        (m, m) int32.
    leg_s
        (m, m) int32, driving and the setup of the client it leads to.
    location_of
        (m,) int64, row of the problem's own matrices.
    client_of
        (n,) int64, index into `Problem.clients`.
    service_s, top_prize_cents
        (n,) int64; the prize is that of the best shift.
    prize_cents
        (k, n) int64, by shift.
    is_required
        (n,) bool.
    required
        (q,) int64, rows of the required clients.
    missing_weight
        (n,) float64, how much it counts that a required client is missing: more than all those of
        lower precedence together.
    twin_first, twins
        (n + 1,) and (t,) int64: the other clients of a client's group are
        `twins[twin_first[client]:twin_first[client + 1]]`.
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
    shift_max_visits, shift_max_travel_s, shift_max_distance_m
        (k,) int64, `NO_LIMIT_S` for no limit.
    break_count, break_first
        (k,) int64, how many breaks a shift has, and the first of them in the next three.
    break_early_s, break_late_s, break_duration_s
        (b,) int64.
    is_night_chosen
        (k,) bool, whether the night after the shift is chosen by the search.
    chosen_nights
        (c,) int64, the shifts before those nights.
    places, homes
        (h,) int64, rows of the overnight places, and of those that are no nights away.
    night_cents, is_away
        (m,) int64 and bool, cost of a night at a row, and whether limits on nights count it.
    neighbours
        (n, g) int32, nearest clients by mean travel time there and back, nearest first.
    hour_rate_cents, km_rate_cents, max_travel_s, max_nights, max_nights_in_a_row
        As in the problem; `NO_LIMIT_S` for no limit.
    travel_weight
        Cents by which a second of driving counts against a plan beside its true cost. Breaks
        ties among plans of equal prize in favour of those with room for more.
    scale_cents
        Mean prize, the unit of temperatures.
    """

    travel_s: NDArray[np.int32]
    distance_m: NDArray[np.int32]
    leg_s: NDArray[np.int32]
    location_of: NDArray[np.int64]
    client_of: NDArray[np.int64]
    service_s: NDArray[np.int64]
    top_prize_cents: NDArray[np.int64]
    prize_cents: NDArray[np.int64]
    is_required: NDArray[np.bool_]
    required: NDArray[np.int64]
    missing_weight: NDArray[np.float64]
    twin_first: NDArray[np.int64]
    twins: NDArray[np.int64]
    need_s: NDArray[np.int64]
    opens_s: NDArray[np.int64]
    closes_s: NDArray[np.int64]
    window_count: NDArray[np.int64]
    window_first: NDArray[np.int64]
    window_opens_s: NDArray[np.int64]
    window_closes_s: NDArray[np.int64]
    shift_start_s: NDArray[np.int64]
    shift_end_s: NDArray[np.int64]
    shift_max_visits: NDArray[np.int64]
    shift_max_travel_s: NDArray[np.int64]
    shift_max_distance_m: NDArray[np.int64]
    break_count: NDArray[np.int64]
    break_first: NDArray[np.int64]
    break_early_s: NDArray[np.int64]
    break_late_s: NDArray[np.int64]
    break_duration_s: NDArray[np.int64]
    is_night_chosen: NDArray[np.bool_]
    chosen_nights: NDArray[np.int64]
    places: NDArray[np.int64]
    homes: NDArray[np.int64]
    night_cents: NDArray[np.int64]
    is_away: NDArray[np.bool_]
    neighbours: NDArray[np.int32]
    hour_rate_cents: int
    km_rate_cents: int
    max_travel_s: int
    max_nights: int
    max_nights_in_a_row: int
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
    top_prize_cents = np.array([c.prize_cents for c in clients], dtype=np.int64)
    prize_cents = np.array(
        [[c.prize_in_cents(shift) for c in clients] for shift in range(k)], dtype=np.int64
    ).reshape(k, n)
    setup_s = np.zeros(len(location_of), dtype=np.int32)
    setup_s[:n] = [c.setup_duration_s for c in clients]
    leg_s = travel_s
    if setup_s.any():
        leg_s = travel_s + np.where(location_of[:, np.newaxis] != location_of, setup_s, 0)
        leg_s = leg_s.astype(np.int32)
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
    is_away = np.zeros(len(location_of), dtype=np.bool_)
    for place in reversed(problem.overnight_places):  # the first of two entries counts
        night_cents[row_of[place.location_index]] = place.cost_cents
        is_away[row_of[place.location_index]] = not place.is_home
    places = np.array(
        sorted({row_of[p.location_index] for p in problem.overnight_places}), dtype=np.int64
    )
    is_night_chosen = np.array([s.end_location is None for s in problem.shifts], dtype=np.bool_)

    breaks = [one for shift in problem.shifts for one in shift.breaks]
    break_count = np.array([len(shift.breaks) for shift in problem.shifts], dtype=np.int64)
    twins = _twins(clients)
    scale_cents = float(top_prize_cents.mean()) if n else 1.0
    hours_s = sum(shift.shift_duration_s for shift in problem.shifts)
    has_rates = problem.hour_rate_cents > 0 or problem.km_rate_cents > 0
    return Arrays(
        travel_s=travel_s,
        distance_m=distance_m,
        leg_s=leg_s,
        location_of=location_of,
        client_of=np.array(kept, dtype=np.int64),
        service_s=service_s,
        top_prize_cents=top_prize_cents,
        prize_cents=prize_cents,
        is_required=is_required,
        required=np.flatnonzero(is_required).astype(np.int64),
        missing_weight=_missing_weights(clients),
        twin_first=np.cumsum([0, *map(len, twins)], dtype=np.int64),
        twins=np.array([row for of_client in twins for row in of_client], dtype=np.int64),
        need_s=service_s + _shortest_legs(leg_s, n),
        opens_s=opens_s,
        closes_s=closes_s,
        window_count=window_count,
        window_first=window_first,
        window_opens_s=np.ascontiguousarray(window_bounds[:, 0]),
        window_closes_s=np.ascontiguousarray(window_bounds[:, 1]),
        shift_start_s=np.array([s.start_s for s in problem.shifts], dtype=np.int64),
        shift_end_s=np.array([s.end_s for s in problem.shifts], dtype=np.int64),
        shift_max_visits=_limits(shift.max_visits for shift in problem.shifts),
        shift_max_travel_s=_limits(shift.max_travel_s for shift in problem.shifts),
        shift_max_distance_m=_limits(shift.max_distance_m for shift in problem.shifts),
        break_count=break_count,
        break_first=np.cumsum(break_count) - break_count,
        break_early_s=np.array([one.early_s for one in breaks], dtype=np.int64),
        break_late_s=np.array([one.late_s for one in breaks], dtype=np.int64),
        break_duration_s=np.array([one.duration_s for one in breaks], dtype=np.int64),
        is_night_chosen=is_night_chosen,
        chosen_nights=np.flatnonzero(is_night_chosen).astype(np.int64),
        places=places,
        homes=places[~is_away[places]],
        night_cents=night_cents,
        is_away=is_away,
        neighbours=_nearest_clients(travel_s[:n, :n]),
        hour_rate_cents=problem.hour_rate_cents,
        km_rate_cents=problem.km_rate_cents,
        max_travel_s=_limit(problem.max_travel_s),
        max_nights=_limit(problem.max_nights),
        max_nights_in_a_row=_limit(problem.max_nights_in_a_row),
        travel_weight=0.0 if has_rates else 0.3 * scale_cents / hours_s,
        scale_cents=max(scale_cents, 1.0),
    )


def _limit(limit: int | None) -> int:
    return NO_LIMIT_S if limit is None else limit


def _limits(limits: Iterable[int | None]) -> NDArray[np.int64]:
    return np.array([_limit(limit) for limit in limits], dtype=np.int64)


def _twins(clients: list[Client]) -> list[list[int]]:
    """Rows of the other clients of each client's group."""
    members: dict[int, list[int]] = {}
    for row, client in enumerate(clients):
        if client.group is not None:
            members.setdefault(client.group, []).append(row)
    return [
        [] if client.group is None else [r for r in members[client.group] if r != row]
        for row, client in enumerate(clients)
    ]


def _missing_weights(clients: list[Client]) -> NDArray[np.float64]:
    """Weights by which one missing client counts more than all those of lower precedence."""
    weights = np.zeros(len(clients))
    weight = 1.0
    for level in sorted({c.precedence for c in clients if c.required}):
        rows = [row for row, c in enumerate(clients) if c.required and c.precedence == level]
        weights[rows] = weight
        weight *= len(rows) + 1
    return weights


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
