"""
The blocks of an OpenStreetMap PBF file: where they lie, what they are, and their content unpacked.

A file is a row of blobs, each with a header that says its size, so that a cut is noticed without
unpacking anything. https://wiki.openstreetmap.org/wiki/PBF_Format
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from data.errors import InvalidExtractError

MAX_HEADER_BYTES = 64 * 1024
MAX_BLOB_BYTES = 32 * 1024 * 1024
"""Limits of the format: whatever claims more is something else, or damaged."""

ANEW = "Download it again."

_VARINT, _FIXED_64, _BYTES, _FIXED_32 = 0, 1, 2, 5
_UNSUPPORTED = {4: "lzma", 5: "bzip2", 6: "lz4", 7: "zstd"}


@dataclass(frozen=True, slots=True)
class Blob:
    """
    One block as it lies in the file.

    Parameters
    ----------
    kind
        `OSMHeader` or `OSMData`; others may be skipped.
    offset, size
        Of the packed content, in bytes.
    """

    kind: str
    offset: int
    size: int


def find_blobs(path: Path) -> list[Blob]:
    """
    All blocks of a file, by their headers alone.

    Raises
    ------
    InvalidExtractError
        When the file is no PBF, or ends within a block.
    """
    size = path.stat().st_size
    blobs: list[Blob] = []
    with path.open("rb") as file:
        position = 0
        while position < size:
            blob = _read_blob_header(file, path, position)
            position = blob.offset + blob.size
            if position > size:
                raise truncated(path, size)
            blobs.append(blob)
            file.seek(position)
    if not blobs or blobs[0].kind != "OSMHeader":
        raise not_a_pbf(path)
    return blobs


def unpack(file: BinaryIO, path: Path, blob: Blob) -> bytes:
    """
    The content of a block.

    Raises
    ------
    InvalidExtractError
        When it is damaged, or packed in a way that is not read here.
    """
    file.seek(blob.offset)
    packed = file.read(blob.size)
    try:
        content = dict(fields(packed))
        if 1 in content:
            raw = content[1]
        elif 3 in content:
            raw = _inflate(_as_bytes(content[3]))
        else:
            raise _unsupported(path, content)
        raw = _as_bytes(raw)
        if 2 in content and content[2] != len(raw):
            raise ValueError("another size than it claims")
    except (ValueError, zlib.error) as error:
        raise damaged(path, blob, error) from error
    return raw


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """
    Numbers and values of a protocol buffer message, in order.

    Raises
    ------
    ValueError
        When it is none.
    """
    position, end = 0, len(message)
    while position < end:
        key, position = _read_varint(message, position)
        wire = key & 7
        if wire == _VARINT:
            value, position = _read_varint(message, position)
            yield key >> 3, value
            continue
        if wire == _BYTES:
            length, position = _read_varint(message, position)
        elif wire in (_FIXED_32, _FIXED_64):
            length = 4 if wire == _FIXED_32 else 8
        else:
            raise ValueError(f"a field of kind {wire}")
        if position + length > end:
            raise ValueError("a field longer than the block")
        yield key >> 3, message[position : position + length]
        position += length


def not_a_pbf(path: Path) -> InvalidExtractError:
    return InvalidExtractError(
        f"{path.name} is not an OpenStreetMap extract in PBF format. Download the .osm.pbf of your "
        "region, for instance from download.geofabrik.de."
    )


def truncated(path: Path, size: int) -> InvalidExtractError:
    return InvalidExtractError(
        f"{path.name} ends within a block, after {size:,} bytes: its download was cut short. {ANEW}"
    )


def damaged(path: Path, blob: Blob, error: Exception) -> InvalidExtractError:
    return InvalidExtractError(
        f"{path.name} is damaged: the block at byte {blob.offset:,} cannot be read ({error}). "
        f"{ANEW}"
    )


def unreadable(path: Path, error: OSError) -> InvalidExtractError:
    return InvalidExtractError(
        f"{path} cannot be read: {error.strerror}. Check its permissions and the disk."
    )


def _read_blob_header(file: BinaryIO, path: Path, position: int) -> Blob:
    begin = file.read(4)
    if len(begin) < 4:
        raise truncated(path, position + len(begin))
    (length,) = struct.unpack(">I", begin)
    if length > MAX_HEADER_BYTES:
        raise not_a_pbf(path) if position == 0 else _lost(path, position)
    header = file.read(length)
    try:
        content = dict(fields(header))
        kind, size = _as_bytes(content[1]).decode(), content[3]
    except (ValueError, KeyError) as error:
        if position == 0:
            raise not_a_pbf(path) from error
        if len(header) < length:
            raise truncated(path, position + 4 + len(header)) from error
        raise _lost(path, position) from error
    if not isinstance(size, int) or size > MAX_BLOB_BYTES:
        raise _lost(path, position)
    return Blob(kind, position + 4 + length, size)


def _lost(path: Path, position: int) -> InvalidExtractError:
    return InvalidExtractError(
        f"{path.name} is damaged: there should be a block at byte {position:,}. {ANEW}"
    )


def _unsupported(path: Path, content: dict[int, int | bytes]) -> InvalidExtractError:
    packer = next((_UNSUPPORTED[key] for key in content if key in _UNSUPPORTED), "something else")
    return InvalidExtractError(
        f"The blocks of {path.name} are packed with {packer}; zlib is read. Rewrite it: "
        f"osmium cat {path.name} -o out.osm.pbf"
    )


def _inflate(packed: bytes) -> bytes:
    """Unpack, but not more than a block may hold, whatever is packed."""
    inflater = zlib.decompressobj()
    raw = inflater.decompress(packed, MAX_BLOB_BYTES)
    if not inflater.eof:
        raise ValueError("it has no end, or is larger than a block may be")
    return raw


def _as_bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number in the place of bytes")
    return value


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while position < len(message):
        byte = message[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
        if shift > 63:
            break
    raise ValueError("a number without an end")
