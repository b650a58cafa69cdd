"""How good a plan is at least: proven after the answer, and read at the same place."""

from typing import Any

import pytest

from api import create_app
from api.jobs import work
from api.schemas.route_request import RouteRequest
from api.services import bound_route, plan_route, stored_routes
from api.state import AppState
from data import job_store
from data.tables import Account, JobStatus
from tests.api.small_world import trip_request
from tests.api.test_jobs import look_until

URL = "/api/v1/routes"


@pytest.fixture
def state(bounding_state: AppState) -> AppState:
    return bounding_state


def planned(state: AppState, request: dict[str, Any]) -> tuple[str, str | None]:
    """A route that is planned at once, and the job that is to bound it, which is not begun."""
    asked = plan_route.submit(state, RouteRequest.model_validate(request), URL)
    following = work.work_on(state, asked.job_id, "test")
    return asked.route_id, following[0].job_id if following else None


def search_of(state: AppState, route_id: str) -> dict[str, Any]:
    found: dict[str, Any] = stored_routes.body(state, route_id)["search"]
    return found


def test_the_bound_appears_on_the_route_some_time_after_the_answer(state: AppState) -> None:
    client = create_app(state).test_client()
    long = trip_request(2, options={"iterations": 3_000})
    body = client.post(URL, json=long).get_json()
    assert body["search"]["bound_state"] == "running"
    assert body["search"]["gap"] is None
    where = body["links"]["self"]
    later = look_until(client, where, lambda b: b["search"]["bound_state"] == "proven")
    search = later["search"]
    assert search["upper_bound"] >= later["totals"]["net_value"] > 0
    assert search["bound_candidates"] == search["shortlisted"]
    share = 1 - later["totals"]["net_value"] / search["upper_bound"]
    assert search["gap"] == pytest.approx(share)
    assert search["gap"] < 0.05
    others = ("bound_state", "upper_bound", "bound_candidates", "gap")
    assert {k: v for k, v in search.items() if k not in others} == {
        k: v for k, v in body["search"].items() if k not in others
    }
    assert {**later, "search": None} == {**body, "search": None}


@pytest.mark.parametrize("options", [{"explain": False}, {"explain": False, "seed": 3}])
def test_who_wants_no_reasons_gets_no_bound(state: AppState, options: dict[str, Any]) -> None:
    route_id, job_id = planned(state, trip_request(1, options=options))
    assert job_id is None
    assert search_of(state, route_id)["bound_state"] == "none"


def test_a_required_visit_left_out_is_told_as_relaxed(state: AppState) -> None:
    """Both can be reached only at the same hour of the same day."""
    at_ten = {"start": "2026-11-23T10:00:00+01:00", "end": "2026-11-23T10:00:00+01:00"}
    visits = [{"account_id": str(k), "required": True, "time_windows": [at_ten]} for k in (1, 2)]
    route_id, job_id = planned(state, trip_request(1, visits=visits))
    assert stored_routes.body(state, route_id)["status"] == "infeasible"
    assert job_id is not None
    work.work_on(state, job_id, "test")
    assert search_of(state, route_id)["bound_relaxed"] == ["required"]


def test_a_bound_of_a_problem_that_has_changed_is_not_told(state: AppState) -> None:
    route_id, job_id = planned(state, trip_request(1))
    assert job_id is not None
    with state.database.session() as session:
        account = session.get(Account, 1)
        assert account is not None
        account.service_duration_s += 60
    work.work_on(state, job_id, "test")
    assert search_of(state, route_id)["bound_state"] == "none"


def test_a_bound_that_fails_is_not_told_to_go_on(
    state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    route_id, job_id = planned(state, trip_request(1))
    assert job_id is not None

    def fail(*_: Any) -> None:
        raise ArithmeticError

    monkeypatch.setattr(bound_route, "upper_bound", fail)
    work.work_on(state, job_id, "test")
    with state.database.session() as session:
        assert job_store.get(session, job_id).status is JobStatus.FAILED
    assert search_of(state, route_id)["bound_state"] == "none"
