"""Jobs in processes of their own, on the streets of Rutland: killed, stopped and taken up again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from api import create_app
from api.jobs.kinds import Lane
from api.jobs.pools import Pool, spawned_pool
from api.jobs.runner import JobRunner
from api.settings import Settings
from api.state import AppState
from data import job_store
from data.database import Database
from data.osm.datasets import use_map
from data.tables import Job, JobStatus
from tests.api.test_routes import check
from tests.api.test_streets import trip

ROOT = Path(__file__).resolve().parents[2]
URL = "/api/v1/routes"
PATIENCE_S = 120
TODAY = date.today() + timedelta(days=7)  # noqa: DTZ011
"""The clock of another process cannot be set, so the trip lies in its future."""

DAY = {"date": f"{TODAY}", "start": f"{TODAY}T08:00:00Z", "end": f"{TODAY}T17:00:00Z"}

OWNER = """
import sys
from pathlib import Path
from api.jobs.runner import runner_of
from api.settings import Settings
from api.state import AppState

if __name__ == "__main__":
    own = Settings(instance_dir=Path(sys.argv[1]), worker_count=1, bound_s=0, model_days=0)
    runner = runner_of(AppState(own))
    runner.start()
    sys.stdin.read()
"""
"""A process that has workers, and does nothing but live."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, rutland_maps: Path) -> Settings:
    folder = tmp_path_factory.mktemp("processes")
    (folder / "maps").symlink_to(rutland_maps, target_is_directory=True)
    settings = Settings(
        instance_dir=folder, iterations=500, worker_count=1, bound_s=0, model_days=0
    )
    database = Database(settings.database_url)
    database.upgrade()
    use_map(database, rutland_maps, "rutland", date(2026, 11, 22))
    database.dispose()
    return settings


@pytest.fixture(scope="module")
def state(settings: Settings) -> Iterator[AppState]:
    state = AppState(settings)
    state.load()
    yield state
    state.database.dispose()


@contextmanager
def running(state: AppState) -> Iterator[tuple[FlaskClient, list[Pool]]]:
    """A service with a worker process, and the pools that it has had."""
    made: list[Pool] = []

    def make() -> Pool:
        made.append(spawned_pool(state.settings, 1))
        return made[-1]

    runner = JobRunner(state.database, state.clock, {Lane.PLANNING: make})
    runner.start()
    try:
        assert runner.wait_until_warm(PATIENCE_S)
        yield create_app(state, runner).test_client(), made
    finally:
        runner.stop()


def ask(client: FlaskClient, seconds: float) -> str:
    options = {"iterations": 10_000_000, "time_limit_s": seconds}
    response = client.post(
        URL, json=trip(days=[DAY], options=options), headers={"Prefer": "respond-async"}
    )
    assert response.status_code == 202, response.get_data(as_text=True)
    return response.headers["Location"]


def look_until(look: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while not (seen := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return seen


def when_planned(client: FlaskClient, where: str) -> dict[str, Any]:
    def planned() -> dict[str, Any] | None:
        body: dict[str, Any] = client.get(where).get_json()
        return None if body["status"] in ("queued", "running") else body

    return look_until(planned)


def has_best(client: FlaskClient, where: str) -> bool:
    return "best" in client.get(where).get_json()


def job_of(state: AppState, where: str) -> Job:
    with state.database.session() as session:
        dataset_id = state.snapshot().dataset.id
        job = job_store.newest_of(session, dataset_id, where.rpartition("/")[2], "plan")
    assert job is not None
    return job


def is_alive(pid: int) -> bool:
    try:
        # A zombie has ended, though nobody has asked how.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_job_whose_worker_is_killed_is_done_by_another_one(state: AppState) -> None:
    with running(state) as (client, pools):
        waited = client.post(URL, json=trip(days=[DAY]))
        assert waited.status_code == 201, waited.get_data(as_text=True)
        check(waited.get_json())

        pid = pools[0].executor.submit(os.getpid).result()
        assert pid != os.getpid()
        where = ask(client, 4)
        look_until(lambda: has_best(client, where))
        os.kill(pid, signal.SIGKILL)

        route = when_planned(client, where)
        check(route)
        assert (route["status"], route["search"]["stopped_by"]) == ("complete", "time_limit")
        assert job_of(state, where).attempts == 2
        assert len(pools) == 2
        assert not is_alive(pid)

        # And it is stopped across the border between processes.
        where = ask(client, 60)
        look_until(lambda: has_best(client, where))
        stopped = client.delete(where)
        assert stopped.status_code == 200
        assert stopped.get_json()["search"]["stopped_by"] == "cancelled"
        check({**stopped.get_json(), "status": "complete"})


def test_a_service_that_is_stopped_leaves_its_work_to_the_next_one(state: AppState) -> None:
    """One job is begun and one waits; neither counts as a try that failed."""
    with running(state) as (client, pools):
        pid = pools[0].executor.submit(os.getpid).result()
        begun, waiting = ask(client, 3), ask(client, 0.5)
        look_until(lambda: has_best(client, begun))
    assert not is_alive(pid)
    assert [job_of(state, one).status for one in (begun, waiting)] == [JobStatus.QUEUED] * 2
    assert job_of(state, begun).attempts == 0
    with running(state) as (client, _):
        for where in (begun, waiting):
            check(when_planned(client, where))
            assert job_of(state, where).attempts == 1


def test_workers_end_with_a_service_that_is_killed_and_their_job_is_taken_up(
    state: AppState, settings: Settings
) -> None:
    """Nobody can give the job back; it is free when its lease has run out."""
    idle = create_app(state, JobRunner(state.database, state.clock, {})).test_client()
    where = ask(idle, 3)
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(settings.instance_dir)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as owner:
        look_until(lambda: has_best(idle, where))
        children = look_until(lambda: children_of(owner.pid))
        owner.kill()
    look_until(lambda: not any(map(is_alive, children)))
    left = job_of(state, where)
    assert left.status is JobStatus.RUNNING

    later = datetime.now(UTC) + timedelta(minutes=1)
    next_state = AppState(settings, clock=lambda: max(later, datetime.now(UTC)))
    next_state.load()
    with running(next_state) as (client, _):
        check(when_planned(client, where))
    assert job_of(state, where).attempts == 2
    next_state.database.dispose()


def children_of(pid: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


def test_work_in_the_background_gives_way(settings: Settings) -> None:
    pool = spawned_pool(settings, 1, is_background=True)
    try:
        assert pool.executor.submit(os.nice, 0).result(PATIENCE_S) == os.nice(0) + 10
    finally:
        pool.close()
