"""Compiling: the graph says what driving on the roads as drawn would take."""

from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from data.errors import InvalidRoadMapError
from data.osm.graph.compile import compile_roads
from data.osm.graph.turns import APPLIED
from data.osm.raw_roads import NodeFlag, RawRoads, TurnRestriction
from data.osm.reading.profile import CAR
from data.osm.reading.read_roads import read_roads
from routing.roads.road_segments import NO_SEGMENT
from tests.data.osm.raw_builder import KINDS, STEP_M, W, one_way, raw_roads
from tests.data.osm.road_compare import (
    assert_same_times,
    graph_durations_s,
    road_of,
    turning_positions,
)
from tests.data.osm.turn_oracle import Oracle, Step

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "osm"
RUTLAND = Path(__file__).resolve().parents[3] / "data" / "samples" / "rutland.osm.pbf"

MOVES = ((1, 0), (0, 1), (-1, 0), (0, -1))
SIZE = 4


@st.composite
def little_networks(draw: st.DrawFn) -> RawRoads:
    """Ways along a grid of 4 by 4, no two of them along the same side, with everything on them."""
    used = {frozenset((10 * x + 1, 10 * x + 11)) for x in range(SIZE - 1)}
    ways = [W(1, tuple(10 * x + 1 for x in range(SIZE)))]
    for _ in range(draw(st.integers(3, 14))):
        nodes = [draw(st.integers(0, SIZE - 1)) * 10 + draw(st.integers(0, SIZE - 1))]
        for move in draw(st.lists(st.sampled_from(MOVES), min_size=1, max_size=5)):
            x, y = nodes[-1] // 10 + move[0], nodes[-1] % 10 + move[1]
            side = frozenset((nodes[-1], 10 * x + y))
            if 0 <= x < SIZE and 0 <= y < SIZE and side not in used:
                used.add(side)
                nodes.append(10 * x + y)
        if len(nodes) > 1:
            forward, backward = draw(
                st.sampled_from(
                    ((36.0, 36.0), (36.0, 36.0), (72.0, 36.0), (36.0, 0.0), (0.0, 36.0))
                )
            )
            is_zone = draw(st.integers(0, 3)) == 0
            ways.append(W(len(ways) + 1, nodes, forward, backward, is_zone=is_zone))
    restrictions = []
    for number in range(draw(st.integers(0, 5))):
        via = draw(st.sampled_from(ways))
        is_only = draw(st.booleans())
        if draw(st.booleans()):
            node = draw(st.sampled_from(via.nodes))
            meeting = [way.id for way in ways if node in way.nodes]
            from_way, to_way = draw(st.sampled_from(meeting)), draw(st.sampled_from(meeting))
            restrictions.append(TurnRestriction(number, is_only, from_way, to_way, node))
        else:
            path = [via]
            end = via.nodes[-1]
            if draw(st.booleans()):
                longer = [w for w in ways if w.nodes[0] == end and w not in path]
                path += longer[:1]
                end = path[-1].nodes[-1]
            ways_from = [w.id for w in ways if via.nodes[0] in w.nodes and w not in path]
            ways_to = [w.id for w in ways if end in w.nodes and w not in path]
            if ways_from and ways_to:
                restrictions.append(
                    TurnRestriction(
                        number,
                        is_only,
                        draw(st.sampled_from(ways_from)),
                        draw(st.sampled_from(ways_to)),
                        None,
                        tuple(way.id for way in path),
                    )
                )
    flags = draw(
        st.dictionaries(
            st.sampled_from([node for way in ways for node in way.nodes]),
            st.sampled_from(NodeFlag),
            max_size=3,
        )
    )
    return raw_roads(ways, restrictions, flags)


@given(little_networks())
def test_every_way_takes_as_long_as_the_oracle_says(raw: RawRoads) -> None:
    try:
        graph, segments = compile_roads(raw, CAR)
    except InvalidRoadMapError:
        return
    segments.check_belongs_to(graph)
    assert_same_times(raw, CAR, graph, segments)


def extract(name: str) -> RawRoads:
    path = RUTLAND if name == RUTLAND.name else SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not in {SHARED}")
    return read_roads(path, CAR)


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("rutland.osm.pbf", 20),
        ("monaco.osm.pbf", 30),
        ("liechtenstein-2024.osm.pbf", 25),
        # With 100 it holds as well, and takes ten minutes.
        ("porto-2015.osm.pbf", 2),
    ],
)
def test_ways_on_real_roads_take_as_long_as_the_oracle_says(name: str, sample: int) -> None:
    raw = extract(name)
    graph, segments = compile_roads(raw, CAR)
    reachable = assert_same_times(raw, CAR, graph, segments, sample)
    assert reachable >= 0.99 * sample**2


