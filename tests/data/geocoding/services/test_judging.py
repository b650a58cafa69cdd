"""An answer from elsewhere is held against what was asked."""

from dataclasses import replace
from typing import Any

import pytest

from data.geocoding.address import AddressQuery
from data.geocoding.places import Level
from data.geocoding.services.judging import Answer, judged
from geo import Location

ASKED = AddressQuery(street="Königsplatz 53", postcode="34117", place="Kassel", country="DE")
HOUSE = Answer(
    Level.HOUSE,
    Location(9.4935, 51.3155),
    "Königsplatz 53, 34117 Kassel",
    "Königsplatz",
    "53",
    "34117",
    ("Kassel", "Mitte"),
    "DE",
)


def level_of(query: AddressQuery, **facts: Any) -> str | None:
    found = judged(query, [replace(HOUSE, **facts)])
    return found[0].level.value if found else None


def test_a_house_that_agrees_in_all_is_believed() -> None:
    (found,) = judged(ASKED, [HOUSE])
    assert (found.level, found.confidence) == (Level.HOUSE, 1.0)
    assert (found.street, found.house_number, found.place) == ("Königsplatz", "53", "Kassel")


@pytest.mark.parametrize("number", ["", "5", "53a", "54", "153", "53-1000"])
def test_another_house_number_or_none_is_never_the_house(number: str) -> None:
    assert level_of(ASKED, house_number=number) == "street"
    assert level_of(ASKED, house_number=number, level=Level.INTERPOLATED) == "street"


@pytest.mark.parametrize(
    ("street", "number"),
    [
        ("Königsplatz 53", "51-55"),
        ("Königsplatz 53", "51;53"),
        ("Königsplatz 53 A", "53a"),
        ("Königsplatz 51-55", "53"),
        ("53 Königsplatz", "53"),
        ("Koenigspl. 53", "53"),
        ("KÖNIGSPLATZ, 53", "53"),
    ],
)
def test_a_number_may_be_written_in_many_ways(street: str, number: str) -> None:
    assert level_of(replace(ASKED, street=street), house_number=number) == "house"


def test_a_date_in_the_name_of_a_street_is_no_number() -> None:
    asked = replace(ASKED, street="Straße des 17. Juni 135")
    assert level_of(asked, street="Straße des 17. Juni", house_number="135") == "house"
    assert level_of(asked, street="Straße des 17. Juni", house_number="17") == "street"


def test_a_number_that_was_not_asked_for_is_a_guess() -> None:
    assert level_of(replace(ASKED, street="Königsplatz")) == "street"


def test_a_door_in_austria_is_in_its_house() -> None:
    asked = AddressQuery(street="Ring 12/3", postcode="1010", place="Wien", country="AT")
    vienna = {"street": "Ring", "postcode": "1010", "places": ("Wien",), "country": "AT"}
    assert level_of(asked, **vienna, house_number="12") == "house"


def test_another_street_is_not_the_one_that_was_asked_for() -> None:
    (found,) = judged(ASKED, [replace(HOUSE, street="Wilhelmsstraße")])
    assert (found.level, found.house_number) == (Level.PLACE, None)
    assert found.confidence < 0.7
    assert level_of(ASKED, street="") == "place"


def test_a_street_with_a_letter_wrong_is_the_same() -> None:
    (found,) = judged(ASKED, [replace(HOUSE, street="Königplatz")])
    assert found.level is Level.HOUSE
    assert 0.85 < found.confidence < 1


def test_another_postcode_or_another_town_is_no_house() -> None:
    assert level_of(ASKED, postcode="34119") == "street"
    assert level_of(ASKED, places=("Fuldatal",)) == "street"
    assert level_of(ASKED, postcode="99999", places=("Erfurt",)) is None
    assert level_of(ASKED, country="AT") is None


def test_what_the_answer_does_not_say_takes_little_confidence() -> None:
    (found,) = judged(ASKED, [replace(HOUSE, postcode="")])
    assert found.level is Level.HOUSE
    assert found.confidence == 0.95


def test_an_address_without_a_town_is_never_certain() -> None:
    (found,) = judged(replace(ASKED, postcode="", place=""), [HOUSE])
    assert found.confidence == 0.6


def test_towns_and_postcodes_of_another_name_are_no_answer() -> None:
    town = {"level": Level.PLACE, "street": "", "house_number": ""}
    assert level_of(ASKED, **town, places=("Erfurt",)) is None
    assert level_of(ASKED, **town, postcode="34119") == "place"
    assert level_of(ASKED, **town | {"level": Level.POSTCODE}, postcode="34119") is None


def test_only_answers_of_the_best_level_are_kept() -> None:
    street = replace(HOUSE, level=Level.STREET, house_number="")
    found = judged(ASKED, [street, HOUSE, replace(street, location=Location(9.5, 51.4))])
    assert [one.level for one in found] == [Level.HOUSE]


def test_a_country_whose_name_is_used_for_its_neighbour_is_accepted() -> None:
    asked = AddressQuery(street="Städtle 23", postcode="9490", place="Vaduz", country="CH")
    vaduz = {"street": "Städtle", "house_number": "23", "postcode": "9490", "places": ("Vaduz",)}
    assert level_of(asked, **vaduz, country="LI") == "house"
