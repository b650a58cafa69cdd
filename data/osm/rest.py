"""
Everything of an extract but its roads: addresses, streets, places, points of interest, areas and
the basemap, from one pass over its relations and one over its nodes and ways.

Objects are written in batches, so memory grows with what the batch holds, the ways that areas are
made of, and the numbers that make up streets; not with the nodes of the file.
"""

import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
import shapely

from data.osm.basemap import features
from data.osm.basemap.features import BasemapRows
from data.osm.basemap.layers import border_look, line_look, place_look, surface_look
from data.osm.extract import pbf_file
from data.osm.places import place_store
from data.osm.places.addresses import AddressRows, Get, has_address
from data.osm.places.areas import (
    ADMIN_LEVELS,
    KEPT_TAGS,
    AreaIndex,
    AreaRelation,
    Relations,
    assemble,
    code_of,
    problem,
    read_relations,
    write_areas,
)
from data.osm.places.place_store import AreaProblem, insert
from data.osm.places.points_of_interest import KEYS as POINT_KEYS
from data.osm.places.points_of_interest import PointRows, kind_of
from data.osm.places.settlements import NOT_STREETS, PlaceRows, StreetRows, write_postcodes
from data.osm.way_lines import decode, pieces, to_bytes, whole_line
from data.progress import Progress

BATCH_WAYS = 30_000
"""Ways between two writes. More of them take more memory and no less time."""

BATCH_AREAS = 2_000

LOCATIONS_IN_MEMORY_BYTES = 400_000_000
"""Of a larger file, the positions of nodes are kept in a file beside the result. They take 16 bytes
for each node: for a country of 4 GB some 7 GB, which the system may drop from memory and read
again."""

STAGES = 5


@dataclass(frozen=True, slots=True)
class RestReport:
    """
    What was found.

    Parameters
    ----------
    counts
        Rows by table.
    problems
        Areas that the file names but does not hold whole. `kind` is `other` for land use and the
        like, which are left out of the basemap.
    left_out
        What else could not be used, counted by a sentence that names it.
    seconds
        By the clock.
    """

    counts: Mapping[str, int]
    problems: tuple[AreaProblem, ...]
    left_out: Mapping[str, int]
    seconds: float


def write_rest(path: Path, folder: Path, progress: Progress | None = None) -> RestReport:
    """
    Write `places.sqlite` and `basemap.sqlite` of an extract into a folder.

    Parameters
    ----------
    folder
        Exists and holds neither.
    progress
        Told about the stages.

    Raises
    ------
    RuntimeError, OSError
        When the extract cannot be read.
    sqlite3.OperationalError
        When the disk is full. What is in the folder then is of no use.
    """
    started = time.perf_counter()
    report = progress or (lambda stage, done, total: None)
    report("Reading relations", 0, STAGES)
    relations = read_relations(path, _is_wanted)
    connection = place_store.create(folder / place_store.FILE, place_store.TABLES)
    drawing = place_store.create(folder / features.FILE, features.TABLES)
    try:
        reader = _Reader(relations, connection, BasemapRows(drawing))
        report("Reading addresses, places and the basemap", 1, STAGES)
        _read(path, folder, reader)
        report("Putting areas together", 2, STAGES)
        reader.finish_areas()
        report("Finding what lies where", 3, STAGES)
        reader.finish_places()
        report("Drawing the basemap", 4, STAGES)
        drawn = reader.finish_basemap()
        connection.execute("commit")
        drawing.execute("commit")
        counts = {
            table: connection.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
            for table in place_store.TABLES
            if table != "meta"
        } | drawn
    finally:
        connection.close()
        drawing.close()
    report("Drawing the basemap", STAGES, STAGES)
    return RestReport(
        counts, tuple(reader.problems), reader.left_out(), time.perf_counter() - started
    )


