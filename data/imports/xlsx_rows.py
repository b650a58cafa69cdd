"""Rows of a sheet of an XLSX workbook."""

import marshal
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

import openpyxl

from data.errors import InvalidImportFileError
from data.imports.cell import Cell, is_empty
from data.imports.csv_rows import too_many_rows
from data.imports.file_kind import FileKind
from data.imports.header import LOOKED_AT, column_names, header_row_of
from data.imports.limits import MAX_ROWS
from data.imports.table import Reading, Row, RowError, Table
from data.imports.xlsx_guard import check_workbook, damaged

ROWS_AT_ONCE = 500
CHUNK = 1 << 20
ROW_START = re.compile(rb"<(?:\w+:)?row[\s>/]")
HAS_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)[\s>]")
LONGEST_TAG = 64

ZEROS = re.compile("0{2,}")
"""A format of numbers that fills up with zeros, as those of postcodes and ids do."""

ERROR_VALUES = frozenset(("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"))


def read_xlsx(content: bytes, sheet: str = "", header_row: int | None = None) -> Table:
    """
    A sheet as a table; the first that shows and holds something, unless one is named.

    Raises
    ------
    InvalidImportFileError
        When the workbook is too large or damaged, or the sheet has no usable header.
    """
    check_workbook(content)
    with _reading():
        book = openpyxl.load_workbook(
            BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        by_name = {s.title: s for s in book.worksheets if s.sheet_state == "visible"}
    sheets = tuple(by_name)
    if not sheets:
        raise InvalidImportFileError("NO_SHEET", "The workbook has no sheet that shows.")
    if sheet and sheet not in sheets:
        raise InvalidImportFileError(
            "NO_SHEET",
            f"The workbook has no sheet {sheet[:60]!r}. There are: {', '.join(sheets)[:300]}.",
        )
    chosen, all_rows = _first_with_rows({sheet: by_name[sheet]} if sheet else by_name)
    first = list(islice(all_rows, LOOKED_AT))
    if header_row is None:
        header_row = header_row_of(first)
    header = next(islice(all_rows, header_row - 1, None), None)
    if header is None:
        raise InvalidImportFileError(
            "NO_HEADER",
            f"The sheet {chosen!r} has no row {header_row}, which should name the columns.",
        )
    columns = column_names(header)
    above = sum(not all(map(is_empty, row)) for row in islice(all_rows, header_row))
    path = by_name[chosen]._worksheet_path.lstrip("/")
    return Table(
        Reading(FileKind.XLSX, sheet=chosen, header_row=header_row),
        columns,
        lambda: _rows(all_rows, header_row, columns),
        lambda: max(0, _count_rows(content, path) - above),
        sheets,
    )


@contextmanager
def _reading() -> Iterator[None]:
    with warnings.catch_warnings():
        # Of styles and extensions that are left out; we only want values.
        warnings.simplefilter("ignore")
        try:
            yield
        except Exception as error:
            # A damaged part makes openpyxl raise whatever it meets.
            raise damaged() from error


class _SheetRows:
    """
    All rows of a sheet down to the last one, empty ones too. Each is parsed once, when it is first
    wanted, and kept packed: parsing takes most of the time, and a table is read several times.
    """

    def __init__(self, worksheet: Any) -> None:
        # What a program says of the size may be wrong.
        worksheet.reset_dimensions()
        self._parsed = worksheet.iter_rows()
        self._packed: list[bytes] = []
        self._fault: InvalidImportFileError | None = None

    def __iter__(self) -> Iterator[list[Cell]]:
        index = 0
        while index < len(self._packed) or self._parse_some():
            yield from marshal.loads(zlib.decompress(self._packed[index]))
            index += 1

    def _parse_some(self) -> bool:
        if self._fault is not None:
            # What was parsed until then is not the whole sheet.
            raise self._fault
        try:
            with _reading():
                some = [
                    [_value(cell) for cell in row] for row in islice(self._parsed, ROWS_AT_ONCE)
                ]
        except InvalidImportFileError as error:
            self._fault = error
            raise
        if some:
            self._packed.append(zlib.compress(marshal.dumps(some), 1))
        return bool(some)


def _first_with_rows(by_name: dict[str, Any]) -> tuple[str, _SheetRows]:
    for name, worksheet in by_name.items():
        rows = _SheetRows(worksheet)
        if next(iter(rows), None) is not None:
            return name, rows
    raise InvalidImportFileError(
        "EMPTY_FILE", "The sheets of the workbook are empty. Send a table with a header."
    )


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return "" if value in ERROR_VALUES else value
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        if ZEROS.fullmatch(cell.number_format or "") and float(value).is_integer() and value >= 0:
            return f"{int(value):0{len(cell.number_format)}d}"
        return value
    return _moment(value)


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        has_time = (value.hour, value.minute, value.second) != (0, 0, 0)
        return value.isoformat(" ", "minutes") if has_time else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(value)


def _rows(all_rows: _SheetRows, header_row: int, columns: tuple[str, ...]) -> Iterator[Row]:
    width = len(columns)
    count = 0
    for number, cells in enumerate(all_rows, start=1):
        if number <= header_row or all(is_empty(cell) for cell in cells):
            continue
        count += 1
        if count > MAX_ROWS:
            raise too_many_rows()
        if any(not is_empty(cell) for cell in cells[width:]):
            error = RowError(
                number, "", "", "TOO_MANY_CELLS",
                f"The row has values beyond the last of the {width} columns that the header names.",
            )  # fmt: skip
            yield Row(number, tuple(cells[:width]), error)
        else:
            yield Row(number, (*cells, *[""] * (width - len(cells))))


def _count_rows(content: bytes, path: str) -> int:
    """Rows of a sheet with at least one value, counted in its XML."""
    count = 0
    tail = b""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(path) as part:
            while chunk := part.read(CHUNK):
                pieces = ROW_START.split(tail + chunk)
                tail = pieces.pop()
                count += sum(HAS_VALUE.search(piece) is not None for piece in pieces)
                if count > MAX_ROWS + 1:
                    raise too_many_rows()
                if len(tail) > CHUNK:
                    # A row of many cells: whether it holds a value is enough to know.
                    tail = b"<v>" if HAS_VALUE.search(tail) else tail[-LONGEST_TAG:]
    except (KeyError, zipfile.BadZipFile, OSError, EOFError) as error:
        raise damaged() from error
    return count + (HAS_VALUE.search(tail) is not None)
