"""Warming up leaves nothing to compile."""

from itertools import chain
from typing import Any

from hypothesis import given, settings

from routing.explain import (
    alone,
    arrays,
    break_changes,
    legs,
    moves,
    nights,
    room,
    shortfalls,
    timing,
    warm_up,
)
from routing.explain.layers import explain
from routing.insertions import insertions
from tests.routing.explain_cases import Case, any_cases

MODULES = (alone, arrays, break_changes, legs, moves, nights, room, shortfalls, timing)


def compiled() -> dict[str, list[Any]]:
    members = chain.from_iterable(vars(module).values() for module in MODULES)
    dispatchers = {id(x): x for x in members if hasattr(x, "nopython_signatures")}
    return {f"{x.__module__}.{x.__name__}": list(x.signatures) for x in dispatchers.values()}


@settings(max_examples=30)
@given(any_cases)
def test_a_warm_explanation_compiles_nothing(case: Case) -> None:
    warm_up()
    before = compiled()
    explain(case.problem, case.given)
    for client in case.given.unassigned:
        insertions(case.given, client)
    assert compiled() == before
