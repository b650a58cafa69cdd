"""The engagement programme over HTTP: versions, preview, and what becomes of accounts."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.problems import assert_problem

V1 = "/api/v1"
URL = f"{V1}/engagement-programme"


@pytest.fixture
def client(copied_client: FlaskClient) -> FlaskClient:
    return copied_client


def founding(client: FlaskClient) -> list[dict[str, Any]]:
    templates = client.get(URL).json["templates"]
    return next(one["segments"] for one in templates if one["template"] == "founding")


def put(client: FlaskClient, segments: list[dict[str, Any]], **more: Any) -> Any:
    headers = more.pop("headers", {})
    body = {"segments": segments, "reason": "Try it", **more}
    return client.put(URL, json=body, headers=headers)


def test_a_data_set_starts_with_six_segments_and_version_0(client: FlaskClient) -> None:
    answer = client.get(URL)
    assert answer.headers["ETag"] == '"0"'
    names = [one["segment"] for one in answer.json["segments"]]
    assert names == ["zero", "up_to_10k", "10k_100k", "100k_1m", "1m_5m", "above_5m"]
    assert answer.json["versions"] == []
    accounts = sum(one["effort"]["accounts"] for one in answer.json["effort"])
    assert accounts == answer.json["total"]["accounts"] == 30
    assert {rep["interval_stretch"] for rep in answer.json["reps"]} == {1.0}


def test_a_preview_foretells_what_applying_does_and_stores_nothing(client: FlaskClient) -> None:
    segments = founding(client)
    before = client.get(URL).json
    told = client.post(f"{URL}/preview", json={"segments": segments}).json
    assert client.get(URL).json == before
    assert told["total_before"] == before["total"]
    done = put(client, segments, headers={"If-Match": '"0"'}).json
    assert done["version"] == 1
    assert told["after"] == done["effort"]
    assert told["total_after"] == done["total"]


def test_effort_moves_from_small_accounts_to_large_ones(client: FlaskClient) -> None:
    """Account 28 is the only large one: 28 days become 30, while the others are hardly visited."""
    told = client.post(f"{URL}/preview", json={"segments": founding(client)}).json
    moved = told["effort_moved"]
    assert (moved["small"]["accounts"], moved["large"]["accounts"]) == (29, 1)
    assert moved["small"]["after"]["hours"] < moved["small"]["before"]["hours"] / 10
    assert moved["large_share_after"] > moved["large_share_before"]
    assert moved["hours_freed"] == pytest.approx(
        told["total_before"]["hours"] - told["total_after"]["hours"], abs=0.11
    )


def test_applying_moves_accounts_by_revenue_and_tells_systems_that_ask(
    client: FlaskClient,
) -> None:
    """Account 2 is in 10k_100k, with one order of 5,000 within 12 months."""
    assert client.get(f"{V1}/accounts/2").json["segment"] == "10k_100k"
    version = client.get(f"{V1}/accounts/2").json["version"]
    put(client, founding(client))
    card = client.get(f"{V1}/accounts/2").json
    assert (card["segment"], card["channel"]) == ("up_to_10k", "respond_only")
    assert card["version"] == version + 1
    # Without visits there is no interval, and no visit is ever due.
    assert "visit_interval_days" not in card
    assert (card["due"], card["prize"]) == ("green", 0)


def test_accounts_stay_where_they_are_when_that_is_wished(client: FlaskClient) -> None:
    put(client, founding(client), move_by_revenue=False)
    assert client.get(f"{V1}/accounts/2").json["segment"] == "10k_100k"


def test_what_another_system_said_of_the_interval_stays(client: FlaskClient) -> None:
    said = {"name": "Own", "segment": "10k_100k", "visit_interval_days": 75}
    client.put(f"{V1}/accounts/by-external-id/crm/1", json=said)
    told = client.post(f"{URL}/preview", json={"segments": founding(client)}).json
    assert (told["intervals_kept"], told["durations_kept"]) == (1, 0)
    put(client, founding(client))
    own = client.get(f"{V1}/accounts/by-external-id/crm/1").json
    assert own["visit_interval_days"] == 75
    put(client, client.get(URL).json["templates"][0]["segments"], keep_own=False)
    own = client.get(f"{V1}/accounts/by-external-id/crm/1").json
    assert own["visit_interval_days"] == 75  # the rule of where it started
    put(client, founding(client), keep_own=False)
    own = client.get(f"{V1}/accounts/by-external-id/crm/1").json
    assert own["visit_interval_days"] == 365


def test_versions_add_up_and_the_way_back_is_a_version_too(client: FlaskClient) -> None:
    start = client.get(URL).json["segments"]
    put(client, founding(client), reason="Less travel")
    done = put(client, start, reason="Back again", headers={"If-Match": '"1"'}).json
    assert [one["version"] for one in done["versions"]] == [2, 1]
    assert [one["reason"] for one in done["versions"]] == ["Back again", "Less travel"]
    assert done["segments"] == start


def test_another_version_than_the_one_meant_is_refused(client: FlaskClient) -> None:
    put(client, founding(client))
    late = put(client, founding(client), headers={"If-Match": '"0"'})
    assert_problem(late, 412, "PRECONDITION_FAILED")
    assert client.get(URL).json["version"] == 1


def segment(name: str, revenue_from: float, **more: Any) -> dict[str, Any]:
    return {"segment": name, "revenue_from": revenue_from, "channel": "field", **more}


@pytest.mark.parametrize(
    ("segments", "at"),
    [
        ([], "/segments"),
        ([segment("a", 5)], "/segments/0/revenue_from"),
        ([segment("a", 0), segment("a", 5)], "/segments/1/segment"),
        ([segment("a", 0), segment("b", 0)], "/segments/1/revenue_from"),
        ([segment("A b", 0)], "/segments/0/segment"),
        ([segment("a", 0, visit_interval_days=0)], "/segments/0/visit_interval_days"),
        ([segment("a", 0, call_interval_days=30)], "/segments/0/call_interval_days"),
        ([segment("a", 0, channel="plane")], "/segments/0/channel"),
        ([segment("a", 0, field_visits=False)], "/segments/0/field_visits"),
    ],
)
def test_a_programme_that_cannot_be_is_refused_where_it_is_wrong(
    client: FlaskClient, segments: list[dict[str, Any]], at: str
) -> None:
    for answer in (
        put(client, segments),
        client.post(f"{URL}/preview", json={"segments": segments}),
    ):
        problem = assert_problem(answer, 422, "INVALID_REQUEST")
        assert problem["errors"][0]["pointer"] == at
    assert client.get(URL).json["version"] == 0


def test_the_data_set_lists_filters_and_imports_follow_the_programme(client: FlaskClient) -> None:
    ours = [
        segment("small", 0, visit_interval_days=90),
        segment("large", 3000, visit_interval_days=30),
    ]
    put(client, ours)
    told = client.get(f"{V1}/dataset").json["segments"]
    assert [one["segment"] for one in told] == ["small", "large"]
    # The 20 with an order of 5,000, and of those without orders the five of former large segments.
    assert client.get(f"{V1}/accounts?segment=large&limit=1").json["total"] == 25
    assert client.get(f"{V1}/accounts?segment=10k_100k").status_code == 422
    chosen = client.post(f"{V1}/accounts/selections", json={}).json["by_segment"]
    assert sum(chosen.values()) == 30
    url = f"{V1}/accounts/by-external-id/crm/9"
    refused = client.put(url, json={"name": "N", "segment": "zero"})
    assert_problem(refused, 422, "INVALID_REQUEST")
    accepted = client.put(url, json={"name": "N", "segment": "large"})
    assert accepted.json["visit_interval_days"] == 30


def test_situations_about_a_segment_that_will_be_gone_are_named(client: FlaskClient) -> None:
    facts = {"segment": "zero", "prize_factor": 2, "reason": "Try", "expires_on": "2026-12-31"}
    made = client.post(f"{V1}/special-situations", json=facts).json
    told = client.post(f"{URL}/preview", json={"segments": [segment("all", 0)]}).json
    assert told["situations_without_segment"] == [made["situation_id"]]
