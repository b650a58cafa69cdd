"""Models of what accounts are worth, fitted to their past."""

from flask import Blueprint, Response, url_for

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.state import app_state, job_runner
from api.schemas.model import FitJob, ModelList, ModelReport, ModelsQuery
from api.services import models
from api.services.fit_models import KIND

blueprint = Blueprint("models", __name__)


def base() -> str:
    return url_for("models.list_models")


@blueprint.get("/models")
@operation("Fitted models, newest first", query=ModelsQuery, answer=ModelList, problems=(422, 503))
def list_models(query: ModelsQuery) -> ModelList:
    """The first one is what values and prizes are reckoned with."""
    return models.listed(app_state(), query.limit, base())


@blueprint.post("/models")
@operation("Fit the models anew", answer=FitJob, status=202, problems=(400, 409, 422, 503))
def fit_models() -> Response:
    """
    A job does it. Its model is the next version and counts from then on.

    Routes that are stored stay as they are.
    """
    job = models.submit(app_state(), base())
    job_runner().submit(job.job_id, KIND)
    response = json_response(job, 202)
    response.headers["Location"] = job.links.self
    return response


@blueprint.get("/models/jobs/<job_id>")
@operation("How far a fit is", answer=FitJob, problems=(404, 503))
def get_fit_job(job_id: str) -> FitJob:
    """When it is complete, its model is the newest of the list."""
    return models.job_of(app_state(), job_id, base())


@blueprint.get("/models/<version>")
@operation("A fitted model and how well it forecasts", answer=ModelReport, problems=(404, 503))
def get_model(version: str) -> ModelReport:
    """By its number, or `current`."""
    return models.found(app_state(), version, base())
