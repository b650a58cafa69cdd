"""Warming up leaves nothing to compile."""

from itertools import chain
from typing import Any

from routing.bound import completion, ground, joining, labelling, upper_bound, warm_up
from routing.stop import MaxIterations
from tests.routing.tiny import random_week

MODULES = (completion, ground, joining, labelling)


def compiled() -> dict[str, list[Any]]:
    members = chain.from_iterable(vars(module).values() for module in MODULES)
    dispatchers = {id(x): x for x in members if hasattr(x, "nopython_signatures")}
    return {f"{x.__module__}.{x.__name__}": list(x.signatures) for x in dispatchers.values()}


def test_a_warm_bound_compiles_nothing() -> None:
    told: list[str] = []
    warm_up(told.append)
    before = compiled()
    assert len(told) == 1
    assert any(before.values())
    for seed in range(8):
        upper_bound(random_week(seed, 4), None, MaxIterations(60))
    assert compiled() == before
