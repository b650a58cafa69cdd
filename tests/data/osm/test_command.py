"""The command: what it prints, how it ends, and what is left when it is killed."""

import errno
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from data import dataset_store
from data.database import Database
from data.osm.__main__ import main
from data.osm.map_folder import META_FILE, open_street_map
from data.samples.germany import FOLDER as GERMANY
from tests.data.osm.osm_services import Extract, osm_services

ROOT = Path(__file__).resolve().parents[3]
RUTLAND = ROOT / "data" / "samples" / "rutland.osm.pbf"


@pytest.fixture
def maps_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TERRITOUR_INSTANCE_DIR", str(tmp_path))
    return tmp_path / "maps"


@pytest.fixture(scope="module")
def rutland(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of maps with Rutland in it, which tests leave as it is."""
    maps_dir = tmp_path_factory.mktemp("instance") / "maps"
    assert main(["--maps-dir", str(maps_dir), "build", str(RUTLAND), "--roads-only"]) == 0
    return maps_dir


def begin(maps_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "data.osm", "--maps-dir", str(maps_dir), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def visible(maps_dir: Path) -> list[str]:
    return sorted(path.name for path in maps_dir.iterdir() if not path.name.startswith("."))


class TestBuild:
    def test_result_is_told_in_plain_words(
        self, maps_dir: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["build", str(RUTLAND)]) == 0
        told = capsys.readouterr()
        assert f"The map 'rutland' is in {maps_dir / 'rutland'}" in told.out
        assert "km of road" in told.out
        assert "3 turn restrictions applied" in told.out
        assert "A road is closed to vehicles: left out." in told.out
        assert "python -m data.osm use rutland" in told.out
        # No terminal here: a line for each thing, no bars.
        assert told.err.startswith("Checking the file\n")
        assert "\nWriting roads\n" in told.err
        assert "\r" not in told.err
        assert open_street_map(maps_dir / "rutland").graph.node_count > 5000

    def test_name_may_be_given(self, maps_dir: Path) -> None:
        assert main(["build", str(RUTLAND), "--name", "oakham", "--roads-only"]) == 0
        assert visible(maps_dir) == ["oakham"]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["nowhere.osm.pbf"], "There is no file nowhere.osm.pbf"),
            ([str(RUTLAND), "--profile", "boat"], "There is no profile 'boat'. Take one of: car"),
            ([str(RUTLAND), "--name", "../x"], "cannot be the name of a map"),
            ([str(GERMANY / "roads.npz")], ".osm.pbf is read"),
        ],
    )
    def test_refusal_is_one_message_and_exit_code_1(
        self,
        maps_dir: Path,
        capsys: pytest.CaptureFixture[str],
        arguments: Sequence[str],
        message: str,
    ) -> None:
        assert main(["build", *arguments]) == 1
        told = capsys.readouterr()
        assert message in told.err
        assert told.out == ""
        assert not maps_dir.exists()

    @pytest.mark.parametrize("arguments", [[], ["build"], ["fly"], ["remove"]])
    def test_command_that_is_not_understood_ends_with_2(self, arguments: Sequence[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2


class TestList:
    @pytest.mark.parametrize("is_first", [True, False])
    def test_folder_of_maps_may_be_named_before_or_after(
        self, rutland: Path, capsys: pytest.CaptureFixture[str], is_first: bool
    ) -> None:
        where = ["--maps-dir", str(rutland)]
        assert main([*where, "list"] if is_first else ["list", *where]) == 0
        assert "rutland.osm.pbf" in capsys.readouterr().out

    def test_nothing_to_list(self, maps_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["list"]) == 0
        assert f"There is no map in {maps_dir}" in capsys.readouterr().out

    def test_maps_are_listed_with_what_they_are(
        self, rutland: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["--maps-dir", str(rutland), "list"]) == 0
        head, line = capsys.readouterr().out.splitlines()
        assert head.split() == ["NAME", "JUNCTIONS", "KM", "MB", "PROFILE", "BUILT", "FROM"]
        assert line.split()[0] == "rutland"
        assert line.split()[4:] == ["car", line.split()[5], "rutland.osm.pbf"]

    def test_hierarchies_of_the_packed_sample_are_no_maps(
        self, maps_dir: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (maps_dir / "germany-0123456789abcdef").mkdir(parents=True)
        assert main(["list"]) == 0
        assert "germany" not in capsys.readouterr().out

    def test_damaged_map_is_named_and_hides_no_other(
        self, rutland: Path, maps_dir: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (maps_dir / "broken").mkdir(parents=True)
        (maps_dir / "broken" / META_FILE).write_text("{")
        (maps_dir / "rutland").symlink_to(rutland / "rutland")
        assert main(["list"]) == 0
        told = capsys.readouterr()
        assert "rutland.osm.pbf" in told.out
        assert "'broken'" in told.err


class TestRemove:
    def test_map_is_gone(self, maps_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        main(["build", str(RUTLAND), "--roads-only"])
        assert main(["remove", "rutland"]) == 0
        assert visible(maps_dir) == []
        assert "is removed" in capsys.readouterr().out

    def test_damaged_map_can_be_removed(self, maps_dir: Path) -> None:
        (maps_dir / "broken").mkdir(parents=True)
        (maps_dir / "broken" / META_FILE).write_text("{")
        assert main(["remove", "broken"]) == 0
        assert visible(maps_dir) == []

    @pytest.mark.parametrize("name", ["nowhere", "germany-0123456789abcdef", "../maps", ".", ""])
    def test_what_is_no_map_stays(
        self, maps_dir: Path, capsys: pytest.CaptureFixture[str], name: str
    ) -> None:
        folder = maps_dir / "germany-0123456789abcdef"
        folder.mkdir(parents=True)
        assert main(["remove", name]) == 1
        assert "There is no map" in capsys.readouterr().err
        assert folder.exists()

    def test_folder_that_does_not_go_is_told(
        self, maps_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def refuse(folder: Path) -> None:
            raise PermissionError(errno.EACCES, "Permission denied", str(folder))

        (maps_dir / "broken").mkdir(parents=True)
        (maps_dir / "broken" / META_FILE).write_text("{")
        monkeypatch.setattr("data.osm.staging.remove_folder", refuse)
        assert main(["remove", "broken"]) == 1
        assert "cannot be removed: Permission denied" in capsys.readouterr().err


class TestPlace:
    def test_map_of_a_place_is_named_after_it(
        self, maps_dir: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with osm_services(Extract(RUTLAND)) as services:
            servers = ["--overpass-url", services.overpass_url]
            servers += ["--nominatim-url", services.nominatim_url]
            arguments = ["build", "--place", "Oakham, England", "--roads-only", *servers]
            assert main(arguments) == 0, capsys.readouterr().err
        opened = open_street_map(maps_dir / "oakham-england")
        assert opened.meta.source_file == "oakham-england.osm.pbf"
        assert opened.graph.node_count > 500

    def test_file_and_place_exclude_each_other(self) -> None:
        with pytest.raises(SystemExit) as ended:
            main(["build", str(RUTLAND), "--place", "Oakham"])
        assert ended.value.code == 2


class TestExport:
    def test_roads_are_written(
        self, rutland: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "rutland.graphml"
        assert main(["export", "rutland", str(file), "--maps-dir", str(rutland)]) == 0
        assert f"are in {file}" in capsys.readouterr().out
        assert file.stat().st_size > 1_000_000

    def test_unknown_map_is_refused(
        self, maps_dir: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["export", "nowhere", "a.gpkg"]) == 1
        assert "There is no map 'nowhere'" in capsys.readouterr().err


class TestUse:
    def test_data_set_of_the_map_becomes_the_active_one(
        self, maps_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        assert main(["build", str(RUTLAND)]) == 0
        assert main(["use", "rutland"]) == 0
        assert "'rutland' is active" in capsys.readouterr().out
        database = Database(f"sqlite:///{maps_dir.parent / 'territour.db'}")
        with database.session() as session:
            active = dataset_store.active(session)
            assert active is not None
            assert active.map_name == "rutland"
        database.dispose()

    def test_unknown_map_is_refused(
        self, maps_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.delenv("DATABASE_URL", raising=False)
        assert main(["use", "nowhere"]) == 1
        assert "There is no map 'nowhere'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("number", "stage", "code"),
    [
        (signal.SIGTERM, "Finding junctions", 143),
        (signal.SIGTERM, "Reading addresses, places and the basemap", 143),
        (signal.SIGINT, "Writing roads", 130),
        (signal.SIGKILL, "Ordering the road network", -signal.SIGKILL),
        (signal.SIGKILL, "Drawing the basemap", -signal.SIGKILL),
    ],
)
def test_stopped_build_leaves_the_old_map_and_nothing_else(
    tmp_path: Path, number: signal.Signals, stage: str, code: int
) -> None:
    maps_dir = tmp_path / "maps"
    old = maps_dir / "rutland"
    old.mkdir(parents=True)
    (old / META_FILE).write_text("old")
    process = begin(maps_dir, "build", str(RUTLAND))
    assert process.stderr is not None
    assert stage in (line.rstrip("\n") for line in process.stderr)
    process.send_signal(number)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert "Traceback" not in errors
    assert visible(maps_dir) == ["rutland"]
    assert (old / META_FILE).read_text() == "old"
    if number != signal.SIGKILL:
        assert sorted(path.name for path in maps_dir.iterdir()) == [".lock", "rutland"]
    # It can be started again, and clears up what a killed one left.
    assert main(["--maps-dir", str(maps_dir), "build", str(RUTLAND), "--roads-only"]) == 0
    assert sorted(path.name for path in maps_dir.iterdir()) == [".lock", "rutland"]
    open_street_map(old)


def test_kill_at_any_moment_leaves_the_old_map_or_the_new_one(tmp_path: Path) -> None:
    """Around the moment at which the new map takes the place of the old one."""
    maps_dir = tmp_path / "maps"
    command = ["--maps-dir", str(maps_dir), "build", str(RUTLAND), "--roads-only"]
    assert main(command) == 0
    for delay_s in (0.0, 0.02, 0.05, 0.1):
        process = begin(maps_dir, *command[2:])
        assert process.stderr is not None
        assert "Writing roads" in (line.rstrip("\n") for line in process.stderr)
        time.sleep(delay_s)
        process.kill()
        process.communicate(timeout=60)
        assert visible(maps_dir) == ["rutland"]
        open_street_map(maps_dir / "rutland")
