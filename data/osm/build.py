"""Builds the folder of a map from an extract, all of it or nothing."""

import errno
import hashlib
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from data.errors import InvalidExtractError, InvalidRoadMapError, MapFolderError
from data.geocoding.address_build import build_address_index
from data.osm.extract import check_extract, hash_extract
from data.osm.graph.compile import compile_roads
from data.osm.map_folder import MAP_FORMAT, MapMeta, file_sizes, is_map, write_meta, write_roads
from data.osm.meter import Meter
from data.osm.reading.profile import CAR, Profile
from data.osm.reading.read_roads import read_roads
from data.osm.rest import write_rest
from data.osm.staging import staged
from data.progress import Progress
from data.samples.germany import MAP_NAME as SHIPPED_MAP
from routing.roads.hierarchy import Hierarchy, build_hierarchy
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import DEGREES_PER_UNIT, NO_SEGMENT, RoadSegments

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(slots=True)
class _Found:
    """What the parts of a build have to say for `MapMeta`."""

    counts: dict[str, int] = field(default_factory=dict)
    report: dict[str, dict[str, int]] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    bbox: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


def build_map(
    path: Path,
    name: str,
    maps_dir: Path,
    profile: Profile = CAR,
    progress: Progress | None = None,
    *,
    built_at: datetime,
    roads_only: bool = False,
) -> MapMeta:
    """
    Make the map of an extract, or make it anew.

    A map of this name stays in use until the new one is whole, and stays if that fails.

    Parameters
    ----------
    path
        An `.osm.pbf` file.
    name
        Of the map: the name of its folder in `maps_dir`.
    profile
        The vehicle.
    progress
        Told about every part.
    built_at
        Now, with its zone.
    roads_only
        Leave out addresses, places, areas and the basemap.

    Raises
    ------
    InvalidExtractError
        When the file is no extract, is damaged, or has no roads.
    InvalidRoadMapError
        When the name cannot be one, or the roads form no network.
    MapFolderError
        When the map cannot be written.
    """
    tell = progress or (lambda stage, done, total: None)
    _check_name(name, maps_dir)
    check_extract(path)
    before = path.stat()
    meter, found = Meter(before.st_size), _Found()
    with _telling_why(maps_dir, path), staged(maps_dir, name) as made:
        with meter.part("Checking the file"):
            tell("Checking the file", 0, 0)
            sha256 = hash_extract(path)
        _build_roads(path, made, profile, meter, found, tell)
        if not roads_only:
            with meter.part("Addresses, places and the basemap"):
                _build_rest(path, made, found, tell)
            with meter.part("Index of addresses"):
                tell("Index of addresses", 0, 0)
                found.counts |= build_address_index(made)
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise InvalidExtractError(
                f"{path.name} changed while it was read. Build again when it is complete."
            )
        meta = MapMeta(
            name=name,
            version=map_version(sha256, profile),
            profile=profile.name,
            source_file=path.name,
            source_bytes=before.st_size,
            source_sha256=sha256,
            built_at=built_at.astimezone(UTC).isoformat(timespec="seconds"),
            bbox=found.bbox,
            kinds=found.kinds,
            counts=found.counts,
            report=found.report,
            parts=tuple(meter.parts),
            software={package: version(package) for package in ("osmium", "numpy")},
            files=file_sizes(made),
        )
        write_meta(made, meta)
    return meta


def map_version(source_sha256: str, profile: Profile) -> str:
    """Sixteen hexadecimal digits: the same extract, profile and format give the same."""
    text = f"{MAP_FORMAT} {source_sha256} {profile}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def name_of_extract(path: Path) -> str:
    """A name for the map of a file: that of the file, without what is no letter or digit."""
    stem = re.sub(r"(\.osm)?(\.pbf)?$", "", path.name.lower())
    return re.sub(r"[^a-z0-9._-]+", "-", stem).strip(".-_")[:64] or "map"


