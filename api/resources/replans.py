"""What is done with a route that is planned: plan it anew, accept it, try another visit in it."""

from flask import Blueprint, Response, url_for

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.routes import NAMED, shown
from api.resources.state import app_state, job_runner
from api.schemas.insertion import InsertionRequest, Insertions
from api.schemas.replan import ReplanRequest, RevisionList
from api.schemas.route import Route
from api.schemas.route_list import Acceptance, AcceptQuery
from api.services import replan_route, route_lists
from api.services.accept_route import accept
from api.services.insert_visit import insert

blueprint = Blueprint("replans", __name__)


@blueprint.post("/routes/<route_id>/replans")
@operation(
    "Plan a route anew",
    body=ReplanRequest,
    answer=Route,
    status=201,
    prefers=(NAMED,),
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def create_replan(route_id: str, body: ReplanRequest) -> Response:
    """
    What is over, going on or frozen stays; the rest is planned from where the rep is now.

    The answer is the next revision of the route, with what has changed. Older ones stay readable.
    """
    state, jobs, show = app_state(), job_runner(), shown()
    submitted = replan_route.submit(state, route_id, body)
    jobs.submit(submitted.job_id, replan_route.KIND)
    jobs.wait_until_ended(submitted.job_id)
    response = json_response(show(replan_route.replanned(state, submitted)), 201)
    response.headers["Location"] = url_for(
        "routes.get_route", route_id=route_id, revision=submitted.revision
    )
    return response


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
