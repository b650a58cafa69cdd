"""Files as tables, and files that are none."""

import codecs
import gzip
import io
import time
import zipfile
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import InvalidImportFileError
from data.imports import limits, xlsx_guard
from data.imports.file_kind import FileKind
from data.imports.open_table import Wishes, open_again, open_table
from data.imports.table import Reading, Table
from tests.data.imports.workbooks import excel_workbook, with_part, workbook

TEXT = "Nr;Firma;Ort\r\n1;Müller & Söhne;Köln\r\n2;Café Zoë;Würzburg\r\n"
ROWS = [("1", "Müller & Söhne", "Köln"), ("2", "Café Zoë", "Würzburg")]


def cells(table: Table) -> list[tuple[Any, ...]]:
    return [row.cells for row in table.rows()]


def refusal(content: bytes, **wishes: Any) -> InvalidImportFileError:
    with pytest.raises(InvalidImportFileError) as refused:
        open_table(content, Wishes(**wishes)).count_rows()
    assert str(refused.value).endswith(".")
    return refused.value


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.encode("mac_roman"), "mac_roman"),
        (TEXT.encode("cp850"), "cp850"),
    ],
)
def test_text_is_read_in_the_encoding_that_it_has(content: bytes, encoding: str) -> None:
    table = open_table(content)
    assert (table.reading.encoding, table.columns) == (encoding, ("Nr", "Firma", "Ort"))
    assert cells(table) == ROWS
    assert cells(open_again(content, table.reading)) == ROWS


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found_among_decimal_commas(delimiter: str) -> None:
    rows = [["Id", "Name", "Value"], ["1", "a; b", "1,5"], ["2", "c", "2,5"], ["3", "d, e", "3,5"]]
    text = "\n".join(
        delimiter.join(f'"{c}"' if set(c) & set(";,") - {""} and delimiter in c else c for c in row)
        for row in rows
    )
    table = open_table(text.encode())
    assert table.reading.delimiter == delimiter
    assert [list(row) for row in cells(table)] == rows[1:]


def test_excel_says_the_delimiter_in_a_line_that_is_no_row() -> None:
    table = open_table(b"sep=|\r\nId|Name, Ort\r\n1|a,b\r\n")
    assert table.columns == ("Id", "Name, Ort")
    assert [row.number for row in table.rows()] == [2]


def test_rows_are_numbered_as_a_spreadsheet_numbers_them() -> None:
    table = open_table(b'Id;Name\n1;"a\nb"\n\n2;c\n;;\n3;d\n')
    assert [(row.number, row.cells[0]) for row in table.rows()] == [(2, "1"), (4, "2"), (6, "3")]
    assert table.count_rows() == 3


def test_a_quote_that_is_not_closed_costs_one_row() -> None:
    content = b'Id;Name\n1;"open\n2;good\n3;"wrong" quote\n4;"fine; too"\n5;"open again\n6;end\n'
    rows = list(open_table(content).rows())
    assert [row.number for row in rows if row.error] == [2, 4, 6]
    assert [row.cells for row in rows if not row.error] == [
        ("2", "good"), ("4", "fine; too"), ("6", "end"),
    ]  # fmt: skip
    assert rows[0].text == '1;"open'


def test_a_row_with_too_many_cells_is_refused_and_one_with_too_few_filled_up() -> None:
    rows = list(open_table(b"Id;Name;Town\n1;a;b;c\n2;d\n3;e;f;;\n").rows())
    assert rows[0].error is not None
    assert rows[0].error.code == "TOO_MANY_CELLS"
    assert [row.cells for row in rows[1:]] == [("2", "d", ""), ("3", "e", "f")]


def test_the_header_is_found_below_the_title_of_a_report() -> None:
    table = open_table(b"Accounts of the north\nAs of;2026-11-01\n\nId;Name;Town\n1;a;b\n2;c;d\n")
    assert table.columns == ("Id", "Name", "Town")
    assert table.reading.header_row == 4
    assert [row.number for row in table.rows()] == [5, 6]
    assert table.count_rows() == 2


def test_a_workbook_is_read_with_zeros_dates_and_numbers() -> None:
    content = workbook(
        ["Id", "PLZ", "Seit", "Wert"], [1, 4109, None, 1.5], [100_000, 99, None, "=1+1"],
        formats={"B2": "00000"},
    )  # fmt: skip
    table = open_table(content)
    assert table.reading == Reading(FileKind.XLSX, sheet="Accounts")
    assert cells(table) == [(1, "04109", "", 1.5), (100_000, 99, "", "")]
    assert table.count_rows() == 2
    assert cells(open_again(content, Reading.from_json(table.reading.as_json()))) == cells(table)


