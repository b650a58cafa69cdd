"""Who does a job, who takes it up, and what follows from it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from api.jobs.kinds import KINDS, Kind, Lane
from api.jobs.pools import check_dask, thread_pool
from api.jobs.runner import JobRunner, runner_of
from api.services.outcome import FollowUp, Outcome
from api.services.progress import Listener
from api.settings import InvalidSettingsError, Settings
from api.state import AppState
from data import dataset_store, job_store
from data.database import Session
from data.tables import Job, JobStatus
from tests.api.small_world import NOW

TOLD: list[tuple[str, str, JobStatus]] = []


def note(state: AppState, job: Job, listener: Listener) -> Outcome:
    """A kind that says who does it and is followed by one in the background."""
    TOLD.append(("ran", job.kind, job.status))
    following = () if job.kind == "bound" else (FollowUp("bound", {"of": job.id}, "r-1"),)

    def store(session: Session) -> None:
        session.get_one(Job, job.id).params = {**job.params, "worker": job.worker}

    return Outcome(JobStatus.COMPLETE, store, following)


def hear(session: Session, job: Job, status: JobStatus) -> None:
    TOLD.append(("heard", job.kind, status))


@pytest.fixture(autouse=True)
def kinds(state: AppState, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two kinds of jobs, of which none is left over: other tests share the database."""
    TOLD.clear()
    monkeypatch.setitem(KINDS, "note", Kind(note, on_status=hear))
    monkeypatch.setitem(KINDS, "bound", Kind(note, Lane.BACKGROUND))
    yield
    with state.database.session() as session:
        for job in job_store.due(session, NOW + timedelta(days=1)):
            job_store.remove(session, job.job_id)


@pytest.fixture
def runner(state: AppState) -> Iterator[JobRunner]:
    pools = {
        Lane.PLANNING: partial(thread_pool, state, 2),
        Lane.BACKGROUND: partial(thread_pool, state, 1),
    }
    runner = JobRunner(state.database, state.clock, pools)
    yield runner
    runner.stop()


def add_job(state: AppState, kind: str = "note") -> str:
    job_id = job_store.new_job_id()
    with state.database.session() as session:
        dataset = dataset_store.active(session)
        assert dataset is not None
        job_store.add(
            session,
            job_id=job_id,
            dataset_id=dataset.id,
            kind=kind,
            params={},
            created_at=NOW,
            result_id="r-1",
        )
    return job_id


def get(state: AppState, job_id: str) -> Job:
    with state.database.session() as session:
        return job_store.get(session, job_id)


def lane_of(worker: str, runner: JobRunner) -> Lane:
    """In whose pool a claim was made."""
    [lane] = [lane for lane, pool in runner._pools.items() if worker.startswith(str(pool.workers))]
    return lane


def newest_bound(state: AppState, of: str) -> Job:
    for _ in range(500):
        with state.database.session() as session:
            dataset = dataset_store.active(session)
            assert dataset is not None
            found = job_store.newest_of(session, dataset.id, "r-1", "bound")
        if found is not None and found.params["of"] == of:
            return found
        threading.Event().wait(0.01)
    raise AssertionError("There is no job that follows.")


def test_a_job_is_done_and_another_one_follows_in_the_background(
    state: AppState, runner: JobRunner
) -> None:
    job_id = add_job(state)
    runner.submit(job_id, "note")
    runner.wait_until_ended(job_id)
    done = get(state, job_id)
    assert done.status is JobStatus.COMPLETE
    assert TOLD[:2] == [("heard", "note", JobStatus.RUNNING), ("ran", "note", JobStatus.RUNNING)]
    following = newest_bound(state, job_id)
    runner.wait_until_ended(following.id)
    following = get(state, following.id)
    assert following.status is JobStatus.COMPLETE
    assert lane_of(done.params["worker"], runner) is Lane.PLANNING
    assert lane_of(following.params["worker"], runner) is Lane.BACKGROUND


