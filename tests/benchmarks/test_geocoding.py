"""The protocol of the benchmark, held on both extracts."""

from pathlib import Path

import pytest

from benchmarks import geocoding_region
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


def test_addresses_are_found_in_a_region_made_of_copies() -> None:
    if not LIECHTENSTEIN.is_file():
        pytest.skip(f"{LIECHTENSTEIN} is not there")
    figures = geocoding_region.measure(copies=3)
    assert figures["houses"] == 37_530
    assert figures["found_pct"] >= 99  # type: ignore[operator]
    assert figures["hard_found_pct"] >= 95  # type: ignore[operator]
