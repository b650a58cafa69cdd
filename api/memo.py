"""Remembers what was made."""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

Made = TypeVar("Made")


class Memo:
    """
    What was made for each key, once, also where two threads ask at the same time.

    Parameters
    ----------
    size
        How many are kept; the oldest goes first.
    """

    def __init__(self, size: int = 32) -> None:
        self._size = size
        self._made: dict[object, Any] = {}
        self._lock = threading.RLock()

    def get(self, key: object, make: Callable[[], Made]) -> Made:
        with self._lock:
            if key not in self._made:
                made = make()
                while len(self._made) >= self._size:
                    del self._made[next(iter(self._made))]
                self._made[key] = made
            found: Made = self._made[key]
            return found
