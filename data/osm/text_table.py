"""Very many texts in two arrays that may lie in files mapped into memory."""

from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray


class TextTable(Sequence[str]):
    """
    Texts that are decoded when they are asked for, so that opening them takes no time.

    Parameters
    ----------
    first_byte
        (n + 1,) int64, the bytes of text k are those from `first_byte[k]` to `first_byte[k + 1]`.
    utf8
        (b,) uint8, all texts one after the other.

    Raises
    ------
    ValueError
        When the arrays do not fit together.
    """

    __slots__ = ("_first_byte", "_utf8")

    def __init__(self, first_byte: NDArray[np.int64], utf8: NDArray[np.uint8]) -> None:
        if (
            len(first_byte) == 0
            or first_byte[0] != 0
            or first_byte[-1] != len(utf8)
            or (np.diff(first_byte) < 0).any()
        ):
            raise ValueError("The texts do not end where their file ends.")
        self._first_byte, self._utf8 = first_byte, utf8

    def __len__(self) -> int:
        return len(self._first_byte) - 1

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...

    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self[k] for k in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(f"There are {len(self)} texts; {index} is not one of them.")
        number = int(index) % len(self)
        begin, end = self._first_byte[number], self._first_byte[number + 1]
        return self._utf8[begin:end].tobytes().decode()


def text_arrays(texts: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """The two arrays of a `TextTable`."""
    encoded = [text.encode() for text in texts]
    first_byte = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=first_byte[1:])
    return first_byte, np.frombuffer(b"".join(encoded), np.uint8)
