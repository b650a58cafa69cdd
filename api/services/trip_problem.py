"""From what was asked and found on the road to a problem that can be solved."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from api.schemas.place import ResolvedPlace
from api.schemas.route_request import TripRequest
from api.services.considered import Considered
from api.services.errors import Fault, ImpossibleTripError
from api.services.formats import format_distance, format_duration
from api.services.trip_breaks import TripBreaks
from api.services.trip_layout import Layout
from api.services.trip_nights import NightPlace
from api.services.trip_places import DayPlaces
from api.services.trip_time import TripTime
from api.settings import Settings
from routing.direct_trip import direct_trip
from routing.errors import NoDirectTripError
from routing.overnight import close_near_home
from routing.problem import Client, OvernightPlace, Problem, Shift
from routing.roads.engine import RoadEngine
from routing.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class TripParts:
    """
    What a problem is made of.

    Parameters
    ----------
    rows
        Of those considered, one per client.
    nights
        Candidates for the nights, in the order of `layout.nights`.
    max_travel_s
        Most driving of the whole trip.
    """

    request: TripRequest
    settings: Settings
    time: TripTime
    places: DayPlaces
    breaks: TripBreaks
    considered: Considered
    rows: NDArray[np.int64]
    nights: tuple[NightPlace, ...]
    layout: Layout
    max_travel_s: int | None


def build_problem(parts: TripParts, engine: RoadEngine) -> Problem:
    """
    Raises
    ------
    ImpossibleTripError
        When a night is to be chosen but none of its places is allowed.
    """
    request, settings, layout = parts.request, parts.settings, parts.layout
    is_paid = request.options.objective == "net_value"
    costs, overnight = request.costs, request.overnight
    per_hour = settings.hour_rate_eur if costs.per_hour is None else costs.per_hour
    per_km = settings.km_rate_eur if costs.per_km is None else costs.per_km
    matrix = engine.matrix(layout.snapped, layout.snapped)
    has_choice = None in layout.ends
    nights = _overnight_places(parts, matrix.duration_s, is_paid) if has_choice else ()
    if has_choice and not nights:
        raise ImpossibleTripError([_no_night_place("no place is allowed for it")])
    return Problem(
        clients=_clients(parts),
        shifts=_shifts(parts),
        duration_s=_with_nights_closed_near_home(parts, matrix.duration_s, nights),
        distance_m=matrix.distance_m,
        overnight_places=nights,
        hour_rate_cents=_cents(per_hour) if is_paid else 0,
        km_rate_cents=_cents(per_km) if is_paid else 0,
        max_travel_s=parts.max_travel_s,
        max_nights=overnight.max_nights,
        max_nights_in_a_row=overnight.max_nights_in_a_row,
    )


def _clients(parts: TripParts) -> tuple[Client, ...]:
    considered = parts.considered
    clients = []
    for location, row in zip(parts.layout.clients, parts.rows.tolist(), strict=True):
        prizes = tuple(considered.day_prize_cents[row].tolist())
        clients.append(
            Client(
                location_index=location,
                service_duration_s=int(considered.service_duration_s[row]),
                prize_cents=max(prizes),
                required=bool(considered.is_required[row]),
                time_windows=considered.windows(row) or (),
                precedence=int(considered.precedence[row]),
                setup_duration_s=int(considered.setup_duration_s[row]),
                shift_prizes_cents=prizes if len(set(prizes)) > 1 else (),
            )
        )
    return tuple(clients)


def _shifts(parts: TripParts) -> tuple[Shift, ...]:
    limits, layout = parts.request.limits, parts.layout
    shifts = []
    for k, day in enumerate(parts.request.days):
        start_s, end_s = parts.time.shifts[k]
        own = day.limits
        shifts.append(
            Shift(
                start_s,
                end_s,
                layout.starts[k],
                layout.ends[k],
                breaks=parts.breaks.on_axis(k),
                max_visits=_first_known(own.max_visits, limits.max_visits_per_day),
                max_travel_s=_first_known(own.max_drive_s, limits.max_drive_s_per_day),
                max_distance_m=_first_known(own.max_distance_m, limits.max_distance_m_per_day),
            )
        )
    return tuple(shifts)


def _first_known(own: int | None, usual: int | None) -> int | None:
    return usual if own is None else own


def _overnight_places(
    parts: TripParts, duration_s: NDArray[np.int64], is_paid: bool
) -> tuple[OvernightPlace, ...]:
    asked = parts.request.overnight
    usual = parts.settings.night_cost_eur if asked.cost_per_night is None else asked.cost_per_night
    home, limit_s = _home_row(parts), asked.min_drive_home_s
    places = []
    for night, row in zip(parts.nights, parts.layout.nights, strict=True):
        # Days start or end at a given place, so legs to it cannot be closed: it is out as a whole.
        is_ruled = night.is_given and not night.is_home and home is not None
        if is_ruled and limit_s is not None and duration_s[row, home] <= limit_s:
            continue
        cost_cents = _cents(usual) if night.cost_cents is None else night.cost_cents
        is_free = night.is_home or not is_paid
        places.append(OvernightPlace(row, 0 if is_free else cost_cents, night.is_home))
    return tuple(places)


def _home_row(parts: TripParts) -> int | None:
    """Row of the home among the places; None where there is none, or no night is spent there."""
    if parts.places.home is None:
        return None
    for night, row in zip(parts.nights, parts.layout.nights, strict=True):
        if night.position == parts.places.home.position:
            return row
    return None


def _with_nights_closed_near_home(
    parts: TripParts, duration_s: NDArray[np.int64], nights: tuple[OvernightPlace, ...]
) -> NDArray[np.int64]:
    limit_s, home = parts.request.overnight.min_drive_home_s, _home_row(parts)
    if limit_s is None or home is None:
        return duration_s
    given = {row for row in (*parts.layout.starts, *parts.layout.ends) if row is not None}
    away = [p.location_index for p in nights if not p.is_home and p.location_index not in given]
    stops = np.array(sorted(set(parts.layout.clients)), dtype=np.intp)
    return close_near_home(duration_s, stops, np.array(away, dtype=np.intp), home, limit_s)


def direct_trip_of(
    problem: Problem, start: ResolvedPlace, end: ResolvedPlace, direct_s: int
) -> Solution:
    """
    The cheapest plan without visits.

    Raises
    ------
    ImpossibleTripError
        When not even that fits into the days and the nights that are allowed.
    """
    try:
        return direct_trip(problem)
    except NoDirectTripError:
        fault = _night_in_the_way(problem) or _does_not_fit(problem, start, end, direct_s)
        raise ImpossibleTripError([fault]) from None


def _night_in_the_way(problem: Problem) -> Fault | None:
    """The fault where only a limit on nights away keeps the trip from being driven."""
    limits = []
    if problem.max_nights is not None:
        limits.append(f"at most {problem.max_nights} in all")
    if problem.max_nights_in_a_row is not None:
        limits.append(f"at most {problem.max_nights_in_a_row} in a row")
    if not limits:
        return None
    try:
        direct_trip(replace(problem, max_nights=None, max_nights_in_a_row=None))
    except NoDirectTripError:
        return None
    return _no_night_place(f"nights away are limited to {' and '.join(limits)}")


def _no_night_place(why: str) -> Fault:
    return Fault(
        "/overnight",
        "NO_NIGHT_PLACE",
        f"The trip needs a night on the way, but {why}. Allow more nights, name preferred_places, "
        "or give the day an end_place.",
    )


def _does_not_fit(
    problem: Problem, start: ResolvedPlace, end: ResolvedPlace, direct_s: int
) -> Fault:
    hours = ", ".join(format_duration(shift.shift_duration_s) for shift in problem.shifts)
    limits = []
    if problem.max_travel_s is not None and problem.max_travel_s > direct_s:
        limits.append(f"driving is limited to {format_duration(problem.max_travel_s)}")
    day_limits_s = [s.max_travel_s for s in problem.shifts if s.max_travel_s is not None]
    if day_limits_s:
        limits.append(f"driving is limited to {format_duration(min(day_limits_s))} a day")
    day_limits_m = [s.max_distance_m for s in problem.shifts if s.max_distance_m is not None]
    if day_limits_m:
        limits.append(f"the way is limited to {format_distance(min(day_limits_m))} a day")
    days = "The day has" if len(problem.shifts) == 1 else "The days have"
    rest = "".join(f", and {limit}" for limit in limits)
    return Fault(
        "/days",
        "NO_DIRECT_TRIP",
        f"The drive from {start.name} to {end.name} takes "
        f"{format_duration(direct_s, round_up=True)} and does not fit. {days} {hours}{rest}. "
        "Lengthen a day, add one, or allow nights on the way.",
    )


def _cents(amount: float) -> int:
    return round(100 * amount)
