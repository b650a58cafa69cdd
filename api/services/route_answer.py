"""A solved trip as the body of a route."""

from collections.abc import Iterable
from datetime import datetime

from api.schemas.route import (
    DayAnswer,
    Links,
    Route,
    SearchAnswer,
    Totals,
    Unassigned,
    Warning_,
)
from api.services.route_stops import stops_and_legs
from api.services.trip import Trip
from routing.explain import WhyIn
from routing.solution import Solution


def route_answer(
    trip: Trip,
    *,
    route_id: str,
    self_link: str,
    created_at: datetime,
    data_version: str,
    solution: Solution,
    visits: tuple[WhyIn, ...],
    direct_value_cents: int,
    unassigned: tuple[Unassigned, ...],
    unassigned_counts: dict[str, int],
    warnings: tuple[Warning_, ...],
    search: SearchAnswer,
) -> Route:
    """The body, without lines."""
    missing = any(entry.required for entry in unassigned)
    reasons = {why.client_index: why for why in visits}
    return Route(
        route_id=route_id,
        label=trip.request.label,
        rep_id=trip.request.rep_id,
        status="infeasible" if missing else "complete",
        revision=1,
        start=trip.places.start,
        end=trip.places.end,
        timezone=trip.time.zone.key,
        created_at=created_at,
        data_version=data_version,
        currency=trip.snapshot.dataset.currency,
        days=tuple(_day(trip, solution, k, reasons) for k in range(len(solution.routes))),
        totals=_trip_totals(trip, solution, direct_value_cents),
        unassigned=unassigned,
        unassigned_counts=unassigned_counts,
        warnings=warnings,
        search=search,
        links=Links(self=self_link, geojson=f"{self_link}.geojson"),
    )


def _day(trip: Trip, solution: Solution, shift: int, reasons: dict[int, WhyIn]) -> DayAnswer:
    day = trip.request.days[shift]
    stops, legs = stops_and_legs(trip, solution, shift, reasons)
    return DayAnswer(
        date=day.date,
        start=day.start,
        end=day.end,
        stops=stops,
        legs=legs,
        totals=_totals(trip, solution, (shift,)),
    )


def _totals(trip: Trip, solution: Solution, shifts: Iterable[int]) -> Totals:
    clients, routes = trip.problem.clients, [(k, solution.routes[k]) for k in shifts]
    visits = [(k, visit.client_index) for k, route in routes for visit in route.visits]
    return Totals(
        visits=len(visits),
        required_visits=sum(clients[index].required for _, index in visits),
        prize=sum(clients[index].prize_in_cents(k) for k, index in visits) / 100,
        travel_s=sum(route.travel_s for _, route in routes),
        service_s=sum(route.service_s for _, route in routes),
        setup_s=sum(route.setup_s for _, route in routes) or None,
        wait_s=sum(route.wait_s for _, route in routes),
        break_s=sum(route.break_s for _, route in routes),
        distance_m=sum(route.distance_m for _, route in routes),
    )


def _trip_totals(trip: Trip, solution: Solution, direct_value_cents: int) -> Totals:
    cost_cents = solution.labour_cents + solution.distance_cents + solution.overnight_cents
    return _totals(trip, solution, range(len(solution.routes))).model_copy(
        update={
            "nights": _nights_away(trip, solution),
            "travel_cost": cost_cents / 100,
            "net_value": (solution.value_cents - direct_value_cents) / 100,
            "direct_travel_s": trip.direct_s,
            "detour_s": solution.travel_s - trip.direct_s,
        }
    )


def _nights_away(trip: Trip, solution: Solution) -> int:
    """Nights under way that are not at home, at given places too."""
    active = [k for k, route in enumerate(solution.routes) if not route.is_idle]
    if not active:
        return 0
    ends = (solution.routes[k].end_location for k in range(active[0], active[-1]))
    return sum(not trip.is_home[row] for row in ends)
