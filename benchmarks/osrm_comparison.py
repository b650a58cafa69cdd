"""
Travel times of our engine beside those of OSRM's car profile, on the same extract.

    python -m benchmarks.osrm_comparison --json

Pairs of random places are asked of both. Places lie on roads that both know: they are drawn along
our segments and kept where OSRM's nearest road is as good as there. Only the road counts, without
access and terminal time. The factors of our profile were chosen by Porto; the other extracts show
what they are worth elsewhere.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.instances import data_folder
from benchmarks.osrm_server import (
    DEFAULT_FOLDER,
    OsrmProgramsError,
    osrm_programs,
    prepare_extract,
    running_osrm,
)
from data.osm.graph.compile import compile_roads
from data.osm.reading.profile import CAR, Profile
from data.osm.reading.read_roads import read_roads
from data.osrm_engine import OsrmEngine
from routing.roads.contraction_engine import ContractionEngine
from routing.roads.engine import RoadEngine, SnappedPlaces
from routing.roads.hierarchy import build_hierarchy
from routing.roads.road_segments import DEGREES_PER_UNIT, RoadSegments

EXTRACTS = ("porto-2015", "columbus", "liechtenstein-2024")

PLACES = 400
SAME_ROAD_M = 2.0
"""Both must find the road as close to a place as this. Where they do not, one of them does not let
cars in, or ties no places to it."""

SHORTEST_S = 60
"""Shorter ways say more about where on a road a place lies than about speeds."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    Our times over those of OSRM.

    Parameters
    ----------
    median_ratio, p10, p90
        Of the ratios of single pairs.
    correlation
        Of the times (Pearson).
    length_ratio
        Median of our metres over OSRM's.
    count
        Pairs that both reach.
    ours_only, osrm_only
        Pairs that only one of them reaches.
    """

    extract: str
    median_ratio: float
    p10: float
    p90: float
    correlation: float
    length_ratio: float
    count: int
    ours_only: int
    osrm_only: int


@dataclass(frozen=True, slots=True, eq=False)
class Times:
    """
    Times and lengths of roads between places, by both.

    Parameters
    ----------
    lon, lat
        (k,) of the places.
    ours_s, osrm_s, ours_m, osrm_m
        (k, k), NaN where no road leads.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    ours_s: NDArray[np.float64]
    osrm_s: NDArray[np.float64]
    ours_m: NDArray[np.float64]
    osrm_m: NDArray[np.float64]


def street_engine(extract: Path, profile: Profile = CAR) -> ContractionEngine:
    """Our engine on an extract, built in memory."""
    graph, segments = compile_roads(read_roads(extract, profile), profile)
    return ContractionEngine(graph, build_hierarchy(graph), segments)


def compare(
    engine: ContractionEngine,
    extract: Path,
    count: int = PLACES,
    seed: int = 1,
    folder: Path = DEFAULT_FOLDER,
) -> Comparison:
    """
    Compare an engine with OSRM on the extract that it was built from.

    Parameters
    ----------
    count
        Places, of which all pairs are asked.
    folder
        Of OSRM's programs and prepared extracts.

    Raises
    ------
    OsrmProgramsError
        When OSRM cannot be had here.
    """
    assert engine.segments is not None
    programs = osrm_programs(folder, download=True)
    with running_osrm(prepare_extract(extract, programs, folder), programs) as url:
        return summary(
            extract.name.partition(".")[0],
            measure(engine, OsrmEngine(url), *places_along(engine.segments, count, seed)),
        )


