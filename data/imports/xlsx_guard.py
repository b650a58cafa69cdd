"""
Looks at an XLSX before anything is unpacked: it may be made to fill the memory.

Python reads no more of a part than the directory of the archive says, so that what stands there can
be relied upon.
"""

import zipfile
from io import BytesIO

from data.errors import InvalidImportFileError
from data.imports.limits import (
    MAX_ARCHIVE_ENTRIES,
    MAX_SHARED_TEXT_BYTES,
    MAX_UNPACKED_BYTES,
    MAX_UNPACKED_RATIO,
    RATIO_COUNTS_FROM_BYTES,
)

SHARED_TEXT = "xl/sharedStrings.xml"
ENCRYPTED = 0x1
HEAD = 4_096


def check_workbook(content: bytes) -> None:
    """
    Raises
    ------
    InvalidImportFileError
        When unpacked it would be too large, it is damaged or encrypted, or holds declarations that
        no workbook has.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        _check_head(part.filename, stream.read(HEAD))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise damaged() from error


def damaged() -> InvalidImportFileError:
    return InvalidImportFileError(
        "DAMAGED_FILE",
        "The workbook is cut short or damaged. Open it in a spreadsheet program and save it again "
        "as XLSX.",
    )


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    ratio = unpacked / max(1, packed)
    shared = sum(part.file_size for part in parts if part.filename.lower() == SHARED_TEXT.lower())
    if len(parts) > MAX_ARCHIVE_ENTRIES:
        raise _too_large(f"{len(parts):,} parts; {MAX_ARCHIVE_ENTRIES:,} are read")
    if unpacked > MAX_UNPACKED_BYTES:
        raise _too_large(f"{_mb(unpacked)} when unpacked; {_mb(MAX_UNPACKED_BYTES)} are read")
    if shared > MAX_SHARED_TEXT_BYTES:
        raise _too_large(f"{_mb(shared)} of text; {_mb(MAX_SHARED_TEXT_BYTES)} are read")
    if unpacked > RATIO_COUNTS_FROM_BYTES and ratio > MAX_UNPACKED_RATIO:
        raise _too_large(
            f"{ratio:,.0f} times its size when unpacked; {MAX_UNPACKED_RATIO} times are read"
        )
    if any(part.flag_bits & ENCRYPTED for part in parts):
        raise InvalidImportFileError(
            "UNSUPPORTED_FILE", "The workbook is protected with a password. Save it without one."
        )


def _check_head(name: str, head: bytes) -> None:
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise InvalidImportFileError(
            "DAMAGED_FILE",
            f"{name} of the workbook declares entities, which no spreadsheet program writes. Save "
            "the table as CSV.",
        )


def _too_large(what: str) -> InvalidImportFileError:
    return InvalidImportFileError(
        "TOO_LARGE_UNPACKED",
        f"The workbook has {what}. Remove sheets, columns and pictures that are not needed, or "
        "save the table as CSV.",
    )


def _mb(count: int) -> str:
    return f"{count / (1 << 20):,.0f} MiB"