def test_a_workbook_cut_short_is_refused_each_time_it_is_read() -> None:
    """Not only at first: the rows before the damage are not the whole sheet."""
    content = excel_workbook(["Id", "Name"], *([k, "x"] for k in range(2_000)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    table = open_table(with_part(content, "xl/worksheets/sheet1.xml", sheet[:-20_000] + b"<<"))
    for _ in range(2):
        with pytest.raises(InvalidImportFileError) as refused:
            list(table.rows())
        assert refused.value.code == "DAMAGED_FILE"


def test_a_workbook_of_excel_is_read() -> None:
    table = open_table(excel_workbook(["Id", "Name", "PLZ"], [1, "A & B", 4109], [], [2, "", "x"]))
    assert [(row.number, row.cells) for row in table.rows()] == [
        (2, (1, "A & B", 4109)), (4, (2, "", "x")),
    ]  # fmt: skip
    assert table.count_rows() == 2


def test_a_workbook_is_read_from_the_sheet_that_holds_something() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Cover"
    for name in ("Accounts", "Other"):
        sheet = book.create_sheet(name)
        sheet.append(["Id", "Name"])
        sheet.append([name, "x"])
    book.create_sheet("Hidden").sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    table = open_table(stream.getvalue())
    assert table.sheets == ("Cover", "Accounts", "Other")
    assert cells(table) == [("Accounts", "x")]
    assert cells(open_table(stream.getvalue(), Wishes(sheet="Other"))) == [("Other", "x")]
    assert refusal(stream.getvalue(), sheet="Nothing").code == "NO_SHEET"


def test_json_lines_become_columns() -> None:
    lines = [
        {"external_id": 1, "address": {"street": "A 1", "town": "B"}, "position": [9.5, 51.3]},
        {"external_id": "2", "name": None, "contacts": [{"name": "Ada"}]},
    ]
    content = b"\n\n".join(map(orjson.dumps, lines)) + b"\n{broken\n[1]\n"
    table = open_table(content)
    assert table.columns == (
        "external_id", "address.street", "address.town", "position", "contacts",
    )  # fmt: skip
    rows = list(table.rows())
    assert rows[0].cells == (1, "A 1", "B", [9.5, 51.3], "")
    assert rows[1].cells == ("2", "", "", "", [{"name": "Ada"}])
    assert [row.number for row in rows if row.error] == [4, 5]
    assert rows[2].text == "{broken"
    whole = orjson.dumps({"items": lines}, option=orjson.OPT_INDENT_2)
    assert cells(open_table(whole)) == [row.cells for row in rows[:2]]


OTHER_KINDS: dict[str, tuple[bytes, str]] = {
    "PDF": (b"%PDF-1.7 ...", "PDF"),
    "PNG": (b"\x89PNG\r\n\x1a\n....", "PNG"),
    "JPEG": (b"\xff\xd8\xff\xe0....", "JPEG"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
    "workbook with a password": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password",
    ),
    "web page": (b"<!DOCTYPE html><html><table><tr><td>Id</td></tr></table>", "HTML"),
    "XML": (b'<?xml version="1.0"?><a/>', "XML"),
    "gzip": (gzip.compress(TEXT.encode()), "gzip"),
    "zero bytes": (b"Id;Na\0\0\0me\n1;2\n", "zero bytes"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), OTHER_KINDS.values(), ids=OTHER_KINDS)
def test_a_file_of_another_kind_is_named(content: bytes, said: str) -> None:
    refused = refusal(content)
    assert refused.code == "UNSUPPORTED_FILE"
    assert said in str(refused)


@pytest.mark.parametrize(
    ("names", "said"),
    [(("a.csv",), "unpack"), (("word/document.xml",), "Word"), (("xl/workbook.bin",), "XLSB"),
     (("a.txt",), "ZIP archive")],
)  # fmt: skip
def test_an_archive_of_something_else_is_named(names: tuple[str, ...], said: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    assert said in str(refusal(stream.getvalue()))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"\xef\xbb\xbf\r\n \r\n", "EMPTY_FILE"),
        (b"Id;Name\r\n", "NO_ROWS"),
        (b"Id;Name\r\n;\r\n\r\n", "NO_ROWS"),
        (b"Id;Name;id\r\n1;2;3\r\n", "DUPLICATE_COLUMN"),
        (workbook(["Id", "Name"]), "NO_ROWS"),
        (workbook(), "EMPTY_FILE"),
        (workbook(["Id", "Id"], [1, 2]), "DUPLICATE_COLUMN"),
        (workbook(["Id", "Name"], [1, 2])[:-300], "DAMAGED_FILE"),
        (with_part(workbook(["Id"], [1]), "xl/worksheets/sheet1.xml", b"<no"), "DAMAGED_FILE"),
        (b";".join(b"c%d" % k for k in range(401)) + b"\n1\n", "TOO_MANY_COLUMNS"),
        (b'[{"a": 1}, {"A": 2}]', "DUPLICATE_COLUMN"),
        (b"{}\n{}\n", "NO_HEADER"),
        (
            b"Id;Name\n1;gr\xc3\xb6\xc3\x9fer\n2;\xc3\xa4\xc3\xb6\xc3\xbc\n3;\xfc\n",
            "WRONG_ENCODING",
        ),
    ],
)
def test_what_holds_no_table_is_refused(content: bytes, code: str) -> None:
    assert refusal(content).code == code


