"""
Jobs: who works on them, how far they are, and how they ended.

Several workers may want one job. Each step is a single statement with its condition in it, so that
on both databases one of them gets it and the others learn that they did not.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.tables import Dataset, Job, JobStatus

UNFINISHED = (JobStatus.QUEUED, JobStatus.RUNNING)


class Signal(StrEnum):
    """
    What a worker reads in its row.

    `lost`: the job is no longer its own, since it was taken over or removed; nothing that it still
    finds may be stored. `cancel`: stop, and keep the best so far.
    """

    GO_ON = "go_on"
    CANCEL = "cancel"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DueJob:
    """A job that waits for a worker."""

    job_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class JobLook:
    """How far a job is, without what is large in its row."""

    status: JobStatus
    progress: dict[str, Any]

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED


def new_job_id() -> str:
    return f"j-{secrets.token_hex(10)}"


def add(
    session: Session,
    *,
    job_id: str,
    dataset_id: int,
    kind: str,
    params: Mapping[str, Any],
    created_at: datetime,
    result_id: str | None = None,
) -> None:
    """
    Add a job that waits.

    Parameters
    ----------
    result_id
        Of what the job makes or changes, such as a route.
    """
    session.add(
        Job(
            id=job_id,
            dataset_id=dataset_id,
            kind=kind,
            result_id=result_id,
            params=dict(params),
            created_at=created_at,
            updated_at=created_at,
        )
    )
    session.flush()


def get(session: Session, job_id: str) -> Job:
    """
    A job as it is now.

    Raises
    ------
    NotFoundError
        When there is no such job.
    """
    job = session.get(Job, job_id, populate_existing=True)
    if job is None:
        raise NotFoundError(f"There is no job {job_id}.")
    return job


def look(session: Session, job_id: str) -> JobLook | None:
    """How far a job is, for those who look often; None when there is no such job."""
    found = session.execute(select(Job.status, Job.progress).where(Job.id == job_id)).one_or_none()
    return None if found is None else JobLook(found.status, found.progress)


def newest_of(session: Session, dataset_id: int, result_id: str, kind: str) -> Job | None:
    """The newest job of a kind that makes or changes something."""
    return session.scalars(
        select(Job)
        .where(Job.dataset_id == dataset_id, Job.result_id == result_id, Job.kind == kind)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(1)
    ).one_or_none()


def newest(session: Session, dataset_id: int, kind: str, limit: int) -> list[Job]:
    """The newest jobs of a kind, newest first."""
    statement = (
        select(Job)
        .where(Job.dataset_id == dataset_id, Job.kind == kind)
        .order_by(Job.created_at.desc(), Job.id.desc())
        .limit(limit)
    )
    return list(session.scalars(statement))


def unfinished_of(session: Session, dataset_id: int, kind: str) -> str | None:
    """
    A job of a kind that has not ended, or None; nobody else can add one before the end of this
    transaction if they ask here first.
    """
    # A write that changes nothing takes the lock of the row, and of all of SQLite.
    session.execute(
        update(Dataset).where(Dataset.id == dataset_id).values(is_active=Dataset.is_active)
    )
    statement = select(Job.id).where(
        Job.dataset_id == dataset_id, Job.kind == kind, Job.status.in_(UNFINISHED)
    )
    return session.scalars(statement.limit(1)).one_or_none()


def is_shared(session: Session, job: Job) -> bool:
    """Whether another job that has not ended makes or changes the same as this one."""
    others = select(Job.id).where(
        Job.dataset_id == job.dataset_id,
        Job.result_id == job.result_id,
        Job.id != job.id,
        Job.status.in_(UNFINISHED),
    )
    return session.execute(others.limit(1)).first() is not None


def due(session: Session, now: datetime) -> list[DueJob]:
    """Jobs that nobody works on, oldest first: those that wait, and those whose worker is gone."""
    found = session.execute(
        select(Job.id, Job.kind).where(_is_free(now)).order_by(Job.created_at, Job.id)
    )
    return [DueJob(job_id, kind) for job_id, kind in found]


def claim(
    session: Session, job_id: str, worker: str, now: datetime, lease_until: datetime
) -> Job | None:
    """
    Take a job; None when another worker has it, or it is finished or gone.

    Parameters
    ----------
    worker
        Of this claim alone.
    """
    taken = session.execute(
        update(Job)
        .where(Job.id == job_id, _is_free(now))
        .values(
            status=JobStatus.RUNNING,
            worker=worker,
            lease_until=lease_until,
            attempts=Job.attempts + 1,
            progress={},
            best=None,
            started_at=now,
            updated_at=now,
        )
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if taken is None else get(session, job_id)


def report(
    session: Session,
    job_id: str,
    worker: str,
    now: datetime,
    lease_until: datetime,
    progress: Mapping[str, Any] | None = None,
    best: Mapping[str, Any] | None = None,
) -> Signal:
    """
    Extend the lease, write how far the job is, and read what is wanted of it.

    Parameters
    ----------
    progress, best
        None leaves what is there.
    """
    values: dict[str, Any] = {"lease_until": lease_until, "updated_at": now}
    if progress is not None:
        values["progress"] = dict(progress)
    if best is not None:
        values["best"] = dict(best)
    row = session.execute(
        update(Job)
        .where(_is_held_by(job_id, worker))
        .values(**values)
        .returning(Job.cancel_requested)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return _signal(None if row is None else row.cancel_requested)


def signal(session: Session, job_id: str, worker: str) -> Signal:
    """What is wanted of a job, without writing."""
    return _signal(
        session.scalars(
            select(Job.cancel_requested).where(_is_held_by(job_id, worker))
        ).one_or_none()
    )


def finish(
    session: Session,
    job_id: str,
    worker: str,
    status: JobStatus,
    now: datetime,
    problem: Mapping[str, Any] | None = None,
    progress: Mapping[str, Any] | None = None,
) -> bool:
    """
    End a job that this worker holds; False when it is no longer its own.

    What belongs to the end is to be stored in the same session, and only if this is true. The best
    so far goes where there is an answer instead, and stays where the job failed.
    """
    values: dict[str, Any] = {"status": status, "worker": None, "lease_until": None}
    values |= {"updated_at": now, "finished_at": now}
    values["problem"] = None if problem is None else dict(problem)
    if progress is not None:
        values["progress"] = dict(progress)
    if status is not JobStatus.FAILED:
        values["best"] = None
    ended = session.execute(
        update(Job)
        .where(_is_held_by(job_id, worker))
        .values(**values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return ended is not None


def request_cancel(session: Session, job_id: str, now: datetime) -> JobStatus:
    """
    Cancel a job that nobody works on, and ask the worker of another one to stop.

    Returns
    -------
    JobStatus
        `cancelled` where that is done, `running` where the worker has to notice first, otherwise
        how the job had ended before.

    Raises
    ------
    NotFoundError
        When there is no such job.
    """
    session.execute(
        update(Job)
        .where(Job.id == job_id, _is_free(now))
        .values(
            status=JobStatus.CANCELLED,
            cancel_requested=True,
            worker=None,
            lease_until=None,
            updated_at=now,
            finished_at=now,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.status == JobStatus.RUNNING)
        .values(cancel_requested=True)
        .execution_options(synchronize_session=False)
    )
    return get(session, job_id).status


def give_back(session: Session, workers: str, now: datetime, is_attempt: bool) -> int:
    """
    Let others take the jobs of workers that are gone, without waiting for their leases to end.

    Parameters
    ----------
    workers
        How the names of their claims begin.
    is_attempt
        Whether it counts as a try: yes when the worker died, no when it was told to stop.

    Returns
    -------
    int
        How many jobs wait again.
    """
    values: dict[str, Any] = {"status": JobStatus.QUEUED, "worker": None, "lease_until": None}
    if not is_attempt:
        values["attempts"] = Job.attempts - 1
    given = session.execute(
        update(Job)
        .where(Job.status == JobStatus.RUNNING, Job.worker.startswith(workers, autoescape=True))
        .values(**values, updated_at=now)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(given)


def remove(session: Session, job_id: str) -> None:
    """Forget a job. A worker that is at it finds its row gone, stops and stores nothing."""
    session.execute(
        delete(Job).where(Job.id == job_id).execution_options(synchronize_session=False)
    )


def purge(session: Session, before: datetime) -> int:
    """Forget jobs that ended before a moment; how many they were. What they made stays."""
    gone = session.execute(
        delete(Job)
        .where(Job.status.not_in(UNFINISHED), Job.finished_at < before)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone)


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(
        Job.status == JobStatus.QUEUED,
        and_(Job.status == JobStatus.RUNNING, Job.lease_until < now),
    )


def _is_held_by(job_id: str, worker: str) -> ColumnElement[bool]:
    return and_(Job.id == job_id, Job.status == JobStatus.RUNNING, Job.worker == worker)


def _signal(cancel_requested: bool | None) -> Signal:
    if cancel_requested is None:
        return Signal.LOST
    return Signal.CANCEL if cancel_requested else Signal.GO_ON
