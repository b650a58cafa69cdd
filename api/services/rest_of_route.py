"""What is left of a stored route, prepared to be planned on: the request, the trip and the plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from api.schemas.day import Day
from api.schemas.route import Warning_
from api.schemas.route_request import CandidateFilter, TripRequest, VisitRequest
from api.services.avoiding import engine_avoiding
from api.services.day_so_far import Location, Roads
from api.services.errors import ImpossibleTripError
from api.services.formats import format_date
from api.services.progress import Listener
from api.services.rest_request import RestRequest
from api.services.route_so_far import Report, SoFar, so_far
from api.services.trip_nights import NightPlace
from api.services.trip_setup import PreparedTrip, prepare, rep_of
from api.services.under_way import RowFinder, StopKey, UnderWay
from api.services.whole_route import Whole, is_home, is_near
from api.state import AppState, Snapshot
from data.route_store import StoredRoute
from data.tables import Rep
from routing.problem import UNREACHABLE, Problem
from routing.schedule import schedule_route
from routing.solution import Route as ShiftRoute
from routing.solution import Solution


@dataclass(frozen=True, slots=True, eq=False)
class RestOfRoute:
    """
    Parameters
    ----------
    kept
        The part of the plan that stays.
    prepared
        The trip from where that ends.
    plan
        The rest of the plan so far; what no longer fits is left out. None where the rest cannot
        be driven from night to night as it was.
    warnings
        Besides those of the trip.
    """

    whole: Whole
    rep: Rep | None
    kept: SoFar
    prepared: PreparedTrip
    plan: Solution | None
    warnings: tuple[Warning_, ...]


def rest_of_route(
    state: AppState,
    snapshot: Snapshot,
    stored: StoredRoute,
    whole: Whole,
    report: Report,
    new_visits: Sequence[VisitRequest],
    listener: Listener,
) -> RestOfRoute:
    """
    Divide a stored route at a moment and prepare what comes after it.

    Parameters
    ----------
    whole
        With what the report adds to what is completed and cancelled.

    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something new cannot be used, or no road leads on from where the rep is.
    """
    body, rep = stored.body, rep_of(whole.request.rep_id, snapshot)
    engine = engine_avoiding(snapshot.world.engine, whole.request.options.avoid)
    roads = Roads(engine)
    kept = so_far(body, report, roads)
    whole = replace(whole, request=_with_visits(whole.request, new_visits))
    rest = RestRequest(whole, kept, body, roads, snapshot)
    stops = [stop for day in kept.planned for stop in day]
    under_way = UnderWay(
        route_id=stored.route_id,
        fixed=kept.fixed,
        completed=whole.completed,
        cancelled=whole.cancelled,
        planned=tuple(StopKey.of(stop) for stop in (*stops, *kept.missed)),
        nights=tuple(_nights(whole, body, kept.first_day)),
        home=whole.places.home,
        max_travel_s=_travel_left(whole.request, body, kept),
    )
    warnings: tuple[Warning_, ...] = ()
    request = rest.request()
    if request.days[0].end > whole.request.days[kept.first_day].end:
        warnings = (_longer(request.days[0]),)
    try:
        prepared = prepare(state, snapshot, rep, request, listener, under_way=under_way)
    except ImpossibleTripError:
        longer = rest.request(is_longer=True)
        under_way = replace(under_way, max_travel_s=UNREACHABLE)
        prepared = prepare(state, snapshot, rep, longer, listener, under_way=under_way)
        warnings = (_longer(longer.days[0]),)
    plan = _planned(prepared, body, kept)
    return RestOfRoute(whole, rep, kept, prepared, plan, (*whole.warnings, *warnings))


def _with_visits(request: TripRequest, new: Sequence[VisitRequest]) -> TripRequest:
    """The request with more visits, which leave those who are considered as they were."""
    if not new:
        return request
    chosen = request.candidate_filter
    if request.visits is None and chosen is None:
        # Visits alone would mean that nobody else is considered.
        chosen = CandidateFilter()
    visits = (*(request.visits or ()), *new)
    return request.model_copy(update={"visits": visits, "candidate_filter": chosen})


def _longer(day: Day) -> Warning_:
    return Warning_(
        code="DAY_EXTENDED",
        detail=f"{format_date(day.date)} ends at {day.end:%H:%M} at the latest, later than planned "
        "and whatever its limits are: there is no other way to get to where it ends.",
    )


def _travel_left(request: TripRequest, body: dict[str, Any], kept: SoFar) -> int | None:
    """What is left of the driving that the limits on the detour of the whole trip allow."""
    direct_s, limits = body["totals"]["direct_travel_s"], request.limits
    found = []
    if limits.max_detour_s is not None:
        found.append(direct_s + limits.max_detour_s)
    if limits.max_detour_ratio is not None:
        found.append(int(direct_s * limits.max_detour_ratio))
    if not found:
        return None
    legs = [leg for day in kept.days for leg in day["legs"]] + list(kept.legs)
    return max(0, min(found) - sum(leg["travel_s"] for leg in legs))


def _nights(whole: Whole, body: dict[str, Any], first_day: int) -> Iterable[NightPlace]:
    """Where the plan spends the nights of the rest, as far as that is not known anyway."""
    known: list[Location] = [place.position for place, _ in whole.preferred]
    known += [place.position for place in whole.places.given]
    for k in range(first_day, len(body["days"]) - 1):
        stop = body["days"][k]["stops"][-1]
        place = tuple(stop["location"])
        is_known = any(is_near(place, one) for one in known)
        if whole.places.ends[k] is None and not is_known and not is_home(whole, place):
            known.append(place)
            yield NightPlace(stop.get("name"), place)


def _planned(prepared: PreparedTrip, body: dict[str, Any], kept: SoFar) -> Solution | None:
    """The rest of the plan so far, in the terms of the trip that was prepared."""
    trip = prepared.trip
    finder = RowFinder(trip.considered, trip.snapshot)
    client_of = {row: index for index, row in enumerate(trip.clients)}
    problem, routes = trip.problem, []
    here = problem.shifts[0].start_location
    for k, shift in enumerate(problem.shifts):
        rows = [finder.row(StopKey.of(stop)) for stop in kept.planned[k]]
        clients = [client_of[row] for row in rows if row in client_of]
        start = here if shift.start_location is None else shift.start_location
        end = shift.end_location
        if end is None:
            night = body["days"][kept.first_day + k]["stops"][-1]["location"]
            places = [place.location_index for place in problem.overnight_places]
            end = next((row for row in places if is_near(trip.location(row), night)), None)
        if start is None or end is None:
            return None
        route = _fitting(problem, k, start, clients, end)
        if route is None:
            return None
        routes.append(route)
        here = end
    solution = Solution(problem, tuple(routes))
    return solution if _keeps_limits(problem, solution) else None


def _fitting(
    problem: Problem, shift: int, start: int, clients: list[int], end: int
) -> ShiftRoute | None:
    """The route of a day with all of these visits, or with those that fit, in their order."""
    whole = schedule_route(problem, shift, start, clients, end)
    if whole is not None:
        return whole
    best = schedule_route(problem, shift, start, (), end)
    if best is None:
        return None
    taken: list[int] = []
    # Those that must be made are tried first.
    for client in sorted(clients, key=lambda index: not problem.clients[index].required):
        more = [index for index in clients if index in taken or index == client]
        route = schedule_route(problem, shift, start, more, end)
        if route is not None:
            best, taken = route, more
    return best


def _keeps_limits(problem: Problem, solution: Solution) -> bool:
    if problem.max_travel_s is not None and solution.travel_s > problem.max_travel_s:
        return False
    return problem.keeps_nights(problem.is_night_away(place) for place in solution.paid_nights)


def night_ends(days: Sequence[dict[str, Any]]) -> list[int]:
    """Indices of the days after which there is a night under way."""
    active = [k for k, day in enumerate(days) if day["legs"]]
    return [] if not active else [k for k, _ in pairwise(range(active[0], active[-1] + 1))]
