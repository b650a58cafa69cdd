"""Turn restrictions: what relations say, and which roads they are tied to."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import osmium
import pytest

from data.osm.raw_roads import RawRoads, TurnRestriction
from data.osm.reading.profile import CAR
from data.osm.reading.read_roads import read_roads
from data.osm.reading.restrictions import (
    AMBIGUOUS,
    AT_TIMES,
    OTHERS,
    UNKNOWN_KIND,
    WITHOUT_ROLES,
    WRONG_MEMBER,
)
from data.osm.reading.settle import NOT_AT_VIA, NOT_DRIVEN, NOT_IN_FILE
from tests.data.osm.small_extract import SHARED, grid_nodes, restriction, road, write_extract

TURN = [("w", 1, "from"), ("n", 12, "via"), ("w", 2, "to")]


def read(tmp_path: Path, relations: Iterable[Any]) -> RawRoads:
    """
    A junction at node 12, roads 1 to 4 from west, east, north and south, and road 5 beyond 2.

    ::

              22
               | 3
        11 -1- 12 -2- 13 -5- 14
               | 4
               2              footway 6 from 12 to 3
    """
    path = write_extract(
        tmp_path / "junction.osm.pbf",
        grid_nodes(2, 3, 11, 12, 13, 14, 22),
        [
            road(1, [11, 12]),
            road(2, [12, 13]),
            road(3, [12, 22]),
            road(4, [2, 12]),
            road(5, [14, 13]),
            road(6, [12, 3], "footway"),
        ],
        relations,
    )
    return read_roads(path, CAR)


def test_forbidden_turn_is_read(tmp_path: Path) -> None:
    roads = read(tmp_path, [restriction(77, TURN, "no_right_turn")])
    assert roads.restrictions == (
        TurnRestriction(77, is_only=False, from_way=1, to_way=2, via_node=12),
    )
    assert roads.report == {}


@pytest.mark.parametrize(
    "kind", ["no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"]
)
def test_every_prohibition_is_one(tmp_path: Path, kind: str) -> None:
    (found,) = read(tmp_path, [restriction(1, TURN, kind)]).restrictions
    assert not found.is_only


@pytest.mark.parametrize("kind", ["only_left_turn", "only_right_turn", "only_straight_on"])
def test_every_command_leaves_one_way(tmp_path: Path, kind: str) -> None:
    (found,) = read(tmp_path, [restriction(1, TURN, kind)]).restrictions
    assert found.is_only


def test_order_of_members_does_not_matter(tmp_path: Path) -> None:
    expected = read(tmp_path, [restriction(1, TURN, "no_left_turn")]).restrictions
    for members in (TURN[::-1], [TURN[1], TURN[0], TURN[2]]):
        assert read(tmp_path, [restriction(1, members, "no_left_turn")]).restrictions == expected


def test_turning_round_is_a_turn_into_the_same_road(tmp_path: Path) -> None:
    members = [("w", 1, "from"), ("n", 12, "via"), ("w", 1, "to")]
    (found,) = read(tmp_path, [restriction(1, members, "no_u_turn")]).restrictions
    assert (found.from_way, found.to_way) == (1, 1)


def test_tag_for_cars_overrules_the_general_one(tmp_path: Path) -> None:
    roads = read(
        tmp_path,
        [
            restriction(1, TURN, "no_left_turn", restriction__motorcar="only_right_turn"),
            restriction(2, TURN, "", restriction__motor_vehicle="no_left_turn"),
        ],
    )
    assert [(found.relation_id, found.is_only) for found in roads.restrictions] == [
        (1, True),
        (2, False),
    ]


@pytest.mark.parametrize("value", ["motorcar", "bus;motorcar", "psv; motor_vehicle", "vehicle"])
def test_restriction_from_which_cars_are_excepted_is_left_out(tmp_path: Path, value: str) -> None:
    roads = read(tmp_path, [restriction(1, TURN, "no_left_turn", **{"except": value})])
    assert roads.restrictions == ()
    assert roads.report == {OTHERS: 1}


def test_restriction_from_which_others_are_excepted_holds(tmp_path: Path) -> None:
    roads = read(tmp_path, [restriction(1, TURN, "no_left_turn", **{"except": "bus;bicycle"})])
    assert len(roads.restrictions) == 1


def test_restriction_of_other_vehicles_is_left_out(tmp_path: Path) -> None:
    roads = read(tmp_path, [restriction(1, TURN, "", restriction__hgv="no_left_turn")])
    assert roads.restrictions == ()
    assert roads.report == {OTHERS: 1}


@pytest.mark.parametrize(
    "tags",
    [
        {"restriction:conditional": "no_left_turn @ (07:00-09:00)"},
        {"restriction": "no_left_turn", "hour_on": "07:00", "hour_off": "09:00"},
        {"restriction": "no_left_turn", "day_on": "Monday"},
    ],
)
def test_restriction_at_certain_times_is_ignored_and_counted(
    tmp_path: Path, tags: dict[str, str]
) -> None:
    roads = read(tmp_path, [restriction(1, TURN, "", **tags)])
    assert roads.restrictions == ()
    assert roads.report == {AT_TIMES: 1}


def test_restriction_that_always_holds_and_another_at_times_is_read_and_counted(
    tmp_path: Path,
) -> None:
    timed = {"restriction:conditional": "none @ (Su)"}
    roads = read(tmp_path, [restriction(1, TURN, "no_left_turn", **timed)])
    assert len(roads.restrictions) == 1
    assert roads.report == {AT_TIMES: 1}


@pytest.mark.parametrize(
    ("members", "kind", "reason"),
    [
        (TURN[:2], "no_left_turn", WITHOUT_ROLES),
        (TURN[1:], "no_left_turn", WITHOUT_ROLES),
        ([TURN[0], TURN[2]], "no_left_turn", WITHOUT_ROLES),
        ([TURN[0], ("n", 12, "through"), TURN[2]], "no_left_turn", WITHOUT_ROLES),
        ([], "no_left_turn", WITHOUT_ROLES),
        ([("n", 11, "from"), *TURN[1:]], "no_left_turn", WRONG_MEMBER),
        ([TURN[0], ("r", 12, "via"), TURN[2]], "no_left_turn", WRONG_MEMBER),
        ([*TURN, ("w", 3, "via")], "no_left_turn", WRONG_MEMBER),
        ([*TURN, ("n", 13, "via")], "no_left_turn", AMBIGUOUS),
        ([*TURN, ("w", 3, "from")], "no_left_turn", AMBIGUOUS),
        ([*TURN, ("w", 3, "to")], "only_right_turn", AMBIGUOUS),
        ([*TURN, ("w", 3, "to")], "no_entry", AMBIGUOUS),
        (TURN, "no_right_turn_on_red", UNKNOWN_KIND),
        (TURN, "give_way", UNKNOWN_KIND),
        ([("w", 98, "from"), *TURN[1:]], "no_left_turn", NOT_IN_FILE),
        ([*TURN[:2], ("w", 6, "to")], "no_left_turn", NOT_DRIVEN),
        ([*TURN[:2], ("w", 5, "to")], "no_left_turn", NOT_AT_VIA),
        ([TURN[0], ("n", 98, "via"), TURN[2]], "no_left_turn", NOT_AT_VIA),
    ],
)
def test_broken_restriction_is_left_out_with_its_reason(
    tmp_path: Path, members: Any, kind: str, reason: str
) -> None:
    roads = read(tmp_path, [restriction(1, members, kind), restriction(2, TURN, "no_left_turn")])
    assert [found.relation_id for found in roads.restrictions] == [2]
    assert roads.report == {reason: 1}


def test_member_with_another_role_does_no_harm(tmp_path: Path) -> None:
    members = [*TURN, ("n", 3, "location_hint")]
    assert len(read(tmp_path, [restriction(1, members, "no_left_turn")]).restrictions) == 1


def test_several_roads_may_be_closed_by_one_relation(tmp_path: Path) -> None:
    entry = [*TURN, ("w", 3, "from"), ("w", 4, "from")]
    leave = [*TURN, ("w", 3, "to")]
    roads = read(tmp_path, [restriction(1, entry, "no_entry"), restriction(2, leave, "no_exit")])
    assert [(found.relation_id, found.from_way, found.to_way) for found in roads.restrictions] == [
        (1, 1, 2),
        (1, 3, 2),
        (1, 4, 2),
        (2, 1, 2),
        (2, 1, 3),
    ]


def test_road_between_may_take_the_place_of_the_node(tmp_path: Path) -> None:
    members = [("w", 1, "from"), ("w", 2, "via"), ("w", 5, "to")]
    (found,) = read(tmp_path, [restriction(1, members, "no_u_turn")]).restrictions
    assert found == TurnRestriction(1, False, 1, 5, None, (2,))


def test_road_between_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    members = [("w", 1, "from"), ("w", 3, "via"), ("w", 5, "to")]
    roads = read(tmp_path, [restriction(1, members, "no_u_turn")])
    assert roads.restrictions == ()
    assert roads.report == {NOT_AT_VIA: 1}


@pytest.mark.parametrize("vias", [(2, 5, 7), (7, 5, 2), (5, 2, 7), (5, 7, 2)])
def test_roads_between_are_put_in_driving_order(tmp_path: Path, vias: tuple[int, ...]) -> None:
    path = write_extract(
        tmp_path / "row.osm.pbf",
        grid_nodes(11, 12, 13, 14, 15, 16),
        [
            road(1, [11, 12]),
            road(2, [12, 13]),
            road(5, [14, 13]),
            road(7, [14, 15]),
            road(8, [15, 16]),
        ],
        [
            restriction(
                1,
                [("w", 1, "from"), *(("w", way, "via") for way in vias), ("w", 8, "to")],
                "no_straight_on",
            )
        ],
    )
    (found,) = read_roads(path, CAR).restrictions
    assert found.via_ways == (2, 5, 7)


def test_relations_of_another_type_are_no_restrictions(tmp_path: Path) -> None:
    relation = restriction(1, TURN, "no_left_turn")
    relation["tags"]["type"] = "route"
    roads = read(tmp_path, [relation])
    assert roads.restrictions == ()
    assert roads.report == {}


def _shared(name: str) -> Path:
    path = SHARED / f"{name}.osm.pbf"
    if not path.exists():
        pytest.skip(f"{path.name} is not at hand.")
    return path


def test_all_27_restrictions_of_monaco_are_found() -> None:
    path = _shared("monaco")
    expected = []
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        if relation.tags.get("type") == "restriction":
            member = {member.role: member.ref for member in relation.members}
            is_only = relation.tags["restriction"].startswith("only_")
            roles = (member["from"], member["to"], member["via"])
            expected.append(TurnRestriction(relation.id, is_only, *roles))
    assert len(expected) == 27
    assert read_roads(path, CAR).restrictions == tuple(expected)


@pytest.mark.parametrize(
    ("name", "relations", "found", "left_out"),
    [
        ("porto-2015", 357, 332, {AMBIGUOUS: 5, WITHOUT_ROLES: 14, NOT_DRIVEN: 5, NOT_AT_VIA: 1}),
        ("liechtenstein-2024", 79, 75, {WITHOUT_ROLES: 1, NOT_IN_FILE: 1, NOT_DRIVEN: 2}),
        ("columbus", 30, 9, {NOT_IN_FILE: 21}),
    ],
)
def test_every_real_restriction_is_found_or_left_out_for_a_reason(
    name: str, relations: int, found: int, left_out: dict[str, int]
) -> None:
    roads = read_roads(_shared(name), CAR)
    assert found + sum(left_out.values()) == relations
    assert len(roads.restrictions) == found
    told = {text: count for text, count in roads.report.items() if "turn restriction" in text}
    assert told == left_out
