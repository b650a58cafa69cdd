"""Longitudes and latitudes."""

import re

import orjson

from data.imports.cell import Cell, as_text
from data.imports.values.errors import InvalidValueError
from data.imports.values.numbers import COMMA, POINT

_DECIMAL = re.compile(r"[+-]?\d{1,6}(?:[.,]\d+)?")
_SEXAGESIMAL = re.compile(
    r"(\d{1,3})\s*[°º]\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['′’]\s*)?"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|''|”)\s*)?"
)
_NEGATIVE = frozenset("WS-")

MOST = {"longitude": 180.0, "latitude": 90.0}


def read_degrees(cell: Cell, what: str) -> float:
    """
    A longitude or latitude in degrees: 9.4967, 9,4967, 9,4967° O or 9°29'48"E.

    Parameters
    ----------
    what
        `longitude` or `latitude`.

    Raises
    ------
    InvalidValueError
        When it is none, or beyond 180 or 90.
    """
    degrees = _read(cell, what)
    most = MOST[what]
    if not -most <= degrees <= most:
        hint = ""
        if what == "latitude" and abs(degrees) <= MOST["longitude"]:
            hint = " Are longitude and latitude swapped?"
        elif isinstance(cell, int) or (isinstance(cell, str) and not set(cell) & {COMMA, POINT}):
            hint = " The decimal mark seems to be lost."
        raise InvalidValueError(
            "OUT_OF_RANGE",
            f"The {what} {as_text(cell)[:40]} lies beyond -{most:g} to {most:g} degrees.{hint}",
        )
    return degrees


def read_position(cell: Cell) -> tuple[float, float]:
    """
    Longitude and latitude of `[9.4967, 51.3155]`, also without the brackets.

    Raises
    ------
    InvalidValueError
        When it is something else, or one of them is.
    """
    value: object = cell
    if isinstance(cell, str):
        text = cell.strip()
        try:
            value = orjson.loads(text if text.startswith("[") else f"[{text}]")
        except orjson.JSONDecodeError:
            value = None
    if not isinstance(value, list) or len(value) != 2:
        raise InvalidValueError(
            "INVALID_FORMAT", f"{as_text(cell)[:60]!r} is no position such as [9.4967, 51.3155]."
        )
    return read_degrees(value[0], "longitude"), read_degrees(value[1], "latitude")


def _read(cell: Cell, what: str) -> float:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = as_text(cell).strip().upper().replace("\u2212", "-")
    sign = -1.0 if _NEGATIVE & {text[:1], text[-1:]} else 1.0
    bare = text.strip("NSEWO+- ")
    sexagesimal = _SEXAGESIMAL.fullmatch(bare)
    if sexagesimal is not None:
        parts = [float((part or "0").replace(",", ".")) for part in sexagesimal.groups()]
        return sign * (parts[0] + parts[1] / 60 + parts[2] / 3600)
    bare = bare.removesuffix("°").strip()
    if not _DECIMAL.fullmatch(bare):
        raise InvalidValueError(
            "NO_NUMBER", f"{as_text(cell)[:60]!r} is no {what} in degrees, such as 9.4967."
        )
    return sign * float(bare.replace(",", "."))
