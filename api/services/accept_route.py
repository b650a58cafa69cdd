"""Accept a route: its visits become commitments that later plans respect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from api.schemas.route_list import Acceptance
from api.services.accounts import row_of
from api.services.commitments import PREFIX
from api.services.day_so_far import VISITS
from api.services.errors import Fault, OverlapError, pointer
from api.services.stored_routes import finished
from api.state import AppState
from data import commitment_store, route_store
from data.commitment_store import AcceptedVisit, Commitment


def accept(state: AppState, route_id: str, revision: int | None = None) -> Acceptance:
    """
    Make the visits of the newest revision commitments, instead of those of a former one.

    Accepting the same revision again changes nothing.

    Parameters
    ----------
    revision
        The one that is meant, if that has been said.

    Raises
    ------
    NotStoredError, NotFinishedError
        When there is no such route, or it has no plan.
    OverlapError
        When other accepted routes of the rep have visits at the same time.
    OutdatedRevisionError
        When the route was changed meanwhile, or is not at the revision that is meant.
    """
    snapshot = state.snapshot()
    stored = finished(state, snapshot, route_id)
    if revision not in (None, stored.revision):
        raise route_store.outdated(route_id, revision)
    stops = [
        (k, j, stop)
        for k, day in enumerate(stored.body["days"])
        for j, stop in enumerate(day["stops"])
        # A visit that another route has promised stays that route's, and an account may be gone.
        if stop["type"] in VISITS
        and not stop.get("appointment_id", "").startswith(PREFIX)
        and row_of(snapshot, stop.get("account_id", "")) is not None
    ]
    visits = [
        AcceptedVisit(
            account_id=int(stop["account_id"]),
            start_at=datetime.fromisoformat(stop["service_start"]),
            duration_s=stop["service_duration_s"],
            is_done=stop.get("status") == "done",
        )
        for _, _, stop in stops
    ]
    with state.database.session() as session:
        # Read here and not from the snapshot: another route may just have been accepted.
        others = [
            one
            for one in commitment_store.all_commitments(session, snapshot.dataset.id)
            if one.rep_id == stored.rep_id and one.route_id not in (None, route_id)
        ]
        if stored.rep_id is not None:
            _check_overlaps(stops, others)
        accepted = commitment_store.replace(session, route_id, stored.rep_id, visits)
        route_store.accept(session, route_id, stored.revision)
    return Acceptance(
        route_id=route_id,
        accepted_revision=stored.revision,
        commitments=sum(not visit.is_done for visit in visits),
        added=accepted.added,
        changed=accepted.changed,
        kept=accepted.kept,
        cancelled=accepted.cancelled,
    )


def _check_overlaps(
    stops: Sequence[tuple[int, int, dict[str, Any]]], others: Sequence[Commitment]
) -> None:
    faults = []
    for k, j, stop in stops:
        start, end = (datetime.fromisoformat(stop[key]) for key in ("service_start", "departure"))
        for one in others:
            if one.start_at < end and start < one.end_at:
                faults.append(
                    Fault(
                        pointer("days", k, "stops", j),
                        "COMMITMENTS_OVERLAP",
                        f"The visit of account {stop['account_id']} from {start:%d %b %H:%M} to "
                        f"{end:%H:%M} overlaps that of account {one.account_id} from "
                        f"{one.start_at.astimezone(start.tzinfo):%d %b %H:%M} on, which route "
                        f"{one.route_id} has promised. Plan the route again, which respects it.",
                    )
                )
                break
    if faults:
        raise OverlapError(faults)
