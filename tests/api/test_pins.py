"""Doubtful pins are listed, set by hand and looked for again."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts import AccountRecord, LocationLevel
from api import create_app
from api.schemas.pin import LocationChange
from api.services import locating, pins
from api.services.errors import ChangedMeanwhileError
from api.state import AppState
from data import account_upsert, dataset_store
from data.geocoding.located import Located
from data.tables import ExternalRef, LocationSource
from geo import Location
from tests.api.address_world import HOUSE_1, account_of, address_state, change
from tests.api.problems import assert_problem
from tests.api.small_world import NOW

URL = "/api/v1/accounts"
Body = dict[str, Any]

OSTBURG: Body = {
    "lon": 9.39,
    "lat": 51.39,
    "level": "address",
    "confidence": 0.5,
    "label": "Hauptstraße 1, 34002 Ostburg",
}
TOWN: Body = {"lon": 9.3, "lat": 51.1, "level": "place", "confidence": 0.5, "label": "Neustadt"}


@pytest.fixture
def state(tmp_path: Path) -> Iterator[AppState]:
    state = address_state(tmp_path)
    change(
        state,
        "3",
        street="Hauptstr. 1",
        postcode="",
        town="",
        is_location_ambiguous=True,
        location_level=LocationLevel.ADDRESS,
        location_source=LocationSource.GEOCODER,
        location_origin="© OpenStreetMap contributors",
        location_alternatives=[OSTBURG, TOWN],
        potential_cents=100_000_000,
    )
    change(state, "4", location_level=LocationLevel.PLACE, potential_cents=200_000_000)
    change(state, "5", location_level=LocationLevel.PLACE, potential_cents=1)
    yield state
    state.database.dispose()


@pytest.fixture
def client(state: AppState) -> FlaskClient:
    return create_app(state).test_client()


def worklist(client: FlaskClient, query: str = "") -> Body:
    response = client.get(f"{URL}/worklist?{query}")
    assert response.status_code == 200, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


def ids(body: Body) -> list[str]:
    return [item["account_id"] for item in body["items"]]


def put(client: FlaskClient, account_id: str, **body: Any) -> Body:
    response = client.put(f"{URL}/{account_id}/location", json=body)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: Body = response.get_json()
    return found


def test_the_worklist_begins_with_who_could_buy_most(client: FlaskClient) -> None:
    body = worklist(client)
    assert ids(body)[:2] == ["4", "3"]
    assert ids(body)[-1] == "5"
    assert set(ids(body)) == {"3", "4", "5", "29"}
    assert body["counts"] == {
        "LOCATION_MISSING": 1,
        "GEOCODE_AMBIGUOUS": 1,
        "GEOCODE_TOO_COARSE": 2,
    }
    item = body["items"][1]
    assert item["address"] == {"street": "Hauptstr. 1"}
    assert item["location"]["issue"] == "GEOCODE_AMBIGUOUS"
    assert item["location"]["source"] == "geocoder"
    assert [one["label"] for one in item["location"]["alternatives"]] == [
        "Hauptstraße 1, 34002 Ostburg",
        "Neustadt",
    ]
    assert item["location"]["road_distance_m"] >= 0
    missing = next(one for one in body["items"] if one["account_id"] == "29")
    assert missing["location"] == {"issue": "LOCATION_MISSING", "alternatives": []}


def test_the_worklist_can_be_asked_for_some_issues(client: FlaskClient) -> None:
    assert ids(worklist(client, "issue=GEOCODE_TOO_COARSE")) == ["4", "5"]
    both = worklist(client, "issue=LOCATION_MISSING,GEOCODE_AMBIGUOUS")
    assert set(ids(both)) == {"3", "29"}
    assert both["counts"]["GEOCODE_TOO_COARSE"] == 2


def test_pages_of_the_worklist_hold_everybody_once_while_it_is_mended(client: FlaskClient) -> None:
    first = worklist(client, "limit=2")
    put(client, first["items"][0]["account_id"], position=[9.1, 51.1])
    put(client, first["items"][1]["account_id"], position=[9.1, 51.1])
    second = worklist(client, f"limit=2&cursor={first['next_cursor']}")
    assert sorted(ids(first) + ids(second)) == ["29", "3", "4", "5"]
    assert "next_cursor" not in second


@pytest.mark.parametrize("query", ["issue=COLD", "issue=", "cursor=4", "limit=0", "limit=501"])
def test_a_worklist_that_cannot_be_is_refused(client: FlaskClient, query: str) -> None:
    if query == "issue=":  # an empty value counts as missing
        assert len(worklist(client, query)["items"]) == 4
    else:
        assert_problem(client.get(f"{URL}/worklist?{query}"), 422, "INVALID_REQUEST")


def test_a_pin_set_by_hand_is_exact_and_nobody_else_moves_it(
    client: FlaskClient, state: AppState
) -> None:
    location = put(client, "3", position=[9.2, 51.2])
    assert location == {
        "position": [9.2, 51.2],
        "level": "position",
        "confidence": 1.0,
        "source": "hand",
        "road_distance_m": 0,
        "alternatives": [],
    }
    assert "3" not in ids(worklist(client))
    with state.database.session() as session:
        session.add(ExternalRef(dataset_id=1, account_id=3, system="crm", external_id="A3"))
    elsewhere = AccountRecord(
        "crm", "A3", location=Location(9.4, 51.4), street="Bahnhofstr. 2", town="Anfang"
    )
    with state.database.session() as session:
        asked = account_upsert.who_moves(session, 1, [elsewhere])
        assert asked == {}
        account_upsert.upsert(
            session,
            dataset_store.get(session, 1),
            [elsewhere],
            {0: Located(Location(9.4, 51.4), LocationLevel.ADDRESS, 1.0)},
            NOW,
            date(2026, 11, 16),
        )
    account = account_of(state, "3")
    assert (account.lon, account.lat, account.street) == (9.2, 51.2, "Bahnhofstr. 2")


def test_setting_a_pin_raises_the_version(client: FlaskClient, state: AppState) -> None:
    before = account_of(state, "3")
    response = client.put(f"{URL}/3/location", json={"position": [9.2, 51.2]})
    after = account_of(state, "3")
    assert after.version == before.version + 1
    assert response.headers["ETag"] == f'"{after.version}"'
    assert after.updated_at == NOW


def test_a_pin_of_another_version_is_not_moved(client: FlaskClient, state: AppState) -> None:
    version = account_of(state, "3").version
    old, new = {"If-Match": f'"{version + 1}"'}, {"If-Match": f'"{version}"'}
    url, body = f"{URL}/3/location", {"position": [9.2, 51.2]}
    assert_problem(client.put(url, json=body, headers=old), 412, "PRECONDITION_FAILED")
    assert_problem(client.delete(url, headers=old), 412, "PRECONDITION_FAILED")
    assert account_of(state, "3").version == version
    response = client.put(url, json=body, headers=new)
    assert (response.status_code, response.headers["ETag"]) == (200, f'"{version + 1}"')


def test_where_the_pin_is_can_be_confirmed(client: FlaskClient) -> None:
    """The position of a coarse pin, said by hand, is no longer coarse."""
    known = worklist(client, "issue=GEOCODE_TOO_COARSE")["items"][0]
    location = put(client, known["account_id"], position=known["location"]["position"])
    assert location["position"] == known["location"]["position"]
    assert "issue" not in location


def test_an_alternative_that_is_chosen_is_as_exact_as_it_was(client: FlaskClient) -> None:
    location = put(client, "3", alternative=0)
    assert location["position"] == [9.39, 51.39]
    assert (location["level"], location["source"]) == ("address", "hand")
    assert location["label"] == "Hauptstraße 1, 34002 Ostburg"
    assert location["attribution"] == "© OpenStreetMap contributors"
    assert "issue" not in location


def test_a_town_that_is_chosen_is_still_too_coarse(client: FlaskClient) -> None:
    location = put(client, "3", alternative=1)
    assert location["level"] == "place"
    assert location["issue"] == "GEOCODE_TOO_COARSE"


@pytest.mark.parametrize(
    ("account_id", "index", "words"), [("3", 2, "it has 2"), ("4", 0, "it has none")]
)
def test_an_alternative_that_is_none_is_refused(
    client: FlaskClient, account_id: str, index: int, words: str
) -> None:
    response = client.put(f"{URL}/{account_id}/location", json={"alternative": index})
    body = assert_problem(response, 422, "INVALID_REQUEST", "/alternative", "OUT_OF_RANGE")
    assert words in body["detail"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/position", "MISSING"),
        ({"position": [9, 51], "alternative": 0}, "/position", "CONTRADICTION"),
        ({"position": [9, 91]}, "/position/1", "OUT_OF_RANGE"),
        ({"position": [9]}, "/position/1", "MISSING"),
        ({"position": ["9", "51"]}, "/position/0", "WRONG_TYPE"),
        ({"alternative": -1}, "/alternative", "OUT_OF_RANGE"),
        ({"level": "place"}, "/level", "UNKNOWN_KEY"),
    ],
)
def test_a_pin_that_cannot_be_is_refused(
    client: FlaskClient, body: Body, pointer: str, code: str
) -> None:
    response = client.put(f"{URL}/3/location", json=body)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


@pytest.mark.parametrize("account_id", ["99", "x", "-1", "9" * 30])
def test_an_account_that_is_none_has_no_pin(client: FlaskClient, account_id: str) -> None:
    url = f"{URL}/{account_id}/location"
    assert_problem(client.put(url, json={"position": [9, 51]}), 404, "NOT_FOUND")
    assert_problem(client.delete(url), 404, "NOT_FOUND")


def test_forgetting_a_pin_looks_for_the_address_again(client: FlaskClient, state: AppState) -> None:
    change(state, "4", street="Hauptstr. 1", postcode="34001", town="Anfang")
    put(client, "4", position=[9.3, 51.3])
    response = client.delete(f"{URL}/4/location")
    assert response.status_code == 200
    location = response.get_json()
    assert location["position"] == list(HOUSE_1)
    assert (location["level"], location["source"]) == ("address", "geocoder")
    assert location["label"] == "Hauptstraße 1, 34001 Anfang"


def test_forgetting_a_pin_without_an_address_leaves_none(
    client: FlaskClient, state: AppState
) -> None:
    change(state, "4", street="", postcode="", town="")
    put(client, "4", position=[9.3, 51.3])
    assert client.delete(f"{URL}/4/location").get_json() == {
        "issue": "LOCATION_MISSING",
        "alternatives": [],
    }
    account = account_of(state, "4")
    assert (account.lon, account.location_source, account.location_level) == (None, None, None)


def test_what_another_system_gave_is_not_forgotten(client: FlaskClient, state: AppState) -> None:
    before = account_of(state, "4")
    assert before.location_source is LocationSource.IMPORT
    location = client.delete(f"{URL}/4/location").get_json()
    after = account_of(state, "4")
    assert location["source"] == "import"
    assert (after.lon, after.lat, after.version) == (before.lon, before.lat, before.version)


def test_of_two_who_move_a_pin_at_once_one_is_told(
    state: AppState, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing, somebody else changes the account."""
    change(state, "4", location_source=LocationSource.HAND, street="Hauptstr. 1", town="Anfang")

    def locate(*given: Any) -> dict[int, Located]:
        pins.set_location(state, "4", LocationChange(position=(9.25, 51.25)))
        return locating.locate(*given)

    monkeypatch.setattr(pins, "locate", locate)
    with pytest.raises(ChangedMeanwhileError):
        pins.forget_location(state, "4")
    assert account_of(state, "4").lon == 9.25
