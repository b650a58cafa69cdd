"""Addresses found in a made-up map of two towns, see `address_rows`."""

from pathlib import Path

import pytest

from data.errors import InvalidAddressError, InvalidRoadMapError, UnknownPlaceError
from data.geocoding.address import AddressQuery, GeocodeMatch
from data.geocoding.geocoder import Geocoder
from data.geocoding.places import Level
from geo import Location
from tests.data.geocoding.address_rows import LON, NORTH, SOUTH, write_map


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_map(tmp_path_factory.mktemp("towns"))


@pytest.fixture(scope="module")
def geocoder(folder: Path) -> Geocoder:
    return Geocoder.open(folder)


def found(geocoder: Geocoder, text: str) -> GeocodeMatch:
    match = geocoder.find(AddressQuery(text))
    assert match is not None, text
    return match


@pytest.mark.parametrize(
    "text",
    [
        "Landstrasse 3, 9490 Nordheim",
        "Landstrasse 3 9490 Nordheim",
        "Landstraße 3\nFL-9490 Nordheim\nLiechtenstein",
        "Landstr. 3, 9490 Nordheim",
        "Landstrasse 3, Nordheim",
        "Landstrasse 3 Nordheim",
        "LANDSTRASSE 3, 9490",
        "9490 Nordheim, Landstrasse 3",
        "9490 Nordheim Landstrasse 3",
        "3 Landstrasse, Nordheim",
        "Nordheim, Landstrasse 3",
        "Landstrase 3, 9490 Nordheim",
        "Landstrasse 3, Nordhiem",
        "Landstrasse 3, 9940 Nordheim",
        "Firma Muster AG, Landstrasse 3, CH-9490 Nordheim",
        "Landstrasse 3, Wohnung 4, 9490 Nordheim",
    ],
)
def test_a_house_is_found_however_its_address_is_written(geocoder: Geocoder, text: str) -> None:
    best = found(geocoder, text).best
    assert best.level is Level.HOUSE
    assert best.location == Location(round(LON + 3 * 0.00025, 7), NORTH)
    assert best.label == "Landstrasse 3, 9490 Nordheim"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Landstrasse 12 A, 9490 Nordheim", "Landstrasse 12a, 9490 Nordheim"),
        ("Sonneng. 4, Nordheim", "Sonnengasse 2-6, 9490 Nordheim"),
        ("Sonnengasse 2 - 6, Nordheim", "Sonnengasse 2-6, 9490 Nordheim"),
        ("Doktor-Albert-Kern-Str. 5, Nordheim", "Dr. Albert Kern-Strasse 5, 9490 Nordheim"),
        ("Landstrasse 1, Suedheim", "Landstrasse 1, 9495 Südheim"),
    ],
)
def test_suffixes_ranges_and_umlauts_are_read(geocoder: Geocoder, text: str, label: str) -> None:
    best = found(geocoder, text).best
    assert (best.level, best.label) == (Level.HOUSE, label)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Landstrasse 5, 9490 Nordheim", Level.INTERPOLATED),  # Südheim has one
        ("Landstrasse 12, 9490 Nordheim", Level.INTERPOLATED),  # only 12a is there
        ("Landstrasse 3a, 9490 Nordheim", Level.INTERPOLATED),
        ("Landstrasse 99, 9490 Nordheim", Level.STREET),
        ("Sonnengasse 3, Nordheim", Level.INTERPOLATED),  # 2-6 are the even ones
        ("Sonnengasse, Nordheim", Level.STREET),
        ("Neue Allee 3, 9490 Nordheim", Level.POSTCODE),
        ("Neue Allee 3, Nordheim", Level.PLACE),
        ("9490", Level.POSTCODE),
        ("Nordheim", Level.PLACE),
        ("Landstrasse 5, 9490 Südheim", Level.STREET),  # postcode and place contradict
    ],
)
def test_a_house_that_is_not_there_is_never_told(
    geocoder: Geocoder, text: str, level: Level
) -> None:
    assert found(geocoder, text).best.level is level


def test_a_missing_number_lies_between_its_neighbours(geocoder: Geocoder) -> None:
    """5 is half way from 3 to 7."""
    best = found(geocoder, "Landstrasse 5, 9490 Nordheim").best
    assert best.location.lon == pytest.approx(LON + 5 * 0.00025, abs=1e-6)
    assert best.house_number == "5"


