"""Where the days of a trip start and end, and which of these places the request leaves open."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.schemas.place import Place, ResolvedPlace
from api.schemas.route_request import TripRequest
from api.services.errors import Fault, pointer
from api.services.places import HOME, PlaceResolver, home_place
from data.tables import Rep


@dataclass(frozen=True, slots=True)
class Stretch:
    """
    Consecutive days between two given places; the nights between them are chosen.

    Parameters
    ----------
    shifts
        Indices of the days.
    at
        JSON pointer to what says where it ends.
    """

    start: ResolvedPlace
    end: ResolvedPlace
    shifts: range
    at: str

    @property
    def nights(self) -> int:
        return len(self.shifts) - 1


@dataclass(frozen=True, slots=True)
class DayPlaces:
    """
    Places of each day; None where the night is chosen.

    Parameters
    ----------
    starts, ends
        By day. An end is None if and only if the next start is.
    pointers
        By day: to what says where it ends.
    home
        The rep's, or else where a round trip begins. None if nobody knows.
    """

    starts: tuple[ResolvedPlace | None, ...]
    ends: tuple[ResolvedPlace | None, ...]
    pointers: tuple[str, ...]
    home: ResolvedPlace | None

    @property
    def start(self) -> ResolvedPlace:
        start = self.starts[0]
        assert start is not None
        return start

    @property
    def end(self) -> ResolvedPlace:
        end = self.ends[-1]
        assert end is not None
        return end

    @property
    def given(self) -> tuple[ResolvedPlace, ...]:
        """Distinct places, in the order of the trip."""
        found: dict[tuple[float, float], ResolvedPlace] = {}
        for pair in zip(self.starts, self.ends, strict=True):
            for place in pair:
                if place is not None:
                    found.setdefault(place.position, place)
        return tuple(found.values())

    @property
    def stretches(self) -> tuple[Stretch, ...]:
        found = []
        first = 0
        for last, end in enumerate(self.ends):
            if end is not None:
                start = self.starts[first]
                assert start is not None
                found.append(Stretch(start, end, range(first, last + 1), self.pointers[last]))
                first = last + 1
        return tuple(found)

    def is_home(self, place: ResolvedPlace) -> bool:
        """Whether a night there is free: at home, or where a round trip begins."""
        is_start = self.start.position == self.end.position == place.position
        return is_start or (self.home is not None and place.position == self.home.position)


def day_places(request: TripRequest, resolver: PlaceResolver, rep: Rep | None) -> DayPlaces | None:
    """
    The places of the days; None where one of them has a fault, which the resolver keeps.

    A day starts where the day before is said to end, and ends where the next one is said to start.
    Without nights away every other night is spent at home.
    """
    days = request.days
    wanted: list[tuple[Place | None, str]] = [(request.start, "/start")]
    for k, day in enumerate(days):
        wanted.append((day.start_place, pointer("days", k, "start_place")))
        wanted.append((day.end_place, pointer("days", k, "end_place")))
    wanted.append((request.end, "/end"))
    # A place of the first or last day goes before the start or end of the trip.
    if days[0].start_place is not None:
        del wanted[0]
    else:
        del wanted[1]
    if days[-1].end_place is not None:
        del wanted[-1]
    else:
        del wanted[-2]
    before = len(resolver.faults)
    resolved = [None if place is None else resolver.resolve(place, at) for place, at in wanted]
    starts, ends = resolved[::2], resolved[1::2]
    pointers = [at for _, at in wanted[1::2]]
    if len(resolver.faults) > before:
        return None
    for k in range(len(days) - 1):
        if ends[k] is None and starts[k + 1] is not None:
            ends[k], pointers[k] = starts[k + 1], wanted[2 * k + 2][1]
        elif starts[k + 1] is None:
            starts[k + 1] = ends[k]
    home = _home(rep, starts[0], ends[-1])
    if not request.overnight.allowed and None in ends and home is not None:
        if not request.overnight.home_allowed:
            resolver.faults.append(_no_night())
            return None
        if rep is not None and resolver.resolve(Place(place=HOME), "/rep_id") is None:
            return None
        starts = [starts[0], *(start or home for start in starts[1:])]
        ends = [*(end or home for end in ends[:-1]), ends[-1]]
    return DayPlaces(tuple(starts), tuple(ends), tuple(pointers), home)


def _home(
    rep: Rep | None, start: ResolvedPlace | None, end: ResolvedPlace | None
) -> ResolvedPlace | None:
    if rep is not None:
        return home_place(rep)
    is_round = start is not None and end is not None and start.position == end.position
    return start if is_round else None


def _no_night() -> Fault:
    return Fault(
        "/overnight",
        "NO_NIGHT_PLACE",
        "Nights are neither allowed away nor at home, but the trip has more than one day. Allow "
        "one of them, or give each day its end_place.",
    )


def row_of_place(places: Sequence[ResolvedPlace], place: ResolvedPlace | None) -> int | None:
    """Index of a place among distinct ones, by position."""
    if place is None:
        return None
    return next(k for k, one in enumerate(places) if one.position == place.position)
