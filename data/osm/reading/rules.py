"""What the tags of one way or node come to under a profile. Each combination is judged once."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.osm.reading.access import Access, is_named, unknown_access, way_access
from data.osm.reading.profile import FERRY, Profile
from data.osm.reading.speeds import has_unreadable_limit, parse_duration_s, way_speeds

Tags = Mapping[str, str]

FERRY_ROUTES = ("ferry", "shuttle_train")

OPEN_WORKS = ("no", "minor", "widening")
"""Building sites that leave the road open."""

CLOSED = "A road is closed to vehicles: left out."
REVERSIBLE = "A road changes its direction by the hour: left out."
AREA = "A road is drawn as an area: left out."
FOOT_FERRY = "A ferry is not known to take vehicles: left out."
CONDITIONAL_LIMIT = "A speed limit holds at certain times only: ignored."
CONDITIONAL_ACCESS = "Access is allowed or forbidden at certain times only: ignored."
UNREADABLE_LIMIT = "A speed limit cannot be read: the usual speed of the road is taken."
UNKNOWN_ACCESS = "An access tag has an unknown value: taken as yes."
UNREADABLE_DURATION = "The duration of a ferry cannot be read: its usual speed is taken."

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


@dataclass(frozen=True, slots=True)
class LeftOut:
    """
    A way that is not used.

    Parameters
    ----------
    reason
        A sentence for the report, or empty where nobody would expect the way to be used.
    """

    reason: str = ""


def judge_way(tags: Tags, profile: Profile) -> WayRule | LeftOut:
    """How vehicles of the profile use a way."""
    if tags.get("route") in FERRY_ROUTES:
        return _judge_ferry(tags, profile)
    highway = tags.get("highway", "")
    if highway not in profile.class_kmh and not (
        highway in profile.explicit_kmh and (profile.uses_tracks or is_named(tags, profile))
    ):
        return LeftOut()
    if tags.get("area") == "yes":
        return LeftOut(AREA)
    if (
        tags.get("service") == "emergency_access"
        or tags.get("smoothness") == "impassable"
        or tags.get("impassable") == "yes"
        or tags.get("construction", "no") not in OPEN_WORKS
    ):
        return LeftOut(CLOSED)
    access = way_access(tags, profile)
    if access is None:
        return LeftOut(REVERSIBLE)
    if access == (Access.CLOSED, Access.CLOSED):
        return LeftOut(CLOSED)
    speeds = way_speeds(tags, profile)
    return WayRule(
        kind=profile.kinds.index(highway),
        forward_kmh=speeds.forward_kmh * (access.forward is not Access.CLOSED),
        backward_kmh=speeds.backward_kmh * (access.backward is not Access.CLOSED),
        is_zone=Access.ZONE in access and Access.FREE not in access,
        is_stop_allowed=highway not in _NO_STOP and tags.get("motorroad") != "yes",
        notes=_notes(tags, profile),
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
        "construction", "junction", "motorroad", "duration", "oneway", "source:maxspeed",
        "maxspeed:type", "zone:maxspeed", "maxspeed:forward:conditional",
        "maxspeed:backward:conditional",
    )  # fmt: skip
    oneways = [f"oneway:{key}" for key in profile.access_keys[1:]]
    return (*others, *access, *limits, *oneways, *_conditional_access_keys(profile))


def node_keys(profile: Profile) -> tuple[str, ...]:
    """Keys of nodes that `node_flags` looks at."""
    return (
        "barrier", "bollard", "highway", "traffic_signals:direction", "direction",
        *profile.access_keys,
    )  # fmt: skip


def _judge_ferry(tags: Tags, profile: Profile) -> WayRule | LeftOut:
    """
    A ferry, if something says that it takes vehicles of the profile.

    Most lines without such a tag are for passengers on foot.
    """
    if not any(key in tags for key in profile.access_keys[1:]):
        return LeftOut(FOOT_FERRY)
    access = way_access(tags, profile)
    if access is None or access == (Access.CLOSED, Access.CLOSED):
        return LeftOut(FOOT_FERRY)
    duration = tags.get("duration")
    duration_s = None if duration is None else parse_duration_s(duration)
    notes: tuple[str, ...] = ()
    if duration is not None and duration_s is None:
        notes = (UNREADABLE_DURATION,)
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
        notes.append(CONDITIONAL_LIMIT)
    if any(key in tags for key in _conditional_access_keys(profile)):
        notes.append(CONDITIONAL_ACCESS)
    if has_unreadable_limit(tags, profile):
        notes.append(UNREADABLE_LIMIT)
    if unknown_access(tags, profile):
        notes.append(UNKNOWN_ACCESS)
    return tuple(notes)


def _conditional_access_keys(profile: Profile) -> tuple[str, ...]:
    return (
        "oneway:conditional",
        *(f"{key}:conditional" for key in profile.access_keys),
    )