def test_lanes_do_not_wait_for_each_other(
    state: AppState, runner: JobRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Background work that blocks its only worker leaves planning free."""
    may_end = threading.Event()

    def block(state: AppState, job: Job, listener: Listener) -> Outcome:
        may_end.wait(20)
        return Outcome(JobStatus.COMPLETE, lambda session: None)

    monkeypatch.setitem(KINDS, "bound", replace(KINDS["bound"], run=block))
    blocking = [add_job(state, "bound") for _ in range(3)]
    for job_id in blocking:
        runner.submit(job_id, "bound")
    job_id = add_job(state)
    runner.submit(job_id, "note")
    runner.wait_until_ended(job_id, 10)
    assert get(state, job_id).status is JobStatus.COMPLETE
    assert get(state, blocking[0]).status is not JobStatus.COMPLETE
    may_end.set()
    for job_id in blocking:
        runner.wait_until_ended(job_id, 10)
        assert get(state, job_id).status is JobStatus.COMPLETE


def test_jobs_of_a_former_process_are_taken_up_at_the_start(
    state: AppState, runner: JobRunner
) -> None:
    """One that waited, and one whose worker is gone; one that another process has is left to it."""
    waiting, left, held = (add_job(state) for _ in range(3))
    past = NOW - timedelta(minutes=1)
    with state.database.session() as session:
        job_store.claim(session, left, "gone", past, past + timedelta(seconds=15))
        job_store.claim(session, held, "other", NOW, NOW + timedelta(seconds=15))
    runner.start()
    for job_id in (waiting, left):
        runner.wait_until_ended(job_id, 10)
        assert get(state, job_id).status is JobStatus.COMPLETE
    assert get(state, left).attempts == 2
    assert get(state, held).worker == "other"
    with state.database.session() as session:
        job_store.finish(session, held, "other", JobStatus.FAILED, NOW)


def test_a_job_that_two_processes_hand_over_is_done_once(state: AppState) -> None:
    pools = {Lane.PLANNING: partial(thread_pool, state, 1)}
    runners = [JobRunner(state.database, state.clock, pools) for _ in range(2)]
    jobs = [add_job(state) for _ in range(10)]
    for job_id in jobs:
        for runner in runners:
            runner.submit(job_id, "note")
    for job_id in jobs:
        runners[0].wait_until_ended(job_id, 10)
    for runner in runners:
        runner.stop()
    assert [get(state, job_id).attempts for job_id in jobs] == [1] * 10
    assert TOLD.count(("ran", "note", JobStatus.RUNNING)) == 10


def test_waiting_for_a_job_that_is_gone_ends(state: AppState, runner: JobRunner) -> None:
    runner.wait_until_ended("j-unknown")


def test_waiting_ends_after_its_time(state: AppState, runner: JobRunner) -> None:
    job_id = add_job(state)
    runner.wait_until_ended(job_id, 0.05)
    assert get(state, job_id).status is JobStatus.QUEUED
    runner.submit(job_id, "note")
    runner.wait_until_ended(job_id, 10)


def test_a_job_whose_end_cannot_be_stored_is_left_for_another_try(
    state: AppState,
    runner: JobRunner,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(session: Session) -> None:
        raise OSError("disk full")

    def run(state: AppState, job: Job, listener: Listener) -> Outcome:
        return Outcome(JobStatus.COMPLETE, fail)

    monkeypatch.setitem(KINDS, "note", Kind(run))
    job_id = add_job(state)
    runner.submit(job_id, "note")
    runner.wait_until_ended(job_id, 0.5)
    job = get(state, job_id)
    assert job.status is JobStatus.RUNNING
    assert "could not be brought to an end" in caplog.text
    monkeypatch.setitem(KINDS, "note", Kind(note))
    with state.database.session() as session:
        job_store.give_back(session, str(job.worker), NOW, is_attempt=True)
    runner.submit(job_id, "note")
    runner.wait_until_ended(job_id, 10)
    assert get(state, job_id).status is JobStatus.COMPLETE


def test_a_cluster_without_its_package_is_refused_with_the_way_out() -> None:
    with pytest.raises(InvalidSettingsError, match="pip install distributed"):
        check_dask()


def test_settings_choose_who_does_the_jobs(state: AppState) -> None:
    """Without processes of its own a service leaves its jobs to others."""
    alone = AppState(Settings(instance_dir=state.settings.instance_dir, worker_count=0))
    runner = runner_of(alone)
    runner.start()
    assert runner.wait_until_warm(0)
    job_id = add_job(state)
    runner.submit(job_id, "note")
    assert get(state, job_id).status is JobStatus.QUEUED
    runner.stop()
    alone.database.dispose()
    with state.database.session() as session:
        job_store.remove(session, job_id)
