"""Trips of the small world that are prepared but not searched: plans are made by hand."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from api.schemas.route import SearchAnswer
from api.schemas.route_request import RouteRequest
from api.services.progress import Silence
from api.services.route_answer import route_answer
from api.services.trip import Trip
from api.services.trip_setup import PreparedTrip, prepare_trip
from api.state import AppState
from routing import referee
from routing.schedule import schedule_route
from routing.solution import Solution
from tests.api.small_world import trip_request


def read(request: dict[str, Any]) -> RouteRequest:
    return RouteRequest.model_validate_json(json.dumps(request), strict=True)


def prepared(state: AppState, request: dict[str, Any]) -> PreparedTrip:
    return prepare_trip(state, read(request), Silence())


def prepared_trip(state: AppState, days: int = 1, **changes: Any) -> Trip:
    return prepared(state, trip_request(days, **changes)).trip


def plan_of(trip: Trip, *order: Sequence[int], nights: Sequence[int] = ()) -> Solution:
    """
    The plan that makes these visits on each day, checked by the referee.

    Parameters
    ----------
    order
        By day: indices of the request's wishes, visits first.
    nights
        Rows of the nights that are chosen, in order.
    """
    client_of = {int(trip.considered.wish[row]): k for k, row in enumerate(trip.clients)}
    places = iter(nights)
    routes = []
    before = trip.problem.shifts[0].start_location
    for k, shift in enumerate(trip.problem.shifts):
        start = before if shift.start_location is None else shift.start_location
        before = next(places) if shift.end_location is None else shift.end_location
        assert start is not None
        visits = [client_of[wish] for wish in order[k]] if k < len(order) else []
        route = schedule_route(trip.problem, k, start, visits, before)
        assert route is not None, f"day {k} cannot be driven so"
        routes.append(route)
    solution = Solution(trip.problem, tuple(routes))
    referee.check(trip.problem, solution)
    return solution


def body_of(trip: Trip, solution: Solution) -> dict[str, Any]:
    """The answer of a plan, without reasons."""
    search = SearchAnswer(
        accounts_considered=len(trip.considered),
        shortlisted=len(trip.clients),
        iterations=0,
        stopped_by="iteration_limit",
        elapsed_ms=0,
        bound_state="none",
    )
    return route_answer(
        trip,
        route_id="r-1",
        self_link="/routes/r-1",
        created_at=datetime(2026, 11, 16, tzinfo=UTC),
        data_version="grid-1.0",
        solution=solution,
        visits=(),
        direct_value_cents=0,
        unassigned=(),
        unassigned_counts={},
        warnings=(),
        search=search,
    ).body()


def check_times(body: dict[str, Any]) -> None:
    """What holds for the times of every answer, whatever a day is made of."""
    totals = {"travel_s": 0, "service_s": 0, "setup_s": 0, "wait_s": 0, "break_s": 0}
    for day in body["days"]:
        stops, legs = day["stops"], day["legs"]
        assert [stop["seq"] for stop in stops] == list(range(len(stops)))
        assert [(leg["from_seq"], leg["to_seq"]) for leg in legs] == [
            (k, k + 1) for k in range(len(stops) - 1)
        ]
        for leg in legs:
            left, reached = stops[leg["from_seq"]], stops[leg["to_seq"]]
            assert _moment(reached["arrival"]) - _moment(left["departure"]) == leg["travel_s"]
            assert leg["travel_s"] >= 0
            assert leg["distance_m"] >= 0
        for stop in stops[1:-1]:
            setup_s = stop.get("setup_s", 0)
            assert stop["wait_s"] >= 0
            started = _moment(stop["arrival"]) + setup_s + stop["wait_s"]
            assert started == _moment(stop["service_start"])
            assert started + stop["service_duration_s"] == _moment(stop["departure"])
        spent = {
            "travel_s": sum(leg["travel_s"] for leg in legs),
            "setup_s": sum(stop.get("setup_s", 0) for stop in stops),
            "wait_s": sum(stop.get("wait_s", 0) for stop in stops),
            "break_s": sum(s["service_duration_s"] for s in stops if s["type"] == "break"),
            "service_s": sum(
                s["service_duration_s"] for s in stops if s["type"] in ("visit", "appointment")
            ),
        }
        for key, seconds in spent.items():
            assert day["totals"].get(key, 0) == seconds, key
            totals[key] += seconds
        if legs:
            on_the_way = _moment(stops[-1]["arrival"]) - _moment(stops[0]["departure"])
            assert on_the_way == sum(spent.values())
            assert _moment(stops[0]["departure"]) >= _moment(day["start"])
            assert _moment(stops[-1]["arrival"]) <= _moment(day["end"])
        assert day["totals"]["distance_m"] == sum(leg["distance_m"] for leg in legs)
    for key, seconds in totals.items():
        assert body["totals"].get(key, 0) == seconds, key


def _moment(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
