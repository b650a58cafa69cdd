"""Photon: https://github.com/komoot/photon/blob/master/docs/api-v1.md. It answers in GeoJSON."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from geopy.geocoders import Photon

from data.geocoding.address import AddressQuery
from data.geocoding.places import Level
from data.geocoding.services.judging import Answer
from data.geocoding.services.service import Question
from geo import Location

MOST_ANSWERS = 10

PLACES = frozenset({"city", "district", "locality"})
"""Its types of what an address lies in; counties, states and countries are too large to be one."""


class PhotonSource:
    """
    Parameters
    ----------
    geocoder
        Of geopy.
    """

    name = "photon"
    attribution = "© OpenStreetMap contributors"
    keeps_days: int | None = None

    def __init__(self, geocoder: Photon) -> None:
        self._geocoder = geocoder

    def questions(self, query: AddressQuery) -> tuple[Question, ...]:
        street = f"{query.street} {query.house_number}".strip()
        town = f"{query.postcode} {query.place}".strip()
        text = ", ".join(part for part in (street, town, query.country.upper()) if part)
        return (partial(self._asked, text),)

    def _asked(self, text: str) -> list[Answer]:
        found = self._geocoder.geocode(text, exactly_one=False, limit=MOST_ANSWERS)
        return [answer for one in found or () if (answer := read(one.raw)) is not None]


def read(raw: Mapping[str, Any]) -> Answer | None:
    """One feature; None where it is too large to be the answer to an address."""
    facts = raw["properties"]
    level = _level(facts)
    if level is None:
        return None
    lon, lat = raw["geometry"]["coordinates"]
    name, street = facts.get("name") or "", facts.get("street") or ""
    number, code = facts.get("housenumber") or "", facts.get("postcode") or ""
    names = [facts.get(key) for key in ("city", "district", "locality")]
    if level is Level.STREET:
        street = street or name
    elif level is Level.PLACE and facts.get("type") in PLACES:
        names = [name, *names]
    elif level is Level.POSTCODE:
        code = code or name
    places = tuple(dict.fromkeys(one for one in names if one))
    town = f"{code} {places[0] if places else ''}".strip()
    label = ", ".join(part for part in (f"{street} {number}".strip(), town) if part)
    return Answer(
        level,
        Location(float(lon), float(lat)),
        label or name,
        street,
        number,
        code,
        places,
        (facts.get("countrycode") or "").upper(),
    )


def _level(facts: Mapping[str, Any]) -> Level | None:
    kind = facts.get("type")
    if facts.get("osm_value") in ("postcode", "postal_code"):
        return Level.POSTCODE
    if kind == "street" or facts.get("osm_key") == "highway":
        return Level.STREET
    if kind == "house":
        if facts.get("housenumber"):
            return Level.HOUSE
        # A business without an address of its own stands somewhere in the street.
        return Level.STREET if facts.get("street") else Level.PLACE
    return Level.PLACE if kind in PLACES else None
