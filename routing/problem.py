"""
The problem: which clients to visit in which shift, in what order, and where to spend the nights.

All times are integer seconds on one axis that begins at a moment the caller chooses (the service
uses midnight before the first shift). Shifts of different days do not overlap on it; the vehicles
of a team orienteering problem are shifts that do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

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

    Raises
    ------
    InvalidProblemError
        When a duration or prize is negative, or the windows overlap or are not sorted.
    """

    location_index: int
    service_duration_s: int
    prize_cents: int
    required: bool = False
    time_windows: tuple[TimeWindow, ...] = ()

    def __post_init__(self) -> None:
        if self.service_duration_s < 0:
            raise InvalidProblemError(f"Service duration is {self.service_duration_s} s.")
        if self.prize_cents < 0:
            raise InvalidProblemError(f"Prize is {self.prize_cents} cents.")
        for before, after in zip(self.time_windows, self.time_windows[1:], strict=False):
            if after.early_s <= before.late_s:
                raise InvalidProblemError(
                    f"Time windows {before} and {after} overlap or are not sorted."
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

    Raises
    ------
    InvalidProblemError
        When the shift ends before it starts.
    """

    start_s: int
    end_s: int
    start_location: int | None = None
    end_location: int | None = None

    def __post_init__(self) -> None:
        if self.end_s <= self.start_s:
            raise InvalidProblemError(f"Shift from {self.start_s} s to {self.end_s} s is empty.")

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
    """

    location_index: int
    cost_cents: int

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
        Cost of an hour from departure to arrival of a shift (waiting counts), and of a kilometre.
    max_travel_s
        Upper limit on the driving time of all shifts together. None: no limit.

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
        if self.max_travel_s is not None and self.max_travel_s < 0:
            raise InvalidProblemError(f"max_travel_s is {self.max_travel_s}.")
        self._check_locations()
        self._check_nights()

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
        for shift, following in zip(self.shifts, self.shifts[1:], strict=False):
            if (shift.end_location is None) != (following.start_location is None):
                raise InvalidProblemError(
                    "A night is chosen for both of its shifts or for neither."
                )
        if any(shift.end_location is None for shift in self.shifts) and not self.overnight_places:
            raise InvalidProblemError("A night is to be chosen but there are no overnight places.")

    @property
    def has_free_nights(self) -> bool:
        return any(shift.end_location is None for shift in self.shifts)

    def night_cost_cents(self, location_index: int) -> int:
        """Cost of one night at a location; zero where it is no overnight place (a fixed depot)."""
        for place in self.overnight_places:
            if place.location_index == location_index:
                return place.cost_cents
        return 0


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
