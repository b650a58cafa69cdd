"""Plan a route: fetch, compute, store."""

import time
from typing import Any

from api.exports.geojson import route_geojson
from api.schemas.route import SearchAnswer
from api.schemas.route_request import RouteRequest
from api.services.progress import Listener, Silence
from api.services.route_answer import route_answer
from api.services.searching import LONGEST_S, search
from api.services.trip_setup import prepare_trip
from api.services.trip_unassigned import tell_unassigned
from api.state import AppState
from data import route_store
from data.tables import JobStatus


def plan_route(
    state: AppState, request: RouteRequest, base: str, listener: Listener | None = None
) -> dict[str, Any]:
    """
    Plan, store and return the body of a route.

    Parameters
    ----------
    base
        Path under which routes are found.

    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used; nothing is stored.
    PlanCancelledError
        When the listener has gone; nothing is stored.
    """
    started = time.monotonic()
    listener = listener or Silence()
    prepared = prepare_trip(state, request, listener)
    trip, direct = prepared.trip, prepared.direct

    listener.stage("search", "Choosing and ordering visits")
    found = search(
        trip.problem,
        direct,
        listener,
        iterations=request.options.iterations or state.settings.iterations,
        time_limit_s=request.options.time_limit_s or LONGEST_S,
        seed=request.options.seed,
        wants_reasons=request.options.explain,
    )
    unassigned, counts, packed = tell_unassigned(
        trip, prepared.sweep, prepared.screening, found.solution.visited, found.explanation
    )
    route_id, created_at = route_store.new_route_id(), state.clock()
    answer = route_answer(
        trip,
        route_id=route_id,
        self_link=f"{base}/{route_id}",
        created_at=created_at,
        data_version=f"{trip.snapshot.world.version}.{trip.snapshot.version}",
        solution=found.solution,
        visits=() if found.explanation is None else found.explanation.visits,
        direct_value_cents=direct.value_cents,
        unassigned=unassigned,
        unassigned_counts=counts,
        warnings=prepared.warnings,
        search=SearchAnswer(
            accounts_considered=len(trip.considered),
            shortlisted=len(trip.clients),
            iterations=found.iterations,
            stopped_by=found.stopped_by,
            elapsed_ms=round(1000 * (time.monotonic() - started)),
            bound_state="none",
        ),
    )
    body = answer.body()
    if request.options.geometry == "geojson":
        body["geojson"] = route_geojson(body, trip.engine)
    with state.database.session() as session:
        route_store.begin(
            session,
            route_id=route_id,
            dataset_id=trip.snapshot.dataset.id,
            created_at=created_at,
            label=request.label,
        )
        route_store.answer(
            session,
            route_id=route_id,
            status=JobStatus(answer.status),
            request=request.model_dump(mode="json", exclude_none=True),
            body=body,
            created_at=created_at,
            rep_id=None if prepared.rep is None else prepared.rep.id,
            unassigned=packed,
        )
    return body
