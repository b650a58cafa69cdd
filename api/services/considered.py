"""
Whom a request considers: stored accounts, and visits that it brings itself, as columns.

Positions in these columns are the only numbers that the planning below works with; ids come back
in when the answer is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from accounts import AccountTable, Scores
from accounts.days import day_number
from api.schemas.route import Warning_
from api.schemas.route_request import TripRequest
from api.services.accounts import row_of
from api.services.commitments import committed_days
from api.services.day_scores import day_scores
from api.services.errors import RefusedRequestError
from api.services.places import PlaceResolver
from api.services.pool import NONE, pool_rows, rows_of_wishes
from api.services.trip_time import TripTime
from api.services.trip_windows import Windows, WindowSets
from api.services.trust import NO_ISSUE, location_issues
from api.services.wishes import Wish, wishes_of
from api.state import Snapshot
from api.world import World
from data.commitment_store import Commitment
from data.tables import Rep
from routing.roads.engine import SnappedPlaces

DEFAULT_SERVICE_S = 1800
"""Time at a place that is no account, where the request does not say."""


@dataclass(frozen=True, slots=True, eq=False)
class Considered:
    """
    Everybody who is considered, one row each: accounts by id, then visits without an account.

    Parameters
    ----------
    row
        (n,) int64, row of the account table, or `NONE`.
    wish
        (n,) int64, index into `wishes`, or `NONE`.
    wishes
        What the request asks for by name.
    name
        Of length n; None for a visit that brings no name.
    snapped
        Where they are, on the road network; off the road where nobody knows.
    location_issue
        (n,) uint8, what is wrong with where they are: index into `trust.ISSUES`, or `NO_ISSUE`.
        Nothing is wrong with a position that the request gives.
    is_required, is_excluded, is_field
        (n,) bool. Excluded: named in the request's `exclude_account_ids`.
    is_must
        (n,) bool: a special situation requires a visit on some day of the trip, and no other route
        makes it. `must_visits` decides what that means for the trip.
    precedence
        (n,) int64, above 0 for appointments.
    visit_value_cents
        (n,) int64, or `NONE` where only the request's own prize is known.
    day_prize_cents
        (n, d) int64, prize on each day of the trip.
    due_ratio, due_factor
        (n, d) float64, on each day; NaN where there is none.
    priority
        (n,) int64, or `NONE`.
    service_duration_s, setup_duration_s
        (n,) int64.
    committed_day
        (n,) int64, day since 1970-01-01 on which another route visits, or `NONE`.
    timezone
        (n,) int64, index into `zones`.
    zones
        Of the places; the first one is that of the trip.
    window_set
        (n,) int64, index into `window_sets`.
    """

    row: NDArray[np.int64]
    wish: NDArray[np.int64]
    wishes: tuple[Wish, ...]
    name: tuple[str | None, ...]
    snapped: SnappedPlaces
    location_issue: NDArray[np.uint8]
    is_required: NDArray[np.bool_]
    is_excluded: NDArray[np.bool_]
    is_field: NDArray[np.bool_]
    is_must: NDArray[np.bool_]
    precedence: NDArray[np.int64]
    visit_value_cents: NDArray[np.int64]
    day_prize_cents: NDArray[np.int64]
    due_ratio: NDArray[np.float64]
    due_factor: NDArray[np.float64]
    priority: NDArray[np.int64]
    service_duration_s: NDArray[np.int64]
    setup_duration_s: NDArray[np.int64]
    committed_day: NDArray[np.int64]
    timezone: NDArray[np.int64]
    zones: tuple[ZoneInfo, ...]
    window_set: NDArray[np.int64]
    window_sets: tuple[Windows, ...]

    def __len__(self) -> int:
        return len(self.row)

    @property
    def is_requested(self) -> NDArray[np.bool_]:
        return self.wish != NONE

    @property
    def prize_cents(self) -> NDArray[np.int64]:
        """(n,) int64, on the day on which it is highest."""
        best: NDArray[np.int64] = self.day_prize_cents.max(axis=1)
        return best

    @property
    def is_due(self) -> NDArray[np.bool_]:
        """
        (n,) bool, on some day; what is not an account is never not due.

        Special situations make a visit due that the interval does not, unless another route has
        promised it already.
        """
        is_special = (self.day_prize_cents > 0).any(axis=1) & (self.committed_day == NONE)
        return (self.due_factor != 0).any(axis=1) | is_special | self.is_must

    def wish_of(self, position: int) -> Wish | None:
        wish = int(self.wish[position])
        return None if wish == NONE else self.wishes[wish]

    def windows(self, position: int) -> Windows:
        return self.window_sets[self.window_set[position]]


def consider(
    request: TripRequest,
    snapshot: Snapshot,
    world: World,
    rep: Rep | None,
    time: TripTime,
    resolver: PlaceResolver,
    setup_duration_s: int,
    commitments: tuple[Commitment, ...] = (),
    also_account_ids: Iterable[str] = (),
) -> tuple[Considered, tuple[Warning_, ...]]:
    """
    Parameters
    ----------
    setup_duration_s
        Of everybody of whom the request says nothing else.
    commitments
        Visits of other routes, after which an account is not due.
    also_account_ids
        Accounts that are considered whether or not the request means them, as far as there are
        such.

    Raises
    ------
    RefusedRequestError
        With every visit, owner, segment and excluded account that is not known.
    """
    wishes = wishes_of(request)
    row_of_wish, faults = rows_of_wishes(wishes, snapshot)
    locations = [
        None if wish.location is None else resolver.resolve(wish.location, wish.at + "/location")
        for wish in wishes
    ]
    pool, excluded, filter_faults = pool_rows(request, snapshot, rep)
    faults += [*filter_faults, *resolver.faults]
    if faults:
        raise RefusedRequestError(faults)

    zones, zone_of_table = _zones(snapshot.table, time)
    committed = committed_days(commitments, snapshot)
    table, scores = _scored(wishes, row_of_wish, committed, snapshot, time, zones, zone_of_table)
    asked = np.array(row_of_wish, dtype=np.int64)
    also = [row for one in also_account_ids if (row := row_of(snapshot, one)) is not None]
    account_rows = np.union1d(pool, np.append(asked[asked != NONE], np.array(also, dtype=np.int64)))
    committed_day = np.full(len(table), NONE, dtype=np.int64)
    for row, day in reversed(committed):
        committed_day[row] = day
    # Accounts by id, then the wishes without one in the order of the request.
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

    def day_columns(of_days: Iterable[NDArray[Any]], missing: float) -> NDArray[Any]:
        return np.column_stack([column(values, missing) for values in of_days])

    day_prize_cents = day_columns((one.prize_cents for one in scores), 0)
    service_s = column(table.service_duration_s, DEFAULT_SERVICE_S)
    setup_s = np.full(n, setup_duration_s, dtype=np.int64)
    location_issue = column(location_issues(snapshot), NO_ISSUE)
    lon, lat = column(table.lon, 0.0), column(table.lat, 0.0)
    is_moved = np.zeros(n, dtype=bool)
    wish_at = np.full(n, NONE, dtype=np.int64)
    is_required = np.zeros(n, dtype=bool)
    precedence = np.zeros(n, dtype=np.int64)
    names: list[str | None] = [table.name[row] for row in account_rows] + [None] * strangers
    warnings = []
    for k, (wish, where) in enumerate(zip(wishes, locations, strict=True)):
        at = position[k]
        wish_at[at], is_required[at], precedence[at] = k, wish.required, wish.precedence
        if wish.service_duration_s is not None:
            service_s[at] = wish.service_duration_s
        if wish.setup_duration_s is not None:
            setup_s[at] = wish.setup_duration_s
        if wish.prize is not None:
            day_prize_cents[at] = round(100 * wish.prize)
        elif row_of_wish[k] == NONE and not wish.required:
            warnings.append(_no_prize(wish))
        if where is not None:
            (lon[at], lat[at]), location_issue[at], is_moved[at] = where.position, NO_ISSUE, True
            names[at] = names[at] or where.name
        names[at] = wish.name or names[at]
    timezone = column(zone_of_table, 0)
    window_set, window_sets = _windows(
        wishes, position, table, account_rows, service_s, timezone, zones, time
    )
    return Considered(
        row=np.concatenate((account_rows, np.full(strangers, NONE, dtype=np.int64))),
        wish=wish_at,
        wishes=wishes,
        name=tuple(names),
        snapped=_snapped(snapshot, world, account_rows, lon, lat, is_moved),
        location_issue=location_issue,
        is_required=is_required,
        is_excluded=np.concatenate((excluded[account_rows], np.zeros(strangers, bool))),
        is_field=column(scores[0].is_field, True),
        is_must=column(_musts(snapshot, time) & (committed_day == NONE), False),
        precedence=precedence,
        visit_value_cents=column(scores[0].visit_value_cents, NONE),
        day_prize_cents=day_prize_cents,
        due_ratio=day_columns((one.due_ratio for one in scores), np.nan),
        due_factor=day_columns((one.due_factor for one in scores), np.nan),
        # Prizes rise from day to day, so those of the last one are the highest.
        priority=column(scores[-1].priority, NONE),
        service_duration_s=service_s,
        setup_duration_s=setup_s,
        committed_day=column(committed_day, NONE),
        timezone=timezone,
        zones=zones,
        window_set=window_set,
        window_sets=window_sets,
    ), tuple(warnings)


def _musts(snapshot: Snapshot, time: TripTime) -> NDArray[np.bool_]:
    """Accounts that a special situation requires to be visited on some day of the trip."""
    musts = [snapshot.rules(day).is_must_visit for day in time.day_numbers]
    return np.logical_or.reduce(musts)


def _zones(table: AccountTable, time: TripTime) -> tuple[tuple[ZoneInfo, ...], NDArray[np.int64]]:
    """The zone of the trip and those of the accounts, and which of them each account has."""
    zones = [time.zone]
    found = [ZoneInfo(name) for name in table.timezones]
    zones += [zone for zone in dict.fromkeys(found) if zone != time.zone]
    index = np.array([zones.index(zone) for zone in found], dtype=np.int64)
    return tuple(zones), index[table.timezone]


def _scored(
    wishes: Sequence[Wish],
    rows: Sequence[int],
    committed: tuple[tuple[int, int], ...],
    snapshot: Snapshot,
    time: TripTime,
    zones: tuple[ZoneInfo, ...],
    zone_of_table: NDArray[np.int64],
) -> tuple[AccountTable, list[Scores]]:
    """The table with what the request says of last visits and intervals, and its scores by day."""
    table = snapshot.table
    last_day, interval = table.last_visit_day.copy(), table.visit_interval_days.copy()
    changed = bool(committed)
    told = set()
    for wish, row in zip(wishes, rows, strict=True):
        visit = wish.visit
        if row == NONE or visit is None:
            continue
        if visit.last_visit_at is not None:
            day = visit.last_visit_at.astimezone(zones[zone_of_table[row]]).date()
            last_day[row], changed = day_number(day), True
            told.add(row)
        if visit.visit_interval_days is not None:
            interval[row], changed = visit.visit_interval_days, True
    if not changed:
        return table, day_scores(snapshot, time.day_numbers, ())
    scores = day_scores(snapshot, time.day_numbers, committed, last_day, interval, told)
    return replace(table, last_visit_day=last_day, visit_interval_days=interval), scores


def _windows(
    wishes: Sequence[Wish],
    position: Sequence[int],
    table: AccountTable,
    account_rows: NDArray[np.int64],
    service_s: NDArray[np.int64],
    timezone: NDArray[np.int64],
    zones: tuple[ZoneInfo, ...],
    time: TripTime,
) -> tuple[NDArray[np.int64], tuple[Windows, ...]]:
    """
    Windows of each, as an index into the distinct ones.

    Thousands of accounts share a few triples of opening hours, service duration and zone.
    """
    sets = WindowSets(time)
    window_set = np.zeros(len(service_s), dtype=np.int64)
    n_accounts = len(account_rows)
    patterns = table.opening_hours[account_rows]
    triples = np.column_stack((patterns, service_s[:n_accounts], timezone[:n_accounts]))
    distinct, which = np.unique(triples, axis=0, return_inverse=True)
    index = [
        sets.open(table.opening_patterns[pattern], duration_s, zones[zone])
        for pattern, duration_s, zone in distinct.tolist()
    ]
    if n_accounts:
        window_set[:n_accounts] = np.array(index)[which.reshape(-1)]
    for wish, at in zip(wishes, position, strict=True):
        zone = zones[timezone[at]]
        if wish.visit is not None and wish.visit.time_windows is not None:
            window_set[at] = sets.requested(wish.visit.time_windows, zone)
        if wish.appointment is not None:
            hours = table.opening_patterns[patterns[at]] if at < n_accounts else ()
            window_set[at] = sets.agreed(wish.appointment, hours, int(service_s[at]), zone)
    return window_set, tuple(sets.sets)


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


def _no_prize(wish: Wish) -> Warning_:
    return Warning_(
        code="NO_PRIZE",
        detail="Without an account nobody knows what this visit is worth: 0 was taken. Give a "
        "prize, or make it required.",
        pointer=wish.at,
    )
