"""
One day of a plan as stops and the legs between them.

A leg joins every stop to the next one. A break is a stop of its own: where the visit before it
was, where the next one is, or on the road between; there it divides the leg, in driving time and in
distance alike. So for every stop between the start and the end of a day

    arrival + setup + waiting = start of service,   start of service + service = departure,

and every departure and the driving of the leg make the next arrival.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

import numpy as np

from api.schemas.route import Leg, Navigation, Stop, Why
from api.services.considered import Considered
from api.services.pool import NONE
from api.services.trip import DIGITS, Trip
from geo import point_along
from routing.explain import WhyIn
from routing.solution import Route as ShiftRoute
from routing.solution import Solution, TakenBreak, Visit


@dataclass(frozen=True, slots=True)
class _Halt:
    """
    A break within a leg.

    Parameters
    ----------
    driven_s
        Of the leg, before it.
    arrival_s
        When the vehicle comes to where it is taken.
    setup_s
        Done there before it.
    """

    taken: TakenBreak
    driven_s: int
    arrival_s: int
    setup_s: int

    @property
    def wait_s(self) -> int:
        return self.taken.start_s - self.arrival_s - self.setup_s


def stops_and_legs(
    trip: Trip, solution: Solution, shift: int, reasons: dict[int, WhyIn]
) -> tuple[tuple[Stop, ...], tuple[Leg, ...]]:
    """
    Parameters
    ----------
    reasons
        Why each visit is in the plan, by client index.
    """
    route = solution.routes[shift]
    active = [k for k, one in enumerate(solution.routes) if not one.is_idle]
    if not active or shift < active[0]:
        last = "start"
    else:
        last = "overnight" if shift < active[-1] else "end"
    if route.is_idle:
        # A day off: before the trip begins, on the way, or after it has ended.
        return (_place_stop(trip, last, route.start_location),), ()
    moment = trip.time.moment
    rows = [
        route.start_location,
        *(trip.problem.clients[visit.client_index].location_index for visit in route.visits),
        route.end_location,
    ]
    stops = [_place_stop(trip, "start", route.start_location, departure=moment(route.departure_s))]
    legs: list[Leg] = []
    clock_s = route.departure_s
    for index, (a, b) in enumerate(pairwise(rows)):
        visit = route.visits[index] if index < len(route.visits) else None
        halts = _halts(trip, route, index, clock_s, (a, b))
        driven_s = [halt.driven_s for halt in halts]
        legs += _legs(trip, (a, b), driven_s, first_seq=len(stops) - 1)
        if visit is None:
            arrival = moment(route.arrival_s)
            following = _place_stop(trip, last, route.end_location, arrival=arrival)
        else:
            following = _visit_stop(trip, shift, visit, halts, reasons)
            clock_s = visit.departure_s
        names = stops[-1].name, following.name
        stops += [*_break_stops(trip, shift, (a, b), names, halts), following]
    numbered = (stop.model_copy(update={"seq": seq}) for seq, stop in enumerate(stops))
    return tuple(numbered), tuple(legs)


def _halts(
    trip: Trip, route: ShiftRoute, leg: int, clock_s: int, ends: tuple[int, int]
) -> list[_Halt]:
    """Breaks of a leg that is begun at `clock_s`; driving and setup go on whenever they can."""
    drive_s = int(trip.problem.duration_s[ends])
    setup_s = route.visits[leg].setup_s if leg < len(route.visits) else 0
    driven_s, arrival_s, halts = 0, clock_s, []
    for taken in route.breaks:
        if taken.leg != leg:
            continue
        driving_s = min(drive_s - driven_s, taken.start_s - clock_s)
        driven_s += driving_s
        done_s = min(setup_s, taken.start_s - clock_s - driving_s)
        setup_s -= done_s
        # Where nothing was driven since the stop before, one is still there.
        arrival_s = clock_s + driving_s
        halts.append(_Halt(taken, driven_s, arrival_s, done_s))
        clock_s = taken.end_s
    return halts


def _break_stops(
    trip: Trip,
    shift: int,
    ends: tuple[int, int],
    names: tuple[str | None, str | None],
    halts: list[_Halt],
) -> Iterator[Stop]:
    """Breaks of a leg; `names` are those of the stops before and after it."""
    moment = trip.time.moment
    drive_s = int(trip.problem.duration_s[ends])
    for halt in halts:
        wanted = trip.breaks.of_day[shift][halt.taken.break_index]
        is_on_the_way = 0 < halt.driven_s < drive_s
        if is_on_the_way:
            location, name = _on_the_road(trip, ends, halt.driven_s / drive_s), None
        else:
            there = 0 if halt.driven_s == 0 else 1
            location, name = trip.location(ends[there]), names[there]
        yield Stop(
            seq=0,
            type="break",
            break_id=trip.request.days[shift].breaks[wanted.index].break_id,
            name=name,
            location=location,
            on_the_way=is_on_the_way or None,
            arrival=moment(halt.arrival_s),
            service_start=moment(halt.taken.start_s),
            departure=moment(halt.taken.end_s),
            setup_s=halt.setup_s or None,
            wait_s=halt.wait_s,
            service_duration_s=halt.taken.duration_s,
        )


def _on_the_road(trip: Trip, ends: tuple[int, int], share: float) -> tuple[float, float]:
    """Where one is after a share of the way, as if all of it were driven at one speed."""
    path = trip.engine.path(trip.snapped[ends[0]], trip.snapped[ends[1]])
    if path is None:
        return trip.location(ends[0] if share < 0.5 else ends[1])
    lon, lat = point_along(path.lonlat, share)
    return round(lon, DIGITS), round(lat, DIGITS)


def _place_stop(
    trip: Trip,
    kind: str,
    matrix_row: int,
    arrival: datetime | None = None,
    departure: datetime | None = None,
) -> Stop:
    location = trip.location(matrix_row)
    return Stop(
        seq=0,
        type=kind,
        name=trip.place_names[matrix_row],
        location=location,
        arrival=arrival,
        departure=departure,
        navigation=None if kind == "start" else navigation(location),
    )


def _visit_stop(
    trip: Trip, shift: int, visit: Visit, halts: list[_Halt], reasons: dict[int, WhyIn]
) -> Stop:
    moment = trip.time.moment
    client = trip.problem.clients[visit.client_index]
    position = trip.clients[visit.client_index]
    location = trip.location(client.location_index)
    why = reasons.get(visit.client_index)
    # A break here is a stop before this one, with what was waited and set up before it.
    arrival_s, setup_s = visit.arrival_s, visit.setup_s
    for halt in halts:
        if halt.taken.start_s >= visit.arrival_s:
            arrival_s, setup_s = halt.taken.end_s, setup_s - halt.setup_s
    return Stop(
        seq=0,
        type="appointment" if trip.is_appointment(position) else "visit",
        visit_id=trip.visit_id(position),
        appointment_id=trip.appointment_id(position),
        account_id=trip.account_id(position),
        name=trip.considered.name[position],
        location=location,
        timezone=trip.timezone(position),
        arrival=moment(arrival_s),
        service_start=moment(visit.start_s),
        departure=moment(visit.departure_s),
        setup_s=setup_s or None,
        wait_s=visit.start_s - arrival_s - setup_s,
        service_duration_s=client.service_duration_s,
        slack_s=None if why is None else why.slack_s,
        why=None if why is None else _why(trip, position, shift, why),
        navigation=navigation(location),
    )


def _why(trip: Trip, position: int, shift: int, why: WhyIn) -> Why:
    considered = trip.considered
    ratio = float(considered.due_ratio[position, shift])
    factor = float(considered.due_factor[position, shift])
    wish = considered.wish_of(position)
    is_own = wish is not None and wish.prize is not None
    rule = "required" if considered.is_required[position] else "prize"
    boost, extra_cents = (1.0, 0) if is_own else _special(trip, position, shift)
    return Why(
        rule="appointment" if trip.is_appointment(position) else rule,
        visit_value=visit_value(considered, position),
        due_factor=None if np.isnan(factor) or is_own else round(factor, 3),
        due_ratio=None if np.isnan(ratio) else round(ratio, 3),
        prize_factor=None if boost == 1 else round(boost, 4),
        prize_extra=extra_cents / 100 if extra_cents else None,
        prize=int(considered.day_prize_cents[position, shift]) / 100,
        added_travel_s=why.added_travel_s,
        added_cost=None if why.added_cost_cents is None else why.added_cost_cents / 100,
        net=None if why.net_cents is None else why.net_cents / 100,
        rank=why.rank,
    )


def _special(trip: Trip, position: int, shift: int) -> tuple[float, int]:
    """Factor and extra of special situations on a day of the trip."""
    row = int(trip.considered.row[position])
    if row == NONE:
        return 1.0, 0
    rules = trip.snapshot.rules(trip.time.day_numbers[shift])
    return float(rules.prize_factor[row]), int(rules.prize_extra_cents[row])


def visit_value(considered: Considered, position: int) -> float | None:
    cents = int(considered.visit_value_cents[position])
    return None if cents == NONE else cents / 100


def _legs(trip: Trip, ends: tuple[int, int], halted_s: list[int], first_seq: int) -> Iterator[Leg]:
    """One leg, divided after the driving times of `halted_s`."""
    drive_s, distance_m = int(trip.problem.duration_s[ends]), int(trip.problem.distance_m[ends])
    source = "estimate" if _is_estimate(trip, ends, distance_m) else "road"
    times_s = [0, *halted_s, drive_s]
    # Differences of rounded sums, so that the parts add up to the leg.
    metres = [round(distance_m * at_s / drive_s) if drive_s else 0 for at_s in times_s]
    metres[-1] = distance_m
    for k, (before, after) in enumerate(pairwise(range(len(times_s)))):
        yield Leg(
            from_seq=first_seq + k,
            to_seq=first_seq + k + 1,
            travel_s=times_s[after] - times_s[before],
            distance_m=metres[after] - metres[before],
            source=source,
        )


def _is_estimate(trip: Trip, ends: tuple[int, int], distance_m: int) -> bool:
    # Between places at one junction no road is known; then access alone is longer.
    unknown_m = sum(
        int(access_m)
        for access_m in trip.snapped.access_m[[*ends]]
        if access_m > trip.engine.access_rule.frontage_m
    )
    # No way at all, between visits at one place, is no estimate.
    is_mostly_access = bool(unknown_m and distance_m and 2 * unknown_m >= distance_m)
    return trip.engine.is_estimate or is_mostly_access


def navigation(location: tuple[float, float]) -> Navigation:
    """Links to navigation programs. They get coordinates, never a name."""
    at = f"{location[1]:.6f},{location[0]:.6f}"
    return Navigation(
        google="https://www.google.com/maps/dir/?api=1&destination="
        f"{at}&travelmode=driving&dir_action=navigate",
        apple=f"https://maps.apple.com/?daddr={at}&dirflg=d",
        waze=f"https://waze.com/ul?ll={at}&navigate=yes",
        geo=f"geo:{at}",
    )
