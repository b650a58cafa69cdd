"""Many accounts at once, and what has changed since."""

from datetime import datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import update

from api.state import AppState
from data import dataset_store
from data.tables import Account, ExternalRef, Ownership, OwnershipSource, RepRef
from tests.api.address_world import HOUSE_1, change
from tests.api.problems import assert_problem
from tests.api.small_world import NOW

API = "/api/v1"
BATCH = f"{API}/accounts/batch"
CHANGES = f"{API}/accounts/changes"


def send(client: FlaskClient, *items: Any, system: str = "crm") -> dict[str, Any]:
    response = client.post(BATCH, json={"system": system, "items": list(items)})
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def test_bad_items_are_refused_one_by_one_and_the_others_go_on(fresh_client: FlaskClient) -> None:
    address = {"street": "Hauptstr. 1", "postcode": "34001", "town": "Anfang"}
    done = send(
        fresh_client,
        {"external_id": "1", "name": "A", "address": address},
        {"external_id": "2", "name": "B", "segment": "huge"},
        {"external_id": "3"},
        "no object",
        {"name": "without an id"},
        {"external_id": "1", "name": "twice"},
        {"external_id": "7", "name": "a\x00b"},
        {"external_id": "8", "name": "H", "address": {"town": "Atlantis"}},
    )
    assert [item["effect"] for item in done["items"]] == ["created", *["refused"] * 6, "created"]
    assert done["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "refused": 6}
    faults = [
        (error["pointer"], error["code"]) for item in done["items"] for error in item["errors"]
    ]
    assert faults == [
        ("/items/1/segment", "UNKNOWN_SEGMENT"),
        ("/items/2/name", "MISSING"),
        ("/items/3", "WRONG_TYPE"),
        ("/items/4/external_id", "MISSING"),
        ("/items/5/external_id", "DUPLICATE_ACCOUNT"),
        ("/items/6/name", "INVALID_FORMAT"),
    ]
    assert [item.get("external_id") for item in done["items"]] == [
        *("1", "2", "3", None, None, "1", "7", "8")
    ]
    card = fresh_client.get(f"{API}/accounts/{done['items'][0]['account_id']}").get_json()
    assert card["location"]["position"] == list(HOUSE_1)
    last = fresh_client.get(f"{API}/accounts/{done['items'][7]['account_id']}").get_json()
    assert last["location_issue"] == "LOCATION_MISSING"


def test_the_same_again_changes_nothing_at_all(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    items = [{"external_id": str(k), "name": f"N {k}", "notes": "x"} for k in range(50)]
    first = send(fresh_client, *items)
    version = fresh_state.data_version
    second = send(fresh_client, *items)
    assert second["counts"] == {"created": 0, "updated": 0, "unchanged": 50, "refused": 0}
    assert [one["account_id"] for one in first["items"]] == [
        one["account_id"] for one in second["items"]
    ]
    assert fresh_state.data_version == version
    third = send(fresh_client, {"external_id": "7", "potential": 5}, *items[8:])
    assert third["counts"] == {"created": 0, "updated": 1, "unchanged": 42, "refused": 0}


def test_two_names_of_one_account_are_refused_in_one_batch(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    (one,) = send(fresh_client, {"external_id": "1", "name": "A"})["items"]
    with fresh_state.database.session() as session:
        session.add(
            ExternalRef(
                dataset_id=fresh_state.snapshot().dataset.id,
                account_id=int(one["account_id"]),
                system="crm",
                external_id="old-1",
            )
        )
    done = send(
        fresh_client, {"external_id": "old-1", "notes": "a"}, {"external_id": "1", "notes": "b"}
    )
    assert [item["effect"] for item in done["items"]] == ["updated", "refused"]


def test_owners_that_nobody_knows_and_those_that_a_plan_keeps_are_told(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    with fresh_state.database.session() as session:
        dataset_id = fresh_state.snapshot().dataset.id
        for rep_id, name in ((1, "ada"), (2, "ben")):
            session.add(
                RepRef(dataset_id=dataset_id, rep_id=rep_id, system="crm", external_id=name)
            )
    items = [{"external_id": str(k), "name": "N", "owner": "ada"} for k in range(3)]
    first = send(fresh_client, *items, {"external_id": "4", "name": "E", "owner": "eve"})
    assert first["unknown_owners"] == {"eve": 1}
    assert first["kept_owners"] == []
    planned = int(first["items"][1]["account_id"])
    with fresh_state.database.session() as session:
        session.execute(
            update(Ownership)
            .where(Ownership.account_id == planned)
            .values(source=OwnershipSource.PLAN)
        )
    second = send(fresh_client, *({**item, "owner": "ben"} for item in items))
    assert second["kept_owners"] == [str(planned)]
    owners = [
        fresh_client.get(f"{API}/accounts/{one['account_id']}").get_json().get("owner")
        for one in first["items"]
    ]
    assert owners == ["Ben Vogt", "Ada Weber", "Ben Vogt", None]


def test_a_batch_of_too_many_or_of_none_is_refused(fresh_client: FlaskClient) -> None:
    many = {"system": "crm", "items": [{"external_id": str(k)} for k in range(1001)]}
    for body, pointer in (
        (many, "/items"),
        ({"system": "crm", "items": []}, "/items"),
        ({"system": "", "items": [{}]}, "/system"),
        ({"items": [{}]}, "/system"),
    ):
        response = fresh_client.post(BATCH, json=body)
        assert_problem(response, 422, "INVALID_REQUEST", pointer)


def test_a_batch_with_a_key_is_done_once(fresh_client: FlaskClient) -> None:
    body = {"system": "crm", "items": [{"external_id": "1", "name": "A"}]}
    first = fresh_client.post(BATCH, json=body, headers={"Idempotency-Key": "k"})
    again = fresh_client.post(BATCH, json=body, headers={"Idempotency-Key": "k"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert first.get_json() == again.get_json()
    assert first.get_json()["counts"]["created"] == 1


def all_changes(client: FlaskClient, **query: Any) -> tuple[list[dict[str, Any]], str]:
    items: list[dict[str, Any]] = []
    while True:
        response = client.get(CHANGES, query_string=query)
        assert response.status_code == 200, response.get_data(as_text=True)
        page = response.get_json()
        items += page["items"]
        if "next_cursor" not in page:
            return items, page["next_since"]
        assert "next_since" not in page
        query["cursor"] = page["next_cursor"]


def test_changes_come_in_their_order_deleted_ones_too(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    everything, since = all_changes(fresh_client, limit=7)
    assert [item["account_id"] for item in everything] == [str(k) for k in range(1, 31)]
    assert datetime.fromisoformat(since) == NOW - timedelta(minutes=10)

    fresh_state.clock = lambda: NOW + timedelta(hours=1)
    send(fresh_client, {"external_id": "1", "name": "New"})
    fresh_state.clock = lambda: NOW + timedelta(hours=2)
    fresh_client.delete(f"{API}/accounts/9")
    fresh_client.patch(f"{API}/accounts/4", json={"notes": "x"})
    fresh_client.put(f"{API}/accounts/3/owner", json={"rep_id": "2"})
    after = (NOW + timedelta(minutes=1)).isoformat()
    found, since = all_changes(fresh_client, updated_since=after, limit=1)
    assert [item["account_id"] for item in found] == ["31", "3", "4", "9"]
    assert datetime.fromisoformat(since) == NOW + timedelta(hours=1, minutes=50)
    assert found[0]["external_refs"] == [{"system": "crm", "external_id": "1"}]
    assert found[1]["owner_id"] == "2"
    assert found[2]["notes"] == "x"
    assert found[3] == {
        "account_id": "9",
        "deleted": True,
        "external_refs": [],
        "updated_at": "2026-11-16T09:30:00Z",
    }
    later = (NOW + timedelta(hours=3)).isoformat()
    assert all_changes(fresh_client, updated_since=later)[0] == []


def test_changes_are_those_of_the_data_set_in_use(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    with fresh_state.database.session() as session:
        facts = dataset_store.active(session)
        assert facts is not None
        other = dataset_store.create(
            session,
            name="Other",
            kind=facts.kind,
            country="DE",
            timezone=facts.timezone,
            currency="EUR",
            created_for=facts.created_for,
            created_at=NOW,
        )
        session.execute(update(Account).where(Account.id > 3).values(dataset_id=other.id))
    assert [one["account_id"] for one in all_changes(fresh_client)[0]] == ["1", "2", "3"]


def test_a_moment_or_a_cursor_that_is_none_is_refused(fresh_client: FlaskClient) -> None:
    for name, value in (("updated_since", "yesterday"), ("cursor", "x"), ("limit", "0")):
        response = fresh_client.get(CHANGES, query_string={name: value})
        assert_problem(response, 422, "INVALID_REQUEST", f"/{name}")
    far = fresh_client.get(CHANGES, query_string={"cursor": f"{'9' * 18}-{'9' * 18}"})
    assert far.get_json()["items"] == []


def test_a_doubtful_position_is_told_with_a_change(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    change(fresh_state, "7", is_location_ambiguous=True)
    found = {
        one["account_id"]: one["location"].get("issue") for one in all_changes(fresh_client)[0]
    }
    assert (found["7"], found["8"], found["29"]) == ("GEOCODE_AMBIGUOUS", None, "LOCATION_MISSING")
