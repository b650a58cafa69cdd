"""The benchmark imports what it makes, from both kinds of files."""

from pathlib import Path

import pytest

from benchmarks import imports


@pytest.mark.parametrize("kind", imports.KINDS)
def test_every_row_is_imported_and_again_unchanged(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "ROWS", 120)
    geocoder, addresses = imports.german_sample(tmp_path)
    content = imports.KINDS[kind](addresses)
    figures = imports.measure("small", "DE", geocoder, content, f"sqlite:///{tmp_path / 'a.db'}")
    assert (figures["rows"], figures["created"], figures["again_unchanged"]) == (120, 120, 120)
    assert figures["found_pct"] == 100
