"""Accounts as a CRM sends, reads and deletes them, by its own ids."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from api import create_app
from api.state import AppState
from data.tables import (
    Account,
    ExternalRef,
    LocationSource,
    Ownership,
    RepRef,
    Visit,
    VisitStatus,
)
from tests.api.address_world import HOUSE_1, account_of, address_state
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, TODAY, trip_request
from tests.data.builders import add_visit
from tests.data.conftest import KINDS, empty_database

API = "/api/v1"
CRM = f"{API}/accounts/by-external-id/crm"

WHOLE: dict[str, Any] = {
    "name": "Muster GmbH",
    "status": "customer",
    "segment": "100k_1m",
    "potential": 250_000.5,
    "address": {
        "street": "Hauptstr. 1",
        "postcode": "34001",
        "town": "Anfang",
        "country": "DE",
    },
    "opening_hours": [
        {"weekday": 1, "opens": "08:00", "closes": "12:00"},
        {"weekday": 1, "opens": "13:00", "closes": "24:00"},
    ],
    "service_duration_s": 1234,
    "visit_interval_days": 60,
    "notes": "Ring twice.\nThen wait.",
    "owner": "u-7",
    "contacts": [{"name": "Ada", "role": "Buyer", "email": "ada@example.com", "phone": "1"}],
}


@pytest.fixture(scope="module", params=KINDS)
def kept_client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FlaskClient]:
    """On a database of each kind, for tests that do not care what is in it."""
    folder = tmp_path_factory.mktemp("kept")
    with empty_database(request.param, folder) as url:
        state = address_state(folder, url)
        yield create_app(state).test_client()
        state.database.dispose()


def put(client: FlaskClient, external_id: str, **facts: Any) -> dict[str, Any]:
    response = client.put(f"{CRM}/{quote(external_id, safe='')}", json=facts)
    assert response.status_code in (200, 201), response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def test_an_account_is_read_as_it_was_sent(fresh_client: FlaskClient) -> None:
    sent = fresh_client.put(f"{CRM}/1", json=WHOLE)
    assert sent.status_code == 201
    assert sent.headers["Location"] == f"{CRM}/1"
    read = fresh_client.get(f"{CRM}/1")
    assert sent.headers["ETag"] == read.headers["ETag"] == '"1"'
    body = read.get_json()
    assert {key: body[key] for key in WHOLE} == WHOLE
    assert (body["system"], body["external_id"], body["version"]) == ("crm", "1", 1)
    assert body["external_refs"] == [{"system": "crm", "external_id": "1"}]
    assert body["created_at"] == body["updated_at"] == "2026-11-16T07:30:00Z"
    location = body["location"]
    assert location["position"] == list(HOUSE_1)
    assert (location["level"], location["source"]) == ("address", "geocoder")
    assert location["road_distance_m"] >= 0
    assert "issue" not in location
    card = fresh_client.get(f"{API}/accounts/{body['account_id']}").get_json()
    assert card["name"] == "Muster GmbH"
    assert card["external_refs"] == [{"system": "crm", "external_id": "1"}]


def test_a_put_says_where_the_account_was_found(fresh_client: FlaskClient) -> None:
    location = put(fresh_client, "1", **WHOLE)["location"]
    assert location["position"] == list(HOUSE_1)
    nowhere = put(fresh_client, "2", name="Far", address={"town": "Atlantis"})["location"]
    assert nowhere == {"issue": "LOCATION_MISSING", "alternatives": []}


def test_what_is_not_sent_stays_and_the_same_again_changes_nothing(
    fresh_client: FlaskClient,
) -> None:
    put(fresh_client, "1", **WHOLE)
    again = fresh_client.put(f"{CRM}/1", json=WHOLE)
    assert (again.status_code, again.headers["ETag"]) == (200, '"1"')
    changed = put(fresh_client, "1", notes="", contacts=[])
    assert (changed["notes"], changed["contacts"], changed["version"]) == ("", [], 2)
    assert changed["name"] == "Muster GmbH"
    assert changed["address"] == WHOLE["address"]


def test_a_position_that_is_sent_goes_before_the_address_but_not_before_a_pin(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    sent = put(fresh_client, "1", **WHOLE, position=[9.2, 51.2], location_level="street")
    assert sent["location"]["position"] == [9.2, 51.2]
    assert (sent["location"]["level"], sent["location"]["source"]) == ("street", "import")
    fresh_client.put(
        f"{API}/accounts/{sent['account_id']}/location", json={"position": [9.3, 51.3]}
    )
    kept = put(fresh_client, "1", position=[9.1, 51.1], address={"street": "Bahnhofstr. 2"})
    assert kept["location"]["position"] == [9.3, 51.3]
    assert account_of(fresh_state, kept["account_id"]).location_source is LocationSource.HAND


@pytest.mark.parametrize(
    "external_id", ["a/b", "//", "/x/", "..", "ä ö?#%&", "a//b", "x" * 200, "'; DROP TABLE account"]
)
def test_an_id_may_hold_any_characters(kept_client: FlaskClient, external_id: str) -> None:
    assert put(kept_client, external_id, name="A")["external_id"] == external_id
    read = kept_client.get(f"{CRM}/{quote(external_id, safe='')}").get_json()
    assert read["external_id"] == external_id


@pytest.mark.parametrize(
    ("system", "external_id", "pointer", "code"),
    [
        ("crm", "a\x00b", "/external_id", "INVALID_FORMAT"),
        ("crm", "\n\x0e\n", "/external_id", "INVALID_FORMAT"),
        ("crm", "x" * 201, "/external_id", "WRONG_LENGTH"),
        ("s" * 51, "1", "/system", "WRONG_LENGTH"),
        ("\x00", "1", "/system", "INVALID_FORMAT"),
    ],
)
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_an_id_that_cannot_be_is_refused(
    kept_client: FlaskClient, method: str, system: str, external_id: str, pointer: str, code: str
) -> None:
    url = f"{API}/accounts/by-external-id/{quote(system, safe='')}/{quote(external_id, safe='')}"
    body = {"json": {"name": "A"}} if method == "put" else {}
    response = getattr(kept_client, method)(url, **body)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


BAD = {
    "no name": ({"notes": "x"}, "/name", "MISSING"),
    "unknown key": ({"name": "A", "nmae": "B"}, "/nmae", "UNKNOWN_KEY"),
    "segment": ({"name": "A", "segment": "huge"}, "/segment", "UNKNOWN_SEGMENT"),
    "status": ({"name": "A", "status": "lost"}, "/status", "UNKNOWN_VALUE"),
    "latitude": ({"name": "A", "position": [9, 91]}, "/position/1", "OUT_OF_RANGE"),
    "level alone": ({"name": "A", "location_level": "street"}, "/position", "MISSING"),
    "country": ({"name": "A", "address": {"country": "Germany"}}, "/address/country", None),
    "hours": (
        {"name": "A", "opening_hours": [{"weekday": 1, "opens": "18:00", "closes": "02:00"}]},
        "/opening_hours/0/closes",
        "END_BEFORE_START",
    ),
    "negative": ({"name": "A", "potential": -1}, "/potential", "OUT_OF_RANGE"),
    "interval": ({"name": "A", "visit_interval_days": 0}, "/visit_interval_days", None),
    "name of blanks": ({"name": "   "}, "/name", "WRONG_LENGTH"),
    "long": ({"name": "A", "notes": "x" * 10_001}, "/notes", "WRONG_LENGTH"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_used_is_refused_with_its_place(own_state: AppState, name: str) -> None:
    body, pointer, code = BAD[name]
    response = create_app(own_state).test_client().put(f"{CRM}/bad", json=body)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def texts(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where in a body there are texts of any wording."""
    if isinstance(value, dict):
        return [found for key, one in value.items() for found in texts(one, (*path, key))]
    if isinstance(value, list):
        return [found for k, one in enumerate(value) for found in texts(one, (*path, k))]
    is_free = isinstance(value, str) and path[-1] not in ("status", "opens", "closes")
    return [path] if is_free else []


