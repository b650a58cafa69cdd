"""
The problem: which clients to visit in which shift, in what order, and where to spend the nights.

All times are integer seconds on one axis that begins at a moment the caller chooses (the service
uses midnight before the first shift). Shifts of different days do not overlap on it; the vehicles
of a team orienteering problem are shifts that do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from routing.errors import InvalidProblemError

UNREACHABLE = 10**9
"""Entry of a travel matrix that no road connects, in seconds and in metres. Two of them still fit
an int32, and no trip is this long."""


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """
    A stretch of time within which a service must start, both ends inclusive.

    Raises
    ------
    InvalidProblemError
        When the window ends before it begins.
    """

    early_s: int
    late_s: int

    def __post_init__(self) -> None:
        if self.late_s < self.early_s:
            raise InvalidProblemError(
                f"Time window from {self.early_s} s to {self.late_s} s is empty."
            )


@dataclass(frozen=True, slots=True)
class Client:
    """
    A place that may be visited once.

    Parameters
    ----------
    location_index
        Row and column of this client in the problem's matrices.
    service_duration_s
        Time spent here.
    prize_cents
        Collected by visiting. Zero never pays for a detour.
    required
        Whether every complete solution visits this client.
    time_windows
        Service must start within one of them; it need not end there. Sorted and disjoint. Empty:
        at any time.
    precedence
        Among required clients that cannot all be kept, those of higher precedence come first.
        Zero where the client is not required.
    setup_duration_s
        Spent between arriving and being able to start, for parking or signing in, whenever one
        comes from another location: clients at one address share it if visited in succession.
    shift_prizes_cents
        Prize in each shift, where it differs by day; `prize_cents` is the largest of them then.
    group
        At most one client of a group is visited: they are alternative ways to make one visit.

    Raises
    ------
    InvalidProblemError
        When a duration or prize is negative, the windows overlap or are not sorted, or a client
        that is not required has a precedence.
    """

    location_index: int
    service_duration_s: int
    prize_cents: int
    required: bool = False
    time_windows: tuple[TimeWindow, ...] = ()
    precedence: int = 0
    setup_duration_s: int = 0
    shift_prizes_cents: tuple[int, ...] = ()
    group: int | None = None

    def __post_init__(self) -> None:
        if self.service_duration_s < 0:
            raise InvalidProblemError(f"Service duration is {self.service_duration_s} s.")
        if self.setup_duration_s < 0:
            raise InvalidProblemError(f"Setup duration is {self.setup_duration_s} s.")
        if self.prize_cents < 0:
            raise InvalidProblemError(f"Prize is {self.prize_cents} cents.")
        if self.precedence < 0 or (self.precedence > 0 and not self.required):
            raise InvalidProblemError(
                f"Precedence is {self.precedence}; only a required client has one above zero."
            )
        if self.shift_prizes_cents:
            if min(self.shift_prizes_cents) < 0:
                raise InvalidProblemError(f"A prize of {self.shift_prizes_cents} is negative.")
            if max(self.shift_prizes_cents) != self.prize_cents:
                raise InvalidProblemError(
                    f"Prize is {self.prize_cents} cents, but the largest by shift is "
                    f"{max(self.shift_prizes_cents)}."
                )
        for before, after in pairwise(self.time_windows):
            if after.early_s <= before.late_s:
                raise InvalidProblemError(
                    f"Time windows {before} and {after} overlap or are not sorted."
                )

    def prize_in_cents(self, shift_index: int) -> int:
        """Prize of a visit in a shift."""
        return self.shift_prizes_cents[shift_index] if self.shift_prizes_cents else self.prize_cents


@dataclass(frozen=True, slots=True)
class Break:
    """
    Time off within a shift: a lunch, say.

    It starts within [early_s, late_s], between two services: at either place or on the way
    between them. A route that has arrived by `late_s`, or leaves no earlier than
    `early_s + duration_s`, has its break at home and needs none on the way. A break on the way is
    no work: its time is not paid.

    Raises
    ------
    InvalidProblemError
        When it has no duration, or its window is empty.
    """

    duration_s: int
    early_s: int
    late_s: int

    def __post_init__(self) -> None:
        if self.duration_s <= 0:
            raise InvalidProblemError(f"A break of {self.duration_s} s is none.")
        if self.late_s < self.early_s:
            raise InvalidProblemError(
                f"A break starting from {self.early_s} s to {self.late_s} s has no time to start."
            )


@dataclass(frozen=True, slots=True)
class Shift:
    """
    One working day of one vehicle.

    Parameters
    ----------
    start_s, end_s
        Earliest departure and latest arrival.
    start_location, end_location
        Row of the matrices where the shift starts and ends. None: at a place for the night that
        the solver chooses among `Problem.overnight_places`. The night after a shift without an
        `end_location` is also where the next shift starts.
    breaks
        In order: one starts no earlier than the one before it ends, and windows are sorted.
    max_visits, max_travel_s, max_distance_m
        Limits on the visits, the driving time and the distance of the shift. None: no limit.

    Raises
    ------
    InvalidProblemError
        When the shift ends before it starts, breaks are out of order, or a limit is negative.
    """

    start_s: int
    end_s: int
    start_location: int | None = None
    end_location: int | None = None
    breaks: tuple[Break, ...] = ()
    max_visits: int | None = None
    max_travel_s: int | None = None
    max_distance_m: int | None = None

    def __post_init__(self) -> None:
        if self.end_s <= self.start_s:
            raise InvalidProblemError(f"Shift from {self.start_s} s to {self.end_s} s is empty.")
        for before, after in pairwise(self.breaks):
            if after.early_s < before.early_s + before.duration_s or after.late_s < before.late_s:
                raise InvalidProblemError(
                    f"{after} may start before {before} ends; breaks must be in order."
                )
        for name in ("max_visits", "max_travel_s", "max_distance_m"):
            limit = getattr(self, name)
            if limit is not None and limit < 0:
                raise InvalidProblemError(f"{name} of a shift is {limit}.")

    @property
    def shift_duration_s(self) -> int:
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class OvernightPlace:
    """
    A place where a night may be spent.

    Parameters
    ----------
    location_index
        Row and column in the problem's matrices.
    cost_cents
        Of one night. Zero at home.
    is_home
        Whether a night here is no night away: limits on nights do not count it.
    """

    location_index: int
    cost_cents: int
    is_home: bool = False

    def __post_init__(self) -> None:
        if self.cost_cents < 0:
            raise InvalidProblemError(f"Cost of a night is {self.cost_cents} cents.")


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """
    A profitable tour over several shifts, with hotel selection.

    With both rates and all night costs zero it is the orienteering problem with time windows (one
    shift), its team form (several) or the one with hotel selection (chosen nights).

    Parameters
    ----------
    clients
        In the order that client indices refer to.
    shifts
        In order of time.
    duration_s, distance_m
        (n, n) int64, row = from, column = to. `UNREACHABLE` where there is no road.
    overnight_places
        Candidates for every night that is not fixed.
    hour_rate_cents, km_rate_cents
        Cost of an hour from departure to arrival of a shift (waiting counts, breaks on the way do
        not), and of a kilometre.
    max_travel_s
        Upper limit on the driving time of all shifts together. None: no limit.
    max_nights, max_nights_in_a_row
        Limits on chosen nights under way that are not at home: of all, and one after another.

    Raises
    ------
    InvalidProblemError
        When the parts do not fit together.
    """

    clients: tuple[Client, ...]
    shifts: tuple[Shift, ...]
    duration_s: NDArray[np.int64]
    distance_m: NDArray[np.int64]
    overnight_places: tuple[OvernightPlace, ...] = ()
    hour_rate_cents: int = 0
    km_rate_cents: int = 0
    max_travel_s: int | None = None
    max_nights: int | None = None
    max_nights_in_a_row: int | None = None
    required_indices: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "clients", tuple(self.clients))
        object.__setattr__(self, "shifts", tuple(self.shifts))
        object.__setattr__(self, "overnight_places", tuple(self.overnight_places))
        object.__setattr__(self, "duration_s", _read_only_square(self.duration_s, "duration_s"))
        object.__setattr__(self, "distance_m", _read_only_square(self.distance_m, "distance_m"))
        object.__setattr__(
            self, "required_indices", tuple(i for i, c in enumerate(self.clients) if c.required)
        )
        if not self.shifts:
            raise InvalidProblemError("A problem needs at least one shift.")
        if self.duration_s.shape != self.distance_m.shape:
            raise InvalidProblemError(
                f"duration_s is {self.duration_s.shape} but distance_m is {self.distance_m.shape}."
            )
        if self.hour_rate_cents < 0 or self.km_rate_cents < 0:
            raise InvalidProblemError("Rates must not be negative.")
        for name in ("max_travel_s", "max_nights", "max_nights_in_a_row"):
            limit = getattr(self, name)
            if limit is not None and limit < 0:
                raise InvalidProblemError(f"{name} is {limit}.")
        self._check_locations()
        self._check_nights()
        self._check_shift_prizes()

    def _check_locations(self) -> None:
        used = [c.location_index for c in self.clients]
        used += [p.location_index for p in self.overnight_places]
        for shift in self.shifts:
            used += [x for x in (shift.start_location, shift.end_location) if x is not None]
        size = len(self.duration_s)
        outside = [x for x in used if not 0 <= x < size]
        if outside:
            raise InvalidProblemError(
                f"Location {outside[0]} is outside the matrices, which have {size} rows."
            )

    def _check_nights(self) -> None:
        first, last = self.shifts[0], self.shifts[-1]
        if first.start_location is None or last.end_location is None:
            raise InvalidProblemError("The first start and the last end must be given.")
        for shift, following in pairwise(self.shifts):
            if (shift.end_location is None) != (following.start_location is None):
                raise InvalidProblemError(
                    "A night is chosen for both of its shifts or for neither."
                )
        if any(shift.end_location is None for shift in self.shifts) and not self.overnight_places:
            raise InvalidProblemError("A night is to be chosen but there are no overnight places.")

    def _check_shift_prizes(self) -> None:
        for index, client in enumerate(self.clients):
            if client.shift_prizes_cents and len(client.shift_prizes_cents) != len(self.shifts):
                raise InvalidProblemError(
                    f"Client {index} has prizes for {len(client.shift_prizes_cents)} shifts, but "
                    f"there are {len(self.shifts)}."
                )

    @property
    def has_free_nights(self) -> bool:
        return any(shift.end_location is None for shift in self.shifts)

    def night_cost_cents(self, location_index: int) -> int:
        """Cost of one night at a location; zero where it is no overnight place (a fixed depot)."""
        place = self._overnight_place(location_index)
        return 0 if place is None else place.cost_cents

    def is_night_away(self, location_index: int) -> bool:
        """Whether limits on nights count one at this location."""
        place = self._overnight_place(location_index)
        return place is not None and not place.is_home

    def _overnight_place(self, location_index: int) -> OvernightPlace | None:
        return next((p for p in self.overnight_places if p.location_index == location_index), None)

    def keeps_nights(self, nights_away: Iterable[bool]) -> bool:
        """Whether nights under way, in order and true where away, keep the limits on them."""
        count = run = longest = 0
        for is_away in nights_away:
            run = run + 1 if is_away else 0
            count += is_away
            longest = max(longest, run)
        return (self.max_nights is None or count <= self.max_nights) and (
            self.max_nights_in_a_row is None or longest <= self.max_nights_in_a_row
        )


def _read_only_square(
    matrix: Sequence[Sequence[int]] | NDArray[np.int64], name: str
) -> NDArray[np.int64]:
    array = np.array(matrix, dtype=np.int64, order="C")
    if array.ndim != 2 or array.shape[0] != array.shape[1]:
        raise InvalidProblemError(f"{name} has shape {array.shape}; a square matrix is needed.")
    if (array < 0).any():
        raise InvalidProblemError(f"{name} has negative entries.")
    array.setflags(write=False)
    return array
