"""Old rows of jobs and keys go, at the start and once a day; routes stay."""

import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from api import create_app
from api.jobs import purge
from api.jobs.purge import EVERY_S, DailyPurge
from api.jobs.runner import JobRunner
from api.state import AppState
from data import idempotency_store, job_store
from tests.api.small_world import NOW, trip_request
from tests.api.test_jobs import URL, look_until

MONTH = timedelta(days=30)


def ended_job(state: AppState, job_id: str, ended_at: datetime = NOW) -> None:
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        job_store.add(
            session, job_id=job_id, dataset_id=dataset_id, kind="plan", params={}, created_at=NOW
        )
        job_store.request_cancel(session, job_id, ended_at)


def is_there(state: AppState, job_id: str) -> bool:
    with state.database.session() as session:
        return job_store.look(session, job_id) is not None


def test_a_route_outlives_its_job(own_state: AppState) -> None:
    client = create_app(own_state).test_client()
    route = client.post(URL, json=trip_request(1), headers={"Idempotency-Key": "k"}).get_json()
    where = f"{URL}/{route['route_id']}"
    later = NOW + MONTH + timedelta(seconds=1)
    runner = JobRunner(own_state.database, lambda: later, {}, MONTH)
    runner.start()
    dataset_id = own_state.snapshot().dataset.id

    def job_is_gone(_: object) -> bool:
        with own_state.database.session() as session:
            return job_store.newest_of(session, dataset_id, route["route_id"], "plan") is None

    assert look_until(client, where, job_is_gone) == route
    assert client.get(f"{where}/unassigned").status_code == 200
    runner.stop()
    with own_state.database.session() as session:
        assert idempotency_store.purge(session, later) == 0  # since it was done


def test_jobs_go_once_a_day(own_state: AppState, monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = time.monotonic()
    monkeypatch.setattr(purge, "time", SimpleNamespace(monotonic=lambda: now_s))
    daily = DailyPurge(own_state.database, lambda: NOW + MONTH, MONTH)
    ended_job(own_state, "j-young")
    ended_job(own_state, "j-old", NOW - timedelta(seconds=1))
    daily.when_due()
    assert (is_there(own_state, "j-young"), is_there(own_state, "j-old")) == (True, False)

    ended_job(own_state, "j-older", NOW - timedelta(days=1))
    now_s += EVERY_S - 1
    daily.when_due()
    assert is_there(own_state, "j-older")
    now_s += 1
    daily.when_due()
    assert not is_there(own_state, "j-older")
