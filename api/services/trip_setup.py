"""From a request to a trip that can be planned: places, accounts, roads, rules."""

from dataclasses import dataclass
from itertools import pairwise

from api.schemas.place import ResolvedPlace
from api.schemas.route import Warning_
from api.schemas.route_request import Day, RouteRequest
from api.services import request_checks
from api.services.avoiding import engine_avoiding, road_warnings
from api.services.candidates import screen, shortlist
from api.services.considered import consider
from api.services.errors import Fault, ImpossibleTripError, RefusedRequestError, pointer
from api.services.left_out import Screening
from api.services.on_the_way import no_road
from api.services.places import PlaceResolver, home_of
from api.services.progress import Listener
from api.services.route_answer import Trip
from api.services.trip_nights import night_places
from api.services.trip_problem import build_problem, direct_trip_of, lay_out
from api.services.trip_time import TripTime, zone_named
from api.state import AppState, Snapshot
from data.tables import Rep
from routing.corridor import Corridor, corridor
from routing.problem import UNREACHABLE
from routing.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class PreparedTrip:
    """
    A trip with what was found out on the way to its problem.

    Parameters
    ----------
    direct
        The cheapest plan without visits.
    warnings
        What the client should know about how the request was taken.
    """

    trip: Trip
    rep: Rep | None
    sweep: Corridor
    screening: Screening
    direct: Solution
    warnings: tuple[Warning_, ...]


def prepare_trip(state: AppState, request: RouteRequest, listener: Listener) -> PreparedTrip:
    """
    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used.
    """
    snapshot, settings = state.snapshot(), state.settings
    world = snapshot.world
    request_checks.check(request, snapshot.dataset.currency)
    rep = _rep(request, snapshot)

    listener.stage("places", "Looking up places")
    resolver = PlaceResolver(world, snapshot, rep)
    start, end = resolver.resolve(request.start, "/start"), resolver.resolve(request.end, "/end")
    preferred = [
        resolver.resolve(place, pointer("overnight", "preferred_places", k))
        for k, place in enumerate(request.overnight.preferred_places)
    ]
    zone = zone_named(request.timezone) if request.timezone else None
    time = TripTime.of(request.days, zone or snapshot.zone)

    listener.stage("accounts", f"Finding who is on the way among {len(snapshot.table):,} accounts")
    considered, warnings = consider(request, snapshot, world, rep, time, resolver)
    # Otherwise consider would have refused.
    assert start is not None
    assert end is not None
    engine = engine_avoiding(world.engine, request.options.avoid)
    sweep = corridor(
        engine, engine.snap(*start.position), engine.snap(*end.position), considered.snapped
    )
    if sweep.direct_s >= UNREACHABLE:
        raise ImpossibleTripError([no_road(start, end, "/end")])
    max_travel_s = _travel_limit(request, sweep.direct_s)
    per_visit_s = request.limits.max_detour_per_visit_s
    per_visit_s = settings.max_detour_per_visit_s if per_visit_s is None else per_visit_s
    max_access_m = engine.access_rule.max_access_m
    screening = screen(considered, sweep, time, per_visit_s, max_travel_s, max_access_m)
    size = request.candidate_filter.shortlist if request.candidate_filter else None
    rows = shortlist(considered, sweep, screening, size or settings.shortlist_size)

    listener.stage("roads", f"Measuring the ways between {len(rows)} candidates")
    nights = len(request.days) - 1
    towns = (
        night_places(
            world,
            engine,
            start,
            end,
            tuple(place for place in preferred if place is not None),
            considered,
            rows,
            nights,
            per_visit_s,
        )
        if nights and request.overnight.allowed
        else ()
    )
    layout = lay_out(engine, start, end, towns, considered.snapped[rows])
    problem = build_problem(
        request,
        settings,
        time,
        considered,
        rows,
        layout,
        engine,
        free_nights=_home_rows(rep, start, end),
        max_travel_s=max_travel_s,
    )
    direct = direct_trip_of(problem, start, end, sweep.direct_s)
    trip = Trip(
        request=request,
        snapshot=snapshot,
        time=time,
        start=start,
        end=end,
        considered=considered,
        problem=problem,
        clients=tuple(rows.tolist()),
        place_names=layout.names,
        engine=engine,
        snapped=layout.snapped,
        direct_s=sweep.direct_s,
    )
    told = (
        *resolver.warnings,
        *warnings,
        *road_warnings(world, request.options.avoid),
        *_warnings(request.days, len(considered)),
    )
    return PreparedTrip(trip, rep, sweep, screening, direct, told)


def _rep(request: RouteRequest, snapshot: Snapshot) -> Rep | None:
    if request.rep_id is None:
        return None
    for rep in snapshot.reps:
        if str(rep.id) == request.rep_id:
            return rep
    detail = f"There is no rep {request.rep_id!r}. GET /api/v1/reps lists them."
    raise RefusedRequestError([Fault("/rep_id", "UNKNOWN_REP", detail)])


def _travel_limit(request: RouteRequest, direct_s: int) -> int | None:
    """
    Most driving of the whole trip.

    Raises
    ------
    RefusedRequestError
        When a ratio to no way at all is asked for.
    """
    limits = request.limits
    found = []
    if limits.max_detour_s is not None:
        found.append(direct_s + limits.max_detour_s)
    if limits.max_detour_ratio is not None:
        if direct_s == 0:
            raise RefusedRequestError(
                [
                    Fault(
                        "/limits/max_detour_ratio",
                        "RATIO_WITHOUT_DIRECT_TRIP",
                        "The trip ends where it starts, so there is no direct way to compare "
                        "with. Use max_detour_s, which then limits all driving.",
                    )
                ]
            )
        found.append(int(direct_s * limits.max_detour_ratio))
    return min(found) if found else None


def _home_rows(rep: Rep | None, start: ResolvedPlace, end: ResolvedPlace) -> frozenset[int]:
    """Rows of the ends where a night is free: at home, and where the trip is a round one."""
    if start.position == end.position:
        return frozenset((0,))
    home = None if rep is None else home_of(rep)
    return frozenset(k for k, place in enumerate((start, end)) if place.position == home)


def _warnings(days: tuple[Day, ...], considered: int) -> list[Warning_]:
    warnings = []
    for k, (day, following) in enumerate(pairwise(days), start=1):
        if (nights := (following.date - day.date).days) > 1:
            warnings.append(
                Warning_(
                    code="NIGHTS_COUNTED_ONCE",
                    detail=f"{nights} nights lie between {day.date} and {following.date}; they "
                    "are planned at one place and count as one.",
                    pointer=pointer("days", k),
                )
            )
    if considered == 0:
        warnings.append(
            Warning_(
                code="NO_CANDIDATES",
                detail="No account fits the request, so the direct trip was planned. Widen "
                "candidate_filter, or name visits.",
            )
        )
    return warnings
