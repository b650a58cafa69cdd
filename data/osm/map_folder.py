"""
The folder of a map: what is in it, how it is written, and how it is opened.

`meta.json` is written last and names every other file with its size. A folder without it is no map.
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import InvalidRoadMapError
from data.osm.text_table import TextTable, text_arrays
from routing.errors import InvalidRoadGraphError
from routing.roads.contraction_engine import ContractionEngine
from routing.roads.hierarchy import STORED_ARRAYS, Hierarchy, Metric, customise
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import RoadSegments
from routing.roads.segment_index import SegmentIndex, build_segment_index

MAP_FORMAT = 4
"""Raised when the meaning of the files changes, so that older folders are built anew."""

META_FILE = "meta.json"

_GRAPH_ARRAYS = tuple(name for name in RoadGraph.__slots__ if name != "kinds")
_SEGMENT_ARRAYS = tuple(name for name in RoadSegments.__slots__ if name != "names")
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError)
_BUILD_ANEW = "Build it anew: python -m data.osm build FILE.osm.pbf"


@dataclass(frozen=True, slots=True)
class BuildPart:
    """
    One part of a build and what it took.

    Parameters
    ----------
    cpu_s
        Of all threads.
    elapsed_s
        By the clock.
    mb_per_s
        Megabytes of the extract by `cpu_s`.
    peak_mb
        Most memory of the process during this part.
    """

    name: str
    cpu_s: float
    elapsed_s: float
    mb_per_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class MapMeta:
    """
    What a map is and where it comes from.

    Parameters
    ----------
    name
        Of the map and its folder.
    version
        Hash of the extract, the profile and the format: the same version gives the same answers.
    profile
        Name of the profile.
    source_file, source_bytes, source_sha256
        The extract.
    built_at
        ISO 8601, UTC.
    bbox
        West, south, east, north of the roads, degrees.
    kinds
        Of road, by number.
    counts
        Junctions, kilometres and the like.
    report
        What was left out or changed, counted by a sentence that names it, for each part.
    parts
        What the build took.
    software
        Versions of what made the files.
    files
        Bytes of each other file in the folder.
    format
        See `MAP_FORMAT`.
    """

    name: str
    version: str
    profile: str
    source_file: str
    source_bytes: int
    source_sha256: str
    built_at: str
    bbox: tuple[float, float, float, float]
    kinds: tuple[str, ...]
    counts: Mapping[str, int]
    report: Mapping[str, Mapping[str, int]]
    parts: tuple[BuildPart, ...]
    software: Mapping[str, str]
    files: Mapping[str, int] = field(default_factory=dict)
    format: int = MAP_FORMAT

    @property
    def total_bytes(self) -> int:
        return sum(self.files.values())


@dataclass(frozen=True, slots=True, eq=False)
class StreetMap:
    """
    A map that is ready to be asked. Its arrays lie in files that processes share.

    Parameters
    ----------
    name, version
        As in `meta`.
    """

    name: str
    version: str
    meta: MapMeta
    graph: RoadGraph
    segments: RoadSegments
    hierarchy: Hierarchy
    segment_index: SegmentIndex
    metric: Metric

    def engine(self) -> ContractionEngine:
        """Fastest ways on the map."""
        return ContractionEngine(
            self.graph, self.hierarchy, self.segments, self.segment_index, metric=self.metric
        )


def write_roads(
    folder: Path, graph: RoadGraph, segments: RoadSegments, hierarchy: Hierarchy
) -> None:
    """
    Write all arrays, with an index of the segments and the base metric, below a folder.

    Raises
    ------
    InvalidRoadGraphError
        When there is no road where one may stop.
    """
    index = build_segment_index(segments)
    roads = folder / "roads"
    first_byte, utf8 = text_arrays(segments.names)
    arrays = {
        **{f"graph_{name}": getattr(graph, name) for name in _GRAPH_ARRAYS},
        **{f"segment_{name}": getattr(segments, name) for name in _SEGMENT_ARRAYS},
        "name_first_byte": first_byte,
        "name_utf8": utf8,
    }
    roads.mkdir()
    for name, array in arrays.items():
        _write_array(roads / f"{name}.npy", array)
    for part, names, made in (
        ("hierarchy", Hierarchy.__slots__, hierarchy),
        ("index", SegmentIndex.__slots__, index),
        ("metric", STORED_ARRAYS, customise(hierarchy, graph)),
    ):
        (folder / part).mkdir()
        for name in names:
            _write_array(folder / part / f"{name}.npy", getattr(made, name))


def write_meta(folder: Path, meta: MapMeta) -> None:
    """Write the last file. `files` must name all others, see `file_sizes`."""
    text = json.dumps(asdict(meta), indent=1, ensure_ascii=False)
    with (folder / META_FILE).open("w", encoding="utf-8") as file:
        file.write(f"{text}\n")
        file.flush()
        os.fsync(file.fileno())


def file_sizes(folder: Path) -> dict[str, int]:
    """Bytes of every file in a folder but `meta.json`, by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != META_FILE
    }


