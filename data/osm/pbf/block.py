"""One unpacked block of an extract, and all blocks of a file one after the other."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.osm.pbf.blobs import Blob, damaged, unpack, unreadable
from data.osm.pbf.decode_nodes import Grid
from data.osm.pbf.messages import Bytes, find_messages, find_number
from data.osm.pbf.words import Words, mark_strings

NODE, DENSE, WAY = 1, 2, 3
"""Kinds of messages in a group of a block."""

Span = tuple[int, int]
"""First and last + 1 byte of a message."""

_STRING_TABLE, _GROUP, _GRANULARITY, _LAT_OFFSET, _LON_OFFSET = 1, 2, 17, 19, 20
_STRING = 1


class Block:
    """
    One block: a table of strings, and groups of objects that refer to it.

    Parameters
    ----------
    content
        Unpacked bytes.

    Raises
    ------
    ValueError
        When it contradicts itself.
    """

    __slots__ = ("_strings", "data", "groups")

    def __init__(self, content: bytes) -> None:
        self.data = np.frombuffer(content, np.uint8)
        tables = _spans(self.data, (0, len(content)), _STRING_TABLE)
        if len(tables) != 1:
            raise ValueError("no table of strings")
        self._strings = find_messages(self.data, *tables[0], _STRING)
        self.groups = _spans(self.data, (0, len(content)), _GROUP)

    @property
    def grid(self) -> Grid:
        """How positions are written."""
        return Grid(
            self._number(_GRANULARITY, 100),
            self._number(_LAT_OFFSET, 0),
            self._number(_LON_OFFSET, 0),
        )

    def messages(self, group: Span, kind: int) -> NDArray[np.int64]:
        """(n, 2) bounds of the messages of one kind in a group."""
        found: NDArray[np.int64] = find_messages(self.data, *group, kind)
        return found

    def marks(self, words: Words) -> NDArray[np.uint8]:
        """(s,) for each string of the table: the mark of the word that it is, or 0."""
        marks: NDArray[np.uint8] = mark_strings(self.data, self._strings, words)
        return marks

    def string(self, place: int) -> str:
        """A string of the table. Bytes that are no UTF-8 are replaced."""
        begin, end = self._strings[place]
        return self.data[begin:end].tobytes().decode(errors="replace")

    def _number(self, field: int, default: int) -> int:
        return int(find_number(self.data, 0, len(self.data), field, default))


def _spans(data: Bytes, span: Span, field: int) -> list[Span]:
    return [(begin, end) for begin, end in find_messages(data, *span, field).tolist()]


def read_blocks(
    path: Path,
    blobs: Sequence[Blob],
    take: Callable[[Blob, Block], None],
    tell: Callable[[int, int], None],
) -> None:
    """
    Unpack blocks and hand each to `take`.

    Raises
    ------
    InvalidExtractError
        When one is damaged, or contradicts itself.
    """
    total = sum(blob.size for blob in blobs)
    done = 0
    tell(done, total)
    try:
        with path.open("rb") as file:
            for blob in blobs:
                content = unpack(file, path, blob)
                try:
                    take(blob, Block(content))
                except ValueError as error:
                    raise damaged(path, blob, error) from error
                done += blob.size
                tell(done, total)
    except OSError as error:
        raise unreadable(path, error) from error
