"""What each service answers is read for what it is: a house, a street, a town."""

from typing import Any

import pytest

from data.geocoding.places import Level
from data.geocoding.services import google, nominatim, photon

Raw = dict[str, Any]

ADDRESS: Raw = {
    "road": "Königsplatz",
    "suburb": "Mitte",
    "city": "Kassel",
    "postcode": "34117",
    "country_code": "de",
}


def of_nominatim(**facts: Any) -> Raw:
    return {
        "osm_type": "node",
        "lat": "51.3155",
        "lon": "9.4935",
        "display_name": "53, Königsplatz, Mitte, Kassel, 34117, Deutschland",
        "address": ADDRESS,
        **facts,
    }


HOUSE: Raw = {"address": {**ADDRESS, "house_number": "53"}, "place_rank": 30}


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        ({**HOUSE, "class": "place", "type": "house", "addresstype": "place"}, "house"),
        ({**HOUSE, "class": "building", "type": "yes", "addresstype": "building"}, "house"),
        ({**HOUSE, "class": "shop", "type": "bakery", "addresstype": "shop"}, "house"),
        # A number between two that are known, told as a house on a way.
        ({**HOUSE, "class": "place", "type": "house", "osm_type": "way"}, "interpolated"),
        ({**HOUSE, "class": "place", "type": "houses", "osm_type": "way"}, "interpolated"),
        # A business of which only the street is known.
        ({"class": "shop", "type": "bakery", "place_rank": 30}, "street"),
        ({"class": "highway", "type": "residential", "place_rank": 26}, "street"),
        ({"class": "highway", "type": "primary"}, "street"),
        ({"class": "place", "type": "postcode", "place_rank": 21}, "postcode"),
        ({"class": "boundary", "type": "postal_code", "addresstype": "postcode"}, "postcode"),
        ({"class": "boundary", "type": "administrative", "place_rank": 16}, "place"),
        ({"class": "place", "type": "village", "place_rank": 19}, "place"),
        ({"class": "boundary", "type": "administrative", "place_rank": 12}, None),
        ({"class": "boundary", "type": "administrative", "place_rank": 4}, None),
        ({"class": "boundary", "type": "administrative", "addresstype": "county"}, None),
        # jsonv2 calls the class a category.
        ({**HOUSE, "category": "place", "type": "house"}, "house"),
    ],
)
def test_nominatim(facts: Raw, level: str | None) -> None:
    found = nominatim.read(of_nominatim(**facts))
    assert (None if found is None else found.level.value) == level


def test_parts_of_an_address_of_nominatim() -> None:
    found = nominatim.read(of_nominatim(**HOUSE, **{"class": "place", "type": "house"}))
    assert found is not None
    assert (found.street, found.house_number, found.postcode) == ("Königsplatz", "53", "34117")
    assert found.places == ("Kassel", "Mitte")
    assert found.country == "DE"
    assert (found.location.lon, found.location.lat) == (9.4935, 51.3155)


def of_photon(**facts: Any) -> Raw:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [9.4935, 51.3155]},
        "properties": {"countrycode": "DE", "postcode": "34117", "city": "Kassel", **facts},
    }


@pytest.mark.parametrize(
    ("facts", "level", "label"),
    [
        (
            {"type": "house", "street": "Königsplatz", "housenumber": "53", "osm_key": "place"},
            "house",
            "Königsplatz 53, 34117 Kassel",
        ),
        (
            {"type": "house", "street": "Königsplatz", "name": "Bäcker", "osm_key": "shop"},
            "street",
            "Königsplatz, 34117 Kassel",
        ),
        ({"type": "house", "name": "Turm", "osm_key": "man_made"}, "place", "34117 Kassel"),
        (
            {"type": "street", "name": "Königsplatz", "osm_key": "highway"},
            "street",
            "Königsplatz, 34117 Kassel",
        ),
        (
            {"name": "Königsplatz", "osm_key": "highway", "osm_value": "pedestrian"},
            "street",
            "Königsplatz, 34117 Kassel",
        ),
        ({"type": "other", "osm_value": "postcode", "osm_key": "place"}, "postcode", None),
        ({"type": "city", "name": "Kassel", "osm_key": "place"}, "place", "34117 Kassel"),
        ({"type": "district", "name": "Mitte", "osm_key": "place"}, "place", "34117 Mitte"),
        ({"type": "county", "name": "Landkreis Kassel", "osm_key": "boundary"}, None, None),
        ({"type": "state", "name": "Hessen", "osm_key": "boundary"}, None, None),
        ({"type": "country", "name": "Deutschland", "osm_key": "place"}, None, None),
        ({"type": "other", "name": "Fulda", "osm_key": "waterway"}, None, None),
    ],
)
def test_photon(facts: Raw, level: str | None, label: str | None) -> None:
    found = photon.read(of_photon(**facts))
    assert (None if found is None else found.level.value) == level
    if found is not None and label is not None:
        assert found.label == label


def part(name: str, *kinds: str, short: str = "") -> Raw:
    return {"long_name": name, "short_name": short or name, "types": list(kinds)}


TOWN = (
    part("Kassel", "locality", "political"),
    part("Deutschland", "country", "political", short="DE"),
)
STREET = part("Königsplatz", "route")
NUMBER = part("53", "street_number")
CODE = part("34117", "postal_code")


def of_google(kinds: list[str], exactness: str, *parts: Raw, **facts: Any) -> Raw:
    return {
        "address_components": [*parts, *TOWN],
        "formatted_address": "Königsplatz 53, 34117 Kassel, Deutschland",
        "geometry": {"location": {"lat": 51.3155, "lng": 9.4935}, "location_type": exactness},
        "place_id": "ChIJ",
        "types": kinds,
        **facts,
    }


@pytest.mark.parametrize(
    ("raw", "level"),
    [
        (of_google(["street_address"], "ROOFTOP", NUMBER, STREET, CODE), "house"),
        (of_google(["premise"], "ROOFTOP", NUMBER, STREET, CODE), "house"),
        (of_google(["establishment"], "ROOFTOP", NUMBER, STREET, CODE), "house"),
        (of_google(["street_address"], "RANGE_INTERPOLATED", NUMBER, STREET), "interpolated"),
        (of_google(["premise"], "GEOMETRIC_CENTER", NUMBER, STREET), "house"),
        # It has the number, and says that it does not know where that is.
        (of_google(["street_address"], "APPROXIMATE", NUMBER, STREET), "street"),
        (of_google(["route"], "GEOMETRIC_CENTER", STREET), "street"),
        (of_google(["establishment"], "ROOFTOP", STREET), "street"),
        (of_google(["postal_code"], "APPROXIMATE", CODE), "postcode"),
        (of_google(["locality", "political"], "APPROXIMATE"), "place"),
        # However sure it calls itself: the middle of a town is no house.
        (of_google(["locality", "political"], "ROOFTOP"), "place"),
        (of_google(["postal_town"], "APPROXIMATE"), "place"),
        (of_google(["administrative_area_level_1", "political"], "APPROXIMATE"), None),
        (of_google(["country", "political"], "APPROXIMATE"), None),
    ],
)
def test_google(raw: Raw, level: str | None) -> None:
    found = google.read(raw)
    assert (None if found is None else found.level.value) == level


def test_google_says_itself_that_a_match_is_partial() -> None:
    raw = of_google(["street_address"], "ROOFTOP", NUMBER, STREET, CODE, partial_match=True)
    found = google.read(raw)
    assert found is not None
    assert found.level is Level.HOUSE
    assert found.certainty == google.PARTIAL
    assert (found.country, found.places) == ("DE", ("Kassel",))
