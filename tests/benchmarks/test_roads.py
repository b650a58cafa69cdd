"""What the benchmark of the roads says of its aims."""

from typing import Any

import pytest

from benchmarks.roads import TARGETS, missed_aims

MET: dict[str, Any] = {name: aim for name, (aim, _) in TARGETS.items()} | {"osrm_median_ratio": 0.9}


def test_aims_that_are_just_met_are_not_missed() -> None:
    assert missed_aims(MET) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("read_mb_per_s", 8.9),
        ("matrix_500_s", 1.3),
        ("max_relative_difference", 1e-9),
        ("osrm_correlation", 0.98),
        ("country_minutes", 21.0),
    ],
)
def test_an_aim_that_is_missed_is_named(name: str, value: float) -> None:
    (missed,) = missed_aims(MET | {name: value})
    assert missed.startswith(f"{name} {value}")


@pytest.mark.parametrize("ratio", [0.89, 1.11])
def test_times_may_be_off_those_of_osrm_in_either_direction(ratio: float) -> None:
    (missed,) = missed_aims(MET | {"osrm_median_ratio": ratio})
    assert missed == "osrm_median_distance_from_1 0.11 (at most 0.1)"


def test_nothing_is_missed_that_was_not_measured() -> None:
    unknown = {"osrm_median_ratio": None, "osrm_correlation": None}
    without = {name: value for name, value in MET.items() if not name.startswith("osrm")}
    assert missed_aims(without | unknown) == []
