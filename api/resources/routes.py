"""Routes: plan one, read it again."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from werkzeug.http import parse_dict_header as parse_options

from api.resources.event_stream import MEDIA, streamed
from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.account import RevisionQuery, UnassignedQuery
from api.schemas.route import Route, UnassignedList
from api.schemas.route_list import RouteList, RoutesQuery
from api.schemas.route_request import RouteRequest
from api.services import route_lists, stored_routes
from api.services.plan_route import plan_route

blueprint = Blueprint("routes", __name__)

GEOJSON = "application/geo+json"


Body = dict[str, Any]


def shown() -> Callable[[Body], Body]:
    """How this client wants to see a route (RFC 7240)."""
    wishes = parse_options(request.headers.get("Prefer", ""))
    state = app_state()
    if wishes.get("accounts") == "named":
        return lambda body: stored_routes.named(state, body)
    return lambda body: body


@blueprint.post("/routes")
@operation(
    "Plan a route",
    body=RouteRequest,
    answer=Route,
    status=201,
    stream="Events `stage` and `improvement`, and at last `route` or `problem`.",
    problems=(400, 413, 415, 422, 503),
)
def create_route(body: RouteRequest) -> Response:
    """
    Which accounts to visit on the way, when, in what order, and where to sleep.

    With `Accept: text/event-stream` the plan is told while it is made. With `Prefer:
    accounts=named` stops and those left out have the names and towns of their accounts.
    """
    state, base, show = app_state(), url_for(".create_route"), shown()
    best = request.accept_mimetypes.best_match(["application/json", MEDIA], "application/json")
    if best == MEDIA:
        return streamed(lambda listener: show(plan_route(state, body, base, listener)))
    route = plan_route(state, body, base)
    response = json_response(show(route), 201)
    response.headers["Location"] = route["links"]["self"]
    return response


@blueprint.get("/routes")
@operation("Routes, newest first", query=RoutesQuery, answer=RouteList, problems=(422, 503))
def list_routes(query: RoutesQuery) -> RouteList:
    """All of them in pages, or those of a rep, a week or a status."""
    return route_lists.routes(app_state(), query)


@blueprint.get("/routes/<route_id>")
@operation(
    "A route as it was answered", query=RevisionQuery, answer=Route, problems=(404, 422, 503)
)
def get_route(route_id: str, query: RevisionQuery) -> Response:
    """With `Prefer: accounts=named` it also has the names and towns of its accounts."""
    return json_response(shown()(stored_routes.body(app_state(), route_id, query.revision)))


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
