"""
Reads the roads of an extract: all it takes of memory grows with the roads, not with the file.

The file is read twice. The first time tells the ways that are used, and by them the nodes that
matter; the second time finds where these lie, and what stands on them.
"""

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from data.errors import InvalidExtractError
from data.osm.extract import check_extract
from data.osm.raw_roads import NodeFlag, RawRoads
from data.osm.reading.located import Located, locate
from data.osm.reading.pieces import Pieces, cut_ways
from data.osm.reading.profile import Profile
from data.osm.reading.restrictions import read_claims
from data.osm.reading.settle import settle_restrictions
from data.osm.reading.ways import UsedWays, read_ways
from data.progress import Progress
from geo import great_circle_m
from routing.roads.road_segments import DEGREES_PER_UNIT

MIN_FOUND_SHARE = 0.5
"""An extract that lacks more nodes of its roads than this is no map of them."""

MIN_FERRY_KMH = 1.0
"""A timetable that asks for less is wrong, or the ferry is short and waits long."""

RESTRICTIONS_STAGE = "Reading turn restrictions"

ODD_FERRY = "The duration of a ferry does not fit its length: its usual speed is taken."
BLOCKED = "A node is closed to vehicles by a barrier or a sign."

T = TypeVar("T", bound=np.generic)


def read_roads(path: Path, profile: Profile, progress: Progress | None = None) -> RawRoads:
    """
    All ways of an extract that a vehicle of the profile may use.

    Parameters
    ----------
    path
        An `.osm.pbf` file.
    profile
        The vehicle.
    progress
        Told about bytes of the file; of turn restrictions only begin and end.

    Raises
    ------
    InvalidExtractError
        When the file is no extract, is damaged, or has no roads.
    """
    tell = progress or (lambda stage, done, total: None)
    blobs = check_extract(path)
    report: Counter[str] = Counter()
    tell(RESTRICTIONS_STAGE, 0, 1)
    claims = read_claims(path, profile, report)
    tell(RESTRICTIONS_STAGE, 1, 1)
    named_ways = np.array(sorted({way for claim in claims for way in claim.ways}), np.int64)
    first = read_ways(path, blobs, profile, named_ways, tell)
    if not len(first.ways.way_id):
        raise InvalidExtractError(
            f"{path.name} has no road for the profile {profile.name!r}. Cut out an area with "
            "roads, and keep ways with the key `highway`."
        )
    located = locate(path, first.node_blobs, first.ways.node_id, profile, tell)
    if located.found_share < MIN_FOUND_SHARE:
        raise InvalidExtractError(
            f"{path.name} lacks the positions of {1 - located.found_share:.0%} of the nodes of its "
            "roads. Cut it out so that they are kept: osmium extract --strategy complete_ways, and "
            "no add-locations-to-ways."
        )
    report.update({reason: ways for reason, ways in first.left_out.items() if reason})
    roads = _assemble(first.ways, located, profile, report)
    ways_in_file = frozenset(named_ways[first.is_in_file].tolist())
    restrictions = settle_restrictions(claims, roads, ways_in_file, report)
    counted = {sentence: report[sentence] for sentence in sorted(report) if report[sentence]}
    return replace(roads, restrictions=restrictions, report=counted)


def _assemble(used: UsedWays, located: Located, profile: Profile, report: Counter[str]) -> RawRoads:
    """Roads without restrictions, from ways and the positions of their nodes."""
    pieces = cut_ways(used, located.is_found, report)
    forward_kmh, backward_kmh = _speeds(used, pieces, located, profile, report)
    is_kept = np.zeros(len(used.node_id), bool)
    is_kept[pieces.ref] = True
    position = (np.cumsum(is_kept) - 1).astype(np.int32)
    flags = located.flags[is_kept]
    rule = used.rule[pieces.way]
    _count_notes(used, report)
    report[BLOCKED] += int(np.count_nonzero(flags & NodeFlag.BLOCKED))
    return RawRoads(
        node_id=used.node_id[is_kept],
        node_lon=located.lon[is_kept],
        node_lat=located.lat[is_kept],
        node_flags=flags,
        way_id=used.way_id[pieces.way],
        first_ref=pieces.first_ref,
        ref=position[pieces.ref],
        kind=_by_rule(used, "kind", np.uint8)[rule],
        kinds=profile.kinds,
        forward_kmh=forward_kmh,
        backward_kmh=backward_kmh,
        is_zone=_by_rule(used, "is_zone", np.bool_)[rule],
        is_stop_allowed=_by_rule(used, "is_stop_allowed", np.bool_)[rule],
        name=used.name[pieces.way],
        names=used.names,
    )


def _count_notes(used: UsedWays, report: Counter[str]) -> None:
    ways_per_rule = np.bincount(used.rule, minlength=len(used.rules)).tolist()
    for rule, ways in zip(used.rules, ways_per_rule, strict=True):
        for note in rule.notes:
            report[note] += ways


def _by_rule(used: UsedWays, name: str, dtype: type[T]) -> NDArray[T]:
    return np.array([getattr(rule, name) for rule in used.rules], dtype)


def _speeds(
    used: UsedWays, pieces: Pieces, located: Located, profile: Profile, report: Counter[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Of each piece in both directions; those of ferries by their timetable."""
    rule = used.rule[pieces.way]
    forward_kmh = _by_rule(used, "forward_kmh", np.float32)[rule]
    backward_kmh = _by_rule(used, "backward_kmh", np.float32)[rule]
    is_timed = np.array([rule.duration_s is not None for rule in used.rules], bool)
    for piece in np.flatnonzero(is_timed[rule]).tolist():
        way = pieces.way[piece]
        duration_s = used.rules[used.rule[way]].duration_s
        nodes = pieces.ref[pieces.first_ref[piece] : pieces.first_ref[piece + 1]]
        if duration_s is None:
            continue
        kmh = _length_m(located, nodes) / duration_s * 3.6
        if not pieces.is_whole[piece] or not MIN_FERRY_KMH <= kmh <= profile.max_ferry_kmh:
            report[ODD_FERRY] += 1
            continue
        forward_kmh[piece] = kmh * (forward_kmh[piece] > 0)
        backward_kmh[piece] = kmh * (backward_kmh[piece] > 0)
    return forward_kmh, backward_kmh


def _length_m(located: Located, nodes: NDArray[np.int32]) -> float:
    lon, lat = located.lon[nodes] * DEGREES_PER_UNIT, located.lat[nodes] * DEGREES_PER_UNIT
    return float(great_circle_m(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())
