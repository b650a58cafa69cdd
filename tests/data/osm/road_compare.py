"""Compiled roads beside the oracle: the same times from every road to every other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from data.osm.raw_roads import RawRoads
from data.osm.reading.profile import Profile
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import RoadSegments
from tests.data.osm.turn_oracle import Oracle, Position, Step


def adjacency(graph: RoadGraph) -> csr_array:
    """Milliseconds by tail and head; of parallel arcs the fastest."""
    order = np.lexsort((graph.arc_duration_ms, graph.arc_head, graph.arc_tail))
    tail, head = graph.arc_tail[order], graph.arc_head[order]
    first = np.ones(len(order), bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    shape = (graph.node_count, graph.node_count)
    duration_ms = graph.arc_duration_ms[order][first].astype(float)
    return csr_array((duration_ms, (tail[first], head[first])), shape=shape)


def graph_durations_s(
    graph: RoadGraph, segments: RoadSegments, sources: Sequence[int], targets: Sequence[int]
) -> NDArray[np.float64]:
    """From the end of each road to the beginning of each other; 2k and 2k + 1 are segment k."""
    leave, enter = segments.leave_node.ravel()[sources], segments.enter_node.ravel()[targets]
    matrix = adjacency(graph)
    return np.array([dijkstra(matrix, indices=int(node))[enter] for node in leave]) / 1000


def steps_by_position(oracle: Oracle) -> dict[tuple[Position, Position], list[Step]]:
    steps: dict[tuple[Position, Position], list[Step]] = {}
    for step in oracle.tail:
        key = (oracle.head_position(step.back), oracle.head_position(step))
        steps.setdefault(key, []).append(step)
    return steps


def road_steps(segments: RoadSegments, road: int) -> tuple[tuple[Position, Position], ...]:
    """The first and the last piece of a road, by the positions of their ends."""
    begin, end = segments.first_point[road // 2], segments.first_point[road // 2 + 1]
    lon, lat = segments.point_lon[begin:end].tolist(), segments.point_lat[begin:end].tolist()
    points = list(zip(lon, lat, strict=True))
    if road % 2:
        points.reverse()
    return (points[0], points[1]), (points[-2], points[-1])


def turning_positions(graph: RoadGraph) -> set[Position]:
    lon = np.rint(graph.node_lon * 1e7).astype(int).tolist()
    lat = np.rint(graph.node_lat * 1e7).astype(int).tolist()
    return set(zip(lon, lat, strict=True))


def assert_same_times(
    raw: RawRoads,
    profile: Profile,
    graph: RoadGraph,
    segments: RoadSegments,
    sample: int | None = None,
) -> int:
    """All roads to all others, or a sample of as many of each; the number of ways that exist."""
    oracle = Oracle(raw, profile, turning_positions(graph))
    steps = steps_by_position(oracle)
    # Where two ways run through the same two points, positions do not tell which is meant.
    roads = [
        road
        for road in np.flatnonzero(segments.arc.ravel() >= 0).tolist()
        if all(len(steps[key]) == 1 for key in road_steps(segments, road))
    ]
    sources = targets = roads
    if sample is not None:
        rng = np.random.default_rng(7)
        size = min(sample, len(roads))
        sources, targets = (rng.choice(roads, size, replace=False).tolist() for _ in range(2))
    ours = graph_durations_s(graph, segments, sources, targets)
    theirs = np.full(ours.shape, np.inf)
    for row, source in enumerate(sources):
        found = oracle.enter_durations_s(steps[road_steps(segments, source)[1]][0])
        for column, target in enumerate(targets):
            first = steps[road_steps(segments, target)[0]][0]
            theirs[row, column] = found.get(first, np.inf)
    np.testing.assert_array_equal(np.isfinite(ours), np.isfinite(theirs))
    # Every arc is rounded to milliseconds; a way has a thousand of them at most.
    np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=0.05)
    return int(np.isfinite(ours).sum())


def road_of(raw: RawRoads, segments: RoadSegments, first: int, last: int) -> int:
    """The road that begins or ends with the piece from one node to another, both by their ids."""
    begin, end = (
        (int(raw.node_lon[k]), int(raw.node_lat[k]))
        for k in np.searchsorted(raw.node_id, (first, last))
    )
    found = [
        road
        for road in np.flatnonzero(segments.arc.ravel() >= 0).tolist()
        if (begin, end) in road_steps(segments, road)
    ]
    assert len(found) == 1, f"{len(found)} roads from {first} to {last}"
    return found[0]
