"""
What all shifts of a problem share, as arrays for the pricing of routes.

Rows number the clients that some shift can serve first (`n` of them) and then the terminals: the
places where shifts start or end. Times are seconds as floats, which hold them exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from routing.problem import UNREACHABLE, Problem
from routing.search.arrays import windows_in_shift
from routing.search.compiled import compiled

NEVER_S = 1e15
"""Leg where there is no road: longer than any shift, and sums of it are still exact enough."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """
    Places, legs and clients of a problem.

    Parameters
    ----------
    client_of
        (n,) int64, index into `Problem.clients`.
    unit_of
        (n,) int64, the unit of a client: at most one client of a unit is visited. A group is one
        unit, any other client is its own.
    is_unit_required
        (u,) bool, whether a plan has to visit a client of the unit.
    row_of_location
        Row of each location that is a terminal.
    leg_s, drive_s
        (m, m) float64, from row to column: driving and setup; driving alone.
    distance_m
        (m, m) float64.
    service_s
        (n,) float64.
    skip_m, skip_s
        (n,) float64. How many metres and seconds of driving a route can at most grow by when a
        client is taken out of it; infinite where taking it out may cost time.
    """

    problem: Problem
    client_of: NDArray[np.int64]
    unit_of: NDArray[np.int64]
    is_unit_required: NDArray[np.bool_]
    row_of_location: dict[int, int]
    leg_s: NDArray[np.float64]
    drive_s: NDArray[np.float64]
    distance_m: NDArray[np.float64]
    service_s: NDArray[np.float64]
    skip_m: NDArray[np.float64]
    skip_s: NDArray[np.float64]

    @property
    def hour_rate(self) -> float:
        """Cents a second."""
        return self.problem.hour_rate_cents / 3600

    @property
    def km_rate(self) -> float:
        """Cents a metre."""
        return self.problem.km_rate_cents / 1000

    @property
    def units(self) -> int:
        return len(self.is_unit_required)


def build_ground(problem: Problem, *, keeps_required: bool) -> Ground:
    """
    The ground of a problem.

    With `keeps_required` only plans that visit every required client count; then the other clients
    of their groups cannot be visited.
    """
    required_groups = {
        client.group for client in problem.clients if client.required and client.group is not None
    }
    kept = [
        index
        for index, client in enumerate(problem.clients)
        if any(windows_in_shift(client, shift) for shift in problem.shifts)
        and not (keeps_required and not client.required and client.group in required_groups)
    ]
    clients = [problem.clients[index] for index in kept]
    unit_of, is_unit_required = _units(problem, kept, keeps_required)

    ends = [s.start_location for s in problem.shifts] + [s.end_location for s in problem.shifts]
    terminals = sorted(
        {x for x in ends if x is not None} | {p.location_index for p in problem.overnight_places}
    )
    n = len(kept)
    location_of = np.array([c.location_index for c in clients] + terminals, dtype=np.int64)
    square = np.ix_(location_of, location_of)
    drive_s = problem.duration_s[square].astype(np.float64)
    drive_s[drive_s >= UNREACHABLE] = NEVER_S
    distance_m = problem.distance_m[square].astype(np.float64)
    setup_s = np.zeros(len(location_of))
    setup_s[:n] = [c.setup_duration_s for c in clients]
    leg_s = drive_s + np.where(location_of[:, None] != location_of[None], setup_s[None], 0.0)
    service_s = np.array([c.service_duration_s for c in clients], dtype=np.float64)

    skip_m, skip_s = np.zeros(n), np.zeros(n)
    _measure_skips(leg_s, drive_s, distance_m, service_s, skip_m, skip_s)
    if any(s.max_travel_s is not None or s.max_distance_m is not None for s in problem.shifts):
        grows = (skip_m > 0) | (skip_s > 0)  # and could so break a limit
        skip_m[grows], skip_s[grows] = np.inf, np.inf
    return Ground(
        problem=problem,
        client_of=np.array(kept, dtype=np.int64),
        unit_of=unit_of,
        is_unit_required=is_unit_required,
        row_of_location={location: n + position for position, location in enumerate(terminals)},
        leg_s=leg_s,
        drive_s=drive_s,
        distance_m=distance_m,
        service_s=service_s,
        skip_m=skip_m,
        skip_s=skip_s,
    )


def _units(
    problem: Problem, kept: list[int], keeps_required: bool
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    number_of: dict[tuple[str, int], int] = {}
    unit_of = np.zeros(len(kept), dtype=np.int64)
    for row, index in enumerate(kept):
        group = problem.clients[index].group
        key = ("client", index) if group is None else ("group", group)
        unit_of[row] = number_of.setdefault(key, len(number_of))
    is_unit_required = np.zeros(len(number_of), dtype=np.bool_)
    if keeps_required:
        for row, index in enumerate(kept):
            is_unit_required[unit_of[row]] |= problem.clients[index].required
    return unit_of, is_unit_required


@compiled
def _measure_skips(
    leg_s: NDArray[np.float64],
    drive_s: NDArray[np.float64],
    distance_m: NDArray[np.float64],
    service_s: NDArray[np.float64],
    skip_m: NDArray[np.float64],
    skip_s: NDArray[np.float64],
) -> None:
    """
    What taking a client out of a route can cost, over all places before and after it.

    Zero where the matrices keep the triangle inequality. Roads that are fastest are not always
    shortest, and rounding breaks it by a unit.
    """
    n, m = len(service_s), len(leg_s)
    for client in range(n):
        worst_m, worst_s = 0.0, 0.0
        for before in range(m):
            in_s = leg_s[before, client] + service_s[client]
            if before == client or in_s >= NEVER_S:
                continue
            for after in range(m):
                over_s = in_s + leg_s[client, after]
                if after == client or over_s >= NEVER_S or (after == before and after < n):
                    continue
                if leg_s[before, after] > over_s:
                    worst_s = np.inf
                    break
                extra_m = distance_m[before, after] - distance_m[before, client]
                worst_m = max(worst_m, extra_m - distance_m[client, after])
                extra_s = drive_s[before, after] - drive_s[before, client]
                worst_s = max(worst_s, extra_s - drive_s[client, after])
            if worst_s == np.inf:
                worst_m = np.inf
                break
        skip_m[client] = worst_m
        skip_s[client] = worst_s