def _read(path: Path, folder: Path, reader: "_Reader") -> None:
    locations = folder / "node_locations.tmp"
    storage = "flex_mem"
    if path.stat().st_size > LOCATIONS_IN_MEMORY_BYTES:
        storage = f"sparse_file_array,{locations}"
    keys = ("place", "addr:housenumber", "addr:housename", *POINT_KEYS)
    of_use: Any = osmium.filter.KeyFilter(*keys)
    entity: Any
    try:
        for entity in (
            osmium.FileProcessor(pbf_file(path), osmium.osm.NODE | osmium.osm.WAY)
            .with_locations(storage)
            .with_filter(of_use.enable_for(osmium.osm.NODE))
        ):
            if entity.is_way():
                reader.take_way(entity)
            else:
                reader.take_node(entity)
        reader.flush()
    finally:
        locations.unlink(missing_ok=True)


def _is_wanted(tags: Mapping[str, str]) -> bool:
    """Whether an area of several ways is a place, a business, an address, or drawn."""
    get = tags.get
    return (
        surface_look(get) is not None
        or has_address(get)
        or "place" in tags
        or kind_of(get) is not None
    )


class _Reader:
    """Hands each object to whoever collects such."""

    def __init__(
        self, relations: Relations, connection: sqlite3.Connection, drawing: BasemapRows
    ) -> None:
        self._relations = relations
        self._connection = connection
        self._drawing = drawing
        self._members: dict[int, bytes | None] = {}
        self._borders: list[tuple[AreaRelation, str]] = []
        self._addresses = AddressRows(relations.street_of)
        self._places = PlaceRows()
        self._points = PointRows()
        self._streets = StreetRows()
        self._index = AreaIndex.of((), (), ())
        self._pending = 0
        self._incomplete = 0
        self.problems: list[AreaProblem] = []

    def take_node(self, node: Any) -> None:
        get: Get = node.tags.get
        lon, lat = node.lon, node.lat
        if get("place") is not None:
            self._places.add("n", node.id, get, lon, lat)
        if has_address(get):
            self._addresses.add("n", node.id, get, lon, lat)
        self._points.add("n", node.id, get, lon, lat)

    def take_way(self, way: Any) -> None:
        get: Get = way.tags.get
        line = whole_line(way)
        if way.id in self._relations.members:
            self._members[way.id] = None if line is None else to_bytes(line)
        if get("addr:interpolation") is not None:
            self._addresses.add_interpolation(way, get)
        look = line_look(get)
        border = self._relations.border_level.get(way.id)
        lines = (line,) if line is not None else tuple(pieces(way))
        for piece in lines:
            if look is not None:
                self._drawing.add_line(look, piece)
            if border is not None:
                self._drawing.add_line(border_look(border), piece)
        highway, name = get("highway"), get("name")
        if name is not None and highway is not None and highway not in NOT_STREETS:
            for piece in lines:
                self._streets.add(get, name, piece)
        if line is None:
            self._incomplete += 1
        elif look is None and way.is_closed():
            surface = surface_look(get)
            if surface is not None:
                self._drawing.add_surface(surface, line)
            if has_address(get):
                self._addresses.add_way(way.id, get, line)
            self._points.add_way(way.id, get, line)
            if get("place") is not None:
                shape = shapely.Polygon(decode([line])[0])
                self._places.add("w", way.id, get, shape.centroid.x, shape.centroid.y)
            if get("boundary") is not None and way.id not in self._members:
                self._take_border(way.id, get, line)
        self._pending += 1
        if self._pending >= BATCH_WAYS:
            self.flush()

    def flush(self) -> None:
        self._addresses.flush(self._connection)
        self._points.flush(self._connection)
        if self._streets.lines:
            self._streets.flush(*decode(self._streets.lines))
        self._drawing.flush()
        self._pending = 0

    def finish_areas(self) -> None:
        """Assemble all areas; write those that are borders, and use the others for their tags."""
        relations = list(self._relations.areas)
        borders = [
            (relation, shapely.Polygon(decode([line])[0])) for relation, line in self._borders
        ]
        for first in range(0, len(relations), BATCH_AREAS):
            batch = relations[first : first + BATCH_AREAS]
            for relation, shape, reason in zip(batch, *assemble(batch, self._members), strict=True):
                if reason:
                    self.problems.append(problem(relation, reason))
                elif relation.kind == "other":
                    self._take_area(relation, shape)
                else:
                    borders.append((relation, shape))
            self.flush()
        self._members = {}
        insert(
            self._connection,
            "area_problem",
            (
                (None, p.osm_type, p.osm_id, p.kind, p.level, p.name, p.reason)
                for p in self.problems
            ),
        )
        self._index = write_areas(
            self._connection, [one for one, _ in borders], [shape for _, shape in borders]
        )

    def finish_places(self) -> None:
        """Write what needs to know where the areas are."""
        self.flush()
        self._addresses.finish(self._connection)
        self._places.finish(self._connection, self._index)
        self._streets.finish(self._connection, self._index)
        for table in ("address", "point_of_interest"):
            _locate(self._connection, table, self._index)
        write_postcodes(
            self._connection,
            self._connection.execute(
                "select area.id, area.code, parent.name, area.lon, area.lat from area "
                "left join area as parent on parent.id = area.parent_id "
                "where area.kind = 'postcode' and area.code is not null order by area.id"
            ).fetchall(),
        )

    def finish_basemap(self) -> dict[str, int]:
        """Draw the names of settlements, and what needs the whole file."""
        for kind, name, population, lon, lat in self._connection.execute(
            "select kind, name, population, lon, lat from place order by id"
        ):
            look = place_look(kind, name, population)
            if look is not None:
                self._drawing.add_place(look, population, lon, lat)
        return self._drawing.finish()

    def left_out(self) -> dict[str, int]:
        said = {
            "ways that miss nodes, since the extract ends there": self._incomplete,
            "interpolated addresses without a number at both ends, or without digits": (
                self._addresses.unusable_interpolations
            ),
        }
        return {sentence: count for sentence, count in said.items() if count}

    def _take_border(self, way_id: int, get: Get, line: str) -> None:
        level = get("admin_level") or ""
        tags = {key: value for key in KEPT_TAGS if (value := get(key)) is not None}
        kind = {"administrative": "admin", "postal_code": "postcode"}.get(get("boundary") or "")
        number = int(level) if kind == "admin" and level.isdecimal() else None
        relation = AreaRelation(way_id, kind or "", number, tags, (way_id,), "w")
        is_area = kind == "postcode" or number in ADMIN_LEVELS
        if kind and is_area and (tags.get("name") or code_of(relation)):
            self._borders.append((relation, line))

    def _take_area(self, relation: AreaRelation, shape: Any) -> None:
        get, middle = relation.tags.get, shape.centroid
        lon, lat = round(middle.x, 7), round(middle.y, 7)
        surface = surface_look(get)
        if surface is not None:
            self._drawing.add_shape(surface, shape)
        if has_address(get):
            self._addresses.add("r", relation.osm_id, get, lon, lat)
        if get("place") is not None:
            self._places.add("r", relation.osm_id, get, lon, lat)
        self._points.add("r", relation.osm_id, get, lon, lat)


def _locate(
    connection: sqlite3.Connection, table: str, index: AreaIndex, batch: int = 200_000
) -> None:
    """Fill in the innermost area, and the postcode where only an area tells it."""
    first = 0
    while rows := connection.execute(
        f"select id, lon, lat, postcode is null from {table} "  # noqa: S608
        "where id > ? order by id limit ?",
        (first, batch),
    ).fetchall():
        first = rows[-1][0]
        ids, lon, lat, lacks_code = (np.array(column) for column in zip(*rows, strict=True))
        area = index.innermost(lon, lat, index.admin_levels)
        known = area > 0
        connection.executemany(
            f"update {table} set area_id = ? where id = ?",  # noqa: S608
            zip(area[known].tolist(), ids[known].tolist(), strict=True),
        )
        lacking = np.flatnonzero(lacks_code)
        code_area = index.innermost(lon[lacking], lat[lacking], (0,))
        coded = code_area > 0
        connection.executemany(
            f"update {table} set postcode = (select code from area where id = ?) where id = ?",  # noqa: S608
            zip(code_area[coded].tolist(), ids[lacking[coded]].tolist(), strict=True),
        )