@pytest.mark.parametrize("path", texts(WHOLE), ids=lambda path: "-".join(map(str, path)))
def test_no_text_holds_what_the_database_cannot(
    kept_client: FlaskClient, path: tuple[str | int, ...]
) -> None:
    """NUL breaks PostgreSQL; half a surrogate pair is no text at all."""

    def with_text(text: str) -> Any:
        def copied(value: Any, rest: tuple[str | int, ...]) -> Any:
            if not rest:
                return text
            if isinstance(value, dict):
                return {**value, rest[0]: copied(value[rest[0]], rest[1:])}
            return [copied(one, rest[1:]) for one in value]

        return copied(WHOLE, path)

    pointer = "/" + "/".join(map(str, path))
    nul = kept_client.put(f"{CRM}/1", json=with_text("a\x00b"))
    assert_problem(nul, 422, "INVALID_REQUEST", pointer)
    half = kept_client.put(f"{CRM}/1", json=with_text("a\ud800b"))
    assert_problem(half, 400, "INVALID_JSON")


def test_texts_are_kept_as_they_are_given(kept_client: FlaskClient) -> None:
    name = "=HYPERLINK(\"x\") <b>Müller & 'Söhne'</b> \U0001f600"
    assert put(kept_client, "1", name=name)["name"] == name
    assert put(kept_client, "1", name=" Two\tparts\r\n")["name"] == "Two parts"


