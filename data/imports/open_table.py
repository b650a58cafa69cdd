"""Opens a file as a table, whatever kind of table it is."""

from dataclasses import dataclass

from data.errors import InvalidImportFileError
from data.imports.csv_rows import read_csv
from data.imports.file_kind import FileKind, kind_of
from data.imports.json_rows import read_json
from data.imports.limits import MAX_FILE_BYTES
from data.imports.refused import unguarded_rows
from data.imports.table import Reading, Table
from data.imports.xlsx_rows import read_xlsx


@dataclass(frozen=True, slots=True)
class Wishes:
    """How somebody says that a file is to be read; what is empty is found out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_row: int | None = None


def open_table(
    content: bytes, wishes: Wishes | None = None, max_bytes: int = MAX_FILE_BYTES
) -> Table:
    """
    A file as a table with at least one row.

    Raises
    ------
    InvalidImportFileError
        When it is too large, empty, of another kind, damaged, or has a header that cannot be used.
    """
    wishes = wishes or Wishes()
    if len(content) > max_bytes:
        raise too_large(len(content), max_bytes)
    kind = kind_of(content)
    if kind is FileKind.XLSX:
        table = read_xlsx(content, wishes.sheet, wishes.header_row)
    elif kind is FileKind.JSON:
        table = read_json(content)
    else:
        table = read_csv(content, wishes.encoding, wishes.delimiter, wishes.header_row)
    if next(table.rows(), None) is None:
        raise InvalidImportFileError(
            "NO_ROWS",
            f"The file names {len(table.columns)} columns and has no row below them. Send at least "
            "one account.",
        )
    return unguarded_rows(table)


def open_again(content: bytes, reading: Reading) -> Table:
    """A file as it was read before."""
    return unguarded_rows(_open_again(content, reading))


def _open_again(content: bytes, reading: Reading) -> Table:
    if reading.kind is FileKind.XLSX:
        return read_xlsx(content, reading.sheet, reading.header_row)
    if reading.kind is FileKind.JSON:
        return read_json(content)
    encoding = reading.encoding.removesuffix("-sig")
    # UTF-32 is only known by its mark.
    encoding = "" if encoding == "utf-32" else encoding
    return read_csv(content, encoding, reading.delimiter, reading.header_row)


def too_large(size: int, limit: int) -> InvalidImportFileError:
    return InvalidImportFileError(
        "FILE_TOO_LARGE",
        f"The file has {size / (1 << 20):,.1f} MiB; {limit / (1 << 20):,.0f} MiB are read. Split "
        "it, or leave out columns that are not needed.",
    )
