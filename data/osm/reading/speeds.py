"""
How fast a road is driven: limits in all their spellings, and what class and surface allow.

https://wiki.openstreetmap.org/wiki/Key:maxspeed
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from data.osm.reading.profile import MPH, Profile

Tags = Mapping[str, str]

KNOT_KMH = 1.852

MAX_LIMIT_KMH = 160
"""No country has a higher limit; a larger number is a slip."""

NO_LIMIT_KNOWN = frozenset(
    {"signals", "variable", "implicit", "national", "sign", "markings", "zone", "unknown", "yes"}
)
"""Values that are right but say no number. The limit may stand in another tag."""

LIMIT_TYPES = ("source:maxspeed", "maxspeed:type", "zone:maxspeed")
"""Where a limit has its name (DE:urban), read when `maxspeed` has no number."""

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(km/?h|kmph|kph|mph|mp/h|knots?|kn)?")
_ZONE = re.compile(r"([a-z]{2}(?:-[a-z]{2,3})?):(.+)")
_ZONE_NUMBER = re.compile(r"(?:zone:?)?(\d+)")
_UNIT_KMH = {"mph": MPH, "mp/h": MPH, "knots": KNOT_KMH, "knot": KNOT_KMH, "kn": KNOT_KMH}
_MILES = frozenset({"gb", "uk", "us"})

_CLOCK = re.compile(r"(\d+):([0-5]?\d)(?::([0-5]?\d))?")
_ISO_8601 = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_MINUTES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:min|minutes?)?")


class Speeds(NamedTuple):
    """Along a way and against it, in km/h."""

    forward_kmh: float
    backward_kmh: float


def way_speeds(tags: Tags, profile: Profile) -> Speeds:
    """The speeds to be expected on a way of one of the profile's classes."""
    highway = tags["highway"]
    usual_kmh = {**profile.class_kmh, **profile.explicit_kmh}[highway]
    ceiling_kmh = _ceiling_kmh(tags, profile)
    speeds = []
    for direction in ("forward", "backward"):
        limit_kmh = _limit_kmh(tags, direction, profile)
        driven_kmh = usual_kmh if limit_kmh is None else limit_kmh * profile.limit_share
        speeds.append(min(driven_kmh, ceiling_kmh))
    return Speeds(*speeds)


def has_unreadable_limit(tags: Tags, profile: Profile) -> bool:
    """Whether a limit is given that makes no sense."""
    value = tags.get("maxspeed")
    return (
        value is not None
        and parse_limit(value, profile) is None
        and value.strip().lower() not in NO_LIMIT_KNOWN
    )


def parse_limit(value: str, profile: Profile) -> float | None:
    """
    A speed limit in km/h, or None where the text says no number.

    Of several (`50;30`, `80|100` by lane) the lowest counts. Numbers after a country that uses
    miles are miles.
    """
    limits = [_parse_one(part.strip(), profile) for part in re.split(r"[;|,]", value.lower())]
    return min((limit for limit in limits if limit is not None), default=None)


def parse_duration_s(value: str) -> float | None:
    """A duration in seconds: `hh:mm`, `hh:mm:ss`, ISO 8601, or minutes; None if it is neither."""
    text = value.strip()
    if match := _CLOCK.fullmatch(text):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        duration_s = hours * 3600.0 + minutes * 60 + seconds
    elif match := _ISO_8601.fullmatch(text.upper()):
        days, hours, minutes, seconds = (int(part or 0) for part in match.groups())
        duration_s = days * 86_400.0 + hours * 3600 + minutes * 60 + seconds
    elif match := _MINUTES.fullmatch(text.lower()):
        duration_s = float(match[1]) * 60
    else:
        return None
    return duration_s or None


def _limit_kmh(tags: Tags, direction: str, profile: Profile) -> float | None:
    limit_kmh = _parse(tags.get(f"maxspeed:{direction}") or tags.get("maxspeed"), profile)
    if limit_kmh is None:
        named = (_parse(tags.get(key), profile) for key in LIMIT_TYPES)
        limit_kmh = next((limit for limit in named if limit is not None), None)
    advised_kmh = _parse(
        tags.get(f"maxspeed:advisory:{direction}") or tags.get("maxspeed:advisory"), profile
    )
    return min((kmh for kmh in (limit_kmh, advised_kmh) if kmh is not None), default=None)


def _parse(value: str | None, profile: Profile) -> float | None:
    return None if value is None else parse_limit(value, profile)


def _parse_one(text: str, profile: Profile) -> float | None:
    if match := _NUMBER.fullmatch(text):
        limit_kmh = float(match[1]) * _UNIT_KMH.get(match[2] or "", 1.0)
        return limit_kmh if 0 < limit_kmh <= MAX_LIMIT_KMH else None
    if text == "none":
        return profile.unlimited_kmh
    if text == "walk":
        return profile.walk_kmh
    if not (match := _ZONE.fullmatch(text)):
        return None
    country, zone = match.groups()
    country = "gb" + country[2:] if country.startswith("uk") else country
    named_kmh = profile.zone_limit_kmh.get(f"{country}:{zone}", profile.zone_limit_kmh.get(zone))
    if named_kmh is not None:
        return named_kmh
    if number := _ZONE_NUMBER.fullmatch(zone):
        zone = f"{number[1]} mph" if country[:2] in _MILES else number[1]
    return _parse_one(zone, profile)


def _ceiling_kmh(tags: Tags, profile: Profile) -> float:
    ceilings = (
        profile.ceiling_kmh.get(tags["highway"]),
        profile.service_kmh.get(tags.get("service", "")),
        profile.surface_kmh.get(tags.get("surface", "")),
        profile.smoothness_kmh.get(tags.get("smoothness", "")),
        profile.tracktype_kmh.get(tags.get("tracktype", "")),
    )
    return min((kmh for kmh in ceilings if kmh is not None), default=float("inf"))