def test_a_change_of_an_outdated_version_is_refused(fresh_client: FlaskClient) -> None:
    put(fresh_client, "1", **WHOLE)
    first = {"If-Match": fresh_client.get(f"{CRM}/1").headers["ETag"]}
    assert fresh_client.put(f"{CRM}/1", json={"notes": "a"}, headers=first).status_code == 200
    for response in (
        fresh_client.put(f"{CRM}/1", json={"notes": "b"}, headers=first),
        fresh_client.delete(f"{CRM}/1", headers=first),
    ):
        assert_problem(response, 412, "PRECONDITION_FAILED")
    assert fresh_client.get(f"{CRM}/1").get_json()["notes"] == "a"
    second = {"If-Match": '"7", "2"'}
    assert fresh_client.delete(f"{CRM}/1", headers=second).status_code == 204


def test_a_change_may_ask_for_a_new_account_or_for_one_that_is_there(
    fresh_client: FlaskClient,
) -> None:
    there, new = {"If-Match": "*"}, {"If-None-Match": "*"}
    response = fresh_client.put(f"{CRM}/1", json=WHOLE, headers=there)
    assert_problem(response, 412, "PRECONDITION_FAILED")
    assert fresh_client.put(f"{CRM}/1", json=WHOLE, headers=new).status_code == 201
    response = fresh_client.put(f"{CRM}/1", json=WHOLE, headers=new)
    assert_problem(response, 412, "PRECONDITION_FAILED")
    assert fresh_client.put(f"{CRM}/1", json=WHOLE, headers=there).status_code == 200


def test_a_version_that_is_known_is_not_sent_again(fresh_client: FlaskClient) -> None:
    put(fresh_client, "1", **WHOLE)
    again = fresh_client.get(f"{CRM}/1", headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.data) == (304, b"")
    put(fresh_client, "1", notes="new")
    assert fresh_client.get(f"{CRM}/1", headers={"If-None-Match": '"1"'}).status_code == 200


def test_what_is_not_there_is_not_found(kept_client: FlaskClient) -> None:
    assert_problem(kept_client.get(f"{CRM}/none"), 404, "NOT_FOUND")
    assert_problem(kept_client.delete(f"{CRM}/none"), 404, "NOT_FOUND")
    assert_problem(kept_client.delete(f"{API}/accounts/99999999999999999"), 404, "NOT_FOUND")
    assert_problem(kept_client.delete(f"{API}/accounts/x"), 404, "NOT_FOUND")
    assert_problem(kept_client.patch(f"{API}/accounts/x", json={}), 404, "NOT_FOUND")


