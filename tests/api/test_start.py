"""`python -m api` as a user meets it: from an empty folder, interrupted, and again."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data import dataset_store
from data.database import Database
from data.tables import DatasetKind

ROOT = Path(__file__).resolve().parent.parent.parent

SAMPLE = "Creating the sample"


@contextmanager
def service(instance_dir: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The service in a process of its own, in which both streams are one."""
    settings = {
        "TERRITOUR_INSTANCE_DIR": str(instance_dir),
        "DATABASE_URL": f"sqlite:///{instance_dir}/territour.db",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "api"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # As on a terminal, where Ctrl-C reaches all processes of the group.
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def read_until(process: subprocess.Popen[str], text: str) -> str:
    """What the service says up to a line that holds the text."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if text in line:
            return said
    raise AssertionError(f"The service ended without saying {text!r}. It said:\n{said}")


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        chosen: int = free.getsockname()[1]
        return chosen


def test_an_interrupted_start_is_taken_up_by_the_next_and_the_sample_is_made_once(
    instance_dir: Path, port: int
) -> None:
    with service(instance_dir, port) as process:
        read_until(process, "Storing orders")
        process.send_signal(signal.SIGTERM)
        assert "Nothing is left half made" in read_until(process, "Stopped")
        assert process.wait(10) == 130
    with Database(f"sqlite:///{instance_dir}/territour.db").session() as session:
        assert dataset_store.active(session) is None

    ready = f"Territour is ready at http://127.0.0.1:{port}"
    for sample_is_made in (True, False):
        with service(instance_dir, port) as process:
            said = read_until(process, ready)
            assert (SAMPLE in said) == sample_is_made
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                assert answer.status == 200
            with service(instance_dir, port) as second:
                read_until(second, f"Port {port} is in use")
                assert second.wait(10) == 1
            os.killpg(process.pid, signal.SIGINT)
            assert process.wait(10) == 0


def test_a_map_that_was_removed_by_hand_stops_the_start_by_name(
    instance_dir: Path, port: int
) -> None:
    database = Database(f"sqlite:///{instance_dir}/territour.db")
    database.upgrade()
    with database.session() as session:
        dataset = dataset_store.create(
            session,
            name="Nowhere",
            kind=DatasetKind.OWN,
            country="LI",
            timezone="Europe/Vaduz",
            currency="CHF",
            created_for=date(2026, 6, 1),
            created_at=datetime(2026, 6, 1, tzinfo=UTC),
            map_name="nowhere",
        )
        dataset_store.activate(session, dataset.id)
    database.dispose()
    with service(instance_dir, port) as process:
        said = read_until(process, "There is no map 'nowhere'")
        assert process.wait(20) == 1
    assert "Traceback" not in said


def test_a_setting_that_cannot_be_used_stops_the_start_in_one_line(instance_dir: Path) -> None:
    with service(instance_dir, 70_000) as process:
        assert process.wait(20) == 1
        assert process.stdout is not None
        assert process.stdout.read() == "PORT is 70000, but must lie between 1 and 65535.\n"


def test_a_folder_that_cannot_be_written_to_stops_the_start_in_one_line() -> None:
    with service(Path("/proc/territour"), 8000) as process:
        assert process.wait(20) == 1
        assert process.stdout is not None
        said = process.stdout.read()
    assert said.startswith("The instance folder /proc/territour cannot be written to")
    assert said.count("\n") == 1
