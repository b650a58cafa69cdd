"""The table of a profile, and that the documentation shows it."""

import re
from pathlib import Path

import pytest

from data.osm.reading.profile import CAR, FERRY, PROFILES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "map-building.md"


def test_profiles_are_found_by_their_name() -> None:
    assert {name: profile.name for name, profile in PROFILES.items()} == {"car": "car"}


def test_kinds_are_all_classes_and_ferries_last() -> None:
    assert CAR.kinds == (*CAR.class_kmh, *CAR.explicit_kmh, FERRY)
    assert len(set(CAR.kinds)) == len(CAR.kinds)


def test_every_speed_and_limit_is_positive() -> None:
    tables = (
        CAR.class_kmh,
        CAR.explicit_kmh,
        CAR.ceiling_kmh,
        CAR.service_kmh,
        CAR.surface_kmh,
        CAR.smoothness_kmh,
        CAR.tracktype_kmh,
        CAR.zone_limit_kmh,
    )
    assert min(min(table.values()) for table in tables) > 0


def test_ceilings_are_for_classes_that_are_used() -> None:
    assert set(CAR.ceiling_kmh) <= set(CAR.kinds)


@pytest.mark.parametrize(
    "table",
    [
        "class_kmh",
        "explicit_kmh",
        "ceiling_kmh",
        "service_kmh",
        "surface_kmh",
        "smoothness_kmh",
        "tracktype_kmh",
    ],
)
def test_page_shows_every_speed(table: str) -> None:
    section = PAGE.read_text().split(f"(`{table}`)\n")[1].split("\n#")[0]
    shown = {
        value: float(kmh)
        for kmh, values in re.findall(r"^\| ([\d.]+) \| (.+) \|$", section, re.MULTILINE)
        for value in re.findall(r"`([^`]+)`", values)
    }
    assert shown == getattr(CAR, table)


@pytest.mark.parametrize(
    "name",
    [
        "limit_share",
        "unlimited_kmh",
        "walk_kmh",
        "ferry_kmh",
        "max_ferry_kmh",
        "junction_s",
        "signal_s",
        "barrier_s",
    ],
)
def test_page_shows_every_factor(name: str) -> None:
    assert re.search(rf"^\| `{name}` \| {getattr(CAR, name):g} \|", PAGE.read_text(), re.MULTILINE)
