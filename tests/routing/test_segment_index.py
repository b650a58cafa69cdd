"""The nearest road to a place."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import great_circle_m
from routing.errors import InvalidRoadGraphError
from routing.roads.nearest_piece import nearest_piece_of, nearest_pieces, shares_along
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import RoadSegments
from routing.roads.segment_index import (
    PIECES,
    SegmentIndex,
    build_segment_index,
)
from routing.roads.segment_snapping import points_on_pieces
from tests.routing.road_graphs import M_PER_DEGREE
from tests.routing.street_maps import LonLat, Street, street_map, street_maps

COST = (1000, 10)


def distances_m(
    segments: RoadSegments, index: SegmentIndex, lon: np.ndarray, lat: np.ndarray
) -> np.ndarray:
    _, point, share = nearest_pieces(index, segments, lon, lat)
    return great_circle_m(lon, lat, *points_on_pieces(segments, point, share))


def brute_force_m(segments: RoadSegments, lon: float, lat: float) -> float:
    """Least distance to 200 positions on every piece where one may stop."""
    best = np.inf
    share = np.linspace(0, 1, 201)
    for k in np.flatnonzero(segments.is_stop_allowed & (segments.arc >= 0).any(axis=1)):
        for point in range(segments.first_point[k], segments.first_point[k + 1] - 1):
            position = points_on_pieces(segments, np.full(201, point), share)
            best = min(best, float(great_circle_m(lon, lat, *position).min()))
    return best


@given(map_=street_maps(), seed=st.integers(0, 10**6))
def test_nearest_position_is_the_nearest_of_all(
    map_: tuple[RoadGraph, RoadSegments], seed: int
) -> None:
    """To the 4 m that the longest of the test's streets, 1.4 km, has between two samples."""
    segments = map_[1]
    rng = np.random.default_rng(seed)
    lon, lat = rng.uniform(9.98, 10.05, 6), rng.uniform(50.98, 51.04, 6)
    found = distances_m(segments, build_segment_index(segments), lon, lat)
    expected = [brute_force_m(segments, *place) for place in zip(lon, lat, strict=True)]
    assert (found <= np.array(expected) + 0.01).all()
    np.testing.assert_allclose(found, expected, atol=4.0)


def town(rows: int, columns: int, seed: int, origin: LonLat = (9.0, 48.0)) -> RoadSegments:
    """Winding streets on a crooked grid, 300 m wide per mesh; some are longer than one item."""
    rng = np.random.default_rng(seed)
    lonlat = [
        (
            origin[0] + 0.004 * (c + rng.uniform(-0.3, 0.3)),
            origin[1] + 0.0027 * (r + rng.uniform(-0.3, 0.3)),
        )
        for r in range(rows)
        for c in range(columns)
    ]
    streets = []
    for here in range(rows * columns):
        for to in [here + 1] * (here % columns + 1 < columns) + [here + columns] * (
            here < (rows - 1) * columns
        ):
            (x0, y0), (x1, y1) = lonlat[here], lonlat[to]
            bends = np.sort(rng.uniform(0, 1, rng.integers(0, 3 * PIECES)))
            wobble = rng.uniform(-0.0005, 0.0005, (len(bends), 2))
            between = tuple(
                (x0 + t * (x1 - x0) + dx, y0 + t * (y1 - y0) + dy)
                for t, (dx, dy) in zip(bends.tolist(), wobble.tolist(), strict=True)
            )
            streets.append(
                Street(here, to, COST, COST, between, is_stop_allowed=rng.uniform() > 0.1)
            )
    return street_map(lonlat, streets)[1]


def test_tree_of_several_levels_finds_what_a_look_at_every_street_finds() -> None:
    segments = town(20, 25, seed=1)
    index = build_segment_index(segments)
    assert len(index.item_segment) > 8**3
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(8.98, 9.12, 200), rng.uniform(47.98, 48.07, 200)
    usable = np.flatnonzero(segments.is_stop_allowed)
    found = distances_m(segments, index, lon, lat)
    for k in range(200):
        best = np.inf
        for segment in usable:
            point, share = nearest_piece_of(segments, segment, lon[k], lat[k])
            at = points_on_pieces(segments, np.array([point]), np.array([share]))
            best = min(best, float(great_circle_m(lon[k], lat[k], *at)[0]))
        assert found[k] == pytest.approx(best, abs=0.01)


def test_streets_without_stops_are_passed_over() -> None:
    lonlat = [(10.0, 50.0), (10.1, 50.0), (10.0, 50.01), (10.1, 50.01)]
    segments = street_map(lonlat, [Street(0, 1, COST, is_stop_allowed=False), Street(2, 3, COST)])[
        1
    ]
    segment, _, _ = nearest_pieces(
        build_segment_index(segments), segments, np.array([10.05]), np.array([50.0])
    )
    assert segment.tolist() == [1]


