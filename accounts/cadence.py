"""
Whether a representative's time suffices for the cadence that is promised, and what it takes.

Where it does not, all intervals of the rep are stretched in one ratio: everybody waits alike
longer, and nobody is dropped in silence.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.account import AccountTable
from accounts.engagement import DUE_FROM, NO_VISITS_DAYS
from accounts.travel_estimate import (
    ROAD_FACTOR,
    SPEED_MPS,
    area_of_neighbours_m2,
    calls_on_a_day,
    hop_between_calls_m,
    travel_per_call_s,
)
from geo import great_circle_m

FIELD_SHARE = 0.8
"""Of the working hours without breaks that is spent in the field; the rest is for the desk."""

DUE_SHARE = 1 - DUE_FROM
"""Of an interval, how long a visit may be made: a day's tour joins accounts that are due, not all
that there are. Five planned weeks of the sample drove 1.4 to 8 times as long as without it and
without the time that each stop takes; `docs/engagement.md` has the figures."""

DAYS_PER_WEEK = 7


@dataclass(frozen=True, slots=True)
class FieldTime:
    """
    When one representative works, and from where.

    Parameters
    ----------
    week_s
        Working time of a week without breaks, seconds.
    day_count
        Days of a week with working hours.
    """

    rep_id: int
    home_lon: float
    home_lat: float
    week_s: float
    day_count: int

    @property
    def capacity_s(self) -> float:
        """Seconds of a week in the field."""
        return FIELD_SHARE * self.week_s


@dataclass(frozen=True, slots=True)
class RepLoad:
    """
    What the cadence of one rep's accounts takes in a week, and what there is.

    Parameters
    ----------
    account_count
        Accounts that field trips visit.
    visits, service_s, travel_s
        Of a week, as the intervals promise.
    capacity_s
        Seconds of a week in the field.
    stretch
        Factor on all intervals, at least 1. It is 1 for a rep without working hours, whose visits
        nobody can make, however long the intervals.
    """

    rep_id: int
    account_count: int
    visits: float
    service_s: float
    travel_s: float
    capacity_s: float
    stretch: float

    @property
    def load_s(self) -> float:
        return self.service_s + self.travel_s

    @property
    def has_hours(self) -> bool:
        return self.capacity_s > 0


@dataclass(frozen=True, slots=True, eq=False)
class Cadence:
    """
    The load of all reps, and what follows for their accounts.

    Parameters
    ----------
    reps
        In the order given.
    travel_s, travel_m
        (n,) float64, driving for one visit to each account as an estimate. An account without a
        rep or a position gets the median of the others, or nothing where there are none.
    interval_stretch
        (n,) float64, that of the owner; 1 for accounts that no field trip visits.
    """

    reps: tuple[RepLoad, ...]
    travel_s: NDArray[np.float64]
    travel_m: NDArray[np.float64]
    interval_stretch: NDArray[np.float64]

    def of_rep(self, rep_id: int) -> RepLoad | None:
        return next((one for one in self.reps if one.rep_id == rep_id), None)


def cadence(
    table: AccountTable,
    is_field: NDArray[np.bool_],
    has_location: NDArray[np.bool_],
    reps: Sequence[FieldTime],
    stop_s: NDArray[np.float64] | None = None,
) -> Cadence:
    """
    Load of each rep: sum of (service + travel) / interval over the accounts visited in the field.

    Travel per visit is `travel_per_call_s`, with the density of those of the rep's own accounts
    that are due at a time, and what a stop takes.

    Parameters
    ----------
    is_field
        (n,) bool, whether field trips may visit the account.
    has_location
        (n,) bool.
    stop_s
        (n,) float64, what stopping at an account takes of driving time: to leave the road, to park
        and to come back to it. None: nothing.
    """
    n = len(table)
    is_visited = is_field & (table.visit_interval_days < NO_VISITS_DAYS)
    travel_s = np.full(n, np.nan)
    rows_of = {rep.rep_id: np.flatnonzero(table.owner_rep_id == rep.rep_id) for rep in reps}
    for rep in reps:
        rows = rows_of[rep.rep_id]
        rows = rows[has_location[rows]]
        if len(rows):
            aside_s = np.zeros(len(rows)) if stop_s is None else stop_s[rows]
            travel_s[rows] = _travel_s(table, rows, is_visited[rows], rep, aside_s)
    is_known = np.isfinite(travel_s)
    usual_s = float(np.median(travel_s[is_known])) if is_known.any() else 0.0
    travel_s = np.where(is_known, travel_s, usual_s)
    stretch = np.ones(n)
    loads = []
    for rep in reps:
        rows = rows_of[rep.rep_id]
        rows = rows[is_visited[rows]]
        load = _load(table, rows, travel_s[rows], rep)
        stretch[rows] = load.stretch
        loads.append(load)
    aside_s = np.zeros(n) if stop_s is None else stop_s
    travel_m = np.maximum(travel_s - aside_s, 0.0) * SPEED_MPS
    return Cadence(tuple(loads), travel_s, travel_m, stretch)


def _travel_s(
    table: AccountTable,
    rows: NDArray[np.intp],
    is_visited: NDArray[np.bool_],
    rep: FieldTime,
    stop_s: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Of one visit to each; those that are visited say how dense accounts lie."""
    lon, lat = table.lon[rows], table.lat[rows]
    distance_m = great_circle_m(lon, lat, np.float64(rep.home_lon), np.float64(rep.home_lat))
    area_m2 = np.zeros(len(rows))
    if is_visited.any():
        area_m2[is_visited] = area_of_neighbours_m2(lon[is_visited], lat[is_visited])
        area_m2[~is_visited] = np.median(area_m2[is_visited])
    area_m2 /= DUE_SHARE
    day_s = rep.capacity_s / max(rep.day_count, 1)
    call_s = table.service_duration_s[rows] + stop_s
    calls = calls_on_a_day(day_s, call_s, distance_m, hop_between_calls_m(area_m2, 1.0))
    # The first call of a day is reached from home: where a day holds one, there is no hop at all.
    area_m2 *= (1 - 1 / calls) ** 2
    driving_s = travel_per_call_s(distance_m, area_m2, 1.0, calls, SPEED_MPS, ROAD_FACTOR)
    return np.asarray(driving_s + stop_s)


def _load(
    table: AccountTable, rows: NDArray[np.intp], travel_s: NDArray[np.float64], rep: FieldTime
) -> RepLoad:
    per_week = DAYS_PER_WEEK / table.visit_interval_days[rows]
    service_s = float((per_week * table.service_duration_s[rows]).sum())
    total_travel_s = float((per_week * travel_s).sum())
    capacity_s = rep.capacity_s
    stretch = (service_s + total_travel_s) / capacity_s if capacity_s > 0 else 1.0
    return RepLoad(
        rep_id=rep.rep_id,
        account_count=len(rows),
        visits=float(per_week.sum()),
        service_s=service_s,
        travel_s=total_travel_s,
        capacity_s=capacity_s,
        stretch=max(1.0, stretch),
    )
