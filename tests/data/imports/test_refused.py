"""Rows that were refused: harmless in a spreadsheet, and the same when they come back."""

import csv
import gzip
import io

from hypothesis import given
from hypothesis import strategies as st

from accounts import AccountRecord
from data.imports.draft import draft_of
from data.imports.open_table import open_table
from data.imports.reading_rows import ReadRows, read_rows
from data.imports.records import RowReader, Rules
from data.imports.refused import RefusedFile, guarded, unguarded
from data.imports.table import Row, RowError

RULES = Rules("crm", "DE", "EUR")
FORMULA = '=HYPERLINK("http://evil.example","Klick")'


def read(content: bytes) -> ReadRows:
    table = open_table(content)
    mapping = draft_of(table, RULES).mapping
    reader = RowReader(table.columns, mapping, RULES, {})
    return read_rows(table.rows(), reader, RefusedFile(table.columns, table.reading.delimiter))


def refused_file(rows: ReadRows) -> bytes:
    assert rows.refused is not None
    return gzip.decompress(rows.refused)


def listed(content: bytes, delimiter: str = ";") -> list[dict[str, str]]:
    text = content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_a_refused_row_says_where_and_why() -> None:
    rows = read(b'Nr;Name;Land;Lon;Lat\n1;Gut;;;\n2;;Atlantis;9,5;91\n1;Zweite;;;\n3;"offen;;;\n')
    assert [record.external_id for record in rows.records] == ["1"]
    assert (rows.count, rows.refused_count, rows.row_numbers) == (4, 3, (2,))
    assert [(e.row, e.column, e.value, e.code) for e in rows.errors] == [
        (3, "Name", "", "MISSING"),
        (3, "Land", "Atlantis", "UNKNOWN_COUNTRY"),
        (3, "Lat", "91", "OUT_OF_RANGE"),
        (4, "Nr", "1", "DUPLICATE_EXTERNAL_ID"),
        (5, "", '3;"offen;;;', "UNREADABLE_ROW"),
    ]
    second, third, fourth = listed(refused_file(rows))
    assert second["Land"] == "Atlantis"
    assert second["refused_row"] == "3"
    assert second["refused_column"] == "Name, Land, Lat"
    assert "lies beyond -90 to 90" in second["refused_detail"]
    assert "row 2" in third["refused_detail"]
    assert (fourth["Nr"], fourth["refused_text"]) == ("", '3;"offen;;;')


def test_refused_rows_are_mended_and_sent_again() -> None:
    rows = read(f'Nr;Name;Land\n1;"{FORMULA.replace(chr(34), chr(34) * 2)}";Atlantis\n'.encode())
    (row,) = listed(refused_file(rows))
    assert row["Name"] == f"'{FORMULA}"
    mended = refused_file(rows).decode("utf-8-sig").replace("Atlantis", "AT").encode()
    (record,) = read(mended).records
    assert (record.name, record.country) == (FORMULA, "AT")


def test_rows_refused_twice_have_their_reasons_once() -> None:
    first = refused_file(read(b"Nr;Name\n1;\n"))
    second = refused_file(read(first))
    assert second.decode("utf-8-sig").splitlines()[0] == first.decode("utf-8-sig").splitlines()[0]
    assert len(listed(second)) == 1


def test_equal_rows_make_equal_files() -> None:
    assert read(b"Nr;Name\n1;\n").refused == read(b"Nr;Name\n1;\n").refused


def test_a_file_without_refused_rows_makes_none() -> None:
    assert read(b"Nr;Name\n1;a\n").refused is None


@given(st.text())
def test_a_guarded_text_is_read_back_and_is_no_formula(text: str) -> None:
    assert unguarded(guarded(text)) == text
    if guarded(text)[:1] in ("=", "+", "-", "@", "\t", "\r"):
        float(text.replace(",", "."))  # a plain number does no harm


cells = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=15) | st.sampled_from(
    ["=1+1", "'=1", "-5", "+49 561 1", "@a", "''-x", "<script>alert(1)</script>", "a\nb", '"', ";"]
)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=8), st.sampled_from(";,\t|"))
def test_cells_of_a_refused_file_are_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    file = RefusedFile(("A", "B"), delimiter)
    for number, row in enumerate(rows):
        file.add(Row(number, row), [RowError(number, "A", row[0], "CODE", "Because.")])
    content = file.finish()
    assert content is not None
    table = open_table(gzip.decompress(content))
    assert [row.cells[:2] for row in table.rows()] == rows


def test_html_and_formulas_in_a_name_are_kept_as_text() -> None:
    rows = read(b"Nr;Name\n1;<b onclick=x>Muster</b>\n2;=1+1\n3;-Minus-\n4;@home\n")
    assert [record.name for record in rows.records] == [
        "<b onclick=x>Muster</b>", "=1+1", "-Minus-", "@home",
    ]  # fmt: skip


@given(st.data())
def test_every_row_is_taken_or_refused(data: st.DataObject) -> None:
    header = ["Nr", "Name", "PLZ", "Land", "Lon", "Lat", "Potenzial", "Status", "Öffnungszeiten"]
    values = st.one_of(cells, st.integers(-(10**20), 10**20).map(str), st.just(""))
    rows = data.draw(st.lists(st.lists(values, min_size=9, max_size=9), max_size=6))
    reader = RowReader(
        tuple(header),
        draft_of(open_table(f"{';'.join(header)}\n1;a\n".encode()), RULES).mapping,
        RULES,
        {},
    )
    for row in rows:
        found = reader.read(Row(2, tuple(row)))
        if isinstance(found, AccountRecord):
            assert found.name
            assert found.external_id
        else:
            assert found
            assert all(error.detail.endswith((".", "?")) for error in found)
