"""Reading routes that were planned before."""

from typing import Any

from api.exports.geojson import route_geojson
from api.schemas.account import UnassignedQuery
from api.schemas.route import Links, Unassigned, UnassignedList
from api.schemas.route_state import RouteState
from api.services import plan_route
from api.services.accounts import row_of
from api.services.avoiding import engine_avoiding
from api.services.errors import (
    AlreadyFinishedError,
    FailedJobError,
    NotFinishedError,
    NotStoredError,
)
from api.services.left_out import made_reason, reason_answer
from api.services.plan_route import SubmittedRoute
from api.services.pool import NONE
from api.services.reason_texts import Wording
from api.services.route_state import with_progress
from api.state import AppState, Snapshot
from data import job_store, route_store
from data.database import Session
from data.errors import NotFoundError
from data.route_store import StoredRoute
from data.tables import JobStatus, Route
from data.unassigned import Unassigned as Packed
from routing.reasons import ReasonCode

Body = dict[str, Any]


def found(state: AppState, route_id: str, base: str, revision: int | None = None) -> Body:
    """
    The body exactly as it was answered, or how far the route is; of a revision, if one is named.

    Parameters
    ----------
    base
        Path under which routes are found.

    Raises
    ------
    NotStoredError
        When there is no such route.
    NotFinishedError
        When it is still being planned, or never was.
    """
    snapshot = state.snapshot()
    dataset_id = snapshot.dataset.id
    with state.database.session() as session:
        route = _present(session, dataset_id, route_id)
    if route.current_revision > 0 or revision is not None:
        return _stored(state, snapshot, route_id, revision).body
    with state.database.session() as session:
        job = job_store.newest_of(session, dataset_id, route_id, plan_route.KIND)
    return with_progress(
        RouteState(
            route_id=route.id,
            label=route.label,
            status=route.status.value,
            created_at=route.created_at,
            links=_links(f"{base}/{route_id}"),
        ),
        job,
    )


def body(state: AppState, route_id: str, revision: int | None = None) -> Body:
    """
    The body exactly as it was answered, that of the newest revision unless one is named.

    Raises
    ------
    NotStoredError
        When there is no such route or revision, or it never got a plan.
    NotFinishedError
        When it is still being planned.
    """
    return _stored(state, state.snapshot(), route_id, revision).body


def finished(state: AppState, snapshot: Snapshot, route_id: str) -> StoredRoute:
    """
    The newest revision of a route.

    Raises
    ------
    NotStoredError, NotFinishedError
        As for its body.
    """
    return _stored(state, snapshot, route_id)


def planned(state: AppState, submitted: SubmittedRoute) -> Body:
    """
    The answer to somebody who has waited for a job to end, and knows no address of the route yet.

    Raises
    ------
    FailedJobError
        When it failed; nothing of it is kept then.
    NotStoredError
        When it was removed or cancelled meanwhile.
    """
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        job = job_store.newest_of(session, dataset_id, submitted.route_id, plan_route.KIND)
    if job is not None and job.problem is not None:
        plan_route.discard(state, submitted)
        raise FailedJobError(job.problem)
    return body(state, submitted.route_id)


def accepted(submitted: SubmittedRoute) -> RouteState:
    """What is said to somebody who does not wait."""
    return RouteState(
        route_id=submitted.route_id,
        label=submitted.label,
        status=JobStatus.QUEUED.value,
        created_at=submitted.created_at,
        links=_links(submitted.link),
    )


def cancel(state: AppState, route_id: str) -> str | None:
    """
    Stop planning a route; the best so far becomes its plan.

    Returns
    -------
    str | None
        Id of the job whose worker still has to notice; None where nobody had begun with it.

    Raises
    ------
    NotStoredError
        When there is no such route.
    AlreadyFinishedError
        When it is not being planned.
    """
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        _present(session, dataset_id, route_id)
        job = job_store.newest_of(session, dataset_id, route_id, plan_route.KIND)
        if job is not None and job.status in job_store.UNFINISHED:
            status = job_store.request_cancel(session, job.id, state.clock())
            if status is JobStatus.RUNNING:
                return job.id
            if status is JobStatus.CANCELLED:
                plan_route.note_status(session, job, status)
                return None
    raise AlreadyFinishedError(
        f"Route {route_id} is not being planned any more, so there is nothing to stop. GET shows "
        "how it ended."
    )


def _links(link: str) -> Links:
    return Links(self=link, geojson=f"{link}.geojson")


def _present(session: Session, dataset_id: int, route_id: str) -> Route:
    try:
        return route_store.find(session, dataset_id, route_id)
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None


