"""
A map as a graph for networkx and osmnx, or as layers for a geographic information system.

    python -m data.osm export NAME FILE.graphml
    python -m data.osm export NAME FILE.gpkg

The files keep osmnx's conventions, so `osmnx.load_graphml` and its routing take them. What the
attributes mean stands in `docs/map-export.md`.
"""

import os
import tempfile
from pathlib import Path

import geopandas
import networkx as nx
import numpy as np
import osmnx
import shapely
from numpy.typing import NDArray

from data.errors import InvalidExportError
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import DEGREES_PER_UNIT, NO_SEGMENT, NONE, RoadSegments

CRS = "epsg:4326"

NO_ROAD = -1
"""`osmid` of arcs within a junction."""


def export_map(graph: RoadGraph, segments: RoadSegments, path: Path) -> None:
    """
    Write a map as `.graphml` or `.gpkg`, by the end of the name. A file of this name is replaced
    once the new one is whole.

    Raises
    ------
    InvalidExportError
        When the name ends otherwise, the map has no roads, or the file cannot be written.
    """
    writers = {".graphml": _write_graphml, ".gpkg": _write_geopackage}
    if path.suffix.lower() not in writers:
        raise InvalidExportError(
            f"{path.name} ends in none of {', '.join(writers)}, which say what is to be written."
        )
    if not path.parent.is_dir():
        raise InvalidExportError(f"There is no folder {path.parent}. Make it first.")
    if graph.arc_count == 0:
        raise InvalidExportError("The map has no roads that could be exported.")
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
            made = Path(folder) / path.name
            writers[path.suffix.lower()](graph, segments, made)
            os.replace(made, path)
    except (OSError, RuntimeError) as error:  # the latter from the library behind geopandas
        raise InvalidExportError(
            f"{path} cannot be written: {error}. Check the permissions and the room on the disk."
        ) from error


def to_networkx(graph: RoadGraph, segments: RoadSegments) -> nx.MultiDiGraph:
    """
    A map as osmnx has it: `x`, `y` and `junction` of nodes, `length`, `travel_time` and so on of
    edges. The numbers of nodes and the order of edges are those of the map.
    """
    nodes, edges = node_table(graph, segments), edge_table(graph, segments)
    made = nx.MultiDiGraph(crs=CRS, simplified=True)
    x, y = nodes["x"].tolist(), nodes["y"].tolist()
    junction, streets = nodes["junction"].tolist(), nodes["street_count"].tolist()
    for number in range(graph.node_count):
        made.add_node(
            number,
            x=x[number],
            y=y[number],
            junction=junction[number],
            street_count=streets[number],
        )
    columns = {name: edges[name].tolist() for name in edges.columns if name != "geometry"}
    line = edges.geometry.to_numpy()
    tail, head = columns.pop("u"), columns.pop("v")
    del columns["key"]
    for arc in range(graph.arc_count):
        attributes = {name: values[arc] for name, values in columns.items()}
        if not isinstance(attributes["name"], str):
            del attributes["name"]  # what is missing is a number to pandas
        made.add_edge(tail[arc], head[arc], geometry=line[arc], **attributes)
    return made


def node_table(graph: RoadGraph, segments: RoadSegments) -> geopandas.GeoDataFrame:
    """Nodes by their number in the map, as `osmid`."""
    junction, streets = _junctions(graph, segments)
    return geopandas.GeoDataFrame(
        {
            "osmid": np.arange(graph.node_count),
            "x": graph.node_lon,
            "y": graph.node_lat,
            "junction": junction,
            "street_count": streets,
        },
        geometry=geopandas.points_from_xy(graph.node_lon, graph.node_lat),
        crs=CRS,
    )