def test_an_account_is_changed_by_its_own_id(fresh_client: FlaskClient) -> None:
    url = f"{API}/accounts/5"
    before = fresh_client.get(url)
    version = before.headers["ETag"]
    body = {
        "name": "Neu & Co",
        "address": {"street": "Bahnhofstr. 2", "postcode": "34001", "town": "Anfang"},
        "contacts": [{"name": "Eve"}],
    }
    response = fresh_client.patch(url, json=body, headers={"If-Match": version})
    card = response.get_json()
    assert card["name"] == "Neu & Co"
    assert card["contacts"] == [{"name": "Eve"}]
    assert card["address"]["street"] == "Bahnhofstr. 2"
    assert card["location"]["position"] == [9.02, 51.012]
    assert card["status"] == before.get_json()["status"]
    assert response.headers["ETag"] == f'"{card["version"]}"' != version
    refused = fresh_client.patch(url, json=body, headers={"If-Match": version})
    assert_problem(refused, 412, "PRECONDITION_FAILED")
    for key, value in (("owner", "x"), ("position", [9, 51])):
        refused = fresh_client.patch(url, json={key: value})
        assert_problem(refused, 422, "INVALID_REQUEST", f"/{key}", "UNKNOWN_KEY")


def delete_by_external_id(client: FlaskClient) -> TestResponse:
    return client.delete(f"{CRM}/five")


def delete_by_id(client: FlaskClient) -> TestResponse:
    return client.delete(f"{API}/accounts/5")


@pytest.mark.parametrize("delete", [delete_by_external_id, delete_by_id])
def test_a_deleted_account_vanishes_and_comes_back_with_its_history(
    fresh_state: AppState, delete: Callable[[FlaskClient], TestResponse]
) -> None:
    client = create_app(fresh_state).test_client()
    dataset_id = fresh_state.snapshot().dataset.id
    with fresh_state.database.session() as session:
        session.add(
            ExternalRef(dataset_id=dataset_id, account_id=5, system="crm", external_id="five")
        )
        session.add(RepRef(dataset_id=dataset_id, rep_id=1, system="crm", external_id="ada"))
        session.execute(update(Account).where(Account.id == 5).values(crm_owner="ada"))
        add_visit(session, 5, NOW + timedelta(days=3), status=VisitStatus.COMMITTED, rep_id=1)
        add_visit(session, 5, NOW + timedelta(days=4), status=VisitStatus.PLANNED)
        add_visit(session, 5, NOW - timedelta(days=2), status=VisitStatus.PLANNED)
    before = client.get(f"{API}/accounts/5").get_json()
    assert len(before["visits"]) == 4
    assert delete(client).status_code == 204

    assert_problem(client.get(f"{API}/accounts/5"), 404, "NOT_FOUND")
    assert_problem(client.get(f"{CRM}/five"), 404, "NOT_FOUND")
    assert_problem(delete(client), 404, "NOT_FOUND")
    assert client.get(f"{API}/accounts?q=firma 5").get_json()["items"] == []
    assert client.get(f"{API}/accounts").get_json()["total"] == 29
    points = client.get(f"{API}/accounts.geojson").get_json()["features"]
    assert 5 not in [point["id"] for point in points]
    way = client.get(f"{API}/on-the-way?from=Anfang&to=Ostburg&limit=100").get_json()
    assert "5" not in [item["account_id"] for item in way["items"]]
    assert fresh_state.snapshot().commitments == ()
    with fresh_state.database.session() as session:
        states = session.scalars(
            select(Visit.status).where(Visit.account_id == 5).order_by(Visit.start_at)
        ).all()
        periods = session.scalars(select(Ownership).where(Ownership.account_id == 5)).all()
    assert [str(state) for state in states] == ["done", "planned", "cancelled", "cancelled"]
    assert [period.until_date for period in periods] == [TODAY]

    back = client.put(f"{CRM}/five", json={"notes": "again"})
    assert (back.status_code, back.get_json()["account_id"]) == (201, "5")
    assert back.get_json()["owner_id"] == "1"
    after = client.get(f"{API}/accounts/5").get_json()
    assert after["orders"] == before["orders"]
    assert len(after["visits"]) == 4
    assert after["name"] == before["name"]


