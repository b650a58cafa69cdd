"""From a request to a trip that can be planned: places, accounts, roads, rules."""

from dataclasses import dataclass

from api.schemas.route import Warning_
from api.schemas.route_request import RouteRequest, TripRequest
from api.services import request_checks
from api.services.avoiding import engine_avoiding, road_warnings
from api.services.candidates import screen, shortlist
from api.services.commitments import binding, with_appointments
from api.services.considered import consider
from api.services.errors import Fault, ImpossibleTripError, RefusedRequestError, pointer
from api.services.left_out import Screening
from api.services.must_visits import still_meant, with_musts
from api.services.on_the_way import no_road
from api.services.places import PlaceResolver
from api.services.progress import Listener
from api.services.reason_texts import Wording
from api.services.trip import Trip
from api.services.trip_breaks import trip_breaks
from api.services.trip_layout import lay_out
from api.services.trip_nights import night_places, towns_for_nights
from api.services.trip_places import DayPlaces, Stretch, day_places
from api.services.trip_problem import TripParts, build_problem, direct_trip_of
from api.services.trip_time import TripTime, zone_named
from api.services.trip_warnings import trip_warnings
from api.services.under_way import NOT_BEGUN, Standing, UnderWay
from api.services.week import WEEK_DETOUR_S, completed
from api.state import AppState, Snapshot
from data.tables import Rep
from routing.corridor import Corridor, corridor, nearest_corridor
from routing.problem import UNREACHABLE
from routing.roads.engine import RoadEngine, SnappedPlaces
from routing.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class PreparedTrip:
    """
    A trip with what was found out on the way to its problem.

    Parameters
    ----------
    standing
        How those considered stand in a trip under way.
    direct
        The cheapest plan without visits.
    warnings
        What the client should know about how the request was taken.
    """

    trip: Trip
    rep: Rep | None
    sweep: Corridor
    screening: Screening
    standing: Standing
    direct: Solution
    warnings: tuple[Warning_, ...]


def prepare_trip(state: AppState, asked: RouteRequest, listener: Listener) -> PreparedTrip:
    """
    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used.
    """
    snapshot = state.snapshot()
    rep = rep_of(asked.rep_id, snapshot)
    request, warnings = completed(asked, snapshot, rep)
    return prepare(state, snapshot, rep, request, listener, warnings)


