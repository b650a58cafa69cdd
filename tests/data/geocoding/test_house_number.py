"""House numbers as they are written and what they cover."""

import pytest

from data.geocoding.house_number import HouseNumber, read_house_number


@pytest.mark.parametrize("text", ["12a", "12 A", " 12  a "])
def test_blanks_and_capitals_do_not_count(text: str) -> None:
    assert read_house_number(text) == HouseNumber(12, "a")


@pytest.mark.parametrize("text", ["", "a", "Haus 3", "-1"])
def test_what_does_not_begin_with_digits_is_no_number(text: str) -> None:
    assert read_house_number(text) is None


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("7-11", ["7", "9", "11"]),
        ("1-4", ["1", "2", "3", "4"]),
        ("17-17a", ["17", "17a"]),
        ("12", []),
        ("12a", []),
        ("9-7", []),
        ("1-999", []),
        ("12/3", []),
    ],
)
def test_a_range_covers_one_side_of_the_street_or_both(text: str, covered: list[str]) -> None:
    number = read_house_number(text)
    assert number is not None
    assert [one.written for one in number.covered] == covered


def test_a_unit_is_within_its_house() -> None:
    number = read_house_number("12/3/5")
    assert number is not None
    assert number.without_unit == HouseNumber(12)
