"""The large road network of the benchmark: mirrored tiles that meet in equal edges."""

import numpy as np
import pytest

from benchmarks.road_parts import shape_of
from benchmarks.road_tiles import (
    EAST,
    core_of,
    core_rectangle,
    find_joints,
    is_strongly_connected,
    make_tiles,
)
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import DEGREES_PER_UNIT, RoadSegments
from routing.roads.scipy_engine import ScipyEngine
from tests.routing.street_maps import Street, street_map

SIDE = 24

Map = tuple[RoadGraph, RoadSegments]


@pytest.fixture(scope="module")
def city() -> Map:
    """
    24 x 24 junctions, 10 s and 100 m apart; every third street in a row is one-way.

    The rectangle keeps the inner 22 of them in either direction.
    """
    rng = np.random.default_rng(1)
    lonlat = [(10 + 0.0014 * c, 50 + 0.0009 * r) for r in range(SIDE) for c in range(SIDE)]
    streets = []
    for here in range(SIDE * SIDE):
        row, column = divmod(here, SIDE)
        both = None if row % 3 == 0 and column % 2 else (10_000, 100)
        bend = tuple((x + 0.0001, y) for x, y in (lonlat[here],)) if rng.uniform() < 0.5 else ()
        if column + 1 < SIDE:
            streets.append(Street(here, here + 1, (10_000, 100), both, bend, "Row"))
        if row + 1 < SIDE:
            streets.append(Street(here, here + SIDE, (10_000, 100), (10_000, 100)))
    return street_map(lonlat, streets)


def test_core_is_what_lies_in_the_rectangle_and_is_connected(city: Map) -> None:
    graph, segments, number = core_of(*city, core_rectangle(city[0]))
    segments.check_belongs_to(graph)
    assert graph.node_count == (number >= 0).sum() == 22 * 22
    assert is_strongly_connected(graph)


def test_every_road_that_leaves_the_rectangle_is_a_joint(city: Map) -> None:
    """22 on each side; the way to the edge is half of a street or less."""
    rectangle = core_rectangle(city[0])
    joints = find_joints(city[0], rectangle)
    assert np.bincount(joints.side).tolist() == [22] * 4
    assert ((joints.length_m >= 0) & (joints.length_m <= 100)).all()
    east = joints[joints.side == EAST]
    assert (city[0].node_lon[east.node] / DEGREES_PER_UNIT <= rectangle.east).all()


def test_tiles_are_one_network_of_which_each_tile_is_the_city(city: Map) -> None:
    core, _, _ = core_of(*city, core_rectangle(city[0]))
    graph, segments = make_tiles(*city, columns=3, rows=2)
    segments.check_belongs_to(graph)
    assert graph.node_count == 6 * core.node_count
    # Between 3 x 2 tiles there are four edges from north to south and three the other way.
    assert graph.arc_count == 6 * core.arc_count + 2 * 22 * (4 + 3)
    assert is_strongly_connected(graph)
    # Neighbouring tiles are turned over: the same junction lies at the same distance of the edge.
    west, east = graph.node_lon[: core.node_count], graph.node_lon[core.node_count :][:484]
    assert np.ptp(west + east) < 1e-6
    assert not np.allclose(west, east)


def test_joint_is_twice_the_way_to_the_edge(city: Map) -> None:
    joints = find_joints(city[0], core_rectangle(city[0]))
    core, _, number = core_of(*city, core_rectangle(city[0]))
    graph, segments = make_tiles(*city, columns=2, rows=1)
    first = 2 * core.arc_count
    east = joints[joints.side == EAST]
    assert graph.arc_tail[first : first + 22].tolist() == number[east.node].tolist()
    expected_m = np.maximum(1, np.rint(2 * east.length_m))
    assert graph.arc_length_m[first : first + 22].tolist() == expected_m.tolist()
    drawn = segments.arc_segment[first]
    points = segments.point_lon[segments.first_point[drawn] : segments.first_point[drawn + 1]]
    ends = [graph.node_lon[graph.arc_tail[first]], graph.node_lon[graph.arc_head[first]]]
    assert points.tolist() == np.rint(np.array(ends) / DEGREES_PER_UNIT).astype(int).tolist()


def test_ways_lead_from_tile_to_tile(city: Map) -> None:
    graph, segments = make_tiles(*city, columns=2, rows=2)
    engine = ScipyEngine(graph, segments)
    few = np.arange(0, graph.node_count, graph.node_count // 12)
    places = engine.snap(graph.node_lon[few], graph.node_lat[few])
    assert engine.matrix(places, places).is_reachable.all()


def test_map_without_roads_to_join_is_refused() -> None:
    lonlat = [(10.0, 50.0), (10.001, 50.0), (10.0, 50.001), (10.5, 50.5)]
    ring = [Street(a, b, (1000, 10), (1000, 10)) for a, b in ((0, 1), (1, 2), (2, 0))]
    with pytest.raises(ValueError, match="No road leaves the tile"):
        make_tiles(*street_map(lonlat, ring), columns=2, rows=1)


@pytest.mark.parametrize(
    ("tiles", "shape"), [(1, (1, 1)), (2, (2, 1)), (5, (3, 2)), (11, (4, 3)), (21, (7, 3))]
)
def test_tiles_lie_in_a_shape_that_is_not_too_long(tiles: int, shape: tuple[int, int]) -> None:
    assert shape_of(tiles) == shape
