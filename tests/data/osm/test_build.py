"""Building: all of a map or nothing, whatever happens on the way."""

import errno
import multiprocessing
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import DataError, InvalidExtractError, InvalidRoadMapError, MapFolderError
from data.osm import build, staging
from data.osm.build import build_map, map_version, name_of_extract
from data.osm.graph.turns import APPLIED
from data.osm.map_folder import MapMeta, file_sizes, open_street_map, read_meta
from data.osm.reading.profile import CAR
from data.osm.staging import remove_folder, staged
from tests.data.osm.small_extract import grid_nodes, restriction, road, write_extract

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 16, 8, 30, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    """A crossing of four streets, 111 m each way to the next node, and one turn not allowed."""
    return write_extract(
        tmp_path / "crossing.osm.pbf",
        grid_nodes(11, 12, 13, 2, 22),
        [
            road(1, (11, 12), name="West Street"),
            road(2, (12, 13), name="East Street"),
            road(3, (12, 22), name="North Street"),
            road(4, (2, 12), name="South Street"),
        ],
        [restriction(9, [("w", 1, "from"), ("n", 12, "via"), ("w", 3, "to")], "no_left_turn")],
    )


def built(path: Path, maps_dir: Path, name: str = "crossing", **options: Any) -> MapMeta:
    return build_map(path, name, maps_dir, built_at=NOW, **options)


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def visible(maps_dir: Path) -> list[str]:
    return sorted(path.name for path in maps_dir.iterdir() if not path.name.startswith("."))


def hidden(maps_dir: Path) -> list[str]:
    return sorted(path.name for path in maps_dir.glob(f"{staging.PREFIX}*"))


class TestMap:
    def test_meta_says_what_the_map_is(self, extract: Path, tmp_path: Path) -> None:
        meta = built(extract, tmp_path / "maps")
        assert meta == read_meta(tmp_path / "maps" / "crossing")
        assert (meta.name, meta.profile, meta.source_file) == ("crossing", "car", extract.name)
        assert meta.source_bytes == extract.stat().st_size
        assert meta.built_at == "2026-11-16T07:30:00+00:00"
        assert meta.bbox == pytest.approx((9.501, 47.1, 9.503, 47.102))
        assert meta.counts["junctions"] == 5
        assert meta.counts["segments"] == meta.counts["names"] == 4
        assert meta.counts["turns"] == 4 * 3 - 1
        assert meta.report["compiling"] == {APPLIED: 1}
        assert set(meta.software) == {"osmium", "numpy"}

    def test_every_part_is_measured(self, extract: Path, tmp_path: Path) -> None:
        parts = built(extract, tmp_path / "maps").parts
        assert [part.name for part in parts] == [
            "Checking the file",
            "Reading roads",
            "Finding junctions",
            "Ordering the road network",
            "Writing roads",
            "Addresses, places and the basemap",
            "Index of addresses",
        ]
        assert all(part.peak_mb > 10 and part.mb_per_s >= 0 for part in parts)

    def test_map_opens(self, extract: Path, tmp_path: Path) -> None:
        meta = built(extract, tmp_path / "maps")
        opened = open_street_map(tmp_path / "maps" / "crossing")
        assert opened.version == meta.version
        assert sorted(opened.segments.names) == [
            "East Street",
            "North Street",
            "South Street",
            "West Street",
        ]

    def test_same_extract_gives_the_same_bytes_and_version(
        self, extract: Path, tmp_path: Path
    ) -> None:
        metas = [built(extract, tmp_path / name) for name in ("one", "two")]
        assert metas[0].version == metas[1].version
        one, two = (files(tmp_path / name / "crossing") for name in ("one", "two"))
        for contents in (one, two):
            # It tells the time each part took.
            del contents["meta.json"]
        assert one == two

    def test_version_depends_on_extract_and_profile(self) -> None:
        versions = {
            map_version("ab", CAR),
            map_version("cd", CAR),
            map_version("ab", replace(CAR, junction_s=CAR.junction_s + 1)),
        }
        assert len(versions) == 3

    def test_roads_only_leaves_the_rest_out(self, extract: Path, tmp_path: Path) -> None:
        meta = built(extract, tmp_path / "maps", roads_only=True)
        folders = {name.partition("/")[0] for name in meta.files}
        assert folders == {"roads", "hierarchy", "index", "metric"}

    def test_rest_is_written_beside_the_roads(self, extract: Path, tmp_path: Path) -> None:
        meta = built(extract, tmp_path / "maps")
        assert {"places.sqlite", "addresses.sqlite", "basemap.sqlite"} <= set(meta.files)
        assert meta.counts["street"] == 4

    def test_file_may_have_any_name(self, extract: Path, tmp_path: Path) -> None:
        named = extract.rename(tmp_path / "latest")
        assert built(named, tmp_path / "maps").counts["junctions"] > 0

    def test_progress_names_the_parts(self, extract: Path, tmp_path: Path) -> None:
        told: list[str] = []
        built(extract, tmp_path / "maps", progress=lambda stage, done, total: told.append(stage))
        assert "Ordering the road network" in told
        assert told.index("Finding junctions") < told.index("Writing roads")


