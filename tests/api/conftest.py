"""One small world for all tests of the interface; they add routes to it and change nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copyfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from api import create_app
from api.state import AppState
from data.database import Database
from routing.bound import warm_up
from tests.api.address_world import address_state
from tests.api.small_world import opened_state, small_state
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


@pytest.fixture(scope="session")
def small_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a small world, to be copied: filling one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("copied")
    state = small_state(folder)
    # Closing the last connection writes what is in the write-ahead log into the file.
    state.database.dispose()
    return folder / "small.db"


@pytest.fixture
def copied_state(small_file: Path, tmp_path: Path) -> Iterator[AppState]:
    """A small world for one test alone, on SQLite."""
    copyfile(small_file, tmp_path / "small.db")
    database = Database(f"sqlite:///{tmp_path / 'small.db'}")
    state = opened_state(database, tmp_path)
    yield state
    state.database.dispose()


@pytest.fixture
def copied_client(copied_state: AppState) -> FlaskClient:
    return create_app(copied_state).test_client()


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
