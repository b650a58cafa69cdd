"""Looking for many addresses again."""

from flask import Blueprint, Response, url_for

from api.resources.http import json_response
from api.resources.operation import operation
from api.resources.state import app_state, job_runner
from api.schemas.geocoding_job import GeocodingJob, GeocodingJobList, GeocodingJobRequest
from api.services import geocoding_jobs
from api.services.geocode_accounts import KIND

blueprint = Blueprint("geocoding_jobs", __name__)

STOPS_WITHIN_S = 5.0
"""How long a cancellation waits for the worker to notice."""


def base() -> str:
    return url_for("geocoding_jobs.list_geocoding_jobs")


@blueprint.post("/geocoding-jobs")
@operation(
    "Look for doubtful addresses again",
    body=GeocodingJobRequest,
    answer=GeocodingJob,
    status=202,
    problems=(400, 409, 413, 415, 422, 503),
)
def create_geocoding_job(body: GeocodingJobRequest) -> Response:
    """On the map, and elsewhere where it does not know enough and the settings say so."""
    job = geocoding_jobs.submit(app_state(), body, base())
    job_runner().submit(job.job_id, KIND)
    response = json_response(job, 202)
    response.headers["Location"] = job.links.self
    return response


@blueprint.get("/geocoding-jobs")
@operation("The last jobs that looked for addresses", answer=GeocodingJobList, problems=(503,))
def list_geocoding_jobs() -> GeocodingJobList:
    """Newest first, those that go on included."""
    return geocoding_jobs.listed(app_state(), base())


@blueprint.get("/geocoding-jobs/<job_id>")
@operation("How far a geocoding job is", answer=GeocodingJob, problems=(404, 503))
def get_geocoding_job(job_id: str) -> GeocodingJob:
    """And what came of it."""
    return geocoding_jobs.found(app_state(), job_id, base())


@blueprint.delete("/geocoding-jobs/<job_id>")
@operation("Stop a geocoding job", answer=GeocodingJob, problems=(404, 409, 503))
def cancel_geocoding_job(job_id: str) -> GeocodingJob:
    """What has been found stays. Another job goes on where this one was."""
    stopping = geocoding_jobs.cancel(app_state(), job_id)
    if stopping is not None:
        job_runner().wait_until_ended(stopping, STOPS_WITHIN_S)
    return geocoding_jobs.found(app_state(), job_id, base())