class TestReplacing:
    def test_new_map_takes_the_place_of_the_old_one(self, extract: Path, tmp_path: Path) -> None:
        old = built(extract, tmp_path / "maps")
        write_extract(extract, grid_nodes(1, 2, 3), [road(1, (1, 2, 3), name="Long Street")])
        new = built(extract, tmp_path / "maps")
        assert new.version != old.version
        assert open_street_map(tmp_path / "maps" / "crossing").meta == new
        assert visible(tmp_path / "maps") == ["crossing"]
        assert hidden(tmp_path / "maps") == []

    def test_opened_map_goes_on_while_it_is_replaced(self, extract: Path, tmp_path: Path) -> None:
        built(extract, tmp_path / "maps")
        opened = open_street_map(tmp_path / "maps" / "crossing")
        before = opened.graph.arc_head.copy()
        write_extract(extract, grid_nodes(1, 2, 3), [road(1, (1, 2, 3))])
        built(extract, tmp_path / "maps")
        np.testing.assert_array_equal(opened.graph.arc_head, before)

    @pytest.mark.parametrize("can_exchange", [True, False])
    def test_folders_change_places(
        self, tmp_path: Path, can_exchange: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not every system can do it in one step."""
        if not can_exchange:
            monkeypatch.setattr(staging, "_exchange", lambda *_: False)
        for content in ("old", "new"):
            with staged(tmp_path, "a") as made:
                (made / "file").write_text(content)
        assert (tmp_path / "a" / "file").read_text() == "new"
        assert hidden(tmp_path) == []


class TestFailure:
    @pytest.mark.parametrize("where", ["read_roads", "compile_roads", "write_roads", "write_rest"])
    def test_old_map_stays_when_a_part_fails(
        self, extract: Path, tmp_path: Path, where: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        built(extract, tmp_path / "maps")
        before = files(tmp_path / "maps")

        def fail(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(build, where, fail)
        with pytest.raises(KeyboardInterrupt):
            built(extract, tmp_path / "maps")
        assert files(tmp_path / "maps") == before

    @pytest.mark.parametrize(
        "error",
        [
            OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
            OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
        ],
    )
    def test_full_disk_is_said_and_nothing_stays(
        self, extract: Path, tmp_path: Path, error: OSError, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise error

        monkeypatch.setattr(build, "write_rest", fail)
        with pytest.raises(MapFolderError, match=r"There is no room left in .* Make room"):
            built(extract, tmp_path / "maps")
        assert visible(tmp_path / "maps") == hidden(tmp_path / "maps") == []

    def test_full_database_is_a_full_disk(
        self, extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fill(*_: object) -> None:
            with sqlite3.connect(":memory:") as database:
                database.execute("pragma max_page_count = 2")
                database.execute("create table a (b)")
                database.execute("insert into a values (zeroblob(100000))")

        monkeypatch.setattr(build, "write_rest", fill)
        with pytest.raises(MapFolderError, match="There is no room left"):
            built(extract, tmp_path / "maps")

    def test_disk_that_takes_no_more(self, extract: Path, tmp_path: Path) -> None:
        """A real one cannot be filled here; a limit on the size of files fails the same writes."""
        process = subprocess.run(
            [sys.executable, "-m", "data.osm", "--maps-dir", tmp_path / "maps", "build", extract],
            cwd=ROOT,
            capture_output=True,
            text=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
            env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
            check=False,
        )
        assert process.returncode == 1, process.stderr
        assert "There is no room left" in process.stderr
        assert "Traceback" not in process.stderr
        assert visible(tmp_path / "maps") == hidden(tmp_path / "maps") == []

    def test_folder_that_cannot_be_written(self, extract: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        with pytest.raises(MapFolderError, match="cannot be written"):
            built(extract, tmp_path / "file" / "maps")

    def test_extract_that_changes_meanwhile_is_refused(self, extract: Path, tmp_path: Path) -> None:
        def touch(stage: str, done: int, total: int) -> None:
            if stage == "Writing roads":
                os.utime(extract, (1, 1))

        with pytest.raises(InvalidExtractError, match="changed while it was read"):
            built(extract, tmp_path / "maps", progress=touch)
        assert visible(tmp_path / "maps") == []

    def test_file_that_is_no_extract_touches_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "empty.osm.pbf").write_bytes(b"")
        with pytest.raises(InvalidExtractError):
            built(tmp_path / "empty.osm.pbf", tmp_path / "maps")
        assert not (tmp_path / "maps").exists()

    def test_roads_that_lead_nowhere_are_refused(self, tmp_path: Path) -> None:
        path = write_extract(
            tmp_path / "stub.osm.pbf", grid_nodes(1, 2), [road(1, (1, 2), oneway="yes")]
        )
        with pytest.raises(InvalidRoadMapError, match="form no network"):
            built(path, tmp_path / "maps")
        assert hidden(tmp_path / "maps") == []


def stop_while_building(maps_dir: Path, name: str, number: int) -> None:
    """Begin a folder, and end the process with a signal."""
    with staged(maps_dir, name) as made:
        (made / "half").write_text("half")
        os.kill(os.getpid(), number)


def hold(maps_dir: Path, name: str, connection: Any) -> None:
    """Begin a folder, say so, and go on when told to."""
    with staged(maps_dir, name) as made:
        (made / "file").write_text("made")
        connection.send("begun")
        connection.recv()


class TestHiddenFolders:
    """Each in a process of its own, since the system unlocks when a process ends."""

    context = multiprocessing.get_context("spawn")

    def test_killed_build_leaves_no_map_and_the_next_one_clears_up(self, tmp_path: Path) -> None:
        process = self.context.Process(
            target=stop_while_building, args=(tmp_path, "a", signal.SIGKILL)
        )
        process.start()
        process.join()
        assert visible(tmp_path) == []
        assert len(hidden(tmp_path)) == 1
        with staged(tmp_path, "b"):
            assert len(hidden(tmp_path)) == 1
        assert visible(tmp_path) == ["b"]
        assert hidden(tmp_path) == []

    def test_running_build_is_left_alone(self, tmp_path: Path) -> None:
        ours, theirs = self.context.Pipe()
        process = self.context.Process(target=hold, args=(tmp_path, "a", theirs))
        process.start()
        assert ours.recv() == "begun"
        with staged(tmp_path, "b"):
            pass
        ours.send("go on")
        process.join()
        assert process.exitcode == 0
        assert (tmp_path / "a" / "file").read_text() == "made"

    def test_killed_between_two_renames_the_old_map_comes_back(self, tmp_path: Path) -> None:
        """Where folders cannot change places in one step."""
        left = tmp_path / f"{staging.PREFIX}a-xyz"
        (left / "old").mkdir(parents=True)
        (left / "old" / "file").write_text("old")
        (left / "made").mkdir()
        with staged(tmp_path, "b"):
            pass
        assert (tmp_path / "a" / "file").read_text() == "old"
        assert hidden(tmp_path) == []

    def test_removed_folder_is_gone_with_all_its_files(self, tmp_path: Path) -> None:
        with staged(tmp_path, "a") as made:
            (made / "file").write_text("")
        remove_folder(tmp_path / "a")
        assert visible(tmp_path) == hidden(tmp_path) == []


class TestNames:
    @pytest.mark.parametrize(
        ("file", "name"),
        [
            ("liechtenstein-2024.osm.pbf", "liechtenstein-2024"),
            ("/data/Porto Metro.OSM.PBF", "porto-metro"),
            ("île-de-france-latest.osm.pbf", "le-de-france-latest"),
            ("x.pbf", "x"),
            (".osm.pbf", "map"),
            ("Vaduz, Liechtenstein", "vaduz-liechtenstein"),
        ],
    )
    def test_map_is_named_after_its_file(self, file: str, name: str) -> None:
        assert name_of_extract(Path(file)) == name

    @pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "A", "a" * 65, "a b"])
    def test_name_that_is_no_folder_is_refused(
        self, extract: Path, tmp_path: Path, name: str
    ) -> None:
        with pytest.raises(InvalidRoadMapError, match="--name"):
            built(extract, tmp_path / "maps", name)

    def test_map_that_is_shipped_is_not_replaced(self, extract: Path, tmp_path: Path) -> None:
        with pytest.raises(InvalidRoadMapError, match="is shipped"):
            built(extract, tmp_path / "maps", "german-highways")

    def test_folder_that_is_no_map_is_not_replaced(self, extract: Path, tmp_path: Path) -> None:
        (tmp_path / "maps" / "germany-0123456789abcdef").mkdir(parents=True)
        with pytest.raises(DataError, match="is no map"):
            built(extract, tmp_path / "maps", "germany-0123456789abcdef")


def test_sizes_are_those_on_disk(extract: Path, tmp_path: Path) -> None:
    meta = built(extract, tmp_path / "maps")
    assert meta.files == file_sizes(tmp_path / "maps" / "crossing")
    assert datetime.fromisoformat(meta.built_at).tzinfo == UTC