def test_of_streets_equally_near_the_first_counts() -> None:
    lonlat = [(10.0, 50.0), (10.1, 50.0), (9.9, 50.0), (10.0, 50.1)]
    segments = street_map(lonlat, [Street(0, k, COST) for k in (1, 2, 3)])[1]
    segment, point, share = nearest_pieces(
        build_segment_index(segments), segments, np.array([10.0]), np.array([50.0])
    )
    assert (segment[0], point[0], share[0]) == (0, 0, 0.0)


@pytest.mark.parametrize("lon", [179.99, -179.99, 180.0, -180.0])
def test_road_across_the_180th_meridian_is_near_from_both_sides(lon: float) -> None:
    segments = street_map([(179.95, -17.0), (-179.95, -17.0)], [Street(0, 1, COST)])[1]
    index = build_segment_index(segments)
    places = np.array([lon]), np.array([-17.01])
    assert distances_m(segments, index, *places)[0] == pytest.approx(0.01 * M_PER_DEGREE, rel=1e-4)
    segment, point, share = nearest_pieces(index, segments, *places)
    road_lon, _ = points_on_pieces(segments, point, share)
    assert abs(road_lon[0]) == pytest.approx(abs(lon), abs=1e-3)
    along = shares_along(segments, segment, point, share)
    assert along[0] == pytest.approx(((lon % 360) - 179.95) / 0.1, abs=1e-3)


@pytest.mark.parametrize("lat", [78.2, -85.0, 89.999, 90.0, -90.0])
def test_high_latitudes_are_answered(lat: float) -> None:
    """The road to Longyearbyen's airport, and places up to the poles."""
    segments = street_map([(15.46, 78.246), (15.65, 78.22)], [Street(0, 1, COST)])[1]
    found = distances_m(
        segments, build_segment_index(segments), np.array([15.5, -170.0]), np.array([lat, lat])
    )
    to_ends = great_circle_m(15.5, lat, np.array([15.46, 15.65]), np.array([78.246, 78.22]))
    assert found[0] <= to_ends.min() + 1
    assert np.isfinite(found).all()


def test_position_along_a_street_is_the_share_of_its_length() -> None:
    """Three pieces of 0.01, 0.02 and 0.01 degrees of latitude; two thirds of the second one."""
    between = ((10.0, 50.01), (10.0, 50.03))
    segments = street_map([(10.0, 50.0), (10.0, 50.04)], [Street(0, 1, COST, None, between)])[1]
    along = shares_along(
        segments, np.zeros(3, np.int32), np.array([0, 1, 2]), np.array([0.0, 2 / 3, 1.0])
    )
    assert along == pytest.approx([0.0, (0.01 + 0.04 / 3) / 0.04, 1.0], abs=1e-6)


def test_street_without_length_has_one_position() -> None:
    segments = street_map([(10.0, 50.0), (10.0, 50.0)], [Street(0, 1, COST)])[1]
    segment, point, share = nearest_pieces(
        build_segment_index(segments), segments, np.array([10.1]), np.array([50.0])
    )
    assert shares_along(segments, segment, point, share).tolist() == [0.0]


class TestRefusal:
    def test_map_where_one_may_stop_nowhere(self) -> None:
        segments = street_map([(10, 50), (11, 50)], [Street(0, 1, COST, is_stop_allowed=False)])[1]
        with pytest.raises(InvalidRoadGraphError, match="no road where one may stop"):
            build_segment_index(segments)

    def test_index_of_other_segments(self) -> None:
        index = build_segment_index(town(5, 5, seed=1))
        with pytest.raises(InvalidRoadGraphError, match="other segments"):
            index.check_belongs_to(town(3, 3, seed=1))

    @pytest.mark.parametrize(
        ("name", "change"),
        [
            ("item_segment", lambda a: a[:-1]),
            ("item_point", lambda a: a[:-1]),
            ("box", lambda a: a[:-1]),
            ("box", lambda a: a[:, :5]),
            ("item_segment", lambda a: a[:0]),
        ],
    )
    def test_damaged_arrays(self, name: str, change) -> None:
        index = build_segment_index(town(4, 4, seed=1))
        with pytest.raises(InvalidRoadGraphError, match="Build it anew"):
            replace(index, **{name: change(getattr(index, name))})

    @pytest.mark.parametrize(("name", "by"), [("item_point", 10**6), ("item_segment", -99)])
    def test_arrays_that_point_out_of_the_map(self, name: str, by: int) -> None:
        segments = town(4, 4, seed=1)
        index = build_segment_index(segments)
        with pytest.raises(InvalidRoadGraphError, match="Build it anew"):
            replace(index, **{name: getattr(index, name) + by}).check_belongs_to(segments)
