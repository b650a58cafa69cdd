"""Names and codes of countries."""

from collections.abc import Iterable
from functools import cache

from babel import Locale
from babel.core import get_global
from rapidfuzz import process

from data.geocoding.country_format import country_formats
from data.geocoding.names import spellings
from data.imports.cell import Cell, as_text, tidy
from data.imports.values.errors import InvalidValueError

LANGUAGES = ("de", "en", "fr", "it", "es", "nl", "pl", "cs", "da", "sv")

PLATES = {"D": "DE", "A": "AT", "FL": "LI", "F": "FR", "I": "IT", "E": "ES", "B": "BE", "L": "LU"}
"""Letters of number plates; the others are the codes themselves, or another country's code."""

SIMILAR = 85


def read_country(cell: Cell) -> str:
    """
    ISO 3166-1, two letters, of a name in one of `LANGUAGES`, a code or the letters of plates.

    Raises
    ------
    InvalidValueError
        When no country is called so.
    """
    text = tidy(as_text(cell))
    code = _by_code(text.upper())
    if code is not None:
        return code
    names = country_names()
    for form in spellings(text):
        if form in names:
            return names[form]
    near = process.extractOne(min(spellings(text), default=""), list(names), score_cutoff=SIMILAR)
    hint = f" Did you mean {names[near[0]]}?" if near else ""
    raise InvalidValueError(
        "UNKNOWN_COUNTRY",
        f"There is no country {text[:60]!r}.{hint} Write its name or its code, such as DE.",
    )


def _by_code(text: str) -> str | None:
    if text in PLATES:
        return PLATES[text]
    if len(text) == 2 and text in codes():
        return text
    if len(text) in (2, 3) and text.isalpha():
        alias = get_global("territory_aliases").get(text, ())
        if len(alias) == 1 and alias[0] in codes():
            return str(alias[0])
    return None


@cache
def codes() -> frozenset[str]:
    territories: Iterable[str] = map(str, Locale("en").territories)
    return frozenset(
        code for code in territories if len(code) == 2 and code.isalpha() and code != "ZZ"
    )


@cache
def country_names() -> dict[str, str]:
    """Codes by the spellings of names."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if code in codes():
                for form in spellings(name):
                    found.setdefault(form, code)
    for country in country_formats().values():
        for name in country.names:
            for form in spellings(name):
                found.setdefault(form, country.code)
    return found
