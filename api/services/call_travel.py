"""How much travel one call at each account takes, from where its owner lives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts.travel_estimate import (
    SPEED_MPS,
    area_of_neighbours_m2,
    calls_on_a_day,
    hop_between_calls_m,
    travel_per_call_s,
)
from api.state import Snapshot
from data.tables import Rep
from geo import great_circle_m

USUAL_DAY_S = 8 * 3600
"""Where a rep has no working hours."""


@dataclass(frozen=True, slots=True, eq=False)
class CallTravel:
    """
    Of one call, estimated without planning a trip, (n,) float64 each.

    Parameters
    ----------
    duration_s, distance_m
        The call's share of the way there and back, and the way from the call before.
    """

    duration_s: NDArray[np.float64]
    distance_m: NDArray[np.float64]


def call_travel(snapshot: Snapshot) -> CallTravel:
    """
    Of all accounts.

    An account that nobody owns is reached from the nearest home; one without a position is as far
    as the others on average.
    """
    made: CallTravel = snapshot.memo.get("call_travel", lambda: _estimate(snapshot))
    return made


def _estimate(snapshot: Snapshot) -> CallTravel:
    table, known = snapshot.table, np.flatnonzero(snapshot.has_location)
    duration_s = np.zeros(len(table))
    if len(known) == 0 or not snapshot.reps:
        return CallTravel(duration_s, duration_s.copy())
    lon, lat = table.lon[known], table.lat[known]
    away_m, rep = _homes(snapshot, known, lon, lat)
    area_m2 = area_of_neighbours_m2(lon, lat)
    day_s = np.array([_day_s(one) for one in snapshot.reps])[rep]
    calls = calls_on_a_day(
        day_s, table.service_duration_s[known], away_m, hop_between_calls_m(area_m2, 1)
    )
    duration_s[known] = travel_per_call_s(away_m, area_m2, 1, calls)
    unknown = ~snapshot.has_location
    duration_s[unknown] = duration_s[known].mean()
    return CallTravel(duration_s, duration_s * SPEED_MPS)


def _homes(
    snapshot: Snapshot,
    known: NDArray[np.intp],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """How far each place is from the home it is reached from, and whose home that is."""
    reps = snapshot.reps
    place = {one.id: k for k, one in enumerate(reps)}
    rep = np.array([place.get(owner, -1) for owner in snapshot.table.owner_rep_id[known].tolist()])
    home_lon = np.array([one.home_lon for one in reps])
    home_lat = np.array([one.home_lat for one in reps])
    for row in np.flatnonzero(rep < 0).tolist():
        rep[row] = great_circle_m(lon[row], lat[row], home_lon, home_lat).argmin()
    return great_circle_m(lon, lat, home_lon[rep], home_lat[rep]), rep


def _day_s(rep: Rep) -> float:
    """Length of a rep's usual working day."""
    hours: dict[int, int] = {}
    for window in rep.working_hours:
        hours[window.weekday] = hours.get(window.weekday, 0) + window.closes_s - window.opens_s
    return sum(hours.values()) / len(hours) if hours else USUAL_DAY_S