@pytest.mark.parametrize(
    "text",
    [
        "Landstrasse 3, 10115 Berlin",
        "Landstrasse 3, 8001 Zürich",
        "Landstrasse 3, Hamburg",
        "Landstrasse 3, 8576 Nordheim",  # a namesake elsewhere
        "Landstrasse 3, 9490 Nordheim, Deutschland",
        "12 High Street, London SW1A 2AA",
        "Sonnenallee",
    ],
)
def test_addresses_of_elsewhere_are_not_found(geocoder: Geocoder, text: str) -> None:
    assert geocoder.find(AddressQuery(text)) is None


def test_an_address_without_a_place_is_ambiguous_where_two_towns_have_it(
    geocoder: Geocoder,
) -> None:
    match = found(geocoder, "Landstrasse 1")
    assert match.is_ambiguous
    labels = {match.best.label, *(one.label for one in match.alternatives)}
    assert labels == {"Landstrasse 1, 9490 Nordheim", "Landstrasse 1, 9495 Südheim"}
    assert match.best.confidence < 0.5


def test_the_spelling_that_is_written_wins(geocoder: Geocoder) -> None:
    for street in ("Bodastrasse", "Bödastrasse"):
        match = found(geocoder, f"{street} 4, Südheim")
        assert (match.best.street, match.is_ambiguous) == (street, False)


def test_fields_are_found_like_a_text(geocoder: Geocoder) -> None:
    for query in (
        AddressQuery(street="Landstrasse 3", postcode="9490", place="Nordheim"),
        AddressQuery(street="Landstrasse", house_number="3", place="Nordheim", country="LI"),
    ):
        match = geocoder.find(query)
        assert match is not None
        assert match.best.label == "Landstrasse 3, 9490 Nordheim"


def test_another_country_in_the_fields_is_not_found(geocoder: Geocoder) -> None:
    assert geocoder.find(AddressQuery("Landstrasse 3, 9490 Nordheim", country="DE")) is None


def test_the_confidence_falls_with_what_differs(geocoder: Geocoder) -> None:
    written, no_code, typo = (
        found(geocoder, text).best.confidence
        for text in (
            "Landstrasse 3, 9490 Nordheim",
            "Landstrasse 3, Nordheim",
            "Landstrase 3, Nordhiem",
        )
    )
    assert 1.0 == written > no_code > typo > 0.5


def test_every_answer_names_its_source(geocoder: Geocoder) -> None:
    match = found(geocoder, "Nordheim")
    assert match.source == "OpenStreetMap"
    assert "OpenStreetMap contributors" in match.attribution


def test_a_position_is_named_by_house_street_or_place(geocoder: Geocoder) -> None:
    """100 m of latitude are 0.0009 degrees."""
    at_house = geocoder.reverse(LON + 0.00025, NORTH - 0.0001)
    assert (at_house.best.level, at_house.best.label) == (
        Level.HOUSE,
        "Landstrasse 1, 9490 Nordheim",
    )
    assert at_house.distance_m == pytest.approx(11, abs=1)
    by_street = geocoder.reverse(LON + 0.00025, NORTH - 0.001)
    assert (by_street.best.level, by_street.best.street) == (Level.STREET, "Landstrasse")
    assert by_street.best.house_number is None
    assert geocoder.reverse(LON, SOUTH - 0.05).best.label == "Südheim"
    with pytest.raises(UnknownPlaceError):
        geocoder.reverse(0.0, 0.0)


def test_the_same_rows_make_the_same_file(tmp_path: Path, folder: Path) -> None:
    again = write_map(tmp_path)
    name = "addresses.sqlite"
    assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_a_folder_without_an_index_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(InvalidRoadMapError, match="Build the map again"):
        Geocoder.open(tmp_path)
    (tmp_path / "addresses.sqlite").write_bytes(b"no database " * 500)
    with pytest.raises(InvalidRoadMapError, match="cannot be read"):
        Geocoder.open(tmp_path)


@pytest.mark.parametrize(
    "fields",
    [{}, {"text": "  "}, {"text": "a", "place": "b"}, {"text": "x" * 301}, {"country": "LI"}],
)
def test_an_address_that_says_nothing_or_too_much_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(InvalidAddressError):
        AddressQuery(**fields)


@pytest.mark.parametrize(
    "text", ["?", "-", "12", ",,,", "()", "9", "a" * 300, "'; drop table", '"']
)
def test_odd_texts_are_answered_without_an_error(geocoder: Geocoder, text: str) -> None:
    geocoder.find(AddressQuery(text))
