"""Tiles over HTTP, of a world with tiles and of one without."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import mapbox_vector_tile
import pytest
from flask.testing import FlaskClient

from api import create_app
from api.services.tiles import tiles_url
from api.settings import Settings
from api.state import AppState
from data.database import Database
from data.osm.basemap.tiles import TileSource
from data.osm.rest import write_rest
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, fill, small_world
from tests.data.osm.rest_extract import two_municipalities

TOWN = "/tiles/10/543/474.mvt"
NOTHING = "/tiles/10/0/0.mvt"


@pytest.fixture(scope="module")
def mapped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The small world on a map with a town at 11.01, 13.01."""
    folder = tmp_path_factory.mktemp("mapped")
    extract = two_municipalities()
    extract.node(11.01, 13.01, place="town", name="Alba")
    for k in range(40):
        west = round(11.0 + 0.001 * k, 4)
        extract.way([(west, 13.001), (west, 13.019)], highway="primary", ref=f"B {k}")
    write_rest(extract.write(folder / "small.osm.pbf"), folder)
    database = Database(f"sqlite:///{folder / 'small.db'}")
    database.upgrade()
    fill(database)
    world = replace(small_world(), tiles=TileSource(folder))
    state = AppState(Settings(instance_dir=folder), database, lambda name: world, lambda: NOW)
    state.load()
    yield create_app(state).test_client()
    database.dispose()


def test_a_tile_is_sent_compressed_and_reads_back(mapped: FlaskClient) -> None:
    response = mapped.get(TOWN, headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.mimetype == "application/vnd.mapbox-vector-tile"
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Vary"] == "Accept-Encoding"
    raw = gzip.decompress(response.data)
    assert raw == mapped.get(TOWN, headers={"Accept-Encoding": "identity"}).data
    (town,) = mapbox_vector_tile.decode(raw)["place"]["features"]
    assert town["properties"] == {"class": "town", "name": "Alba"}


def test_a_tile_that_the_client_has_is_not_sent_again(mapped: FlaskClient) -> None:
    etag = mapped.get(TOWN).headers["ETag"]
    again = mapped.get(TOWN, headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


def test_only_a_tile_of_the_version_asked_for_is_kept_for_good(mapped: FlaskClient) -> None:
    url = mapped.get("/api/v1/dataset").get_json()["tiles_url"]
    current = mapped.get(url.format(z=10, x=543, y=474))
    assert "immutable" in current.headers["Cache-Control"]
    assert mapped.get(TOWN).headers["Cache-Control"] == "no-cache"
    assert mapped.get(f"{TOWN}?v=another").headers["Cache-Control"] == "no-cache"


def test_a_tile_of_nothing_is_an_answer_without_bytes(mapped: FlaskClient) -> None:
    response = mapped.get(NOTHING, headers={"Accept-Encoding": "identity"})
    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize(
    "place", ["15/0/0", "3/8/0", "3/0/8", "99999999999/0/0", "a/b/c", "1/-1/0"]
)
def test_a_tile_that_cannot_be_is_not_found(mapped: FlaskClient, place: str) -> None:
    assert_problem(mapped.get(f"/tiles/{place}.mvt"), 404, "NOT_FOUND")


def test_an_unknown_parameter_is_refused(mapped: FlaskClient) -> None:
    assert_problem(mapped.get(f"{TOWN}?version=1"), 422, "INVALID_REQUEST", "/version")


def test_a_map_without_tiles_has_none(client: FlaskClient) -> None:
    problem = assert_problem(client.get(TOWN), 404, "NOT_FOUND")
    assert "/basemap" in problem["detail"]
    dataset = client.get("/api/v1/dataset").get_json()
    assert "tiles_url" not in dataset
    assert "map_bbox" not in dataset


def test_the_data_set_says_where_the_map_is(mapped: FlaskClient) -> None:
    dataset = mapped.get("/api/v1/dataset").get_json()
    assert dataset["map_bbox"] == pytest.approx([11.0, 13.0, 11.04, 13.02], abs=1e-4)


def test_another_map_has_other_addresses(tmp_path: Path) -> None:
    """Or browsers would show the old streets for a year."""
    write_rest(two_municipalities().write(tmp_path / "small.osm.pbf"), tmp_path)
    tiles = TileSource(tmp_path)
    urls = {tiles_url(replace(small_world(), tiles=tiles, version=name)) for name in ("a", "b")}
    assert len(urls) == 2
