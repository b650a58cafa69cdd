"""A stored plan and its problem as they were, so that it can be bounded after the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from api.schemas.route_request import RouteRequest
from api.services.progress import Silence
from api.services.replan_begun import begun
from api.services.trip_setup import PreparedTrip, prepare_trip
from api.state import AppState, Snapshot
from data import route_store
from data.errors import NotFoundError
from data.route_store import StoredRoute
from routing.bound import Bound, gap
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Solution

UNPROVEN = {"bound_state": "none"}


@dataclass(frozen=True, slots=True)
class Amounts:
    """
    How the values of a problem compare with those of its route.

    Parameters
    ----------
    net_cents
        Net value of the route with the plan that is bounded.
    above_cents
        How far the net value of the route is above the value of a plan of the problem, at most.
    """

    net_cents: int
    above_cents: int


@dataclass(frozen=True, slots=True, eq=False)
class BoundedPlan:
    """A plan of a stored revision, and the trip that is planned by it: the rest, in a replan."""

    stored: StoredRoute
    prepared: PreparedTrip
    plan: Solution

    @property
    def is_of_replan(self) -> bool:
        return "replan" in self.stored.request


def as_params(revision: int, plan: Solution, amounts: Amounts) -> dict[str, Any]:
    """What a job needs to know to find a plan again."""
    routes = [
        [r.start_location, [v.client_index for v in r.visits], r.end_location] for r in plan.routes
    ]
    again = _scheduled(plan.problem, routes)
    return {
        "revision": revision,
        # Visits whose customers were told a time may be at another one than they would be now.
        "value_cents": (again or plan).value_cents,
        "routes": routes,
        "net_cents": amounts.net_cents,
        "above_cents": amounts.above_cents,
    }


def found_again(state: AppState, route_id: str, params: dict[str, Any]) -> BoundedPlan | None:
    """
    The plan of a job; None where it is gone, or accounts or roads make it another one by now.

    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used any more.
    """
    snapshot = state.snapshot()
    try:
        stored = _get(state, snapshot, route_id, params["revision"])
        if stored.body["data_version"] != snapshot.data_version:
            return None
        prepared = _prepared(state, snapshot, stored)
    except NotFoundError:
        return None
    if stored.body["data_version"] != prepared.trip.snapshot.data_version:
        return None
    plan = _scheduled(prepared.trip.problem, params["routes"])
    if plan is None or plan.value_cents != params["value_cents"]:
        return None
    return BoundedPlan(stored, prepared, plan)


def _prepared(state: AppState, snapshot: Snapshot, stored: StoredRoute) -> PreparedTrip:
    replan = stored.request.get("replan")
    if replan is None:
        request = RouteRequest.model_validate_json(orjson.dumps(stored.request), strict=True)
        return prepare_trip(state, request, Silence())
    former = _get(state, snapshot, stored.route_id, stored.revision - 1)
    return begun(state, snapshot, former, replan, Silence()).rest.prepared


def _get(state: AppState, snapshot: Snapshot, route_id: str, revision: int) -> StoredRoute:
    with state.database.session() as session:
        return route_store.get(session, snapshot.dataset.id, route_id, revision)


def _scheduled(problem: Problem, routes: Sequence[Sequence[Any]]) -> Solution | None:
    scheduled = [
        schedule_route(problem, k, start, visits, end)
        for k, (start, visits, end) in enumerate(routes)
    ]
    found = tuple(route for route in scheduled if route is not None)
    return Solution(problem, found) if len(found) == len(problem.shifts) else None


def told(bound: Bound, candidates: int, amounts: Amounts, state: str) -> dict[str, Any]:
    """A bound as keys of `search` in an answer."""
    if bound.upper_bound_cents is None:
        return UNPROVEN if state == "proven" else {"bound_state": state}
    upper_cents = bound.upper_bound_cents + amounts.above_cents
    found = {
        "bound_state": state,
        "upper_bound": upper_cents / 100,
        "bound_candidates": candidates,
        "gap": gap(amounts.net_cents, upper_cents),
    }
    if bound.relaxed:
        found["bound_relaxed"] = list(bound.relaxed)
    return found
