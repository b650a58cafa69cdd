"""Places off the road."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import InvalidLocationError, great_circle_m
from routing.roads.access_rule import HIGHWAYS
from routing.roads.engine import SnappedPlaces
from routing.roads.snapping import JunctionIndex, way_at_same_junction
from tests.routing.road_graphs import M_PER_DEGREE, grid_graph, road_graph


@pytest.fixture
def junctions() -> JunctionIndex:
    """Two junctions ten degrees apart, one of them just beyond the 180th meridian."""
    return JunctionIndex(road_graph([(170.0, 0.0), (-179.9, 0.0)], []))


def test_place_at_a_junction_costs_the_terminal_time_only(junctions: JunctionIndex) -> None:
    place = junctions.snap(170.0, 0.0)
    assert (place.spot[0], place.straight_m[0]) == (0, 0.0)
    assert (place.access_s[0], place.access_m[0]) == (300, 0)


def test_access_is_the_straight_line_and_three_tenths_at_40_kmh(junctions: JunctionIndex) -> None:
    place = junctions.snap(170.0, 8999.9 / M_PER_DEGREE)
    assert place.straight_m[0] == pytest.approx(8999.9, abs=0.01)
    assert place.access_m[0] == 11_700
    assert place.access_s[0] == 300 + 1053  # 11.7 km at 40 km/h


def test_nearest_junction_is_found_across_the_180th_meridian(junctions: JunctionIndex) -> None:
    assert junctions.snap([179.9, 171.0], [0.0, 0.0]).spot.tolist() == [1, 0]


def test_off_road_begins_beyond_50_km(junctions: JunctionIndex) -> None:
    places = junctions.snap([170.0, 170.0], [49_990 / M_PER_DEGREE, 50_010 / M_PER_DEGREE])
    assert places.is_off_road.tolist() == [False, True]


@pytest.mark.parametrize(
    ("lon", "lat"), [(181.0, 0.0), (0.0, -90.5), (float("nan"), 0.0), (0.0, float("inf"))]
)
def test_position_that_is_not_on_the_earth_is_refused(
    junctions: JunctionIndex, lon: float, lat: float
) -> None:
    with pytest.raises(InvalidLocationError, match="Place 1"):
        junctions.snap([0.0, lon], [0.0, lat])


def test_no_places_are_snapped_to_no_junctions(junctions: JunctionIndex) -> None:
    assert len(junctions.snap([], [])) == 0


def test_places_can_be_picked_and_joined(junctions: JunctionIndex) -> None:
    places = junctions.snap([170.0, 171.0, 172.0], [0.0, 0.0, 0.0])
    joined = SnappedPlaces.concatenate(places[2], places[:2])
    assert joined.lon.tolist() == [172.0, 170.0, 171.0]
    assert joined.spot.dtype == np.int32


@given(seed=st.integers(0, 10**6))
def test_nearest_junction_is_the_nearest_of_all(seed: int) -> None:
    graph = grid_graph(6, 7, seed=seed % 5)
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(9.9, 10.2, 20), rng.uniform(50.9, 51.2, 20)
    places = JunctionIndex(graph).snap(lon, lat)
    to_all_m = great_circle_m(lon[:, None], lat[:, None], graph.node_lon, graph.node_lat)
    np.testing.assert_allclose(places.straight_m, to_all_m.min(axis=1), atol=1e-3)
    nearest_m = to_all_m[np.arange(20), places.spot]
    np.testing.assert_allclose(places.straight_m, nearest_m, atol=1e-3)


@given(seed=st.integers(0, 10**6))
def test_way_across_is_never_longer_than_through_the_junction(seed: int) -> None:
    rng = np.random.default_rng(seed)
    junctions = JunctionIndex(road_graph([(10.0, 50.0)], []))
    lon, lat = rng.uniform(9.9, 10.1, (2, 30)), rng.uniform(49.9, 50.1, (2, 30))
    sources, targets = junctions.snap(lon[0], lat[0]), junctions.snap(lon[1], lat[1])
    seconds, metres = way_at_same_junction(sources, targets, HIGHWAYS)
    assert (seconds <= sources.access_s + targets.access_s).all()
    assert (seconds > 600).all()
    assert (metres <= sources.access_m + targets.access_m + 1).all()  # rounded each
