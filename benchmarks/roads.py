"""
How fast roads are read, ordered and asked, from an extract to a graph of a million junctions.

    python -m benchmarks.roads --json

Seconds are CPU seconds on one core. Every part runs in a process of its own, so that its peak of
memory is its own. `docs/benchmarks.md` says what the figures mean; `benchmarks/road_tiles.py` how
the large graph is made. The extracts come from the data folder of the benchmarks.
"""

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.instances import data_folder
from benchmarks.osrm_server import OsrmProgramsError, osrm_programs

Figures = dict[str, Any]

EXTRACTS = ("porto-2015", "liechtenstein-2024")
CITY = "porto-2015"
COUNTRY = "liechtenstein-2024"

COUNTRY_MB = 4_000
"""About Germany's extract."""

TARGETS = {
    "read_mb_per_s": (9.0, "at least"),
    "rest_mb_per_s": (1.5, "at least"),
    "start_s": (3.0, "at most"),
    "matrix_500_s": (1.2, "at most"),
    "detours_24000_s": (0.15, "at most"),
    "path_ms": (5.0, "at most"),
    "metric_s": (0.5, "at most"),
    "max_relative_difference": (0.0, "at most"),
    "osrm_median_distance_from_1": (0.1, "at most"),
    "osrm_correlation": (0.99, "at least"),
    "country_minutes": (20.0, "at most"),
    "country_gb": (8.0, "at most"),
}
"""Of the last line and what follows from it. Of OSRM only where it was asked."""


