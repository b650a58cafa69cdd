"""A geocoding job whose process is killed goes on where it was."""

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.schemas.geocoding_job import GeocodingJobRequest
from api.services import geocoding_jobs
from api.settings import Settings
from api.state import AppState
from data import dataset_store, job_store
from data.database import Database
from data.tables import DatasetKind
from tests.data.builders import add_account
from tests.data.fake_geocoders import FakeGeocoders, Known, fake_geocoders

ROOT = Path(__file__).resolve().parents[2]
COUNT = 60
PATIENCE_S = 120

WORKER = """
import sys
from pathlib import Path
from api.settings import Settings
from api.state import AppState
from api.jobs.work import work_on

own = Settings(
    instance_dir=Path(sys.argv[1]), geocoder="photon", geocoder_url=sys.argv[2],
    geocoder_per_second=20,
)
state = AppState(own)
state.load()
work_on(state, sys.argv[3], "test/")
"""
"""A process that does one job, about twenty addresses a second."""


@pytest.fixture
def server() -> Iterator[FakeGeocoders]:
    with fake_geocoders() as fake:
        fake.known = [
            Known("Holzweg", str(k), "34003", "Mittendorf", 9.2 + k / 1000, 51.2)
            for k in range(1, COUNT + 1)
        ]
        yield fake


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Accounts without a position, in a data set without a map."""
    settings = Settings(instance_dir=tmp_path)
    database = Database(settings.database_url)
    database.upgrade()
    now = datetime(2026, 11, 16, tzinfo=UTC)
    with database.session() as session:
        dataset = dataset_store.create(
            session,
            name="Killed",
            kind=DatasetKind.OWN,
            country="DE",
            timezone="Europe/Berlin",
            currency="EUR",
            created_for=now.date(),
            created_at=now,
        )
        dataset_store.activate(session, dataset.id)
        for k in range(1, COUNT + 1):
            add_account(
                session,
                dataset.id,
                lon=None,
                lat=None,
                location_level=None,
                location_source=None,
                street=f"Holzweg {k}",
                postcode="34003",
                town="Mittendorf",
            )
    database.dispose()
    return settings


def test_a_killed_job_asks_for_no_address_again_and_finds_them_all(
    settings: Settings, server: FakeGeocoders
) -> None:
    state = AppState(settings)
    state.load()
    job = geocoding_jobs.submit(state, GeocodingJobRequest(), "/jobs")
    kills = 0
    for until in (15, 40, 10 * COUNT):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, settings.instance_dir, server.url, job.job_id],
            cwd=ROOT,
        )
        deadline = time.monotonic() + PATIENCE_S
        while worker.poll() is None and len(server.asked) < until:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        if worker.poll() is None:
            worker.send_signal(signal.SIGKILL)
            kills += 1
        worker.wait()
        with state.database.session() as session:
            job_store.give_back(session, "test/", state.clock(), is_attempt=True)
    assert kills == 2
    done = geocoding_jobs.found(state, job.job_id, "/jobs")
    assert done.status == "complete", done
    # Whatever the last one began with is either mended or remembered.
    assert 0 < done.total <= COUNT
    assert sum(done.located.values()) == done.total
    assert state.snapshot().has_location.all()
    times = Counter(one.query["q"] for one in server.asked)
    assert len(times) == COUNT
    assert len(server.asked) <= COUNT + kills
    state.database.dispose()
