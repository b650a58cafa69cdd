"""
Areas of relations: borders of administration and postcodes, and land use in several pieces.

OpenStreetMap keeps the border of such an area as many ways in no order. They are joined where their
ends meet; of the rings, those within an odd number of others are holes, whatever their role says
(https://wiki.openstreetmap.org/wiki/Relation:multipolygon). What cannot be joined is a problem with
a reason, never half an area.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely
from numpy.typing import NDArray

from data.osm.extract import pbf_file
from data.osm.places.place_store import AreaProblem, insert
from data.osm.way_lines import from_bytes

ADMIN_LEVELS = (4, 6, 7, 8, 9)
"""States, districts, associations of municipalities, municipalities and their parts, in most
countries: https://wiki.openstreetmap.org/wiki/Tag:boundary=administrative."""

DRAWN_LEVELS = (2, 4, 6, 8)
"""Borders on the basemap."""

KEPT_TAGS = (
    "name",
    "ref",
    "de:amtlicher_gemeindeschluessel",
    "ref:INSEE",
    "ref:gss",
    "ISO3166-2",
    "postal_code",
    "population",
)


@dataclass(frozen=True, slots=True)
class AreaRelation:
    """
    A relation whose members go around an area.

    Parameters
    ----------
    kind
        `admin`, `postcode`, or `other` for whatever the file's areas of several ways are.
    level
        Of administration.
    tags
        Of a border: `KEPT_TAGS`; of another: all.
    members
        Ids of its ways.
    osm_type
        `w` where the border is one closed way that has the tags itself.
    """

    osm_id: int
    kind: str
    level: int | None
    tags: Mapping[str, str]
    members: tuple[int, ...]
    osm_type: str = "r"


@dataclass(frozen=True, slots=True)
class Relations:
    """
    What the relations of a file say, read before its ways.

    Parameters
    ----------
    areas
        Those that go around an area.
    members
        Ids of all their ways.
    border_level
        The lowest `admin_level` of a border that runs along a way, by the way's id.
    street_of
        The street of a house by its type (`n`, `w`, `r`) and id, from `associatedStreet`.
    """

    areas: tuple[AreaRelation, ...]
    members: Collection[int]
    border_level: Mapping[int, int]
    street_of: Mapping[tuple[str, int], str]


def read_relations(path: Path, is_wanted: Callable[[Mapping[str, str]], bool]) -> Relations:
    """
    One pass over the relations.

    Parameters
    ----------
    is_wanted
        Whether an area with these tags, other than a border, is of use.
    """
    areas: list[AreaRelation] = []
    border_level: dict[int, int] = {}
    street_of: dict[tuple[str, int], str] = {}
    relation: Any
    for relation in osmium.FileProcessor(pbf_file(path), osmium.osm.RELATION):
        get = relation.tags.get
        kind = get("type")
        if kind == "associatedStreet":
            name = get("name") or get("addr:street")
            if name:
                street_of.update(
                    ((member.type, member.ref), name)
                    for member in relation.members
                    if member.role in ("house", "address")
                )
        if kind not in ("boundary", "multipolygon"):
            continue
        boundary, level = get("boundary"), _whole_number(get("admin_level"))
        if boundary == "administrative":
            ways = _ways(relation)
            if level in DRAWN_LEVELS:
                for way in ways:
                    border_level[way] = min(level, border_level.get(way, level))
            if level in ADMIN_LEVELS and get("name"):
                areas.append(AreaRelation(relation.id, "admin", level, _kept(get), ways))
        elif boundary == "postal_code":
            areas.append(AreaRelation(relation.id, "postcode", None, _kept(get), _ways(relation)))
        elif kind == "multipolygon":
            tags = dict(relation.tags)
            if is_wanted(tags):
                areas.append(AreaRelation(relation.id, "other", None, tags, _ways(relation)))
    members = {way for area in areas for way in area.members} | border_level.keys()
    return Relations(tuple(areas), members, border_level, street_of)


