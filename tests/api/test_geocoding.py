"""Addresses to positions and back, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from accounts import Address
from api import create_app
from api.services.locating import locate
from api.state import AppState
from tests.api.address_world import HOUSE_1, address_state
from tests.api.problems import assert_problem

Body = dict[str, Any]


@pytest.fixture(scope="module")
def addresses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppState]:
    state = address_state(tmp_path_factory.mktemp("addresses"))
    yield state
    state.database.dispose()


@pytest.fixture
def client(addresses: AppState) -> FlaskClient:
    return create_app(addresses).test_client()


def get(client: FlaskClient, path: str, **query: Any) -> Body:
    response = client.get(f"/api/v1/{path}?{urlencode(query)}")
    assert response.status_code == 200, response.get_data(as_text=True)
    body: Body = response.get_json()
    return body


@pytest.mark.parametrize(
    "query",
    [
        {"q": "Hauptstr. 1, 34001 Anfang"},
        {"street": "Hauptstr. 1", "postcode": "34001", "town": "Anfang"},
        {"street": "Hauptstr. 1", "town": "Anfang", "country": "de"},
    ],
)
def test_an_address_is_found_as_one_text_and_in_parts(client: FlaskClient, query: Body) -> None:
    found = get(client, "geocode", **query)
    assert found["best"]["position"] == list(HOUSE_1)
    assert found["best"]["level"] == "address"
    assert found["best"]["label"] == "Hauptstraße 1, 34001 Anfang"
    assert (found["best"]["street"], found["best"]["house_number"]) == ("Hauptstraße", "1")
    assert found["is_ambiguous"] is False
    assert "OpenStreetMap" in found["attribution"]


def test_an_address_that_may_be_in_two_towns_names_both(client: FlaskClient) -> None:
    found = get(client, "geocode", q="Hauptstraße 1")
    assert found["is_ambiguous"] is True
    towns = {found["best"]["town"], *(one["town"] for one in found["alternatives"])}
    assert towns == {"Anfang", "Ostburg"}


def test_a_number_between_two_others_is_interpolated(client: FlaskClient) -> None:
    found = get(client, "geocode", q="Hauptstraße 4, 34001 Anfang")
    assert found["best"]["level"] in ("interpolated", "street")
    assert found["best"]["confidence"] < 1


def test_an_address_that_is_nowhere_is_not_found(client: FlaskClient) -> None:
    response = client.get("/api/v1/geocode?q=Ringstrasse 5, 8000 Zürich")
    assert_problem(response, 404, "ADDRESS_NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "MISSING"),
        ("q=", "MISSING"),
        ("q=%20%20", "MISSING"),
        ("country=DE", "MISSING"),
        ("q=Anfang&town=Anfang", "CONTRADICTION"),
        (f"street={'a' * 200}&town={'b' * 200}", "WRONG_LENGTH"),
        (f"q={'a' * 301}", "WRONG_LENGTH"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(client: FlaskClient, query: str, code: str) -> None:
    response = client.get(f"/api/v1/geocode?{query}")
    assert_problem(response, 422, "INVALID_REQUEST", "/q", code)


def test_a_position_has_the_address_of_the_nearest_house(client: FlaskClient) -> None:
    found = get(client, "reverse", lon=9.0101, lat=51.01)
    assert found["best"]["label"] == "Hauptstraße 1, 34001 Anfang"
    assert found["best"]["level"] == "address"
    assert found["distance_m"] == 7


def test_a_position_far_from_everything_has_no_address(client: FlaskClient) -> None:
    assert_problem(client.get("/api/v1/reverse?lon=0&lat=0"), 404, "ADDRESS_NOT_FOUND")


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ("lon=9", "/lat", "MISSING"),
        ("lon=9&lat=91", "/lat", "OUT_OF_RANGE"),
        ("lon=9&lat=nan", "/lat", "OUT_OF_RANGE"),
        ("lon=x&lat=51", "/lon", "WRONG_TYPE"),
    ],
)
def test_a_position_that_is_none_is_refused(
    client: FlaskClient, query: str, pointer: str, code: str
) -> None:
    response = client.get(f"/api/v1/reverse?{query}")
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_without_a_map_nothing_can_be_looked_up(own_state: AppState) -> None:
    client = create_app(own_state).test_client()
    assert_problem(client.get("/api/v1/geocode?q=Anfang"), 409, "NO_GEOCODER")
    assert_problem(client.get("/api/v1/reverse?lon=9&lat=51"), 409, "NO_GEOCODER")


def test_a_map_without_addresses_says_so_and_leaves_accounts_without_a_position(
    tmp_path: Path,
) -> None:
    state = address_state(tmp_path)
    (tmp_path / "addresses" / "addresses.sqlite").unlink()
    response = create_app(state).test_client().get("/api/v1/geocode?q=Anfang")
    body = assert_problem(response, 409, "NO_GEOCODER")
    assert "Build the map again" in body["detail"]
    located = locate(state.world, "DE", {7: Address("Hauptstr. 1", "34001", "Anfang")})
    assert located[7].location is None
    state.database.dispose()