def test_routes_stay_readable_when_an_account_of_theirs_is_gone(own_state: AppState) -> None:
    client = create_app(own_state).test_client()
    body = trip_request(1, visits=[{"account_id": "8", "required": True}, {"account_id": "9"}])
    route = client.post(f"{API}/routes", json=body).get_json()
    url = f"{API}/routes/{route['route_id']}"
    assert client.delete(f"{API}/accounts/8").status_code == 204
    assert client.delete(f"{API}/accounts/9").status_code == 204
    assert client.get(url).get_json()["days"] == route["days"]
    for other in ("", ".geojson", "/unassigned", "/revisions"):
        found = client.get(f"{url}{other}", headers={"Prefer": "accounts=named"})
        assert found.status_code == 200, other
    assert client.post(f"{url}/accept", json={}).get_json()["commitments"] == 0


def test_a_route_goes_on_without_accounts_that_are_gone(own_state: AppState) -> None:
    """One that is asked for, one where the day begins, and one that is not wanted at all."""
    client = create_app(own_state).test_client()
    body = trip_request(
        1,
        start={"account_id": "2"},
        visits=[{"account_id": "10", "required": True}, {"account_id": "11"}],
        candidate_filter={"exclude_account_ids": ["12"]},
    )
    route = client.post(f"{API}/routes", json=body).get_json()
    start = route["days"][0]["stops"][0]["location"]
    assert {"10"} <= visited(route)
    for account_id in ("2", "10", "12"):
        assert client.delete(f"{API}/accounts/{account_id}").status_code == 204
    url = f"{API}/routes/{route['route_id']}"
    response = client.post(f"{url}/replans", json={"now": "2026-11-23T07:00:00+01:00"})
    assert response.status_code == 201, response.get_data(as_text=True)
    replan = response.get_json()
    assert visited(replan).isdisjoint({"2", "10", "12"})
    assert len(visited(replan)) > 1
    assert replan["days"][0]["stops"][0]["location"] == start
    told = [one["detail"] for one in replan["warnings"] if one["code"] == "ACCOUNT_GONE"]
    assert len(told) == len({"2", "10"} & (visited(route) | {"10"}))
    assert "Account 10 has been deleted" in told[0]
    slots = client.post(f"{url}/insertions", json={"account_id": "28"})
    assert slots.status_code == 200, slots.get_data(as_text=True)
    # The account is told of once.
    later = client.post(f"{url}/replans", json={"now": "2026-11-23T07:30:00+01:00"}).get_json()
    assert "ACCOUNT_GONE" not in [one["code"] for one in later["warnings"]]


def visited(route: dict[str, Any]) -> set[str]:
    stops = (stop for day in route["days"] for stop in day["stops"])
    return {stop["account_id"] for stop in stops if stop["type"] == "visit"}


def test_two_who_send_the_same_new_account_at_once_both_get_it(fresh_state: AppState) -> None:
    app, rounds = create_app(fresh_state), 6
    for k in range(rounds):
        barrier, found = threading.Barrier(4), []

        def send(number: int, k: int = k) -> None:
            barrier.wait(10)  # noqa: B023
            body = {"name": "Neu", "notes": str(number)}
            found.append(app.test_client().put(f"{CRM}/new-{k}", json=body))  # noqa: B023

        threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(response.status_code for response in found) == [200, 200, 200, 201]
        assert len({response.get_json()["account_id"] for response in found}) == 1
        # Each saw another one's: four changes are four versions.
        assert sorted(response.get_json()["version"] for response in found) == [1, 2, 3, 4]
    with fresh_state.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 30 + rounds


def test_of_two_who_change_one_version_at_once_one_is_told(fresh_state: AppState) -> None:
    app = create_app(fresh_state)
    put(app.test_client(), "1", name="A")
    for k in range(1, 7):
        barrier, codes = threading.Barrier(2), []

        def send(number: int, k: int = k) -> None:
            barrier.wait(10)  # noqa: B023
            tag = {"If-Match": f'"{k}"'}
            body = {"notes": f"{k} {number}"}
            response = app.test_client().put(f"{CRM}/1", json=body, headers=tag)
            codes.append(response.status_code)  # noqa: B023

        threads = [threading.Thread(target=send, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(codes) == [200, 412]
