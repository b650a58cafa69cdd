"""Arrays of frozen dataclasses, which threads share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from routing.roads.frozen_arrays import freeze_arrays


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    count: NDArray[np.int32]
    share: NDArray[Any]

    def __post_init__(self) -> None:
        freeze_arrays(self, {"count": np.int32, "share": None})


def test_arrays_cannot_be_written_to_and_those_of_the_caller_still_can() -> None:
    count = np.arange(3, dtype=np.int32)
    pair = Pair(count, np.zeros(3, np.float32))
    with pytest.raises(ValueError, match="read-only"):
        pair.count[0] = 7
    count[0] = 7
    assert pair.count[0] == 7


def test_types_are_those_asked_for_or_stay() -> None:
    pair = Pair(np.arange(3, dtype=np.int64), np.zeros(3, np.float32))  # type: ignore[arg-type]
    assert pair.count.dtype == np.int32
    assert pair.share.dtype == np.float32


def test_arrays_in_files_are_plain_arrays_over_the_same_memory(tmp_path: Path) -> None:
    np.save(tmp_path / "count.npy", np.arange(3, dtype=np.int32))
    mapped = np.load(tmp_path / "count.npy", mmap_mode="r")
    pair = Pair(mapped, np.zeros(0))
    assert type(pair.count) is np.ndarray
    assert np.shares_memory(pair.count, mapped)
