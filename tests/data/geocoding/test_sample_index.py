"""Towns and postcodes of the German sample, which has no streets."""

import pytest

from data.geocoding.address import AddressQuery
from data.geocoding.geocoder import Geocoder
from data.geocoding.places import Level
from data.geocoding.sample_index import sample_index


@pytest.fixture(scope="module")
def geocoder() -> Geocoder:
    return Geocoder(sample_index())


@pytest.mark.parametrize(
    ("text", "level", "label"),
    [
        ("Musterstr. 5, 34117 Kassel", Level.POSTCODE, "34117 Kassel"),
        ("D-80331", Level.POSTCODE, "80331 München"),
        ("Munich", Level.PLACE, "München, Bayern"),
        ("Musterweg 3, Mühnchen", Level.PLACE, "München, Bayern"),
        ("Frankfurt", Level.PLACE, "Frankfurt am Main, Hessen"),
    ],
)
def test_an_address_is_answered_by_postcode_or_town(
    geocoder: Geocoder, text: str, level: Level, label: str
) -> None:
    match = geocoder.find(AddressQuery(text))
    assert match is not None
    assert (match.best.level, match.best.label) == (level, label)
    assert match.source == "GeoNames"


@pytest.mark.parametrize(
    "text", ["Bahnhofstrasse 1, 8001 Zürich", "Stephansplatz 1, 1010 Wien", "75001 Paris"]
)
def test_addresses_abroad_are_not_found(geocoder: Geocoder, text: str) -> None:
    assert geocoder.find(AddressQuery(text)) is None