def prepare(
    state: AppState,
    snapshot: Snapshot,
    rep: Rep | None,
    request: TripRequest,
    listener: Listener,
    first_warnings: tuple[Warning_, ...] = (),
    under_way: UnderWay = NOT_BEGUN,
) -> PreparedTrip:
    """
    Prepare a trip whose days are known: a new one, or what is left of one under way.

    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used.
    """
    settings, world = state.settings, snapshot.world
    commitments = binding(snapshot, request, under_way.route_id)
    request, told_commitments = with_appointments(request, commitments, rep, snapshot)
    request_checks.check(request, snapshot.dataset.currency)
    zone = (zone_named(request.timezone) if request.timezone else None) or snapshot.zone
    time = TripTime.of(request.days, zone)
    # The hours of a rep are local to the data set, whatever zone the answer is wanted in.
    breaks = trip_breaks(request.days, time, snapshot.zone if request.is_week else zone)

    listener.stage("places", "Looking up places")
    resolver = PlaceResolver(world, snapshot, rep)
    resolver.faults += breaks.faults
    places = day_places(request, resolver, rep, under_way.home)
    preferred = [
        (resolver.resolve(place, pointer("overnight", "preferred_places", k)), place.cost_per_night)
        for k, place in enumerate(request.overnight.preferred_places)
    ]

    listener.stage("accounts", f"Finding who is on the way among {len(snapshot.table):,} accounts")
    setup_s = request.options.setup_duration_s
    considered, warnings = consider(
        request,
        snapshot,
        world,
        rep,
        time,
        resolver,
        settings.setup_duration_s if setup_s is None else setup_s,
        commitments,
        under_way.account_ids,
    )
    standing = Standing.of(considered, snapshot, under_way)
    considered = still_meant(considered, standing, under_way.route_id is not None)
    # Otherwise consider would have refused.
    assert places is not None
    engine = engine_avoiding(world.engine, request.options.avoid)
    sweeps = _sweeps(engine, places, considered.snapped)
    sweep = nearest_corridor([one for _, one in sweeps])
    max_travel_s = under_way.max_travel_s
    if max_travel_s is None:
        max_travel_s = travel_limit(request, sweep.direct_s)
    per_visit_s = request.limits.max_detour_per_visit_s
    if per_visit_s is None:
        per_visit_s = WEEK_DETOUR_S if request.is_week else settings.max_detour_per_visit_s
    screening = screen(
        considered,
        standing,
        [(stretch.shifts, one) for stretch, one in sweeps],
        time,
        per_visit_s,
        max_travel_s,
        engine.access_rule.max_access_m,
    )
    wording = Wording(shift_dates=time.dates, currency=snapshot.dataset.currency)
    considered, told_musts = with_musts(
        considered, screening, len(request.days), wording, request.is_week
    )
    size = request.candidate_filter.shortlist if request.candidate_filter else None
    rows = shortlist(considered, standing, sweep, screening, size or settings.shortlist_size)

    listener.stage("roads", f"Measuring the ways between {len(rows)} candidates")
    away_allowed = request.overnight.allowed
    nights = (
        night_places(
            places,
            tuple(
                (place, None if cost is None else round(100 * cost))
                for place, cost in preferred
                if place is not None
            ),
            (
                *under_way.nights,
                *towns_for_nights(world, engine, places, considered, rows, per_visit_s),
            )
            if away_allowed
            else (),
            home_allowed=request.overnight.home_allowed,
            away_allowed=away_allowed,
        )
        if None in places.ends
        else ()
    )
    layout = lay_out(engine, places, nights, considered.snapped[rows])
    problem = build_problem(
        TripParts(
            request,
            settings,
            time,
            places,
            breaks,
            considered,
            rows,
            nights,
            layout,
            max_travel_s,
        ),
        engine,
    )
    direct = direct_trip_of(problem, places.start, places.end, sweep.direct_s)
    trip = Trip(
        request=request,
        snapshot=snapshot,
        time=time,
        places=places,
        breaks=breaks,
        considered=considered,
        problem=problem,
        clients=tuple(rows.tolist()),
        place_names=layout.names,
        is_home=layout.is_home,
        engine=engine,
        snapped=layout.snapped,
        direct_s=sweep.direct_s,
    )
    told = (
        *first_warnings,
        *told_commitments,
        *resolver.warnings,
        *breaks.warnings,
        *warnings,
        *told_musts,
        *road_warnings(world, request.options.avoid),
        *trip_warnings(request, time, places, breaks, considered),
    )
    return PreparedTrip(trip, rep, sweep, screening, standing, direct, told)


def _sweeps(
    engine: RoadEngine, places: DayPlaces, accounts: SnappedPlaces
) -> list[tuple[Stretch, Corridor]]:
    """
    The ways of each stretch past all accounts; made once for stretches between the same places.

    Raises
    ------
    ImpossibleTripError
        When no road leads from the start of a stretch to its end.
    """
    made: dict[tuple[tuple[float, float], tuple[float, float]], Corridor] = {}
    found = []
    for stretch in places.stretches:
        way = (stretch.start.position, stretch.end.position)
        if way not in made:
            made[way] = corridor(engine, engine.snap(*way[0]), engine.snap(*way[1]), accounts)
        if made[way].direct_s >= UNREACHABLE:
            raise ImpossibleTripError([no_road(stretch.start, stretch.end, stretch.at)])
        found.append((stretch, made[way]))
    return found


def rep_of(rep_id: str | None, snapshot: Snapshot) -> Rep | None:
    """
    Raises
    ------
    RefusedRequestError
        When there is no such rep.
    """
    if rep_id is None:
        return None
    for rep in snapshot.reps:
        if str(rep.id) == rep_id:
            return rep
    detail = f"There is no rep {rep_id!r}. GET /api/v1/reps lists them."
    raise RefusedRequestError([Fault("/rep_id", "UNKNOWN_REP", detail)])


def travel_limit(request: TripRequest, direct_s: int) -> int | None:
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
