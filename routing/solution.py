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
        When the vehicle arrives and when service starts; between them there is setup, a break
        taken here, and waiting.
    departure_s
        Start plus service duration.
    setup_s, break_s
        Setup, and breaks begun between arrival and start.
    """

    client_index: int
    arrival_s: int
    start_s: int
    departure_s: int
    setup_s: int = 0
    break_s: int = 0

    @property
    def wait_s(self) -> int:
        return self.start_s - self.arrival_s - self.setup_s - self.break_s


@dataclass(frozen=True, slots=True)
class TakenBreak:
    """
    A break on the way.

    Parameters
    ----------
    break_index
        Into `Shift.breaks`.
    leg
        Taken before arriving at, or at, the visit of this number; at the number of visits: on the
        way to the end. It begins where the visit before it was if it starts as that ends, at the
        next one if it starts after arriving there, and else on the road between.
    start_s, end_s
        When.
    """

    break_index: int
    leg: int
    start_s: int
    end_s: int

    @property
    def duration_s(self) -> int:
        return self.end_s - self.start_s


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
    breaks
        In order of time.
    """

    start_location: int
    end_location: int
    departure_s: int
    arrival_s: int
    visits: tuple[Visit, ...]
    travel_s: int
    distance_m: int
    breaks: tuple[TakenBreak, ...] = ()

    @property
    def is_idle(self) -> bool:
        """Whether the vehicle stays where it is: no visit, and it ends where it starts."""
        return not self.visits and self.start_location == self.end_location

    @property
    def break_s(self) -> int:
        return sum(one.duration_s for one in self.breaks)

    @property
    def worked_s(self) -> int:
        """From departure to arrival without breaks: driving, setup, service and waiting."""
        return self.arrival_s - self.departure_s - self.break_s

    @property
    def setup_s(self) -> int:
        return sum(visit.setup_s for visit in self.visits)

    @property
    def service_s(self) -> int:
        return sum(visit.departure_s - visit.start_s for visit in self.visits)

    @property
    def wait_s(self) -> int:
        return self.worked_s - self.travel_s - self.setup_s - self.service_s


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
    def quality(self) -> tuple[int, ...]:
        """
        What plans are compared by, in order: higher is better.

        Minus the required clients missing, those of the highest precedence first, then the value.
        """
        levels = sorted({self.problem.clients[i].precedence for i in self.problem.required_indices})
        missing = [self.problem.clients[i].precedence for i in self.missing_required]
        return (*(-missing.count(level) for level in reversed(levels)), self.value_cents)

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
        clients = self.problem.clients
        return sum(
            clients[visit.client_index].prize_in_cents(shift_index)
            for shift_index, route in enumerate(self.routes)
            for visit in route.visits
        )

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
