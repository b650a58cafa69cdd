"""Positions that cannot be relied upon are not planned with, and the answer says so."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from accounts import LOCATION_LEVELS, LocationLevel
from api import create_app
from api.services.trust import ISSUES, NO_ISSUE, issue_counts, issue_of, location_issues
from api.settings import LEVELS
from api.state import AppState
from data.tables import Account
from tests.api.problems import assert_problem
from tests.api.small_world import trip_request
from tests.api.test_insertions import tried
from tests.api.test_replan import planned, replanned

URL = "/api/v1/routes"
Body = dict[str, Any]

COARSE, AMBIGUOUS, MISSING, ISLAND, GOOD = "8", "9", "29", "30", "10"
"""Accounts of the world below."""


def change(state: AppState, account_id: str, **columns: Any) -> None:
    with state.database.session() as session:
        account = session.get_one(Account, int(account_id))
        for name, value in columns.items():
            setattr(account, name, value)


@pytest.fixture(scope="module")
def doubtful(own_state: AppState) -> AppState:
    """One account whose town is known, one that may be in two places, one nobody knows where."""
    change(own_state, COARSE, location_level=LocationLevel.PLACE)
    change(own_state, AMBIGUOUS, is_location_ambiguous=True)
    return own_state


@pytest.fixture
def client(doubtful: AppState) -> FlaskClient:
    return create_app(doubtful).test_client()


def reason_of(body: Body, account_id: str) -> Body:
    (found,) = (one for one in body["unassigned"] if one.get("account_id") == account_id)
    reason: Body = found["reasons"][0]
    return reason


def plan(client: FlaskClient, **changes: Any) -> Body:
    response = client.post(URL, json=trip_request(1, **changes))
    assert response.status_code == 201, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


def test_the_settings_know_the_levels() -> None:
    assert tuple(level.value for level in LOCATION_LEVELS) == LEVELS


def test_each_issue_is_told_and_the_first_one_counts(doubtful: AppState) -> None:
    snapshot = doubtful.snapshot()
    codes = {account: issue_of(snapshot, int(account) - 1) for account in ("1", GOOD)}
    assert codes == {"1": None, GOOD: None}
    assert issue_of(snapshot, 7) == "GEOCODE_TOO_COARSE"
    assert issue_of(snapshot, 8) == "GEOCODE_AMBIGUOUS"
    assert issue_of(snapshot, 28) == "LOCATION_MISSING"
    assert issue_counts(snapshot) == {
        "LOCATION_MISSING": 1,
        "GEOCODE_AMBIGUOUS": 1,
        "GEOCODE_TOO_COARSE": 1,
    }
    both = np.array([*snapshot.table.is_location_ambiguous])
    both[7] = True
    table = replace(snapshot.table, is_location_ambiguous=both)
    ambiguous = replace(snapshot, table=table, memo=type(snapshot.memo)())
    assert issue_of(ambiguous, 7) == "GEOCODE_AMBIGUOUS"


def test_the_coarsest_level_decides_what_is_too_coarse(doubtful: AppState) -> None:
    """Most accounts of this world are known by their postcode."""
    snapshot = doubtful.snapshot()
    strict = replace(snapshot, coarsest_level=LocationLevel.STREET, memo=type(snapshot.memo)())
    issues = location_issues(strict)
    assert (issues == ISSUES.index("GEOCODE_TOO_COARSE")).sum() == 28
    loose = replace(snapshot, coarsest_level=LocationLevel.PLACE, memo=type(snapshot.memo)())
    assert (location_issues(loose) != NO_ISSUE).sum() == 2


def test_the_setting_goes_before_what_the_map_asks_for(doubtful: AppState) -> None:
    settings = replace(doubtful.settings, coarsest_level="address")
    state = AppState(settings, doubtful.database, lambda name: doubtful.world, doubtful.clock)
    state.load()
    assert state.snapshot().coarsest_level is LocationLevel.ADDRESS
    assert doubtful.snapshot().coarsest_level is LocationLevel.POSTCODE


def test_a_pin_far_from_any_road_is_an_issue(doubtful: AppState) -> None:
    change(doubtful, GOOD, lon=13.5, lat=52.5)
    try:
        assert issue_of(doubtful.snapshot(), 9) == "UNREACHABLE_BY_ROAD"
    finally:
        change(doubtful, GOOD, lon=9.24, lat=51.09)
    assert issue_of(doubtful.snapshot(), 9) is None


@pytest.mark.parametrize(
    ("account_id", "code", "fix"),
    [
        (MISSING, "LOCATION_MISSING", "Enter its address"),
        (AMBIGUOUS, "GEOCODE_AMBIGUOUS", "Choose the place that is meant"),
        (COARSE, "GEOCODE_TOO_COARSE", "Complete its address"),
    ],
)
def test_a_required_visit_to_a_doubtful_position_makes_the_plan_infeasible(
    client: FlaskClient, account_id: str, code: str, fix: str
) -> None:
    visits = [{"account_id": account_id, "required": True}, {"account_id": GOOD, "required": True}]
    body = plan(client, visits=visits)
    assert body["status"] == "infeasible"
    reason = reason_of(body, account_id)
    assert (reason["code"], reason["certainty"], reason["scope"]) == (code, "proved", "visit")
    assert reason["fix"].startswith(fix)
    visited = [stop.get("account_id") for day in body["days"] for stop in day["stops"]]
    assert GOOD in visited


def test_an_appointment_at_a_doubtful_position_is_not_kept(client: FlaskClient) -> None:
    one = {"account_id": AMBIGUOUS, "flexibility": "within_week"}
    body = plan(client, appointments=[one], candidate_filter={})
    assert body["status"] == "infeasible"
    assert reason_of(body, AMBIGUOUS)["code"] == "GEOCODE_AMBIGUOUS"


def test_who_is_only_considered_is_counted_by_code(client: FlaskClient) -> None:
    counts = plan(client)["unassigned_counts"]
    assert counts["GEOCODE_TOO_COARSE"] == 1
    assert counts["GEOCODE_AMBIGUOUS"] == 1
    assert counts["LOCATION_MISSING"] == 1


@pytest.mark.parametrize("account_id", [COARSE, AMBIGUOUS, MISSING])
def test_a_visit_with_a_position_of_its_own_is_planned(
    client: FlaskClient, account_id: str
) -> None:
    visit = {
        "account_id": account_id,
        "required": True,
        "location": {"position": [9.2, 51.2]},
        "time_windows": [],
    }
    body = plan(client, visits=[visit])
    assert body["status"] == "complete"
    assert body["unassigned"] == []


def test_an_insertion_of_a_doubtful_position_says_why_not(client: FlaskClient) -> None:
    found = tried(client, planned(client), account_id=AMBIGUOUS)
    assert found["slots"] == []
    assert found["reason"]["code"] == "GEOCODE_AMBIGUOUS"


def test_a_replan_drops_a_visit_whose_position_has_become_doubtful(
    client: FlaskClient, doubtful: AppState
) -> None:
    body = plan(client, visits=[{"account_id": GOOD, "required": True}])
    assert body["status"] == "complete"
    change(doubtful, GOOD, is_location_ambiguous=True)
    try:
        again = replanned(client, body, "2026-11-22T12:00:00+01:00")
    finally:
        change(doubtful, GOOD, is_location_ambiguous=False)
    assert again["status"] == "infeasible"
    assert reason_of(again, GOOD)["code"] == "GEOCODE_AMBIGUOUS"


def test_on_the_way_counts_doubtful_positions_and_lists_the_others(client: FlaskClient) -> None:
    query = "from=Anfang&to=Ostburg&max_detour_s=86400&limit=100"
    body = client.get(f"/api/v1/on-the-way?{query}").get_json()
    listed = {item["account_id"] for item in body["items"]}
    assert listed == {str(k) for k in range(1, 31)} - {COARSE, AMBIGUOUS, MISSING, ISLAND}
    assert body["within"] == len(listed)
    assert body["location_issues"] == {
        "LOCATION_MISSING": 1,
        "GEOCODE_AMBIGUOUS": 1,
        "GEOCODE_TOO_COARSE": 1,
    }


@pytest.mark.parametrize(
    ("account_id", "code"),
    [
        (MISSING, "LOCATION_MISSING"),
        (AMBIGUOUS, "GEOCODE_AMBIGUOUS"),
        (COARSE, "GEOCODE_TOO_COARSE"),
    ],
)
def test_a_trip_does_not_start_at_a_doubtful_position(
    client: FlaskClient, account_id: str, code: str
) -> None:
    request = trip_request(1, start={"account_id": account_id})
    body = assert_problem(client.post(URL, json=request), 422, "INVALID_REQUEST")
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("/start/account_id", code)]
