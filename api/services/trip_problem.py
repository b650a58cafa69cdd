"""From what was asked and found on the road to a problem that can be solved."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.schemas.place import ResolvedPlace
from api.schemas.route_request import RouteRequest
from api.services.considered import Considered
from api.services.errors import Fault, ImpossibleTripError
from api.services.reason_texts import format_duration
from api.services.trip_time import TripTime
from api.settings import Settings
from routing.direct_trip import direct_trip
from routing.errors import NoDirectTripError
from routing.problem import Client, OvernightPlace, Problem
from routing.roads.engine import RoadEngine, SnappedPlaces
from routing.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class NightPlace:
    """A place where a night may be spent, besides the ends of the trip."""

    name: str | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """
    Which place each row of the matrices stands for: the ends, the towns, the clients.

    Parameters
    ----------
    start, end
        Rows; the same where the trip ends where it starts.
    nights
        Rows of the towns.
    first_client
        Row of client 0; the others follow.
    names
        By row, None from `first_client` on.
    """

    start: int
    end: int
    nights: tuple[int, ...]
    first_client: int
    names: tuple[str | None, ...]
    snapped: SnappedPlaces


def lay_out(
    engine: RoadEngine,
    start: ResolvedPlace,
    end: ResolvedPlace,
    nights: tuple[NightPlace, ...],
    clients: SnappedPlaces,
) -> Layout:
    is_round = start.position == end.position
    ends = [start] if is_round else [start, end]
    lon = [place.position[0] for place in ends] + [place.lon for place in nights]
    lat = [place.position[1] for place in ends] + [place.lat for place in nights]
    names = [place.name for place in ends] + [place.name for place in nights]
    return Layout(
        start=0,
        end=len(ends) - 1,
        nights=tuple(range(len(ends), len(names))),
        first_client=len(names),
        names=(*names, *(None for _ in range(len(clients)))),
        snapped=SnappedPlaces.concatenate(engine.snap(lon, lat), clients),
    )


def build_problem(
    request: RouteRequest,
    settings: Settings,
    time: TripTime,
    considered: Considered,
    rows: NDArray[np.int64],
    layout: Layout,
    engine: RoadEngine,
    *,
    free_nights: frozenset[int],
    max_travel_s: int | None,
) -> Problem:
    """
    Parameters
    ----------
    rows
        Of those considered, one per client.
    free_nights
        Rows of `layout` where a night costs nothing: home.
    """
    is_paid = request.options.objective == "net_value"
    costs, night = request.costs, request.overnight.cost_per_night
    per_hour = settings.hour_rate_eur if costs.per_hour is None else costs.per_hour
    per_km = settings.km_rate_eur if costs.per_km is None else costs.per_km
    night_cents = _cents(settings.night_cost_eur if night is None else night) if is_paid else 0
    matrix = engine.matrix(layout.snapped, layout.snapped)
    last = len(time.shifts) - 1
    nights = () if last == 0 else tuple(dict.fromkeys((layout.start, layout.end, *layout.nights)))
    return Problem(
        clients=tuple(
            Client(
                location_index=layout.first_client + k,
                service_duration_s=int(considered.service_duration_s[row]),
                prize_cents=int(considered.prize_cents[row]),
                required=bool(considered.is_required[row]),
                time_windows=considered.windows(row) or (),
            )
            for k, row in enumerate(rows.tolist())
        ),
        shifts=tuple(
            time.shift(k, layout.start if k == 0 else None, layout.end if k == last else None)
            for k in range(last + 1)
        ),
        duration_s=matrix.duration_s,
        distance_m=matrix.distance_m,
        overnight_places=tuple(
            OvernightPlace(row, 0 if row in free_nights else night_cents) for row in nights
        ),
        hour_rate_cents=_cents(per_hour) if is_paid else 0,
        km_rate_cents=_cents(per_km) if is_paid else 0,
        max_travel_s=max_travel_s,
    )


def direct_trip_of(
    problem: Problem, start: ResolvedPlace, end: ResolvedPlace, direct_s: int
) -> Solution:
    """
    The cheapest plan without visits.

    Raises
    ------
    ImpossibleTripError
        When not even that fits into the days.
    """
    try:
        return direct_trip(problem)
    except NoDirectTripError:
        hours = ", ".join(format_duration(shift.shift_duration_s) for shift in problem.shifts)
        limit = ""
        if problem.max_travel_s is not None and problem.max_travel_s > direct_s:
            most = format_duration(problem.max_travel_s)
            limit = f", and driving is limited to {most}"
        days = "The day has" if len(problem.shifts) == 1 else "The days have"
        raise ImpossibleTripError(
            [
                Fault(
                    "/days",
                    "NO_DIRECT_TRIP",
                    f"The drive from {start.name} to {end.name} takes "
                    f"{format_duration(direct_s, round_up=True)} and does not fit. {days} "
                    f"{hours}{limit}. Lengthen a day, add one, or allow nights on the way.",
                )
            ]
        ) from None


def _cents(amount: float) -> int:
    return round(100 * amount)
