"""Writes extracts of a few roads, as a mapper would draw them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import osmium

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "osm"
"""Real extracts, where they are at hand."""

Tags = Mapping[str, str]
Member = tuple[str, int, str]

UNIT_DEG = 0.001
"""Nodes of `grid_nodes` lie this far apart: about 111 m."""


def grid_nodes(*ids: int, tags: Mapping[int, Tags] | None = None) -> list[dict[str, Any]]:
    """Nodes whose number tells where they are: 23 is two steps north and three steps east."""
    tags = tags or {}
    return [
        {
            "id": number,
            "location": (9.5 + number % 10 * UNIT_DEG, 47.1 + number // 10 * UNIT_DEG),
            "tags": dict(tags.get(number, {})),
        }
        for number in ids
    ]


def road(number: int, nodes: Iterable[int], highway: str = "residential", **tags: str) -> Any:
    """A way with its tags; `maxspeed__forward` stands for `maxspeed:forward`."""
    spelt = {key.replace("__", ":"): value for key, value in tags.items()}
    kind = {"highway": highway} if highway else {}
    return {"id": number, "nodes": list(nodes), "tags": kind | spelt}


def restriction(number: int, members: Iterable[Member], kind: str = "", **tags: str) -> Any:
    spelt = {key.replace("__", ":"): value for key, value in tags.items()}
    general = {"restriction": kind} if kind else {}
    return {
        "id": number,
        "members": list(members),
        "tags": {"type": "restriction"} | general | spelt,
    }


def write_extract(
    path: Path,
    nodes: Iterable[Mapping[str, Any]] = (),
    ways: Iterable[Mapping[str, Any]] = (),
    relations: Iterable[Mapping[str, Any]] = (),
    options: str = "",
) -> Path:
    """
    Write a file in the order nodes, ways, relations.

    Parameters
    ----------
    options
        Of the format, for instance `pbf_dense_nodes=false`.
    """
    file = osmium.io.File(str(path), f"pbf,{options}" if options else "")
    writer = osmium.SimpleWriter(file, overwrite=True)
    try:
        for node in nodes:
            writer.add_node(osmium.osm.mutable.Node(**{"version": 1, "visible": True} | dict(node)))
        for way in ways:
            writer.add_way(osmium.osm.mutable.Way(**{"version": 1, "visible": True} | dict(way)))
        for relation in relations:
            writer.add_relation(
                osmium.osm.mutable.Relation(**{"version": 1, "visible": True} | dict(relation))
            )
    finally:
        writer.close()
    return path
