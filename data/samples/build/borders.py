"""Country borders from Natural Earth, as the npm package world-atlas ships them (TopoJSON)."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon, box

from data.samples.build.sources import read_member
from data.samples.plane import to_degrees, to_plane_km

MAP_BOX = box(1.5, 44.5, 20.0, 57.5)
"""What the basemap shows of the neighbours, degrees."""

NEIGHBOUR_TOLERANCE_DEG = 0.005


def read_countries(packages: Path) -> dict[str, MultiPolygon]:
    """Countries that meet `MAP_BOX`, by their English name, at the scale 1 : 10 million."""
    raw = read_member(packages, "world-atlas-", "package/countries-10m.json")
    topology = json.loads(raw)
    scale = np.array(topology["transform"]["scale"])
    translate = np.array(topology["transform"]["translate"])
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]
    countries = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        shape = _to_shape(geometry, arcs)
        if not shape.is_empty and box(*shape.bounds).intersects(MAP_BOX):
            countries[geometry["properties"]["name"]] = _valid(shape)
    return countries


def neighbours(countries: dict[str, MultiPolygon], home: str) -> dict[str, MultiPolygon]:
    """The other countries, clipped to `MAP_BOX` and lightly simplified, in order of name."""
    result = {}
    for name in sorted(countries):
        if name == home:
            continue
        clipped = countries[name].intersection(MAP_BOX).simplify(NEIGHBOUR_TOLERANCE_DEG)
        polygons = [part for part in shapely.get_parts(clipped) if part.geom_type == "Polygon"]
        if not clipped.is_empty and polygons:
            result[name] = MultiPolygon(polygons)
    return result


def buffered(shape: MultiPolygon, margin_km: float) -> MultiPolygon | Polygon:
    """A shape in degrees with a margin around it, in degrees again."""
    grown = shapely.transform(shape, lambda xy: to_plane_km(xy[:, 0], xy[:, 1])).buffer(margin_km)
    return shapely.transform(grown, lambda xy: np.column_stack(to_degrees(xy)))


def _to_shape(geometry: dict[str, Any], arcs: list[np.ndarray]) -> MultiPolygon:
    kind = geometry["type"]
    arcs_of = geometry.get("arcs", [])
    polygons = [arcs_of] if kind == "Polygon" else arcs_of if kind == "MultiPolygon" else []
    shapes = []
    for polygon in polygons:
        outer, *holes = (_ring(ids, arcs) for ids in polygon)
        # Rounding to the file's grid leaves some islets with fewer than three corners.
        if len(outer) >= 4:
            shapes.append(Polygon(outer, [hole for hole in holes if len(hole) >= 4]))
    return MultiPolygon(shapes)


def _valid(shape: MultiPolygon) -> MultiPolygon:
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(shape)))
    return MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def _ring(arc_ids: list[int], arcs: list[np.ndarray]) -> np.ndarray:
    """Arcs joined end to end; a negative id means an arc read backwards."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in arc_ids]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])
