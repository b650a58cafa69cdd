"""Compiling: the graph says what driving on the roads as drawn would take."""

import hypothesis.strategies as st
from hypothesis import given

from data.errors import InvalidRoadMapError
from data.osm.compile import compile_roads
from data.osm.profile import CAR
from data.osm.raw_roads import NodeFlag, RawRoads, TurnRestriction
from tests.data.osm.raw_builder import W, raw_roads
from tests.data.osm.road_compare import assert_same_times

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
