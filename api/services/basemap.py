"""The light basemap: roads as merged lines, the border, and towns."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from routing.roads.road_graph import RoadGraph

DIGITS = 5
"""Decimals of a degree: about a metre."""


def road_features(graph: RoadGraph | None, drawn: Iterable[str]) -> dict[str, Any]:
    """
    One LineString per stretch between two junctions, by kind, each road once; none without a graph.

    Of a two-way road only one direction is drawn. Nodes where exactly two roads of one kind meet
    are joined, which halves the number of lines.
    """
    if graph is None:
        return _collection(())
    lon = np.round(graph.node_lon, DIGITS).tolist()
    lat = np.round(graph.node_lat, DIGITS).tolist()
    features = []
    for kind in drawn:
        if kind not in graph.kinds:
            continue
        chosen = graph.arc_kind == graph.kinds.index(kind)
        tail, head = graph.arc_tail[chosen], graph.arc_head[chosen]
        pairs = np.unique(np.sort(np.column_stack((tail, head)), axis=1), axis=0)
        pairs = pairs[pairs[:, 0] != pairs[:, 1]]
        for line in merged_lines(pairs.tolist()):
            coordinates = [[lon[node], lat[node]] for node in line]
            features.append(
                _feature({"kind": kind}, {"type": "LineString", "coordinates": coordinates})
            )
    return _collection(features)


def merged_lines(edges: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Paths of nodes that use each edge once and pass only nodes where two edges meet."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for a, b in edges:
        neighbours[a].append(b)
        neighbours[b].append(a)
    unused = {(a, b) for a, ends in neighbours.items() for b in ends}

    def walk(a: int, b: int) -> list[int]:
        line = [a, b]
        unused.difference_update(((a, b), (b, a)))
        while len(neighbours[line[-1]]) == 2:
            onward = next((n for n in neighbours[line[-1]] if (line[-1], n) in unused), None)
            if onward is None:
                break
            unused.difference_update(((line[-1], onward), (onward, line[-1])))
            line.append(onward)
        return line

    ends = [node for node, around in neighbours.items() if len(around) != 2]
    for node in (*ends, *neighbours):  # what is left after the ends are rings
        for onward in neighbours[node]:
            if (node, onward) in unused:
                yield walk(node, onward)


def place_features(
    places: Iterable[tuple[str, float, float, int]],
) -> dict[str, Any]:
    """One Point per town, most populous first; `rank` 0 is the largest."""
    ordered = sorted(places, key=lambda place: -place[3])
    return _collection(
        _feature(
            {"name": name, "population": population, "rank": rank},
            {"type": "Point", "coordinates": [round(lon, DIGITS), round(lat, DIGITS)]},
        )
        for rank, (name, lon, lat, population) in enumerate(ordered)
    )


def border_features(areas: Iterable[tuple[str, str, Any]]) -> dict[str, Any]:
    """One feature per area, given as (kind, name, shapely geometry)."""
    return _collection(
        _feature({"kind": kind, "name": name}, geometry.__geo_interface__)
        for kind, name, geometry in areas
    )


def _feature(properties: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _collection(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}
