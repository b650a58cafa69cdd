"""
Who may pass: the access tags of ways and nodes, one-way streets, and barriers.

https://wiki.openstreetmap.org/wiki/Key:access
"""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from data.osm.raw_roads import NodeFlag
from data.osm.reading.profile import Profile

Tags = Mapping[str, str]


class Access(Enum):
    """What an access tag says to a visitor."""

    FREE = "free"
    ZONE = "zone"
    """May be entered to reach something inside only."""
    CLOSED = "closed"


class Directions(NamedTuple):
    """Access along a way and against it."""

    forward: Access
    backward: Access


VALUES = {
    "yes": Access.FREE,
    "permissive": Access.FREE,
    "designated": Access.FREE,
    "official": Access.FREE,
    "public": Access.FREE,
    "permit": Access.ZONE,
    "residents": Access.ZONE,
    "unknown": Access.ZONE,
    "private": Access.ZONE,
    "destination": Access.ZONE,
    "customers": Access.ZONE,
    "delivery": Access.ZONE,
    "no": Access.CLOSED,
    "agricultural": Access.CLOSED,
    "forestry": Access.CLOSED,
    "emergency": Access.CLOSED,
    "military": Access.CLOSED,
    "restricted": Access.CLOSED,
    "psv": Access.CLOSED,
    "bus": Access.CLOSED,
    "minibus": Access.CLOSED,
    "share_taxi": Access.CLOSED,
    "taxi": Access.CLOSED,
    "hgv": Access.CLOSED,
    "foot": Access.CLOSED,
    "bicycle": Access.CLOSED,
    "use_sidepath": Access.CLOSED,
}
"""Private roads are open to those who visit somebody there; the others cannot be driven at all."""

ONEWAY = {"yes": 1, "1": 1, "true": 1, "-1": -1, "reverse": -1, "no": 0, "0": 0, "false": 0}

BARRIERS = {
    "arch": 0,
    "bump_gate": 0,
    "cattle_grid": 0,
    "coupure": 0,
    "entrance": 0,
    "height_restrictor": 0,
    "kerb": 0,
    "no": 0,
    "rumble_strip": 0,
    "border_control": NodeFlag.BARRIER,
    "gate": NodeFlag.BARRIER,
    "hampshire_gate": NodeFlag.BARRIER,
    "lift_gate": NodeFlag.BARRIER,
    "sally_port": NodeFlag.BARRIER,
    "sliding_beam": NodeFlag.BARRIER,
    "sliding_gate": NodeFlag.BARRIER,
    "swing_gate": NodeFlag.BARRIER,
    "toll_booth": NodeFlag.BARRIER,
}
"""Passed without stopping, or after a stop. All others block the road."""


def way_access(tags: Tags, profile: Profile) -> Directions | None:
    """Access of a way, one-way rules included; None if its direction changes by the hour."""
    forward = _access(tags, profile, ":forward") or Access.FREE
    backward = _access(tags, profile, ":backward") or Access.FREE
    oneway = _oneway(tags, profile)
    if oneway is None:
        return None
    if oneway > 0:
        backward = Access.CLOSED
    elif oneway < 0:
        forward = Access.CLOSED
    return Directions(forward, backward)


def is_named(tags: Tags, profile: Profile) -> bool:
    """Whether a sign lets vehicles of the profile in by name, not only everybody."""
    values = (tags.get(key, "") for key in profile.access_keys[2:])
    return any(parse_access(value) is Access.FREE for value in values)


def node_flags(tags: Tags, profile: Profile) -> int:
    """`NodeFlag` of what stands on a node."""
    flags = _signal(tags)
    barrier = tags.get("barrier")
    access = _access(tags, profile, "")
    if access is Access.CLOSED:
        return flags | NodeFlag.BLOCKED
    if barrier is None:
        return flags
    is_rising = barrier == "bollard" and tags.get("bollard") == "rising"
    otherwise = NodeFlag.BLOCKED if access is None and not is_rising else NodeFlag.BARRIER
    return flags | BARRIERS.get(barrier, otherwise)


def unknown_access(tags: Tags, profile: Profile) -> bool:
    """Whether an access tag has a value that is not known here."""
    return any(key in tags and parse_access(tags[key]) is None for key in profile.access_keys)


def parse_access(value: str) -> Access | None:
    """
    What a value of an access tag says; None if nothing that is known.

    Of several values the most generous counts: each is for somebody else.
    """
    known = {VALUES[part] for part in map(str.strip, value.lower().split(";")) if part in VALUES}
    return next((access for access in Access if access in known), None)


def _access(tags: Tags, profile: Profile, direction: str) -> Access | None:
    found: Access | None = None
    for key in profile.access_keys:
        value = tags.get(key + direction) or tags.get(key)
        if value is not None:
            found = parse_access(value) or Access.FREE
    return found


def _oneway(tags: Tags, profile: Profile) -> int | None:
    """1 along the way only, -1 against it only, 0 both; None if it changes."""
    value = tags.get("oneway")
    for key in profile.access_keys[1:]:
        value = tags.get(f"oneway:{key}", value)
    if value == "reversible":
        return None
    if value in ONEWAY:
        return ONEWAY[value]
    is_implied = tags.get("highway") == "motorway" or tags.get("junction") in (
        "roundabout",
        "circular",
    )
    return int(is_implied)


def _signal(tags: Tags) -> int:
    if tags.get("highway") != "traffic_signals":
        return 0
    direction = tags.get("traffic_signals:direction") or tags.get("direction")
    if direction == "forward":
        return NodeFlag.SIGNAL_FORWARD
    if direction == "backward":
        return NodeFlag.SIGNAL_BACKWARD
    return NodeFlag.SIGNAL