def _check_name(name: str, maps_dir: Path) -> None:
    if not _NAME.fullmatch(name):
        raise InvalidRoadMapError(
            f"{name!r} cannot be the name of a map: up to 64 small letters, digits, dots, "
            "dashes and underscores, the first a letter or digit. Give one with --name."
        )
    if name == SHIPPED_MAP:
        raise InvalidRoadMapError(
            f"{SHIPPED_MAP!r} is the map that is shipped. Give another name with --name."
        )
    folder = maps_dir / name
    if folder.exists() and not is_map(folder):
        raise InvalidRoadMapError(
            f"{folder} exists and is no map. Give another name with --name, or remove it."
        )


def _build_roads(
    path: Path, made: Path, profile: Profile, meter: Meter, found: _Found, tell: Progress
) -> None:
    with meter.part("Reading roads"):
        raw = read_roads(path, profile, tell)
    found.report["reading"] = dict(raw.report)
    compiling: dict[str, int] = {}
    with meter.part("Finding junctions"):
        tell("Finding junctions", 0, 0)
        graph, segments = compile_roads(raw, profile, compiling)
    found.report["compiling"] = compiling
    del raw
    with meter.part("Ordering the road network"):
        hierarchy = build_hierarchy(
            graph, lambda done, total: tell("Ordering the road network", done, total)
        )
    with meter.part("Writing roads"):
        tell("Writing roads", 0, 0)
        write_roads(made, graph, segments, hierarchy)
    _describe(graph, segments, hierarchy, found)


def _describe(
    graph: RoadGraph, segments: RoadSegments, hierarchy: Hierarchy, found: _Found
) -> None:
    length_m = graph.arc_length_m[segments.arc.max(axis=1)].sum(dtype=np.int64)
    found.counts = {
        "junctions": len(np.unique(graph.node_lon + 1j * graph.node_lat)),
        "kilometres": round(int(length_m) / 1000),
        "segments": len(segments),
        "points": len(segments.point_lon),
        "names": len(segments.names),
        "nodes": graph.node_count,
        "arcs": graph.arc_count,
        "turns": int((segments.arc_segment == NO_SEGMENT).sum()),
        "edges": hierarchy.edge_count,
    }
    found.kinds = graph.kinds
    lon, lat = segments.point_lon, segments.point_lat
    west, south, east, north = (
        float(round(int(value) * DEGREES_PER_UNIT, 7))
        for value in (lon.min(), lat.min(), lon.max(), lat.max())
    )
    found.bbox = west, south, east, north


def _build_rest(path: Path, made: Path, found: _Found, tell: Progress) -> None:
    try:
        rest = write_rest(path, made, tell)
    except RuntimeError as error:
        # What osmium raises for damage that a look at the roads did not meet.
        raise InvalidExtractError(f"{path.name} is damaged: {error}. Download it again.") from error
    found.counts |= rest.counts
    found.report["rest"] = dict(rest.left_out)
    if rest.problems:
        found.report["rest"]["Areas of which the extract holds only a part."] = len(rest.problems)


@contextmanager
def _telling_why(maps_dir: Path, path: Path) -> Iterator[None]:
    """What the system says of a disk, in words that help."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_FULL:
            raise
        raise _no_room(maps_dir, path) from error
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _no_room(maps_dir, path) from error
        if error.filename == str(path):
            raise InvalidExtractError(f"{path} cannot be read: {error.strerror}.") from error
        raise MapFolderError(
            f"The map cannot be written to {maps_dir}: {error.strerror or error}. Check its "
            "permissions and the disk."
        ) from error


def _no_room(maps_dir: Path, path: Path) -> MapFolderError:
    free_mb = shutil.disk_usage(maps_dir).free / 1e6
    return MapFolderError(
        f"There is no room left in {maps_dir} for the map of {path.name}: {free_mb:,.0f} MB are "
        "free. Make room, or name another folder with --maps-dir. Nothing was changed."
    )
