"""
Whom a request considers: stored accounts, and visits that it brings itself, as columns.

Positions in these columns are the only numbers that the planning below works with; ids come back
in when the answer is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts import AccountTable, Scores, score
from api.schemas.route import Warning_
from api.schemas.route_request import RouteRequest, VisitRequest
from api.services.errors import RefusedRequestError, pointer
from api.services.places import PlaceResolver
from api.services.pool import NONE, pool_rows, visit_rows
from api.services.trip_time import EPOCH, TripTime
from api.state import Snapshot
from api.world import World
from data.tables import Rep
from routing.problem import TimeWindow
from routing.roads.engine import SnappedPlaces

DEFAULT_SERVICE_S = 1800
"""Time at a place that is no account, where the request does not say."""

Windows = tuple[TimeWindow, ...] | None
"""None: at any time. Empty: never during the trip."""


@dataclass(frozen=True, slots=True, eq=False)
class Considered:
    """
    Everybody who is considered, one row each: accounts by id, then visits without an account.

    Parameters
    ----------
    row
        (n,) int64, row of the account table, or `NONE`.
    visit
        (n,) int64, index into the request's visits, or `NONE`.
    name
        Of length n; None for a visit that brings no name.
    snapped
        Where they are, on the road network; off the road where nobody knows.
    has_location, is_required, is_excluded, is_field
        (n,) bool. Excluded: named in the request's `exclude_account_ids`.
    visit_value_cents, prize_cents
        (n,) int64; the value is `NONE` where only the request's own prize is known.
    due_ratio, due_factor
        (n,) float64; NaN where there is none.
    priority
        (n,) int64, or `NONE`.
    service_duration_s
        (n,) int64.
    window_set
        (n,) int64, index into `window_sets`.
    """

    row: NDArray[np.int64]
    visit: NDArray[np.int64]
    name: tuple[str | None, ...]
    snapped: SnappedPlaces
    has_location: NDArray[np.bool_]
    is_required: NDArray[np.bool_]
    is_excluded: NDArray[np.bool_]
    is_field: NDArray[np.bool_]
    visit_value_cents: NDArray[np.int64]
    prize_cents: NDArray[np.int64]
    due_ratio: NDArray[np.float64]
    due_factor: NDArray[np.float64]
    priority: NDArray[np.int64]
    service_duration_s: NDArray[np.int64]
    window_set: NDArray[np.int64]
    window_sets: tuple[Windows, ...]

    def __len__(self) -> int:
        return len(self.row)

    @property
    def is_requested(self) -> NDArray[np.bool_]:
        return self.visit != NONE

    def windows(self, position: int) -> Windows:
        return self.window_sets[self.window_set[position]]


def consider(
    request: RouteRequest,
    snapshot: Snapshot,
    world: World,
    rep: Rep | None,
    time: TripTime,
    resolver: PlaceResolver,
) -> tuple[Considered, tuple[Warning_, ...]]:
    """
    Raises
    ------
    RefusedRequestError
        With every visit, owner, segment and excluded account that is not known.
    """
    visits = request.visits or ()
    row_of_visit, faults = visit_rows(visits, snapshot)
    locations = [
        None
        if visit.location is None
        else resolver.resolve(visit.location, pointer("visits", k, "location"))
        for k, visit in enumerate(visits)
    ]
    pool, excluded, filter_faults = pool_rows(request, snapshot, rep)
    faults += [*filter_faults, *resolver.faults]
    if faults:
        raise RefusedRequestError(faults)

    table, scores = _scored(visits, row_of_visit, snapshot, time)
    asked = np.array(row_of_visit, dtype=np.int64)
    account_rows = np.union1d(pool, asked[asked != NONE])
    # Accounts by id, then the visits without one in the order of the request.
    is_stranger = asked == NONE
    strangers = int(is_stranger.sum())
    position = np.where(
        is_stranger,
        len(account_rows) + np.cumsum(is_stranger) - 1,
        np.searchsorted(account_rows, asked),
    ).tolist()
    n = len(account_rows) + strangers

    def column(values: NDArray[Any], missing: float) -> NDArray[Any]:
        return np.concatenate((values[account_rows], np.full(strangers, missing))).astype(
            values.dtype
        )

    prize_cents = column(scores.prize_cents, 0)
    value_cents = column(scores.visit_value_cents, NONE)
    service_s = column(table.service_duration_s, DEFAULT_SERVICE_S)
    has_location = column(snapshot.has_location, True)
    lon, lat = column(table.lon, 0.0), column(table.lat, 0.0)
    is_moved = np.zeros(n, dtype=bool)
    visit_of = np.full(n, NONE, dtype=np.int64)
    is_required = np.zeros(n, dtype=bool)
    names: list[str | None] = [table.name[row] for row in account_rows] + [None] * strangers
    warnings = []
    for k, (visit, where) in enumerate(zip(visits, locations, strict=True)):
        at = position[k]
        visit_of[at], is_required[at] = k, visit.required
        if visit.service_duration_s is not None:
            service_s[at] = visit.service_duration_s
        if visit.prize is not None:
            prize_cents[at] = round(100 * visit.prize)
        elif row_of_visit[k] == NONE and not visit.required:
            warnings.append(_no_prize(k))
        if where is not None:
            (lon[at], lat[at]), has_location[at], is_moved[at] = where.position, True, True
            names[at] = names[at] or where.name
        names[at] = visit.name or names[at]
    window_set, window_sets = _windows(visits, position, table, account_rows, service_s, time)
    return Considered(
        row=np.concatenate((account_rows, np.full(strangers, NONE, dtype=np.int64))),
        visit=visit_of,
        name=tuple(names),
        snapped=_snapped(snapshot, world, account_rows, lon, lat, is_moved),
        has_location=has_location,
        is_required=is_required,
        is_excluded=np.concatenate((excluded[account_rows], np.zeros(strangers, bool))),
        is_field=column(scores.is_field, True),
        visit_value_cents=value_cents,
        prize_cents=prize_cents,
        due_ratio=column(scores.due_ratio, np.nan),
        due_factor=column(scores.due_factor, np.nan),
        priority=column(scores.priority, NONE),
        service_duration_s=service_s,
        window_set=window_set,
        window_sets=window_sets,
    ), tuple(warnings)


def _scored(
    visits: Sequence[VisitRequest],
    rows: Sequence[int],
    snapshot: Snapshot,
    time: TripTime,
) -> tuple[AccountTable, Scores]:
    """The table with what the request says of last visits and intervals, and its scores."""
    table = snapshot.table
    last_day, interval = table.last_visit_day.copy(), table.visit_interval_days.copy()
    changed = False
    for visit, row in zip(visits, rows, strict=True):
        if row != NONE and visit.last_visit_at is not None:
            day = visit.last_visit_at.astimezone(time.zone).date()
            last_day[row], changed = (day - EPOCH).days, True
        if row != NONE and visit.visit_interval_days is not None:
            interval[row], changed = visit.visit_interval_days, True
    if not changed:
        return table, snapshot.scores(time.first_day)
    table = replace(table, last_visit_day=last_day, visit_interval_days=interval)
    return table, score(table, time.first_day, snapshot.margin_share)


def _windows(
    visits: Sequence[VisitRequest],
    position: Sequence[int],
    table: AccountTable,
    account_rows: NDArray[np.int64],
    service_s: NDArray[np.int64],
    time: TripTime,
) -> tuple[NDArray[np.int64], tuple[Windows, ...]]:
    """
    Windows of each, as an index into the distinct ones.

    Thousands of accounts share a few pairs of opening hours and service duration.
    """
    sets: list[Windows] = [None]
    window_set = np.zeros(len(service_s), dtype=np.int64)
    n_accounts = len(account_rows)
    pairs = np.column_stack((table.opening_hours[account_rows], service_s[:n_accounts]))
    distinct, which = np.unique(pairs, axis=0, return_inverse=True)
    index_of_pair = []
    for pattern, duration_s in distinct.tolist():
        hours = table.opening_patterns[pattern]
        index_of_pair.append(len(sets) if hours else 0)
        if hours:
            sets.append(time.open_windows(hours, duration_s))
    if n_accounts:
        window_set[:n_accounts] = np.array(index_of_pair)[which.reshape(-1)]
    for k, visit in enumerate(visits):
        if visit.time_windows is not None:
            at = position[k]
            window_set[at] = len(sets) if visit.time_windows else 0
            if visit.time_windows:
                sets.append(time.requested_windows(visit.time_windows))
    return window_set, tuple(sets)


def _snapped(
    snapshot: Snapshot,
    world: World,
    account_rows: NDArray[np.int64],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    is_moved: NDArray[np.bool_],
) -> SnappedPlaces:
    """The accounts as they are snapped already, and what the request places elsewhere."""
    known = snapshot.snapped[account_rows]
    moved = np.flatnonzero(is_moved)
    if not len(moved):
        return known
    fresh = world.engine.snap(lon[moved], lat[moved])
    order = np.arange(len(lon))
    order[moved] = len(known) + np.arange(len(moved))
    return SnappedPlaces.concatenate(known, fresh)[order]


def _no_prize(visit_index: int) -> Warning_:
    return Warning_(
        code="NO_PRIZE",
        detail="Without an account nobody knows what this visit is worth: 0 was taken. Give a "
        "prize, or make it required.",
        pointer=pointer("visits", visit_index),
    )
