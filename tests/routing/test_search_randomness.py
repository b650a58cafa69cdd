"""Random numbers come from the state that is handed over, and from nothing else."""

import numpy as np

from routing.search.randomness import below, next_word, random_state, uniform


def test_the_published_sequence_is_drawn() -> None:
    """First numbers of splitmix64 from seed 1234567, as in Vigna's reference code."""
    random = random_state(1234567)
    assert [int(next_word(random)) for _ in range(3)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
    ]


def test_draws_stay_in_their_range_and_fill_it() -> None:
    random = random_state(0)
    drawn = [below(random, 7) for _ in range(1000)]
    assert set(drawn) == set(range(7))
    numbers = [uniform(random) for _ in range(1000)]
    assert min(numbers) >= 0.0
    assert max(numbers) < 1.0
    assert abs(np.mean(numbers) - 0.5) < 0.05


def test_negative_and_large_seeds_are_seeds() -> None:
    assert below(random_state(-1), 1000) == below(random_state(2**64 - 1), 1000)
