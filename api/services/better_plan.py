"""A better plan that was found while one was bounded, as the next revision of its route."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.exports.geojson import route_geojson
from api.schemas.route import Route, SearchAnswer
from api.services.route_answer import route_answer
from api.services.route_changes import changes
from api.services.trip_setup import PreparedTrip
from api.services.trip_unassigned import tell_unassigned
from data import job_store, route_store
from data.database import Session
from data.errors import OutdatedRevisionError
from data.route_store import StoredRoute
from data.tables import Job, JobStatus
from routing import referee
from routing.explain import Explanation


@dataclass(frozen=True, slots=True, eq=False)
class BetterPlan:
    """
    The revision that follows `former`, whole but for storing it.

    Parameters
    ----------
    unassigned
        As `Unassigned.to_bytes` packs them.
    """

    former: StoredRoute
    body: dict[str, Any]
    unassigned: bytes
    created_at: datetime

    def store(self, session: Session, job: Job) -> bool:
        """
        Add the revision; False where somebody counts on the former one by now.

        That is so when it is no longer the newest or has been accepted, and also when a replan of
        it is asked for, which a new revision would fail.
        """
        route_id = self.former.route_id
        # A replan locks the route too when it is asked for, so it is seen here or sees us.
        route_store.lock(session, route_id)
        if job_store.is_shared(session, job):
            return False
        try:
            route_store.revise(
                session,
                route_id=route_id,
                former_revision=self.former.revision,
                status=JobStatus(self.body["status"]),
                request=self.former.request,
                body=self.body,
                unassigned=self.unassigned,
                created_at=self.created_at,
                unless_accepted=True,
            )
        except OutdatedRevisionError:
            return False
        return True


def better_plan(
    former: StoredRoute,
    prepared: PreparedTrip,
    explanation: Explanation,
    bound: dict[str, Any],
    now: datetime,
) -> BetterPlan:
    """
    Tell a plan of the same trip as every plan is told, with what is proven about it.

    Parameters
    ----------
    bound
        Keys of `search`. All others are those of the search that made the former plan.
    """
    trip, solution = prepared.trip, explanation.solution
    referee.check(trip.problem, solution)
    unassigned, counts, packed = tell_unassigned(prepared, solution.visited, explanation)
    searched = former.body["search"]
    body = route_answer(
        trip,
        route_id=former.route_id,
        self_link=former.body["links"]["self"],
        created_at=former.created_at,
        data_version=trip.snapshot.data_version,
        solution=solution,
        visits=explanation.visits,
        direct_value_cents=prepared.direct.value_cents,
        unassigned=unassigned,
        unassigned_counts=counts,
        warnings=prepared.warnings,
        search=SearchAnswer(
            accounts_considered=len(trip.considered),
            shortlisted=len(trip.clients),
            iterations=searched["iterations"],
            stopped_by=searched["stopped_by"],
            elapsed_ms=searched["elapsed_ms"],
            **bound,
        ),
    ).body()
    body |= {
        "revision": former.revision + 1,
        "revised_at": now.isoformat(),
        "cause": "bound",
        "changes": changes(former.body, body, frozenset()),
    }
    body = Route.model_validate(body).body()
    if trip.request.options.geometry == "geojson":
        body["geojson"] = route_geojson(body, trip.engine)
    return BetterPlan(former, body, packed.to_bytes(), now)
