"""Turn restrictions: what each kind forbids, and what is said of those that cannot be applied."""

from collections.abc import Sequence

import numpy as np
import pytest

from data.osm.graph.compile import CUT_OFF, compile_roads
from data.osm.graph.turns import AMBIGUOUS, APPLIED, NEEDLESS, NO_FROM, NO_JUNCTION, NO_TO, NO_VIA
from data.osm.raw_roads import NodeFlag, RawRoads, TurnRestriction
from data.osm.reading.profile import CAR
from tests.data.osm.raw_builder import W, one_way, raw_roads
from tests.data.osm.road_compare import graph_durations_s, road_of

WEST, EAST, NORTH, SOUTH = 1, 2, 3, 4
CROSSING = (
    W(WEST, (1, 11, 21), name="west"),
    W(EAST, (21, 31, 41), name="east"),
    W(NORTH, (21, 22, 23), name="north"),
    W(SOUTH, (21, 20), name="south"),
)
"""Four roads that meet at 21."""

Turn = tuple[tuple[int, int], tuple[int, int]]

STRAIGHT: Turn = ((11, 21), (21, 31))
LEFT: Turn = ((11, 21), (21, 22))
RIGHT: Turn = ((11, 21), (21, 20))
ROUND: Turn = ((11, 21), (21, 11))
FROM_EAST: Turn = ((31, 21), (21, 22))


def no(
    from_way: int, to_way: int, via: int | None = 21, ways: Sequence[int] = ()
) -> TurnRestriction:
    return TurnRestriction(1, False, from_way, to_way, None if ways else via, tuple(ways))


def only(
    from_way: int, to_way: int, via: int | None = 21, ways: Sequence[int] = ()
) -> TurnRestriction:
    return TurnRestriction(2, True, from_way, to_way, None if ways else via, tuple(ways))


def allowed(raw: RawRoads, *turns: Turn) -> list[bool]:
    """Whether each turn, from the end of one road to the beginning of another, takes no time."""
    graph, segments = compile_roads(raw, CAR)
    sources = [road_of(raw, segments, *turn[0]) for turn in turns]
    targets = [road_of(raw, segments, *turn[1]) for turn in turns]
    duration_s = graph_durations_s(graph, segments, sources, targets)
    return [bool(duration_s[k, k] == 0) for k in range(len(turns))]


def duration_s(raw: RawRoads, turn: Turn) -> float:
    graph, segments = compile_roads(raw, CAR)
    roads = [road_of(raw, segments, *pair) for pair in turn]
    return float(graph_durations_s(graph, segments, roads[:1], roads[1:])[0, 0])


def said(raw: RawRoads) -> set[str]:
    report: dict[str, int] = {}
    compile_roads(raw, CAR, report)
    return {sentence for sentence in report if "urn restriction" in sentence}