def is_map(folder: Path) -> bool:
    """Whether a folder holds a map, whole or not: other folders lie beside them."""
    return not folder.name.startswith(".") and (folder / META_FILE).is_file()


def existing_map(maps_dir: Path, name: str) -> Path:
    """
    The folder of a map by its name.

    Raises
    ------
    InvalidRoadMapError
        When there is none. A path to a map elsewhere is no name.
    """
    folder = maps_dir / name
    if folder.name != name or not is_map(folder):
        raise InvalidRoadMapError(
            f"There is no map {name!r} in {maps_dir}. `python -m data.osm list` names those there "
            "are; `build` makes one."
        )
    return folder


def read_meta(folder: Path) -> MapMeta:
    """
    What a map is, without opening it.

    Raises
    ------
    InvalidRoadMapError
        When there is no map, or it cannot be used, with what to do.
    """
    existing_map(folder.parent, folder.name)
    try:
        values = json.loads((folder / META_FILE).read_text(encoding="utf-8"))
        if values["format"] != MAP_FORMAT:
            raise InvalidRoadMapError(
                f"The map {folder.name!r} has format {values['format']}; this version of the "
                f"program reads {MAP_FORMAT}. {_BUILD_ANEW}"
            )
        values["parts"] = tuple(BuildPart(**part) for part in values["parts"])
        values["bbox"], values["kinds"] = tuple(values["bbox"]), tuple(values["kinds"])
        return MapMeta(**values)
    except _UNREADABLE as error:
        raise _damaged(folder, f"{META_FILE} cannot be read ({error})") from error


def open_street_map(folder: Path) -> StreetMap:
    """
    Open a map.

    Raises
    ------
    InvalidRoadMapError
        When there is no map in the folder, a file of it is missing or cut, or its parts do not
        belong together; with what to do.
    """
    meta = read_meta(folder)
    for name, size in meta.files.items():
        try:
            found = (folder / name).stat().st_size
        except OSError as error:
            raise _damaged(folder, f"{name} is missing") from error
        if found != size:
            raise _damaged(folder, f"{name} has {found} bytes instead of {size}")
    try:
        graph, segments = _read_roads(folder / "roads", meta.kinds)
        hierarchy = Hierarchy(**_arrays(folder / "hierarchy", Hierarchy.__slots__))
        index = SegmentIndex(**_arrays(folder / "index", SegmentIndex.__slots__))
        metric = Metric(hierarchy, **_arrays(folder / "metric", STORED_ARRAYS))
        segments.check_belongs_to(graph)
        hierarchy.check_belongs_to(graph)
        index.check_belongs_to(segments)
        metric.check_belongs_to(graph)
    except (*_UNREADABLE, InvalidRoadGraphError) as error:
        raise _damaged(folder, str(error)) from error
    return StreetMap(meta.name, meta.version, meta, graph, segments, hierarchy, index, metric)


def list_maps(maps_dir: Path) -> list[Path]:
    """Folders of maps by name."""
    if not maps_dir.is_dir():
        return []
    return sorted(folder for folder in maps_dir.iterdir() if is_map(folder))


def _read_roads(folder: Path, kinds: tuple[str, ...]) -> tuple[RoadGraph, RoadSegments]:
    graph = RoadGraph(
        **{name: _array(folder, f"graph_{name}") for name in _GRAPH_ARRAYS}, kinds=kinds
    )
    names = TextTable(_array(folder, "name_first_byte"), _array(folder, "name_utf8"))
    arrays = {name: _array(folder, f"segment_{name}") for name in _SEGMENT_ARRAYS}
    return graph, RoadSegments(**arrays, names=names)


def _arrays(folder: Path, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    return {name: _array(folder, name) for name in names}


def _array(folder: Path, name: str) -> NDArray[Any]:
    path = folder / f"{name}.npy"
    if path.stat().st_size <= 128:
        # An empty file cannot be mapped; nor is there any gain.
        return np.load(path, allow_pickle=False)
    # A plain array over the same memory: compiled code takes no subclasses such as memmap.
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _write_array(path: Path, array: NDArray[Any]) -> None:
    """Like numpy, which however does not say why it could not write: of a full disk, for one."""
    array = np.ascontiguousarray(array)
    header = np.lib.format.header_data_from_array_1_0(array)
    with path.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, header)
        file.write(array.data.cast("B") if array.size else b"")
        file.flush()
        os.fsync(file.fileno())


def _damaged(folder: Path, what: str) -> InvalidRoadMapError:
    return InvalidRoadMapError(
        f"The map {folder.name!r} in {folder.parent} is damaged: {what}. {_BUILD_ANEW}"
    )
