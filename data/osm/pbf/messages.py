"""
Compiled reading of protocol buffer messages, within the bytes of a whole block.

All functions raise ValueError when a message contradicts itself.
https://protobuf.dev/programming-guides/encoding
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

VARINT, FIXED_64, BYTES, FIXED_32 = 0, 1, 2, 5
"""How the value of a field is written."""


@njit(cache=True, nogil=True)
def find_messages(data: Bytes, start: int, end: int, field: int) -> NDArray[np.int64]:
    """(n, 2) first and last + 1 byte of each value of a field in the message from start to end."""
    count = 0
    position = start
    while position < end:
        number, wire, first, position = next_field(data, position, end)
        if number == field and wire == BYTES:
            count += 1
    bounds = np.empty((count, 2), np.int64)
    count = 0
    position = start
    while position < end:
        number, wire, first, position = next_field(data, position, end)
        if number == field and wire == BYTES:
            bounds[count] = first, position
            count += 1
    return bounds


@njit(cache=True, nogil=True)
def find_number(data: Bytes, start: int, end: int, field: int, default: int) -> np.int64:
    """The value of a whole number in the message from start to end."""
    position = start
    while position < end:
        number, wire, first, position = next_field(data, position, end)
        if number == field and wire == VARINT:
            return np.int64(read_varint(data, first, end)[0])
    return np.int64(default)


@njit(cache=True, nogil=True)
def next_field(data: Bytes, position: int, end: int) -> tuple[np.int64, np.int64, int, int]:
    """Number and wire type of the field at a position, and where its value begins and ends."""
    key, first = read_varint(data, position, end)
    wire = np.int64(key & np.uint64(7))
    if wire == VARINT:
        _, last = read_varint(data, first, end)
    elif wire == BYTES:
        length, first = read_varint(data, first, end)
        if length > np.uint64(end - first):
            raise ValueError("a field longer than its message")
        last = first + int(np.int64(length))
    elif wire == FIXED_64:
        last = first + 8
    elif wire == FIXED_32:
        last = first + 4
    else:
        raise ValueError("a field of unknown kind")
    if last > end:
        raise ValueError("a field longer than its message")
    return np.int64(key >> np.uint64(3)), wire, first, last


@njit(cache=True, nogil=True)
def read_varint(data: Bytes, position: int, end: int) -> tuple[np.uint64, int]:
    """The number at a position, seven bits a byte, and where the next thing begins."""
    value = np.uint64(0)
    shift = np.uint64(0)
    while position < end and shift < np.uint64(64):
        byte = np.uint64(data[position])
        position += 1
        value |= (byte & np.uint64(0x7F)) << shift
        if byte < np.uint64(0x80):
            return value, position
        shift += np.uint64(7)
    raise ValueError("a number without an end")


@njit(cache=True, nogil=True)
def signed(value: np.uint64) -> np.int64:
    """What a number of kind `sint` stands for: 0, -1, 1, -2 and so on."""
    return np.int64(value >> np.uint64(1)) ^ -np.int64(value & np.uint64(1))
