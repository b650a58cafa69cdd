"""Chains of shifts over places for the night, against all of them."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from routing.explain.arrays import NO_LIMIT
from routing.explain.nights import Nights
from routing.problem import OvernightPlace, Problem, Shift

Chain = tuple[tuple[int, int], ...]


@st.composite
def chains(draw: st.DrawFn) -> tuple[Nights, NDArray[np.int64]]:
    """Nights at three inns or at fixed places, and costs of which many are equal or none."""
    shifts_count = draw(st.integers(1, 4))
    is_chosen = [draw(st.sampled_from([True, True, False])) for _ in range(shifts_count - 1)]
    starts = [0, *(None if chosen else draw(st.integers(0, 4)) for chosen in is_chosen)]
    ends = [*(None if chosen else draw(st.integers(0, 4)) for chosen in is_chosen), 1]
    shifts = [
        Shift(100 * k, 100 * k + 50, start, end)
        for k, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    square = np.zeros((5, 5), dtype=np.int64)
    inns = (OvernightPlace(2, 0), OvernightPlace(3, 0), OvernightPlace(4, 0))
    nights = Nights.of(Problem((), tuple(shifts), square, square, inns))
    size = len(nights.location)
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    return nights, random.choice([1, 1, 2, NO_LIMIT, NO_LIMIT], (shifts_count, size, size))


def all_chains(nights: Nights, costs: NDArray[np.int64]) -> dict[Chain, int]:
    """Every chain that can be done, by positions of places, with its cost."""
    options = [
        list(product(np.flatnonzero(starts).tolist(), np.flatnonzero(ends).tolist()))
        for starts, ends in zip(nights.may_start, nights.may_end, strict=True)
    ]
    found = {}
    for chain in product(*options):
        is_linked = all(
            chain[k][1] == chain[k + 1][0] for k in range(len(chain) - 1) if nights.is_chosen[k]
        )
        cost = sum(int(costs[k, start, end]) for k, (start, end) in enumerate(chain))
        if is_linked and cost < NO_LIMIT:
            found[chain] = cost
    return found


@given(chains())
def test_the_cheapest_chain_is_linked_and_costs_least(
    drawn: tuple[Nights, NDArray[np.int64]],
) -> None:
    nights, costs = drawn
    known = all_chains(nights, costs)
    cheapest = nights.cheapest(costs)
    if cheapest is None:
        assert not known
        return
    place = {int(location): p for p, location in enumerate(nights.location)}
    chain = tuple((place[start], place[end]) for start, end in cheapest)
    assert known[chain] == min(known.values())


@given(chains())
def test_what_comes_before_and_after_a_shift_adds_up_to_the_least_with_it(
    drawn: tuple[Nights, NDArray[np.int64]],
) -> None:
    nights, costs = drawn
    known = all_chains(nights, costs)
    before, after = nights.chains(costs)
    for k, (start, end) in product(range(len(costs)), np.ndindex(costs[0].shape)):
        least = min((c for chain, c in known.items() if chain[k] == (start, end)), default=None)
        total = before[k, start] + costs[k, start, end] + after[k, end]
        assert total == least if least is not None else total >= NO_LIMIT
