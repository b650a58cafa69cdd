"""One small world for all tests of the interface; they add routes to it and change nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.state import AppState
from routing.bound import warm_up
from tests.api.address_world import address_state
from tests.api.small_world import small_state
from tests.data.conftest import KINDS, empty_database


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppState]:
    state = small_state(tmp_path_factory.mktemp("small"))
    yield state
    state.database.dispose()


@pytest.fixture(scope="module")
def own_state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppState]:
    """A small world of its own, whose reps and accounts a module may change."""
    state = small_state(tmp_path_factory.mktemp("own"))
    yield state
    state.database.dispose()


@pytest.fixture(params=KINDS)
def fresh_state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AppState]:
    """A small world with addresses for one test alone, on a database of each kind."""
    with empty_database(request.param, tmp_path) as url:
        state = address_state(tmp_path, url)
        yield state
        state.database.dispose()


@pytest.fixture
def fresh_client(fresh_state: AppState) -> FlaskClient:
    return create_app(fresh_state).test_client()


@pytest.fixture
def bounding_state(tmp_path: Path) -> Iterator[AppState]:
    """A small world of its own whose plans are bounded."""
    warm_up()  # which may take longer than anybody waits
    state = small_state(tmp_path)
    state.settings = replace(state.settings, bound_s=20.0)
    yield state
    state.database.dispose()


@pytest.fixture(scope="session")
def app(state: AppState) -> Flask:
    return create_app(state)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
