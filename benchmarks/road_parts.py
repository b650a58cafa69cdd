"""
The parts of `benchmarks.roads`, each of which runs in a process of its own.

    python -m benchmarks.road_parts read '{"extract": "porto.osm.pbf"}'

A part prints its figures as one JSON object. Seconds are CPU seconds of the process, compiled code
being loaded; peaks are the most memory of the process while that part ran.
"""

import json
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.road_tiles import is_strongly_connected, make_tiles
from data.osm.build import map_version
from data.osm.extract import hash_extract
from data.osm.graph.compile import compile_roads
from data.osm.map_folder import (
    MapMeta,
    file_sizes,
    open_street_map,
    write_meta,
    write_roads,
)
from data.osm.meter import Meter
from data.osm.reading.profile import CAR
from data.osm.reading.read_roads import read_roads
from data.osm.rest import write_rest
from routing.roads.contraction_engine import ContractionEngine
from routing.roads.engine import SnappedPlaces, TravelMatrix
from routing.roads.hierarchy import build_hierarchy
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import DEGREES_PER_UNIT, RoadSegments
from routing.roads.scipy_engine import ScipyEngine

Figures = dict[str, Any]

PLACES = 500
ACCOUNTS = 24_000
CITIES = 2
PATHS = 200
CHECKED_ROWS = 10
NOISE_M = 30.0
"""Places lie beside their roads, as addresses do."""


def read(extract: str, repeats: int = 3) -> Figures:
    """The road part of a build: reading, finding junctions, ordering, writing."""
    path = Path(extract)
    build_hierarchy(compile_roads(read_roads(path, CAR), CAR)[0])  # loads the compiled code
    parts: dict[str, list[float]] = {}
    peaks: dict[str, float] = {}
    for _ in range(repeats):
        meter = Meter(path.stat().st_size)
        with meter.part("read"):
            raw = read_roads(path, CAR)
        with meter.part("compile"):
            graph, segments = compile_roads(raw, CAR)
        nodes = len(raw.node_id)
        del raw
        with meter.part("order"):
            hierarchy = build_hierarchy(graph)
        with tempfile.TemporaryDirectory() as folder, meter.part("write"):
            write_roads(Path(folder), graph, segments, hierarchy)
        for part in meter.parts:
            parts.setdefault(part.name, []).append(part.cpu_s)
            peaks[part.name] = max(peaks.get(part.name, 0.0), part.peak_mb)
    return {
        "mb": path.stat().st_size / 1e6,
        "bytes_per_node": _allocated_peak(path) / nodes,
        "nodes": nodes,
        "junctions": junctions_of(graph),
        **{f"{name}_s": min(seconds) for name, seconds in parts.items()},
        **{f"{name}_peak_mb": peak for name, peak in peaks.items()},
    }


def _allocated_peak(path: Path) -> int:
    """Most bytes of arrays and objects while roads are read and joined."""
    tracemalloc.start()
    compile_roads(read_roads(path, CAR), CAR)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def rest(extract: str, repeats: int = 2) -> Figures:
    """Addresses, places, areas and the basemap."""
    path = Path(extract)
    parts = []
    for _ in range(repeats):
        meter = Meter(path.stat().st_size)
        with tempfile.TemporaryDirectory() as folder, meter.part("rest"):
            write_rest(path, Path(folder))
        parts.append(meter.parts[0])
    return {
        "mb": path.stat().st_size / 1e6,
        "rest_s": min(part.cpu_s for part in parts),
        "rest_peak_mb": max(part.peak_mb for part in parts),
    }


