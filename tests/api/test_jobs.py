"""Routes that nobody waits for: asked for, looked at while they are planned, stopped."""

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.jobs import work
from api.jobs.runner import JobRunner
from api.services import plan_route
from api.state import AppState
from data import dataset_store, job_store
from data.tables import DatasetKind
from tests.api.problems import assert_problem, check_shape
from tests.api.small_world import NOW, trip_request
from tests.api.test_routes import check, without_chance

URL = "/api/v1/routes"
ASYNC = {"Prefer": "respond-async"}
LONG = trip_request(2, options={"iterations": 10_000_000, "time_limit_s": 60})

Body = dict[str, Any]


def ask(client: FlaskClient, request: Body) -> str:
    """The address of a route that is asked for without waiting."""
    response = client.post(URL, json=request, headers=ASYNC)
    assert response.status_code == 202, response.get_data(as_text=True)
    return response.headers["Location"]


def look_until(client: FlaskClient, where: str, is_seen: Callable[[Body], Any]) -> Body:
    deadline = time.monotonic() + 20
    while True:
        body: Body = client.get(where).get_json()
        if is_seen(body):
            return body
        assert time.monotonic() < deadline, body
        time.sleep(0.02)


def ended(client: FlaskClient, where: str) -> Body:
    return look_until(client, where, lambda body: body["status"] not in ("queued", "running"))


def idle_client(state: AppState) -> FlaskClient:
    """Of a process that leaves all jobs to others, of which there is none."""
    return create_app(state, JobRunner(state.database, state.clock, {})).test_client()


def test_who_does_not_wait_is_told_where_the_route_will_be(client: FlaskClient) -> None:
    request = trip_request(2, label="CW 48")
    response = client.post(URL, json=request, headers=ASYNC)
    assert response.status_code == 202
    assert response.headers["Preference-Applied"] == "respond-async"
    body = response.get_json()
    where = response.headers["Location"]
    assert where == body["links"]["self"] == f"{URL}/{body['route_id']}"
    assert (body["status"], body["label"]) == ("queued", "CW 48")

    route = ended(client, where)
    check(route)
    assert route["status"] == "complete"
    waited = client.post(URL, json=request).get_json()
    assert without_chance(route) == without_chance(waited)


def test_a_route_shows_progress_and_the_best_so_far_and_is_stopped_with_it(
    client: FlaskClient,
) -> None:
    where = ask(client, LONG)
    running = look_until(client, where, lambda body: "best" in body)
    assert running["status"] == "running"
    progress, best = running["progress"], running["best"]
    assert progress["stage"] == "search"
    assert 0 <= progress["fraction"] < 1
    assert (progress["value"], progress["visits"]) == pytest.approx(
        (best["totals"]["net_value"], best["totals"]["visits"])
    )
    visits = [s for day in best["days"] for s in day["stops"] if s["type"] == "visit"]
    assert len(visits) == progress["visits"]
    named = client.get(where, headers={"Prefer": "accounts=named"}).get_json()
    assert all(
        "town" in stop
        for day in named["best"]["days"]
        for stop in day["stops"]
        if stop["type"] == "visit"
    )
    further = look_until(
        client, where, lambda body: body["progress"]["iterations"] > progress["iterations"]
    )
    for part in (".geojson", "/unassigned"):
        refused = client.get(where + part)
        assert_problem(refused, 409, "NOT_FINISHED")
        assert refused.headers["Retry-After"] == "1"

    response = client.delete(where)
    assert response.status_code == 200
    route = response.get_json()
    assert route == client.get(where).get_json()
    assert (route["status"], route["search"]["stopped_by"]) == ("cancelled", "cancelled")
    check({**route, "status": "complete"})
    assert route["totals"]["net_value"] >= further["progress"]["value"]
    assert all("why" in s for day in route["days"] for s in day["stops"] if s["type"] == "visit")
    assert client.get(where + ".geojson").status_code == 200
    left_out = client.get(where + "/unassigned?limit=1000").get_json()["items"]
    assert len(left_out) + route["totals"]["visits"] == route["search"]["accounts_considered"]
    assert_problem(client.delete(where), 409, "ALREADY_FINISHED")


def test_a_planned_route_cannot_be_stopped(client: FlaskClient) -> None:
    where = client.post(URL, json=trip_request(1)).headers["Location"]
    assert_problem(client.delete(where), 409, "ALREADY_FINISHED")


def test_a_route_of_nobody_cannot_be_stopped(client: FlaskClient) -> None:
    assert_problem(client.delete(f"{URL}/r-00000000000000000000"), 404, "NOT_FOUND")


