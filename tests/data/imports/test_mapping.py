"""What columns are taken for."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from data.errors import InvalidMappingError, InvalidPresetError
from data.imports.draft import Draft, draft_of, problems_of
from data.imports.fields import Field
from data.imports.guessing import guess_mapping, preset_of
from data.imports.mapping import check_mapping, read_mapping
from data.imports.open_table import open_table
from data.imports.presets import presets, read_preset
from data.imports.records import Rules
from data.imports.table import Table

RULES = Rules("crm", "DE", "EUR")
EXPORTS = Path(__file__).parent / "exports"


def table_of(text: str) -> Table:
    return open_table(text.encode())


def draft(text: str) -> Draft:
    return draft_of(table_of(text), RULES)


def guessed(*columns: str) -> Mapping[str, Field]:
    return guess_mapping(columns, [()] * len(columns)).mapping


def test_german_columns_are_known_by_their_names() -> None:
    columns = (
        "Kd-Nr.", "Firma", "Strasse", "Hausnr.", "PLZ", "Ort", "Land", "Ansprechpartner",
        "E-Mail", "Tel.", "Potenzial (EUR)", "Breitengrad", "Längengrad", "Öffnungszeiten",
        "Besuchsdauer (min)", "Besuchsrhythmus", "Außendienst", "Bemerkungen", "Kundenstatus",
    )  # fmt: skip
    assert list(guessed(*columns).values()) == [
        "external_id", "name", "street", "house_number", "postcode", "town", "country",
        "contact_name", "contact_email", "contact_phone", "potential", "lat", "lon",
        "opening_hours", "service_duration", "visit_interval", "owner", "notes", "status",
    ]  # fmt: skip


def test_our_own_names_are_known() -> None:
    for field in Field:
        assert guessed(field.value) == {field.value: field}


def test_a_column_called_address_is_the_street_beside_a_town() -> None:
    assert guessed("Nr", "Name", "Adresse", "PLZ", "Ort")["Adresse"] is Field.STREET
    assert guessed("Nr", "Name", "Adresse")["Adresse"] is Field.ADDRESS
    assert "Adresse" not in guessed("Nr", "Name", "Adresse", "Straße", "Ort")


def test_of_two_columns_the_better_name_counts() -> None:
    assert guessed("Nr", "Kundennummer") == {"Kundennummer": Field.EXTERNAL_ID}


def test_unknown_names_are_guessed_by_their_values() -> None:
    found = draft(
        "A;B;C;D;E;F;G\n"
        "1;Müller GmbH;Hauptstr. 1;34117;Kassel;a@b.de;Mo-Fr 08:00-17:00\n"
        "2;Meier AG;Bahnhofstr. 12a;34119;Kassel;c@d.de;Mo-Sa 09:00-12:00\n"
    )
    assert found.mapping == {
        "B": Field.NAME, "C": Field.STREET, "D": Field.POSTCODE, "F": Field.CONTACT_EMAIL,
        "G": Field.OPENING_HOURS,
    }  # fmt: skip
    assert set(found.guessed_by.values()) == {"values"}
    assert [problem.code for problem in found.problems] == ["MISSING_COLUMN"]


def test_a_guess_whose_values_cannot_be_used_is_taken_back_and_said() -> None:
    rows = "".join(f"{k};x;{'AB'[k % 2]}\n" for k in range(10))
    assert Field.SEGMENT in draft("Nr;Name;Segment\n1;x;A\n").mapping.values()
    found = draft(f"Nr;Name;Segment\n{rows}")
    assert Field.SEGMENT not in found.mapping.values()
    (problem,) = found.problems
    assert (problem.code, problem.columns, problem.is_error) == (
        "COLUMN_LEFT_OUT", ("Segment",), False,
    )  # fmt: skip


def test_examples_are_different_values() -> None:
    found = draft("Nr;Name\n1;a\n2;a\n3;b\n4;\n5;c\n6;d\n7;e\n8;f\n")
    assert found.columns[1].examples == ("a", "b", "c", "d", "e")
    assert found.row_count == 8


@pytest.mark.parametrize(
    ("lines", "is_swapped"),
    [
        (["51.3;9.5;", "51,4;9,6;", "48.1;11.5;"], True),
        (["9.5;51.3;", "9.6;51.4;", "11.5;48.1;"], False),
        (["47.14;9.52;LI", "47.2;9.53;LI", "51.3;9.5;"], True),
        (["0;0;", ";;"], False),
        (["51.3;9.5;", "9.6;51.4;", "11.5;48.1;"], False),
    ],
)
def test_swapped_coordinates_are_noticed_and_the_fix_proposed(
    lines: list[str], is_swapped: bool
) -> None:
    rows = "\n".join(f"{k};x;{line}" for k, line in enumerate(lines))
    table = table_of(f"Nr;Name;Lon;Lat;Land\n{rows}\n")
    found = draft_of(table, RULES)
    swaps = [problem for problem in found.problems if problem.code == "SWAPPED_COORDINATES"]
    assert bool(swaps) is is_swapped
    if is_swapped:
        assert swaps[0].fix == {"Lon": Field.LAT, "Lat": Field.LON}
        assert problems_of(table, {**found.mapping, **swaps[0].fix}, RULES) == ()


def test_latitudes_beyond_90_are_seen_to_be_swapped_longitudes() -> None:
    rules = Rules("crm", "US", "USD")
    table = table_of("Nr,Name,Lon,Lat\n1,a,37.77,-122.42\n2,b,34.05,-118.24\n")
    assert [problem.code for problem in draft_of(table, rules).problems] == ["SWAPPED_COORDINATES"]


@pytest.mark.parametrize(
    ("said", "code", "column"),
    [
        ({"Nmae": "name"}, "UNKNOWN_COLUMN", "Nmae"),
        ({"Name": "nmae"}, "UNKNOWN_FIELD", "Name"),
        ({"Nr": "name", "Name": "name"}, "FIELD_TWICE", "Name"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(said: dict[str, str], code: str, column: str) -> None:
    with pytest.raises(InvalidMappingError) as refused:
        read_mapping(said, ("Nr", "Name"))
    assert (refused.value.code, refused.value.column) == (code, column)
    assert "Did you mean" in str(refused.value) or code == "FIELD_TWICE"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"Name": "name"}, "MISSING_COLUMN"),
        ({"Nr": "external_id"}, "MISSING_COLUMN"),
        ({"Nr": "external_id", "Name": "name", "A": "lon"}, "MISSING_COLUMN"),
        (
            {"Nr": "external_id", "Name": "name", "A": "segment", "B": "revenue"},
            "CONTRADICTION",
        ),
    ],
)
def test_a_mapping_that_is_not_enough_is_refused(said: dict[str, str], code: str) -> None:
    columns = ("Nr", "Name", "A", "B")
    with pytest.raises(InvalidMappingError) as refused:
        check_mapping(read_mapping(said, columns), columns)
    assert refused.value.code == code


def test_the_columns_of_a_file_are_told_where_one_is_missing() -> None:
    with pytest.raises(InvalidMappingError, match="'Kunde', 'Stadt'"):
        check_mapping({}, ("Kunde", "Stadt"))


@pytest.mark.parametrize("name", ["salesforce", "hubspot", "dynamics365"])
def test_every_preset_is_recognised_by_its_first_names(name: str) -> None:
    preset = presets()[name]
    assert preset_of([names[0] for names in preset.columns.values()]) is preset


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = 1", "cannot be used"),
        ('title = "A"\nsystem = "a"\n[columns]\nnam = ["x"]', "cannot be used"),
        ('title = "A"\nsystem = "a"\n[columns]\nname = ["x"]', "external_id"),
        ("[", "cannot be used"),
    ],
)
def test_a_preset_that_cannot_be_used_is_refused(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text)
    with pytest.raises(InvalidPresetError, match=said):
        read_preset(path)


@pytest.mark.parametrize(
    ("file", "preset"),
    [
        ("salesforce_api.csv", "salesforce"),
        ("salesforce_report_de.csv", "salesforce"),
        ("hubspot.csv", "hubspot"),
        ("dynamics365.csv", "dynamics365"),
    ],
)
def test_exports_of_crms_are_recognised_and_mapped(file: str, preset: str) -> None:
    found = draft_of(open_table((EXPORTS / file).read_bytes()), RULES)
    assert found.preset is presets()[preset]
    assert [problem for problem in found.problems if problem.is_error] == []
    with (EXPORTS / "mappings.csv").open(encoding="utf-8", newline="") as expected:
        rows = [row for row in csv.DictReader(expected) if row["file"] == file]
    assert {column: field.value for column, field in found.mapping.items()} == {
        row["column"]: row["field"] for row in rows
    }
