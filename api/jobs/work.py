"""One job from its claim to its end."""

import logging
import secrets
from typing import TYPE_CHECKING, Any

from api.errors import describe
from api.jobs.kinds import KINDS, Kind
from api.jobs.listener import LEASE, JobListener
from api.services.errors import WorkerLostError
from api.services.outcome import Outcome
from api.services.progress import PlanCancelledError
from data import job_store
from data.errors import OutdatedRevisionError
from data.job_store import DueJob
from data.tables import Job, JobStatus

if TYPE_CHECKING:
    from api.state import AppState

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
"""A job that has cost so many workers their lives is not given to another one."""


def work_on(state: "AppState", job_id: str, workers: str) -> tuple[DueJob, ...]:
    """
    Claim a job, do it and store its end. Nothing happens when another worker has it.

    Parameters
    ----------
    workers
        How the name of the claim begins: all workers that live and die together have it in common.

    Returns
    -------
    tuple[DueJob, ...]
        Jobs that follow from this one.
    """
    worker, now = f"{workers}{secrets.token_hex(8)}", state.clock()
    with state.database.session() as session:
        job = job_store.claim(session, job_id, worker, now, now + LEASE)
        if job is None:
            return ()
        kind = KINDS[job.kind]
        kind.on_status(session, job, JobStatus.RUNNING)
    if job.cancel_requested:
        # The worker that was to stop died first.
        _end_without_result(state, kind, job, JobStatus.CANCELLED)
        return ()
    with JobListener(state.database, job_id, worker, state.clock) as listener:
        try:
            if job.attempts > MAX_ATTEMPTS:
                raise WorkerLostError(
                    f"The work was begun {MAX_ATTEMPTS} times, and each time the process that did "
                    "it died. Ask for less at once, or have a look at the memory of the machine."
                )
            outcome = kind.run(state, job, listener)
        except PlanCancelledError:
            log.info("Job %s was given up, since nobody wants it from here any longer", job_id)
            return ()
        except Exception as error:
            problem = describe(error)
            if problem.status >= 500:
                log.exception("Job %s failed", job_id)
            progress = listener.progress()
            _end_without_result(state, kind, job, JobStatus.FAILED, problem.body(), progress)
            return ()
        progress = listener.progress()
        try:
            return _end(state, job, outcome, progress)
        except OutdatedRevisionError as error:
            # Unlike a database that does not answer for a while, this is so at the next try too.
            problem = describe(error)
            _end_without_result(state, kind, job, JobStatus.FAILED, problem.body(), progress)
            return ()


def _end(
    state: "AppState", job: Job, outcome: Outcome, progress: dict[str, Any]
) -> tuple[DueJob, ...]:
    worker, now = _claim_of(job), state.clock()
    following = tuple(
        (DueJob(job_store.new_job_id(), follow_up.kind), follow_up)
        for follow_up in outcome.follow_ups
    )
    with state.database.session() as session:
        is_ours = job_store.finish(session, job.id, worker, outcome.status, now, progress=progress)
        if not is_ours:
            return ()
        outcome.store(session)
        for due, follow_up in following:
            job_store.add(
                session,
                job_id=due.job_id,
                dataset_id=job.dataset_id,
                kind=due.kind,
                params=follow_up.params,
                created_at=now,
                result_id=follow_up.result_id,
            )
    return tuple(due for due, _ in following)


def _end_without_result(
    state: "AppState",
    kind: Kind,
    job: Job,
    status: JobStatus,
    problem: dict[str, Any] | None = None,
    progress: dict[str, Any] | None = None,
) -> None:
    with state.database.session() as session:
        if job_store.finish(
            session, job.id, _claim_of(job), status, state.clock(), problem, progress
        ):
            kind.on_status(session, job, status)


def _claim_of(job: Job) -> str:
    assert job.worker is not None
    return job.worker
