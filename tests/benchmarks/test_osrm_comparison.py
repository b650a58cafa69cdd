"""The comparison with OSRM: what is compared, and that it comes out well."""

import os
from pathlib import Path

import numpy as np
import pytest

from benchmarks.osrm_comparison import Times, compare, measure, places_along, street_engine, summary
from benchmarks.osrm_server import OsrmProgramsError, osrm_programs
from routing.roads.scipy_engine import ScipyEngine
from tests.routing.street_maps import Street, street_map

ROOT = Path(__file__).resolve().parents[2]
RUTLAND = ROOT / "data" / "samples" / "rutland.osm.pbf"


def times(ours_s: list[list[float]], osrm_s: list[list[float]]) -> Times:
    ours, osrm = np.array(ours_s), np.array(osrm_s)
    none = np.zeros(len(ours))
    return Times(none, none, ours, osrm, ours * 10, osrm * 20)


def test_summary_counts_ways_that_both_know_and_that_are_not_short() -> None:
    nan = np.nan
    ours = [[nan, 110, 50], [330, nan, nan], [nan, 480, nan]]
    osrm = [[nan, 100, 70], [300, nan, 200], [nan, 400, nan]]
    found = summary("three places", times(ours, osrm))
    assert (found.count, found.ours_only, found.osrm_only) == (3, 0, 1)
    assert found.median_ratio == 1.1
    assert found.length_ratio == 0.55
    assert (found.p10, found.p90) == (1.1, 1.18)
    assert found.correlation == pytest.approx(0.9967, abs=1e-4)


def test_places_lie_on_roads_where_one_may_stop() -> None:
    graph, segments = street_map(
        [(10.0, 50.0), (10.1, 50.0), (10.2, 50.0)],
        [
            Street(0, 1, (1000, 100), between=((10.05, 50.01),)),
            Street(1, 2, (1000, 100), kind="motorway", is_stop_allowed=False),
        ],
    )
    lon, lat = places_along(segments, 50, seed=2)
    assert lon.max() <= 10.1
    assert ScipyEngine(graph, segments).snap(lon, lat).straight_m.max() < 0.5
    assert (lon < 10.05).sum() in range(10, 41)


def test_an_engine_compared_with_itself_is_the_same() -> None:
    street = Street(0, 1, (100_000, 1000), (200_000, 1000))
    graph, segments = street_map([(10.0, 50.0), (10.1, 50.0)], [street])
    engine = ScipyEngine(graph, segments)
    found = summary("itself", measure(engine, engine, *places_along(segments, 20, seed=2)))
    assert (found.median_ratio, found.p10, found.p90, found.correlation) == (1, 1, 1, 1)
    assert found.count > 20


def test_times_on_the_streets_of_a_county_are_those_of_osrm() -> None:
    """None of the factors was chosen by this extract."""
    try:
        osrm_programs(download=os.environ.get("REQUIRE_OSRM") == "1")
    except OsrmProgramsError as error:
        if os.environ.get("REQUIRE_OSRM") == "1":
            raise
        pytest.skip(str(error))
    found = compare(street_engine(RUTLAND), RUTLAND, count=100)
    assert 0.95 < found.median_ratio < 1.05
    assert found.correlation > 0.99
    assert 0.99 < found.length_ratio < 1.01
    assert found.count > 5000
