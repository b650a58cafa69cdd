"""Rows of delimited text. One with wrong quotes is refused alone, and does not swallow others."""

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from itertools import islice

from data.errors import InvalidImportFileError
from data.imports.cell import Cell
from data.imports.csv_dialect import SAMPLE_LINES, announced_delimiter, delimiter_of
from data.imports.encoding import decoded_with, encoding_of
from data.imports.file_kind import FileKind
from data.imports.header import LOOKED_AT, column_names, header_row_of
from data.imports.limits import MAX_CELL_LETTERS, MAX_ROWS
from data.imports.table import Reading, Row, RowError, Table

MAX_LINES_OF_A_ROW = 200
"""A row with more line breaks in it has a quote that was not closed."""

SHOWN_LETTERS = 200


def read_csv(
    content: bytes, encoding: str = "", delimiter: str = "", header_row: int | None = None
) -> Table:
    """
    Delimited text as a table.

    Parameters
    ----------
    encoding, delimiter, header_row
        Found out unless given.

    Raises
    ------
    InvalidImportFileError
        When it is no text, or has no usable header.
    """
    encoding = decoded_with(content, encoding) if encoding else encoding_of(content)
    delimiter = delimiter or delimiter_of(list(islice(_text(content, encoding), SAMPLE_LINES)))
    first = list(islice(_records(content, encoding, delimiter), LOOKED_AT))
    if header_row is None:
        header_row = header_row_of([record.cells for record in first])
    header = next(islice(_records(content, encoding, delimiter), header_row - 1, None), None)
    if header is None:
        raise InvalidImportFileError(
            "NO_HEADER", f"The file has no row {header_row}, which should name the columns."
        )
    if header.fault:
        raise InvalidImportFileError(
            "NO_HEADER",
            f"The row that names the columns cannot be read: {header.fault} Mend row {header_row}.",
        )
    columns = column_names(header.cells)
    return Table(
        Reading(FileKind.CSV, encoding, delimiter, header_row=header_row),
        columns,
        lambda: _rows(content, encoding, delimiter, header_row, columns),
        lambda: _count(content, encoding, delimiter, header_row),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    cells: list[str]
    fault: str = ""
    text: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.fault and not any(cell.strip() for cell in self.cells)


class _Feed:
    """
    Lines for a csv reader, which can be given back.

    Raises
    ------
    csv.Error
        When one row wants too many of them.
    """

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._given_back: deque[str] = deque()
        self.taken: list[str] = []

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES_OF_A_ROW:
            raise csv.Error("unexpected end of data")
        line = self._given_back.popleft() if self._given_back else next(self._lines)
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> str:
        first, *others = self.taken
        self._given_back.extendleft(reversed(others))
        return first


def _text(content: bytes, encoding: str) -> Iterator[str]:
    # Not in one piece: decoded at once, a file would be in memory three times.
    return iter(TextIOWrapper(BytesIO(content), encoding, newline=""))


def _lines(content: bytes, encoding: str) -> Iterator[str]:
    """Without a first line that only tells the delimiter."""
    lines = _text(content, encoding)
    first = next(lines, None)
    if first is None:
        return
    if announced_delimiter(first) is None:
        yield first
    yield from lines


def _records(content: bytes, encoding: str, delimiter: str) -> Iterator[_Record]:
    """All records, blank ones too, as a spreadsheet would number them."""
    feed = _Feed(_lines(content, encoding))
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.taken.clear()
        try:
            yield _Record(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            if not feed.taken:
                return
            text = feed.give_back_all_but_first()
            yield _Record([], _in_words(error), text.rstrip("\r\n"))


def _in_words(error: csv.Error) -> str:
    if "expected after" in str(error):
        return "After a closing quote comes something else than the delimiter."
    if "field limit" in str(error):
        return f"A cell has more than {MAX_CELL_LETTERS:,} letters."
    return "A quote is opened and not closed."


def _rows(
    content: bytes, encoding: str, delimiter: str, header_row: int, columns: tuple[str, ...]
) -> Iterator[Row]:
    width = len(columns)
    count = 0
    for number, record in enumerate(_records(content, encoding, delimiter), start=1):
        if number <= header_row or record.is_blank:
            continue
        count += 1
        if count > MAX_ROWS:
            raise too_many_rows()
        if record.fault:
            error = RowError(
                number, "", record.text[:SHOWN_LETTERS], "UNREADABLE_ROW",
                f"{record.fault} Mend the quotes of this row.",
            )  # fmt: skip
            yield Row(number, error=error, text=record.text)
        elif any(cell.strip() for cell in record.cells[width:]):
            text = delimiter.join(record.cells)
            error = RowError(
                number, "", text[:SHOWN_LETTERS], "TOO_MANY_CELLS",
                f"The row has {len(record.cells)} cells, the header {width}. Put texts that hold "
                f"{_name_of(delimiter)} into quotes.",
            )  # fmt: skip
            yield Row(number, error=error, text=text)
        else:
            cells: list[Cell] = [*record.cells[:width]]
            cells += [""] * (width - len(cells))
            yield Row(number, tuple(cells))


def _count(content: bytes, encoding: str, delimiter: str, header_row: int) -> int:
    records = islice(_records(content, encoding, delimiter), header_row, None)
    count = 0
    for record in records:
        count += not record.is_blank
        if count > MAX_ROWS:
            raise too_many_rows()
    return count


def _name_of(delimiter: str) -> str:
    return {"\t": "a tab", ";": "a semicolon", ",": "a comma"}.get(delimiter, f"a {delimiter!r}")


def too_many_rows() -> InvalidImportFileError:
    return InvalidImportFileError(
        "TOO_MANY_ROWS",
        f"The file has more than {MAX_ROWS:,} rows. Split it and send the parts one after the "
        "other.",
    )
