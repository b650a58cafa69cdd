"""Reps as a CRM sends them, and who owns what."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from api.state import AppState
from data.tables import Ownership, OwnershipSource, Rep
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, TODAY

API = "/api/v1"
CRM = f"{API}/reps/by-external-id/crm"
EVE = {"name": "Eve Holm", "home": {"place": "Ostburg"}}


def periods(state: AppState, account_id: int) -> list[tuple[int, date, date | None, str]]:
    with state.database.session() as session:
        rows = session.scalars(
            select(Ownership).where(Ownership.account_id == account_id).order_by(Ownership.id)
        )
        return [(row.rep_id, row.from_date, row.until_date, str(row.source)) for row in rows]


def test_a_new_rep_can_be_planned_for(fresh_client: FlaskClient, fresh_state: AppState) -> None:
    response = fresh_client.put(f"{CRM}/u%2F1", json=EVE)
    assert response.status_code == 201
    body = response.get_json()
    assert (body["name"], body["town"], body["received"]) == ("Eve Holm", "Ostburg", 0)
    assert body["working_hours"][0] == {"weekday": 1, "opens": "08:00", "closes": "17:00"}
    assert len(body["working_hours"]) == 5
    listed = fresh_client.get(f"{API}/reps").get_json()["items"]
    assert listed[-1] == {
        "rep_id": body["rep_id"],
        "name": "Eve Holm",
        "town": "Ostburg",
        "account_count": 0,
        "external_refs": [{"system": "crm", "external_id": "u/1"}],
    }
    assert "external_refs" not in listed[0]


def test_a_rep_that_is_known_changes_in_what_is_said(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    first = fresh_client.put(f"{CRM}/1", json=EVE).get_json()
    facts = {
        "home": {"position": [9.01, 51.39]},
        "working_hours": [{"weekday": 2, "opens": "07:30", "closes": "16:00"}],
        "settings": {"limits": {"max_visits_per_day": 6}},
    }
    response = fresh_client.put(f"{CRM}/1", json=facts)
    assert response.status_code == 200
    body = response.get_json()
    assert (body["rep_id"], body["name"], body["town"]) == (
        first["rep_id"],
        "Eve Holm",
        "Nordstadt",
    )
    with fresh_state.database.session() as session:
        rep = session.get_one(Rep, int(body["rep_id"]))
    assert (rep.home_lon, rep.home_lat) == (9.01, 51.39)
    assert rep.settings == {"limits": {"max_visits_per_day": 6}}
    assert [window.weekday for window in rep.working_hours] == [2]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"name": "Eve"}, "/home", "MISSING"),
        ({"home": {"place": "Anfang"}}, "/name", "MISSING"),
        ({**EVE, "home": {"place": "Nowhere"}}, "/home/place", "UNKNOWN_PLACE"),
        ({**EVE, "home": {"position": [20, 58]}}, "/home", "OFF_ROAD"),
        ({**EVE, "name": "a\x00b"}, "/name", "INVALID_FORMAT"),
        ({**EVE, "settings": {"pace": 3}}, "/settings/pace", "UNKNOWN_KEY"),
        (
            {**EVE, "working_hours": [{"weekday": 1, "opens": "10:00", "closes": "09:00"}]},
            "/working_hours/0/closes",
            "END_BEFORE_START",
        ),
    ],
)
def test_a_rep_that_cannot_be_is_refused(
    fresh_client: FlaskClient, body: dict[str, Any], pointer: str, code: str
) -> None:
    response = fresh_client.put(f"{CRM}/1", json=body)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)
    assert len(fresh_client.get(f"{API}/reps").get_json()["items"]) == 2


def test_accounts_that_waited_for_a_rep_are_theirs_once_they_are_known(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    fresh_client.put(f"{CRM}/ada", json={**EVE, "name": "Ada"})
    items = [{"external_id": str(k), "name": f"N{k}", "owner": "eve"} for k in range(4)]
    # Account 1 had another owner before, and somebody gave account 2 to another one by hand.
    items[1]["owner"] = items[2]["owner"] = "ada"
    sent = fresh_client.post(f"{API}/accounts/batch", json={"system": "crm", "items": items})
    ids = [int(one["account_id"]) for one in sent.get_json()["items"]]
    again = [{"external_id": str(k), "owner": "eve"} for k in (1, 2)]
    fresh_client.post(f"{API}/accounts/batch", json={"system": "crm", "items": again})
    assert (
        fresh_client.put(f"{API}/accounts/{ids[2]}/owner", json={"rep_id": "1"}).status_code == 200
    )
    other = {"system": "erp", "items": [{"external_id": "9", "name": "E", "owner": "eve"}]}
    elsewhere = fresh_client.post(f"{API}/accounts/batch", json=other).get_json()["items"][0]

    fresh_state.clock = lambda: NOW + timedelta(days=1)
    before = fresh_client.get(f"{API}/accounts/{ids[0]}").get_json()["version"]
    done = fresh_client.put(f"{CRM}/eve", json=EVE).get_json()
    assert done["received"] == 3
    owned = fresh_client.get(f"{API}/accounts?owner={done['rep_id']}").get_json()["items"]
    assert [int(item["account_id"]) for item in owned] == [ids[0], ids[1], ids[3]]
    assert "owner" not in fresh_client.get(f"{API}/accounts/{elsewhere['account_id']}").get_json()
    assert fresh_client.get(f"{API}/accounts/{ids[0]}").get_json()["version"] == before + 1
    assert fresh_client.put(f"{CRM}/eve", json={}).get_json()["received"] == 0
    tomorrow = TODAY + timedelta(days=1)
    assert [period[1:3] for period in periods(fresh_state, ids[1])] == [
        (TODAY, tomorrow),
        (tomorrow, None),
    ]


def test_an_owner_by_hand_is_dated_and_may_be_nobody(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    url = f"{API}/accounts/3/owner"
    response = fresh_client.put(url, json={"rep_id": "2"})
    assert response.get_json() == {
        "account_id": "3",
        "version": 2,
        "owner_id": "2",
        "owner": "Ben Vogt",
    }
    assert response.headers["ETag"] == '"2"'
    assert fresh_client.put(url, json={"rep_id": "2"}).get_json()["version"] == 2
    assert periods(fresh_state, 3) == [
        (1, date(2025, 1, 1), TODAY, "crm"),
        (2, TODAY, None, "hand"),
    ]
    nobody = fresh_client.put(url, json={"rep_id": None}, headers={"If-Match": '"2"'})
    assert nobody.get_json() == {"account_id": "3", "version": 3}
    assert "owner" not in fresh_client.get(f"{API}/accounts/3").get_json()
    refused = fresh_client.put(url, json={"rep_id": "1"}, headers={"If-Match": '"2"'})
    assert_problem(refused, 412, "PRECONDITION_FAILED")


def test_an_owner_or_an_account_that_nobody_knows_is_refused(fresh_client: FlaskClient) -> None:
    for rep_id in ("9", "x", "9" * 15):
        response = fresh_client.put(f"{API}/accounts/3/owner", json={"rep_id": rep_id})
        assert_problem(response, 422, "INVALID_REQUEST", "/rep_id", "UNKNOWN_REP")
    response = fresh_client.put(f"{API}/accounts/99/owner", json={"rep_id": "1"})
    assert_problem(response, 404, "NOT_FOUND")


def test_a_published_plan_beats_the_crm_and_a_hand_beats_the_plan(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    fresh_client.put(f"{CRM}/eve", json=EVE)
    fresh_client.put(f"{API}/accounts/by-external-id/crm/1", json={"name": "A", "owner": "eve"})
    account = fresh_client.get(f"{API}/accounts/by-external-id/crm/1").get_json()
    with fresh_state.database.session() as session:
        session.execute(
            update(Ownership)
            .where(Ownership.account_id == int(account["account_id"]))
            .values(source=OwnershipSource.PLAN)
        )
    kept = fresh_client.put(f"{API}/accounts/by-external-id/crm/1", json={"owner": ""})
    assert (kept.get_json()["owner"], kept.get_json()["owner_id"]) == ("", account["owner_id"])
    url = f"{API}/accounts/{account['account_id']}/owner"
    assert fresh_client.put(url, json={"rep_id": "1"}).get_json()["owner_id"] == "1"
