"""What the tags of one way or node come to under a profile. Each combination is judged once."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.osm.access import Access, is_named, unknown_access, way_access
from data.osm.profile import FERRY, Profile
from data.osm.speeds import has_unreadable_limit, parse_duration_s, way_speeds

Tags = Mapping[str, str]

FERRY_ROUTES = ("ferry", "shuttle_train")

_IMPASSABLE = ("impassable",)
_FORBIDDEN_SERVICE = ("emergency_access",)
_NO_STOP = ("motorway", "motorway_link")


@dataclass(frozen=True, slots=True)
class WayRule:
    """
    How a way is used.

    Parameters
    ----------
    kind
        Index into the kinds of the profile.
    forward_kmh, backward_kmh
        0: not allowed.
    is_zone
        Whether it may only be used to reach something in it.
    is_stop_allowed
        Whether a place may lie beside it.
    duration_s
        Of the whole way, where a timetable says so; it overrules the speeds.
    notes
        Sentences for the report.
    """

    kind: int
    forward_kmh: float
    backward_kmh: float
    is_zone: bool
    is_stop_allowed: bool
    duration_s: float | None = None
    notes: tuple[str, ...] = ()


def judge_way(tags: Tags, profile: Profile) -> WayRule | None:
    """How vehicles of the profile use a way, or None if they do not."""
    if tags.get("route") in FERRY_ROUTES:
        return _judge_ferry(tags, profile)
    highway = tags.get("highway", "")
    if highway not in profile.class_kmh and not (
        highway in profile.explicit_kmh and is_named(tags, profile)
    ):
        return None
    if (
        tags.get("area") == "yes"
        or tags.get("service") in _FORBIDDEN_SERVICE
        or tags.get("smoothness") in _IMPASSABLE
        or tags.get("impassable") == "yes"
    ):
        return None
    access = way_access(tags, profile)
    if access == (Access.CLOSED, Access.CLOSED):
        return None
    speeds = way_speeds(tags, profile)
    return WayRule(
        kind=profile.kinds.index(highway),
        forward_kmh=speeds.forward_kmh * (access.forward is not Access.CLOSED),
        backward_kmh=speeds.backward_kmh * (access.backward is not Access.CLOSED),
        is_zone=Access.ZONE in access and Access.FREE not in access,
        is_stop_allowed=highway not in _NO_STOP and tags.get("motorroad") != "yes",
        notes=_notes(tags, profile),
    )


def _judge_ferry(tags: Tags, profile: Profile) -> WayRule | None:
    """
    A ferry, if something says that it takes vehicles of the profile.

    Most lines without such a tag are for passengers on foot.
    """
    if not any(key in tags for key in profile.access_keys[1:]):
        return None
    access = way_access(tags, profile)
    if access == (Access.CLOSED, Access.CLOSED):
        return None
    duration = tags.get("duration")
    duration_s = None if duration is None else parse_duration_s(duration)
    notes: tuple[str, ...] = ()
    if duration is not None and duration_s is None:
        notes = ("The duration of a ferry cannot be read: its usual speed is taken.",)
    return WayRule(
        kind=profile.kinds.index(FERRY),
        forward_kmh=profile.ferry_kmh * (access.forward is not Access.CLOSED),
        backward_kmh=profile.ferry_kmh * (access.backward is not Access.CLOSED),
        is_zone=False,
        is_stop_allowed=False,
        duration_s=duration_s,
        notes=notes,
    )


def _notes(tags: Tags, profile: Profile) -> tuple[str, ...]:
    notes = []
    if any(key.startswith("maxspeed") and key.endswith(":conditional") for key in tags):
        notes.append("A speed limit holds at certain times only: ignored.")
    if any(key in tags for key in conditional_access_keys(profile)):
        notes.append("Access is allowed or forbidden at certain times only: ignored.")
    if has_unreadable_limit(tags, profile):
        notes.append("A speed limit cannot be read: that of the class of road is taken.")
    if unknown_access(tags, profile):
        notes.append("An access tag has an unknown value: taken as yes.")
    return tuple(notes)


def conditional_access_keys(profile: Profile) -> tuple[str, ...]:
    return (
        "oneway:conditional",
        *(f"{key}:conditional" for key in profile.access_keys),
    )


def way_keys(profile: Profile) -> tuple[str, ...]:
    """Keys of ways that `judge_way` looks at; names are read apart."""
    access = [
        key + direction
        for key in profile.access_keys
        for direction in ("", ":forward", ":backward")
    ]
    limits = [
        key + direction
        for key in ("maxspeed", "maxspeed:advisory")
        for direction in ("", ":forward", ":backward", ":conditional")
    ]
    others = (
        "highway", "route", "area", "service", "surface", "smoothness", "tracktype", "impassable",
        "junction", "motorroad", "duration", "oneway", "source:maxspeed", "maxspeed:type",
        "zone:maxspeed", "maxspeed:forward:conditional", "maxspeed:backward:conditional",
    )  # fmt: skip
    oneways = [f"oneway:{key}" for key in profile.access_keys[1:]]
    return (*others, *access, *limits, *oneways, *conditional_access_keys(profile))


def node_keys(profile: Profile) -> tuple[str, ...]:
    """Keys of nodes that `node_flags` looks at."""
    return (
        "barrier", "bollard", "highway", "traffic_signals:direction", "direction",
        *profile.access_keys,
    )  # fmt: skip
