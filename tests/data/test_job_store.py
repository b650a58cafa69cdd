"""One job, several workers: each step is won by one of them, on both databases."""

import threading
from datetime import timedelta

import pytest

from data import dataset_store, job_store
from data.errors import NotFoundError
from data.job_store import DueJob, JobLook, Signal
from data.tables import JobStatus
from tests.data.builders import NOW, add_other_dataset

LEASE = timedelta(seconds=15)
LATER = NOW + timedelta(seconds=16)


@pytest.fixture
def job_id(database, dataset_id) -> str:
    return add(database, dataset_id)


def add(database, dataset_id, **changes) -> str:
    facts = {
        "job_id": job_store.new_job_id(),
        "dataset_id": dataset_id,
        "kind": "plan",
        "params": {"request": {"label": "Grüße"}},
        "created_at": NOW,
        **changes,
    }
    with database.session() as session:
        job_store.add(session, **facts)
    return facts["job_id"]


def claim(database, job_id, worker="w-1", now=NOW):
    with database.session() as session:
        return job_store.claim(session, job_id, worker, now, now + LEASE)


def report(database, job_id, worker="w-1", now=NOW, **facts) -> Signal:
    with database.session() as session:
        return job_store.report(session, job_id, worker, now, now + LEASE, **facts)


def finish(database, job_id, worker="w-1", status=JobStatus.COMPLETE, **facts) -> bool:
    with database.session() as session:
        return job_store.finish(session, job_id, worker, status, NOW, **facts)


def get(database, job_id):
    with database.session() as session:
        return job_store.get(session, job_id)


def due(database, now=NOW) -> list[str]:
    with database.session() as session:
        return [job.job_id for job in job_store.due(session, now)]


def test_a_job_waits_runs_and_ends(database, dataset_id, job_id) -> None:
    waiting = get(database, job_id)
    assert (waiting.status, waiting.attempts) == (JobStatus.QUEUED, 0)
    assert (waiting.progress, waiting.best, waiting.problem) == ({}, None, None)
    with database.session() as session:
        assert job_store.due(session, NOW) == [DueJob(job_id, "plan")]
        assert job_store.look(session, job_id) == JobLook(JobStatus.QUEUED, {})

    running = claim(database, job_id)
    assert (running.status, running.attempts) == (JobStatus.RUNNING, 1)
    assert running.params == {"request": {"label": "Grüße"}}
    assert running.lease_until == NOW + LEASE
    assert running.started_at == NOW
    assert due(database) == []

    assert finish(database, job_id, progress={"fraction": 1.0})
    ended = get(database, job_id)
    assert (ended.status, ended.finished_at) == (JobStatus.COMPLETE, NOW)
    assert (ended.worker, ended.lease_until) == (None, None)
    with database.session() as session:
        look = job_store.look(session, job_id)
    assert look == JobLook(JobStatus.COMPLETE, {"fraction": 1.0})
    assert not look.is_unfinished
    assert due(database, LATER) == []
    assert claim(database, job_id, now=LATER) is None


