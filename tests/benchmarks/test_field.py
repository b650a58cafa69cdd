"""The generator of field trips draws the same trips for ever, and they are sound."""

import numpy as np
import pytest

from benchmarks.field import FieldTrip, digest, generate
from benchmarks.field_set import SUITE
from benchmarks.raw import problem_of
from routing.direct_trip import direct_trip

SMALL = ("field-f-25-2-p-3", "field-n-25-3-v-0")


@pytest.mark.parametrize(
    ("name", "digits"),
    [("field-f-25-2-p-3", "7d3d21ab7bd80a4d"), ("field-n-25-3-v-0", "af545cf60326b6d0")],
)
def test_a_name_stands_for_the_same_numbers_for_ever(name: str, digits: str) -> None:
    """References are frozen: if this fails the generator has changed, and must not."""
    assert digest(generate(FieldTrip.of_name(name))) == digits


@pytest.mark.parametrize("name", SMALL)
def test_no_detour_is_faster_than_the_way_itself(name: str) -> None:
    duration = np.array(generate(FieldTrip.of_name(name))["duration"])
    assert (duration[:, None, :] <= duration[:, :, None] + duration[None, :, :]).all()
    assert (duration == duration.T).all()
    assert (np.diag(duration) == 0).all()


def test_legs_are_driven_at_the_speeds_that_are_said() -> None:
    numbers = generate(FieldTrip.of_name("field-n-25-3-v-0"))
    duration, distance = np.array(numbers["duration"]), np.array(numbers["distance"])
    driven = duration > 60
    speed_kmh = 3.6 * distance[driven] / duration[driven]
    assert 44.0 < speed_kmh.min() < speed_kmh.max() < 106.0


@pytest.mark.parametrize("name", SMALL)
def test_trips_have_what_their_names_say(name: str) -> None:
    trip = FieldTrip.of_name(name)
    problem = problem_of(generate(trip))
    assert trip.name == name
    assert (len(problem.clients), len(problem.shifts)) == (trip.candidates, trip.days)
    assert problem.has_free_nights is (trip.nights == "free")
    assert (problem.hour_rate_cents > 0) is (trip.objective == "net_value")
    assert all(bool(shift.breaks) is trip.has_breaks for shift in problem.shifts)
    assert all(1200 <= client.service_duration_s <= 3600 for client in problem.clients)
    assert len(direct_trip(problem).routes) == trip.days


def test_the_objective_changes_nothing_but_the_costs() -> None:
    paid, unpaid = (generate(FieldTrip.of_name(f"field-n-25-3-{o}-0")) for o in "vp")
    assert paid["clients"] == unpaid["clients"]
    assert paid["duration"] == unpaid["duration"]
    assert {cost for _, cost in paid["nights"]} == {11_000}
    assert {cost for _, cost in unpaid["nights"]} == {0}


def test_windows_come_in_the_shares_that_are_said() -> None:
    """300 candidates: 40, 30, 20 and 10 %, give or take three standard deviations (8.5 %)."""
    clients = generate(FieldTrip.of_name("field-f-300-2-p-0"))["clients"]
    count = {0: 0, 1: 0, 2: 0, 4: 0}
    for client in clients:
        count[len(client["windows"])] += 1
    for windows, share in ((0, 0.4), (2, 0.3), (4, 0.2), (1, 0.1)):
        assert abs(count[windows] / 300 - share) < 0.085


def test_the_set_has_every_size_and_both_parts() -> None:
    trips = [FieldTrip.of_name(name) for name in SUITE]
    assert len(set(SUITE)) == len(SUITE)
    sizes = {(trip.nights, trip.candidates, trip.days) for trip in trips}
    assert sizes == {("fixed", c, d) for c in (25, 50, 100, 300) for d in range(1, 6)} | {
        ("free", c, d) for c in (25, 40, 60, 100, 300) for d in range(2, 6)
    }
    for trait in ("is_for_tuning", "has_breaks"):
        assert 0.35 < sum(getattr(trip, trait) for trip in trips) / len(trips) < 0.65


@pytest.mark.parametrize("name", ["field-n-25-1-v-0", "field-f-0-1-v-0", "town-f-25-1-v-0"])
def test_trips_that_cannot_be_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"cannot last|needs candidates|no name of a field trip"):
        FieldTrip.of_name(name)
