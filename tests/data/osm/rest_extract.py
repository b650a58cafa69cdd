"""
Files of OpenStreetMap written by hand, for what is not a road.

    14 +--------+--------+      Municipalities Alba (west) and Brava (east), each 0.02 degrees wide;
       |  Alba  |  Brava |      the border between them is one way of both. An exclave of Alba lies
    13 |   11   |   12   |      in Brava.
       +--------+--------+
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

Position = tuple[float, float]
Tags = Mapping[str, str]


class ExtractWriter:
    """Numbers nodes as they come; ways and relations by hand or after the nodes."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.ways: list[Way] = []
        self.relations: list[Relation] = []
        self._known: dict[Position, int] = {}

    def node(self, lon: float, lat: float, **tags: str) -> int:
        """A node of its own where it has tags, otherwise the one at the position."""
        if not tags and (lon, lat) in self._known:
            return self._known[lon, lat]
        number = len(self.nodes) + 1
        self.nodes.append(Node(id=number, location=(lon, lat), tags=with_colons(tags)))
        self._known[lon, lat] = number
        return number

    def way(self, points: Iterable[Position], **tags: str) -> int:
        return self.way_of([self.node(*point) for point in points], **tags)

    def way_of(self, nodes: Sequence[int], **tags: str) -> int:
        number = len(self.ways) + 1
        self.ways.append(Way(id=number, nodes=list(nodes), tags=with_colons(tags)))
        return number

    def relation(self, members: Iterable[tuple[str, int, str]], **tags: str) -> int:
        number = len(self.relations) + 1
        self.relations.append(Relation(id=number, members=list(members), tags=with_colons(tags)))
        return number

    def border(self, ways: Iterable[int], name: str, level: int = 8, **tags: str) -> int:
        return self.relation(
            [("w", way, "outer") for way in ways],
            type="boundary",
            boundary="administrative",
            admin_level=str(level),
            name=name,
            **tags,
        )

    def write(self, path: Path) -> Path:
        with osmium.SimpleWriter(path) as writer:
            for node in self.nodes:
                writer.add_node(node)
            for way in self.ways:
                writer.add_way(way)
            for relation in self.relations:
                writer.add_relation(relation)
        return path


def with_colons(tags: Tags) -> dict[str, str]:
    """`addr__street` is `addr:street`, which Python does not take as a name."""
    return {key.replace("__", ":"): value for key, value in tags.items()}


def square(west: float, south: float, side: float) -> list[Position]:
    """A closed ring of five points, counterclockwise."""
    east, north = round(west + side, 7), round(south + side, 7)
    return [(west, south), (east, south), (east, north), (west, north), (west, south)]


def two_municipalities() -> ExtractWriter:
    """Borders as in the picture above, with a town in each and roads between them."""
    extract = ExtractWriter()
    shared = extract.way([(11.02, 13.0), (11.02, 13.02)])
    west = extract.way([(11.02, 13.02), (11.0, 13.02), (11.0, 13.0), (11.02, 13.0)])
    east = extract.way([(11.02, 13.0), (11.04, 13.0), (11.04, 13.02), (11.02, 13.02)])
    exclave = extract.way(square(11.03, 13.01, 0.002))
    extract.border([shared, west, exclave], "Alba", ref="A1", population="1 234")
    extract.border([east, exclave, shared], "Brava")
    extract.border([west, east], "Land", level=4)
    return extract