def test_every_turn_restriction_of_monaco_is_kept() -> None:
    """
    One by one: the forbidden sequence takes longer than driving straight through would. The same
    first road followed by another last one does not, nor does another first road by the same last.
    """
    raw = extract("monaco.osm.pbf")
    report: dict[str, int] = {}
    graph, segments = compile_roads(raw, CAR, report)
    assert report[APPLIED] == len(raw.restrictions) == 27
    oracle = Oracle(raw, CAR, turning_positions(graph))
    node_id = raw.node_id[raw.ref]

    def road(step: Step) -> int:
        ends = int(node_id[step.begin]), int(node_id[step.begin + 1])
        return road_of(raw, segments, *(ends if step.is_forward else ends[::-1]))

    def seconds(first: Step, last: Step) -> float:
        roads = [road(first)], [road(last)]
        return float(graph_durations_s(graph, segments, *roads)[0, 0])

    for restriction in raw.restrictions:
        forbidden = oracle.sequences(restriction)
        assert forbidden, restriction
        for first, *via, last in forbidden:
            through_s = pytest.approx(sum(map(oracle.duration_s, via)), abs=0.01)
            assert seconds(first, last) > through_s.expected + 1, restriction
            first_junction, last_junction = oracle.head[first], oracle.tail[last]
            others = [step for step in oracle.out_of[last_junction] if step != last]
            assert through_s in [seconds(first, other) for other in others], restriction
            others = [step for step in oracle.into[first_junction] if step != first]
            assert through_s in [seconds(other, last) for other in others], restriction


def test_arc_takes_its_length_by_its_speed_and_what_is_on_it() -> None:
    """A crossing at 20, where 10 has a signal for those who drive east and 30 a gate."""
    raw = raw_roads(
        [W(1, (0, 10, 20), 72.0), W(2, (20, 30, 40), 36.0, 18.0), W(3, (20, 21))],
        flags={10: NodeFlag.SIGNAL_FORWARD, 30: NodeFlag.BARRIER},
    )
    graph, segments = compile_roads(raw, CAR)
    expected_s = {
        (0, 10): 2 * STEP_M / 20 + CAR.signal_s + CAR.junction_s,
        (10, 0): 2 * STEP_M / 10,
        (20, 30): 2 * STEP_M / 10 + CAR.barrier_s,
        (40, 30): 2 * STEP_M / 5 + CAR.barrier_s + CAR.junction_s,
        (20, 21): STEP_M / 10,
        (21, 20): STEP_M / 10 + CAR.junction_s,
    }
    for (first, last), seconds in expected_s.items():
        arc = segments.arc.ravel()[road_of(raw, segments, first, last)]
        assert graph.arc_duration_ms[arc] == pytest.approx(1000 * seconds, abs=2)
    assert sorted(graph.arc_length_m.tolist()) == [100, 100, 200, 200, 200, 200]


def test_arc_knows_its_segment_and_direction() -> None:
    raw = raw_roads([one_way(1, (0, 10, 11)), W(2, (11, 0), name="A")])
    graph, segments = compile_roads(raw, CAR)
    assert segments.arc.tolist() == [[0, -1], [1, 2]]
    assert segments.arc_segment.tolist() == [0, 1, ~1]
    assert list(segments.names) == ["A"]
    assert segments.name.tolist() == [-1, 0]
    assert graph.kinds == (*KINDS, "turn")


def test_every_arc_of_a_segment_runs_between_its_ends() -> None:
    raw = extract(RUTLAND.name)
    graph, segments = compile_roads(raw, CAR)
    for arc in np.flatnonzero(segments.arc_segment != NO_SEGMENT)[::50].tolist():
        segment = int(segments.arc_segment[arc])
        number = segment if segment >= 0 else ~segment
        first = int(segments.first_point[number])
        last = int(segments.first_point[number + 1]) - 1
        tail, head = (first, last) if segment >= 0 else (last, first)
        for node, point in ((graph.arc_tail[arc], tail), (graph.arc_head[arc], head)):
            assert round(graph.node_lon[node] * 1e7) == segments.point_lon[point]
            assert round(graph.node_lat[node] * 1e7) == segments.point_lat[point]


def test_islands_stay_apart() -> None:
    raw = raw_roads([W(1, (0, 10, 20)), W(2, (5, 15, 25))])
    graph, segments = compile_roads(raw, CAR)
    here, there = road_of(raw, segments, 0, 10), road_of(raw, segments, 5, 15)
    duration_s = graph_durations_s(graph, segments, [here], [here ^ 1, there])
    assert np.isfinite(duration_s).tolist() == [[True, False]]


def test_same_roads_give_the_same_bytes() -> None:
    raw = extract(RUTLAND.name)
    (graph, segments), (again, segments_again) = (compile_roads(raw, CAR) for _ in range(2))
    for one, other in ((graph, again), (segments, segments_again)):
        for name in type(one).__slots__:
            values = getattr(one, name), getattr(other, name)
            if isinstance(values[0], np.ndarray):
                assert values[0].tobytes() == values[1].tobytes()
                assert values[0].dtype == values[1].dtype


def test_roads_that_form_no_network_are_refused() -> None:
    raw = raw_roads([one_way(1, (0, 10, 20))])
    with pytest.raises(InvalidRoadMapError, match="form no network"):
        compile_roads(raw, CAR)


def test_motorways_alone_are_refused() -> None:
    raw = raw_roads([W(1, (0, 10, 20), kind="motorway", is_stop_allowed=False)])
    with pytest.raises(InvalidRoadMapError, match="motorways and ferries only"):
        compile_roads(raw, CAR)
