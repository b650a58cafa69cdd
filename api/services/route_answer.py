"""A solved trip as the body of a route."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from api.schemas.place import ResolvedPlace
from api.schemas.route import (
    DayAnswer,
    Leg,
    Links,
    Navigation,
    Route,
    SearchAnswer,
    Stop,
    Totals,
    Unassigned,
    Warning_,
    Why,
)
from api.schemas.route_request import RouteRequest
from api.services.considered import Considered
from api.services.pool import NONE
from api.services.trip_time import TripTime
from api.state import Snapshot
from routing.explain import WhyIn
from routing.problem import Problem
from routing.roads.engine import RoadEngine, SnappedPlaces
from routing.solution import Route as ShiftRoute
from routing.solution import Solution

DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Trip:
    """
    What was asked, looked up and put into a problem.

    Parameters
    ----------
    clients
        Row of `considered` for each client of the problem.
    place_names
        Of the matrix rows that are no clients: the ends and the towns; None for clients.
    engine
        The roads of this trip, without those that it avoids.
    snapped
        Of all matrix rows.
    direct_s
        Travel time from start to end without anything between.
    """

    request: RouteRequest
    snapshot: Snapshot
    time: TripTime
    start: ResolvedPlace
    end: ResolvedPlace
    considered: Considered
    problem: Problem
    clients: tuple[int, ...]
    place_names: tuple[str | None, ...]
    engine: RoadEngine
    snapped: SnappedPlaces
    direct_s: int

    def account_id(self, position: int) -> str | None:
        """Of a row of `considered`."""
        row = self.considered.row[position]
        return None if row == NONE else str(self.snapshot.table.account_id[row])

    def visit_id(self, position: int) -> str | None:
        visit = self.considered.visit[position]
        if visit == NONE or self.request.visits is None:
            return None
        return self.request.visits[visit].visit_id

    def location(self, matrix_row: int) -> tuple[float, float]:
        lon, lat = self.snapped.lon[matrix_row], self.snapped.lat[matrix_row]
        return round(float(lon), DIGITS), round(float(lat), DIGITS)


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
        start=trip.start,
        end=trip.end,
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
    route, day = solution.routes[shift], trip.request.days[shift]
    active = [k for k, one in enumerate(solution.routes) if not one.is_idle]
    if not active or shift < active[0]:
        last = "start"
    else:
        last = "overnight" if shift < active[-1] else "end"
    if route.is_idle:
        # A day off: before the trip begins, on the way, or after it has ended.
        stops = [_place_stop(trip, 0, last, route.start_location)]
        legs: list[Leg] = []
    else:
        moment = trip.time.moment
        stops = [
            _place_stop(
                trip, 0, "start", route.start_location, departure=moment(route.departure_s)
            ),
            *_visit_stops(trip, route, reasons),
            _place_stop(
                trip,
                len(route.visits) + 1,
                last,
                route.end_location,
                arrival=moment(route.arrival_s),
            ),
        ]
        legs = _legs(trip, route)
    return DayAnswer(
        date=day.date,
        start=day.start,
        end=day.end,
        stops=tuple(stops),
        legs=tuple(legs),
        totals=_totals(trip, (route,)),
    )


def _place_stop(
    trip: Trip,
    seq: int,
    kind: str,
    matrix_row: int,
    arrival: datetime | None = None,
    departure: datetime | None = None,
) -> Stop:
    location = trip.location(matrix_row)
    return Stop(
        seq=seq,
        type=kind,
        name=trip.place_names[matrix_row],
        location=location,
        arrival=arrival,
        departure=departure,
        navigation=None if kind == "start" else navigation(location),
    )


def _visit_stops(trip: Trip, route: ShiftRoute, reasons: dict[int, WhyIn]) -> list[Stop]:
    stops = []
    moment = trip.time.moment
    for seq, visit in enumerate(route.visits, start=1):
        client = trip.problem.clients[visit.client_index]
        position = trip.clients[visit.client_index]
        location = trip.location(client.location_index)
        why = reasons.get(visit.client_index)
        stops.append(
            Stop(
                seq=seq,
                type="visit",
                visit_id=trip.visit_id(position),
                account_id=trip.account_id(position),
                name=trip.considered.name[position],
                location=location,
                arrival=moment(visit.arrival_s),
                service_start=moment(visit.start_s),
                departure=moment(visit.departure_s),
                wait_s=visit.start_s - visit.arrival_s,
                service_duration_s=client.service_duration_s,
                slack_s=None if why is None else why.slack_s,
                why=None if why is None else _why(trip, position, why),
                navigation=navigation(location),
            )
        )
    return stops


def _why(trip: Trip, position: int, why: WhyIn) -> Why:
    considered = trip.considered
    ratio, factor = float(considered.due_ratio[position]), float(considered.due_factor[position])
    visit = considered.visit[position]
    is_own = (
        visit != NONE
        and trip.request.visits is not None
        and trip.request.visits[visit].prize is not None
    )
    return Why(
        rule="required" if considered.is_required[position] else "prize",
        visit_value=visit_value(considered, position),
        due_factor=None if np.isnan(factor) or is_own else round(factor, 3),
        due_ratio=None if np.isnan(ratio) else round(ratio, 3),
        prize=int(considered.prize_cents[position]) / 100,
        added_travel_s=why.added_travel_s,
        added_cost=None if why.added_cost_cents is None else why.added_cost_cents / 100,
        net=None if why.net_cents is None else why.net_cents / 100,
        rank=why.rank,
    )


def visit_value(considered: Considered, position: int) -> float | None:
    cents = int(considered.visit_value_cents[position])
    return None if cents == NONE else cents / 100


def _legs(trip: Trip, route: ShiftRoute) -> list[Leg]:
    problem = trip.problem
    rows = [
        route.start_location,
        *(problem.clients[visit.client_index].location_index for visit in route.visits),
        route.end_location,
    ]
    legs = []
    for seq, (a, b) in enumerate(pairwise(rows)):
        distance_m = int(problem.distance_m[a, b])
        # Between places at one junction no road is known; then access alone is longer.
        unknown_m = sum(
            int(access_m)
            for access_m in trip.snapped.access_m[[a, b]]
            if access_m > trip.engine.access_rule.frontage_m
        )
        is_estimate = trip.engine.is_estimate or (unknown_m and 2 * unknown_m >= distance_m)
        legs.append(
            Leg(
                from_seq=seq,
                to_seq=seq + 1,
                travel_s=int(problem.duration_s[a, b]),
                distance_m=distance_m,
                source="estimate" if is_estimate else "road",
            )
        )
    return legs


def _totals(trip: Trip, routes: tuple[ShiftRoute, ...]) -> Totals:
    clients = [visit.client_index for route in routes for visit in route.visits]
    return Totals(
        visits=len(clients),
        required_visits=sum(trip.problem.clients[k].required for k in clients),
        prize=sum(trip.problem.clients[k].prize_cents for k in clients) / 100,
        travel_s=sum(route.travel_s for route in routes),
        service_s=sum(route.service_s for route in routes),
        wait_s=sum(route.wait_s for route in routes),
        distance_m=sum(route.distance_m for route in routes),
    )


def _trip_totals(trip: Trip, solution: Solution, direct_value_cents: int) -> Totals:
    cost_cents = solution.labour_cents + solution.distance_cents + solution.overnight_cents
    return _totals(trip, solution.routes).model_copy(
        update={
            "nights": len(solution.paid_nights),
            "travel_cost": cost_cents / 100,
            "net_value": (solution.value_cents - direct_value_cents) / 100,
            "direct_travel_s": trip.direct_s,
            "detour_s": solution.travel_s - trip.direct_s,
        }
    )


def navigation(location: tuple[float, float]) -> Navigation:
    """Links to navigation programs. They get coordinates, never a name."""
    at = f"{location[1]:.6f},{location[0]:.6f}"
    return Navigation(
        google="https://www.google.com/maps/dir/?api=1&destination="
        f"{at}&travelmode=driving&dir_action=navigate",
        apple=f"https://maps.apple.com/?daddr={at}&dirflg=d",
        waze=f"https://waze.com/ul?ll={at}&navigate=yes",
        geo=f"geo:{at}",
    )
