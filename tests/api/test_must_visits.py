"""Visits that special situations require, in plans: made, told, or none of the trip's business."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.state import AppState
from tests.api.problems import assert_problem
from tests.api.small_world import trip_request

V1 = "/api/v1"
MUST = {"must_visit": True, "reason": "Large order", "expires_on": "2026-12-31"}
NOW = "2026-11-23T09:59:00+01:00"
WEEK = {"rep_id": "2", "week": "2026-W48"}


@pytest.fixture
def state(copied_state: AppState) -> AppState:
    return copied_state


@pytest.fixture
def client(copied_client: FlaskClient) -> FlaskClient:
    return copied_client


def require(client: FlaskClient, **about: Any) -> None:
    answer = client.post(f"{V1}/special-situations", json={**MUST, **about})
    assert answer.status_code == 201, answer.get_data(as_text=True)


def planned(client: FlaskClient, **request: Any) -> dict[str, Any]:
    answer = client.post(f"{V1}/routes", json=request)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    body: dict[str, Any] = answer.get_json()
    return body


def visits(route: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        stop["account_id"]: stop
        for day in route["days"]
        for stop in day["stops"]
        if stop["type"] in ("visit", "appointment")
    }


def codes(route: dict[str, Any]) -> list[str]:
    return [warning["code"] for warning in route["warnings"]]


def test_the_week_of_a_rep_makes_what_is_required_of_its_own_accounts(client: FlaskClient) -> None:
    """
    28 is a key account that no trip would choose, and 1 belongs to somebody else. Both are told.
    """
    plain = planned(client, **WEEK)
    assert "28" not in visits(plain)
    assert plain["totals"]["required_visits"] == 0
    require(client, account_id="28")
    require(client, account_id="1")
    route = planned(client, **WEEK)
    assert route["status"] == "complete"
    assert visits(route)["28"]["why"]["rule"] == "required"
    assert "1" not in visits(route)
    assert route["totals"]["required_visits"] == 1


def test_a_visit_that_no_trip_could_make_is_told_and_breaks_nothing(client: FlaskClient) -> None:
    """29 has no position, and 30 lies on an island without a road."""
    plain = planned(client, **WEEK)
    require(client, account_id="29")
    require(client, account_id="30")
    route = planned(client, **WEEK)
    assert route["status"] == "complete"
    assert visits(route).keys() == visits(plain).keys()
    (warning,) = [one for one in route["warnings"] if one["code"] == "MUST_VISIT_LEFT_OUT"]
    assert "Firma 29" in warning["detail"]
    told = {one["account_id"]: one for one in route["unassigned"]}
    assert told["29"]["reasons"][0]["code"] == "LOCATION_MISSING"
    assert "30" in told


def test_on_the_way_only_those_within_the_detour_are_required(client: FlaskClient) -> None:
    way = f"{V1}/on-the-way?from=Anfang&to=Ostburg&sort=detour&max_detour_s=20000&limit=100"
    items = client.get(way).get_json()["items"]
    near, far = items[0], items[-1]
    assert near["detour_s"] < 900 < far["detour_s"]
    require(client, account_id=near["account_id"])
    require(client, account_id=far["account_id"])
    route = planned(client, **trip_request(limits={"max_detour_per_visit_s": 900}))
    assert route["status"] == "complete"
    assert visits(route)[near["account_id"]]["why"]["rule"] == "required"
    assert far["account_id"] not in visits(route)
    assert "MUST_VISIT_LEFT_OUT" not in codes(route)


def test_a_request_that_excludes_an_account_or_names_its_visits_is_followed(
    client: FlaskClient,
) -> None:
    require(client, account_id="15")
    excluded = planned(client, **trip_request(candidate_filter={"exclude_account_ids": ["15"]}))
    assert "15" not in visits(excluded)
    named = planned(client, **trip_request(visits=[{"account_id": "8"}]))
    assert "15" not in visits(named)


def test_a_visit_that_is_promised_already_meets_the_requirement(client: FlaskClient) -> None:
    require(client, account_id="28")
    first = planned(client, **WEEK)
    assert client.post(f"{V1}/routes/{first['route_id']}/accept", json={}).status_code == 200
    later = planned(client, rep_id="2", week="2026-W49")
    assert "28" not in visits(later)


def test_a_plan_is_the_same_each_time(client: FlaskClient) -> None:
    require(client, postcode_prefix="34")
    one, other = planned(client, **WEEK), planned(client, **WEEK)
    assert one["days"] == other["days"]
    assert one["totals"] == other["totals"]


def test_more_than_a_trip_could_make_are_cut_to_the_most_valuable(client: FlaskClient) -> None:
    """All 15 accounts of the first rep within one day of eight hours."""
    require(client, postcode_prefix="34")
    route = planned(
        client,
        **trip_request(1, rep_id="1", limits={"max_detour_per_visit_s": 36_000}),
    )
    assert "MUST_VISITS_TOO_MANY" in codes(route)
    required = [one for one in route["unassigned"] if one["required"]]
    made = [one for one in visits(route).values() if one["why"]["rule"] == "required"]
    assert len(required) + len(made) == 10
    # What did not fit is said, and the rest is planned.
    assert route["status"] == ("infeasible" if required else "complete")
    assert made


def test_a_replan_keeps_required_visits_and_takes_on_no_others(client: FlaskClient) -> None:
    require(client, account_id="28")
    route = planned(client, **WEEK)
    # Another one comes in while the week is under way.
    require(client, account_id="29")
    require(client, account_id="27")
    answer = client.post(f"{V1}/routes/{route['route_id']}/replans", json={"now": NOW})
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)
    again = answer.get_json()
    assert again["status"] == "complete"
    assert visits(again)["28"]["why"]["rule"] in ("required", "frozen")
    assert "MUST_VISIT_LEFT_OUT" not in codes(again)
    # 27 is in the plan anyway and must be from now on; nothing is said of 29, which lies nowhere.
    assert again["totals"]["required_visits"] == 2


def test_a_stored_route_survives_the_end_of_the_segment_it_chose_from(client: FlaskClient) -> None:
    request = trip_request(candidate_filter={"segments": ["10k_100k", "up_to_10k"]})
    route = planned(client, **request)
    ours = [{"segment": "up_to_10k", "revenue_from": 0, "channel": "field"}]
    ours[0]["visit_interval_days"] = 75
    body = {"segments": ours, "reason": "One for all", "move_by_revenue": False}
    assert client.put(f"{V1}/engagement-programme", json=body).status_code == 200
    assert client.get(f"{V1}/routes/{route['route_id']}").status_code == 200
    answer = client.post(f"{V1}/routes/{route['route_id']}/replans", json={"now": NOW})
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)
    assert "SEGMENT_GONE" in codes(answer.get_json())
    # A new request must name what there is.
    assert_problem(client.post(f"{V1}/routes", json=request), 422, "INVALID_REQUEST")
