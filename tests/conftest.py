"""What all tests need: a cache of compiled code, steady examples, and no outside network."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from data.compiled_code import use_compiled_code

ROOT = Path(__file__).resolve().parent.parent

# Before any test module imports numba. Kept between runs, or each would compile for minutes.
use_compiled_code(ROOT / "instance" / "numba")

# No deadline: the first example of a compiled function pays for loading it. In continuous
# integration the examples are the same every time; at a desk they vary and may find more.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture
def instance_dir(tmp_path: Path) -> Path:
    """An empty folder for the files that a service keeps."""
    folder = tmp_path / "instance"
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def rutland_maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of maps with one of them, `rutland`, made from the extract that is shipped."""
    from data.osm.build import build_map

    folder = tmp_path_factory.mktemp("maps")
    extract = ROOT / "data" / "samples" / "rutland.osm.pbf"
    build_map(extract, "rutland", folder, built_at=datetime(2026, 11, 22, tzinfo=UTC))
    return folder


@pytest.fixture(autouse=True, scope="session")
def no_outside_network() -> Any:
    """Connections of Python code reach this machine only."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"A test tried to reach {address}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
