"""Junctions: where ways are cut, and what is joined again."""

from data.osm.graph.junctions import Stretches, cut_at_junctions, join_pieces
from data.osm.raw_roads import NodeFlag, RawRoads, TurnRestriction
from tests.data.osm.raw_builder import STEP_M, W, one_way, raw_roads


def stretches_of(raw: RawRoads) -> Stretches:
    return join_pieces(raw, cut_at_junctions(raw, signal_s=2.0, barrier_s=5.0))


def courses(raw: RawRoads) -> list[list[int]]:
    """The nodes of each stretch."""
    stretches = stretches_of(raw)
    bounds = zip(stretches.first_point[:-1], stretches.first_point[1:], strict=True)
    return [raw.node_id[stretches.point[begin:end]].tolist() for begin, end in bounds]


class TestCuts:
    def test_way_is_cut_where_another_one_meets_it(self) -> None:
        raw = raw_roads([W(1, (0, 10, 20, 30)), W(2, (20, 21))])
        assert courses(raw) == [[0, 10, 20], [20, 30], [20, 21]]

    def test_way_is_cut_where_it_meets_itself(self) -> None:
        raw = raw_roads([W(1, (0, 10, 20, 21, 11, 10))])
        assert courses(raw) == [[0, 10], [10, 20, 21, 11, 10]]

    def test_crossing_ways_without_a_common_node_stay_whole(self) -> None:
        raw = raw_roads([W(1, (1, 21)), W(2, (10, 12))])
        assert courses(raw) == [[1, 21], [10, 12]]

    def test_closed_way_alone_is_a_loop(self) -> None:
        raw = raw_roads([W(1, (0, 10, 11, 0))])
        stretches = stretches_of(raw)
        assert courses(raw) == [[0, 10, 11, 0]]
        assert stretches.tail.tolist() == stretches.head.tolist() == [0]

    def test_two_roads_between_the_same_junctions_both_stay(self) -> None:
        spurs = [W(3, (20, 30)), W(4, (0, 2))]
        raw = raw_roads([W(1, (0, 10, 20)), W(2, (0, 1, 21, 20)), *spurs])
        assert courses(raw) == [[0, 10, 20], [0, 1, 21, 20], [20, 30], [0, 2]]

    def test_node_that_stands_twice_in_a_row_makes_no_road(self) -> None:
        raw = raw_roads([W(1, (0, 10, 10, 20))])
        assert courses(raw) == [[0, 10, 20]]

    def test_barrier_that_nobody_passes_ends_the_road_on_both_sides(self) -> None:
        raw = raw_roads([W(1, (0, 10, 20))], flags={10: NodeFlag.BLOCKED})
        stretches = stretches_of(raw)
        assert courses(raw) == [[0, 10], [10, 20]]
        assert stretches.junction_count == 4

    def test_barrier_at_a_junction_ends_every_road_there(self) -> None:
        raw = raw_roads([W(1, (0, 10, 20)), W(2, (10, 11))], flags={10: NodeFlag.BLOCKED})
        assert stretches_of(raw).junction_count == 6

    def test_piece_of_way_that_nobody_may_drive_is_none(self) -> None:
        raw = raw_roads([W(1, (0, 10)), W(2, (10, 20), 0.0, 0.0)])
        assert courses(raw) == [[0, 10]]


class TestJoins:
    def test_street_drawn_in_three_ways_is_one_stretch(self) -> None:
        raw = raw_roads([W(1, (0, 10)), W(2, (10, 20)), W(3, (20, 30))])
        assert courses(raw) == [[0, 10, 20, 30]]

    def test_order_of_the_ways_does_not_matter(self) -> None:
        raw = raw_roads([W(1, (20, 30)), W(2, (0, 10)), W(3, (10, 20))])
        assert courses(raw) == [[0, 10, 20, 30]]

    def test_way_that_is_drawn_the_other_way_round_is_turned(self) -> None:
        raw = raw_roads([W(1, (0, 10), 72.0, 36.0), W(2, (20, 10), 36.0, 72.0)])
        stretches = stretches_of(raw)
        assert courses(raw) == [[0, 10, 20]]
        assert stretches.forward_kmh.tolist() == [72.0]
        assert stretches.backward_kmh.tolist() == [36.0]

    def test_ways_that_are_faster_in_opposite_directions_stay_apart(self) -> None:
        raw = raw_roads([W(1, (0, 10), 72.0, 36.0), W(2, (20, 10), 72.0, 36.0)])
        assert courses(raw) == [[0, 10], [20, 10]]

    def test_ways_that_differ_stay_apart(self) -> None:
        first = W(1, (0, 10), name="A")
        for other in (
            W(2, (10, 20), name="B"),
            W(2, (10, 20), 50.0, name="A"),
            W(2, (10, 20), backward_kmh=0.0, name="A"),
            W(2, (10, 20), kind="service", name="A"),
            W(2, (10, 20), is_zone=True, name="A"),
            W(2, (10, 20), is_stop_allowed=False, name="A"),
        ):
            assert courses(raw_roads([first, other])) == [[0, 10], [10, 20]], other

    def test_ring_of_several_ways_alone_is_a_loop(self) -> None:
        raw = raw_roads([one_way(1, (0, 10)), one_way(2, (10, 11)), one_way(3, (11, 0))])
        assert courses(raw) == [[0, 10, 11, 0]]

    def test_length_and_waits_add_up(self) -> None:
        """A signal for one direction at 10, one for both at 20, a gate at 30."""
        flags = {10: NodeFlag.SIGNAL_FORWARD, 20: NodeFlag.SIGNAL, 30: NodeFlag.BARRIER}
        raw = raw_roads([W(1, (0, 10)), W(2, (10, 20)), W(3, (20, 30))], flags=flags)
        stretches = stretches_of(raw)
        assert abs(stretches.length_m[0] - 3 * STEP_M) < 0.01
        assert stretches.forward_wait_s.tolist() == [2.0 + 2.0 + 5.0]
        # Whoever starts at the gate has it behind, and 10 has no signal in this direction.
        assert stretches.backward_wait_s.tolist() == [2.0]

    def test_signal_for_one_direction_is_turned_with_its_way(self) -> None:
        """Way 2 runs against the stretch; its signal at 20 holds for those who drive along it."""
        flags = {20: NodeFlag.SIGNAL_FORWARD}
        raw = raw_roads([W(1, (0, 10)), W(2, (30, 20, 10))], flags=flags)
        stretches = stretches_of(raw)
        assert courses(raw) == [[0, 10, 20, 30]]
        assert stretches.forward_wait_s.tolist() == [0.0]
        assert stretches.backward_wait_s.tolist() == [2.0]


class TestRestrictedJunctions:
    def test_node_with_a_restricted_turn_stays_a_junction(self) -> None:
        ways = [W(1, (0, 10)), W(2, (10, 20))]
        assert len(courses(raw_roads(ways))) == 1
        no_u_turn = TurnRestriction(1, False, 1, 1, 10)
        assert courses(raw_roads(ways, [no_u_turn])) == [[0, 10], [10, 20]]

    def test_ways_that_a_restriction_names_are_joined_to_no_other(self) -> None:
        ways = [W(1, (0, 10)), W(2, (10, 20)), W(3, (20, 30)), W(4, (30, 40)), W(5, (20, 21))]
        no_left = TurnRestriction(1, False, 2, 5, 20)
        assert courses(raw_roads(ways, [no_left])) == [[0, 10], [10, 20], [20, 30, 40], [20, 21]]
