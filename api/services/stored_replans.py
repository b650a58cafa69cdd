"""Replans that nobody waits for: how far they are, what came of them, and stopping them."""

from typing import Any

from api.schemas.route import Links
from api.schemas.route_state import RouteState
from api.services import replan_route
from api.services.errors import AlreadyFinishedError, NotStoredError
from api.services.replan_route import SubmittedReplan
from api.services.route_state import with_progress
from api.services.stored_routes import body
from api.state import AppState
from data import job_store
from data.database import Session
from data.errors import NotFoundError
from data.tables import Job, JobStatus

Body = dict[str, Any]

WITH_RESULT = (JobStatus.COMPLETE, JobStatus.INFEASIBLE)


def accepted(submitted: SubmittedReplan, base: str) -> RouteState:
    """What is said to somebody who does not wait; `base` as for `found`."""
    return RouteState(
        route_id=submitted.route_id,
        status=JobStatus.QUEUED.value,
        revision=submitted.revision,
        created_at=submitted.created_at,
        links=_links(base, submitted.route_id, submitted.job_id, submitted.revision),
    )


def found(state: AppState, route_id: str, replan_id: str, base: str) -> Body:
    """
    The revision that a replan has made, or how far it is.

    Parameters
    ----------
    base
        Path under which routes are found.

    Raises
    ------
    NotStoredError
        When the route has no such replan, or it has been forgotten.
    """
    with state.database.session() as session:
        job = _job(state, session, route_id, replan_id)
    revision = job.params["revision"] + 1
    if job.status in WITH_RESULT:
        return body(state, route_id, revision)
    return with_progress(
        RouteState(
            route_id=route_id,
            status=job.status.value,
            revision=revision,
            created_at=job.created_at,
            links=_links(base, route_id, replan_id, revision),
        ),
        job,
    )


def cancel(state: AppState, route_id: str, replan_id: str) -> str | None:
    """
    Stop a replan; the best so far becomes the revision.

    Returns
    -------
    str | None
        Id of the job whose worker still has to notice; None where nobody had begun with it.

    Raises
    ------
    NotStoredError
        When the route has no such replan.
    AlreadyFinishedError
        When it has ended.
    """
    with state.database.session() as session:
        job = _job(state, session, route_id, replan_id)
        if job.status in job_store.UNFINISHED:
            status = job_store.request_cancel(session, job.id, state.clock())
            if status in (JobStatus.RUNNING, JobStatus.CANCELLED):
                return job.id if status is JobStatus.RUNNING else None
    raise AlreadyFinishedError(
        f"The replan {replan_id} has ended, so there is nothing to stop. GET shows how."
    )


def _links(base: str, route_id: str, replan_id: str, revision: int) -> Links:
    route = f"{base}/{route_id}"
    return Links(
        self=f"{route}/replans/{replan_id}", geojson=f"{route}.geojson?revision={revision}"
    )


def _job(state: AppState, session: Session, route_id: str, replan_id: str) -> Job:
    missing = NotStoredError(f"Route {route_id} has no replan {replan_id}, or it is forgotten.")
    dataset_id = state.snapshot().dataset.id
    try:
        job = job_store.get(session, replan_id)
    except NotFoundError:
        raise missing from None
    if (job.dataset_id, job.kind, job.result_id) != (dataset_id, replan_route.KIND, route_id):
        raise missing
    return job
