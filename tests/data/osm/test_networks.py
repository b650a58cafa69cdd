"""Networks: islands stay, fragments go, and what only a zone leads to belongs to it."""

from data.osm.graph.junctions import RoadPieces, cut_at_junctions
from data.osm.graph.networks import MIN_NETWORK_M, MIN_NETWORK_SHARE, keep_networks
from data.osm.raw_roads import NodeFlag, RawRoads
from tests.data.osm.raw_builder import STEP_M, W, one_way, raw_roads


def kept(raw: RawRoads, report: dict[str, int] | None = None) -> RoadPieces:
    pieces = cut_at_junctions(raw, signal_s=0.0, barrier_s=0.0)
    return keep_networks(raw, pieces, {} if report is None else report)


def ways_of(raw: RawRoads, pieces: RoadPieces) -> set[int]:
    return set(raw.way_id[pieces.way].tolist())


def zone_ways_of(raw: RawRoads, pieces: RoadPieces) -> set[int]:
    return set(raw.way_id[pieces.way[pieces.is_zone]].tolist())


MAIN = W(1, tuple(range(1000, 1050)))
"""4.9 km of road."""


class TestNetworks:
    def test_fragment_that_no_road_connects_goes_and_is_counted(self) -> None:
        report: dict[str, int] = {}
        raw = raw_roads([MAIN, W(2, (2000, 2001, 2002)), W(3, (2001, 2101))])
        assert ways_of(raw, kept(raw, report)) == {1}
        assert report == {"Junctions left out in fragments of the road network.": 4}

    def test_island_with_a_tenth_of_the_longest_network_stays(self) -> None:
        report: dict[str, int] = {}
        steps = int(MIN_NETWORK_SHARE * 49) + 1
        raw = raw_roads([MAIN, W(2, tuple(range(2000, 2001 + steps)))])
        assert ways_of(raw, kept(raw, report)) == {1, 2}
        assert list(report.values()) == [1]

    def test_island_of_ten_kilometres_stays_beside_a_country(self) -> None:
        """The country has 80 streets of 9.9 km; a tenth of them would be 79 km."""
        country = [W(k, (100 * k, 100 * k + 99)) for k in range(10, 90)]
        country += [W(100 + k, (100 * k, 100 * k + 100)) for k in range(10, 89)]
        large, small = W(500, (9500, 9599, 9799)), W(501, (9900, 9990))
        assert 99 * STEP_M + 2 * STEP_M > MIN_NETWORK_M > 90 * STEP_M
        raw = raw_roads([*country, large, small])
        assert 500 in ways_of(raw, kept(raw))
        assert 501 not in ways_of(raw, kept(raw))

    def test_one_way_stub_that_the_border_cuts_off_goes(self) -> None:
        raw = raw_roads([MAIN, one_way(2, (1020, 1120, 1220)), one_way(3, (1322, 1122, 1022))])
        assert ways_of(raw, kept(raw)) == {1}

    def test_one_way_street_that_leads_back_stays(self) -> None:
        raw = raw_roads([MAIN, one_way(2, (1020, 1120, 1122, 1022))])
        assert ways_of(raw, kept(raw)) == {1, 2}

    def test_road_behind_a_blocked_barrier_goes_if_nothing_else_leads_there(self) -> None:
        raw = raw_roads([MAIN, W(2, (1020, 1120, 1220))], flags={1120: NodeFlag.BLOCKED})
        pieces = kept(raw)
        assert raw.node_id[raw.ref[pieces.begin[raw.way_id[pieces.way] == 2]]].tolist() == [1020]

    def test_roads_that_form_no_network_leave_nothing(self) -> None:
        raw = raw_roads([one_way(1, (0, 10, 20)), one_way(2, (20, 21))])
        assert len(kept(raw)) == 0


class TestZones:
    def test_zone_that_the_network_reaches_is_part_of_it(self) -> None:
        raw = raw_roads([MAIN, W(2, (1020, 1120), is_zone=True)])
        assert ways_of(raw, kept(raw)) == {1, 2}

    def test_private_yard_that_nothing_connects_goes(self) -> None:
        raw = raw_roads([MAIN, W(2, (2020, 2021, 2022), is_zone=True)])
        assert ways_of(raw, kept(raw)) == {1}

    def test_public_road_behind_a_private_one_is_taken_as_private(self) -> None:
        raw = raw_roads([MAIN, W(2, (1020, 1120), is_zone=True), W(3, (1120, 1121))])
        assert zone_ways_of(raw, kept(raw)) == {2, 3}

    def test_public_one_way_that_only_a_private_road_leaves_is_taken_as_private(self) -> None:
        raw = raw_roads([MAIN, one_way(2, (1020, 1120)), one_way(3, (1120, 1021), is_zone=True)])
        assert zone_ways_of(raw, kept(raw)) == {2, 3}

    def test_second_network_behind_a_private_road_stays_public(self) -> None:
        """Two towns that only a private road joins: nobody drives from one to the other."""
        other = W(3, tuple(range(1120, 1140)))
        raw = raw_roads([MAIN, W(2, (1020, 1120), is_zone=True), other])
        assert zone_ways_of(raw, kept(raw)) == {2}

    def test_all_roads_private_stay_as_they_are(self) -> None:
        raw = raw_roads([W(1, (0, 10, 20), is_zone=True)])
        assert zone_ways_of(raw, kept(raw)) == {1}
