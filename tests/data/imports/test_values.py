"""What stands in cells, read as what it means."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import (
    PROGRAMME,
    Channel,
    ContactRecord,
    LocationLevel,
    OpeningWindow,
    Segment,
    Status,
)
from data.imports.cell import Cell, as_text
from data.imports.presets import presets
from data.imports.values.addresses import joined_street, read_street, split_address
from data.imports.values.choices import read_location_level, read_segment, read_status
from data.imports.values.choices import segment_of_revenue as segment_of
from data.imports.values.contacts import read_contacts
from data.imports.values.coordinates import read_degrees, read_position
from data.imports.values.countries import read_country
from data.imports.values.durations import read_duration_s, read_interval_days
from data.imports.values.errors import InvalidValueError
from data.imports.values.numbers import decimal_mark_of, read_amount, read_number
from data.imports.values.opening_hours import read_opening_hours
from data.imports.values.postcodes import read_postcode
from data.imports.values.texts import read_id, read_lines, read_text


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("1.234,56", None, 1234.56),
        ("1,234.56", None, 1234.56),
        ("1.234", None, 1234),
        ("1,234", None, 1234),
        ("1.234", ".", 1.234),
        ("1.234", ",", 1234),
        ("1,5", None, 1.5),
        ("1.5", ",", 1.5),
        ("1.234.567", None, 1_234_567),
        ("12.500 €", None, 12_500),
        ("€ 12.500,-", None, 12_500),
        ("12 500,00 EUR", None, 12_500),
        ("1'234'567.50", None, 1_234_567.5),
        ("TEUR 50", None, 50_000),
        ("50 T€", None, 50_000),
        ("1,2 Mio. €", None, 1_200_000),
        ("12k", None, 12_000),
        (12.5, None, 12.5),
        (7, None, 7),
        ("1.5E+05", None, 150_000),
    ],
)
def test_amounts_are_read_as_people_write_them(cell: Cell, mark: str | None, amount: float) -> None:
    assert read_amount(cell, mark, "EUR") == pytest.approx(amount)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("-5", "OUT_OF_RANGE"),
        ("USD 5", "OTHER_CURRENCY"),
        ("CHF 1'000.--", "OTHER_CURRENCY"),
        ("viel", "NO_NUMBER"),
        ("1.2.3", "NO_NUMBER"),
        ("12,34,5", "NO_NUMBER"),
        ("1234.567.890", "NO_NUMBER"),
        ("5 Stück", "NO_NUMBER"),
        ("EUR", "NO_NUMBER"),
        ("nan", "NO_NUMBER"),
        (float("inf"), "NO_NUMBER"),
        (True, "NO_NUMBER"),
        ([1], "NO_NUMBER"),
    ],
)
def test_amounts_that_are_none_are_refused(cell: Cell, code: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        read_amount(cell, None, "EUR")
    assert refused.value.code == code


def test_one_certain_value_tells_how_a_column_writes_decimals() -> None:
    assert decimal_mark_of(["1.234", "2.345", "7,5 €"]) == ","
    assert decimal_mark_of(["1.234", "1234.5"]) == "."
    assert decimal_mark_of(["1.234", "5", 7.5]) is None


@given(st.integers(0, 10**12), st.sampled_from([(",", "."), (".", ","), (".", "'"), (",", " ")]))
def test_money_is_read_back_in_every_style(cents: int, style: tuple[str, str]) -> None:
    mark, thousands = style
    text = f"{cents // 100:,}.{cents % 100:02d}".replace(",", "\0").replace(".", mark)
    assert round(100 * read_amount(text.replace("\0", thousands), None, "EUR")) == cents


@given(st.floats(0, 1e12, allow_nan=False))
def test_a_number_of_a_sheet_is_read_back_from_its_text(number: float) -> None:
    assert read_number(as_text(number), None) == number


@pytest.mark.parametrize(
    ("cell", "text"),
    [(100_000.0, "100000"), (4711, "4711"), (" A-17 ", "A-17"), ("1E5", "1E5"), ("007", "007")],
)
def test_ids_stay_as_they_are(cell: Cell, text: str) -> None:
    assert read_id(cell) == text


@pytest.mark.parametrize("cell", ["1E+05", "1,23457E+11", "1.2E+12", 1e16, 1.5, "x" * 201])
def test_ids_that_a_spreadsheet_has_rounded_are_refused(cell: Cell) -> None:
    with pytest.raises(InvalidValueError):
        read_id(cell)


def test_texts_lose_signs_that_are_none_and_keep_formulas_and_tags() -> None:
    assert read_text("  Mu\0ster\u200b \n GmbH ", 200, "") == "Muster GmbH"
    assert read_text("=1+1", 200, "") == "=1+1"
    assert read_text("<b>Muster</b>", 200, "") == "<b>Muster</b>"
    assert read_lines("a\r\n b \rc", 200, "") == "a\nb\nc"


WEEK = tuple(OpeningWindow(day, 28_800, 61_200) for day in range(1, 6))


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-17:00",
        "Mo - Fr 8-17 Uhr",
        "Montag bis Freitag: 8.00 – 17.00 Uhr",
        "Mon-Fri 8:00-17:00; Sat, Sun closed",
        "Mo-Fr 08:00-12:00,12:00-17:00",
        "Mo,Di,Mi,Do,Fr 8-17; PH off",
        "Mo-So 9-12; Mo-Fr 8-17; Sa-So geschlossen",
    ],
)
def test_opening_hours_are_read_in_many_forms(text: str) -> None:
    assert read_opening_hours(text) == WEEK


def test_opening_hours_past_midnight_end_on_the_next_day() -> None:
    assert read_opening_hours("Su 22:00-02:00") == (
        OpeningWindow(1, 0, 7_200),
        OpeningWindow(7, 79_200, 86_400),
    )


def test_always_open_has_no_windows() -> None:
    assert read_opening_hours("24/7") == ()


def test_opening_hours_are_read_from_json() -> None:
    window = {"weekday": 1, "opens": "08:00", "closes": "24:00"}
    assert read_opening_hours([window]) == (OpeningWindow(1, 28_800, 86_400),)
    assert read_opening_hours(as_text([window])) == (OpeningWindow(1, 28_800, 86_400),)


@pytest.mark.parametrize(
    "cell",
    ["Xx 8-9", "Mo 8", "Mo 8-8", "Mo 8-25", "nach Absprache", "So zu", [1], [{"weekday": 8}],
     [{"weekday": 1, "opens": "x", "closes": "y"}], "Mo-Di-Mi 8-9", "Mo 8:75-9"],
)  # fmt: skip
def test_opening_hours_that_are_not_understood_are_refused(cell: Cell) -> None:
    with pytest.raises(InvalidValueError) as refused:
        read_opening_hours(cell)
    assert refused.value.code == "NO_OPENING_HOURS"


windows = st.lists(
    st.tuples(st.integers(1, 7), st.integers(0, 1_438), st.integers(1, 1_440)).filter(
        lambda window: window[1] < window[2]
    ),
    min_size=1,
    max_size=10,
)


@given(windows)
def test_windows_of_a_week_are_sorted_and_apart(given: list[tuple[int, int, int]]) -> None:
    listed = [
        {"weekday": day, "opens": _clock(opens), "closes": _clock(closes)}
        for day, opens, closes in given
    ]
    found = read_opening_hours(listed)
    assert list(found) == sorted(found)
    minutes = {(w.weekday, m) for w in found for m in range(w.opens_s // 60, w.closes_s // 60)}
    assert minutes == {(day, m) for day, a, b in given for m in range(a, b)}
    for one, other in pairwise(found):
        assert one.weekday != other.weekday or one.closes_s < other.opens_s


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@pytest.mark.parametrize(
    ("cell", "code"),
    [("Deutschland", "DE"), ("germany", "DE"), ("DEU", "DE"), ("D", "DE"), ("A", "AT"),
     ("Oesterreich", "AT"), ("Schweiz", "CH"), ("Suisse", "CH"), ("FL", "LI"), ("UK", "GB"),
     ("England", "GB"), ("Großbritannien", "GB"), ("USA", "US"), ("li", "LI")],
)  # fmt: skip
def test_countries_are_known_by_names_and_codes(cell: str, code: str) -> None:
    assert read_country(cell) == code


def test_an_unknown_country_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidValueError, match="Did you mean DE"):
        read_country("Germny")
    with pytest.raises(InvalidValueError):
        read_country("ZZ")


@pytest.mark.parametrize(
    ("cell", "country", "code"),
    [
        (4109, "DE", "04109"),
        ("4109", "DE", "04109"),
        (4109.0, "DE", "04109"),
        ("4109.0", "DE", "04109"),
        ("109", "DE", "109"),  # no German postcode begins with two zeros
        (4109, "AT", "4109"),
        (9490, "LI", "9490"),
        (1000, "FR", "01000"),
        ("LE15 6AL", "GB", "LE15 6AL"),
        ("D-34117", "DE", "D-34117"),
    ],
)
def test_postcodes_get_their_zeros_back(cell: Cell, country: str, code: str) -> None:
    assert read_postcode(cell, country) == code


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [("9.4967", 9.4967), ("9,4967", 9.4967), (9.5, 9.5), ("9°29'48\"E", 9.496667),
     ("9,4967° O", 9.4967), ("W 3.5", -3.5), ("-3,5", -3.5), ("\u22123.5", -3.5), ("9.496", 9.496)],
)  # fmt: skip
def test_degrees_are_read_in_many_forms(cell: Cell, degrees: float) -> None:
    assert read_degrees(cell, "longitude") == pytest.approx(degrees)


@pytest.mark.parametrize(
    ("cell", "hint"),
    [("91", "swapped"), (91.0, "swapped"), ("513155", "decimal mark"), (513155, "decimal mark"),
     ("Kassel", "no latitude"), (True, "no latitude"), ([1], "no latitude")],
)  # fmt: skip
def test_a_latitude_of_91_is_refused(cell: Cell, hint: str) -> None:
    with pytest.raises(InvalidValueError, match=hint):
        read_degrees(cell, "latitude")


def test_a_position_is_read_from_json_and_text() -> None:
    assert read_position([9.5, 51.3]) == read_position("[9.5, 51.3]") == (9.5, 51.3)
    assert read_position("9.5, 51.3") == (9.5, 51.3)
    for cell in ([9.5], "Kassel", "9.5", [9.5, 51.3, 1]):
        with pytest.raises(InvalidValueError):
            read_position(cell)


def test_durations_and_intervals_are_read_with_their_units() -> None:
    assert [read_duration_s(c) for c in (40, "40 min", "1,5 h", "0:45")] == [
        2_400, 2_400, 5_400, 2_700,
    ]  # fmt: skip
    assert [read_interval_days(c) for c in (75, "8 Wochen", "quarterly", "4x pro Jahr")] == [
        75, 56, 91.25, 91.25,
    ]  # fmt: skip
    for cell in ("2 days", "25 h", "lang", "-5"):
        with pytest.raises(InvalidValueError):
            read_duration_s(cell)
    for cell in ("0", "20 years", "oft"):
        with pytest.raises(InvalidValueError):
            read_interval_days(cell)


def test_words_of_a_status_are_those_of_the_system_first() -> None:
    salesforce = presets()["salesforce"]
    assert read_status("Customer - Direct", salesforce) is Status.CUSTOMER
    assert read_status("Competitor", salesforce) is None
    assert read_status("Bestandskunde", None) is Status.CUSTOMER
    assert read_status("ehemaliger Kunde", salesforce) is Status.INACTIVE
    with pytest.raises(InvalidValueError, match="prospect, customer, inactive"):
        read_status("Competitor", None)


def test_a_level_too_coarse_for_a_pin_says_nothing() -> None:
    salesforce = presets()["salesforce"]
    assert read_location_level("NearAddress", salesforce) is LocationLevel.INTERPOLATED
    assert read_location_level("County", salesforce) is None
    assert read_location_level("rooftop", None) is LocationLevel.POSITION


def test_segments_are_named_or_follow_from_revenue() -> None:
    assert read_segment("10k-100k", PROGRAMME) == "10k_100k"
    assert read_segment("10K_100K", PROGRAMME) == "10k_100k"
    amounts = (-5, 0, 0.5, 1, 9_999, 10_000, 5e6)
    assert [segment_of(amount, PROGRAMME) for amount in amounts] == [
        *("zero", "zero", "zero", "up_to_10k", "up_to_10k", "10k_100k", "above_5m"),
    ]
    with pytest.raises(InvalidValueError):
        read_segment("A", PROGRAMME)


def test_segments_are_those_of_the_programme_in_use() -> None:
    ours = (
        Segment("small", 0.0, Channel.FIELD, 90, 1800),
        Segment("large", 50_000.0, Channel.FIELD, 30, 1800),
    )
    assert read_segment("Large", ours) == "large"
    assert [segment_of(amount, ours) for amount in (0, 49_999, 50_000)] == [
        *("small", "small", "large"),
    ]
    with pytest.raises(InvalidValueError, match="small, large"):
        read_segment("10k_100k", ours)


def test_streets_get_their_number_where_the_country_writes_it() -> None:
    assert joined_street("Hauptstr.", "12a", "DE") == "Hauptstr. 12a"
    assert joined_street("Hauptstr. 12a", "12a", "DE") == "Hauptstr. 12a"
    assert joined_street("High Street", "12", "GB") == "12 High Street"
    assert read_street("c/o Meier\r\nHauptstr. 1\r\nGebäude B") == "Hauptstr. 1"


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Hauptstr. 1, 34117 Kassel", ("Hauptstr. 1", "34117", "Kassel", "")),
        ("Hauptstr. 1\n34117 Kassel\nDeutschland", ("Hauptstr. 1", "34117", "Kassel", "DE")),
        ("Städtle 23, FL-9490 Vaduz, Liechtenstein", ("Städtle 23", "9490", "Vaduz", "LI")),
        ("12 High St, Oakham, LE15 6AL, UK", ("12 High St", "LE15 6AL", "Oakham", "GB")),
    ],
)
def test_a_whole_address_is_taken_apart(cell: str, parts: tuple[str, ...]) -> None:
    assert split_address(cell, "DE") == parts


def test_an_address_without_a_postcode_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="no postcode"):
        split_address("Hauptstr. 1, Kassel", "DE")


def test_contacts_are_read_from_json() -> None:
    listed: Cell = [{"name": "Ada Weber", "email": None}, {}]
    assert read_contacts(listed) == (ContactRecord("Ada Weber"),)
    assert read_contacts('{"name": "Ada Weber"}') == (ContactRecord("Ada Weber"),)
    for cell in ("Ada Weber", [1], [{"fax": "1"}], [{"phone": "1" * 51}]):
        with pytest.raises(InvalidValueError):
            read_contacts(cell)
