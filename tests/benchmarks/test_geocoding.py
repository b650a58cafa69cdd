"""The protocol of the benchmark, held on both extracts."""

from pathlib import Path

import pytest

from benchmarks.geocoding import RUTLAND, measure
from benchmarks.instances import data_folder

LIECHTENSTEIN = data_folder() / "osm" / "liechtenstein-2024.osm.pbf"


@pytest.mark.parametrize(
    ("name", "extract", "number_first"),
    [("rutland", RUTLAND, True), ("liechtenstein", LIECHTENSTEIN, False)],
)
def test_addresses_are_found_and_no_house_is_made_up(
    name: str, extract: Path, number_first: bool
) -> None:
    if not extract.is_file():
        pytest.skip(f"{extract} is not there")
    figures = measure(name, extract, number_first)
    assert figures["within_50m_pct"] >= 99  # type: ignore[operator]
    assert min(figures["by_variation_pct"].values()) >= 95  # type: ignore[attr-defined]
    assert (figures["false_house_hits"], figures["abroad_hits"]) == (0, 0)
