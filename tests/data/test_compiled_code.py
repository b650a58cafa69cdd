"""Compiled code of former sources is never used."""

import os
from pathlib import Path

import pytest

from data import compiled_code
from data.compiled_code import sources_digest, stoppable, use_compiled_code


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "sources"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "a.py").write_text("x = 1")
    monkeypatch.setattr(compiled_code, "SOURCES", (folder,))
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    return folder


def test_a_change_in_any_source_moves_the_cache_and_removes_the_old_one(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = tmp_path / "numba"
    use_compiled_code(parent)
    before = Path(os.environ["NUMBA_CACHE_DIR"])
    assert before.is_dir()

    monkeypatch.delenv("NUMBA_CACHE_DIR")
    (sources / "inner" / "a.py").write_text("x = 2")
    (parent / "something_else").mkdir()
    use_compiled_code(parent)
    assert Path(os.environ["NUMBA_CACHE_DIR"]) != before
    assert not before.exists()
    assert (parent / "something_else").is_dir()


def test_a_folder_named_by_the_environment_is_left_alone(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", "/elsewhere")
    use_compiled_code(tmp_path / "numba")
    assert os.environ["NUMBA_CACHE_DIR"] == "/elsewhere"
    assert not (tmp_path / "numba").exists()


def test_a_file_that_is_renamed_changes_the_digest(sources: Path) -> None:
    before = sources_digest(sources)
    (sources / "inner" / "a.py").rename(sources / "inner" / "b.py")
    assert sources_digest(sources) != before


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), SystemExit(143)])
def test_a_stop_that_comes_out_of_compiled_code_as_a_cause_is_a_stop(stop: BaseException) -> None:
    with pytest.raises(type(stop)) as raised, stoppable():
        raise SystemError("returned a result with an exception set") from stop
    assert raised.value is stop


def test_any_other_system_error_stays_one() -> None:
    with pytest.raises(SystemError, match="bad call"), stoppable():
        raise SystemError("bad call") from ValueError("x")