def prepare(extract: str, folder: str, junctions: int) -> Figures:
    """Lay tiles of the extract until there are so many junctions, and save them as a map."""
    path, made = Path(extract), Path(folder)
    tile = compile_roads(read_roads(path, CAR), CAR)
    graph, segments = make_tiles(*tile, 1, 1)
    columns, rows = shape_of(-(-junctions // junctions_of(graph)))
    graph, segments = make_tiles(*tile, columns, rows)
    assert junctions_of(graph) >= junctions
    if not is_strongly_connected(graph):
        raise RuntimeError("Some junction cannot be reached from every other one.")
    del tile
    meter = Meter(path.stat().st_size)
    with meter.part("order"):
        hierarchy = build_hierarchy(graph)
    with meter.part("write"):
        write_roads(made, graph, segments, hierarchy)
    sha256 = hash_extract(path)
    west, south, east, north = _box(graph)
    meta = MapMeta(
        name=made.name,
        version=map_version(sha256, CAR),
        profile=CAR.name,
        source_file=path.name,
        source_bytes=path.stat().st_size,
        source_sha256=sha256,
        built_at="",
        bbox=(west, south, east, north),
        kinds=graph.kinds,
        counts={
            "junctions": junctions_of(graph),
            "nodes": graph.node_count,
            "arcs": graph.arc_count,
            "segments": len(segments),
            "edges": hierarchy.edge_count,
            "columns": columns,
            "rows": rows,
            "build_ms": round(1000 * sum(part.cpu_s for part in meter.parts)),
            "build_peak_mb": round(max(part.peak_mb for part in meter.parts)),
        },
        report={},
        parts=tuple(meter.parts),
        software={},
    )
    write_meta(made, replace(meta, files=file_sizes(made)))
    return dict(meta.counts)


def ask(folder: str) -> Figures:
    """Open a map and ask it; the largest difference from Dijkstra's algorithm."""
    meter = Meter(1)
    before_mb = private_mb()
    with meter.part("start"):
        street_map = open_street_map(Path(folder))
        engine = street_map.engine()
        engine.matrix(*[engine.snap(*_box(engine.graph)[:2])] * 2)
    own_mb = private_mb() - before_mb
    with meter.part("queries"):
        figures = _query_times(engine)
        with_other, metric_s = _seconds(lambda: engine.with_metric("no_motorway"), 1)
    counts = street_map.meta.counts
    places = random_places(engine, PLACES, seed=1)
    inside, tiles = _tiles_of(engine, places, counts["columns"], counts["rows"])
    figures |= {
        "start_s": meter.parts[0].cpu_s,
        "start_peak_mb": meter.parts[0].peak_mb,
        "own_mb": own_mb,
        "metric_s": metric_s,
        "metric_mb": engine.metric_bytes / 1e6,
        "peak_mb": max(part.peak_mb for part in meter.parts),
        "tiles_with_places": inside,
        "tiles": tiles,
        "reachable_share": float(engine.matrix(places, places).is_reachable.mean()),
    }
    few = np.random.default_rng(3).choice(PLACES, CHECKED_ROWS, replace=False)
    plain = ScipyEngine(street_map.graph, street_map.segments)
    compared = [
        (engine.matrix(places[few], places), plain.matrix(places[few], places)),
        (engine.matrix(places, places[few[:2]]), plain.matrix(places, places[few[:2]])),
        (
            with_other.matrix(places[few[:2]], places),
            plain.with_metric("no_motorway").matrix(places[few[:2]], places),
        ),
    ]
    figures["compared_pairs"] = sum(one.duration_s.size for one, _ in compared)
    figures["max_relative_difference"] = max(_difference(*pair) for pair in compared)
    return figures


def private_mb() -> float:
    """Memory that this process shares with no other; NaN where the system does not tell."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    found = [int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("RssAnon:")]
    return found[0] if found else float("nan")


def shape_of(tiles: int) -> tuple[int, int]:
    """Columns and rows of at least so many tiles, not much longer than wide."""
    while True:
        for columns in range(int(np.sqrt(tiles)), 0, -1):
            if tiles % columns == 0 and tiles <= 2.5 * columns**2:
                return tiles // columns, columns
        tiles += 1


def junctions_of(graph: RoadGraph) -> int:
    """Places where roads meet: a restricted junction has several nodes in the graph."""
    return len(np.unique(graph.node_lon + 1j * graph.node_lat))


def random_places(engine: ContractionEngine, count: int, seed: int) -> SnappedPlaces:
    """Places some way beside random roads, all over the map."""
    segments = engine.segments
    assert segments is not None
    rng = np.random.default_rng(seed)
    point = _points_of(segments, rng.choice(np.flatnonzero(segments.is_stop_allowed), count), rng)
    lon = segments.point_lon[point] * DEGREES_PER_UNIT
    lat = segments.point_lat[point] * DEGREES_PER_UNIT
    north, east = rng.normal(0, NOISE_M / 111_195, (2, count))
    return engine.snap(lon + east / np.cos(np.radians(lat)), lat + north)


def _points_of(
    segments: RoadSegments, segment: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    return rng.integers(segments.first_point[segment], segments.first_point[segment + 1])


def _query_times(engine: ContractionEngine) -> Figures:
    places = random_places(engine, PLACES, seed=1)
    accounts = random_places(engine, ACCOUNTS, seed=2)
    cities = random_places(engine, CITIES, seed=3)

    def detours() -> list[TravelMatrix]:
        return [
            sweep
            for k in range(CITIES)
            for sweep in (
                engine.one_to_many(cities[k], accounts),
                engine.many_to_one(accounts, cities[k]),
            )
        ]

    def paths() -> float:
        pairs = np.random.default_rng(4).integers(0, PLACES, (PATHS, 2))
        seconds = []
        for a, b in pairs:
            before = time.process_time()
            engine.path(places[a], places[b])
            seconds.append(time.process_time() - before)
        return statistics.fmean(seconds)

    paths()
    lon, lat = accounts.lon, accounts.lat
    return {
        "matrix_500_s": _seconds(lambda: engine.matrix(places, places), 3)[1],
        "detours_24000_s": _seconds(detours, 3)[1],
        "path_ms": 1000 * paths(),
        "snap_24000_s": _seconds(lambda: engine.snap(lon, lat), 3)[1],
        "way_km": float(np.median(engine.matrix(places, places).distance_m)) / 1000,
    }


def _seconds(work: Callable[[], Any], repeats: int) -> tuple[Any, float]:
    """What the work gives, and the CPU seconds of the fastest run."""
    best, result = float("inf"), None
    for _ in range(repeats):
        before = time.process_time()
        result = work()
        best = min(best, time.process_time() - before)
    return result, best


def _difference(ours: TravelMatrix, plain: TravelMatrix) -> float:
    largest = 0.0
    for one, other in (
        (ours.duration_s, plain.duration_s),
        (ours.distance_m, plain.distance_m),
    ):
        largest = max(largest, float((np.abs(one - other) / np.maximum(other, 1)).max()))
    return largest


def _box(graph: RoadGraph) -> tuple[float, float, float, float]:
    lon, lat = graph.node_lon, graph.node_lat
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def _tiles_of(
    engine: ContractionEngine, places: SnappedPlaces, columns: int, rows: int
) -> tuple[int, int]:
    """How many of the tiles hold a place."""
    west, south, east, north = _box(engine.graph)
    column = np.clip(((places.lon - west) / (east - west) * columns).astype(int), 0, columns - 1)
    row = np.clip(((places.lat - south) / (north - south) * rows).astype(int), 0, rows - 1)
    return len(np.unique(row * columns + column)), columns * rows


PARTS: dict[str, Callable[..., Figures]] = {
    "read": read,
    "rest": rest,
    "prepare": prepare,
    "ask": ask,
}


def main(parts: Mapping[str, Callable[..., Figures]]) -> None:
    name, arguments = sys.argv[1:]
    print(json.dumps(parts[name](**json.loads(arguments))))


if __name__ == "__main__":
    main(PARTS)
