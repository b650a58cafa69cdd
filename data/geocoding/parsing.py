"""
Reads an address in free text: which part may be what, the likeliest reading first.

Order and separators differ by country and by writer, so a text has several readings; the index
says which of them exists. Postcode and house number split the text where commas are missing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from data.geocoding.country_format import CountryFormat, country_formats
from data.geocoding.house_number import NUMBER, HouseNumber, read_house_number
from data.geocoding.names import spellings

MOST_READINGS = 24
MOST_PARTS = 8

_SEPARATORS = re.compile(r"[,;|\n\r\t()]+")
_NUMBER = re.compile(rf"(?<![\w.]){NUMBER}(?![\w.])")
_LIKE_POSTCODE = re.compile(r"(?<![\w-])(\d{3,6})(?=\s+[^\W\d]{2})")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """
    One reading of an address.

    Parameters
    ----------
    postcode
        In capitals without blanks.
    places
        Names of what the street lies in, or may: not all need be known.
    country
        ISO 3166-1; empty: not said.
    house_name
        A name in place of a number.
    is_complete
        Whether every digit of the text is explained. Otherwise no house may be concluded from it.
    """

    street: str = ""
    number: HouseNumber | None = None
    postcode: str = ""
    places: tuple[str, ...] = ()
    country: str = ""
    house_name: str = ""
    is_complete: bool = True


class AddressParser:
    """
    Parameters
    ----------
    formats
        Of the countries of the index, the most likely first. Postcodes of all other countries that
        have a file are recognised too, so that they are not taken for anything else.
    knows_place
        Whether a text is exactly the name of a place in the index.
    knows_postcode
        Whether the index has this postcode, in capitals without blanks.
    """

    def __init__(
        self,
        formats: Sequence[CountryFormat],
        knows_place: Callable[[str], bool],
        knows_postcode: Callable[[str], bool],
    ) -> None:
        self._knows_place = knows_place
        self._knows_postcode = knows_postcode
        self._number_first = formats[0].number_first
        everyone = list(dict.fromkeys((*formats, *country_formats().values())))
        self._countries = {
            form: one.code for one in reversed(everyone) for name in one.names
            for form in spellings(name)
        }  # fmt: skip
        self._postcodes = [(one, _postcode_pattern(one)) for one in everyone]
        words = sorted({word for one in everyone for word in one.unit_words})
        self._units = re.compile(rf"\b(?:{'|'.join(words)})\b\.?\s*\d+\w?\b", re.IGNORECASE)

    def read(self, text: str, country: str = "") -> list[ParsedAddress]:
        """Readings of a text, likeliest first, each once."""
        plain = self._units.sub(",", unicodedata.normalize("NFC", text))
        parts = [" ".join(part.split()) for part in _SEPARATORS.split(plain)]
        parts = [_trimmed(part) for part in parts if part.strip(" .-/")][:MOST_PARTS]
        parts, named = self._take_country(parts)
        readings = (
            replace(reading, postcode=code, country=prefix or named or country)
            for code, prefix, rest in self._postcode_readings(parts)
            for reading in self._street_readings(rest)
        )
        found: dict[ParsedAddress, None] = {}
        for reading in readings:
            found[reading] = None
            if len(found) == MOST_READINGS:
                break
        return list(found)

    def read_fields(
        self, street: str, number: str, postcode: str, place: str, country: str = ""
    ) -> list[ParsedAddress]:
        """Readings of an address in fields; only the street may hold something else, a number."""
        code, prefix = _plain_code(postcode), ""
        for one, pattern in self._postcodes:
            match = pattern.fullmatch(postcode.strip())
            if match:
                code = _plain_code(match["code"])
                prefix = one.code if match["prefix"] else ""
                break
        places = tuple(p for part in place.split(",") if (p := " ".join(part.split())))
        base = ParsedAddress(postcode=code, places=places, country=prefix or country)
        given = read_house_number(number)
        if number.strip() and given is None:
            return [replace(base, street=street.strip(), house_name=number.strip())]
        if given is not None or not street.strip():
            return [replace(base, street=street.strip(), number=given)]
        readings = []
        for reading in self._street_readings([street.strip()]):
            if not reading.places or reading.number is not None:
                merged = (*places, *reading.places)
                readings.append(
                    replace(reading, places=merged, postcode=code, country=base.country)
                )
        return list(dict.fromkeys(readings))[:MOST_READINGS]

    def _take_country(self, parts: list[str]) -> tuple[list[str], str]:
        """Leave out the country, which is named last or first."""
        for position in (-1, 0):
            if len(parts) > 1:
                for form in spellings(parts[position]):
                    code = self._countries.get(form)
                    if code is not None and not self._knows_place(parts[position]):
                        return (parts[:-1] if position else parts[1:]), code
        if parts:
            # Without a comma before it: 9490 Vaduz Liechtenstein.
            head, _, last = parts[-1].rpartition(" ")
            code = self._countries.get(next(iter(sorted(spellings(last))), ""))
            if head and code is not None and len(last) > 3 and not self._knows_place(parts[-1]):
                return [*parts[:-1], head], code
        return parts, ""

    def _postcode_readings(self, parts: list[str]) -> Iterator[tuple[str, str, list[str]]]:
        """Postcode, country of its prefix and the parts without it."""
        found: dict[tuple[int, int, int], tuple[bool, str, str]] = {}
        for one, pattern in self._postcodes:
            for k, part in enumerate(parts):
                for match in pattern.finditer(part):
                    code = _plain_code(match["code"])
                    prefix = one.code if match["prefix"] else ""
                    start, end = match.span()
                    is_known = self._knows_postcode(code)
                    found.setdefault((k, start, end), (is_known, code, prefix))
        if not found:
            for k, part in enumerate(parts):
                for match in _LIKE_POSTCODE.finditer(part):
                    found[k, match.start(1), match.end(1)] = (False, match[1], "")
        # A known one first, then one that a place follows or, last in the text, most likely.
        ranked = sorted(found.items(), key=lambda item: (not item[1][0], -len(item[1][1]),
                                                         -item[0][0], -item[0][1]))  # fmt: skip
        for (k, start, end), (_, code, prefix) in ranked[:3]:
            pieces = [_trimmed(parts[k][:start]), _trimmed(parts[k][end:])]
            yield code, prefix, [*parts[:k], *(p for p in pieces if p), *parts[k + 1 :]]
        if all(len(code) <= 4 and code.isdecimal() for _, code, _ in found.values()):
            yield "", "", parts

    def _street_readings(self, parts: list[str]) -> Iterator[ParsedAddress]:
        numbers = [(k, match) for k, part in enumerate(parts) for match in _NUMBER.finditer(part)]
        if not self._number_first:
            numbers.reverse()
        weak: list[ParsedAddress] = []
        for k, match in numbers:
            number = read_house_number(match[0])
            others = [*parts[:k], *parts[k + 1 :]]
            left = _trimmed(parts[k][: match.start()])
            right = _trimmed(parts[k][match.end() :])
            for street, rest in self._streets_beside(parts, k, left, right, others):
                yield from self._split(street, number, rest, weak)
        if not numbers:
            yield from self._without_number(parts, weak)
        elif not parts:
            yield ParsedAddress()
        yield from weak

    def _streets_beside(
        self, parts: list[str], k: int, left: str, right: str, others: list[str]
    ) -> Iterator[tuple[str, list[str]]]:
        """Where the street may stand when the number is known, and what else there is."""
        if left and right:
            both = [(left, [right, *others]), (right, [left, *others])]
            yield from reversed(both) if self._number_first else both
        elif left or right:
            yield left or right, others
        else:
            steps = (1, -1) if self._number_first else (-1, 1)
            for step in steps:
                if 0 <= k + step < len(parts):
                    street = parts[k + step]
                    yield street, [p for j, p in enumerate(parts) if j not in (k, k + step)]
            yield "", others

    def _split(
        self,
        street: str,
        number: HouseNumber | None,
        places: list[str],
        weak: list[ParsedAddress],
    ) -> Iterator[ParsedAddress]:
        """The street as it stands, and divided where a place may be beside it without a comma."""
        words = street.split()
        whole = _reading(street, number, places)
        divided = []
        for cut in range(1, min(len(words), 6)):
            begin, end = " ".join(words[:cut]), " ".join(words[cut:])
            for place, rest in ((end, begin), (begin, end)):
                reading = _reading(rest, number, [place, *places])
                if self._knows_place(place):
                    divided.append(reading)
                elif not places:
                    weak.append(reading)
        if places:
            yield whole
            yield from divided
        else:
            # With nothing else that could be the place, it is likely to be in here.
            yield from divided
            yield whole

    def _without_number(
        self, parts: list[str], weak: list[ParsedAddress]
    ) -> Iterator[ParsedAddress]:
        if parts and all(map(self._knows_place, parts)):
            yield _reading("", None, parts)
        for k, part in enumerate(parts):
            others = [*parts[:k], *parts[k + 1 :]]
            if others and self._knows_place(part):
                continue
            yield from self._split(part, None, others, weak)
            yield replace(_reading("", None, others), house_name=part)
            if others:
                after = replace(_reading(others[0], None, others[1:]), house_name=part)
                yield after
        yield _reading("", None, parts)


def _trimmed(part: str) -> str:
    """Without what joined it to others; a dot at its end is that of an abbreviation."""
    return part.strip(" -/").lstrip(". -")


def _reading(street: str, number: HouseNumber | None, places: Sequence[str]) -> ParsedAddress:
    named = tuple(place for place in places if place)
    is_complete = not any(_DIGITS.search(place) for place in named)
    return ParsedAddress(street, number, places=named, is_complete=is_complete)


def _postcode_pattern(one: CountryFormat) -> re.Pattern[str]:
    letters = "|".join(one.postcode_prefixes)
    prefix = rf"(?P<prefix>(?:(?:{letters})\s?-\s?)|(?:^(?:{letters})\s))?" if letters else (
        "(?P<prefix>(?!))?"
    )  # fmt: skip
    return re.compile(rf"(?<![\w-]){prefix}(?P<code>{one.postcode})(?!\w)", re.IGNORECASE)


def _plain_code(code: str) -> str:
    return re.sub(r"[\s-]", "", code).upper()
