"""A solution: the visits of every shift with their times, and what they are worth."""

from dataclasses import dataclass
from functools import cached_property

from routing.problem import Problem


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One planned visit.

    Parameters
    ----------
    client_index
        Into `Problem.clients`.
    arrival_s, start_s
        When the vehicle arrives and when service starts; between them it waits.
    departure_s
        Start plus service duration.
    """

    client_index: int
    arrival_s: int
    start_s: int
    departure_s: int


@dataclass(frozen=True, slots=True)
class Route:
    """
    One shift's visits in order, with its two ends.

    Parameters
    ----------
    start_location, end_location
        Rows of the problem's matrices.
    departure_s, arrival_s
        Leaving the start, reaching the end.
    visits
        In order of time.
    travel_s, distance_m
        Driven, over all legs.
    """

    start_location: int
    end_location: int
    departure_s: int
    arrival_s: int
    visits: tuple[Visit, ...]
    travel_s: int
    distance_m: int

    @property
    def is_idle(self) -> bool:
        """Whether the vehicle stays where it is: no visit, and it ends where it starts."""
        return not self.visits and self.start_location == self.end_location

    @property
    def worked_s(self) -> int:
        return self.arrival_s - self.departure_s

    @property
    def service_s(self) -> int:
        return sum(visit.departure_s - visit.start_s for visit in self.visits)

    @property
    def wait_s(self) -> int:
        return sum(visit.start_s - visit.arrival_s for visit in self.visits)


@dataclass(frozen=True)
class Solution:
    """
    Routes of all shifts, one per shift and in the same order.

    The value is what `docs/model.md` states: prizes minus hours, kilometres and nights. It is not
    yet counted above the direct trip; subtract the value of `direct_trip` for that.
    """

    problem: Problem
    routes: tuple[Route, ...]

    @cached_property
    def visited(self) -> tuple[int, ...]:
        """Client indices in order of visit."""
        return tuple(visit.client_index for route in self.routes for visit in route.visits)

    @cached_property
    def unassigned(self) -> tuple[int, ...]:
        """Client indices left out, ascending."""
        visited = set(self.visited)
        return tuple(i for i in range(len(self.problem.clients)) if i not in visited)

    @property
    def missing_required(self) -> tuple[int, ...]:
        visited = set(self.visited)
        return tuple(i for i in self.problem.required_indices if i not in visited)

    @cached_property
    def paid_nights(self) -> tuple[int, ...]:
        """
        Locations of the nights spent under way, in order.

        The night after a shift counts once the trip has begun (some shift up to it is not idle)
        and while it goes on (some later shift is not idle).
        """
        active = [k for k, route in enumerate(self.routes) if not route.is_idle]
        if not active:
            return ()
        return tuple(
            self.routes[k].end_location
            for k in range(active[0], active[-1])
            if self.problem.shifts[k].end_location is None
        )

    @cached_property
    def prize_cents(self) -> int:
        return sum(self.problem.clients[i].prize_cents for i in self.visited)

    @cached_property
    def labour_cents(self) -> int:
        return rated_cents(self.problem.hour_rate_cents, self.worked_s, 3600)

    @cached_property
    def distance_cents(self) -> int:
        return rated_cents(self.problem.km_rate_cents, self.distance_m, 1000)

    @cached_property
    def overnight_cents(self) -> int:
        return sum(self.problem.night_cost_cents(place) for place in self.paid_nights)

    @property
    def value_cents(self) -> int:
        """Higher is better."""
        return self.prize_cents - self.labour_cents - self.distance_cents - self.overnight_cents

    @cached_property
    def travel_s(self) -> int:
        return sum(route.travel_s for route in self.routes)

    @cached_property
    def distance_m(self) -> int:
        return sum(route.distance_m for route in self.routes)

    @cached_property
    def worked_s(self) -> int:
        return sum(route.worked_s for route in self.routes)


def rated_cents(rate_cents: int, amount: int, per: int) -> int:
    """A rate per `per` units times an amount, rounded to whole cents, halves up."""
    return (2 * rate_cents * amount + per) // (2 * per)