def test_a_route_that_nobody_has_begun_with_is_stopped_without_a_plan(state: AppState) -> None:
    client = idle_client(state)
    where = ask(client, trip_request(1))
    assert client.get(where).get_json()["status"] == "queued"
    response = client.delete(where)
    assert response.status_code == 200
    assert response.get_json()["status"] == "cancelled"
    assert "days" not in response.get_json()
    body = assert_problem(client.get(where + ".geojson"), 404, "NOT_FOUND")
    assert "has no plan; its status is cancelled" in body["detail"]


def test_a_route_that_cannot_be_planned_keeps_the_problem(client: FlaskClient) -> None:
    request = trip_request(1, end={"place": "Insel"})
    body = ended(client, ask(client, request))
    assert body["status"] == "failed"
    check_shape(body["problem"])
    assert body["problem"] == client.post(URL, json=request).get_json()
    where = body["links"]["self"]
    assert_problem(client.get(where + "/unassigned"), 404, "NOT_FOUND")
    assert_problem(client.delete(where), 409, "ALREADY_FINISHED")


def test_who_waits_for_a_refusal_leaves_nothing_behind(
    client: FlaskClient, state: AppState
) -> None:
    def count() -> int:
        with state.database.engine.connect() as connection:
            return sum(
                connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
                for table in ("route", "job")
            )

    before = count()
    assert client.post(URL, json=trip_request(1, end={"place": "Insel"})).status_code == 422
    assert count() == before


def test_a_fault_in_a_worker_is_logged_there_and_not_told(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret password")

    monkeypatch.setattr(plan_route, "search", fail)
    body = assert_problem(client.post(URL, json=trip_request(1)), 500, "INTERNAL_ERROR")
    assert "secret" not in str(body)
    assert "secret password" in caplog.text
    late = ended(client, ask(client, trip_request(1)))
    assert (late["status"], late["problem"]["code"]) == ("failed", "INTERNAL_ERROR")


def test_a_route_of_another_data_set_is_not_planned_on_this_one(
    app: Flask, state: AppState
) -> None:
    client = idle_client(state)
    where = ask(client, trip_request(1))
    with state.database.session() as session:
        mine = dataset_store.active(session)
        assert mine is not None
        other = dataset_store.create(
            session,
            name="Other",
            kind=DatasetKind.OWN,
            country="DE",
            timezone="Europe/Berlin",
            currency="EUR",
            created_for=date(2026, 11, 16),
            created_at=NOW,
        )
        dataset_store.activate(session, other.id)
        job = job_store.newest_of(session, mine.id, where.rpartition("/")[2], plan_route.KIND)
        assert job is not None
    try:
        assert work.work_on(state, job.id, "test/") == ()
        assert_problem(app.test_client().get(where), 404, "NOT_FOUND")
    finally:
        with state.database.session() as session:
            dataset_store.activate(session, mine.id)
    body = app.test_client().get(where).get_json()
    assert (body["status"], body["problem"]["code"]) == ("failed", "DATASET_CHANGED")


def test_a_job_that_costs_every_worker_its_life_is_given_up(state: AppState) -> None:
    """Each claim stands for a worker that died: its lease ends and nothing else happens."""
    client = idle_client(state)
    where = ask(client, trip_request(1))
    due = job_of(state, where)
    for k in range(work.MAX_ATTEMPTS):
        with state.database.session() as session:
            died = NOW - timedelta(minutes=9 - k)
            lease_until = died + timedelta(seconds=1)
            assert job_store.claim(session, due, f"dead-{k}", died, lease_until) is not None
    work.work_on(state, due, "test/")
    body = client.get(where).get_json()
    assert (body["status"], body["problem"]["code"]) == ("failed", "WORKER_LOST")
    check_shape(body["problem"])
    assert "3 times" in body["problem"]["detail"]
    with state.database.session() as session:
        assert due not in [job.job_id for job in job_store.due(session, NOW)]


def test_a_job_that_was_to_stop_when_its_worker_died_is_not_begun_again(state: AppState) -> None:
    client = idle_client(state)
    where = ask(client, trip_request(1))
    due = job_of(state, where)
    with state.database.session() as session:
        job_store.claim(session, due, "dead", NOW, NOW + timedelta(seconds=1))
        job_store.request_cancel(session, due, NOW)
        job_store.give_back(session, "dead", NOW, is_attempt=True)
    work.work_on(state, due, "test/")
    assert client.get(where).get_json()["status"] == "cancelled"


def job_of(state: AppState, where: str) -> str:
    """Id of the job that plans a route."""
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        job = job_store.newest_of(session, dataset_id, where.rpartition("/")[2], plan_route.KIND)
    assert job is not None
    return job.id


@pytest.mark.parametrize("wish", ["respond-async=1", "RESPOND-ASYNC", "wait=10, respond-async"])
def test_the_wish_not_to_wait_is_read_as_the_standard_has_it(
    client: FlaskClient, wish: str
) -> None:
    response = client.post(URL, json=trip_request(1), headers={"Prefer": wish})
    assert response.status_code == 202
    ended(client, response.headers["Location"])
