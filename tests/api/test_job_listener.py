"""What a running job writes into its row, and how often."""

import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from api.jobs.listener import LEASE, JobListener
from api.state import AppState
from data import dataset_store, job_store
from data.job_store import Signal
from data.tables import Job
from tests.api.small_world import NOW

Writes = list[tuple[float, Any, Any]]


@pytest.fixture
def job(state: AppState) -> Iterator[Job]:
    job_id = job_store.new_job_id()
    with state.database.session() as session:
        dataset = dataset_store.active(session)
        assert dataset is not None
        facts = {"dataset_id": dataset.id, "kind": "plan", "params": {}, "created_at": NOW}
        job_store.add(session, job_id=job_id, **facts)
        claimed = job_store.claim(session, job_id, "me", NOW, NOW + LEASE)
    assert claimed is not None
    yield claimed
    with state.database.session() as session:
        job_store.remove(session, job_id)


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> Writes:
    found: Writes = []
    report = job_store.report

    def noted(*arguments: Any) -> Signal:
        found.append((time.monotonic(), *arguments[5:]))
        return report(*arguments)

    monkeypatch.setattr(job_store, "report", noted)
    return found


def listen(state: AppState, job: Job) -> JobListener:
    return JobListener(state.database, job.id, "me", state.clock)


def row(state: AppState, job: Job) -> Job:
    with state.database.session() as session:
        return job_store.get(session, job.id)


def until(is_so: Any) -> None:
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_progress_is_written_twice_a_second_at_most_and_the_first_plan_at_once(
    state: AppState, job: Job, writes: Writes
) -> None:
    made = []

    def plan(k: int) -> dict[str, Any]:
        made.append(k)
        return {"totals": {"visits": k}}

    with listen(state, job) as listener:
        listener.stage("search", "Choosing")
        until(lambda: writes)
        began = time.monotonic()
        for k in range(300):
            listener.improvement(k, k / 300, 10.0 * k, k, lambda k=k: plan(k))
            time.sleep(0.005)
            if k == 20:
                first = row(state, job)
                assert first.best is not None
                assert first.progress["improvement"]["visits"] == first.best["totals"]["visits"]
    lasted = time.monotonic() - began
    times = [at for at, progress, _ in writes if progress is not None]
    # The stage, the first plan, and then one each half second.
    assert 3 <= len(times) <= 2 + lasted / 0.5
    gaps = [b - a for a, b in pairwise(times[1:])]
    assert min(gaps) > 0.45
    # Plans are made for the row only, and not for every improvement.
    assert len(made) == sum(best is not None for *_, best in writes) <= 2 + lasted
    assert listener.progress()["improvement"]["iterations"] == 299


def test_a_job_that_has_nothing_to_tell_gives_signs_of_life(
    state: AppState, job: Job, writes: Writes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.jobs.listener.BEAT_S", 0.3)
    monkeypatch.setattr("api.jobs.listener.LOOK_EVERY_S", 0.05)
    with listen(state, job):
        until(lambda: len(writes) >= 3)
    assert [progress for _, progress, _ in writes[1:]] == [None] * (len(writes) - 1)


def test_the_wish_to_stop_arrives_soon(state: AppState, job: Job) -> None:
    with listen(state, job) as listener:
        time.sleep(0.1)
        assert not listener.is_cancelled
        with state.database.session() as session:
            job_store.request_cancel(session, job.id, NOW)
        asked = time.monotonic()
        until(lambda: listener.is_cancelled)
        assert time.monotonic() - asked < 1
        assert not listener.is_gone


def test_a_worker_whose_job_was_taken_over_is_told_that_it_is_gone(
    state: AppState, job: Job
) -> None:
    later = NOW + 2 * LEASE
    with listen(state, job) as listener:
        with state.database.session() as session:
            assert job_store.claim(session, job.id, "other", later, later + LEASE) is not None
        listener.stage("late", "too late")
        until(lambda: listener.is_gone)
    assert row(state, job).progress == {}


def test_a_database_that_is_away_does_not_end_the_job(
    state: AppState, job: Job, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    report, failed = job_store.report, []

    def fail_once(*arguments: Any) -> Signal:
        if not failed:
            failed.append(True)
            raise OSError("gone fishing")
        return report(*arguments)

    monkeypatch.setattr(job_store, "report", fail_once)
    with listen(state, job) as listener:
        listener.stage("search", "Choosing")
        until(lambda: failed)
        for k in range(200):
            listener.advance(k, 0.0)
            if row(state, job).progress:
                break
            time.sleep(0.02)
    assert row(state, job).progress["stages"] == [{"stage": "search", "detail": "Choosing"}]
    assert "gone fishing" in caplog.text
