"""
Opens road maps: a packed file of roads, the speed rule, and the hierarchy built from it once.

The hierarchy lies in a folder of `.npy` files that are mapped into memory, so that processes on
one machine share it. Its name carries a hash of the roads; changed roads get a new folder.
"""

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.errors import InvalidRoadMapError
from data.progress import Progress
from routing.errors import InvalidRoadGraphError
from routing.roads.contraction_engine import ContractionEngine
from routing.roads.hierarchy import Hierarchy, build_hierarchy
from routing.roads.road_graph import RoadGraph

SPEED_KMH = {"highway": 102.0, "local": 55.0, "access": 55.0}
"""Speed on every kind of road, in the order of the values in the file. Calibrated on the way times
of 90 pairs of German cities, see `docs/roads.md`."""

HIERARCHY_FORMAT = 1
"""Raised when the meaning of the stored arrays changes, so that older folders are not used."""

_UNREADABLE = (OSError, EOFError, ValueError, zipfile.BadZipFile)
"""What numpy raises for files that are missing, cut short or something else."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadMap:
    """
    Roads that are ready to be asked.

    Parameters
    ----------
    graph
        Junctions and arcs, with the times of the speed rule.
    engine
        Fastest ways on them.
    name
        Of the map.
    version
        Hash of the roads and the speed rule: the same version gives the same answers.
    """

    graph: RoadGraph
    engine: ContractionEngine
    name: str
    version: str


def open_road_map(path: Path, cache_dir: Path, progress: Progress | None = None) -> RoadMap:
    """
    Read a packed file of roads and open its hierarchy, which is built the first time.

    Parameters
    ----------
    path
        An `.npz` file with two-way roads: lon_e5 and lat_e5 (n,) of the junctions in 1e-5 degrees;
        edge_tail, edge_head, edge_length_m and edge_kind (m,), the latter an index into the keys of
        `SPEED_KMH`. The folder it lies in bears the name of the map.
    cache_dir
        Where hierarchies are kept, one folder for each version of each map. An interrupted build
        leaves nothing there that would be used.
    progress
        Told about the build.

    Raises
    ------
    InvalidRoadMapError
        When the file cannot be read or its arrays contradict each other.
    """
    try:
        content = path.read_bytes()
        graph = _read_graph(content)
    except (*_UNREADABLE, KeyError, InvalidRoadGraphError) as error:
        raise InvalidRoadMapError(f"The roads in {path} cannot be used: {error}") from error
    rule = f"{HIERARCHY_FORMAT} {SPEED_KMH}".encode()
    version = hashlib.sha256(rule + content).hexdigest()[:16]
    name = path.resolve().parent.name
    hierarchy = _open_hierarchy(graph, cache_dir / f"{name}-{version}", progress)
    return RoadMap(graph, ContractionEngine(graph, hierarchy), name, version)


def _read_graph(content: bytes) -> RoadGraph:
    with np.load(io.BytesIO(content)) as file:
        tail, head = file["edge_tail"], file["edge_head"]
        length_m, kind = file["edge_length_m"].astype(np.int64), file["edge_kind"]
        lon, lat = file["lon_e5"] / 1e5, file["lat_e5"] / 1e5
    if len(kind) and int(kind.max()) >= len(SPEED_KMH):
        raise InvalidRoadGraphError(f"There is no speed for roads of kind {int(kind.max())}.")
    duration_ms = _duration_ms(length_m, np.array(list(SPEED_KMH.values()))[kind])
    return RoadGraph(
        node_lon=lon,
        node_lat=lat,
        arc_tail=np.concatenate((tail, head)).astype(np.int32),
        arc_head=np.concatenate((head, tail)).astype(np.int32),
        arc_duration_ms=np.tile(duration_ms, 2),
        arc_length_m=np.tile(length_m.astype(np.int32), 2),
        arc_kind=np.tile(kind, 2),
        kinds=tuple(SPEED_KMH),
    )


def _duration_ms(length_m: NDArray[np.int64], speed_kmh: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.maximum(1, np.rint(length_m / speed_kmh * 3600)).astype(np.int32)


def _open_hierarchy(graph: RoadGraph, folder: Path, progress: Progress | None) -> Hierarchy:
    stored = _load(graph, folder)
    if stored is not None:
        return stored
    report = progress or (lambda stage, done, total: None)
    hierarchy = build_hierarchy(
        graph, lambda done, total: report("Ordering the road network", done, total)
    )
    _save(graph, hierarchy, folder)
    return hierarchy


def _load(graph: RoadGraph, folder: Path) -> Hierarchy | None:
    """The hierarchy in a folder, or None if it is missing or damaged."""
    try:
        hierarchy = Hierarchy(
            **{name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in Hierarchy.__slots__}
        )
        hierarchy.check_belongs_to(graph)
    except (*_UNREADABLE, InvalidRoadGraphError):
        return None
    return hierarchy


def _save(graph: RoadGraph, hierarchy: Hierarchy, folder: Path) -> None:
    """Write all arrays beside the folder and give them its name once they are whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as parent:
        made = Path(parent) / folder.name
        made.mkdir()
        for name in Hierarchy.__slots__:
            np.save(made / f"{name}.npy", getattr(hierarchy, name))
        if folder.exists() and _load(graph, folder) is None:
            shutil.rmtree(folder)  # damaged, for instance by a full disk
        try:
            os.rename(made, folder)
        except OSError:
            # Another process was faster, and its folder holds the same.
            if not folder.exists():
                raise
