"""What stands in a cell, whatever kind of file it comes from."""

from typing import Any

import orjson

Cell = str | int | float | bool | list[Any] | dict[str, Any]
"""Text, or what a sheet or JSON has as a number. Empty is the empty text."""

EXACT_DIGITS = 15
"""Digits of a number that sheets keep; of a longer one the last are lost."""


def as_text(cell: Cell) -> str:
    """
    As somebody would write it.

    Numbers have a point, and never three decimals exactly, which might be read as thousands.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list | dict):
        return orjson.dumps(cell).decode()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**EXACT_DIGITS:
        return str(int(cell))
    text = repr(cell)
    _, point, decimals = text.partition(".")
    return f"{text}0" if point and len(decimals) == 3 and decimals.isdecimal() else text


def is_empty(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def tidy(text: str) -> str:
    """In one line, without signs that no text has."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())
