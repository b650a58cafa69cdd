"""Sharing a team's hours."""

from flask import Blueprint, Response

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.allocation import (
    AllocationAnswer,
    AllocationQuery,
    ResponseAnswer,
    ResponseDecision,
)
from api.services import allocation as service
from api.services import manager_answers

blueprint = Blueprint("allocation", __name__)


@blueprint.get("/allocation")
@operation(
    "Where hours go, and where they should go",
    query=AllocationQuery,
    answer=AllocationAnswer,
    problems=(422, 503),
)
def get_allocation(query: AllocationQuery) -> Response:
    """
    Response curve, today's point and the band of best hours of each unit; nothing is stored.

    The `ETag` is the version of the managers' answers, for `If-Match`.
    """
    found = service.allocation(app_state(), query)
    return with_version(json_response(found), found.policy_version)


@blueprint.post("/allocation")
@operation(
    "Say what to expect of a unit",
    body=ResponseDecision,
    answer=ResponseAnswer,
    guarded=True,
    problems=(400, 412, 413, 415, 422, 503),
)
def post_allocation(body: ResponseDecision) -> Response:
    """
    Four answers make an ADBUDG curve, which counts from now on instead of the model's.

    Without answers the model's curve counts again. Each change is a version; older ones are kept.
    """
    done = manager_answers.decide(app_state(), body, preconditions())
    return with_version(json_response(done), done.version)


@blueprint.get("/allocation/answers")
@operation("What managers expect of units", answer=ResponseAnswer, problems=(503,))
def get_answers() -> Response:
    """All answers that count, and the versions before."""
    state = app_state()
    found = manager_answers.responses(state, state.snapshot())
    return with_version(json_response(found), found.version)
