"""
Which road networks stay, and which roads belong to a zone.

A network is a set of junctions each of which can be driven to from each other one (a strongly
connected component). An extract holds a large one, perhaps those of islands, and many fragments:
stubs cut off by the border, yards that nothing connects, mistakes of drawing.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from data.osm.graph.junctions import RoadPieces
from data.osm.raw_roads import RawRoads

MIN_NETWORK_M = 10_000
"""A network with this much road stays, whatever else there is: an island of its own."""

MIN_NETWORK_SHARE = 0.1
"""So does one with this share of the roads of the longest: an extract may be one small island."""


def keep_networks(raw: RawRoads, pieces: RoadPieces, report: dict[str, int]) -> RoadPieces:
    """
    The pieces that lie in networks worth keeping.

    Zones count like other roads here, so that one which can be reached and left stays. A public
    road that is reached or left only through a zone becomes a part of it: the street inside a gated
    estate, the forecourt behind a private entry.

    What goes and what changes is added to the report.
    """
    label, total_m = _networks(raw, pieces)
    stays = is_large(total_m)
    network = label[pieces.tail]
    is_kept = stays[network] & (network == label[pieces.head])
    left_out = pieces[~is_kept]
    nodes = np.union1d(left_out.tail, left_out.head)
    lost = nodes[~stays[label[nodes]]]
    add_count(report, "Junctions left out in fragments of the road network.", len(lost))
    add_count(
        report, "Kilometres of road left out in fragments.", round(left_out.length_m.sum() / 1000)
    )
    add_count(
        report,
        "Road networks kept besides the longest, which no road connects with it.",
        int(stays.sum()) - 1,
    )
    return _extend_zones(raw, pieces[is_kept], report)


def _extend_zones(raw: RawRoads, pieces: RoadPieces, report: dict[str, int]) -> RoadPieces:
    is_public = ~pieces.is_zone
    if is_public.all() or not is_public.any():
        return pieces
    public = pieces[is_public]
    label, total_m = _networks(raw, public)
    network = label[public.tail]
    is_behind = ~is_large(total_m)[network] | (network != label[public.head])
    behind_km = round(public.length_m[is_behind].sum() / 1000)
    add_count(
        report,
        "Kilometres of public road that only private roads lead to, taken as private.",
        behind_km,
    )
    is_zone = pieces.is_zone.copy()
    is_zone[is_public] = is_behind
    return replace(pieces, is_zone=is_zone)


def _networks(raw: RawRoads, pieces: RoadPieces) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The network of each node, and the metres of road in each network."""
    size = int(max(pieces.tail.max(), pieces.head.max())) + 1 if len(pieces) else 0
    forward = raw.forward_kmh[pieces.way] > 0
    backward = raw.backward_kmh[pieces.way] > 0
    tail = np.concatenate((pieces.tail[forward], pieces.head[backward]))
    head = np.concatenate((pieces.head[forward], pieces.tail[backward]))
    # Most nodes are no junctions; the search takes only those that are.
    is_junction = np.zeros(size, np.bool_)
    is_junction[tail] = is_junction[head] = True
    number = np.cumsum(is_junction, dtype=np.int32) - 1
    count = int(is_junction.sum())
    arcs = csr_array(
        (np.ones(len(tail), np.int8), (number[tail], number[head])), shape=(count, count)
    )
    networks, label = connected_components(arcs, directed=True, connection="strong")
    label_by_node = label[np.maximum(number, 0)] if count else np.zeros(size, np.int32)
    of_tail, of_head = label_by_node[pieces.tail], label_by_node[pieces.head]
    within = of_tail == of_head
    total_m = np.bincount(of_tail[within], pieces.length_m[within], minlength=networks)
    return label_by_node, total_m.astype(np.float64)


def is_large(total_m: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which networks stay, by their metres of road."""
    if not len(total_m):
        return np.zeros(0, np.bool_)
    limit_m = min(MIN_NETWORK_M, MIN_NETWORK_SHARE * total_m.max())
    return (total_m >= limit_m) & (total_m > 0)


def add_count(report: dict[str, int], sentence: str, number: int) -> None:
    """Add to a report what there is to say."""
    if number > 0:
        report[sentence] = report.get(sentence, 0) + number
