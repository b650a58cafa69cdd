"""Google: https://developers.google.com/maps/documentation/geocoding/requests-geocoding."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from babel.languages import get_official_languages
from geopy.geocoders import GoogleV3

from data.geocoding.address import AddressQuery
from data.geocoding.places import Level
from data.geocoding.services.judging import Answer
from data.geocoding.services.service import Question
from geo import Location

HOUSES = frozenset({"street_address", "premise", "subpremise"})
STREETS = frozenset({"route", "intersection"})
PLACES = frozenset(
    {
        "locality",
        "postal_town",
        "sublocality",
        "sublocality_level_1",
        "neighborhood",
        "colloquial_area",
        "administrative_area_level_3",
        "administrative_area_level_4",
    }
)
"""Types of results; others, such as regions and countries, are no answer to an address."""

TOWNS = ("locality", "postal_town", "administrative_area_level_3", "sublocality", "neighborhood")

PARTIAL = 0.7
"""Certainty of a result of which Google says that it is not all that was asked for."""


class GoogleStatusError(Exception):
    """
    Google answers that something is wrong.

    Parameters
    ----------
    status
        `REQUEST_DENIED` and the like.
    text
        What it says of it.
    """

    def __init__(self, status: str, text: str) -> None:
        super().__init__(status)
        self.status, self.text = status, text


class Geocoder(GoogleV3):
    """geopy's, with the status that Google gives, of which geopy makes one for several."""

    def _check_status(self, response: Mapping[str, Any]) -> None:
        status = response.get("status")
        if status not in ("OK", "ZERO_RESULTS"):
            raise GoogleStatusError(str(status), str(response.get("error_message") or ""))


class GoogleSource:
    """
    Parameters
    ----------
    geocoder
        With the key.
    """

    name = "google"
    attribution = "Google"
    # Its terms allow no longer: https://cloud.google.com/maps-platform/terms/maps-service-terms.
    keeps_days: int | None = 30

    def __init__(self, geocoder: Geocoder) -> None:
        self._geocoder = geocoder

    def questions(self, query: AddressQuery) -> tuple[Question, ...]:
        street = f"{query.street} {query.house_number}".strip()
        town = f"{query.postcode} {query.place}".strip()
        text = ", ".join(part for part in (street, town) if part)
        return (partial(self._asked, text, query.country.upper()),)

    def _asked(self, text: str, country: str) -> list[Answer]:
        languages = get_official_languages(country) if country else ()
        found = self._geocoder.geocode(
            text,
            exactly_one=False,
            components={"country": country} if country else None,
            # Otherwise München is Munich, and is not what was asked for.
            language=languages[0] if languages else None,
        )
        return [answer for one in found or () if (answer := read(one.raw)) is not None]


def read(raw: Mapping[str, Any]) -> Answer | None:
    """One result; None where it is too large to be the answer to an address."""
    level = _level(raw)
    if level is None:
        return None
    parts: dict[str, str] = {}
    country = ""
    for component in raw["address_components"]:
        for kind in component["types"]:
            parts.setdefault(kind, component["long_name"])
            if kind == "country":
                country = component["short_name"]
    where = raw["geometry"]["location"]
    return Answer(
        level,
        Location(float(where["lng"]), float(where["lat"])),
        raw["formatted_address"],
        parts.get("route", ""),
        parts.get("street_number", ""),
        parts.get("postal_code", ""),
        tuple(dict.fromkeys(parts[kind] for kind in TOWNS if kind in parts)),
        country,
        PARTIAL if raw.get("partial_match") else 1.0,
    )


def _level(raw: Mapping[str, Any]) -> Level | None:
    kinds, exactness = set(raw["types"]), raw["geometry"]["location_type"]
    has_number = any("street_number" in one["types"] for one in raw["address_components"])
    if exactness == "RANGE_INTERPOLATED":
        return Level.INTERPOLATED
    if has_number and (exactness == "ROOFTOP" or kinds & HOUSES):
        # The middle of a house is the house; that of anything else is not.
        is_house = exactness == "ROOFTOP" or exactness == "GEOMETRIC_CENTER"
        return Level.HOUSE if is_house else Level.STREET
    if kinds & STREETS or any("route" in one["types"] for one in raw["address_components"]):
        return Level.STREET
    if "postal_code" in kinds:
        return Level.POSTCODE
    return Level.PLACE if kinds & PLACES else None