def _stored(
    state: AppState, snapshot: Snapshot, route_id: str, revision: int | None = None
) -> StoredRoute:
    with state.database.session() as session:
        route = _present(session, snapshot.dataset.id, route_id)
        if route.status in job_store.UNFINISHED and route.current_revision == 0:
            raise NotFinishedError(
                f"Route {route_id} is still being planned; its status is {route.status}. Its own "
                "address says how far it is."
            )
        try:
            return route_store.get(session, snapshot.dataset.id, route_id, revision)
        except NotFoundError as error:
            raise NotStoredError(str(error)) from None


def named(state: AppState, route: Body) -> Body:
    """A copy of a body in which accounts have the name and the town that they have now."""
    if "days" not in route:
        best = route.get("best")
        return route if best is None else {**route, "best": named(state, best)}
    snapshot = state.snapshot()

    def with_names(entry: dict[str, Any]) -> dict[str, Any]:
        return {**entry, **_names(snapshot, entry.get("account_id", ""))}

    days = [{**day, "stops": [with_names(stop) for stop in day["stops"]]} for day in route["days"]]
    shown = {**route, "days": days}
    if "unassigned" in route:
        shown["unassigned"] = [with_names(entry) for entry in route["unassigned"]]
    if "changes" in route:
        shown["changes"] = {
            kind: [with_names(entry) for entry in entries]
            for kind, entries in route["changes"].items()
        }
    return shown


def geojson(state: AppState, route_id: str, revision: int | None = None) -> Body:
    """The stops and the ways between them, which keep off what the request avoids."""
    snapshot = state.snapshot()
    stored = _stored(state, snapshot, route_id, revision)
    asked = stored.request.get("trip", stored.request)
    avoid = asked.get("options", {}).get("avoid", ())
    return route_geojson(dict(stored.body), engine_avoiding(snapshot.world.engine, avoid))


def unassigned(state: AppState, route_id: str, query: UnassignedQuery) -> UnassignedList:
    """
    A page of everybody who was considered and is not visited.

    Visits without an account have no place in the order by account id and come first.
    """
    snapshot, stored = state.snapshot(), body(state, route_id, query.revision)
    account_id = None
    if query.account_id is not None:
        if not (query.account_id.isascii() and query.account_id.isdecimal()):
            return UnassignedList(items=())
        account_id = int(query.account_id[:18])
    with state.database.session() as session:
        page = route_store.unassigned_page(
            session,
            snapshot.dataset.id,
            route_id,
            query.revision,
            code=query.code,
            account_id=account_id,
            cursor=None if query.cursor is None else int(query.cursor),
            limit=query.limit,
        )
    told = {entry["account_id"]: entry for entry in stored["unassigned"] if "account_id" in entry}
    wording = Wording(currency=stored["currency"])
    items = []
    if query.cursor is None and account_id is None:
        items += [
            Unassigned.model_validate(entry)
            for entry in stored["unassigned"]
            if "account_id" not in entry and query.code in (None, entry["reasons"][0]["code"])
        ]
    for k, number in enumerate(page.unassigned.account_id.tolist()):
        entry = told.get(str(number)) or _unpacked(page.unassigned, k, wording).body()
        items.append(Unassigned.model_validate({**entry, **_names(snapshot, str(number))}))
    cursor = page.next_cursor
    return UnassignedList(items=tuple(items), next_cursor=None if cursor is None else str(cursor))


def _unpacked(packed: Packed, k: int, wording: Wording) -> Unassigned:
    facts = {name: int(column[k]) for name, column in packed.facts.items()}
    code = ReasonCode(packed.codes[packed.code[k]])
    reason = made_reason(code, facts["value"], facts["limit"], facts["unit"])
    return Unassigned(
        account_id=str(packed.account_id[k]),
        required=False,
        priority=_known(facts["priority"]),
        visit_value=_money(facts["visit_value_cents"]),
        prize=_money(facts["prize_cents"]),
        detour_s=_known(facts["detour_s"]),
        reasons=(reason_answer(reason, wording),),
    )


def _known(number: int) -> int | None:
    return None if number == NONE else number


def _money(cents: int) -> float | None:
    return None if cents == NONE else cents / 100


def _names(snapshot: Snapshot, account_id: str) -> dict[str, str]:
    """Name and town as they are now; an account may have been removed since."""
    row = row_of(snapshot, account_id)
    if row is None:
        return {}
    return {"name": snapshot.table.name[row], "town": snapshot.table.town[row]}
