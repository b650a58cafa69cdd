"""Countries are data: every file can be used, a new one changes what is read, a bad one is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from data.errors import InvalidAddressFormatError, InvalidRoadMapError
from data.geocoding import country_format
from data.geocoding.address import AddressQuery
from data.geocoding.country_format import FOLDER, country_formats, read_format
from data.geocoding.geocoder import Geocoder
from data.geocoding.parsing import AddressParser, ParsedAddress
from data.geocoding.street_names import StreetNames
from tests.data.geocoding.address_rows import write_map

FRANCE = r"""
code = "FR"
names = ["France"]
postcode = '\d{5}'
postcode_prefixes = ["F"]
number_first = true
label = "{number} {street}, {postcode} {place}"
[words]
"av" = "avenue"
"""


def first_reading(code: str, text: str) -> ParsedAddress:
    parser = AddressParser([country_formats()[code]], lambda text: False, lambda code: False)
    return parser.read(text)[0]


def test_the_five_countries_have_a_file_named_by_their_code() -> None:
    assert set(country_formats()) == {"AT", "CH", "DE", "GB", "LI"}
    assert {path.stem.upper() for path in FOLDER.glob("*.toml")} == set(country_formats())


@pytest.mark.parametrize(
    ("code", "text", "street", "number", "postcode", "places"),
    [
        ("DE", "Hauptstr. 5a, 34117 Kassel", "Hauptstr.", "5a", "34117", ("Kassel",)),
        ("DE", "Am Markt 3-5 D-04103 Leipzig", "Am Markt", "3-5", "04103", ("Leipzig",)),
        ("AT", "Ring 12/3/5, A-1010 Wien", "Ring", "12/3/5", "1010", ("Wien",)),
        ("CH", "Seeweg 4, CH-8001 Zürich", "Seeweg", "4", "8001", ("Zürich",)),
        ("LI", "FL-9490 Vaduz, Städtle 23", "Städtle", "23", "9490", ("Vaduz",)),
        ("GB", "Flat 2, 15a Mill Rd, Oakham LE15 6DT", "Mill Rd", "15a", "LE156DT", ("Oakham",)),
        ("GB", "15 Mill Rd\nOakham\nle156dt", "Mill Rd", "15", "LE156DT", ("Oakham",)),
    ],
)
def test_addresses_are_read_as_their_country_writes_them(
    code: str, text: str, street: str, number: str, postcode: str, places: tuple[str, ...]
) -> None:
    reading = first_reading(code, text)
    assert reading.number is not None
    read = (reading.street, reading.number.written, reading.postcode, reading.places)
    assert read == (street, number, postcode, places)


def test_another_country_is_another_file(tmp_path: Path) -> None:
    (tmp_path / "fr.toml").write_text(FRANCE, encoding="utf-8")
    france = read_format(tmp_path / "fr.toml")
    parser = AddressParser([france], lambda text: False, lambda code: False)
    reading = parser.read("12 Av. Foch, F-75001 Paris")[0]
    assert (reading.street, reading.postcode, reading.country) == ("Av. Foch", "75001", "FR")
    names = StreetNames([france])
    assert names.forms("Av. Foch") & names.forms("avenue foch")
    assert france.written("Rue X", "", "75001", "Paris") == "Rue X, 75001 Paris"


@pytest.mark.parametrize(
    ("code", "short", "full"),
    [
        ("DE", "Hauptstr.", "Hauptstraße"),
        ("DE", "Berliner Str", "Berliner Strasse"),
        ("DE", "Schloßpl.", "Schlossplatz"),
        ("DE", "St.-Georg-Str.", "Sankt Georg Straße"),
        ("AT", "Sonneng.", "Sonnengasse"),
        ("LI", "Prof.-Muster-Weg", "Professor Muster-Weg"),
        ("GB", "High St West", "High Street West"),
        ("GB", "St Mary's Cl", "Saint Marys Close"),
    ],
)
def test_abbreviations_name_the_same_street(code: str, short: str, full: str) -> None:
    names = StreetNames([country_formats()[code]])
    assert names.forms(short) & names.forms(full)


@pytest.mark.parametrize(("one", "other"), [("Neuenweg", "Neunweg"), ("Seestrasse", "Seegasse")])
def test_other_streets_stay_other_streets(one: str, other: str) -> None:
    names = StreetNames([country_formats()["DE"]])
    assert not names.forms(one) & names.forms(other)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (FRANCE.replace('"FR"', '"France"'), "two letters"),
        (FRANCE.replace(r"\d{5}", "(" + r"\d{5}"), "no regular expression"),
        (FRANCE.replace("{place}", ""), "lacks {place}"),
        (FRANCE.replace("number_first", "number_frist"), "number_frist"),
        (FRANCE.replace("names =", "names"), "cannot be used"),
    ],
)
def test_a_bad_file_is_refused_with_the_reason(tmp_path: Path, changed: str, message: str) -> None:
    path = tmp_path / "fr.toml"
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(InvalidAddressFormatError, match=message):
        read_format(path)


def test_a_map_built_for_other_abbreviations_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_map(tmp_path)
    Geocoder.open(folder)
    known = country_format.country_formats()
    changed = replace(known["LI"], endings={**known["LI"].endings, "stg": "steig"})
    monkeypatch.setattr(country_format, "country_formats", lambda: {**known, "LI": changed})
    with pytest.raises(InvalidRoadMapError, match=r"of LI .* Build the map again"):
        Geocoder.open(folder)


def test_a_map_built_before_its_country_had_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dict(country_format.country_formats())
    without = {code: rules for code, rules in known.items() if code != "LI"}
    monkeypatch.setattr(country_format, "country_formats", lambda: without)
    folder = write_map(tmp_path)
    Geocoder.open(folder)
    monkeypatch.setattr(country_format, "country_formats", lambda: known)
    with pytest.raises(InvalidRoadMapError, match="of LI"):
        Geocoder.open(folder)


def test_what_counts_when_an_address_is_asked_for_needs_no_new_map(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_map(tmp_path)
    known = country_format.country_formats()
    changed = replace(known["LI"], label="{place} {postcode}, {street} {number}")
    monkeypatch.setattr(country_format, "country_formats", lambda: {**known, "LI": changed})
    match = Geocoder.open(folder).find(AddressQuery("Landstrasse 3, 9490 Nordheim"))
    assert match is not None
