"""Web assets: copied all or none, and fetched only when the lock file says so."""

import json
from pathlib import Path

import pytest

from api import assets
from api.assets import FILES, VENDOR, AssetsError, copy, fetch, is_current

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project folder with a lock file and the packages already in node_modules/."""
    (tmp_path / "package-lock.json").write_text("{}")
    (tmp_path / VENDOR).parent.mkdir(parents=True)
    for package, files in FILES.items():
        for file in files:
            path = tmp_path / "node_modules" / package / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{package} {file}")
    return tmp_path


def test_files_land_in_a_folder_named_after_their_package(root: Path) -> None:
    copy(root)
    page_library = root / VENDOR / "maplibre-gl" / "maplibre-gl.mjs"
    assert page_library.read_text() == "maplibre-gl dist/maplibre-gl.mjs"
    assert is_current(root)


def test_a_new_lock_file_asks_for_new_assets(root: Path) -> None:
    copy(root)
    (root / "package-lock.json").write_text('{"lockfileVersion": 3}')
    assert not is_current(root)


def test_a_missing_file_leaves_the_old_assets_in_place(root: Path) -> None:
    copy(root)
    (root / "package-lock.json").write_text('{"lockfileVersion": 3}')
    (root / "node_modules" / "maplibre-gl" / "LICENSE.txt").unlink()
    with pytest.raises(AssetsError, match=r"LICENSE\.txt is missing"):
        copy(root)
    assert (root / VENDOR / "maplibre-gl" / "maplibre-gl.css").is_file()
    assert not is_current(root)


def test_a_failing_npm_is_explained(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(npm.parent))
    with pytest.raises(AssetsError, match="needs the npm registry"):
        fetch(root)


def test_nothing_is_fetched_when_the_assets_are_current(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy(root)
    monkeypatch.setattr(assets, "ROOT", root)
    monkeypatch.setenv("PATH", "")
    assert assets.main([]) == 0
    assert capsys.readouterr().out == ""


def test_every_package_of_the_page_is_locked() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert set(FILES) == set(lock["packages"][""]["dependencies"])