def run_part(name: str, module: str = "road_parts", **arguments: Any) -> Figures:
    """
    One part in a process of its own.

    Raises
    ------
    SystemExit
        When it fails, with what it said.
    """
    command = [sys.executable, "-m", f"benchmarks.{module}", name, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"The part {name} failed:\n{done.stderr}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def measure_extracts(folder: Path) -> Figures:
    """Reading the two extracts, roads and the rest."""
    figures: Figures = {}
    print("From an extract to a map (CPU seconds, best of three; MB of peak memory)")
    print(f"{'':<20}{'MB':>6}{'MB/s':>7}{'read':>7}{'peak':>6}{'join':>7}{'order':>7}{'rest':>7}"
          f"{'MB/s':>7}{'peak':>6}{'junctions':>11}")  # fmt: skip
    for name in EXTRACTS:
        extract = str(folder / f"{name}.osm.pbf")
        found = run_part("read", extract=extract) | run_part("rest", extract=extract)
        figures[name] = found
        print(
            f"{name:<20}{found['mb']:>6.2f}{found['mb'] / found['read_s']:>7.1f}"
            f"{found['read_s']:>7.2f}{found['read_peak_mb']:>6.0f}{found['compile_s']:>7.2f}"
            f"{found['order_s']:>7.2f}{found['rest_s']:>7.2f}"
            f"{found['mb'] / found['rest_s']:>7.2f}{found['rest_peak_mb']:>6.0f}"
            f"{found['junctions']:>11,}",
            flush=True,
        )
    return figures


def extrapolate(extracts: Figures, large: Figures) -> tuple[float, float]:
    """Minutes and GB of the road part of an extract of a country, with the reasoning printed."""
    city, country = extracts[CITY], extracts[COUNTRY]
    junctions = COUNTRY_MB * country["junctions"] / country["mb"]
    read_s = COUNTRY_MB * max(found["read_s"] / found["mb"] for found in extracts.values())
    join_s = junctions * city["compile_s"] / city["junctions"]
    growth = junctions / large["junctions"]
    order_s = large["build_s"] * growth * math.log(junctions) / math.log(large["junctions"])
    minutes = (read_s + join_s + order_s) / 60
    # Reading and joining hold the nodes of roads, ordering and writing hold junctions. Of the two
    # extracts the city has the more nodes; in the other the buffers count, which do not grow.
    nodes = COUNTRY_MB * country["nodes"] / country["mb"]
    node_bytes = city["bytes_per_node"]
    read_gb = node_bytes * nodes / 1e9
    order_gb = large["build_peak_mb"] * growth / 1000
    per_mb, order_min = country["junctions"] / country["mb"], order_s / 60
    large_million = large["junctions"] / 1e6
    _tell(
        f"The road part of an extract of {COUNTRY_MB:,} MB, extrapolated",
        ("junctions", f"{junctions / 1e6:.1f} million: {per_mb:,.0f} per MB as in {COUNTRY}"),
        ("", f"({CITY} is little else than roads: {city['junctions'] / city['mb']:,.0f} per MB)"),
        ("reading", f"{read_s / 60:.1f} min: as bytes, at the slower of the two rates"),
        ("joining", f"{join_s / 60:.1f} min: as junctions, at the rate of {CITY}"),
        (
            "ordering",
            f"{order_min:.1f} min: as n log n, from {large_million:.1f} million junctions",
        ),
        ("in all", f"{minutes:.1f} min; the aim is 20"),
        ("memory, reading", f"{read_gb:.1f} GB: {nodes / 1e6:.0f} million nodes of roads at"),
        ("", f"{node_bytes:.0f} bytes as in {CITY}, the most that is allocated at a time"),
        ("memory, ordering", f"{order_gb:.1f} GB: as junctions; the aim is 8 for either"),
    )
    return minutes, max(read_gb, order_gb)


def measure_large(folder: Path, cache: Path, junctions: int) -> Figures:
    """The graph of a million junctions: building it, if that was not done before, and asking it."""
    extract = str(folder / f"{CITY}.osm.pbf")
    made = cache / f"tiles-{junctions}"
    with tempfile.TemporaryDirectory() as single:
        # One tile, so that the code is compiled before the time of opening the large map is taken.
        run_part("prepare", extract=extract, folder=single, junctions=1)
        run_part("ask", folder=single)
    if not (made / "meta.json").exists():
        print(f"\nLaying tiles of {CITY} and ordering them (about a minute)", flush=True)
        with tempfile.TemporaryDirectory(prefix=f".{made.name}-", dir=cache) as parent:
            fresh = Path(parent) / made.name
            fresh.mkdir()
            run_part("prepare", extract=extract, folder=str(fresh), junctions=junctions)
            os.rename(fresh, made)
    counts = json.loads((made / "meta.json").read_text(encoding="utf-8"))["counts"]
    figures = run_part("ask", folder=str(made)) | counts
    figures["build_s"] = counts["build_ms"] / 1000
    f = figures
    _tell(
        f"{f['columns']} x {f['rows']} tiles of {CITY}: {f['junctions']:,} junctions, "
        "strongly connected",
        ("ordered and written", f"{f['build_s']:.1f} s, peak {f['build_peak_mb']:,} MB"),
        ("opened, first answer", f"{f['start_s']:.2f} s, peak {f['start_peak_mb']:,} MB"),
        ("", f"{f['own_mb']:.0f} MB of its own, code included; the rest lies in shared files"),
        ("metric no_motorway", f"{f['metric_s']:.2f} s, {f['metric_mb']:.0f} MB"),
        ("24,000 places snapped", f"{f['snap_24000_s']:.2f} s"),
        ("500 x 500", f"{f['matrix_500_s']:.3f} s, with metres"),
        ("24,000 x 2, both ways", f"{f['detours_24000_s']:.3f} s, with metres"),
        ("path", f"{f['path_ms']:.2f} ms, with line and streets; median way {f['way_km']:.0f} km"),
        ("places", f"in {f['tiles_with_places']} of {f['tiles']} tiles"),
        ("reachable pairs", f"{100 * f['reachable_share']:.2f} %"),
        ("against scipy", f"{f['max_relative_difference']:g}, the largest relative difference of"),
        ("", f"seconds and metres of {f['compared_pairs']:,} pairs"),
        ("peak while asking", f"{f['peak_mb']:,} MB"),
    )
    return figures


def measure_rivals(folder: Path, has_osrm: bool) -> Figures:
    """Others on the roads of the city."""
    extract = str(folder / f"{CITY}.osm.pbf")
    found = run_part("rivals", "road_rivals", extract=extract, has_osrm=has_osrm)
    ours = found["ours"]
    print(f"\nSide by side on {CITY} (seconds; how many times ours)")
    print(f"{'':<12}{'500 x 500':>18}{'24,000 x 2':>18}{'path, ms':>18}")
    for name in ("ours", "scipy", "networkx", "osrm"):
        times = found.get(name)
        if isinstance(times, dict):
            row = "".join(
                f"{times[key]:>10.3f}{times[key] / ours[key]:>7.1f}x"
                for key in ("matrix_s", "detours_s", "path_ms")
            )
            print(f"{name:<12}{row}  {_said_so(times)}")
        elif times is not None:
            print(f"{name:<12}{times}")
    if "comparison" in found:
        comparison = found["comparison"]
        print(
            f"Our times over OSRM's: median {comparison['median_ratio']}, correlation "
            f"{comparison['correlation']}, {comparison['count']:,} ways"
        )
    return found


def _said_so(times: Figures) -> str:
    if "share_of_matrix" in times:
        return f"extrapolated from {100 * times['share_of_matrix']:.1f} % of the matrix"
    if "share_of_detours" in times:
        share = 100 * times["share_of_detours"]
        return f"by the clock, over HTTP; detours extrapolated from {share:.0f} %"
    return ""


def _tell(title: str, *lines: tuple[str, str]) -> None:
    print(f"\n{title}")
    for label, text in lines:
        print(f"  {label:<24}{text}", flush=True)


def summary(extracts: Figures, large: Figures, rivals: Figures) -> Figures:
    """The last line."""
    comparison = rivals.get("comparison", {})
    parts = extracts.values()
    peaks = [
        found[f"{part}_peak_mb"]
        for found in parts
        for part in ("read", "compile", "order", "write", "rest")
    ]
    return {
        "junctions": large["junctions"],
        "read_mb_per_s": round(sum(p["mb"] for p in parts) / sum(p["read_s"] for p in parts), 2),
        "rest_mb_per_s": round(sum(p["mb"] for p in parts) / sum(p["rest_s"] for p in parts), 2),
        "build_s": round(large["build_s"], 1),
        "start_s": round(large["start_s"], 2),
        "matrix_500_s": round(large["matrix_500_s"], 3),
        "detours_24000_s": round(large["detours_24000_s"], 3),
        "path_ms": round(large["path_ms"], 2),
        "metric_s": round(large["metric_s"], 3),
        "max_relative_difference": large["max_relative_difference"],
        "osrm_median_ratio": comparison.get("median_ratio"),
        "osrm_correlation": comparison.get("correlation"),
        "peak_mb": round(max(*peaks, large["build_peak_mb"], large["peak_mb"])),
    }


def missed_aims(figures: Figures) -> list[str]:
    """Which of `TARGETS` were missed, and by what."""
    ratio = figures.get("osrm_median_ratio")
    if ratio is not None:
        figures = figures | {"osrm_median_distance_from_1": round(abs(ratio - 1), 3)}
    return [
        f"{name} {figures[name]} ({word} {aim:g})"
        for name, (aim, word) in TARGETS.items()
        if figures.get(name) is not None
        and (figures[name] < aim if word == "at least" else figures[name] > aim)
    ]


def _is_osrm_here() -> bool:
    try:
        osrm_programs()
    except OsrmProgramsError:
        return False
    return True


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.roads",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--junctions", type=int, default=1_000_000, help="of the large graph")
    parser.add_argument("--cache", type=Path, help="folder that keeps the large graph")
    parser.add_argument(
        "--osrm",
        action="store_true",
        help="fetch OSRM (20 MB) to compare with it; where it is, that is done anyway",
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    folder = data_folder() / "osm"
    print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    extracts = measure_extracts(folder)
    rivals = measure_rivals(folder, options.osrm or _is_osrm_here())
    with tempfile.TemporaryDirectory() as temporary:
        cache = options.cache or Path(temporary)
        cache.mkdir(parents=True, exist_ok=True)
        large = measure_large(folder, cache, options.junctions)
    minutes, gigabytes = extrapolate(extracts, large)
    figures = summary(extracts, large, rivals)
    more = {"country_minutes": round(minutes, 1), "country_gb": round(gigabytes, 1)}
    print(f"\nAims missed: {', '.join(missed_aims(figures | more)) or 'none'}")
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
