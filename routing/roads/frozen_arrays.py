"""Arrays that many threads share, and that may lie in files mapped into memory."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import DTypeLike


def freeze_arrays(owner: object, dtypes: Mapping[str, DTypeLike | None]) -> None:
    """
    Make arrays of a frozen dataclass read-only. For its `__post_init__`.

    What the caller holds stays as it is: the new array is another view of the same memory.

    Parameters
    ----------
    dtypes
        By name; None leaves the type as it is.
    """
    for name, dtype in dtypes.items():
        # A plain array over the same memory: compiled code takes no subclasses such as memmap.
        array = np.asarray(getattr(owner, name), dtype=dtype).view()
        array.setflags(write=False)
        object.__setattr__(owner, name, array)
