"""Rows of a sheet of an XLSX workbook."""

import re
import warnings
import zipfile
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
    with _opened(content) as book:
        sheets = tuple(s.title for s in book.worksheets if s.sheet_state == "visible")
    if not sheets:
        raise InvalidImportFileError("NO_SHEET", "The workbook has no sheet that shows.")
    if sheet and sheet not in sheets:
        raise InvalidImportFileError(
            "NO_SHEET",
            f"The workbook has no sheet {sheet[:60]!r}. There are: {', '.join(sheets)[:300]}.",
        )
    chosen = sheet or _first_with_rows(content, sheets)
    first = list(islice(_raw_rows(content, chosen), LOOKED_AT))
    if header_row is None:
        header_row = header_row_of(first)
    header = next(islice(_raw_rows(content, chosen), header_row - 1, None), None)
    if header is None or all(is_empty(cell) for cell in header):
        raise InvalidImportFileError(
            "EMPTY_FILE" if not first else "NO_HEADER",
            f"The sheet {chosen!r} has no row {header_row}, which should name the columns.",
        )
    columns = column_names(header)
    above = sum(not all(map(is_empty, row)) for row in first[:header_row])
    return Table(
        Reading(FileKind.XLSX, sheet=chosen, header_row=header_row),
        columns,
        lambda: _rows(content, chosen, header_row, columns),
        lambda: max(0, _count_rows(content, chosen) - above),
        sheets,
    )


@contextmanager
def _opened(content: bytes) -> Iterator[Any]:
    with _reading():
        book = openpyxl.load_workbook(
            BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
    try:
        yield book
    finally:
        book.close()


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


def _first_with_rows(content: bytes, sheets: tuple[str, ...]) -> str:
    for name in sheets:
        if next(_raw_rows(content, name), None) is not None:
            return name
    raise InvalidImportFileError(
        "EMPTY_FILE", "The sheets of the workbook are empty. Send a table with a header."
    )


def _raw_rows(content: bytes, sheet: str) -> Iterator[list[Cell]]:
    """All rows down to the last one, empty ones too."""
    with _opened(content) as book:
        worksheet = book[sheet]
        # What a program says of the size may be wrong.
        worksheet.reset_dimensions()
        rows = worksheet.iter_rows()
        while True:
            with _reading():
                some = [[_value(cell) for cell in row] for row in islice(rows, ROWS_AT_ONCE)]
            yield from some
            if len(some) < ROWS_AT_ONCE:
                return


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


def _rows(content: bytes, sheet: str, header_row: int, columns: tuple[str, ...]) -> Iterator[Row]:
    width = len(columns)
    count = 0
    for number, cells in enumerate(_raw_rows(content, sheet), start=1):
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


def _count_rows(content: bytes, sheet: str) -> int:
    """Rows of a sheet with at least one value, counted in its XML."""
    with _opened(content) as book:
        path = book[sheet]._worksheet_path
    count = 0
    tail = b""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, archive.open(path.lstrip("/")) as part:
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
