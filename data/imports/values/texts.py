"""Plain texts, and ids that are texts although sheets take them for numbers."""

import re

from data.imports.cell import EXACT_DIGITS, Cell, as_text, tidy
from data.imports.values.errors import InvalidValueError

_ROUNDED = re.compile(r"\d(?:[.,]\d+)?E[+-]\d{2,3}", re.IGNORECASE)
"""As spreadsheet programs show long numbers, and write them into CSV."""


def read_text(cell: Cell, most: int, what: str) -> str:
    """
    In one line.

    Raises
    ------
    InvalidValueError
        When it is longer than that.
    """
    return _checked(tidy(as_text(cell)), most, what)


def read_lines(cell: Cell, most: int, what: str) -> str:
    """
    With its line breaks.

    Raises
    ------
    InvalidValueError
        When it is longer than that.
    """
    lines = as_text(cell).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _checked("\n".join(map(tidy, lines)).strip(), most, what)


def read_id(cell: Cell, most: int = 200) -> str:
    """
    What a system calls something.

    Raises
    ------
    InvalidValueError
        When a spreadsheet program has rounded it, or it is too long.
    """
    if isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) >= 10**EXACT_DIGITS and isinstance(cell, float):
            raise InvalidValueError(
                "ROUNDED_ID",
                f"{cell:.0f} was kept as a number, of which spreadsheets know {EXACT_DIGITS} "
                "digits: the last are lost. Format the column as text and fill it again.",
            )
        if not float(cell).is_integer():
            raise InvalidValueError("ROUNDED_ID", f"{cell} is no id but a number with decimals.")
        return str(int(cell))
    text = tidy(as_text(cell))
    if _ROUNDED.fullmatch(text):
        raise InvalidValueError(
            "ROUNDED_ID",
            f"{text!r} is a number as spreadsheets shorten it: the digits of the id are lost. "
            "Format the column as text and export it again.",
        )
    return _checked(text, most, "An id")


def _checked(text: str, most: int, what: str) -> str:
    if len(text) > most:
        raise InvalidValueError(
            "TOO_LONG", f"{what} has {len(text):,} letters; {most:,} are kept. Shorten it."
        )
    return text