class TestAtOneJunction:
    def test_every_turn_is_allowed_where_nothing_is_said(self) -> None:
        raw = raw_roads(CROSSING)
        assert allowed(raw, STRAIGHT, LEFT, RIGHT, ROUND, FROM_EAST) == [True] * 5

    def test_forbidden_turn_is_the_only_one(self) -> None:
        raw = raw_roads(CROSSING, [no(WEST, NORTH)])
        assert allowed(raw, STRAIGHT, LEFT, RIGHT, FROM_EAST) == [True, False, True, True]
        assert said(raw) == {APPLIED}

    def test_forbidden_turn_costs_the_way_round(self) -> None:
        """Straight on, round at the end of the road 20 s away, and back into the junction."""
        raw = raw_roads(CROSSING, [no(WEST, NORTH)])
        south_and_back_s = 2 * 10 + CAR.junction_s
        assert duration_s(raw, LEFT) == pytest.approx(south_and_back_s, abs=0.01)

    def test_only_turn_forbids_all_others_from_there(self) -> None:
        raw = raw_roads(CROSSING, [only(WEST, EAST)])
        assert allowed(raw, STRAIGHT, LEFT, RIGHT, ROUND, FROM_EAST) == [
            True,
            False,
            False,
            False,
            True,
        ]

    def test_several_at_one_junction_all_hold(self) -> None:
        raw = raw_roads(CROSSING, [no(WEST, NORTH), no(WEST, SOUTH), only(EAST, WEST)])
        assert allowed(raw, STRAIGHT, LEFT, RIGHT, ROUND, FROM_EAST) == [
            True,
            False,
            False,
            False,
            False,
        ]

    def test_nobody_turns_round_where_turns_are_restricted(self) -> None:
        """Or most restrictions could be got round by doing so twice."""
        raw = raw_roads(CROSSING, [no(WEST, NORTH)])
        assert allowed(raw, ROUND, ((31, 21), (21, 31))) == [False, False]

    def test_one_turns_round_where_nothing_else_is_allowed(self) -> None:
        every_other = [no(WEST, NORTH), no(WEST, SOUTH), no(WEST, EAST)]
        assert allowed(raw_roads(CROSSING, every_other), ROUND, STRAIGHT) == [True, False]

    def test_no_u_turn_forbids_turning_round_and_nothing_else(self) -> None:
        raw = raw_roads(CROSSING, [no(WEST, WEST)])
        assert allowed(raw, STRAIGHT, LEFT, RIGHT, ROUND) == [True, True, True, False]

    def test_no_u_turn_on_a_way_that_goes_on_leaves_straight_on(self) -> None:
        through = [W(WEST, (1, 11, 21, 31, 41)), *CROSSING[2:]]
        raw = raw_roads(through, [no(WEST, WEST)])
        assert allowed(raw, STRAIGHT, ROUND, LEFT) == [True, False, True]

    def test_only_straight_on_along_one_way_forbids_turning_round(self) -> None:
        through = [W(WEST, (1, 11, 21, 31, 41)), *CROSSING[2:]]
        raw = raw_roads(through, [only(WEST, WEST)])
        assert allowed(raw, STRAIGHT, ROUND, LEFT, RIGHT) == [True, False, False, False]

    def test_only_turning_round_at_the_end_of_a_way_forbids_all_else(self) -> None:
        raw = raw_roads(CROSSING, [only(WEST, WEST)])
        assert allowed(raw, ROUND, STRAIGHT, LEFT, RIGHT) == [True, False, False, False]

    def test_way_that_passes_through_is_meant_from_both_sides(self) -> None:
        through = [W(WEST, (1, 11, 21, 31, 41)), *CROSSING[2:]]
        raw = raw_roads(through, [no(WEST, NORTH)])
        assert allowed(raw, STRAIGHT, LEFT, FROM_EAST, RIGHT) == [True, False, False, True]

    def test_stretch_is_one_arc_however_many_turns_are_allowed(self) -> None:
        """So that switching a road off, or timing it anew, touches one arc."""
        graph, segments = compile_roads(raw_roads(CROSSING, [no(WEST, NORTH)]), CAR)
        assert graph.arc_kind.tolist().count(graph.kinds.index("turn")) == 4 * 3 - 1
        assert (np.unique(segments.arc).tolist()) == list(range(8))

    def test_place_on_a_road_of_the_junction_keeps_the_restriction(self) -> None:
        """What is left of the road to a place, and what is driven of it, belongs to that road."""
        graph, segments = compile_roads(raw_roads(CROSSING, [no(WEST, NORTH)]), CAR)
        nodes = np.column_stack((segments.leave_node.ravel(), segments.enter_node.ravel()))
        assert (graph.arc_head[segments.arc.ravel()] == nodes[:, 0]).all()
        assert (graph.arc_tail[segments.arc.ravel()] == nodes[:, 1]).all()

    def test_restriction_in_a_zone_holds_on_both_sides_of_it(self) -> None:
        """All private; at 41 and beyond is a public road."""
        yard = [W(way.id, way.nodes, is_zone=True) for way in CROSSING]
        raw = raw_roads([*yard, W(9, tuple(range(41, 49)))], [no(WEST, NORTH), no(EAST, SOUTH)])
        assert allowed(raw, STRAIGHT, LEFT, RIGHT) == [True, False, True]
        # Coming from the public road, to the south only by way of another road's end.
        arriving: Turn = ((42, 41), (21, 20))
        assert duration_s(raw, arriving) > 20 + CAR.junction_s + 1
        assert duration_s(raw, ((42, 41), (21, 22))) == pytest.approx(20 + CAR.junction_s, abs=0.01)
        # Leaving the yard: straight on to the east.
        assert duration_s(raw, ((11, 21), (41, 42))) == pytest.approx(20, abs=0.01)

    def test_restriction_at_the_gate_of_a_zone_holds_for_drives_into_it(self) -> None:
        gate = [*CROSSING[:2], W(NORTH, (21, 22, 23), is_zone=True), CROSSING[3]]
        raw = raw_roads(gate, [no(WEST, NORTH)])
        assert allowed(raw, STRAIGHT, LEFT, FROM_EAST) == [True, False, True]
        leaving = [TurnRestriction(1, False, NORTH, WEST, 21)]
        assert allowed(raw_roads(gate, leaving), ((22, 21), (21, 11)), LEFT) == [False, True]


