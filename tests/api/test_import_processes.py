"""An import whose worker is killed at random moments: nothing half-written, and the same end."""

import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from api.jobs.pools import Pool
from api.settings import Settings
from api.state import AppState
from data.database import Database
from data.osm.datasets import use_map
from data.tables import Account, Contact, ExternalRef
from tests.api.test_job_processes import look_until, running

URL = "/api/v1/imports"
ROWS = 1_500


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory, rutland_maps: Path) -> Iterator[AppState]:
    folder = tmp_path_factory.mktemp("imports")
    (folder / "maps").symlink_to(rutland_maps, target_is_directory=True)
    settings = Settings(instance_dir=folder, worker_count=1, bound_s=0)
    database = Database(settings.database_url)
    database.upgrade()
    use_map(database, rutland_maps, "rutland", date(2026, 11, 22))
    database.dispose()
    state = AppState(settings)
    state.load()
    yield state
    state.database.dispose()


def file() -> bytes:
    rows = (f"{k},Shop {k},{k % 90} High Street,Oakham,Person {k}" for k in range(ROWS))
    return "\n".join(("Id,Name,Street,Town,Contact", *rows)).encode()


def begun(client: FlaskClient, system: str) -> str:
    draft = client.post(f"{URL}?system={system}", data=file()).get_json()
    where: str = draft["links"]["self"]
    assert client.post(f"{where}/runs", json={}).status_code == 202
    return where


def written(state: AppState, system: str) -> tuple[int, int]:
    """Accounts and contacts of a system, in one look."""
    named = select(ExternalRef.account_id).where(ExternalRef.system == system)
    with state.database.session() as session:
        accounts, contacts = session.execute(
            select(
                select(func.count(Account.id)).where(Account.id.in_(named)).scalar_subquery(),
                select(func.count(Contact.id))
                .where(Contact.account_id.in_(named))
                .scalar_subquery(),
            )
        ).one()
    return accounts, contacts


def worker_of(pools: list[Pool]) -> int | None:
    """The process that works, if there is one: one that dies idle is replaced for the next job."""
    try:
        return pools[-1].executor.submit(os.getpid).result()
    except BrokenExecutor:
        return None


def when_ended(client: FlaskClient, where: str) -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        body: dict[str, Any] = client.get(where).get_json()
        return None if body["status"] in ("queued", "running") else body

    return look_until(ended)


def test_an_import_whose_worker_is_killed_comes_to_the_same_end(state: AppState) -> None:
    moments = random.Random(3)
    with running(state) as (client, pools):
        started = time.monotonic()
        expected = when_ended(client, begun(client, "whole"))["report"]
        whole_s = time.monotonic() - started
        assert (expected["created"], expected["refused"]) == (ROWS, 0)
        assert sum(expected["located"].values()) == ROWS
        killed = 0
        for trial in range(2):
            system = f"killed-{trial}"
            pid = worker_of(pools)
            where = begun(client, system)
            time.sleep(whole_s * moments.random())
            if pid is not None and client.get(where).get_json()["status"] == "running":
                killed += 1
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            assert written(state, system) in ((0, 0), (ROWS, ROWS))
            done = when_ended(client, where)
            assert done["status"] == "complete"
            assert done["report"] == expected
            assert written(state, system) == (ROWS, ROWS)
        assert killed
