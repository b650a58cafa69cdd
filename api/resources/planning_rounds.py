"""Planning rounds."""

from flask import Blueprint, Response

from api.resources.http import json_response, read_values
from api.resources.operation import operation
from api.resources.preconditions import preconditions, with_version
from api.resources.state import app_state
from api.schemas.improvement import ImprovementsAnswer, ImprovementsRequest
from api.schemas.planning_round import (
    Agreement,
    Closing,
    FigureAnswer,
    FigureChange,
    MonthKey,
    RoundAnswer,
    RoundList,
    RoundRequest,
)
from api.schemas.results import Results, ResultsQuery, WeekQuery, WeekReview
from api.services import improvements, results, week_review
from api.services import planning_rounds as service

blueprint = Blueprint("planning_rounds", __name__)


@blueprint.get("/planning-rounds")
@operation("The planning rounds", answer=RoundList, problems=(503,))
def list_planning_rounds() -> RoundList:
    """One for each month for which one was opened, with the sums of its figures."""
    return service.list_rounds(app_state())


@blueprint.post("/planning-rounds")
@operation(
    "Open a planning round",
    body=RoundRequest,
    answer=RoundAnswer,
    status=201,
    problems=(400, 409, 413, 415, 422, 503),
)
def open_planning_round(body: RoundRequest) -> Response:
    """What the model expects of the accounts of each rep is kept as it is at this moment."""
    done = service.open_round(app_state(), body)
    response = json_response(done, 201)
    response.headers["Location"] = f"/api/v1/planning-rounds/{done.month}"
    return response


@blueprint.get("/planning-rounds/<month>")
@operation("One planning round", answer=RoundAnswer, problems=(404, 422, 503))
def get_planning_round(month: str) -> RoundAnswer:
    """The model's figure of each rep beside the rep's own, the largest difference first."""
    return service.get_round(app_state(), _month(month))


@blueprint.put("/planning-rounds/<month>/figures/<rep_id>")
@operation(
    "Say what a rep will sell, or what was agreed",
    body=FigureChange,
    answer=FigureAnswer,
    guarded=True,
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def put_planning_figure(month: str, rep_id: str, body: FigureChange) -> Response:
    """Without `If-Match` the last one counts, and the answer tells what stood there before."""
    done = service.change_figure(app_state(), _month(month), rep_id, body, preconditions())
    assert done.version is not None  # something was just said
    return with_version(json_response(done), done.version)


@blueprint.post("/planning-rounds/<month>/agreements")
@operation(
    "Agree on all figures that lie close together",
    body=Agreement,
    answer=RoundAnswer,
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def agree_on_figures(month: str, body: Agreement) -> RoundAnswer:
    """What was agreed before stays; a rep without a figure is left for a talk."""
    return service.agree(app_state(), _month(month), body)


@blueprint.post("/planning-rounds/<month>/close")
@operation(
    "Close a planning round",
    body=Closing,
    answer=RoundAnswer,
    problems=(400, 404, 409, 413, 415, 422, 503),
)
def close_planning_round(month: str, body: Closing) -> RoundAnswer:
    """Its figures stay as they are from now on; results are compared with what was agreed."""
    return service.close_round(app_state(), _month(month), body)


@blueprint.get("/planning-rounds/results")
@operation("Plan against actual", query=ResultsQuery, answer=Results, problems=(422, 503))
def get_results(query: ResultsQuery) -> Results:
    """Of a day, two weeks, a quarter or a year; the largest shortfall first."""
    return results.results(app_state(), query)


@blueprint.get("/planning-rounds/week")
@operation(
    "What a week is expected to bring", query=WeekQuery, answer=WeekReview, problems=(422, 503)
)
def get_week_review(query: WeekQuery) -> WeekReview:
    """Sales as the model and the plan have them, and the visits planned and promised."""
    return week_review.week_review(app_state(), query)


@blueprint.post("/planning-rounds/improvements")
@operation(
    "What changes would be worth",
    body=ImprovementsRequest,
    answer=ImprovementsAnswer,
    problems=(400, 413, 415, 422, 503),
)
def value_improvements(body: ImprovementsRequest) -> ImprovementsAnswer:
    """
    Another cadence, channel or owner of accounts in money a year, before it is made.

    With the hours and kilometres that it takes and frees, and what becomes of the other accounts
    of the reps concerned. Nothing is stored.
    """
    return improvements.improvements(app_state(), body)


def _month(text: str) -> str:
    return read_values(MonthKey, {"month": text}).month
