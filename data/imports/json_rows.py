"""Rows of JSON lines: an object each. Objects in it become columns such as `address.street`."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from data.errors import InvalidImportFileError
from data.imports.cell import Cell
from data.imports.csv_rows import SHOWN_LETTERS, too_many_rows
from data.imports.encoding import encoding_of
from data.imports.file_kind import FileKind
from data.imports.header import column_names
from data.imports.limits import MAX_ROWS
from data.imports.table import Reading, Row, RowError, Table

DEEPEST = 4


def read_json(content: bytes) -> Table:
    """
    JSON lines as a table; also one array of objects, or an object that holds one as `items`.

    Raises
    ------
    InvalidImportFileError
        When no line is an object.
    """
    encoding = encoding_of(content)
    if encoding != "utf-8":
        content = content.decode(encoding).encode()
    objects = _whole(content)
    names: dict[str, None] = {}
    count = 0
    for _, value, _ in _objects(content, objects):
        count += 1
        if count > MAX_ROWS:
            raise too_many_rows()
        names.update(dict.fromkeys(value or ()))
    if not names:
        raise InvalidImportFileError(
            "NO_HEADER",
            "No line of the file is a JSON object with keys. Send one object per line.",
        )
    columns = column_names(list(names))
    return Table(
        Reading(FileKind.JSON, encoding, header_row=0),
        columns,
        lambda: _rows(content, objects, tuple(names), columns),
        lambda: count,
    )


def _whole(content: bytes) -> list[Any] | None:
    """The objects of a file that is one JSON value; None where it has one in each line."""
    try:
        value = orjson.loads(content)
    except (orjson.JSONDecodeError, RecursionError):
        return None
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        value = value["items"]
    return value if isinstance(value, list) else [value]


def _objects(
    content: bytes, objects: list[Any] | None
) -> Iterator[tuple[int, dict[str, Cell] | None, str]]:
    """The number of each, its keys and values, or None for what is no object, and its text."""
    if objects is not None:
        for number, value in enumerate(objects, start=1):
            flat = _flat(value) if isinstance(value, dict) else None
            yield number, flat, "" if flat is not None else str(value)[:SHOWN_LETTERS]
        return
    start, number = 0, 0
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        line, start, number = content[start:end].strip(), end + 1, number + 1
        if not line:
            continue
        try:
            value = orjson.loads(line)
        except (orjson.JSONDecodeError, RecursionError):
            value = None
        flat = _flat(value) if isinstance(value, dict) else None
        yield number, flat, "" if flat is not None else line.decode("utf-8", "replace")


def _flat(value: Mapping[str, Any], before: str = "", depth: int = 1) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for key, inner in value.items():
        name = f"{before}{key}"
        if isinstance(inner, dict) and depth < DEEPEST:
            found |= _flat(inner, f"{name}.", depth + 1)
        elif inner is not None:
            found[name] = inner
    return found


def _rows(
    content: bytes, objects: list[Any] | None, keys: tuple[str, ...], columns: tuple[str, ...]
) -> Iterator[Row]:
    for number, value, text in _objects(content, objects):
        if value is None:
            error = RowError(
                number, "", text[:SHOWN_LETTERS], "UNREADABLE_ROW",
                "The line is no JSON object. Send one object per line.",
            )  # fmt: skip
            yield Row(number, error=error, text=text)
        elif value:
            # A last key without a name is no column.
            yield Row(number, tuple(value.get(key, "") for key in keys[: len(columns)]))
