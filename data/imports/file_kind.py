"""What a file is, by its first bytes; its name decides nothing."""

import zipfile
from enum import StrEnum
from io import BytesIO

from data.errors import InvalidImportFileError

WANTED = "Send a table as CSV, XLSX or JSON lines."


class FileKind(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"\x1f\x8b", "compressed with gzip; unpack it first"),
    (b"BZh", "compressed with bzip2; unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\xfd7zXZ", "compressed with xz; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"Obj\x01", "an Avro file"),
)
"""What is certainly something else."""

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
UTF_8_MARK = b"\xef\xbb\xbf"

OFFICE_PARTS = (
    ("xl/workbook.bin", "a binary workbook (XLSB); save it as XLSX"),
    ("word/document.xml", "a Word document"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("Index/Document.iwa", "a Numbers or Pages document; export it as XLSX or CSV"),
)
OPEN_DOCUMENTS = {
    b"application/vnd.oasis.opendocument.spreadsheet": "an OpenDocument sheet (ODS)",
    b"application/vnd.oasis.opendocument.text": "an OpenDocument text (ODT)",
}


def kind_of(content: bytes) -> FileKind:
    """
    What a file is.

    Raises
    ------
    InvalidImportFileError
        When it is empty, or nothing that holds a table; the message says what it is instead.
    """
    if not content.strip(b"\0 \t\r\n" + UTF_8_MARK):
        raise InvalidImportFileError("EMPTY_FILE", f"The file is empty. {WANTED}")
    if content.startswith(OLD_OFFICE):
        raise _other(_old_office(content))
    if content.startswith(ZIP):
        return _kind_of_archive(content)
    for beginning, name in BEGINNINGS:
        if content.startswith(beginning):
            raise _other(name)
    head = content[:2_000].removeprefix(UTF_8_MARK).lstrip()
    if _is_markup(head):
        raise _other("a web page (HTML) or XML")
    if head.startswith((b"{", b"[{")) or (head.startswith(b"[") and head[1:].lstrip()[:1] == b"{"):
        return FileKind.JSON
    return FileKind.CSV


def _kind_of_archive(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                return FileKind.XLSX
            for part, name in OFFICE_PARTS:
                if part in names:
                    raise _other(name)
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = archive.read("mimetype").strip()
                raise _other(f"{OPEN_DOCUMENTS.get(kind, 'an OpenDocument')}; save it as XLSX")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise InvalidImportFileError(
            "DAMAGED_FILE", f"The file is a ZIP archive that is cut short or damaged. {WANTED}"
        ) from error
    if any(name.endswith((".csv", ".xlsx")) for name in names):
        raise _other("a ZIP archive; unpack it first and send the table inside")
    raise _other("a ZIP archive")


def _old_office(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "protected with a password; save it without one"
    if "WordDocument".encode("utf-16-le") in content[: 1 << 20]:
        return "an old Word document"
    return "an old Excel file (XLS); save it as XLSX"


def _is_markup(head: bytes) -> bool:
    lower = head[:200].lower()
    return lower.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<meta", b"<head"))


def _other(name: str) -> InvalidImportFileError:
    return InvalidImportFileError("UNSUPPORTED_FILE", f"The file is {name}. {WANTED}")
