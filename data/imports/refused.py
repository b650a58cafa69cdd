"""
Rows that were refused, as a CSV file: to be mended and sent again.

It has the columns of the file that they come from, and some that say why. A text that a spreadsheet
program would take for a formula is written with an apostrophe before it, which goes again when the
file comes back.
"""

import csv
import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO, TextIOWrapper

from data.imports.cell import Cell, as_text
from data.imports.refused_columns import REFUSED_COLUMNS, is_returned
from data.imports.table import Row, RowError, Table

ENCODING = "utf-8-sig"
"""With the mark by which spreadsheet programs know it."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]", re.DOTALL)
_GUARDED = re.compile(r"'+[=+\-@\t\r]", re.DOTALL)
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


def guarded(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; numbers stay as they are."""
    if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def unguarded_rows(table: Table) -> Table:
    """A table as it was before its rows were refused, if it is one of those."""
    if not is_returned(table.columns):
        return table

    def rows() -> Iterator[Row]:
        for row in table.rows():
            yield replace(row, cells=tuple(map(_unguarded, row.cells)))

    return replace(table, rows=rows)


def _unguarded(cell: Cell) -> Cell:
    return unguarded(cell) if isinstance(cell, str) else cell


class RefusedFile:
    """
    Collects rows, compressed as they come: there may be as many as the file has.

    Parameters
    ----------
    columns, delimiter
        Of the file that they come from; its own columns of an earlier refusal are replaced.
    """

    def __init__(self, columns: tuple[str, ...], delimiter: str) -> None:
        self._kept = [k for k, column in enumerate(columns) if column not in REFUSED_COLUMNS]
        self._bytes = BytesIO()
        # Without a time in it, so that equal rows are equal bytes.
        self._zipped = gzip.GzipFile(fileobj=self._bytes, mode="wb", compresslevel=6, mtime=0)
        self._text = TextIOWrapper(self._zipped, ENCODING, newline="")
        self._writer = csv.writer(self._text, delimiter=delimiter or ";")
        self._writer.writerow([*(guarded(columns[k]) for k in self._kept), *REFUSED_COLUMNS])
        self.count = 0

    def add(self, row: Row, errors: Sequence[RowError]) -> None:
        """A row with all that is wrong with it."""
        self.count += 1
        cells = [guarded(as_text(row.cells[k])) if row.cells else "" for k in self._kept]
        why = (
            str(row.number),
            ", ".join(dict.fromkeys(error.column for error in errors if error.column)),
            ", ".join(dict.fromkeys(error.code for error in errors)),
            " ".join(error.detail for error in errors),
            row.text,
        )
        self._writer.writerow([*cells, *map(guarded, why)])

    def finish(self) -> bytes | None:
        """The compressed file; None where no row was refused. Nothing can be added then."""
        self._text.close()
        return self._bytes.getvalue() if self.count else None
