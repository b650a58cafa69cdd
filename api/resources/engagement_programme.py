"""The engagement programme, exceptions from it, and special situations."""

from flask import Blueprint, Response

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.decision import (
    ExceptionAnswer,
    ExceptionFacts,
    ExceptionList,
    SituationAnswer,
    SituationFacts,
    SituationList,
)
from api.schemas.programme import (
    ProgrammeAnswer,
    ProgrammeDraft,
    ProgrammeFacts,
    ProgrammePreview,
)
from api.services import decisions
from api.services import programme as service
from api.services.programme_preview import preview

blueprint = Blueprint("engagement_programme", __name__)


@blueprint.get("/engagement-programme")
@operation("The engagement programme", answer=ProgrammeAnswer, problems=(503,))
def get_programme() -> Response:
    """What counts, what it takes, how far each rep's intervals are stretched, former versions."""
    found = service.programme(app_state())
    return with_version(json_response(found), found.version)


@blueprint.put("/engagement-programme")
@operation(
    "Let another engagement programme count",
    body=ProgrammeFacts,
    answer=ProgrammeAnswer,
    guarded=True,
    problems=(400, 413, 415, 422, 503),
)
def put_programme(body: ProgrammeFacts) -> Response:
    """
    The next version, from now on. Every account gets its place in it.

    Intervals and durations change where the rule of an account does, and not those that a person
    or another system gave.
    """
    done = service.put_programme(app_state(), body, preconditions())
    return with_version(json_response(done), done.version)


@blueprint.post("/engagement-programme/preview")
@operation(
    "What another engagement programme would change",
    body=ProgrammeDraft,
    answer=ProgrammePreview,
    problems=(400, 409, 413, 415, 422, 503),
)
def preview_programme(body: ProgrammeDraft) -> ProgrammePreview:
    """Accounts that move, visits, hours and cost per segment, and the effort that moves."""
    return preview(app_state(), body, service.read_programme(body.segments))


@blueprint.get("/accounts/<account_id>/exceptions")
@operation("Exceptions of an account", answer=ExceptionList, problems=(404, 503))
def list_exceptions(account_id: str) -> ExceptionList:
    """Those that hold, will hold, and did."""
    return decisions.exceptions(app_state(), account_id)


@blueprint.post("/accounts/<account_id>/exceptions")
@operation(
    "Except an account from its segment's rule",
    body=ExceptionFacts,
    answer=ExceptionAnswer,
    status=201,
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def add_exception(account_id: str, body: ExceptionFacts) -> ExceptionAnswer:
    """For a time, with a reason. Of several at once the newest counts, fact by fact."""
    return decisions.add_exception(app_state(), account_id, body)


@blueprint.put("/accounts/<account_id>/exceptions/<exception_id>")
@operation(
    "Write an exception anew",
    body=ExceptionFacts,
    answer=ExceptionAnswer,
    problems=(400, 404, 413, 415, 422, 503),
)
def put_exception(account_id: str, exception_id: str, body: ExceptionFacts) -> ExceptionAnswer:
    """Without from_date it keeps its first day."""
    return decisions.put_exception(app_state(), account_id, exception_id, body)


@blueprint.delete("/accounts/<account_id>/exceptions/<exception_id>")
@operation("End an exception", status=204, problems=(404, 503))
def end_exception(account_id: str, exception_id: str) -> Response:
    """From today on. One that has held stays in the list; one that never did is gone."""
    decisions.end_exception(app_state(), account_id, exception_id)
    return Response(status=204)


@blueprint.get("/special-situations")
@operation("Special situations", answer=SituationList, problems=(503,))
def list_situations() -> SituationList:
    """Those that hold, will hold, and did."""
    return decisions.situations(app_state())


@blueprint.post("/special-situations")
@operation(
    "Give a reason to visit",
    body=SituationFacts,
    answer=SituationAnswer,
    status=201,
    problems=(400, 409, 413, 415, 422, 503),
)
def add_situation(body: SituationFacts) -> SituationAnswer:
    """A boost of the prize, money on top, or a required visit: for a time, with a reason."""
    return decisions.add_situation(app_state(), body)


@blueprint.put("/special-situations/<situation_id>")
@operation(
    "Write a special situation anew",
    body=SituationFacts,
    answer=SituationAnswer,
    problems=(400, 404, 413, 415, 422, 503),
)
def put_situation(situation_id: str, body: SituationFacts) -> SituationAnswer:
    """Without from_date it keeps its first day."""
    return decisions.put_situation(app_state(), situation_id, body)


@blueprint.delete("/special-situations/<situation_id>")
@operation("End a special situation", status=204, problems=(404, 503))
def end_situation(situation_id: str) -> Response:
    """From today on. One that has held stays in the list; one that never did is gone."""
    decisions.end_situation(app_state(), situation_id)
    return Response(status=204)
