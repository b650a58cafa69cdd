"""Numbers as people write them: 1.234,56 and 1,234.56, with currencies and thousands."""

import math
import re
from collections.abc import Iterable

from data.imports.cell import Cell, as_text
from data.imports.values.errors import InvalidValueError

COMMA, POINT = ",", "."

SIGNS: dict[str, str] = {
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "£": "GBP",
    "gbp": "GBP",
    "chf": "CHF",
    "fr.": "CHF",
    "sfr.": "CHF",
    "fr": "CHF",
    "us dollar": "USD",
    "dollar": "USD",
    "pound sterling": "GBP",
    "swiss franc": "CHF",
    "schweizer franken": "CHF",
    "franken": "CHF",
}
"""What stands before or after an amount, and which currency is meant."""

FACTORS: dict[str, float] = {
    "t": 1e3,
    "k": 1e3,
    "tsd": 1e3,
    "tsd.": 1e3,
    "mio": 1e6,
    "mio.": 1e6,
    "m": 1e6,
    "mrd": 1e9,
    "mrd.": 1e9,
    "bn": 1e9,
}

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'\u2019]+")
_NUMBER = re.compile(r"[+-]?(?:\d[\d.,]*|[.,]\d+)")
_SCIENTIFIC = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}")
_AMOUNT = re.compile(r"([^\d+\-.,]*)\s*([+-]?[^A-Za-z€$£]*?)\s*(?:,-+|\.-+)?([^\d]*)")
_GROUPS = {mark: re.compile(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+") for mark in ".,"}


def decimal_mark_of(cells: Iterable[Cell]) -> str | None:
    """
    Whether a column writes decimals with a comma or a point; None where nothing tells.

    Each value that can be read one way only has a vote. `1.234` alone has none.
    """
    votes = {COMMA: 0, POINT: 0}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        mark = _certain_mark(_bare(cell))
        if mark is not None:
            votes[mark] += 1
    if votes[COMMA] == votes[POINT]:
        return None
    return max(votes, key=lambda mark: votes[mark])


def read_number(cell: Cell, mark: str | None, what: str = "a number") -> float:
    """
    A number without a unit.

    Parameters
    ----------
    mark
        Of decimals, as `decimal_mark_of` finds it. A value that can only be read the other way is
        read so. None: `1.234` and `1,234` are thousands, since money has no three decimals.

    Raises
    ------
    InvalidValueError
        When it is none.
    """
    if isinstance(cell, bool | list | dict):
        raise _no_number(as_text(cell), what)
    if isinstance(cell, int | float):
        return _finite(float(cell), what)
    text = _SPACES.sub("", cell)
    if _SCIENTIFIC.fullmatch(text):
        return _finite(float(text.replace(",", ".")), what)
    if not _NUMBER.fullmatch(text):
        raise _no_number(cell, what)
    mark = _certain_mark(text) or mark or _mark_beside_thousands(text)
    other = COMMA if mark == POINT else POINT
    if other in text and not _GROUPS[other].fullmatch(text.partition(mark)[0]):
        raise _no_number(cell, what)
    try:
        return _finite(float(text.replace(other, "").replace(mark, ".")), what)
    except ValueError:
        raise _no_number(cell, what) from None


def read_amount(cell: Cell, mark: str | None, currency: str) -> float:
    """
    Money in a currency, which may stand beside it; `T€`, `k` and `Mio.` count.

    Raises
    ------
    InvalidValueError
        When it is none, negative, or in another currency.
    """
    number, unit = _split(cell)
    factor = 1.0
    if unit:
        found, factor = _unit(unit)
        if found is None and factor == 1.0:
            raise _no_number(as_text(cell), "an amount such as 12.500 or 12,500 €")
        if found is not None and found != currency:
            raise InvalidValueError(
                "OTHER_CURRENCY",
                f"{as_text(cell)!r} is in {found}; amounts of this data set are in {currency}. "
                "Convert it, or leave the cell empty.",
            )
    amount = read_number(number, mark, "an amount such as 12.500 or 12,500 €") * factor
    if amount < 0:
        raise InvalidValueError(
            "OUT_OF_RANGE", f"{as_text(cell)!r} is negative. Give 0 or more, or leave it empty."
        )
    return amount


def read_currency(cell: Cell) -> str:
    """
    ISO 4217 of a code, a sign or a name in English or German.

    Raises
    ------
    InvalidValueError
        When it is none.
    """
    text = as_text(cell).strip()
    code = SIGNS.get(text.casefold(), text.upper())
    if not re.fullmatch("[A-Z]{3}", code):
        raise InvalidValueError(
            "UNKNOWN_VALUE", f"{text[:60]!r} is no currency. Write its code, such as EUR."
        )
    return code


def _certain_mark(text: str) -> str | None:
    """The decimal mark of a number that can be read one way only."""
    if not _NUMBER.fullmatch(text):
        return None
    marks = [letter for letter in text if letter in ".,"]
    if not marks:
        return None
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return COMMA if marks[0] == POINT else POINT  # only thousands repeat
    before, _, after = text.lstrip("+-").partition(marks[0])
    is_group = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    return None if is_group else marks[0]


def _mark_beside_thousands(text: str) -> str:
    return POINT if COMMA in text else COMMA


def _bare(text: str) -> str:
    """Without a unit, so that `1.234,50 €` has a vote too."""
    return _SPACES.sub("", str(_split(text)[0]))


def _split(cell: Cell) -> tuple[Cell, str]:
    """A number and the unit beside it."""
    if not isinstance(cell, str):
        return cell, ""
    found = _AMOUNT.fullmatch(cell.strip())
    if found is None:
        return cell, ""
    return found[2], f"{found[1]} {found[3]}".strip().casefold()


def _unit(text: str) -> tuple[str | None, float]:
    """The currency and the factor that a unit tells; none and 1 where it tells nothing known."""
    currency, factor = None, 1.0
    words = _SPACES.sub(" ", text).split()
    for word in words:
        if word in SIGNS:
            currency = SIGNS[word]
        elif word in FACTORS:
            factor *= FACTORS[word]
        elif word[:1] in ("t", "k") and word[1:] in SIGNS:
            currency, factor = SIGNS[word[1:]], factor * FACTORS[word[0]]
        else:
            return None, 1.0
    return currency, factor


def _finite(number: float, what: str) -> float:
    if not math.isfinite(number):
        raise _no_number(str(number), what)
    return number


def _no_number(text: str, what: str) -> InvalidValueError:
    return InvalidValueError("NO_NUMBER", f"{text[:60]!r} is not {what}.")
