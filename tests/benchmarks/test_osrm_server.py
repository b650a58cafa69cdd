"""OSRM on this machine: found or refused, prepared whole or not at all, stopped at the end."""

import os
from pathlib import Path

import pytest
import requests

from benchmarks.osrm_server import (
    OsrmProgramsError,
    osrm_programs,
    prepare_extract,
    running_osrm,
)

ROOT = Path(__file__).resolve().parents[2]
RUTLAND = ROOT / "data" / "samples" / "rutland.osm.pbf"


@pytest.fixture(scope="module")
def programs() -> Path:
    is_required = os.environ.get("REQUIRE_OSRM") == "1"
    try:
        return osrm_programs(download=is_required)
    except OsrmProgramsError as error:
        if is_required:
            raise
        pytest.skip(str(error))


def test_missing_programs_are_not_fetched_unasked(tmp_path: Path) -> None:
    with pytest.raises(OsrmProgramsError, match=r"No OSRM in .*benchmarks\.osrm_server"):
        osrm_programs(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_other_systems_are_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "sunos5")
    with pytest.raises(OsrmProgramsError, match="Linux only, and this is sunos5"):
        osrm_programs(tmp_path, download=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("algorithm", ["CH", "MLD"])
def test_server_answers_until_the_end_of_the_block(
    programs: Path, tmp_path: Path, algorithm: str
) -> None:
    prepared = prepare_extract(RUTLAND, programs, tmp_path, algorithm)
    assert [path.name for path in tmp_path.iterdir()] == [prepared.parent.name]
    with running_osrm(prepared, programs, algorithm) as url:
        nearest = f"{url}/nearest/v1/driving/-0.7286,52.6705"
        assert requests.get(nearest, timeout=5).json()["code"] == "Ok"
    with pytest.raises(requests.ConnectionError):
        requests.get(nearest, timeout=5)


def test_extract_is_prepared_once(programs: Path, tmp_path: Path) -> None:
    prepared = prepare_extract(RUTLAND, programs, tmp_path)
    before = prepared.parent.stat().st_mtime_ns
    assert prepare_extract(RUTLAND, programs, tmp_path) == prepared
    assert prepared.parent.stat().st_mtime_ns == before


def test_damaged_extract_leaves_nothing(programs: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.osm.pbf"
    damaged.write_bytes(RUTLAND.read_bytes()[:100_000])
    folder = tmp_path / "osrm"
    with pytest.raises(OsrmProgramsError, match="osrm-extract ended with"):
        prepare_extract(damaged, programs, folder)
    assert list(folder.iterdir()) == []


def test_server_that_cannot_start_says_why(programs: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(OsrmProgramsError, match="does not answer"),
        running_osrm(tmp_path / "missing.osrm", programs),
    ):
        pass
