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
Drawn = tuple[Problem, NDArray[np.int64], NDArray[np.bool_]]


@st.composite
def chains(draw: st.DrawFn) -> Drawn:
    """
    Nights at three inns, one of them home, or at fixed places, and what shifts cost and hold.

    Of the costs many are equal or none; a night may be too many.
    """
    shifts_count = draw(st.integers(1, 4))
    is_chosen = [draw(st.sampled_from([True, True, False])) for _ in range(shifts_count - 1)]
    starts = [0, *(None if chosen else draw(st.integers(0, 4)) for chosen in is_chosen)]
    ends = [*(None if chosen else draw(st.integers(0, 4)) for chosen in is_chosen), 1]
    shifts = [
        Shift(100 * k, 100 * k + 50, start, end)
        for k, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    square = np.zeros((5, 5), dtype=np.int64)
    inns = (OvernightPlace(2, 0), OvernightPlace(3, 0, is_home=True), OvernightPlace(4, 0))
    problem = Problem(
        (),
        tuple(shifts),
        square,
        square,
        inns,
        max_nights=draw(st.none() | st.integers(0, 2)),
        max_nights_in_a_row=draw(st.none() | st.integers(0, 2)),
    )
    size = len(Nights.of(problem).location)
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    costs = random.choice([1, 1, 2, NO_LIMIT, NO_LIMIT], (shifts_count, size, size))
    return problem, costs, random.random(shifts_count) < 0.5


def all_chains(
    problem: Problem, costs: NDArray[np.int64], is_empty: NDArray[np.bool_]
) -> dict[Chain, int]:
    """Every chain that can be done within the limits, by positions of places, with its cost."""
    nights = Nights.of(problem)
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
        active = [k for k, (a, b) in enumerate(chain) if a != b or not is_empty[k]]
        under_way = range(active[0], active[-1]) if active else ()
        away = [
            bool(nights.is_chosen[k]) and problem.is_night_away(int(nights.location[chain[k][1]]))
            for k in under_way
        ]
        if is_linked and cost < NO_LIMIT and problem.keeps_nights(away):
            found[chain] = cost
    return found


@given(chains())
def test_the_cheapest_chain_is_linked_and_costs_least(drawn: Drawn) -> None:
    problem, costs, is_empty = drawn
    nights = Nights.of(problem)
    known = all_chains(problem, costs, is_empty)
    cheapest = nights.cheapest(costs, is_empty)
    if cheapest is None:
        assert not known
        return
    cost, ends = cheapest
    place = {int(location): p for p, location in enumerate(nights.location)}
    chain = tuple((place[start], place[end]) for start, end in ends)
    assert known[chain] == cost == min(known.values())


@given(chains())
def test_what_is_around_a_shift_is_the_least_of_the_others(drawn: Drawn) -> None:
    problem, costs, _ = drawn
    nights = Nights.of(problem)
    around = nights.around(costs)
    for k in range(len(costs)):
        passing = costs.copy()
        passing[k] = 0
        is_empty = np.ones(len(costs), np.bool_)
        is_empty[k] = False
        known = all_chains(problem, passing, is_empty)
        for start, end in np.ndindex(costs[0].shape):
            least = min((c for chain, c in known.items() if chain[k] == (start, end)), default=None)
            assert around[k, start, end] == (NO_LIMIT if least is None else least)
