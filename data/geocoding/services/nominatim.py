"""
Nominatim: https://nominatim.org/release-docs/develop/api/Search/.

Its answers tell what was found by `class`, `type`, `addresstype` and `place_rank`:
https://nominatim.org/release-docs/develop/customize/Ranking/.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

from geopy.geocoders import Nominatim

from data.geocoding.address import AddressQuery
from data.geocoding.places import Level
from data.geocoding.services.judging import Answer
from data.geocoding.services.service import Question
from geo import Location

MOST_ANSWERS = 10

ROAD_RANKS = (26, 27)
HOUSE_RANK = 28
"""From here on: houses, and what stands in a street."""

SMALLEST_AREA_RANK = 13
"""Districts, counties and what is larger have ranks below, and are no answer to an address."""

AREAS = frozenset(
    {"country", "state", "region", "province", "county", "state_district", "district"}
)
"""The same for servers that tell no rank."""

TOWNS = ("city", "town", "village", "municipality", "hamlet")
PARTS = ("city_district", "suburb", "borough", "quarter", "neighbourhood", "isolated_dwelling")


class NominatimSource:
    """
    Parameters
    ----------
    geocoder
        Of geopy.
    """

    name = "nominatim"
    attribution = "© OpenStreetMap contributors"
    keeps_days: int | None = None

    def __init__(self, geocoder: Nominatim) -> None:
        self._geocoder = geocoder

    def questions(self, query: AddressQuery) -> tuple[Question, ...]:
        """In fields first, which finds nothing where one of them is wrong; then as one text."""
        fields = {
            "street": " ".join((query.house_number, query.street)).strip(),
            "city": query.place.strip(),
            "postalcode": query.postcode.strip(),
        }
        town = f"{query.postcode} {query.place}".strip()
        text = ", ".join(part for part in (fields["street"], town) if part)
        given = {key: value for key, value in fields.items() if value}
        return (
            partial(self._asked, given, query.country),
            partial(self._asked, text, query.country),
        )

    def _asked(self, query: Mapping[str, str] | str, country: str) -> list[Answer]:
        found = self._geocoder.geocode(
            query,
            exactly_one=False,
            limit=MOST_ANSWERS,
            addressdetails=True,
            country_codes=country.lower() or None,
        )
        return [answer for one in found or () if (answer := read(one.raw)) is not None]


def read(raw: Mapping[str, Any]) -> Answer | None:
    """One result; None where it is too large to be the answer to an address."""
    level = _level(raw)
    if level is None:
        return None
    address = raw.get("address") or {}
    places = [address[key] for key in (*TOWNS, *PARTS) if address.get(key)]
    street = address.get("road") or address.get("pedestrian") or address.get("footway") or ""
    if level is Level.STREET and not street:
        street = raw.get("name") or ""
    return Answer(
        level,
        Location(float(raw["lon"]), float(raw["lat"])),
        raw["display_name"],
        # In places without streets the place stands for one.
        street or address.get("place") or "",
        address.get("house_number") or "",
        address.get("postcode") or "",
        tuple(dict.fromkeys(places)),
        (address.get("country_code") or "").upper(),
    )


def _level(raw: Mapping[str, Any]) -> Level | None:
    kind, value = raw.get("class") or raw.get("category"), raw.get("type")
    is_of, rank = raw.get("addresstype"), raw.get("place_rank")
    if "postcode" in (value, is_of) or value == "postal_code":
        return Level.POSTCODE
    if kind == "highway" or is_of == "road" or rank in ROAD_RANKS:
        return Level.STREET
    number = (raw.get("address") or {}).get("house_number")
    if number and (rank is None or rank >= HOUSE_RANK):
        # A way that is nothing but a house is a line between two houses that are known.
        is_line = kind == "place" and raw.get("osm_type") == "way"
        return Level.INTERPOLATED if is_line or value == "houses" else Level.HOUSE
    if rank is not None and rank >= HOUSE_RANK:
        return Level.STREET
    is_large = is_of in AREAS if rank is None else rank < SMALLEST_AREA_RANK
    return None if is_large else Level.PLACE
