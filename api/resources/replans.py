"""What is done with a route that is planned: plan it anew, accept it, try another visit in it."""

from typing import Any

from flask import Blueprint, Response, url_for

from api.resources.http import json_response, preferences
from api.resources.operation import RESPOND_ASYNC, operation
from api.resources.routes import NAMED, base, not_waited_for, once_stopped, shown
from api.resources.state import app_state, job_runner
from api.schemas.insertion import InsertionRequest, Insertions
from api.schemas.replan import ReplanRequest, RevisionList
from api.schemas.route import Route
from api.schemas.route_list import Acceptance, AcceptQuery
from api.schemas.route_state import RouteState
from api.services import replan_route, route_lists, stored_replans
from api.services.accept_route import accept
from api.services.insert_visit import insert

blueprint = Blueprint("replans", __name__)


@blueprint.post("/routes/<route_id>/replans")
@operation(
    "Plan a route anew",
    body=ReplanRequest,
    answer=Route,
    status=201,
    unfinished=RouteState,
    prefers=(RESPOND_ASYNC, NAMED),
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def create_replan(route_id: str, body: ReplanRequest) -> Response:
    """
    What is over, going on or frozen stays; the rest is planned from where the rep is now.

    The answer is the next revision of the route, with what has changed. Older ones stay readable.
    With `Prefer: respond-async` the answer comes at once, and says where the revision will be.
    """
    state, jobs, show = app_state(), job_runner(), shown()
    submitted = replan_route.submit(state, route_id, body)
    jobs.submit(submitted.job_id, replan_route.KIND)
    if RESPOND_ASYNC in preferences():
        return not_waited_for(stored_replans.accepted(submitted, base()))
    jobs.wait_until_ended(submitted.job_id)
    response = json_response(show(replan_route.replanned(state, submitted)), 201)
    response.headers["Location"] = url_for(
        "routes.get_route", route_id=route_id, revision=submitted.revision
    )
    return response


@blueprint.get("/routes/<route_id>/replans/<replan_id>")
@operation(
    "The revision that a replan has made, or how far it is",
    answer=Route,
    unfinished=RouteState,
    prefers=(NAMED,),
    problems=(404, 503),
)
def get_replan(route_id: str, replan_id: str) -> Response:
    """At the address that somebody was told who did not wait for it."""
    return json_response(_shown(route_id, replan_id))


@blueprint.delete("/routes/<route_id>/replans/<replan_id>")
@operation(
    "Stop a replan",
    answer=Route,
    unfinished=RouteState,
    prefers=(NAMED,),
    problems=(404, 409, 503),
)
def cancel_replan(route_id: str, replan_id: str) -> Response:
    """
    The best plan so far becomes the revision, with the status `cancelled`.

    A replan that nobody had begun with makes none. 202 where its worker has not stopped yet.
    """
    stopping = stored_replans.cancel(app_state(), route_id, replan_id)
    return once_stopped(stopping, lambda: _shown(route_id, replan_id))


def _shown(route_id: str, replan_id: str) -> dict[str, Any]:
    return shown()(stored_replans.found(app_state(), route_id, replan_id, base()))


@blueprint.get("/routes/<route_id>/revisions")
@operation("The revisions of a route", answer=RevisionList, problems=(404, 503))
def list_revisions(route_id: str) -> RevisionList:
    """Oldest first; each can be read with `?revision=`."""
    return route_lists.revisions(app_state(), route_id)


@blueprint.post("/routes/<route_id>/accept")
@operation("Accept a route", query=AcceptQuery, answer=Acceptance, problems=(404, 409, 422, 503))
def accept_route(route_id: str, query: AcceptQuery) -> Acceptance:
    """
    The visits of its newest revision become commitments that later plans respect.

    Accepting it again after a replan replaces them. With `revision` nothing else is accepted than
    the plan that has been read.
    """
    return accept(app_state(), route_id, query.revision)


@blueprint.post("/routes/<route_id>/insertions")
@operation(
    "Where another visit would fit",
    body=InsertionRequest,
    answer=Insertions,
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def try_insertion(route_id: str, body: InsertionRequest) -> Insertions:
    """
    Every slot for one visit in the newest revision, best first, with what it costs and displaces.

    The order of the other visits and the nights stay as they are, and nothing is stored.
    """
    return insert(app_state(), route_id, body)
