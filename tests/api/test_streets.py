"""The service on streets: Rutland, made from the extract that is shipped."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.settings import Settings
from api.state import AppState
from data import dataset_store
from data.database import Database
from data.osm.datasets import use_map
from data.tables import DatasetKind
from tests.api.problems import assert_problem
from tests.api.test_routes import check

TODAY = date(2026, 11, 22)
CLOCK = datetime(2026, 11, 22, 9, tzinfo=UTC)
DAY = {"date": "2026-11-24", "start": "2026-11-24T08:00:00Z", "end": "2026-11-24T17:00:00Z"}

WATER = [-0.625, 52.655]
"""In Rutland Water, the lake in the middle of the county."""

BEYOND = [-0.30, 52.65]
"""Five kilometres east of the extract."""


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, rutland_maps: Path) -> Iterator[AppState]:
    folder = tmp_path_factory.mktemp("streets")
    (folder / "maps").symlink_to(rutland_maps, target_is_directory=True)
    database = Database(f"sqlite:///{folder / 'streets.db'}")
    database.upgrade()
    use_map(database, rutland_maps, "rutland", TODAY)
    state = AppState(
        Settings(instance_dir=folder, iterations=500, bound_s=0), database, clock=lambda: CLOCK
    )
    state.load()
    yield state
    database.dispose()


@pytest.fixture(scope="module")
def client(state: AppState) -> FlaskClient:
    return create_app(state).test_client()


def trip(start: Any = "Oakham", end: Any = "Uppingham", **changes: Any) -> dict[str, Any]:
    def place(given: Any) -> dict[str, Any]:
        return {"place": given} if isinstance(given, str) else {"position": given}

    return {"start": place(start), "end": place(end), "days": [DAY], **changes}


@pytest.fixture(scope="module")
def route(client: FlaskClient) -> dict[str, Any]:
    response = client.post("/api/v1/routes", json=trip(options={"geometry": "geojson"}))
    assert response.status_code == 201, response.get_data(as_text=True)
    body: dict[str, Any] = response.get_json()
    return body


def test_the_data_set_is_that_of_the_county(client: FlaskClient) -> None:
    dataset = client.get("/api/v1/dataset").get_json()
    assert (dataset["currency"], dataset["timezone"]) == ("GBP", "Europe/London")
    assert 300 < dataset["account_count"] < 700
    assert dataset["example"] == {"start": "Oakham", "end": "Uppingham", "days": 1}
    west, south, east, north = dataset["bbox"]
    assert -0.9 < west < east < -0.4
    assert 52.5 < south < north < 52.8
    assert dataset["data_version"].startswith("rutland-")


def test_a_day_from_oakham_to_uppingham_is_planned_on_streets(route: dict[str, Any]) -> None:
    check(route)
    assert route["status"] == "complete"
    assert route["currency"] == "GBP"
    assert route["totals"]["visits"] >= 5
    assert all(leg["source"] == "road" for leg in route["days"][0]["legs"])
    # 10 km by the A6003 as the signpost says, and five minutes at the ends.
    assert 720 < route["totals"]["direct_travel_s"] < 1_500


def test_the_ways_name_their_streets_and_follow_them(route: dict[str, Any]) -> None:
    legs = [f for f in route["geojson"]["features"] if f["geometry"]["type"] == "LineString"]
    named = [street for leg in legs for street in leg["properties"].get("streets", ())]
    assert "High Street" in named
    assert max(len(leg["geometry"]["coordinates"]) for leg in legs) > 50


def test_a_place_in_the_lake_says_how_far_the_next_road_is(client: FlaskClient) -> None:
    """Beside the lake it is driven to the shore; in the middle of it that is still near a road."""
    body = assert_problem(
        client.post("/api/v1/routes", json=trip(start=BEYOND)), 422, "INVALID_REQUEST"
    )
    [error] = body["errors"]
    assert error["code"] == "OFF_ROAD"
    assert error["pointer"] == "/start"
    assert "km" in error["detail"]
    assert "2 km" in error["detail"]  # the limit
    assert error["detail"].startswith(f"[{BEYOND[0]:g}, {BEYOND[1]:g}] is ")
    answer = client.post("/api/v1/routes", json=trip(start=WATER, options={"iterations": 50}))
    assert answer.status_code == 201
    # Off the road the way is slow and said to be an estimate if it is most of the leg.
    assert answer.get_json()["totals"]["direct_travel_s"] > 900
    [warning] = answer.get_json()["warnings"]
    assert (warning["code"], warning["pointer"]) == ("FAR_FROM_ROAD", "/start")
    assert "is 0.8 km away" in warning["detail"]


def test_the_basemap_is_tiles_and_no_lines(client: FlaskClient) -> None:
    dataset = client.get("/api/v1/dataset").get_json()
    assert dataset["tiles_url"].startswith("/tiles/")
    assert client.get("/basemap/roads.geojson").get_json()["features"] == []
    # Oakham at zoom 12.
    tile = client.get("/tiles/12/2039/1341.mvt")
    assert tile.status_code == 200
    assert len(tile.data) > 1_000


def test_places_are_found_by_name(client: FlaskClient) -> None:
    items = client.get("/api/v1/places?q=upp").get_json()["items"]
    assert items[0]["name"] == "Uppingham"
    detail = assert_problem(
        client.post("/api/v1/routes", json=trip(end="Upingham")), 422, "INVALID_REQUEST"
    )["errors"][0]["detail"]
    assert "Uppingham" in detail


def test_another_data_set_takes_over_while_the_service_runs(
    state: AppState, client: FlaskClient
) -> None:
    """One without a map: its ways are estimated and say so, and no account of Rutland shows."""
    with state.database.session() as session:
        own = dataset_store.create(
            session,
            name="No map",
            kind=DatasetKind.OWN,
            country="GB",
            timezone="Europe/London",
            currency="GBP",
            created_for=TODAY,
            created_at=CLOCK,
        )
        rutland = dataset_store.active(session)
        assert rutland is not None
        dataset_store.activate(session, own.id)
    try:
        dataset = client.get("/api/v1/dataset").get_json()
        assert (dataset["name"], dataset["account_count"]) == ("No map", 0)
        assert dataset.get("tiles_url") is None
        asked = trip([-0.73, 52.67], [-0.72, 52.59])
        asked["visits"] = [
            {"location": {"position": [-0.70, 52.63]}, "required": True, "visit_id": "a"}
        ]
        answer = client.post("/api/v1/routes", json=asked)
        assert answer.status_code == 201, answer.get_data(as_text=True)
        body = answer.get_json()
        assert "ROADS_UNKNOWN" in [warning["code"] for warning in body["warnings"]]
        assert all(leg["source"] == "estimate" for leg in body["days"][0]["legs"])
    finally:
        with state.database.session() as session:
            dataset_store.activate(session, rutland.id)
    assert client.get("/api/v1/dataset").get_json()["account_count"] > 300


def test_a_map_that_is_missing_leaves_the_service_saying_so(
    state: AppState, client: FlaskClient
) -> None:
    with state.database.session() as session:
        rutland = dataset_store.active(session)
        assert rutland is not None
        rutland.map_name = "atlantis"
    try:
        body = assert_problem(client.get("/api/v1/dataset"), 503, "NOT_READY")
        assert "atlantis" in body["detail"]
    finally:
        with state.database.session() as session:
            found = dataset_store.active(session)
            assert found is not None
            found.map_name = "rutland"
    assert client.get("/api/v1/dataset").status_code == 200