def edge_table(graph: RoadGraph, segments: RoadSegments) -> geopandas.GeoDataFrame:
    """Arcs in the order of the map, with `u`, `v` and `key` as in osmnx."""
    is_road = segments.arc_segment != NO_SEGMENT
    is_reversed = is_road & (segments.arc_segment < 0)
    segment = np.where(is_reversed, ~segments.arc_segment, segments.arc_segment)
    segment = np.where(is_road, segment, 0)
    travel_s = graph.arc_duration_ms / 1000
    if len(segments):
        number = np.where(is_road, segments.name[segment], NONE)
        is_oneway = is_road & (segments.arc[segment] == NONE).any(axis=1)
    else:
        number, is_oneway = np.full(graph.arc_count, NONE), is_road
    kinds = np.array(graph.kinds, dtype=object)
    names = [None if name == NONE else segments.names[name] for name in number.tolist()]
    return geopandas.GeoDataFrame(
        {
            "u": graph.arc_tail,
            "v": graph.arc_head,
            "key": _keys(graph),
            "osmid": np.where(is_road, segment, NO_ROAD),
            "highway": kinds[graph.arc_kind],
            "name": names,
            "oneway": is_oneway,
            "reversed": is_reversed,
            "length": graph.arc_length_m.astype(np.float64),
            "travel_time": travel_s,
        },
        geometry=_lines(graph, segments, is_road, is_reversed, segment),
        crs=CRS,
    )


def _junctions(
    graph: RoadGraph, segments: RoadSegments
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Of each node: the first node at its position, and how many roads meet there.

    Junctions with forbidden turns, and those in areas for residents only, have several nodes at one
    position.
    """
    position = np.rint(np.column_stack((graph.node_lon, graph.node_lat)) / DEGREES_PER_UNIT).astype(
        np.int64
    )
    _, first, place = np.unique(position, axis=0, return_index=True, return_inverse=True)
    place = place.ravel()
    ends = np.concatenate((segments.first_point[:-1], segments.first_point[1:] - 1))
    at_end = np.column_stack((segments.point_lon[ends], segments.point_lat[ends])).astype(np.int64)
    # Ends of roads and nodes in one list, so that the same positions get the same number.
    _, number = np.unique(np.vstack((position, at_end)), axis=0, return_inverse=True)
    number = number.ravel()
    count = np.bincount(number[len(position) :], minlength=int(number.max()) + 1)
    return first[place], count[number[: len(position)]]


def _keys(graph: RoadGraph) -> NDArray[np.int64]:
    """Of parallel arcs: 0, 1 and so on, in the order of the map, as networkx counts them."""
    order = np.lexsort((np.arange(graph.arc_count), graph.arc_head, graph.arc_tail))
    tail, head = graph.arc_tail[order], graph.arc_head[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    begins = np.flatnonzero(is_first)
    keys = np.empty(len(order), np.int64)
    keys[order] = np.arange(len(order)) - np.repeat(begins, np.diff(np.append(begins, len(order))))
    return keys


def _lines(
    graph: RoadGraph,
    segments: RoadSegments,
    is_road: NDArray[np.bool_],
    is_reversed: NDArray[np.bool_],
    segment: NDArray[np.int32],
) -> NDArray[np.object_]:
    """(m,) the course of every arc from tail to head; two points where it is within a junction."""
    lonlat = np.column_stack((segments.point_lon, segments.point_lat)) * DEGREES_PER_UNIT
    lonlat = np.round(lonlat, 7)
    count = np.diff(segments.first_point)
    owner = np.repeat(np.arange(len(segments)), count)
    there = shapely.linestrings(lonlat, indices=owner) if len(segments) else np.empty(0, object)
    lines = np.empty(graph.arc_count, object)
    lines[is_road] = there[segment[is_road]]
    lines[is_reversed] = shapely.reverse(lines[is_reversed])
    within = ~is_road
    ends = [
        np.column_stack((graph.node_lon[node[within]], graph.node_lat[node[within]]))
        for node in (graph.arc_tail, graph.arc_head)
    ]
    lines[within] = shapely.linestrings(np.stack(ends, axis=1))
    return lines


def _write_graphml(graph: RoadGraph, segments: RoadSegments, path: Path) -> None:
    osmnx.save_graphml(to_networkx(graph, segments), path)


def _write_geopackage(graph: RoadGraph, segments: RoadSegments, path: Path) -> None:
    node_table(graph, segments).to_file(path, layer="nodes", driver="GPKG")
    edge_table(graph, segments).to_file(path, layer="edges", driver="GPKG")
