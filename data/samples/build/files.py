"""Writes the sample's files so that the same content gives the same bytes."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, mapping

from data.samples.build.places import PostcodeRow, TownRow

COORDINATE_GRID_DEG = 1e-4


def write_arrays(path: Path, arrays: dict[str, NDArray[Any]]) -> None:
    """A compressed npz; numpy dates its members 1980, whatever the day."""
    np.savez_compressed(path, **arrays)  # type: ignore[arg-type]


def write_postcodes(path: Path, rows: Iterable[PostcodeRow]) -> None:
    header = ("code", "place", "state", "lon", "lat", "accuracy", "is_spread")
    _write_csv(
        path,
        header,
        (
            (
                row.code,
                row.place,
                row.state,
                f"{row.lon:.5f}",
                f"{row.lat:.5f}",
                row.accuracy,
                int(row.is_spread),
            )
            for row in rows
        ),
    )


def write_towns(path: Path, rows: Iterable[TownRow]) -> None:
    """Alternate names are separated by `|`."""
    header = ("name", "alternates", "state", "lon", "lat", "population")
    _write_csv(
        path,
        header,
        (
            (
                row.name,
                "|".join(row.alternates),
                row.state,
                f"{row.lon:.5f}",
                f"{row.lat:.5f}",
                row.population,
            )
            for row in rows
        ),
    )


def write_outline(path: Path, home: str, shapes: dict[str, MultiPolygon]) -> None:
    """GeoJSON; `kind` is `outline` for the sample's country and `neighbour` for the others."""
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "outline" if name == home else "neighbour", "name": name},
            "geometry": _rounded(shape),
        }
        for name, shape in shapes.items()
    ]
    collection = {"type": "FeatureCollection", "features": features}
    _write_gzip(path, json.dumps(collection, ensure_ascii=False, separators=(",", ":")))


def _rounded(shape: MultiPolygon) -> dict[str, object]:
    rounded = shapely.set_precision(shape, COORDINATE_GRID_DEG)
    geometry = mapping(MultiPolygon([p for p in shapely.get_parts(rounded) if not p.is_empty]))
    decimals = 4

    def plain(value: object) -> object:
        if isinstance(value, tuple | list):
            return [plain(item) for item in value]
        return round(float(value), decimals)  # type: ignore[arg-type]

    return {"type": geometry["type"], "coordinates": plain(geometry["coordinates"])}


def _write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    _write_gzip(path, buffer.getvalue())


def _write_gzip(path: Path, text: str) -> None:
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=9, mtime=0) as file,
    ):
        file.write(text.encode())
