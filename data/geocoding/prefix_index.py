"""Everything that begins with some letters, at once."""

from bisect import bisect_left
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_LAST = chr(0x10FFFF)


class PrefixIndex:
    """Numbers by the forms that lead to them; a number may have several."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        ordered = sorted(pairs)
        self._forms = [form for form, _ in ordered]
        self._numbers = np.array([number for _, number in ordered], dtype=np.int64)

    def numbers(self, prefix: str) -> NDArray[np.int64]:
        """Distinct numbers, ascending, of all forms that begin with the prefix."""
        first = bisect_left(self._forms, prefix)
        last = bisect_left(self._forms, prefix + _LAST)
        return np.unique(self._numbers[first:last])
