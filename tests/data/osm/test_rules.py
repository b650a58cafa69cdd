"""What the tags of a way come to."""

from typing import Any

import pytest

from data.osm.reading.access import node_flags
from data.osm.reading.profile import CAR
from data.osm.reading.rules import LeftOut, WayRule, judge_way, node_keys, way_keys


class Asked(dict[str, str]):
    """Tags that remember which keys were looked for."""

    def __init__(self, tags: dict[str, str]) -> None:
        super().__init__(tags)
        self.keys_asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.keys_asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> str:
        self.keys_asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.keys_asked.add(str(key))
        return super().__contains__(key)


@pytest.mark.parametrize(
    "tags",
    [
        {"highway": "residential"},
        {"highway": "track"},
        {"highway": "motorway", "maxspeed": "implicit"},
        {"route": "ferry", "motor_vehicle": "yes", "duration": "1:00"},
    ],
)
def test_reader_keeps_every_key_that_a_rule_asks_for(tags: dict[str, str]) -> None:
    asked = Asked(tags)
    judge_way(asked, CAR)
    assert asked.keys_asked <= set(way_keys(CAR))


def test_reader_keeps_every_key_of_a_node_that_is_asked_for() -> None:
    for tags in ({"barrier": "bollard"}, {"highway": "traffic_signals"}):
        asked = Asked(tags)
        node_flags(asked, CAR)
        assert asked.keys_asked <= set(node_keys(CAR))


def test_reader_has_few_enough_keys_to_mark_them_in_a_byte() -> None:
    assert len(set(way_keys(CAR))) < 250


def test_ferry_with_a_highway_tag_is_a_ferry() -> None:
    rule = judge_way({"highway": "primary", "route": "ferry", "motor_vehicle": "yes"}, CAR)
    assert isinstance(rule, WayRule)
    assert CAR.kinds[rule.kind] == "ferry"


def test_way_that_is_no_road_is_left_out_without_a_word() -> None:
    assert judge_way({"highway": "footway"}, CAR) == LeftOut("")
    assert judge_way({"building": "yes"}, CAR) == LeftOut("")


def test_road_closed_one_way_keeps_the_other() -> None:
    rule = judge_way({"highway": "tertiary", "oneway": "-1", "maxspeed": "50"}, CAR)
    assert isinstance(rule, WayRule)
    assert (rule.forward_kmh, rule.backward_kmh) == (0, 40)
