"""Roads written down by hand: a grid of nodes, and ways between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.osm.raw_roads import NodeFlag, RawRoads, TurnRestriction

KINDS = ("motorway", "primary", "residential", "service", "ferry")
STEP_M = 100.0
"""Between neighbours on the grid of `raw_roads`, at the equator."""

STEP_E7 = 8_993
"""The same in 1e-7 degrees."""


@dataclass(frozen=True)
class W:
    """One way, by the ids of its nodes. 36 km/h are 10 s between neighbours on the grid."""

    id: int
    nodes: Sequence[int]
    forward_kmh: float = 36.0
    backward_kmh: float = 36.0
    kind: str = "residential"
    is_zone: bool = False
    name: str = ""
    is_stop_allowed: bool = True


def one_way(id: int, nodes: Sequence[int], **rest: object) -> W:
    return W(id, nodes, backward_kmh=0.0, **rest)  # type: ignore[arg-type]


def raw_roads(
    ways: Sequence[W],
    restrictions: Sequence[TurnRestriction] = (),
    flags: Mapping[int, NodeFlag] | None = None,
) -> RawRoads:
    """
    Nodes stand on a grid at the equator: node 23 is 2 steps east and 3 steps north of node 0, node
    1234 is 12 steps east and 34 north.
    """
    ids = np.array(sorted({node for way in ways for node in way.nodes}), np.int64)
    base = np.where(ids < 100, 10, 100)
    names = sorted({way.name for way in ways} - {""})
    refs = [node for way in ways for node in way.nodes]
    return RawRoads(
        node_id=ids,
        node_lon=(ids // base * STEP_E7).astype(np.int32),
        node_lat=(ids % base * STEP_E7).astype(np.int32),
        node_flags=np.array([(flags or {}).get(int(node), 0) for node in ids], np.uint8),
        way_id=np.array([way.id for way in ways], np.int64),
        first_ref=np.cumsum([0, *(len(way.nodes) for way in ways)]).astype(np.int64),
        ref=np.searchsorted(ids, refs).astype(np.int32),
        kind=np.array([KINDS.index(way.kind) for way in ways], np.uint8),
        kinds=KINDS,
        forward_kmh=np.array([way.forward_kmh for way in ways], np.float32),
        backward_kmh=np.array([way.backward_kmh for way in ways], np.float32),
        is_zone=np.array([way.is_zone for way in ways], np.bool_),
        is_stop_allowed=np.array([way.is_stop_allowed for way in ways], np.bool_),
        name=np.array([names.index(way.name) if way.name else -1 for way in ways], np.int32),
        names=tuple(names),
        restrictions=tuple(restrictions),
    )
