"""A POST that is sent again with its key is done once."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.services import plan_route
from api.settings import Settings
from api.state import AppState
from data import idempotency_store, job_store
from data.database import Database
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, small_state, trip_request
from tests.api.test_event_stream import events_of

URL = "/api/v1/routes"
KEYS = (f"key-{k}" for k in range(10_000))


@pytest.fixture
def key() -> dict[str, str]:
    return {"Idempotency-Key": next(KEYS)}


def test_the_same_request_gets_the_same_answer_and_is_planned_once(
    client: FlaskClient, key: dict[str, str]
) -> None:
    request = trip_request(1, label="once")
    first = client.post(URL, json=request, headers=key)
    assert first.status_code == 201
    assert "Idempotency-Replayed" not in first.headers
    # White space and the order of keys say nothing.
    text = json.dumps(dict(reversed(request.items())), indent=3)
    again = client.post(URL, data=text, headers=key, content_type="application/json")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.status_code, again.data) == (first.status_code, first.data)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.mimetype == first.mimetype
    other = client.post(URL, json=request, headers={"Idempotency-Key": next(KEYS)})
    assert other.get_json()["route_id"] != first.get_json()["route_id"]


@pytest.mark.parametrize(
    "changes",
    [
        {"json": trip_request(2)},
        {"json": trip_request(1), "headers": {"Prefer": "respond-async"}},
        {"json": trip_request(1), "headers": {"Accept": "text/event-stream"}},
        {"data": b"{", "content_type": "application/json"},
    ],
    ids=["other body", "other preference", "other type", "no JSON"],
)
def test_a_key_of_another_request_is_refused(
    client: FlaskClient, key: dict[str, str], changes: dict[str, Any]
) -> None:
    assert client.post(URL, json=trip_request(1), headers=key).status_code == 201
    headers = {**key, **changes.pop("headers", {})}
    body = assert_problem(
        client.post(URL, headers=headers, **changes), 422, "IDEMPOTENCY_KEY_REUSED"
    )
    assert key["Idempotency-Key"] in body["detail"]


def test_a_key_whose_request_still_runs_says_to_come_again(
    app: Flask, state: AppState, key: dict[str, str]
) -> None:
    request = trip_request(2, options={"iterations": 10_000_000, "time_limit_s": 2})
    answers = []

    def post() -> None:
        answers.append(app.test_client().post(URL, json=request, headers=key))

    first = threading.Thread(target=post)
    first.start()
    while not _unfinished(state):
        first.join(0.01)
    refused = app.test_client().post(URL, json=request, headers=key)
    assert_problem(refused, 409, "IDEMPOTENCY_KEY_IN_USE")
    assert int(refused.headers["Retry-After"]) > 0
    first.join()
    again = app.test_client().post(URL, json=request, headers=key)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.data == answers[0].data


def _unfinished(state: AppState) -> list[Any]:
    with state.database.session() as session:
        return job_store.due(session, NOW + timedelta(days=1))


def test_a_refusal_is_answered_again_too(client: FlaskClient, key: dict[str, str]) -> None:
    for request in ({}, trip_request(1, end={"place": "Insel"})):
        headers = {"Idempotency-Key": next(KEYS)}
        first = client.post(URL, json=request, headers=headers)
        again = client.post(URL, json=request, headers=headers)
        assert first.status_code == 422
        assert again.headers["Idempotency-Replayed"] == "true"
        assert again.mimetype == "application/problem+json"
        assert again.get_json() == first.get_json()


def test_a_fault_of_ours_frees_the_key(
    client: FlaskClient, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(plan_route, "search", None)
        failed = client.post(URL, json=trip_request(1), headers=key)
        assert_problem(failed, 500, "INTERNAL_ERROR")
    again = client.post(URL, json=trip_request(1), headers=key)
    assert again.status_code == 201
    assert "Idempotency-Replayed" not in again.headers


def test_a_key_of_a_service_that_crashed_is_free_after_a_while(
    client: FlaskClient, state: AppState, key: dict[str, str]
) -> None:
    """The key is held by a request that will never be answered."""
    dataset_id = state.snapshot().dataset.id
    long_ago = NOW - idempotency_store.HELD - timedelta(seconds=1)
    text = key["Idempotency-Key"]
    assert idempotency_store.hold(state.database, dataset_id, text, "x", long_ago) is None
    assert client.post(URL, json=trip_request(1), headers=key).status_code == 201


def test_a_route_that_is_not_waited_for_is_asked_for_once(
    client: FlaskClient, key: dict[str, str]
) -> None:
    headers = {**key, "Prefer": "respond-async"}
    first, again = (client.post(URL, json=trip_request(1), headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.headers["Idempotency-Replayed"] == "true"
    for header in ("Location", "Preference-Applied"):
        assert again.headers[header] == first.headers[header]
    assert again.get_json() == first.get_json()


def test_a_stream_is_told_again(client: FlaskClient, key: dict[str, str]) -> None:
    headers = {**key, "Accept": "text/event-stream"}
    first = client.post(URL, json=trip_request(1), headers=headers)
    text = first.get_data(as_text=True)
    first.close()
    again = client.post(URL, json=trip_request(1), headers=headers)
    assert again.mimetype == "text/event-stream"
    assert again.headers["Idempotency-Replayed"] == "true"
    assert events_of(again.get_data(as_text=True)) == events_of(text)


def test_a_stream_that_is_left_frees_the_key(client: FlaskClient, key: dict[str, str]) -> None:
    headers = {**key, "Accept": "text/event-stream"}
    request = trip_request(2, options={"iterations": 10_000_000, "time_limit_s": 30})
    left = client.post(URL, json=request, headers=headers, buffered=False)
    next(iter(left.response))
    left.close()
    # The same key may now come with something else.
    assert client.post(URL, json=trip_request(1), headers=key).status_code == 201


def test_a_stream_that_ends_with_a_fault_of_ours_frees_the_key(
    client: FlaskClient, key: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {**key, "Accept": "text/event-stream"}
    with monkeypatch.context() as patch:
        patch.setattr(plan_route, "search", None)
        failed = client.post(URL, json=trip_request(1), headers=headers)
        [*_, (kind, problem)] = events_of(failed.get_data(as_text=True))
        failed.close()
    assert (kind, problem["status"]) == ("problem", 500)
    again = client.post(URL, json=trip_request(1), headers=headers)
    assert events_of(again.get_data(as_text=True))[-1][0] == "route"
    again.close()


@pytest.mark.parametrize("text", ["", "two words", "ä", "x" * 256, "tab\there"])
def test_a_key_that_is_none_is_refused(client: FlaskClient, text: str) -> None:
    refused = client.post(URL, json=trip_request(1), headers={"Idempotency-Key": text})
    body = assert_problem(refused, 400, "INVALID_IDEMPOTENCY_KEY")
    assert "1 to 255" in body["detail"]


@pytest.mark.parametrize("text", ["!", "~" * 255, '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_any_visible_text_is_a_key(client: FlaskClient, text: str) -> None:
    answer = client.post(URL, json=trip_request(1), headers={"Idempotency-Key": text})
    assert answer.status_code == 201


def test_a_body_that_is_too_large_is_refused_with_a_key_as_without(
    tmp_path: Path, key: dict[str, str]
) -> None:
    client = create_app(small_state(tmp_path)).test_client()
    client.application.config["MAX_CONTENT_LENGTH"] = 2000
    request = trip_request(1, label="x" * 3000)
    for headers in ({}, key):
        assert_problem(client.post(URL, json=request, headers=headers), 413, "BODY_TOO_LARGE")


def test_a_service_that_is_not_ready_says_so_and_keeps_no_key(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    database.upgrade()
    state = AppState(Settings(instance_dir=tmp_path), database, clock=lambda: NOW)
    client = create_app(state).test_client()
    refused = client.post(URL, json=trip_request(1), headers={"Idempotency-Key": "k"})
    assert_problem(refused, 503, "NOT_READY")
    database.dispose()


def test_methods_without_a_body_take_no_notice_of_a_key(client: FlaskClient) -> None:
    for _ in range(2):
        answer = client.get("/api/v1/dataset", headers={"Idempotency-Key": "not for GET"})
        assert answer.status_code == 200
