"""Reading the roads of an extract, on roads drawn here and on real ones."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import pytest

from data.osm.raw_roads import NodeFlag, RawRoads
from data.osm.reading.profile import CAR
from data.osm.reading.read_roads import ODD_FERRY, read_roads
from data.osm.reading.rules import WayRule, judge_way
from geo import great_circle_m
from tests.data.osm.small_extract import SHARED, Tags, grid_nodes, road, write_extract

EXTRACTS = ["columbus", "liechtenstein-2024", "monaco", "porto-2015", "rutland-2022"]


def read(tmp_path: Path, nodes: Any, ways: Any, relations: Any = (), options: str = "") -> RawRoads:
    path = write_extract(tmp_path / "small.osm.pbf", nodes, ways, relations, options)
    return read_roads(path, CAR)


def only_road(tmp_path: Path, highway: str = "residential", **tags: str) -> RawRoads:
    """A road of two nodes, and a residential one beside it so that there is always one."""
    nodes = grid_nodes(1, 2, 11, 12)
    return read(tmp_path, nodes, [road(1, [1, 2], highway, **tags), road(2, [11, 12])])


def nodes_of(roads: RawRoads) -> list[list[int]]:
    return [
        roads.node_id[roads.ref[begin:end]].tolist() for begin, end in pairwise(roads.first_ref)
    ]


def test_road_is_read_with_its_nodes_positions_and_name(tmp_path: Path) -> None:
    roads = read(
        tmp_path,
        grid_nodes(1, 2, 3),
        [road(7, [3, 1, 2], "tertiary", name="Landstrasse", oneway="yes")],
    )
    assert roads.way_id.tolist() == [7]
    assert roads.node_id.tolist() == [1, 2, 3]
    assert nodes_of(roads) == [[3, 1, 2]]
    assert roads.node_lon.tolist() == [95_010_000, 95_020_000, 95_030_000]
    assert roads.node_lat.tolist() == [471_000_000] * 3
    assert roads.kinds[roads.kind[0]] == "tertiary"
    assert (roads.forward_kmh[0], roads.backward_kmh[0]) == (40, 0)
    assert roads.names[roads.name[0]] == "Landstrasse"
    assert roads.report == {}


def test_arrays_have_the_types_of_the_contract(tmp_path: Path) -> None:
    roads = only_road(tmp_path)
    types = {
        "node_id": np.int64, "node_lon": np.int32, "node_lat": np.int32, "node_flags": np.uint8,
        "way_id": np.int64, "first_ref": np.int64, "ref": np.int32, "kind": np.uint8,
        "forward_kmh": np.float32, "backward_kmh": np.float32, "is_zone": np.bool_,
        "is_stop_allowed": np.bool_, "name": np.int32,
    }  # fmt: skip
    assert {name: getattr(roads, name).dtype for name in types} == types


@pytest.mark.parametrize("highway", ["footway", "construction", "proposed", "steps", "track"])
def test_other_ways_are_left_out(tmp_path: Path, highway: str) -> None:
    assert only_road(tmp_path, highway).way_id.tolist() == [2]


def test_nodes_of_other_ways_are_not_kept(tmp_path: Path) -> None:
    roads = read(tmp_path, grid_nodes(1, 2, 3), [road(1, [1, 2]), road(2, [2, 3], "footway")])
    assert roads.node_id.tolist() == [1, 2]


def test_track_is_used_where_a_sign_lets_cars_in_or_the_profile_does(tmp_path: Path) -> None:
    roads = only_road(tmp_path, "track", motor_vehicle="yes")
    assert roads.way_id.tolist() == [1, 2]
    assert roads.forward_kmh[0] == 10
    only_road(tmp_path, "track")
    roads = read_roads(tmp_path / "small.osm.pbf", replace(CAR, uses_tracks=True))
    assert roads.way_id.tolist() == [1, 2]


def test_closed_roads_areas_and_reversible_lanes_are_left_out_and_counted(tmp_path: Path) -> None:
    roads = read(
        tmp_path,
        grid_nodes(1, 2),
        [
            road(1, [1, 2]),
            road(2, [1, 2], access="no"),
            road(3, [1, 2], motor_vehicle="forestry"),
            road(4, [1, 2], area="yes"),
            road(5, [1, 2], oneway="reversible"),
            road(6, [1, 2], "service", service="emergency_access"),
            road(7, [1, 2], construction="yes"),
            road(8, [1, 2], construction="minor"),
        ],
    )
    assert roads.way_id.tolist() == [1, 8]
    assert roads.report == {
        "A road changes its direction by the hour: left out.": 1,
        "A road is closed to vehicles: left out.": 4,
        "A road is drawn as an area: left out.": 1,
    }


def test_private_and_destination_roads_are_zones(tmp_path: Path) -> None:
    for value, is_zone in (("private", True), ("destination", True), ("yes", False)):
        assert only_road(tmp_path, access=value).is_zone.tolist() == [is_zone, False]


def test_road_that_is_free_in_one_direction_is_no_zone(tmp_path: Path) -> None:
    assert not only_road(tmp_path, motor_vehicle__backward="destination").is_zone[0]
    assert only_road(tmp_path, access="private", oneway="yes").is_zone[0]


@pytest.mark.parametrize(
    ("highway", "tags", "is_allowed"),
    [
        ("residential", {}, True),
        ("trunk", {}, True),
        ("motorway", {}, False),
        ("motorway_link", {}, False),
        ("trunk", {"motorroad": "yes"}, False),
    ],
)
def test_nobody_stops_at_a_motorway(
    tmp_path: Path, highway: str, tags: dict[str, str], is_allowed: bool
) -> None:
    assert bool(only_road(tmp_path, highway, **tags).is_stop_allowed[0]) == is_allowed


def test_number_is_the_name_of_a_road_without_one(tmp_path: Path) -> None:
    roads = read(
        tmp_path,
        grid_nodes(1, 2),
        [
            road(1, [1, 2], name="Zürcher Straße", ref="B 1"),
            road(2, [1, 2], ref="A 1;E 45"),
            road(3, [1, 2]),
            road(4, [1, 2], name="Zürcher Straße"),
        ],
    )
    assert [roads.names[k] if k >= 0 else None for k in roads.name] == [
        "Zürcher Straße",
        "A 1, E 45",
        None,
        "Zürcher Straße",
    ]
    assert sorted(roads.names) == ["A 1, E 45", "Zürcher Straße"]


def test_flags_stand_on_nodes_of_roads_only(tmp_path: Path) -> None:
    tags: dict[int, Tags] = {
        1: {"barrier": "bollard"},
        2: {"highway": "traffic_signals", "traffic_signals:direction": "forward"},
        3: {"barrier": "gate", "note": "new"},
        4: {"barrier": "bollard"},
        5: {"amenity": "bench"},
    }
    for options in ("", "pbf_dense_nodes=false"):
        roads = read(
            tmp_path, grid_nodes(1, 2, 3, 4, 5, tags=tags), [road(1, [1, 2, 3, 5])], (), options
        )
        assert roads.node_flags.tolist() == [
            NodeFlag.BLOCKED,
            NodeFlag.SIGNAL_FORWARD,
            NodeFlag.BARRIER,
            0,
        ]
        assert roads.report == {"A node is closed to vehicles by a barrier or a sign.": 1}


def test_way_that_leaves_the_extract_is_cut_into_pieces(tmp_path: Path) -> None:
    # 4 and 7 are missing: of 1-2-3-4-5-6-7-8 two pieces remain, 8 alone is none.
    roads = read(tmp_path, grid_nodes(1, 2, 3, 5, 6, 8), [road(1, range(1, 9), name="Long")])
    assert nodes_of(roads) == [[1, 2, 3], [5, 6]]
    assert roads.way_id.tolist() == [1, 1]
    assert roads.name.tolist() == [0, 0]
    assert roads.node_id.tolist() == [1, 2, 3, 5, 6]
    assert roads.report == {
        "A road leaves the extract, or lacks a node: what is left of it is taken.": 1
    }


def test_way_with_too_few_nodes_in_the_extract_is_left_out(tmp_path: Path) -> None:
    roads = read(
        tmp_path,
        grid_nodes(1, 2, 3, 4),
        [road(1, [1, 2, 3]), road(2, [4, 98]), road(3, [1, 99, 2])],
    )
    assert roads.way_id.tolist() == [1]
    assert roads.node_id.tolist() == [1, 2, 3]
    assert roads.report == {"A road has no two neighbouring nodes in the extract: left out.": 2}


def test_node_given_twice_in_a_row_is_one_and_a_ring_stays(tmp_path: Path) -> None:
    roads = read(
        tmp_path,
        grid_nodes(1, 2, 12),
        [road(1, [1, 2, 2, 12, 12, 1], junction="roundabout"), road(2, [1, 1]), road(3, [2])],
    )
    assert nodes_of(roads) == [[1, 2, 12, 1]]


def test_node_at_an_impossible_position_counts_as_missing(tmp_path: Path) -> None:
    nodes = [*grid_nodes(1, 2), {"id": 3, "location": (9.5, 91.0), "tags": {}}]
    roads = read(tmp_path, nodes, [road(1, [1, 2, 3])])
    assert nodes_of(roads) == [[1, 2]]


def test_ids_of_any_size_and_sign_are_read(tmp_path: Path) -> None:
    ids = (-(2**40), -3, 5, 2**45)
    nodes = [
        {"id": number, "location": (-120.5 + k / 1000, -33.25), "tags": {}}
        for k, number in enumerate(ids)
    ]
    for options in ("", "pbf_dense_nodes=false"):
        roads = read(tmp_path, nodes, [road(2**41, ids[::-1])], (), options)
        assert roads.way_id.tolist() == [2**41]
        assert roads.node_id.tolist() == list(ids)
        assert nodes_of(roads) == [list(ids[::-1])]
        assert roads.node_lon.tolist() == [-1_205_000_000 + k * 10_000 for k in range(4)]


def test_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    ways = [road(5, [3, 1]), road(2, [1, 2])]
    roads = read(tmp_path, grid_nodes(3, 1, 2), ways)
    assert roads.way_id.tolist() == [5, 2]
    assert roads.node_id.tolist() == [1, 2, 3]
    assert nodes_of(roads) == [[3, 1], [1, 2]]
    assert roads.node_lon.tolist() == [95_010_000, 95_020_000, 95_030_000]


def test_file_without_compression_is_read(tmp_path: Path) -> None:
    roads = read(tmp_path, grid_nodes(1, 2), [road(1, [1, 2])], (), "pbf_compression=none")
    assert nodes_of(roads) == [[1, 2]]


def test_many_blocks_make_one_map(tmp_path: Path) -> None:
    """Some 8,000 objects go into a block."""
    count = 20_000
    nodes = [{"id": k, "location": (k * 1e-4, 1.0), "tags": {}} for k in range(count)]
    ways = [road(k, [k, k + 1], name=f"Street {k % 7}") for k in range(1, count - 1)]
    roads = read(tmp_path, nodes, ways)
    assert len(roads.way_id) == count - 2
    assert roads.node_lon.tolist() == [k * 1000 for k in range(1, count)]
    assert len(roads.names) == 7
    assert all(
        roads.names[name] == f"Street {k % 7}"
        for k, name in zip(roads.way_id.tolist(), roads.name.tolist(), strict=True)
    )


def test_ferry_takes_as_long_as_its_timetable_says(tmp_path: Path) -> None:
    for duration, duration_s in (("00:20", 1200), ("PT10M", 600)):
        roads = only_road(tmp_path, "", route="ferry", motor_vehicle="yes", duration=duration)
        length_m = great_circle_m(9.501, 47.1, 9.502, 47.1)
        # 76 m in 10 or 20 minutes is too slow, so the usual speed is taken.
        assert length_m / duration_s * 3.6 < 1
        assert roads.forward_kmh[0] == CAR.ferry_kmh
        assert roads.report == {ODD_FERRY: 1}
    roads = only_road(tmp_path, "", route="ferry", motor_vehicle="yes", duration="00:00:30")
    assert roads.forward_kmh[0] == roads.backward_kmh[0] == pytest.approx(length_m / 30 * 3.6)
    assert roads.kinds[roads.kind[0]] == "ferry"
    assert not roads.is_stop_allowed[0]
    assert roads.report == {}


def test_ferry_for_passengers_only_is_left_out(tmp_path: Path) -> None:
    for tags in ({}, {"access": "yes"}, {"motor_vehicle": "no"}, {"motorcar": "private"}):
        roads = only_road(tmp_path, "", route="ferry", **tags)
        expected = [1, 2] if "motorcar" in tags else [2]
        assert roads.way_id.tolist() == expected


def test_ferry_cut_at_the_border_does_not_use_its_timetable(tmp_path: Path) -> None:
    ferry = road(1, [1, 2, 99], "", route="ferry", motorcar="yes", duration="00:01")
    roads = read(tmp_path, grid_nodes(1, 2), [ferry])
    assert roads.forward_kmh.tolist() == [CAR.ferry_kmh]
    assert roads.report[ODD_FERRY] == 1


def test_unreadable_values_are_counted_by_road(tmp_path: Path) -> None:
    roads = read(
        tmp_path,
        grid_nodes(1, 2),
        [
            road(1, [1, 2], maxspeed="fast"),
            road(2, [1, 2], maxspeed="fast"),
            road(3, [1, 2], maxspeed="50", maxspeed__conditional="30 @ (22:00-06:00)"),
            road(4, [1, 2], motor_vehicle="sometimes"),
            road(5, [1, 2], motor_vehicle__conditional="no @ (Sa)"),
            road(6, [1, 2], "", route="ferry", motor_vehicle="yes", duration="soon"),
        ],
    )
    assert roads.forward_kmh.tolist() == [25, 25, 40, 25, 25, CAR.ferry_kmh]
    assert roads.report == {
        "A speed limit cannot be read: the usual speed of the road is taken.": 2,
        "A speed limit holds at certain times only: ignored.": 1,
        "Access is allowed or forbidden at certain times only: ignored.": 1,
        "An access tag has an unknown value: taken as yes.": 1,
        "The duration of a ferry cannot be read: its usual speed is taken.": 1,
    }


def test_progress_is_told_up_to_the_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = write_extract(tmp_path / "small.osm.pbf", grid_nodes(1, 2), [road(1, [1, 2])])
    read_roads(path, CAR, lambda *part: told.append(part))
    stages = dict.fromkeys(stage for stage, _, _ in told)
    assert list(stages) == [
        "Reading turn restrictions",
        "Reading roads",
        "Reading positions of roads",
    ]
    for stage in stages:
        done = [(done, total) for name, done, total in told if name == stage]
        assert done == sorted(done)
        assert done[0][0] == 0
        assert done[-1][0] == done[-1][1] > 0


@pytest.mark.parametrize("name", EXTRACTS)
def test_real_roads_are_those_that_pyosmium_reads_object_by_object(name: str) -> None:
    path = SHARED / f"{name}.osm.pbf"
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand.")
    roads = read_roads(path, CAR)
    positions, expected = _read_slowly(path)
    assert roads.way_id.tolist() == [way_id for way_id, _, _ in expected]
    assert nodes_of(roads) == [nodes for _, nodes, _ in expected]
    rules = [rule for _, _, rule in expected]
    assert roads.kind.tolist() == [rule.kind for rule in rules]
    assert roads.is_zone.tolist() == [rule.is_zone for rule in rules]
    is_road = np.array([rule.duration_s is None for rule in rules])
    for column in ("forward_kmh", "backward_kmh"):
        usual = np.array([getattr(rule, column) for rule in rules], np.float32)
        assert (getattr(roads, column)[is_road] == usual[is_road]).all()
    assert [positions[node] for node in roads.node_id.tolist()] == list(
        zip(roads.node_lon.tolist(), roads.node_lat.tolist(), strict=True)
    )


def _read_slowly(
    path: Path,
) -> tuple[dict[int, tuple[int, int]], list[tuple[int, list[int], WayRule]]]:
    """Positions of all nodes, and id, nodes and rule of each way or piece of one."""
    positions: dict[int, tuple[int, int]] = {}
    pieces = []
    for thing in osmium.FileProcessor(str(path)):
        if thing.is_node():
            positions[thing.id] = (thing.location.x, thing.location.y)
        elif thing.is_way():
            rule = judge_way({tag.k: tag.v for tag in thing.tags}, CAR)
            if isinstance(rule, WayRule):
                run: list[int] = []
                for node in [*(node.ref for node in thing.nodes), None]:
                    if node in positions:
                        run += [node] if run[-1:] != [node] else []
                    else:
                        pieces += [(thing.id, run, rule)] if len(run) > 1 else []
                        run = []
    return positions, pieces
