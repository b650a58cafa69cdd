"""Whom to visit first: the planner's prizes, with parts that multiply to them."""

from datetime import date

import pytest
from flask.testing import FlaskClient

from api.state import AppState, day_number
from tests.api.problems import assert_problem

V1 = "/api/v1"
URL = f"{V1}/recommendations"
MUST = {"must_visit": True, "reason": "Large order", "expires_on": "2026-12-31"}


@pytest.fixture
def state(copied_state: AppState) -> AppState:
    return copied_state


@pytest.fixture
def client(copied_client: FlaskClient) -> FlaskClient:
    return copied_client


@pytest.mark.parametrize("week", ["2026-W47", "2026-W48", "2027-W10"])
def test_every_prize_is_the_planners_to_the_cent(
    client: FlaskClient, state: AppState, week: str
) -> None:
    boost = {"segment": "10k_100k", "prize_factor": 1.37, "prize_extra": 12.34}
    client.post(
        f"{V1}/special-situations",
        json={**boost, "reason": "New market", "expires_on": "2026-11-26"},
    )
    answer = client.get(f"{URL}?week={week}&limit=500").json
    snapshot = state.snapshot()
    assert len(answer["items"]) == answer["total"] > 10
    for item in answer["items"]:
        row = snapshot.table.row_of(int(item["account_id"]))
        planned = [
            int(snapshot.scores(day_number(date.fromisoformat(one["date"]))).prize_cents[row])
            for one in item["prizes"]
        ]
        assert [round(100 * one["prize"]) for one in item["prizes"]] == planned
        assert round(100 * item["prize"]) == max(planned)


def test_the_parts_of_a_prize_multiply_to_it(client: FlaskClient) -> None:
    client.post(
        f"{V1}/special-situations",
        json={
            "postcode_prefix": "3",
            "prize_factor": 1.5,
            "prize_extra": 7,
            "reason": "New market",
            "expires_on": "2026-12-31",
        },
    )
    items = client.get(f"{URL}?limit=500").json["items"]
    for item in items:
        parts, cadence = item["value_parts"], item["cadence"]
        n, b = parts["visits_per_month"], parts["elasticity"]
        value = parts["margin_share"] * parts["base_per_month"] * ((2 + n) ** b - (1 + n) ** b)
        assert item["visit_value"] == pytest.approx(value, abs=0.006)
        prize = value * cadence["due_factor"] * item["prize_factor"] + item["prize_extra"]
        assert item["prize"] == pytest.approx(prize, abs=0.006)
        assert [one["reason"] for one in item["situations"]] == ["New market"]


def test_required_visits_come_first_and_then_the_highest_prizes(client: FlaskClient) -> None:
    made = client.post(f"{V1}/special-situations", json={**MUST, "account_id": "28"}).json
    items = client.get(f"{URL}?limit=500").json["items"]
    assert (items[0]["account_id"], items[0]["must_visit"]) == ("28", True)
    assert items[0]["situations"][0]["situation_id"] == made["situation_id"]
    prizes = [item["prize"] for item in items[1:]]
    assert prizes == sorted(prizes, reverse=True)
    assert [item["rank"] for item in items] == list(range(1, len(items) + 1))


def test_pages_and_filters_tell_the_same_list(client: FlaskClient) -> None:
    whole = client.get(f"{URL}?rep_id=1&limit=500").json
    assert {item["owner_id"] for item in whole["items"]} == {"1"}
    assert whole["cadence"]["rep_id"] == "1"
    first = client.get(f"{URL}?rep_id=1&limit=4").json
    second = client.get(f"{URL}?rep_id=1&limit=500&cursor={first['next_cursor']}").json
    assert first["items"] + second["items"] == whole["items"]
    assert whole["value"] == pytest.approx(sum(item["prize"] for item in whole["items"]), abs=0.01)
    counted = whole["total"] + whole["not_due"] + whole["not_field"]
    assert counted == client.get(f"{V1}/accounts?owner=1&limit=1").json["total"]


def test_without_a_week_it_is_the_one_of_today(client: FlaskClient) -> None:
    answer = client.get(URL).json
    assert (answer["week"], answer["as_of"]) == ("2026-W47", "2026-11-16")
    assert (answer["first_date"], answer["last_date"]) == ("2026-11-16", "2026-11-20")
    assert answer["items"] == client.get(f"{URL}?week=2026-W47").json["items"]


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("rep_id=99", "/rep_id"),
        ("segment=gone", "/segment"),
        ("week=2026-W60", "/week"),
        ("week=soon", "/week"),
        ("limit=0", "/limit"),
    ],
)
def test_who_or_when_is_not_known_is_refused(client: FlaskClient, query: str, at: str) -> None:
    problem = assert_problem(client.get(f"{URL}?{query}"), 422, "INVALID_REQUEST")
    assert [one["pointer"] for one in problem["errors"]] == [at]


def test_intervals_are_stretched_where_time_does_not_suffice(
    client: FlaskClient, state: AppState
) -> None:
    """Every account of rep 1 once a day, half an hour or more each, is more than five days hold."""
    segments = client.get(f"{V1}/engagement-programme").json["segments"]
    daily = [one | {"visit_interval_days": 1, "service_duration_s": 14_400} for one in segments]
    client.put(f"{V1}/engagement-programme", json={"segments": daily, "reason": "Daily"})
    cadence = client.get(f"{URL}?rep_id=1").json["cadence"]
    assert cadence["utilisation"] > 1
    assert cadence["interval_stretch"] == pytest.approx(cadence["utilisation"], abs=1e-3)
    found = client.get(f"{URL}?rep_id=1").json["items"][0]["cadence"]["interval_stretch"]
    assert found == pytest.approx(cadence["interval_stretch"], abs=1e-3)
