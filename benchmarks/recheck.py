"""
A second check of plans, from the numbers of an instance alone.

Imports nothing of this project: neither the problem nor the referee, so that a misreading of an
instance is found as well as a fault of the solver. It asks another question than the referee:
instead of following the vehicle, it looks whether what lies between two things done at places, less
the breaks in it, is long enough for the way between them. A better value than a reference is
recorded only after both.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TypedDict


class RawBreak(TypedDict):
    """A break that starts within [early, late] and takes `duration`."""

    duration: int
    early: int
    late: int


class RawClient(TypedDict):
    """A client; no windows: at any time."""

    location: int
    service: int
    prize: int
    windows: list[list[int]]


class RawDay(TypedDict):
    """A shift. `from` or `to` None: at a place of `RawInstance.nights`."""

    start: int
    end: int
    start_location: int | None
    end_location: int | None
    breaks: list[RawBreak]


class RawInstance(TypedDict):
    """
    The numbers of an instance, as in a file.

    Durations in any unit of time, distances in thousandths of what `km_rate` is paid for, hours
    as 3,600 units; `nights` are pairs of location and cost.
    """

    duration: list[list[int]]
    distance: list[list[int]]
    clients: list[RawClient]
    days: list[RawDay]
    nights: list[list[int]]
    hour_rate: int
    km_rate: int


class RawDayPlan(TypedDict):
    """A day: visits as (client, start of service), breaks as (number, start)."""

    start_location: int
    end_location: int
    leaves: int
    arrives: int
    visits: list[tuple[int, int]]
    breaks: list[tuple[int, int]]


class RecheckError(Exception):
    """A plan breaks a rule of its instance."""


def recheck(instance: RawInstance, plan: list[RawDayPlan]) -> int:
    """
    The value of a plan in cents: prizes less hours, kilometres and nights.

    Raises
    ------
    RecheckError
        Naming the first rule that is broken.
    """
    if len(plan) != len(instance["days"]):
        raise RecheckError(f"{len(plan)} days are planned of {len(instance['days'])}.")
    clients = [client for day in plan for client, _ in day["visits"]]
    twice = {client for client in clients if clients.count(client) > 1}
    if twice:
        raise RecheckError(f"Clients {sorted(twice)} are visited more than once.")
    worked = driven = 0
    for number, (day, planned) in enumerate(zip(instance["days"], plan, strict=True)):
        _check_breaks(number, day, planned)
        driven += _check_day(number, instance, day, planned)
        taken = sum(day["breaks"][which]["duration"] for which, _ in planned["breaks"])
        worked += planned["arrives"] - planned["leaves"] - taken
    return (
        sum(instance["clients"][client]["prize"] for client in clients)
        - _cents(instance["hour_rate"], worked, 3600)
        - _cents(instance["km_rate"], driven, 1000)
        - _nights_cents(instance, plan)
    )


def _check_day(number: int, instance: RawInstance, day: RawDay, planned: RawDayPlan) -> int:
    """Check one day and return its distance."""
    if planned["leaves"] < day["start"] or planned["arrives"] > day["end"]:
        raise RecheckError(
            f"Day {number} lasts from {planned['leaves']} to {planned['arrives']}, beyond "
            f"{day['start']} to {day['end']}."
        )
    driven = breaks_between = 0
    for (_, left, here), (reached, _, there) in pairwise(_at_places(number, instance, planned)):
        between = [
            day["breaks"][which]["duration"]
            for which, start in planned["breaks"]
            if left <= start and start + day["breaks"][which]["duration"] <= reached
        ]
        breaks_between += len(between)
        on_the_way = sum(between)
        needed = instance["duration"][here][there]
        if reached - left - on_the_way < needed:
            raise RecheckError(
                f"Day {number}: from {here} at {left} to {there} at {reached} there are "
                f"{reached - left - on_the_way} for a way of {needed}."
            )
        driven += instance["distance"][here][there]
    if breaks_between < len(planned["breaks"]):
        raise RecheckError(f"Day {number}: a break of {planned['breaks']} is cut by a service.")
    return driven


def _at_places(
    number: int, instance: RawInstance, planned: RawDayPlan
) -> Iterator[tuple[int, int, int]]:
    """What is done at places: when it begins and ends, and where."""
    yield planned["leaves"], planned["leaves"], planned["start_location"]
    for which, start in planned["visits"]:
        client = instance["clients"][which]
        windows = client["windows"]
        if windows and not any(early <= start <= late for early, late in windows):
            raise RecheckError(f"Day {number}: client {which} at {start} is outside of {windows}.")
        yield start, start + client["service"], client["location"]
    yield planned["arrives"], planned["arrives"], planned["end_location"]


def _check_breaks(number: int, day: RawDay, planned: RawDayPlan) -> None:
    taken = dict(planned["breaks"])
    ends = planned["leaves"]
    for which, start in planned["breaks"]:
        wanted = day["breaks"][which]
        if not wanted["early"] <= start <= wanted["late"]:
            raise RecheckError(f"Day {number}: break {which} starts at {start}, not in {wanted}.")
        if start < ends or start + wanted["duration"] > planned["arrives"]:
            raise RecheckError(f"Day {number}: break {which} at {start} is not within its time.")
        ends = start + wanted["duration"]
    if len(taken) < len(planned["breaks"]):
        raise RecheckError(f"Day {number} takes a break twice.")
    if not _is_idle(planned):
        for which, wanted in enumerate(day["breaks"]):
            is_over = planned["leaves"] >= wanted["early"] + wanted["duration"]
            is_later = planned["arrives"] <= wanted["late"]
            if which not in taken and not is_over and not is_later:
                raise RecheckError(f"Day {number} has no break {which}.")


def _nights_cents(instance: RawInstance, plan: list[RawDayPlan]) -> int:
    """Check where days begin and end; what the nights under way cost that are chosen."""
    costs = dict(reversed([(place, cost) for place, cost in instance["nights"]]))
    busy = [number for number, planned in enumerate(plan) if not _is_idle(planned)]
    cents = 0
    for number, (day, planned) in enumerate(zip(instance["days"], plan, strict=True)):
        if day["start_location"] not in (None, planned["start_location"]):
            raise RecheckError(f"Day {number} starts at {planned['start_location']}.")
        if day["end_location"] not in (None, planned["end_location"]):
            raise RecheckError(f"Day {number} ends at {planned['end_location']}.")
        if day["end_location"] is not None:
            continue
        night = planned["end_location"]
        if night not in costs or plan[number + 1]["start_location"] != night:
            raise RecheckError(f"The night after day {number} is not at one place of those given.")
        if busy and busy[0] <= number < busy[-1]:
            cents += costs[night]
    return cents


def _is_idle(planned: RawDayPlan) -> bool:
    return not planned["visits"] and planned["start_location"] == planned["end_location"]


def _cents(rate: int, amount: int, per: int) -> int:
    return int((Decimal(rate * amount) / per).quantize(Decimal(1), ROUND_HALF_UP))
