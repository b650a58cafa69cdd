"""Accounts that look like one are proposed, and merged only when somebody says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts import LocationLevel
from api import create_app
from api.state import AppState
from data.tables import Account, ExternalRef
from tests.api.address_world import account_of, change
from tests.api.problems import assert_problem
from tests.api.small_world import small_state

URL = "/api/v1/accounts/duplicates"
Body = dict[str, Any]

EXACT = {"location_level": LocationLevel.POSITION}
PAIRS = [("4", "17"), ("2", "9"), ("5", "20")]
"""The likeliest first: at one place; near; only in the same postcode."""


@pytest.fixture
def state(tmp_path: Path) -> Iterator[AppState]:
    """Thirty companies of different names, and three pairs that look like one."""
    state = small_state(tmp_path)
    with state.database.session() as session:
        for number, account in enumerate(session.query(Account).order_by(Account.id)):
            account.name = f"{chr(65 + number % 26) * 7}{chr(97 + number // 26) * 3} Werke"
            account.postcode = f"34{number:03d}"
    twins = {
        "4": {"name": "Weber Logistik GmbH", "lon": 9.1, "lat": 51.1, **EXACT},
        "17": {"name": "Logistik Weber KG", "lon": 9.1, "lat": 51.1001, **EXACT},
        "2": {"name": "Krause Metallbau", "lon": 9.2, "lat": 51.2, **EXACT},
        "9": {"name": "Krause Metallbau AG", "lon": 9.2, "lat": 51.2007, **EXACT},
        "5": {"name": "Optik Sonne", "postcode": "34777"},
        "20": {"name": "Optik Sonne e.K.", "postcode": "34777"},
    }
    for account_id, columns in twins.items():
        change(state, account_id, **columns)
    with state.database.session() as session:
        for account_id, external_id in (("4", "A4"), ("17", "A17")):
            session.add(
                ExternalRef(
                    dataset_id=1,
                    account_id=int(account_id),
                    system="crm",
                    external_id=external_id,
                )
            )
    yield state
    state.database.dispose()


@pytest.fixture
def client(state: AppState) -> FlaskClient:
    return create_app(state).test_client()


def listed(client: FlaskClient, query: str = "") -> Body:
    response = client.get(f"{URL}?{query}")
    assert response.status_code == 200, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


def ids(body: Body) -> list[tuple[str, ...]]:
    return [tuple(one["account_id"] for one in item["accounts"]) for item in body["items"]]


def decide(client: FlaskClient, **body: Any) -> Body:
    response = client.post(URL, json=body)
    assert response.status_code == 200, response.get_data(as_text=True)
    answer: Body = response.get_json()
    return answer


def test_pairs_come_with_what_they_have_in_common(client: FlaskClient) -> None:
    body = listed(client)
    assert ids(body) == PAIRS
    assert body["total"] == 3
    first, second, third = body["items"]
    assert (first["reason"], first["distance_m"]) == ("same_place", 11)
    assert (first["score"], first["name_similarity"]) == (0.98, 1.0)
    assert first["accounts"][0]["external_refs"] == [{"system": "crm", "external_id": "A4"}]
    assert (second["reason"], second["distance_m"]) == ("near", 78)
    assert third["reason"] == "same_postcode"
    assert "distance_m" not in third


def test_pages_hold_each_pair_once(client: FlaskClient) -> None:
    first = listed(client, "limit=1")
    rest = listed(client, f"cursor={first['next_cursor']}")
    assert ids(first) + ids(rest) == PAIRS
    assert "next_cursor" not in rest


def test_those_that_are_two_are_not_proposed_again(client: FlaskClient) -> None:
    first = listed(client, "limit=1")
    answer = decide(client, account_id="17", other_id="4", decision="distinct")
    assert answer == {"decision": "distinct", "account_ids": ["17", "4"]}
    body = listed(client)
    assert (ids(body), body["total"]) == (PAIRS[1:], 2)
    # Somebody is on the second page meanwhile.
    assert ids(listed(client, f"cursor={first['next_cursor']}")) == PAIRS[1:]
    decide(client, account_id="4", other_id="17", decision="distinct")
    assert listed(client)["total"] == 2


def test_merging_moves_what_belongs_to_the_other_one(client: FlaskClient, state: AppState) -> None:
    before = client.get("/api/v1/accounts/17").get_json()
    orders = before["order_count"] + client.get("/api/v1/accounts/4").get_json()["order_count"]
    answer = decide(client, account_id="4", other_id="17", decision="merge", keep="17")
    assert answer["account_ids"] == ["17"]
    assert answer["moved"]["external_refs"] == 1
    card = client.get("/api/v1/accounts/17").get_json()
    assert card["name"] == "Logistik Weber KG"
    assert card["order_count"] == orders
    assert_problem(client.get("/api/v1/accounts/4"), 404, "NOT_FOUND")
    assert ids(listed(client)) == PAIRS[1:]
    assert account_of(state, "4").deleted_at is not None


def test_both_records_of_the_other_system_lead_to_the_account_that_stays(
    client: FlaskClient, state: AppState
) -> None:
    """What is said of the one that was merged is not written, and deleting it deletes only that."""
    decide(client, account_id="4", other_id="17", decision="merge", keep="17")
    by_id = "/api/v1/accounts/by-external-id/crm"
    response = client.put(f"{by_id}/A4", json={"name": "Weber alt"})
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.get_json()["account_id"] == "17"
    assert account_of(state, "17").name == "Logistik Weber KG"
    items = [{"external_id": "A4", "name": "alt"}, {"external_id": "A17", "name": "Weber neu"}]
    batch = client.post("/api/v1/accounts/batch", json={"system": "crm", "items": items})
    assert [item["effect"] for item in batch.get_json()["items"]] == ["unchanged", "updated"]
    visit = {
        "system": "crm",
        "account_external_id": "A4",
        "start": "2026-11-02T09:00:00+01:00",
        "status": "done",
        "duration_s": 1800,
    }
    assert client.post("/api/v1/visits", json=visit).status_code in (200, 201)
    assert client.delete(f"{by_id}/A4").status_code == 204
    assert account_of(state, "17").deleted_at is None
    assert_problem(client.get(f"{by_id}/A4"), 404, "NOT_FOUND")
    assert client.delete(f"{by_id}/A17").status_code == 204
    assert account_of(state, "17").deleted_at is not None


def test_the_own_record_may_go_where_the_other_one_stays(
    client: FlaskClient, state: AppState
) -> None:
    decide(client, account_id="4", other_id="17", decision="merge", keep="17")
    by_id = "/api/v1/accounts/by-external-id/crm"
    assert client.delete(f"{by_id}/A17").status_code == 204
    assert account_of(state, "17").deleted_at is None
    response = client.put(f"{by_id}/A4", json={"name": "Weber, nun so"})
    assert response.get_json()["name"] == "Weber, nun so"


def test_any_two_accounts_may_be_merged(client: FlaskClient) -> None:
    answer = decide(client, account_id="1", other_id="30", decision="merge", keep="1")
    assert answer["account_ids"] == ["1"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"decision": "merge"}, "/keep", "MISSING"),
        ({"decision": "merge", "keep": "5"}, "/keep", "UNKNOWN_VALUE"),
        ({"decision": "distinct", "keep": "4"}, "/keep", "CONTRADICTION"),
        ({"decision": "same"}, "/decision", "UNKNOWN_VALUE"),
        ({"decision": "distinct", "other_id": "99"}, "/other_id", "UNKNOWN_ACCOUNT"),
        ({"decision": "distinct", "account_id": "x"}, "/account_id", "UNKNOWN_ACCOUNT"),
        ({"decision": "distinct", "other_id": "4"}, "/other_id", "CONTRADICTION"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    client: FlaskClient, body: Body, pointer: str, code: str
) -> None:
    response = client.post(URL, json={"account_id": "4", "other_id": "17", **body})
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_a_cursor_that_is_none_is_refused(client: FlaskClient) -> None:
    assert_problem(client.get(f"{URL}?cursor=980-4"), 422, "INVALID_REQUEST")
