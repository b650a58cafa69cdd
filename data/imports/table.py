"""A file as a table: named columns and numbered rows, read one after the other."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from data.imports.cell import Cell
from data.imports.file_kind import FileKind


@dataclass(frozen=True, slots=True)
class RowError:
    """
    Why a row was refused, or what is to be known of it.

    Parameters
    ----------
    row
        As the spreadsheet numbers it, the header being 1; the number of the line in JSON lines.
    column
        As the file calls it; empty for the row as a whole.
    value
        As it stands there.
    """

    row: int
    column: str
    value: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Row:
    """
    Parameters
    ----------
    number
        As in `RowError`.
    cells
        One for each column.
    error
        Why the row could not be read; there are no cells then.
    text
        Of a row that could not be read, as it stands in the file.
    """

    number: int
    cells: tuple[Cell, ...] = ()
    error: RowError | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """
    How a file is read.

    Parameters
    ----------
    encoding, delimiter
        Of text; empty otherwise.
    sheet
        Of a workbook; empty otherwise.
    header_row
        Number of the row with the names of the columns; 0 for JSON lines.
    """

    kind: FileKind
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int = 1

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value != ""}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(cls)}
        chosen = {name: value for name, value in values.items() if name in known}
        return cls(**{**chosen, "kind": FileKind(values["kind"])})


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """
    Parameters
    ----------
    columns
        Names, all different.
    rows
        Begins at the first row below the header each time it is called; empty rows are left out.
    count_rows
        How many there are, without making them; rows without a value may count where that is
        cheaper to tell.
    sheets
        Names of all sheets of a workbook.
    """

    reading: Reading
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Row]]
    count_rows: Callable[[], int]
    sheets: tuple[str, ...] = ()