def test_an_encoding_that_does_not_fit_is_refused() -> None:
    assert refusal(TEXT.encode("cp1252"), encoding="utf-8").code == "WRONG_ENCODING"
    assert refusal(TEXT.encode(), encoding="zip").code == "UNKNOWN_ENCODING"
    assert cells(open_table(TEXT.encode("cp1252"), Wishes(encoding="cp1252"))) == ROWS


def test_two_million_rows_are_refused_at_once() -> None:
    content = b"Id;Name\n" + b"1;Muster GmbH\n" * 2_000_000
    started = time.process_time()
    refused = refusal(content)
    assert refused.code == "TOO_MANY_ROWS"
    assert "250,000" in str(refused)
    assert time.process_time() - started < 5


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidImportFileError) as refused:
        open_table(TEXT.encode(), max_bytes=20)
    assert refused.value.code == "FILE_TOO_LARGE"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    rows = b'<row><c t="inlineStr"><is><t>x</t></is></c></row>'
    bomb = with_part(
        workbook(["Id", "Name"], [1, 2]),
        "xl/worksheets/sheet1.xml",
        b"<worksheet><sheetData>" + rows * 1_000_000 + b"</sheetData></worksheet>",
    )
    assert len(bomb) < 1 << 18
    started = time.process_time()
    assert refusal(bomb).code == "TOO_LARGE_UNPACKED"
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "limit",
    ["MAX_UNPACKED_BYTES", "MAX_ARCHIVE_ENTRIES", "MAX_SHARED_TEXT_BYTES"],
)
def test_a_workbook_beyond_a_limit_is_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert getattr(limits, limit) > 1_000
    content = excel_workbook(["Id", "Name"], [1, "text"])
    open_table(content)
    monkeypatch.setattr(xlsx_guard, limit, 1)
    assert refusal(content).code == "TOO_LARGE_UNPACKED"


def test_a_workbook_that_declares_entities_is_refused() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><sst>&a;</sst>'
    assert refusal(with_part(workbook(["Id"], ["x"]), "xl/sharedStrings.xml", evil)).code == (
        "DAMAGED_FILE"
    )


def test_a_cell_far_away_makes_no_table_of_a_billion_cells() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>Id</t></is></c></row>'
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    content = with_part(workbook(["Id"], [1]), "xl/worksheets/sheet1.xml", sheet)
    started = time.process_time()
    (row,) = open_table(content).rows()
    assert (row.number, row.error and row.error.code) == (1_048_576, "TOO_MANY_CELLS")
    assert time.process_time() - started < 15


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(content: bytes) -> None:
    try:
        table = open_table(content)
    except InvalidImportFileError:
        return
    rows = list(table.rows())
    assert len(rows) == table.count_rows()
    assert all(len(row.cells) in (0, len(table.columns)) for row in rows)


names = st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(
    lambda text: text.strip() and not text.lower().startswith("sep=")
)


@given(st.lists(st.tuples(names, names, names), min_size=1, max_size=20), st.sampled_from(";,\t|"))
def test_what_a_program_writes_is_read_back(rows: list[tuple[str, ...]], delimiter: str) -> None:
    import csv

    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("Id", "Name", "Town"), *rows])
    wishes = Wishes(encoding="utf-8", delimiter=delimiter, header_row=1)
    assert cells(open_table(stream.getvalue().encode(), wishes)) == rows
