"""The service where roads come from an OSRM server."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.open_world import open_world
from api.settings import Settings
from api.state import AppState
from data.database import Database
from data.errors import OsrmUnavailableError
from data.osrm_engine import OsrmEngine
from routing.roads.engine import SnappedPlaces, TravelMatrix
from routing.roads.great_circle_engine import GreatCircleEngine
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, fill, small_world, trip_request

SECRET = "http://inner:5000 is silent"


class SilentEngine(GreatCircleEngine):
    """Knows where places are, and is then left alone by its server."""

    def matrix(self, sources: SnappedPlaces, targets: SnappedPlaces) -> TravelMatrix:
        raise OsrmUnavailableError(SECRET)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    database = Database(f"sqlite:///{tmp_path / 'osrm.db'}")
    database.upgrade()
    fill(database)
    world = replace(small_world(), engine=SilentEngine())
    state = AppState(Settings(instance_dir=tmp_path), database, lambda name: world, lambda: NOW)
    state.load()
    yield create_app(state).test_client()
    database.dispose()


def test_a_silent_server_is_told_and_its_address_is_only_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.post("/api/v1/routes", json=trip_request())
    body = assert_problem(answer, 503, "ROADS_UNAVAILABLE")
    assert "inner" not in str(body)
    assert SECRET in caplog.text
    assert int(answer.headers["Retry-After"]) > 0


def test_the_setting_replaces_the_roads_of_any_map(tmp_path: Path) -> None:
    """Opening asks the server nothing: it may start later."""
    settings = Settings(instance_dir=tmp_path, osrm_url="http://127.0.0.1:9")
    world = open_world(settings, None)
    assert isinstance(world.engine, OsrmEngine)
    assert world.version.startswith("osrm-")
    assert not world.engine.is_estimate
