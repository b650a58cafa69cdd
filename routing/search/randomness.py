"""
Random numbers for compiled code, from a state that is passed along.

numba's own generator is one per thread and shared by all that runs there; with a state of its own
each search gives the same answer whatever runs beside it. The generator is splitmix64 (Steele, Lea
and Flood 2014, "Fast splittable pseudorandom number generators").
"""

import numpy as np
from numpy.typing import NDArray

from routing.search.compiled import compiled

RandomState = NDArray[np.uint64]
"""(1,) uint64, changed by every draw."""


def random_state(seed: int) -> RandomState:
    return np.array([seed % 2**64], dtype=np.uint64)


@compiled
def next_word(random: RandomState) -> np.uint64:
    random[0] += np.uint64(0x9E3779B97F4A7C15)
    word = random[0]
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.uint64(word ^ (word >> np.uint64(31)))


@compiled
def uniform(random: RandomState) -> float:
    """A number from 0 (included) to 1 (excluded)."""
    return int(next_word(random) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@compiled
def below(random: RandomState, limit: int) -> int:
    """A whole number from 0 to limit - 1; the bias of the remainder is below 2**-30."""
    return int(next_word(random) >> np.uint64(1)) % limit
