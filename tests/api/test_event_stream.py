"""A plan told while it is made."""

import json
import threading
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from api.state import AppState
from data import job_store
from data.tables import Job
from tests.api.problems import assert_problem, check_shape
from tests.api.small_world import NOW, trip_request

URL = "/api/v1/routes"
STREAM = {"Accept": "text/event-stream"}


def events_of(text: str) -> list[tuple[str, Any]]:
    events = []
    for block in text.strip().split("\n\n"):
        if block.startswith(":"):
            continue
        event, data = block.split("\n")
        events.append((event.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def test_stages_and_improvements_come_before_the_route(client: FlaskClient) -> None:
    response = client.post(URL, json=trip_request(2), headers=STREAM)
    assert response.mimetype == "text/event-stream"
    assert response.headers["Cache-Control"] == "no-store"
    events = events_of(response.get_data(as_text=True))
    kinds = [kind for kind, _ in events]
    assert kinds[-1] == "route"
    assert set(kinds[:-1]) == {"stage", "improvement"}
    stages = [data["stage"] for kind, data in events if kind == "stage"]
    assert stages[:4] == ["places", "accounts", "roads", "search"]
    assert "reasons" in stages
    found = [data for kind, data in events if kind == "improvement"]
    assert all(0 <= one["progress"] <= 1 for one in found)
    values = [one["value"] for one in found]
    assert values == sorted(values)
    route = events[-1][1]
    assert route["totals"]["net_value"] >= values[-1]
    assert client.get(route["links"]["self"]).get_json() == route


def test_the_stream_ends_with_a_problem_where_there_is_one(client: FlaskClient) -> None:
    request = trip_request(1, end={"place": "Insel"})
    response = client.post(URL, json=request, headers=STREAM)
    events = events_of(response.get_data(as_text=True))
    kind, problem = events[-1]
    assert kind == "problem"
    check_shape(problem)
    assert problem["errors"][0]["code"] == "UNREACHABLE_BY_ROAD"


def test_what_cannot_be_read_is_refused_before_the_stream_begins(client: FlaskClient) -> None:
    response = client.post(URL, json={}, headers=STREAM)
    assert response.status_code == 422
    assert response.mimetype == "application/problem+json"


def jobs_at_work(state: AppState) -> list[Job]:
    with state.database.session() as session:
        # Long after every lease has ended.
        due = job_store.due(session, NOW + timedelta(days=1))
        return [job_store.get(session, job.job_id) for job in due]


def test_a_search_ends_soon_after_its_client_has_left(app: Flask, state: AppState) -> None:
    """And nothing of it is kept."""
    request = trip_request(2, options={"iterations": 10_000_000, "time_limit_s": 30})
    response = app.test_client().post(URL, json=request, headers=STREAM, buffered=False)
    first = next(iter(response.response))
    assert b"event: stage" in first
    [job] = jobs_at_work(state)
    workers = [thread for thread in threading.enumerate() if thread.name == "listener"]
    assert len(workers) == 1
    response.close()
    assert jobs_at_work(state) == []
    workers[0].join(10)
    assert not workers[0].is_alive()
    assert_problem(app.test_client().get(f"{URL}/{job.result_id}"), 404, "NOT_FOUND")


def test_a_client_that_leaves_after_the_last_event_has_its_route(client: FlaskClient) -> None:
    response = client.post(URL, json=trip_request(1), headers=STREAM, buffered=False)
    events = list(response.response)
    response.close()
    route = events_of(events[-1].decode())[0][1]
    assert client.get(route["links"]["self"]).get_json() == route
