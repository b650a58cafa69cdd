"""Streets, and whole addresses in one cell."""

import re

from data.geocoding.country_format import GENERIC, country_formats
from data.imports.cell import Cell, as_text, tidy
from data.imports.values.countries import read_country
from data.imports.values.errors import InvalidValueError
from data.imports.values.texts import read_text

MOST = 200


def read_street(cell: Cell) -> str:
    """
    Street with the house number; of several lines the one that has a number, else the first.

    CRMs keep the building, the floor or `c/o` in further lines.

    Raises
    ------
    InvalidValueError
        When it is too long.
    """
    lines = [tidy(line) for line in as_text(cell).splitlines() if line.strip()]
    numbered = (line for line in lines if any(letter.isdigit() for letter in line))
    return read_text(next(numbered, lines[0] if lines else ""), MOST, "A street")


def joined_street(street: str, number: str, country: str) -> str:
    """Street and house number as the country writes them; the number is not written twice."""
    if not street or not number or re.search(rf"\b{re.escape(number)}$", street, re.IGNORECASE):
        return street or number
    known = country_formats().get(country, GENERIC)
    return f"{number} {street}" if known.number_first else f"{street} {number}"


def split_address(cell: Cell, country: str) -> tuple[str, str, str, str]:
    """
    Street, postcode, town and country of an address in one cell, such as
    `Hauptstr. 1, 34117 Kassel, Germany`.

    Parameters
    ----------
    country
        Of addresses that name none.

    Raises
    ------
    InvalidValueError
        When it is too long, or holds no postcode between street and town.
    """
    text = re.sub(r"[\r\n;|]+", ", ", as_text(cell))
    parts = [tidy(part) for part in text.split(",") if part.strip()]
    named = ""
    if len(parts) > 1 and not any(letter.isdigit() for letter in parts[-1]):
        try:
            named = read_country(parts[-1])
        except InvalidValueError:
            pass
        else:
            parts.pop()
    known = country_formats().get(named or country, GENERIC)
    prefix = r"(?:[A-Z]{1,3}[- ]{1,3})?"
    before = re.compile(rf"(.*?)[\s,]*\b{prefix}({known.postcode})\s+(\D.*)", re.IGNORECASE)
    after = re.compile(rf"(.*)[\s,]+({known.postcode})()", re.IGNORECASE)
    line = ", ".join(parts)
    found = before.fullmatch(line) or after.fullmatch(line)
    if found is None:
        raise InvalidValueError(
            "NO_ADDRESS",
            f"{line[:80]!r} has no postcode between street and town. Write it as in "
            f"{known.written('Hauptstraße', '1', '34117', 'Kassel')!r}, or in columns of its own.",
        )
    street, postcode, town = (part.strip(" ,") for part in found.groups())
    if not town:
        street, _, town = street.rpartition(",")
    return (
        read_text(street, MOST, "A street"),
        postcode.upper(),
        read_text(town, MOST, "A town"),
        named,
    )
