"""The row with the names of the columns: which one it is, and what they are called."""

from collections.abc import Sequence

from data.errors import InvalidImportFileError
from data.imports.cell import Cell, as_text, is_empty, tidy
from data.imports.limits import MAX_COLUMNS

LOOKED_AT = 30
"""Rows among which the header is: reports begin with a title, a date and an empty row."""

WIDE_ENOUGH = 0.7
"""Share of the cells of the widest row: some columns may be without a name."""

MAX_NAME_LETTERS = 200


def header_row_of(rows: Sequence[Sequence[Cell]]) -> int:
    """
    Which of the first rows of a file is the header, counted from 1.

    The first that is nearly as wide as the widest, and holds text alone.
    """
    widths = [sum(not is_empty(cell) for cell in row) for row in rows]
    wanted = WIDE_ENOUGH * max(widths, default=0)
    for index, row in enumerate(rows):
        if widths[index] >= max(1, wanted) and all(isinstance(cell, str) for cell in row):
            return index + 1
    return 1


def column_names(header: Sequence[Cell]) -> tuple[str, ...]:
    """
    Names of the columns, up to the last that has one; one without is called by its letter.

    Raises
    ------
    InvalidImportFileError
        When there are none, too many, or two of one name.
    """
    names = [tidy(as_text(cell))[:MAX_NAME_LETTERS] for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise InvalidImportFileError(
            "NO_HEADER", "The row that should name the columns is empty. Name them in row 1."
        )
    if len(names) > MAX_COLUMNS:
        raise InvalidImportFileError(
            "TOO_MANY_COLUMNS",
            f"The file has {len(names):,} columns; {MAX_COLUMNS} are read. Remove those that are "
            "not needed.",
        )
    names = [name or f"Column {letters(index)}" for index, name in enumerate(names)]
    first_of: dict[str, int] = {}
    for index, name in enumerate(names):
        first = first_of.setdefault(name.casefold(), index)
        if first != index:
            raise InvalidImportFileError(
                "DUPLICATE_COLUMN",
                f"Columns {letters(first)} and {letters(index)} are both called {name!r}. Rename "
                "or remove one of them.",
            )
    return tuple(names)


def letters(index: int) -> str:
    """What spreadsheets call a column: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