def test_of_many_workers_one_gets_the_job(database, job_id) -> None:
    workers, got = 6, []
    barrier = threading.Barrier(workers)

    def take(name: str) -> None:
        barrier.wait()
        if claim(database, job_id, name) is not None:
            got.append(name)

    threads = [threading.Thread(target=take, args=(f"w-{k}",)) for k in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1
    assert get(database, job_id).worker == got[0]
    assert get(database, job_id).attempts == 1


def test_a_job_whose_lease_ran_out_is_taken_over_and_its_first_worker_shut_out(
    database, job_id
) -> None:
    claim(database, job_id, "w-1")
    assert claim(database, job_id, "w-2", NOW + LEASE) is None
    assert due(database, LATER) == [job_id]
    taken = claim(database, job_id, "w-2", LATER)
    assert (taken.worker, taken.attempts, taken.progress) == ("w-2", 2, {})

    assert report(database, job_id, "w-1", LATER, progress={"stage": "late"}) is Signal.LOST
    assert not finish(database, job_id, "w-1")
    assert get(database, job_id).progress == {}
    assert finish(database, job_id, "w-2")


def test_reporting_extends_the_lease_and_keeps_what_it_does_not_say(database, job_id) -> None:
    claim(database, job_id)
    report(database, job_id, progress={"stage": "search"}, best={"visits": 3})
    assert report(database, job_id, now=NOW + timedelta(seconds=10)) is Signal.GO_ON
    job = get(database, job_id)
    assert job.lease_until == NOW + timedelta(seconds=25)
    assert (job.progress, job.best) == ({"stage": "search"}, {"visits": 3})
    assert due(database, LATER) == []


def test_the_best_so_far_goes_with_an_answer_and_stays_with_a_failure(database, dataset_id) -> None:
    for status, kept in ((JobStatus.COMPLETE, None), (JobStatus.FAILED, {"visits": 3})):
        job_id = add(database, dataset_id)
        claim(database, job_id)
        report(database, job_id, best={"visits": 3})
        finish(database, job_id, status=status, problem={"code": "X"})
        assert get(database, job_id).best == kept


def test_a_waiting_job_is_cancelled_at_once(database, job_id) -> None:
    with database.session() as session:
        assert job_store.request_cancel(session, job_id, NOW) is JobStatus.CANCELLED
    assert claim(database, job_id) is None
    assert get(database, job_id).finished_at == NOW


def test_a_running_job_is_told_to_stop(database, job_id) -> None:
    claim(database, job_id)
    with database.session() as session:
        assert job_store.signal(session, job_id, "w-1") is Signal.GO_ON
        assert job_store.request_cancel(session, job_id, NOW) is JobStatus.RUNNING
    with database.session() as session:
        assert job_store.signal(session, job_id, "w-1") is Signal.CANCEL
    assert report(database, job_id) is Signal.CANCEL
    assert finish(database, job_id, status=JobStatus.CANCELLED)


def test_a_job_whose_worker_is_gone_is_cancelled_without_it(database, job_id) -> None:
    claim(database, job_id)
    with database.session() as session:
        assert job_store.request_cancel(session, job_id, LATER) is JobStatus.CANCELLED
    assert not finish(database, job_id)


@pytest.mark.parametrize("status", [JobStatus.COMPLETE, JobStatus.FAILED])
def test_a_finished_job_stays_as_it_ended_when_it_is_cancelled(database, job_id, status) -> None:
    claim(database, job_id)
    finish(database, job_id, status=status)
    with database.session() as session:
        assert job_store.request_cancel(session, job_id, NOW) is status
    assert get(database, job_id).status is status


def test_jobs_that_ended_long_ago_are_forgotten_and_others_stay(database, dataset_id) -> None:
    ended = {status: add(database, dataset_id) for status in (JobStatus.COMPLETE, JobStatus.FAILED)}
    for status, job_id in ended.items():
        claim(database, job_id)
        finish(database, job_id, status=status)
    waiting, running = add(database, dataset_id), add(database, dataset_id)
    claim(database, running)
    with database.session() as session:
        assert job_store.purge(session, NOW) == 0
        assert job_store.purge(session, NOW + timedelta(seconds=1)) == 2
        assert [job_store.look(session, job_id) for job_id in ended.values()] == [None, None]
        for job_id in (waiting, running):
            assert job_store.get(session, job_id).finished_at is None


def test_a_result_is_shared_while_another_job_is_at_it(database, dataset_id) -> None:
    mine = claim(database, add(database, dataset_id, kind="bound", result_id="r-1"))

    def is_shared() -> bool:
        with database.session() as session:
            return job_store.is_shared(session, mine)

    add(database, dataset_id, result_id="r-2")
    assert not is_shared()
    other = add(database, dataset_id, kind="replan", result_id="r-1")
    assert is_shared()
    claim(database, other)
    assert is_shared()
    finish(database, other)
    assert not is_shared()


def test_a_job_that_was_removed_is_lost_to_its_worker(database, job_id) -> None:
    claim(database, job_id)
    with database.session() as session:
        job_store.remove(session, job_id)
    assert report(database, job_id) is Signal.LOST
    assert not finish(database, job_id)
    with database.session() as session:
        assert job_store.signal(session, job_id, "w-1") is Signal.LOST
        assert job_store.look(session, job_id) is None
        with pytest.raises(NotFoundError, match=job_id):
            job_store.get(session, job_id)
        with pytest.raises(NotFoundError, match=job_id):
            job_store.request_cancel(session, job_id, NOW)


@pytest.mark.parametrize(("is_attempt", "attempts"), [(True, 1), (False, 0)])
def test_jobs_of_workers_that_are_gone_wait_again_before_their_lease_ends(
    database, dataset_id, is_attempt, attempts
) -> None:
    """The names begin alike up to a character that a pattern would take for any other."""
    ours, others = add(database, dataset_id), add(database, dataset_id)
    claim(database, ours, "pool_1/a")
    claim(database, others, "poolx1/a")
    with database.session() as session:
        assert job_store.give_back(session, "pool_1/", NOW, is_attempt) == 1
    assert due(database) == [ours]
    assert get(database, ours).attempts == attempts
    assert not finish(database, ours, "pool_1/a")
    assert finish(database, others, "poolx1/a")


def test_jobs_are_due_from_the_oldest(database, dataset_id) -> None:
    ages = [1, 3, 2]
    ids = [add(database, dataset_id, created_at=NOW - timedelta(minutes=age)) for age in ages]
    assert due(database) == [ids[1], ids[2], ids[0]]


def test_the_newest_job_of_a_kind_is_found_by_what_it_makes(database, dataset_id) -> None:
    add(database, dataset_id, result_id="r-1")
    newer = add(database, dataset_id, result_id="r-1", created_at=LATER)
    add(database, dataset_id, result_id="r-1", kind="bound", created_at=LATER)
    with database.session() as session:
        other = add_other_dataset(session)
        found = job_store.newest_of(session, dataset_id, "r-1", "plan")
        assert found is not None
        assert found.id == newer
        assert job_store.newest_of(session, dataset_id, "r-2", "plan") is None
        assert job_store.newest_of(session, other, "r-1", "plan") is None


def test_jobs_keep_the_data_version(database, dataset_id, job_id) -> None:
    """Otherwise each job would make the next one read all accounts anew."""
    with database.session() as session:
        before = dataset_store.data_version(session, dataset_id)
    claim(database, job_id)
    report(database, job_id, progress={"stage": "search"})
    finish(database, job_id)
    with database.session() as session:
        assert dataset_store.data_version(session, dataset_id) == before