LINK = 5
CARRIAGEWAYS = (
    one_way(1, (0, 10, 20), name="there 1"),
    one_way(2, (20, 30, 40), name="there 2"),
    one_way(3, (41, 31, 21), name="back 1"),
    one_way(4, (21, 11, 1), name="back 2"),
    W(LINK, (20, 21), name="link"),
    W(6, (40, 41), name="end"),
    W(7, (1, 0), name="begin"),
)
"""
Two carriageways and a link between them, and roads that join their ends.

    1 <- 11 <- 21 <- 31 <- 41
    |          |            |
    0 -> 10 -> 20 -> 30 -> 40
"""

BACK: Turn = ((10, 20), (21, 11))


class TestOverOtherRoads:
    def test_turning_round_by_the_link_is_fastest_where_it_is_allowed(self) -> None:
        expected_s = 10 + CAR.junction_s
        assert duration_s(raw_roads(CARRIAGEWAYS), BACK) == pytest.approx(expected_s, abs=0.01)

    def test_forbidden_turning_round_goes_by_the_end_of_the_road(self) -> None:
        """20 s on, 10 s over, 20 s back, and the junction at 21."""
        raw = raw_roads(CARRIAGEWAYS, [no(1, 4, ways=(LINK,))])
        assert duration_s(raw, BACK) == pytest.approx(50 + CAR.junction_s, abs=0.01)
        assert said(raw) == {APPLIED}

    def test_link_stays_open_to_others(self) -> None:
        """From the link itself, and from the other carriageway by way of it."""
        raw = raw_roads(CARRIAGEWAYS, [no(1, 4, ways=(LINK,))])
        assert allowed(raw, ((20, 21), (21, 11)), ((10, 20), (20, 21))) == [True, True]
        assert duration_s(raw, ((31, 21), (20, 30))) == pytest.approx(10 + CAR.junction_s, abs=0.01)

    def test_place_on_the_link_is_reached_by_all(self) -> None:
        raw = raw_roads(CARRIAGEWAYS, [no(1, 4, ways=(LINK,))])
        assert allowed(raw, ((10, 20), (20, 21)), ((31, 21), (21, 20))) == [True, True]

    def test_only_way_over_a_link_forbids_the_others_at_its_end(self) -> None:
        ways = [*CARRIAGEWAYS, W(8, (21, 22), name="north")]
        raw = raw_roads(ways, [only(1, 8, ways=(LINK,))])
        north: Turn = ((10, 20), (21, 22))
        assert duration_s(raw, north) == pytest.approx(10 + CAR.junction_s, abs=0.01)
        assert duration_s(raw, BACK) > 10 + CAR.junction_s + 1
        assert allowed(raw, ((20, 21), (21, 11)), ((31, 21), (21, 11))) == [True, True]

    def test_link_of_two_ways_in_a_row(self) -> None:
        ways = [way for way in CARRIAGEWAYS if way.id != LINK]
        ways = [
            W(
                w.id,
                [10 * (n // 10) + 2 * (n % 10) for n in w.nodes],
                w.forward_kmh,
                w.backward_kmh,
                name=w.name,
            )
            for w in ways
        ]
        ways += [W(51, (20, 21)), W(52, (22, 21)), W(53, (21, 31))]
        back: Turn = ((10, 20), (22, 12))
        free_s, forbidden_s = (
            duration_s(raw_roads(ways, restrictions), back)
            for restrictions in ([], [no(1, 4, ways=(51, 52))])
        )
        assert free_s == pytest.approx(20 + 2 * CAR.junction_s, abs=0.01)
        # Into the side road between the two, round at its end, and on.
        assert forbidden_s == pytest.approx(40 + 3 * CAR.junction_s, abs=0.01)

    def test_two_that_begin_alike_both_hold(self) -> None:
        ways = [*CARRIAGEWAYS, W(8, (21, 22), name="north"), W(9, (22, 23), name="far")]
        restrictions = [no(1, 4, ways=(LINK,)), no(1, 9, ways=(LINK, 8))]
        raw = raw_roads(ways, restrictions)
        assert duration_s(raw, BACK) > 10 + CAR.junction_s + 1
        assert duration_s(raw, ((10, 20), (22, 23))) > 20 + CAR.junction_s + 1
        assert duration_s(raw, ((20, 21), (22, 23))) == pytest.approx(10, abs=0.01)


class TestCutOff:
    def test_place_is_not_tied_to_a_road_that_nobody_may_turn_into(self) -> None:
        report: dict[str, int] = {}
        nobody = [no(way, NORTH) for way in (WEST, EAST, SOUTH)]
        raw = raw_roads(CROSSING, nobody)
        _, segments = compile_roads(raw, CAR, report)
        north = road_of(raw, segments, 21, 22) // 2
        assert np.flatnonzero(~segments.is_stop_allowed).tolist() == [north]
        assert report[CUT_OFF] == 1

    def test_road_that_can_be_reached_from_one_other_keeps_its_places(self) -> None:
        report: dict[str, int] = {}
        raw = raw_roads(CROSSING, [no(WEST, NORTH), no(EAST, NORTH)])
        _, segments = compile_roads(raw, CAR, report)
        assert segments.is_stop_allowed.all()
        assert CUT_OFF not in report

    def test_private_roads_and_one_ways_are_not_cut_off(self) -> None:
        yard = [W(8, (40, 41), is_zone=True), W(9, (40, 50), is_zone=True)]
        loop = [one_way(10, (1, 2, 12)), one_way(11, (12, 11))]
        _, segments = compile_roads(raw_roads([*CROSSING, *yard, *loop]), CAR)
        assert segments.is_stop_allowed.all()


class TestWhatCannotBeApplied:
    @pytest.mark.parametrize(
        ("restriction", "sentence"),
        [
            (no(WEST, NORTH, via=99), NO_JUNCTION),
            (no(99, NORTH), NO_FROM),
            (only(WEST, 99), NO_TO),
            (no(WEST, 99), NEEDLESS),
            (no(WEST, EAST, ways=(99,)), NO_VIA),
            (no(WEST, EAST, ways=(NORTH,)), NO_VIA),
        ],
    )
    def test_it_is_counted_and_forbids_nothing(
        self, restriction: TurnRestriction, sentence: str
    ) -> None:
        raw = raw_roads(CROSSING, [restriction])
        assert said(raw) == {sentence}
        assert allowed(raw, STRAIGHT, LEFT, RIGHT, ROUND, FROM_EAST) == [True] * 5

    def test_turn_against_a_one_way_road_is_needless_to_forbid(self) -> None:
        ways = [*CROSSING[:3], one_way(SOUTH, (20, 21)), W(9, (20, 10, 11))]
        assert said(raw_roads(ways, [no(WEST, SOUTH)])) == {NEEDLESS}

    def test_junction_that_a_barrier_closes(self) -> None:
        raw = raw_roads(CROSSING, [no(WEST, NORTH)], {21: NodeFlag.BLOCKED})
        assert said(raw) == {NO_JUNCTION}

    def test_way_in_between_that_can_be_driven_both_ways(self) -> None:
        """A loop from the junction back to it."""
        ways = [*CROSSING[:3], W(LINK, (21, 20, 30, 21))]
        assert said(raw_roads(ways, [no(WEST, NORTH, ways=(LINK,))])) == {AMBIGUOUS}
