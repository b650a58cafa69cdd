"""Routes: plan one, read it again, stop planning it."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for

from api.resources.event_stream import MEDIA, streamed
from api.resources.http import json_response, preferences
from api.resources.operation import RESPOND_ASYNC, operation
from api.resources.state import app_state, job_runner
from api.schemas.account import RevisionQuery, UnassignedQuery
from api.schemas.route import Route, UnassignedList
from api.schemas.route_list import RouteList, RoutesQuery
from api.schemas.route_request import RouteRequest
from api.schemas.route_state import RouteState
from api.services import plan_route, route_lists, stored_routes

blueprint = Blueprint("routes", __name__)

GEOJSON = "application/geo+json"
NAMED = "accounts=named"

STOPS_WITHIN_S = 10.0
"""How long a cancellation waits for the worker to hand over the best so far."""

UNFINISHED = ("queued", "running")

Body = dict[str, Any]


def shown() -> Callable[[Body], Body]:
    """How this client wants to see a route."""
    state = app_state()
    if preferences().get("accounts") == "named":
        return lambda body: stored_routes.named(state, body)
    return lambda body: body


def not_waited_for(told: RouteState) -> Response:
    """The answer that comes at once, and says where the plan will be."""
    response = json_response(told, 202)
    response.headers["Preference-Applied"] = RESPOND_ASYNC
    response.headers["Location"] = told.links.self
    return response


def once_stopped(job_id: str | None, found: Callable[[], Body]) -> Response:
    """What is found when the worker of a job has stopped, or as it is after a while."""
    if job_id is not None:
        job_runner().wait_until_ended(job_id, STOPS_WITHIN_S)
    body = found()
    return json_response(body, 202 if body["status"] in UNFINISHED else 200)


@blueprint.post("/routes")
@operation(
    "Plan a route",
    body=RouteRequest,
    answer=Route,
    status=201,
    unfinished=RouteState,
    prefers=(RESPOND_ASYNC, NAMED),
    stream="Events `stage` and `improvement`, and at last `route` or `problem`.",
    problems=(400, 409, 413, 415, 422, 503),
)
def create_route(body: RouteRequest) -> Response:
    """
    Which accounts to visit on the way, when, in what order, and where to sleep.

    With `Accept: text/event-stream` the plan is told while it is made. With `Prefer:
    respond-async` the answer comes at once, and says where the route will be. With `Prefer:
    accounts=named` stops and those left out have the names and towns of their accounts.
    """
    state, jobs, show = app_state(), job_runner(), shown()
    submitted = plan_route.submit(state, body, base())
    jobs.submit(submitted.job_id, plan_route.KIND)
    if RESPOND_ASYNC in preferences():
        return not_waited_for(stored_routes.accepted(submitted))
    best = request.accept_mimetypes.best_match(["application/json", MEDIA], "application/json")
    if best == MEDIA:
        return streamed(state, jobs, submitted, show)
    jobs.wait_until_ended(submitted.job_id)
    response = json_response(show(stored_routes.planned(state, submitted)), 201)
    response.headers["Location"] = submitted.link
    return response


@blueprint.get("/routes")
@operation("Routes, newest first", query=RoutesQuery, answer=RouteList, problems=(422, 503))
def list_routes(query: RoutesQuery) -> RouteList:
    """All of them in pages, or those of a rep, a week or a status."""
    return route_lists.routes(app_state(), query)


@blueprint.get("/routes/<route_id>")
@operation(
    "A route as it was answered, or how far it is",
    query=RevisionQuery,
    answer=Route,
    unfinished=RouteState,
    prefers=(NAMED,),
    problems=(404, 422, 503),
)
def get_route(route_id: str, query: RevisionQuery) -> Response:
    """
    The newest revision, unless another one is named.

    While `search.bound_state` is `running` it is being proven how good the plan is; a better one
    that is found becomes the next revision, with the `cause` `bound`. With `Prefer: accounts=named`
    the answer also has the names and towns of its accounts.
    """
    found = stored_routes.found(app_state(), route_id, base(), query.revision)
    return json_response(shown()(found))


@blueprint.delete("/routes/<route_id>")
@operation(
    "Stop planning a route",
    answer=Route,
    unfinished=RouteState,
    prefers=(NAMED,),
    problems=(404, 409, 503),
)
def cancel_route(route_id: str) -> Response:
    """
    The best plan so far becomes the route, with the status `cancelled`.

    A route that nobody had begun with has no plan. 202 where its worker has not stopped yet.
    """
    state, show = app_state(), shown()
    stopping = stored_routes.cancel(state, route_id)
    return once_stopped(stopping, lambda: show(stored_routes.found(state, route_id, base())))


def base() -> str:
    """Path under which routes are found."""
    return url_for("routes.create_route")


@blueprint.get("/routes/<route_id>.geojson")
@operation("A route as GeoJSON", query=RevisionQuery, media=GEOJSON, problems=(404, 422, 503))
def get_route_geojson(route_id: str, query: RevisionQuery) -> Response:
    """A LineString for each leg and a Point for each stop."""
    response = json_response(stored_routes.geojson(app_state(), route_id, query.revision))
    response.mimetype = GEOJSON
    return response


@blueprint.get("/routes/<route_id>/unassigned")
@operation(
    "Who is not in the plan, and why",
    query=UnassignedQuery,
    answer=UnassignedList,
    problems=(404, 422, 503),
)
def list_unassigned(route_id: str, query: UnassignedQuery) -> UnassignedList:
    """Everybody who was considered and is not visited, visits without an account first."""
    return stored_routes.unassigned(app_state(), route_id, query)
