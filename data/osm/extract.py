"""Opens extracts, and refuses what is none by saying what it is and what to do."""

import hashlib
from pathlib import Path

import osmium

from data.errors import InvalidExtractError
from data.osm.pbf.blobs import Blob, fields, find_blobs, not_a_pbf, unpack, unreadable

KNOWN_FEATURES = frozenset({"OsmSchema-V0.6", "DenseNodes"})

_CHUNK_BYTES = 1 << 20
_BEGIN_BYTES = 512


def check_extract(path: Path) -> list[Blob]:
    """
    Make sure that a file looks like an extract that can be read, without reading all of it.

    Finds everything that shows in its beginning or its length; damage within a block shows only
    when it is read.

    Returns
    -------
    Its blocks with data, in the order of the file.

    Raises
    ------
    InvalidExtractError
        With what the file is instead, and what to do.
    """
    if not path.exists():
        raise InvalidExtractError(f"There is no file {path}. Check its name.")
    if not path.is_file():
        raise InvalidExtractError(f"{path} is a folder. Name the .osm.pbf file in it.")
    try:
        with path.open("rb") as file:
            begin = file.read(_BEGIN_BYTES)
        _refuse_other_formats(path, begin)
        blobs = find_blobs(path)
        _check_features(path, blobs[0])
    except OSError as error:
        raise unreadable(path, error) from error
    data = [blob for blob in blobs if blob.kind == "OSMData"]
    if not data:
        raise InvalidExtractError(
            f"{path.name} is an extract without any content. Cut out a larger area."
        )
    return data


def pbf_file(path: Path) -> osmium.io.File:
    """The file for osmium, which would go by the end of its name."""
    return osmium.io.File(str(path), "pbf")


def hash_extract(path: Path) -> str:
    """SHA-256 of the whole file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _refuse_other_formats(path: Path, begin: bytes) -> None:
    name = path.name
    if not begin:
        raise InvalidExtractError(f"{name} is empty: 0 bytes. Download it again.")
    text = begin.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<osmchange" in text:
        raise _change_file(path)
    if b"<osm" in text:
        raise InvalidExtractError(
            f"{name} is OpenStreetMap XML; .osm.pbf is read. Convert it: "
            f"osmium cat {name} -o {_stem(name)}.osm.pbf"
        )
    if text.startswith((b"<!doctype html", b"<html")):
        raise InvalidExtractError(
            f"{name} is a web page, perhaps the error message of a failed download. "
            "Download the .osm.pbf again."
        )
    packed = begin.startswith((b"\x1f\x8b", b"BZh", b"PK\x03\x04", b"\xfd7zXZ"))
    if packed or begin.startswith(b"\xff\xe0"):
        if ".osc" in name:
            raise _change_file(path)
        raise InvalidExtractError(
            f"{name} is {'packed' if packed else 'in o5m format'}; .osm.pbf is read. Download that "
            f"instead, or convert it: osmium cat {name} -o {_stem(name)}.osm.pbf"
        )
    if ".osc" in name:
        raise _change_file(path)


def _check_features(path: Path, header: Blob) -> None:
    with path.open("rb") as file:
        content = unpack(file, path, header)
    try:
        required = [
            value.decode()
            for number, value in fields(content)
            if number == 4 and value.__class__ is bytes
        ]
    except ValueError as error:
        raise not_a_pbf(path) from error
    if "HistoricalInformation" in required:
        raise InvalidExtractError(
            f"{path.name} holds the history of its objects, or changes. Cut out one moment: "
            f"osmium time-filter {path.name} -o {_stem(path.name)}-now.osm.pbf"
        )
    unknown = sorted(set(required) - KNOWN_FEATURES)
    if unknown:
        raise InvalidExtractError(
            f"{path.name} needs a reader that knows {', '.join(unknown)}. Rewrite it: "
            f"osmium cat {path.name} -o {_stem(path.name)}.osm.pbf"
        )


def _change_file(path: Path) -> InvalidExtractError:
    return InvalidExtractError(
        f"{path.name} holds changes to a map and no map. Download the .osm.pbf of the region, or "
        "apply the changes to it: osmium apply-changes"
    )


def _stem(name: str) -> str:
    return name.split(".")[0]
