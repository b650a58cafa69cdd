"""
Others on the roads of one city, side by side with ours: the same graph and the same places.

networkx and scipy search from node to node, so they are asked for as many nodes as there are
places; a small share is run and the rest extrapolated. OSRM has its own graph of the same extract
and is asked over HTTP; its seconds are by the clock, ours and the others' are CPU seconds.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.osrm_comparison import compare, street_engine
from benchmarks.osrm_server import (
    DEFAULT_FOLDER,
    OsrmProgramsError,
    osrm_programs,
    prepare_extract,
    running_osrm,
)
from benchmarks.road_parts import ACCOUNTS, CITIES, PLACES, main, random_places
from data.osrm_engine import OsrmEngine
from routing.roads.contraction_engine import ContractionEngine
from routing.roads.engine import RoadEngine, SnappedPlaces
from routing.roads.road_graph import RoadGraph

Figures = dict[str, Any]

NETWORKX_SEARCHES = 2
SCIPY_SEARCHES = 20
PATHS = 20
OSRM_ACCOUNTS = 2_400


def rivals(extract: str, has_osrm: bool = False) -> Figures:
    """
    Seconds for a matrix, the detours and a path, by engine, on one extract.

    With `has_osrm` also the times of our profile beside those of OSRM's; `osrm` then says what went
    wrong if it cannot be had.
    """
    path = Path(extract)
    engine = street_engine(path)
    places = random_places(engine, PLACES, seed=1)
    accounts = random_places(engine, ACCOUNTS, seed=2)
    figures: Figures = {
        "ours": _ask_engine(engine, places, accounts, time.process_time),
        "scipy": _ask_scipy(engine.graph, places),
        "networkx": _ask_networkx(engine.graph, places),
    }
    if has_osrm:
        try:
            figures |= _osrm(engine, path, places, accounts[:OSRM_ACCOUNTS])
        except (OsrmProgramsError, OSError) as error:
            figures["osrm"] = str(error)
    return figures


def _ask_engine(
    engine: RoadEngine,
    places: SnappedPlaces,
    accounts: SnappedPlaces,
    clock: Callable[[], float],
) -> Figures:
    cities = places[:CITIES]

    def detours() -> None:
        for k in range(CITIES):
            engine.one_to_many(cities[k], accounts)
            engine.many_to_one(accounts, cities[k])

    def paths() -> None:
        for k in range(PATHS):
            engine.path(places[k], places[k + PATHS])

    for work in (lambda: engine.matrix(places[:2], places[:2]), paths, detours):
        work()  # loads the compiled code
    return {
        "matrix_s": _seconds(lambda: engine.matrix(places, places), clock),
        "detours_s": _seconds(detours, clock) * ACCOUNTS / len(accounts),
        "path_ms": 1000 * _seconds(paths, clock) / PATHS,
    }


def _ask_scipy(graph: RoadGraph, places: SnappedPlaces) -> Figures:
    shape = (graph.node_count, graph.node_count)
    weight = graph.arc_weight.astype(np.float64)
    net = csr_array((weight, (graph.arc_tail, graph.arc_head)), shape=shape)
    nodes = places.leave_node.max(axis=1)

    def searches() -> None:
        for node in nodes[:SCIPY_SEARCHES]:
            dijkstra(net, indices=node)

    def path() -> None:
        dijkstra(net, indices=nodes[0], return_predecessors=True)

    one_s = _seconds(searches, time.process_time) / SCIPY_SEARCHES
    return {
        "matrix_s": one_s * PLACES,
        "detours_s": one_s * 2 * CITIES,
        "path_ms": 1000 * _seconds(path, time.process_time),
        "share_of_matrix": SCIPY_SEARCHES / PLACES,
    }


def _ask_networkx(graph: RoadGraph, places: SnappedPlaces) -> Figures:
    net = nx.DiGraph()
    net.add_nodes_from(range(graph.node_count))
    # The lightest of parallel arcs is added last and stays.
    order = np.argsort(-graph.arc_weight, kind="stable")
    net.add_weighted_edges_from(
        zip(
            graph.arc_tail[order].tolist(),
            graph.arc_head[order].tolist(),
            graph.arc_weight[order].tolist(),
            strict=True,
        )
    )
    nodes = places.leave_node.max(axis=1).tolist()

    def searches() -> None:
        for node in nodes[:NETWORKX_SEARCHES]:
            nx.single_source_dijkstra_path_length(net, node)

    def paths() -> None:
        for k in range(NETWORKX_SEARCHES):
            with suppress(nx.NetworkXNoPath):
                nx.bidirectional_dijkstra(net, nodes[k], nodes[-1 - k])

    one_s = _seconds(searches, time.process_time, 1) / NETWORKX_SEARCHES
    return {
        "matrix_s": one_s * PLACES,
        "detours_s": one_s * 2 * CITIES,
        "path_ms": 1000 * _seconds(paths, time.process_time, 1) / NETWORKX_SEARCHES,
        "share_of_matrix": NETWORKX_SEARCHES / PLACES,
    }


def _osrm(
    engine: ContractionEngine, extract: Path, places: SnappedPlaces, accounts: SnappedPlaces
) -> Figures:
    """
    Raises
    ------
    OsrmProgramsError, OSError
        When OSRM cannot be had here or does not answer.
    """
    comparison = compare(engine, extract)
    programs = osrm_programs(DEFAULT_FOLDER)
    with running_osrm(
        prepare_extract(extract, programs), programs, options=("--max-table-size", "1000000")
    ) as url:
        osrm = OsrmEngine(url, max_table_size=1000)
        places, accounts = (osrm.snap(part.lon, part.lat) for part in (places, accounts))
        times = _ask_engine(osrm, places, accounts, time.perf_counter)
    return {"osrm": times | {"share_of_detours": len(accounts) / ACCOUNTS}} | {
        "comparison": asdict(comparison)
    }


def _seconds(work: Callable[[], Any], clock: Callable[[], float], repeats: int = 3) -> float:
    """Of the fastest run."""
    best = float("inf")
    for _ in range(repeats):
        before = clock()
        work()
        best = min(best, clock() - before)
    return best


if __name__ == "__main__":
    main({"rivals": rivals})
