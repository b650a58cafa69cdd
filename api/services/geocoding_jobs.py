"""Jobs that look for addresses again: give one, see how far it is, stop it."""

from typing import Any

from api.schemas.geocoding_job import (
    GeocodingJob,
    GeocodingJobList,
    GeocodingJobRequest,
    JobLink,
)
from api.services.errors import AlreadyFinishedError, JobInProgressError, NotStoredError
from api.services.geocode_accounts import KIND, service_config
from api.state import AppState
from data import job_store
from data.database import Session
from data.errors import NotFoundError
from data.tables import Job, JobStatus

LISTED = 20

COUNTS = (
    "total",
    "done",
    "unchanged",
    "without_address",
    "changed_meanwhile",
    "unanswered",
    "asked",
    "known",
)


def submit(state: AppState, asked: GeocodingJobRequest, base: str) -> GeocodingJob:
    """
    Store a job that waits.

    Parameters
    ----------
    base
        Path under which such jobs are found.

    Raises
    ------
    JobInProgressError
        When one has not ended: two at a time would ask a service twice as often as it allows.
    """
    dataset_id, job_id = state.snapshot().dataset.id, job_store.new_job_id()
    config = service_config(state)
    params = {
        "issues": list(dict.fromkeys(asked.issues)),
        "service": None if config is None else config.name,
    }
    with state.database.session() as session:
        other = job_store.unfinished_of(session, dataset_id, KIND)
        if other is not None:
            raise JobInProgressError(
                f"The job {other} looks for addresses already. Wait until it has ended, or stop it "
                f"with DELETE {base}/{other}."
            )
        job_store.add(
            session,
            job_id=job_id,
            dataset_id=dataset_id,
            kind=KIND,
            params=params,
            created_at=state.clock(),
        )
        return _shown(job_store.get(session, job_id), base)


def found(state: AppState, job_id: str, base: str) -> GeocodingJob:
    """
    Raises
    ------
    NotStoredError
        When there is no such job, or it has been forgotten.
    """
    with state.database.session() as session:
        return _shown(_job(state, session, job_id), base)


def listed(state: AppState, base: str) -> GeocodingJobList:
    """The last ones."""
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        jobs = job_store.newest(session, dataset_id, KIND, LISTED)
    return GeocodingJobList(items=tuple(_shown(job, base) for job in jobs))


def cancel(state: AppState, job_id: str) -> str | None:
    """
    Stop a job; what has been found stays.

    Returns
    -------
    str | None
        Its id where its worker still has to notice; None where nobody had begun with it.

    Raises
    ------
    NotStoredError
        When there is no such job.
    AlreadyFinishedError
        When it has ended.
    """
    with state.database.session() as session:
        job = _job(state, session, job_id)
        if job.status in job_store.UNFINISHED:
            status = job_store.request_cancel(session, job.id, state.clock())
            if status in (JobStatus.RUNNING, JobStatus.CANCELLED):
                return job.id if status is JobStatus.RUNNING else None
    raise AlreadyFinishedError(
        f"The job {job_id} has ended, so there is nothing to stop. GET shows how."
    )


def _job(state: AppState, session: Session, job_id: str) -> Job:
    try:
        job = job_store.get(session, job_id)
    except NotFoundError:
        job = None
    if job is None or (job.dataset_id, job.kind) != (state.snapshot().dataset.id, KIND):
        raise NotStoredError(f"There is no geocoding job {job_id}, or it is forgotten.")
    return job


def _shown(job: Job, base: str) -> GeocodingJob:
    progress: dict[str, Any] = job.progress or {}
    is_complete = job.status is JobStatus.COMPLETE
    return GeocodingJob.model_validate(
        {
            "job_id": job.id,
            "status": job.status.value,
            "issues": tuple(job.params["issues"]),
            "service": job.params["service"],
            "created_at": job.created_at,
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "progress": 1.0 if is_complete else progress.get("fraction", 0.0),
            "located": progress.get("located", {}),
            **{name: progress.get(name, 0) for name in COUNTS},
            "problem": job.problem,
            "links": JobLink(self=f"{base}/{job.id}"),
        }
    )
