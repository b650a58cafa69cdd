"""Answers of the Overpass API as an extract, so that one pipeline reads both."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import osmium
from osmium.osm import mutable

MEMBER_TYPES = {"node": "n", "way": "w", "relation": "r"}


def write_extract(answers: Iterable[Mapping[str, Any]], path: Path) -> dict[str, int]:
    """
    Write the elements of several answers as one `.osm.pbf`, each once, in the order files have.

    Parameters
    ----------
    answers
        As `[out:json]` gives them: https://wiki.openstreetmap.org/wiki/OSM_JSON
    path
        Must not exist yet.

    Returns
    -------
    How many there are of each type: `node`, `way`, `relation`.
    """
    found: dict[str, dict[int, Mapping[str, Any]]] = {name: {} for name in MEMBER_TYPES}
    for answer in answers:
        for element in answer["elements"]:
            if element["type"] in found:
                found[element["type"]][element["id"]] = element
    with osmium.SimpleWriter(str(path)) as writer:
        for number, node in sorted(found["node"].items()):
            place = (node["lon"], node["lat"])
            writer.add_node(mutable.Node(id=number, location=place, tags=node.get("tags", {})))
        for number, way in sorted(found["way"].items()):
            refs = way.get("nodes", [])
            writer.add_way(mutable.Way(id=number, nodes=refs, tags=way.get("tags", {})))
        for number, relation in sorted(found["relation"].items()):
            members = [
                (MEMBER_TYPES[member["type"]], member["ref"], member["role"])
                for member in relation.get("members", ())
            ]
            tags = relation.get("tags", {})
            writer.add_relation(mutable.Relation(id=number, members=members, tags=tags))
    return {name: len(elements) for name, elements in found.items()}
