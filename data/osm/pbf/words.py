"""Finds given words in the string table of a block, compiled."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from data.osm.pbf.messages import Bytes

_FNV_BASIS = np.uint64(14695981039346656037)
_FNV_PRIME = np.uint64(1099511628211)


class Words(NamedTuple):
    """
    Words to be found; made by `index_words`.

    Parameters
    ----------
    key
        (n,) uint64 ascending, their hashes.
    mark
        (n,) uint8, what each is marked with; never 0.
    first
        (n + 1,) int64, word k are the bytes from `first[k]` to `first[k + 1]`.
    text
        (b,) uint8.
    """

    key: NDArray[np.uint64]
    mark: NDArray[np.uint8]
    first: NDArray[np.int64]
    text: Bytes


def index_words(marks: dict[str, int]) -> Words:
    """Prepare words for `mark_strings`, each with its mark from 1 to 255."""
    encoded = [(word.encode(), mark) for word, mark in marks.items()]
    by_key = sorted(
        (int(_hash(np.frombuffer(word, np.uint8))), word, mark) for word, mark in encoded
    )
    keys, words, numbers = zip(*by_key, strict=True)
    return Words(
        np.array(keys, np.uint64),
        np.array(numbers, np.uint8),
        np.cumsum([0, *map(len, words)], dtype=np.int64),
        np.frombuffer(b"".join(words), np.uint8),
    )


@njit(cache=True, nogil=True)
def mark_strings(data: Bytes, bounds: NDArray[np.int64], words: Words) -> NDArray[np.uint8]:
    """(s,) for the strings within these bounds (s, 2): the mark of the word that each is, or 0."""
    marks = np.zeros(len(bounds), np.uint8)
    for number in range(len(bounds)):
        text = data[bounds[number, 0] : bounds[number, 1]]
        key = _hash(text)
        place = np.searchsorted(words.key, key)
        if place < len(words.key) and words.key[place] == key:
            word = words.text[words.first[place] : words.first[place + 1]]
            if len(word) == len(text) and (word == text).all():
                marks[number] = words.mark[place]
    return marks


@njit(cache=True, nogil=True)
def _hash(text: Bytes) -> np.uint64:
    """The hash of Fowler, Noll and Vo, variant 1a."""
    value = _FNV_BASIS
    for byte in text:
        value = (value ^ np.uint64(byte)) * _FNV_PRIME
    return value
