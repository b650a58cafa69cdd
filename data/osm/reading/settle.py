"""Ties turn restrictions to the roads there are, and says why where that is not possible."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from data.osm.raw_roads import RawRoads, TurnRestriction
from data.osm.reading.restrictions import Claim

NOT_IN_FILE = "A turn restriction has members beyond the extract: left out."
NOT_DRIVEN = "A turn restriction is about roads that are not driven: left out."
NOT_AT_VIA = "A turn restriction has roads that do not meet: left out."


class Course(NamedTuple):
    """The nodes of a way that is driven, in order."""

    nodes: Sequence[int]

    @property
    def ends(self) -> tuple[int, int]:
        return self.nodes[0], self.nodes[-1]


def settle_restrictions(
    claims: Iterable[Claim], roads: RawRoads, ways_in_file: frozenset[int], report: Counter[str]
) -> tuple[TurnRestriction, ...]:
    """
    The restrictions that claims come to on the roads there are; why not, in the report.

    Parameters
    ----------
    ways_in_file
        Of the ways that claims name, those that the extract holds, driven or not.
    """
    named = np.array(sorted({way for claim in claims for way in claim.ways}), np.int64)
    courses: dict[int, list[Course]] = {}
    for piece in np.flatnonzero(np.isin(roads.way_id, named)).tolist():
        refs = roads.ref[roads.first_ref[piece] : roads.first_ref[piece + 1]]
        course = Course(roads.node_id[refs].tolist())
        courses.setdefault(int(roads.way_id[piece]), []).append(course)
    return tuple(
        restriction
        for claim in claims
        for restriction in _settle(claim, courses, ways_in_file, report)
    )


def _settle(
    claim: Claim,
    courses: Mapping[int, Sequence[Course]],
    ways_in_file: frozenset[int],
    report: Counter[str],
) -> list[TurnRestriction]:
    """
    The restrictions that a claim comes to on the roads there are; why not, in the report.

    Parameters
    ----------
    courses
        Of the driven ways that claims name; a way that is cut at the border has several.
    ways_in_file
        Of the ways that claims name, those that the extract holds, driven or not.
    """
    settled = []
    for from_way, to_way in product(claim.from_ways, claim.to_ways):
        named = (from_way, *claim.via_ways, to_way)
        if any(way not in ways_in_file for way in named):
            report[NOT_IN_FILE] += 1
        elif any(way not in courses for way in named):
            report[NOT_DRIVEN] += 1
        else:
            via_ways = _connect(claim, from_way, to_way, courses)
            if via_ways is None:
                report[NOT_AT_VIA] += 1
            else:
                settled.append(
                    TurnRestriction(
                        claim.relation_id,
                        claim.is_only,
                        from_way,
                        to_way,
                        claim.via_node,
                        via_ways,
                    )
                )
    return settled


def _connect(
    claim: Claim, from_way: int, to_way: int, courses: Mapping[int, Sequence[Course]]
) -> tuple[int, ...] | None:
    """The via ways in driving order, or None if the roads do not lead into each other."""
    before, after = _nodes(courses[from_way]), _nodes(courses[to_way])
    if claim.via_node is not None:
        return () if claim.via_node in before and claim.via_node in after else None
    return _chain(before, after, claim.via_ways, courses)


def _chain(
    here: set[int], after: set[int], ways: tuple[int, ...], courses: Mapping[int, Sequence[Course]]
) -> tuple[int, ...] | None:
    if not ways:
        return () if here & after else None
    for way in ways:
        rest = list(ways)
        rest.remove(way)
        for course in courses[way]:
            for start, end in (course.ends, course.ends[::-1]):
                if start in here:
                    tail = _chain({end}, after, tuple(rest), courses)
                    if tail is not None:
                        return (way, *tail)
    return None


def _nodes(courses: Sequence[Course]) -> set[int]:
    return {node for course in courses for node in course.nodes}