def places_along(
    segments: RoadSegments, count: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions on roads, (count,) longitudes and latitudes, by the length of the roads."""
    rng = np.random.default_rng(seed)
    lon, lat = segments.point_lon * DEGREES_PER_UNIT, segments.point_lat * DEGREES_PER_UNIT
    last = segments.first_point[1:] - 1
    piece = np.setdiff1d(np.arange(len(lon) - 1), last)
    owner = np.searchsorted(segments.first_point, piece, side="right") - 1
    piece = piece[segments.is_stop_allowed[owner]]
    length = np.hypot(
        (lon[piece + 1] - lon[piece]) * np.cos(np.radians(lat[piece])), lat[piece + 1] - lat[piece]
    )
    chosen = rng.choice(piece, count, p=length / length.sum())
    share = rng.uniform(0, 1, count)
    return (
        lon[chosen] + share * (lon[chosen + 1] - lon[chosen]),
        lat[chosen] + share * (lat[chosen + 1] - lat[chosen]),
    )


def measure(
    ours: RoadEngine, osrm: RoadEngine, lon: NDArray[np.float64], lat: NDArray[np.float64]
) -> Times:
    """Ask both for the ways between all places that lie on a road for both."""
    at_ours, at_osrm = ours.snap(lon, lat), osrm.snap(lon, lat)
    is_common = (at_ours.straight_m < SAME_ROAD_M) & (at_osrm.straight_m < SAME_ROAD_M)
    chosen = np.nonzero(is_common)[0]
    ours_s, ours_m = _roads(ours, at_ours[chosen])
    osrm_s, osrm_m = _roads(osrm, at_osrm[chosen])
    return Times(lon[chosen], lat[chosen], ours_s, osrm_s, ours_m, osrm_m)


def _roads(
    engine: RoadEngine, places: SnappedPlaces
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    matrix = engine.matrix(places, places)
    access_s = places.access_s[:, None] + places.access_s
    access_m = places.access_m[:, None] + places.access_m
    is_way = matrix.is_reachable & ~np.eye(len(places), dtype=np.bool_)
    return (
        np.where(is_way, matrix.duration_s - access_s, np.nan),
        np.where(is_way, matrix.distance_m - access_m, np.nan),
    )


def summary(name: str, times: Times) -> Comparison:
    """Figures over all ways that both know and that are not very short."""
    is_known = np.isfinite(times.ours_s) & np.isfinite(times.osrm_s)
    of_use = is_known & (np.fmin(times.ours_s, times.osrm_s) >= SHORTEST_S)
    ratio = times.ours_s[of_use] / times.osrm_s[of_use]
    p10, median, p90 = np.percentile(ratio, [10, 50, 90])
    correlation = np.corrcoef(times.ours_s[of_use], times.osrm_s[of_use])[0, 1]
    return Comparison(
        extract=name,
        median_ratio=round(float(median), 4),
        p10=round(float(p10), 4),
        p90=round(float(p90), 4),
        correlation=round(float(correlation), 4),
        length_ratio=round(float(np.median(times.ours_m[of_use] / times.osrm_m[of_use])), 4),
        count=int(of_use.sum()),
        ours_only=int((np.isfinite(times.ours_s) & np.isnan(times.osrm_s)).sum()),
        osrm_only=int((np.isnan(times.ours_s) & np.isfinite(times.osrm_s)).sum()),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Our travel times beside those of OSRM.")
    parser.add_argument("extracts", nargs="*", type=Path, help="default: those of the data folder")
    parser.add_argument("--places", type=int, default=PLACES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one line for each extract")
    chosen = parser.parse_args(arguments)
    paths = chosen.extracts or [data_folder() / "osm" / f"{name}.osm.pbf" for name in EXTRACTS]
    for path in paths:
        try:
            found = compare(street_engine(path), path, chosen.places, chosen.seed)
        except (OsrmProgramsError, OSError) as error:
            sys.exit(str(error))
        if chosen.json:
            print(json.dumps(asdict(found)))
        else:
            print(
                f"{found.extract}: median ratio {found.median_ratio:.3f} (10 % below "
                f"{found.p10:.3f}, 10 % above {found.p90:.3f}), correlation "
                f"{found.correlation:.4f}, {found.count} ways, {found.ours_only} only ours, "
                f"{found.osrm_only} only OSRM's"
            )


if __name__ == "__main__":
    main()
