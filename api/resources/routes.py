"""Routes: plan one, read it again."""

from flask import Blueprint, Response, request, url_for

from api.resources.event_stream import MEDIA, streamed
from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.account import UnassignedQuery
from api.schemas.route import Route, UnassignedList
from api.schemas.route_request import RouteRequest
from api.services import stored_routes
from api.services.plan_route import plan_route

blueprint = Blueprint("routes", __name__)

GEOJSON = "application/geo+json"


@blueprint.post("/routes")
@operation(
    "Plan a route",
    body=RouteRequest,
    answer=Route,
    status=201,
    media=("application/json", MEDIA),
    problems=(400, 413, 415, 422, 503),
)
def create_route(body: RouteRequest) -> Response:
    """
    Which accounts to visit on the way, when, in what order, and where to sleep.

    With `Accept: text/event-stream` the answer is a stream (status 200) of the events `stage` and
    `improvement`, and at last `route` or `problem`.
    """
    state, base = app_state(), url_for(".create_route")
    best = request.accept_mimetypes.best_match(["application/json", MEDIA], "application/json")
    if best == MEDIA:
        return streamed(lambda listener: plan_route(state, body, base, listener))
    route = plan_route(state, body, base)
    response = json_response(route, 201)
    response.headers["Location"] = route["links"]["self"]
    return response


@blueprint.get("/routes/<route_id>")
@operation("A route as it was answered", answer=Route, problems=(404, 503))
def get_route(route_id: str) -> Response:
    return json_response(stored_routes.body(app_state(), route_id))


@blueprint.get("/routes/<route_id>.geojson")
@operation("A route as GeoJSON", media=(GEOJSON,), problems=(404, 503))
def get_route_geojson(route_id: str) -> Response:
    """A LineString for each leg and a Point for each stop."""
    response = json_response(stored_routes.geojson(app_state(), route_id))
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
