"""Postcodes, with the zeros that spreadsheets take away."""

from data.imports.cell import Cell, as_text, tidy
from data.imports.values.errors import InvalidValueError

FIVE_DIGITS = {"DE": 4, "FR": 4, "ES": 4, "IT": 2, "US": 3, "FI": 3, "EE": 5, "HR": 5, "TR": 4}
"""Countries whose codes have five digits, and how many are left of the shortest without zeros."""

MOST_LETTERS = 20


def read_postcode(cell: Cell, country: str) -> str:
    """
    A postcode as the country writes it; 4109 in Germany is 04109.

    Raises
    ------
    InvalidValueError
        When it cannot be one.
    """
    if isinstance(cell, float) and not cell.is_integer():
        raise _invalid(as_text(cell))
    text = tidy(as_text(cell))
    if len(text) > MOST_LETTERS:
        raise _invalid(text)
    # Some programs write numbers with a decimal although there is none.
    text = text.removesuffix(".0") if text.removesuffix(".0").isdecimal() else text
    least = FIVE_DIGITS.get(country)
    if least is not None and text.isascii() and text.isdecimal() and least <= len(text) < 5:
        return text.zfill(5)
    return text


def _invalid(text: str) -> InvalidValueError:
    return InvalidValueError("INVALID_FORMAT", f"{text[:60]!r} is no postcode.")
