"""
How addresses are written in a country, read from a file of `data/geocoding/countries/`.

Another country is another file. `docs/geocoding.md` explains the keys.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from data.errors import InvalidAddressFormatError

FOLDER = Path(__file__).parent / "countries"


@dataclass(frozen=True, slots=True, eq=False)
class CountryFormat:
    """
    How addresses are written in one country.

    Parameters
    ----------
    code
        ISO 3166-1, two letters.
    names
        By which the last line of an address may name it.
    postcode
        Regular expression of a whole one, in capitals.
    postcode_prefixes
        Letters of the country that may stand before it with a dash, as in D-34117.
    counts_as
        Codes of countries whose name is accepted for this one.
    postcode_typos
        Wrong signs that are forgiven in a postcode that the index does not know.
    postcode_reach_m
        How far from the middle of a postcode a house may lie that has none written at it.
    postcode_is_street
        Whether a postcode is so small that it may stand for the street, and outweighs the place.
    number_first
        Whether the house number stands before the street.
    slash
        What follows a slash in a house number: a `suffix`, which makes another house, or a `unit`
        within the house.
    label
        How an address is shown. Parts that are not known are left out with their blanks.
    unit_words
        What stands before the number of a flat or door, which says nothing of where the house is.
    endings, later_words, words
        Abbreviations and what they stand for: at the end of the last word, as any word but the
        first, as any word. A key with a dot needs it written.

    Raises
    ------
    InvalidAddressFormatError
        When a value cannot be.
    """

    code: str
    names: tuple[str, ...]
    postcode: str
    label: str
    postcode_prefixes: tuple[str, ...] = ()
    counts_as: tuple[str, ...] = ()
    postcode_typos: int = 0
    postcode_reach_m: float = 10_000.0
    postcode_is_street: bool = False
    number_first: bool = False
    slash: str = "suffix"
    unit_words: tuple[str, ...] = ()
    endings: Mapping[str, str] = field(default_factory=dict)
    later_words: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch("[A-Z]{2}", self.code):
            raise InvalidAddressFormatError(f"The code of a country is two letters: {self.code!r}.")
        if self.slash not in ("suffix", "unit"):
            raise InvalidAddressFormatError(f"slash of {self.code} is suffix or unit.")
        try:
            re.compile(self.postcode)
        except re.error as error:
            raise InvalidAddressFormatError(
                f"postcode of {self.code} is no regular expression: {error}."
            ) from error
        for part in ("{street}", "{number}", "{postcode}", "{place}"):
            if part not in self.label:
                raise InvalidAddressFormatError(f"label of {self.code} lacks {part}.")

    def is_postcode(self, code: str) -> bool:
        """Whether a text, in capitals, has the form of a postcode."""
        return re.fullmatch(self.postcode, code, re.IGNORECASE) is not None

    def written(self, street: str, number: str, postcode: str, place: str) -> str:
        """An address as it is written there; parts may be empty."""
        text = self.label.format(street=street, number=number, postcode=postcode, place=place)
        parts = (" ".join(part.split()) for part in text.split(","))
        return ", ".join(part for part in parts if part)


GENERIC = CountryFormat(
    code="ZZ",
    names=(),
    postcode=r"\d{4,6}",
    label="{street} {number}, {postcode} {place}",
    words={"sankt": "st", "saint": "st"},
    endings={"str": "strasse"},
    later_words={"rd": "road", "str": "strasse"},
)
"""For countries that have no file."""


@cache
def country_formats() -> Mapping[str, CountryFormat]:
    """
    All countries that have a file, by code.

    Raises
    ------
    InvalidAddressFormatError
        When a file cannot be used.
    """
    formats = [read_format(path) for path in sorted(FOLDER.glob("*.toml"))]
    return {one.code: one for one in formats}


def formats_of(codes: Iterable[str]) -> tuple[CountryFormat, ...]:
    """Formats of some countries in their order; those without a file share one."""
    known = country_formats()
    return tuple(dict.fromkeys(known.get(code, GENERIC) for code in codes)) or (GENERIC,)


def form_versions(codes: Iterable[str]) -> dict[str, str]:
    """
    By country, a value that changes with the forms of its streets, which are kept in an index.

    Postcodes, labels and the like are looked at when an address is asked for, and do not count.
    """
    known = country_formats()
    return {code: _form_version(known.get(code, GENERIC)) for code in codes}


def _form_version(rules: CountryFormat) -> str:
    words = [dict(rules.endings), dict(rules.later_words), dict(rules.words)]
    text = json.dumps(words, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_format(path: Path) -> CountryFormat:
    """
    Read the file of a country.

    Raises
    ------
    InvalidAddressFormatError
        When it is no TOML, a key is missing or unknown, or a value cannot be.
    """
    try:
        values: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        for key in ("names", "postcode_prefixes", "counts_as", "unit_words"):
            values[key] = tuple(values.get(key, ()))
        return CountryFormat(**values)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise InvalidAddressFormatError(f"{path.name} cannot be used: {error}.") from error
