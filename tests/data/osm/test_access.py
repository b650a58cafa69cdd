"""Who may pass: access tags, one-way streets, barriers and signals."""

import pytest

from data.osm.raw_roads import NodeFlag
from data.osm.reading.access import (
    Access,
    Directions,
    is_named,
    node_flags,
    parse_access,
    way_access,
)
from data.osm.reading.profile import CAR

FREE, ZONE, CLOSED = Access.FREE, Access.ZONE, Access.CLOSED


def access(**tags: str) -> Directions | None:
    spelt = {key.replace("__", ":"): value for key, value in tags.items()}
    return way_access({"highway": "residential"} | spelt, CAR)


def flags(**tags: str) -> int:
    return node_flags({key.replace("__", ":"): value for key, value in tags.items()}, CAR)


def test_road_without_access_tags_is_free_both_ways() -> None:
    assert access() == (FREE, FREE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, FREE) for value in ("yes", "permissive", "designated", "official", "public")),
        *((value, ZONE) for value in ("private", "destination", "customers", "delivery")),
        *((value, CLOSED) for value in ("no", "agricultural", "forestry", "emergency", "psv")),
    ],
)
def test_value_of_an_access_tag_decides(value: str, expected: Access) -> None:
    assert access(access=value) == (expected, expected)


@pytest.mark.parametrize("general", ["access", "vehicle", "motor_vehicle"])
def test_tag_for_cars_overrules_the_general_one(general: str) -> None:
    assert access(**{general: "no"}, motorcar="yes") == (FREE, FREE)
    assert access(**{general: "yes"}, motorcar="no") == (CLOSED, CLOSED)


def test_order_of_tags_is_access_vehicle_motor_vehicle_motorcar() -> None:
    assert access(access="no", vehicle="private") == (ZONE, ZONE)
    assert access(vehicle="no", motor_vehicle="destination") == (ZONE, ZONE)
    assert access(motor_vehicle="destination", vehicle="yes", access="no") == (ZONE, ZONE)


def test_tags_of_other_vehicles_do_not_matter() -> None:
    assert access(bicycle="no", hgv="no", foot="no", psv="yes") == (FREE, FREE)


def test_of_several_values_the_most_generous_counts() -> None:
    assert parse_access("agricultural; forestry") is CLOSED
    assert parse_access("agricultural;destination") is ZONE
    assert parse_access("No") is CLOSED
    assert parse_access("sometimes") is None


def test_unknown_value_is_taken_as_yes() -> None:
    assert access(access="no", motor_vehicle="sometimes") == (FREE, FREE)


@pytest.mark.parametrize("value", ["yes", "1", "true"])
def test_oneway_street_is_closed_against_it(value: str) -> None:
    assert access(oneway=value) == (FREE, CLOSED)


@pytest.mark.parametrize("value", ["-1", "reverse"])
def test_reversed_oneway_street_is_closed_along_it(value: str) -> None:
    assert access(oneway=value) == (CLOSED, FREE)


@pytest.mark.parametrize("junction", ["roundabout", "circular"])
def test_roundabout_is_oneway_unless_it_says_no(junction: str) -> None:
    assert access(junction=junction) == (FREE, CLOSED)
    assert access(junction=junction, oneway="no") == (FREE, FREE)


def test_motorway_is_oneway_and_its_link_need_not_be() -> None:
    assert access(highway="motorway") == (FREE, CLOSED)
    assert access(highway="motorway", oneway="no") == (FREE, FREE)
    assert access(highway="motorway_link") == (FREE, FREE)


def test_oneway_for_cars_overrules_the_general_one() -> None:
    assert access(oneway="yes", oneway__motor_vehicle="no") == (FREE, FREE)
    assert access(oneway__motor_vehicle="yes") == (FREE, CLOSED)
    assert access(oneway="yes", oneway__bicycle="no") == (FREE, CLOSED)


def test_alternating_traffic_goes_both_ways_and_reversible_lanes_are_not_relied_on() -> None:
    assert access(oneway="alternating") == (FREE, FREE)
    assert access(oneway="reversible") is None


def test_access_of_one_direction_overrules_that_of_both() -> None:
    assert access(motor_vehicle__backward="no") == (FREE, CLOSED)
    assert access(motor_vehicle="no", motor_vehicle__forward="destination") == (ZONE, CLOSED)


def test_being_let_in_by_name_is_more_than_being_let_in() -> None:
    assert is_named({"motor_vehicle": "yes"}, CAR)
    assert not is_named({"access": "yes", "vehicle": "yes"}, CAR)
    assert not is_named({"motor_vehicle": "private"}, CAR)


@pytest.mark.parametrize("barrier", ["bollard", "block", "jersey_barrier", "anything_new"])
def test_barrier_blocks(barrier: str) -> None:
    assert flags(barrier=barrier) == NodeFlag.BLOCKED


@pytest.mark.parametrize("barrier", ["gate", "lift_gate", "toll_booth", "border_control"])
def test_gate_takes_time(barrier: str) -> None:
    assert flags(barrier=barrier) == NodeFlag.BARRIER


@pytest.mark.parametrize("barrier", ["cattle_grid", "entrance", "no", "kerb"])
def test_barrier_without_a_stop_is_none(barrier: str) -> None:
    assert flags(barrier=barrier) == 0


def test_access_of_a_barrier_overrules_its_kind() -> None:
    assert flags(barrier="bollard", motor_vehicle="yes") == NodeFlag.BARRIER
    assert flags(barrier="bollard", bicycle="yes") == NodeFlag.BLOCKED
    assert flags(barrier="bollard", bollard="rising") == NodeFlag.BARRIER
    assert flags(barrier="gate", access="no") == NodeFlag.BLOCKED
    assert flags(barrier="gate", access="no", motorcar="yes") == NodeFlag.BARRIER
    # Whoever goes there has been let in; through traffic keeps out of private roads anyway.
    assert flags(barrier="gate", access="private") == NodeFlag.BARRIER


def test_sign_alone_closes_a_node() -> None:
    assert flags(motor_vehicle="no") == NodeFlag.BLOCKED


def test_signal_may_hold_for_one_direction() -> None:
    assert flags(highway="traffic_signals") == NodeFlag.SIGNAL
    assert flags(highway="traffic_signals", traffic_signals__direction="both") == NodeFlag.SIGNAL
    assert (
        flags(highway="traffic_signals", traffic_signals__direction="forward")
        == NodeFlag.SIGNAL_FORWARD
    )
    assert flags(highway="traffic_signals", direction="backward") == NodeFlag.SIGNAL_BACKWARD
    assert flags(highway="crossing", crossing="traffic_signals") == 0


def test_gate_at_a_signal_is_both() -> None:
    assert flags(highway="traffic_signals", barrier="gate") == NodeFlag.SIGNAL | NodeFlag.BARRIER
