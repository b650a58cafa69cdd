"""Replans that nobody waits for: asked for, looked at while they are made, stopped."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.jobs import work
from api.state import AppState
from data import job_store
from tests.api.problems import assert_problem
from tests.api.test_jobs import ASYNC, URL, ended, idle_client, look_until
from tests.api.test_replan import check_sums, planned
from tests.api.trips import check_times

Body = dict[str, Any]

NOW = "2026-11-23T07:00:00+01:00"
LONG = {"now": NOW, "options": {"iterations": 1_000_000}}


def asked(client: FlaskClient, route: Body, **changes: Any) -> str:
    """The address of a replan that is asked for without waiting."""
    url = f"{route['links']['self']}/replans"
    response = client.post(url, json={"now": NOW} | changes, headers=ASYNC)
    assert response.status_code == 202, response.get_data(as_text=True)
    assert response.headers["Preference-Applied"] == "respond-async"
    body: Body = response.get_json()
    where = response.headers["Location"]
    assert where == body["links"]["self"]
    assert where.startswith(f"{url}/")
    assert (body["status"], body["revision"]) == ("queued", route["revision"] + 1)
    return where


def test_who_does_not_wait_is_told_where_the_revision_will_be(client: FlaskClient) -> None:
    route = planned(client)
    where = asked(client, route, cancelled=["d"])
    again = ended(client, where)
    check_times(again)
    check_sums(again)
    assert (again["revision"], again["cause"]) == (2, "replan")
    assert client.get(route["links"]["self"]).get_json() == again
    same = planned(client)
    waited = client.post(
        f"{same['links']['self']}/replans", json={"now": NOW, "cancelled": ["d"]}
    ).get_json()
    assert waited["days"] == again["days"]


def test_a_replan_shows_progress_and_the_best_so_far_and_is_stopped_with_it(
    client: FlaskClient,
) -> None:
    route = planned(client, visits=None)
    where = asked(client, route, **LONG)
    running = look_until(client, where, lambda body: "best" in body)
    assert running["status"] == "running"
    assert running["progress"]["stage"] == "search"
    assert running["best"]["totals"]["net_value"] == pytest.approx(running["progress"]["value"])
    named = client.get(where, headers={"Prefer": "accounts=named"}).get_json()
    stops = [stop for day in named["best"]["days"] for stop in day["stops"]]
    assert all("town" in stop for stop in stops if stop["type"] == "visit")
    assert client.get(route["links"]["self"]).get_json() == route, "it is still the newest"

    response = client.delete(where)
    assert response.status_code == 200
    again = response.get_json()
    assert (again["status"], again["search"]["stopped_by"]) == ("cancelled", "cancelled")
    check_sums(again)
    assert all("why" in s for day in again["days"] for s in day["stops"] if s["type"] == "visit")
    for address in (where, route["links"]["self"], f"{route['links']['self']}?revision=2"):
        assert client.get(address).get_json() == again
    assert_problem(client.delete(where), 409, "ALREADY_FINISHED")


def test_a_replan_that_nobody_had_begun_leaves_the_route_as_it_is(
    client: FlaskClient, state: AppState
) -> None:
    route = planned(client)
    idle = idle_client(state)
    where = asked(idle, route)
    assert idle.get(where).get_json()["status"] == "queued"
    response = idle.delete(where)
    assert (response.status_code, response.get_json()["status"]) == (200, "cancelled")
    assert idle.get(where).get_json()["status"] == "cancelled"
    assert client.get(route["links"]["self"]).get_json() == route


def test_a_replan_that_fails_says_why_and_leaves_the_route_as_it_is(
    client: FlaskClient, state: AppState
) -> None:
    """Of two that are asked for at once, the second was overtaken."""
    route = planned(client)
    idle = idle_client(state)
    first, second = asked(idle, route), asked(idle, route)
    for where in (first, second):
        work.work_on(state, where.rpartition("/")[2], "test")
    made = client.get(first).get_json()
    assert made["revision"] == 2
    failed = client.get(second).get_json()
    assert (failed["status"], failed["problem"]["code"]) == ("failed", "OUTDATED_REVISION")
    assert client.get(route["links"]["self"]).get_json() == made


def test_a_replan_is_found_at_its_own_route_only(client: FlaskClient, state: AppState) -> None:
    route, other = planned(client), planned(client)
    replan_id = asked(client, route).rpartition("/")[2]
    with state.database.session() as session:
        dataset_id = state.snapshot().dataset.id
        plan = job_store.newest_of(session, dataset_id, route["route_id"], "plan")
    assert plan is not None
    for where in (
        f"{other['links']['self']}/replans/{replan_id}",
        f"{route['links']['self']}/replans/{plan.id}",
        f"{route['links']['self']}/replans/j-none",
    ):
        assert_problem(client.get(where), 404, "NOT_FOUND")
        assert_problem(client.delete(where), 404, "NOT_FOUND")
    assert_problem(
        client.post(f"{URL}/r-none/replans", json={"now": NOW}, headers=ASYNC), 404, "NOT_FOUND"
    )
    ended(client, f"{route['links']['self']}/replans/{replan_id}")
