"""A better plan that bounding comes upon: the next revision, unless somebody counts on this one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.jobs import work
from api.jobs.runner import JobRunner
from api.schemas.replan import ReplanRequest
from api.services import bound_route, replan_route
from api.state import AppState
from routing.bound import Bound
from tests.api.small_world import trip_request
from tests.api.test_bound_route import URL, planned
from tests.api.test_replan import check_sums
from tests.api.trips import check_times

Body = dict[str, Any]

# One iteration leaves much to be found.
POOR = {"iterations": 1, "seed": 3}
EARLY = "2026-11-23T07:00:00+01:00"
"""Before the trip begins."""


@pytest.fixture
def state(bounding_state: AppState) -> AppState:
    return bounding_state


@pytest.fixture
def client(state: AppState) -> FlaskClient:
    """Of a service that leaves jobs to the tests."""
    return create_app(state, JobRunner(state.database, state.clock, {})).test_client()


def poorly_planned(state: AppState, **options: Any) -> tuple[str, str]:
    """The address of a route whose plan can be better, and the job that is to bound it."""
    route_id, job_id = planned(state, trip_request(2, options=POOR | options))
    assert job_id is not None
    return f"{URL}/{route_id}", job_id


def test_a_better_plan_is_the_next_revision_with_its_reasons_and_its_bound(
    state: AppState,
    client: FlaskClient,
) -> None:
    where, job_id = poorly_planned(state, geometry="geojson")
    before = client.get(where).get_json()
    assert before["revision"] == 1
    assert "cause" not in before
    work.work_on(state, job_id, "test")

    after = client.get(where).get_json()
    check_sums(after)
    check_times(after)
    assert (after["revision"], after["cause"]) == (2, "bound")
    assert after["totals"]["net_value"] >= before["totals"]["net_value"] + 0.01
    assert all("why" in s for day in after["days"] for s in day["stops"] if s["type"] == "visit")
    assert any(after["changes"].values())
    assert after["geojson"]["features"]
    left_out = client.get(f"{where}/unassigned?limit=1000").get_json()["items"]
    considered = after["search"]["accounts_considered"]
    assert len(left_out) + after["totals"]["visits"] == considered

    first = client.get(f"{where}?revision=1").get_json()
    assert {**first, "search": None} == {**before, "search": None}
    for body in (first, after):
        search, value = body["search"], body["totals"]["net_value"]
        assert search["bound_state"] == "proven"
        assert search["gap"] == pytest.approx(1 - value / search["upper_bound"])
    assert after["search"]["upper_bound"] == first["search"]["upper_bound"]
    assert after["search"]["gap"] < first["search"]["gap"]
    searched = ("iterations", "stopped_by", "elapsed_ms", "shortlisted")
    assert [after["search"][key] for key in searched] == [first["search"][key] for key in searched]

    listed = client.get(f"{where}/revisions").get_json()["items"]
    assert [(one["revision"], one["cause"]) for one in listed] == [(1, "plan"), (2, "bound")]
    [item] = [
        one for one in client.get(URL).get_json()["items"] if one["route_id"] == after["route_id"]
    ]
    assert (item["revision"], item["net_value"]) == (2, after["totals"]["net_value"])


def test_a_better_plan_is_planned_anew_and_accepted_like_any_other(
    state: AppState,
    client: FlaskClient,
) -> None:
    where, job_id = poorly_planned(state)
    work.work_on(state, job_id, "test")
    working = create_app(state).test_client()
    replanned = working.post(f"{where}/replans", json={"now": EARLY})
    assert replanned.status_code == 201
    assert (replanned.get_json()["revision"], replanned.get_json()["cause"]) == (3, "replan")
    assert replanned.get_json()["changes"] == {"moved": [], "dropped": [], "added": []}


def read(now: str) -> ReplanRequest:
    return ReplanRequest(now=datetime.fromisoformat(now))


def during(monkeypatch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Do something between the proof of a bound and its end."""
    prove = bound_route.upper_bound

    def prove_and_act(*arguments: Any) -> Bound:
        bound = prove(*arguments)
        assert act().status_code in (200, 201)
        return bound

    monkeypatch.setattr(bound_route, "upper_bound", prove_and_act)


def revisions(client: FlaskClient, where: str) -> list[str]:
    return [one["cause"] for one in client.get(f"{where}/revisions").get_json()["items"]]


def test_a_route_that_was_accepted_keeps_its_plan_and_gets_its_bound(
    state: AppState,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where, job_id = poorly_planned(state)
    during(monkeypatch, lambda: client.post(f"{where}/accept"))
    work.work_on(state, job_id, "test")
    assert revisions(client, where) == ["plan"]
    assert client.get(where).get_json()["search"]["bound_state"] == "proven"


def test_a_replan_that_came_before_the_end_of_the_bound_stays_the_newest(
    state: AppState,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    where, job_id = poorly_planned(state)
    working = create_app(state).test_client()
    during(monkeypatch, lambda: working.post(f"{where}/replans", json={"now": EARLY}))
    work.work_on(state, job_id, "test")
    assert revisions(client, where) == ["plan", "replan"]
    assert client.get(f"{where}?revision=1").get_json()["search"]["bound_state"] == "proven"


def test_a_replan_that_is_being_made_is_not_overtaken(state: AppState, client: FlaskClient) -> None:
    where, job_id = poorly_planned(state)
    asked = replan_route.submit(state, where.removeprefix(f"{URL}/"), read(EARLY))
    work.work_on(state, job_id, "test")
    assert revisions(client, where) == ["plan"]
    work.work_on(state, asked.job_id, "test")
    assert revisions(client, where) == ["plan", "replan"]
    assert replan_route.replanned(state, asked)["revision"] == 2
