"""References are made by all solvers, resumed, never lowered, and tied to their numbers."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.field import FieldTrip, digest, generate
from benchmarks.field_set import (
    SUITE,
    Reference,
    StaleReferenceError,
    field_instance,
    load_field,
    read_references,
    record,
)
from benchmarks.references import make_references
from benchmarks.routing import REFERENCE_BUDGET_S
from routing.direct_trip import direct_trip
from routing.problem import Problem
from routing.schedule import schedule_route
from routing.solution import Solution

NAME = "field-f-50-2-v-1"


@pytest.fixture
def reference() -> Reference:
    numbers = digest(generate(FieldTrip.of_name(NAME)))
    return Reference(NAME, 1_000, "ours", "ours", 60.0, "abc", "2026-11-25", numbers)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "references.csv"


def test_a_better_value_replaces_a_reference_and_a_worse_one_does_not(
    reference: Reference, path: Path
) -> None:
    record(reference, path)
    record(replace(reference, value_cents=900, solver="vroom", tried="vroom"), path)
    assert read_references(path) == {NAME: replace(reference, tried="ours vroom")}
    better = replace(reference, value_cents=1_001, solver="pyvrp", tried="pyvrp")
    assert record(better, path) == replace(better, tried="ours vroom pyvrp")


def test_a_value_of_other_numbers_is_replaced_even_by_a_worse_one(
    reference: Reference, path: Path
) -> None:
    record(replace(reference, digest="other"), path)
    record(replace(reference, value_cents=900), path)
    assert read_references(path)[NAME].value_cents == 900


def test_references_are_kept_in_the_order_of_the_set(reference: Reference, path: Path) -> None:
    for name in (SUITE[3], SUITE[0], SUITE[1]):
        record(replace(reference, instance=name), path)
    assert list(read_references(path)) == [SUITE[0], SUITE[1], SUITE[3]]


def test_a_reference_of_other_numbers_is_refused(reference: Reference, path: Path) -> None:
    record(replace(reference, digest="other"), path)
    with pytest.raises(StaleReferenceError, match=rf"{NAME} was made for .* digest other"):
        load_field(path)


def test_every_trip_has_a_frozen_reference_of_the_numbers_drawn_today() -> None:
    frozen = read_references()
    assert list(frozen) == list(SUITE)
    for instance in load_field():
        kept = frozen[instance.name]
        assert instance.reference == kept.value_cents > 0
        assert "ours" in kept.tried.split()
        assert kept.seconds >= REFERENCE_BUDGET_S


def test_a_trip_is_counted_above_its_direct_trip() -> None:
    instance = field_instance(NAME, None)
    empty = direct_trip(instance.problem)
    assert instance.baseline_cents < 0
    assert instance.value_of(empty) == 0


def test_a_plan_that_says_the_wrong_value_is_refused_by_the_second_check() -> None:
    instance = field_instance(NAME, None)
    routes = direct_trip(instance.problem).routes
    late = replace(routes[1], departure_s=routes[1].departure_s, arrival_s=routes[1].arrival_s - 1)
    with pytest.raises(Exception, match="for a way of"):
        instance.recheck(Solution(instance.problem, (routes[0], late)))
    dear = Solution(replace(instance.problem, km_rate_cents=31), routes)
    with pytest.raises(Exception, match="The value is"):
        instance.recheck(dear)


class _Rival:
    """Visits one client, or claims to have been there before it left."""

    IS_RANDOM = False

    def __init__(self, is_honest: bool) -> None:
        self.is_honest = is_honest
        self.asked = 0

    def models(self, problem: Problem) -> str | None:
        return None

    def solve(self, problem: Problem, budget_s: float, seed: int) -> Solution:
        self.asked += 1
        empty = direct_trip(problem)
        for index in range(len(problem.clients)):
            shift = problem.shifts[0]
            assert shift.start_location is not None
            assert shift.end_location is not None
            route = schedule_route(problem, 0, shift.start_location, [index], shift.end_location)
            if route is not None:
                if not self.is_honest:
                    visit = replace(route.visits[0], arrival_s=route.departure_s - 1)
                    route = replace(route, visits=(visit,))
                return Solution(problem, (route, *empty.routes[1:]))
        raise AssertionError("no client fits")


def _with(monkeypatch: pytest.MonkeyPatch, rival: _Rival) -> None:
    monkeypatch.setattr("benchmarks.references.load_rival", lambda name: rival)


def test_a_solver_is_asked_once_and_again_only_for_longer(
    monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    rival = _Rival(is_honest=True)
    _with(monkeypatch, rival)
    for budget_s, asked in ((1.0, 1), (1.0, 1), (0.5, 1), (2.0, 2)):
        make_references(NAME, budget_s, ["vroom"], path, tell=lambda _: None)
        assert rival.asked == asked
    kept = read_references(path)[NAME]
    assert (kept.solver, kept.tried, kept.seconds) == ("vroom", "vroom", 2.0)
    assert field_instance(NAME, kept).reference == kept.value_cents


def test_a_plan_that_the_referee_refuses_is_no_reference(
    monkeypatch: pytest.MonkeyPatch, path: Path
) -> None:
    _with(monkeypatch, _Rival(is_honest=False))
    told: list[str] = []
    make_references(NAME, 1.0, ["vroom"], path, tell=told.append)
    assert read_references(path) == {}
    assert len(told) == 1
    assert "refused" in told[0]
    assert "arrives" in told[0]


def test_our_solver_makes_references_too(path: Path) -> None:
    make_references(NAME, 0.2, ["ours"], path, tell=lambda _: None)
    kept = read_references(path)[NAME]
    assert kept.solver == "ours"
    assert kept.value_cents > 100_000
