"""
Reads turn restrictions: relations that forbid a way through a junction, or leave only one.

https://wiki.openstreetmap.org/wiki/Relation:restriction
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

import osmium

from data.errors import InvalidExtractError
from data.osm.extract import pbf_file
from data.osm.reading.profile import Profile

Tags = Mapping[str, str]

FORBIDDEN = frozenset(
    {"no_left_turn", "no_right_turn", "no_straight_on", "no_u_turn", "no_entry", "no_exit"}
)
MANDATORY = frozenset({"only_left_turn", "only_right_turn", "only_straight_on", "only_u_turn"})

KEYS_OF_TIMES = ("day_on", "day_off", "hour_on", "hour_off")
"""An early way to say when a restriction holds."""

AT_TIMES = "A turn restriction holds at certain times only: ignored."
OTHERS = "A turn restriction is for other vehicles: left out."
UNKNOWN_KIND = "A turn restriction of an unknown kind: left out."
WITHOUT_ROLES = "A turn restriction lacks a member `from`, `to` or `via`: left out."
WRONG_MEMBER = "A turn restriction has a member that is neither its node nor its road: left out."
AMBIGUOUS = "A turn restriction has more members than its kind allows: left out."


class Member(NamedTuple):
    """Of a relation: `n`, `w` or `r`, its id, and its role."""

    kind: str
    ref: int
    role: str


@dataclass(frozen=True, slots=True)
class Claim:
    """
    A restriction as its relation states it, before it is known which roads there are.

    Parameters
    ----------
    relation_id
        In OpenStreetMap.
    is_only
        Whether it names the only way allowed.
    from_ways, to_ways
        More than one where several roads may not be entered or left.
    via_node
        Or None, where `via_ways` lead from the one to the other.
    via_ways
        In the order of the relation, which means nothing.
    """

    relation_id: int
    is_only: bool
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_node: int | None
    via_ways: tuple[int, ...] = ()

    @property
    def ways(self) -> tuple[int, ...]:
        return (*self.from_ways, *self.via_ways, *self.to_ways)


def read_claims(path: Path, profile: Profile, report: Counter[str]) -> list[Claim]:
    """
    All turn restrictions of an extract that are for the profile.

    Raises
    ------
    InvalidExtractError
        When the file cannot be read to its end.
    """
    relations = osmium.FileProcessor(pbf_file(path), osmium.osm.RELATION).with_filter(
        osmium.filter.TagFilter(("type", "restriction"))
    )
    claims = []
    try:
        for relation in cast(Iterable[osmium.osm.Relation], relations):
            members = [Member(member.type, member.ref, member.role) for member in relation.members]
            tags = {tag.k: tag.v for tag in relation.tags}
            claim = parse_restriction(relation.id, tags, members, profile, report)
            if claim is not None:
                claims.append(claim)
    except RuntimeError as error:
        raise InvalidExtractError(f"{path.name} is damaged: {error}. Download it again.") from error
    return claims


def parse_restriction(
    relation_id: int, tags: Tags, members: Iterable[Member], profile: Profile, report: Counter[str]
) -> Claim | None:
    """
    What a relation forbids to vehicles of the profile; None if nothing, and why in the report.

    A tag for the vehicle (`restriction:motorcar`) overrules the general one.
    """
    value = _value(tags, profile, report)
    if value is None:
        return None
    if value not in FORBIDDEN | MANDATORY:
        report[UNKNOWN_KIND] += 1
        return None
    by_role: dict[str, list[Member]] = {"from": [], "to": [], "via": []}
    for member in members:
        if member.role in by_role:
            by_role[member.role].append(member)
    sources, targets, vias = by_role["from"], by_role["to"], by_role["via"]
    if not (sources and targets and vias):
        report[WITHOUT_ROLES] += 1
        return None
    kinds = {member.kind for member in vias}
    if {member.kind for member in (*sources, *targets)} != {"w"} or kinds not in ({"n"}, {"w"}):
        report[WRONG_MEMBER] += 1
        return None
    is_many = (len(sources) > 1 and value != "no_entry") or (
        len(targets) > 1 and value != "no_exit"
    )
    if is_many or (kinds == {"n"} and len(vias) > 1):
        report[AMBIGUOUS] += 1
        return None
    refs = tuple(member.ref for member in vias)
    return Claim(
        relation_id,
        value in MANDATORY,
        tuple(member.ref for member in sources),
        tuple(member.ref for member in targets),
        refs[0] if kinds == {"n"} else None,
        () if kinds == {"n"} else refs,
    )


def _value(tags: Tags, profile: Profile, report: Counter[str]) -> str | None:
    """The kind of restriction that holds for the profile."""
    modes = profile.access_keys[1:]
    general = ("restriction", *(f"restriction:{mode}" for mode in modes))
    key = next((key for key in reversed(general) if key in tags), None)
    is_timed = any(f"{name}:conditional" in tags for name in general)
    if is_timed or any(name in tags for name in KEYS_OF_TIMES):
        report[AT_TIMES] += 1
        if not is_timed:
            return None
    if key is None:
        if not is_timed:
            report[OTHERS] += 1
        return None
    excepted = {part.strip() for part in tags.get("except", "").split(";")}
    if key == "restriction" and not excepted.isdisjoint(modes):
        report[OTHERS] += 1
        return None
    return tags[key]