def assemble(
    relations: Sequence[AreaRelation], lines: Mapping[int, bytes | None]
) -> tuple[list[Any], list[str]]:
    """
    Polygons of relations.

    Parameters
    ----------
    lines
        Points of the member ways that the file has; None for a way that misses nodes.

    Returns
    -------
    For each relation its Polygon or MultiPolygon, or None; and why not, empty where it is whole.
    """
    reasons = [_missing(relation, lines) for relation in relations]
    outlines: list[Any] = [None] * len(relations)
    for k, relation in enumerate(relations):
        if not reasons[k]:
            # A way listed twice would cancel itself out.
            ways = [lines[way] or b"" for way in dict.fromkeys(relation.members)]
            reasons[k] = _open_end(ways)
            if not reasons[k]:
                outlines[k] = shapely.multilinestrings(
                    shapely.linestrings(
                        np.concatenate([from_bytes(way) for way in ways]),
                        indices=np.repeat(np.arange(len(ways)), [len(way) // 16 for way in ways]),
                    )
                )
    shapes = list(shapely.build_area(np.array(outlines, dtype=object)))
    is_valid = shapely.is_valid(np.array(shapes, dtype=object))
    for k, shape in enumerate(shapes):
        if reasons[k]:
            shapes[k] = None
        elif not is_valid[k] or shape.is_empty:
            shapes[k], reasons[k] = _ring_by_ring(outlines[k])
    return shapes, reasons


def problem(relation: AreaRelation, reason: str) -> AreaProblem:
    """What is told of a relation that cannot be assembled."""
    name = relation.tags.get("name") or code_of(relation) or "without a name"
    return AreaProblem(
        relation.osm_type, relation.osm_id, relation.kind, relation.level, name, reason
    )


def code_of(relation: AreaRelation) -> str | None:
    """The postcode, or the official number of a municipality where the map has one."""
    get = relation.tags.get
    if relation.kind == "postcode":
        return get("postal_code") or get("ref") or get("name")
    return (
        get("de:amtlicher_gemeindeschluessel")
        or get("ref:INSEE")
        or get("ref:gss")
        or get("ISO3166-2")
        or get("ref")
    )


def population_of(text: str | None) -> int | None:
    """The number in `population`, however its thousands are set apart."""
    digits = "".join((text or "").split(";")[0].split("(")[0].split()).translate(_SEPARATORS)
    return int(digits) if digits.isdecimal() and len(digits) < 12 else None


_SEPARATORS = str.maketrans("", "", ",.'’")


@dataclass(frozen=True, slots=True, eq=False)
class AreaIndex:
    """
    Says in which areas points lie.

    Parameters
    ----------
    ids
        Of the rows.
    levels
        (n,) int64, of administration; 0 for a postcode.
    shapes
        (n,) of Polygon or MultiPolygon.
    order
        (n,) int64, positions by level, and by size from the largest down.
    """

    ids: NDArray[np.int64]
    levels: NDArray[np.int64]
    shapes: NDArray[np.object_]
    order: NDArray[np.int64]

    @classmethod
    def of(cls, ids: Sequence[int], levels: Sequence[int], shapes: Sequence[Any]) -> "AreaIndex":
        level = np.array(levels, dtype=np.int64)
        shape = np.empty(len(shapes), dtype=object)
        shape[:] = shapes
        size = shapely.area(shape)
        return cls(np.array(ids, dtype=np.int64), level, shape, np.lexsort((-size, level)))

    @property
    def admin_levels(self) -> tuple[int, ...]:
        """Those that there are."""
        return tuple(level for level in np.unique(self.levels).tolist() if level > 0)

    def innermost(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64], levels: Iterable[int]
    ) -> NDArray[np.int64]:
        """(k,) int64, id of the area of the highest of these levels around each point; 0: none."""
        found = np.zeros(len(lon), dtype=np.int64)
        wanted = self.order[np.isin(self.levels[self.order], list(levels))]
        if len(wanted) and len(lon):
            tree = shapely.STRtree(shapely.points(lon, lat))
            area, point = tree.query(self.shapes[wanted], predicate="intersects")
            # Larger areas first, so that the smaller ones within them have the last word.
            by_size = np.argsort(area, kind="stable")
            found[point[by_size]] = self.ids[wanted[area[by_size]]]
        return found


def _ways(relation: Any) -> tuple[int, ...]:
    return tuple(member.ref for member in relation.members if member.type == "w")


def _kept(get: Callable[[str], str | None]) -> dict[str, str]:
    return {key: value for key in KEPT_TAGS if (value := get(key)) is not None}


def _whole_number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None


def _missing(relation: AreaRelation, lines: Mapping[int, bytes | None]) -> str:
    absent = sum(way not in lines for way in relation.members)
    if absent == len(relation.members):
        return "None of its border is in the file."
    if absent:
        return (
            f"{absent} of {len(relation.members)} ways of its border are not in the file, "
            "which ends within it."
        )
    for way in relation.members:
        if lines[way] is None:
            return f"Way {way} of its border misses nodes, or has only one."
    return ""


def _open_end(ways: Sequence[bytes]) -> str:
    """Where a border ends instead of closing; points are compared bit by bit."""
    ends = Counter(end for way in ways for end in (way[:16], way[-16:]))
    for end, count in ends.items():
        if count % 2:
            lon, lat = from_bytes(end)[0].tolist()
            return f"Its border is open at {lon:.7f}, {lat:.7f}."
    return ""


def _ring_by_ring(outline: Any) -> tuple[Any, str]:
    """
    An area whose rings share edges, as a hole does that is drawn along the outer ring.

    Whatever lies in an odd number of rings is in it.
    """
    rings = shapely.get_parts(shapely.line_merge(outline))
    if not shapely.is_closed(rings).all() or (shapely.get_num_coordinates(rings) < 4).any():
        return None, "The ways of its border meet so that no ring can be told from another."
    polygons = np.array([shapely.Polygon(shapely.get_coordinates(ring)) for ring in rings])
    for polygon, is_valid in zip(polygons, shapely.is_valid(polygons), strict=True):
        if not is_valid:
            return None, f"Its border is no ring: {shapely.is_valid_reason(polygon)}."
    shape = reduce(shapely.symmetric_difference, polygons)
    if shape.geom_type not in ("Polygon", "MultiPolygon") or shape.is_empty:
        return None, "Its border encloses nothing."
    return shape, ""


def write_areas(
    connection: sqlite3.Connection, relations: Sequence[AreaRelation], shapes: Sequence[Any]
) -> AreaIndex:
    """Number and write areas, the largest first, each with the smallest of a lower level."""
    level = [relation.level or 0 for relation in relations]
    index = AreaIndex.of(range(1, len(shapes) + 1), level, shapes)
    inside = shapely.point_on_surface(index.shapes)
    lon, lat = shapely.get_x(inside), shapely.get_y(inside)
    parent = np.zeros(len(shapes), dtype=np.int64)
    for own in sorted(set(level)):
        here = np.flatnonzero(index.levels == own)
        above = [other for other in index.admin_levels if other < own or own == 0]
        parent[here] = index.innermost(lon[here], lat[here], above)
    insert(
        connection,
        "area",
        (
            (
                k + 1,
                relation.osm_type,
                relation.osm_id,
                relation.kind,
                relation.level,
                relation.tags.get("name") or code_of(relation),
                code_of(relation),
                population_of(relation.tags.get("population")),
                int(parent[k]) or None,
                round(float(lon[k]), 7),
                round(float(lat[k]), 7),
                shapely.to_wkb(shapes[k]),
            )
            for k, relation in enumerate(relations)
        ),
    )
    return index
