"""In which encoding a text is."""

import re
from collections.abc import Iterable

from data.errors import InvalidImportFileError

ENCODINGS = (
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "iso8859-1",
    "iso8859-15",
    "cp1250",
    "cp850",
    "mac_roman",
)
"""Those that may be asked for."""

MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)

ONE_BYTE = ("cp1252", "mac_roman", "cp850", "iso8859-1")
"""Likeliest first; the last takes every byte."""

USUAL = {
    **dict.fromkeys("éèêàâáçîïíôóûùúñøåæœëÉÈÀÇÑØÅ€–—„“”‚‘’»«°§²³½®´·", 1.0),
    **dict.fromkeys("äöüÄÖÜß", 2.0),
}
"""Signs beyond ASCII that stand in tables of western Europe, and how much each counts."""

HEAD = 4_096
MOST_COUNTED = 5_000

_UTF_8_SIGN = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]+")

CLEARLY = 3
"""So many times as many signs of UTF-8 as bytes that are none: a text in UTF-8 with faults."""


def encoding_of(content: bytes) -> str:
    """
    The name of the encoding, as Python calls it.

    A mark at the beginning says it. Otherwise UTF-8 if the whole text is, then that of one byte a
    letter which makes the usual letters of it.

    Raises
    ------
    InvalidImportFileError
        When it is no text, or UTF-8 with faults.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _checked(content, encoding)
    without_mark = _utf_16(content[:HEAD])
    if without_mark is not None:
        return _checked(content, without_mark)
    if b"\0" in content[:HEAD]:
        raise InvalidImportFileError(
            "UNSUPPORTED_FILE",
            "The file is no text: it holds zero bytes. Send a table as CSV, XLSX or JSON lines.",
        )
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        _refuse_faulty_utf_8(content, error)
    else:
        return "utf-8"
    beyond = b" ".join(_first(_BEYOND_ASCII.finditer(content)))
    return max(ONE_BYTE, key=lambda name: _usual_share(beyond, name))


def decoded_with(content: bytes, encoding: str) -> str:
    """
    A wanted encoding, once it is known that it fits.

    Raises
    ------
    InvalidImportFileError
        When it is none of `ENCODINGS`, or the content is not in it.
    """
    if encoding not in ENCODINGS:
        raise InvalidImportFileError(
            "UNKNOWN_ENCODING",
            f"There is no encoding {encoding[:40]!r} here. Take one of: {', '.join(ENCODINGS)}.",
        )
    if encoding == "utf-8" and content.startswith(MARKS[0][0]):
        encoding = "utf-8-sig"
    return _checked(content, encoding)


def _checked(content: bytes, encoding: str) -> str:
    try:
        content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        at = content.count(b"\n", 0, getattr(error, "start", 0)) + 1
        raise InvalidImportFileError(
            "WRONG_ENCODING",
            f"The file is not in {encoding}: line {at} holds bytes that are no letters. Save it "
            "again as CSV in UTF-8.",
        ) from None
    return encoding


def _utf_16(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of western text is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 0.4 * len(head[1::2]) and even < 0.05 * len(head):
        return "utf-16-le"
    if even > 0.4 * len(head[0::2]) and odd < 0.05 * len(head):
        return "utf-16-be"
    return None


def _refuse_faulty_utf_8(content: bytes, error: UnicodeDecodeError) -> None:
    rest = _UTF_8_SIGN.sub(b"", content)
    faults = sum(len(run) for run in _BEYOND_ASCII.findall(rest))
    signs = len(_UTF_8_SIGN.findall(content))
    if signs > CLEARLY * faults:
        line = content.count(b"\n", 0, error.start) + 1
        raise InvalidImportFileError(
            "WRONG_ENCODING",
            f"The file is in UTF-8 but for {faults} bytes, the first in line {line}. Save it again "
            "as CSV in UTF-8.",
        )


def _first(matches: Iterable[re.Match[bytes]]) -> list[bytes]:
    return [match[0] for match, _ in zip(matches, range(MOST_COUNTED), strict=False)]


def _usual_share(beyond: bytes, encoding: str) -> float:
    try:
        signs = beyond.decode(encoding).replace(" ", "")
    except UnicodeDecodeError:
        return -1.0
    return sum(USUAL.get(sign, 0.0) for sign in signs) / max(1, len(signs))
