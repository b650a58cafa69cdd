"""Zones: a drive may begin or end in one, and never leads through."""

import numpy as np
import pytest

from data.osm.graph.compile import compile_roads
from data.osm.raw_roads import RawRoads
from data.osm.reading.profile import CAR
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import RoadSegments
from tests.data.osm.raw_builder import W, one_way, raw_roads
from tests.data.osm.road_compare import graph_durations_s, road_of

Compiled = tuple[RoadGraph, RoadSegments]


def seconds(raw: RawRoads, start: tuple[int, int], end: tuple[int, int]) -> float:
    """From the end of one road to the beginning of another, both named by two nodes."""
    graph, segments = compile_roads(raw, CAR)
    roads = [road_of(raw, segments, *pair) for pair in (start, end)]
    return float(graph_durations_s(graph, segments, roads[:1], roads[1:])[0, 0])


@pytest.fixture
def shortcut() -> RawRoads:
    """
    A public road round a block, and a private one straight through it.

         3 --------------------- 43       public: 1 3 43 41, 80 s
         |          22            |
         |          |             |
         1 -- 11 -- 21 -- 31 --- 41       private: 1 11 21 31 41, 40 s
         |                        |
         0 (west)                40 (east)
    """
    return raw_roads(
        [
            W(1, (1, 3, 43, 41), name="round"),
            W(2, (1, 11, 21, 31, 41), is_zone=True),
            W(3, (21, 22), is_zone=True),
            W(4, (0, 1), name="west"),
            W(5, (41, 40), name="east"),
        ]
    )


def test_nobody_drives_through_a_zone(shortcut: RawRoads) -> None:
    """80 s round the block, where the private road would take 40 s; and the junction at its end."""
    assert seconds(shortcut, (0, 1), (41, 40)) == pytest.approx(80 + CAR.junction_s, abs=0.01)


def test_drive_may_end_in_a_zone(shortcut: RawRoads) -> None:
    assert seconds(shortcut, (0, 1), (1, 11)) == 0.0
    # 20 s along the private road to the branch, and a junction there.
    assert seconds(shortcut, (0, 1), (21, 22)) == pytest.approx(20 + CAR.junction_s, abs=0.01)


def test_drive_may_begin_in_a_zone(shortcut: RawRoads) -> None:
    assert seconds(shortcut, (22, 21), (41, 40)) == pytest.approx(20 + CAR.junction_s, abs=0.01)


def test_drive_may_stay_in_a_zone(shortcut: RawRoads) -> None:
    assert seconds(shortcut, (11, 21), (21, 22)) == 0.0


def test_drive_from_zone_to_zone_may_use_public_roads_in_between() -> None:
    raw = raw_roads(
        [W(1, (0, 10, 20, 30)), W(2, (10, 11), is_zone=True), W(3, (20, 21), is_zone=True)]
    )
    assert seconds(raw, (11, 10), (20, 21)) == pytest.approx(10 + CAR.junction_s, abs=0.01)


def test_private_road_between_two_public_ones_can_be_reached_and_left_but_not_used() -> None:
    raw = raw_roads([W(1, (0, 1, 41, 40), name="round"), W(2, (0, 40), is_zone=True)])
    graph, segments = compile_roads(raw, CAR)
    private = road_of(raw, segments, 0, 40)
    assert graph.arc_duration_ms[segments.arc.ravel()[private]] == pytest.approx(40_000, abs=2)
    assert seconds(raw, (0, 40), (40, 41)) == 0.0
    assert seconds(raw, (1, 0), (0, 40)) == 0.0
    # From the far end of the public road to its near end there is only the way round.
    along = segments.arc.ravel()[road_of(raw, segments, 0, 1)]
    ends = graph.arc_tail[along], graph.arc_head[along]
    leading_in = graph.arc_head[graph.arc_tail == ends[0]]
    assert graph.arc_duration_ms[along] == pytest.approx(60_000, abs=2)
    assert leading_in.tolist() == [ends[1]]


def test_one_way_road_of_a_zone_is_driven_one_way() -> None:
    raw = raw_roads(
        [
            W(1, (0, 10, 20, 30)),
            one_way(2, (10, 11, 21), is_zone=True),
            one_way(3, (21, 20), is_zone=True),
            W(4, (21, 22), is_zone=True),
        ]
    )
    assert seconds(raw, (0, 10), (21, 22)) == pytest.approx(20 + CAR.junction_s, abs=0.01)
    assert seconds(raw, (22, 21), (20, 10)) == pytest.approx(10 + CAR.junction_s, abs=0.01)
    assert np.isfinite(seconds(raw, (22, 21), (10, 11)))
