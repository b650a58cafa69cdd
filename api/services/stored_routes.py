"""Reading routes that were planned before."""

from typing import Any

from api.exports.geojson import route_geojson
from api.schemas.account import UnassignedQuery
from api.schemas.route import Unassigned, UnassignedList
from api.services.accounts import row_of
from api.services.avoiding import engine_avoiding
from api.services.errors import NotFinishedError, NotStoredError
from api.services.left_out import made_reason, reason_answer
from api.services.pool import NONE
from api.services.reason_texts import Wording
from api.state import AppState, Snapshot
from data import route_store
from data.errors import NotFoundError
from data.route_store import StoredRoute
from data.unassigned import Unassigned as Packed
from routing.reasons import ReasonCode


def body(state: AppState, route_id: str, revision: int | None = None) -> dict[str, Any]:
    """
    The body exactly as it was answered, that of the newest revision unless one is named.

    Raises
    ------
    NotStoredError
        When there is no such route or revision.
    """
    return _stored(state, state.snapshot(), route_id, revision).body


def finished(state: AppState, snapshot: Snapshot, route_id: str) -> StoredRoute:
    """
    The newest revision of a route that has a plan.

    Raises
    ------
    NotStoredError
        When there is no such route.
    NotFinishedError
        When it is still being planned, or never was.
    """
    stored = _stored(state, snapshot, route_id)
    if "days" not in stored.body:
        raise NotFinishedError(
            f"Route {route_id} has no plan; its status is {stored.status}. Wait until it is "
            "complete, or plan it again."
        )
    return stored


def _stored(
    state: AppState, snapshot: Snapshot, route_id: str, revision: int | None = None
) -> StoredRoute:
    try:
        with state.database.session() as session:
            return route_store.get(session, snapshot.dataset.id, route_id, revision)
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None


def named(state: AppState, route: dict[str, Any]) -> dict[str, Any]:
    """A copy of a body in which accounts have the name and the town that they have now."""
    snapshot = state.snapshot()

    def with_names(entry: dict[str, Any]) -> dict[str, Any]:
        return {**entry, **_names(snapshot, entry.get("account_id", ""))}

    days = [{**day, "stops": [with_names(stop) for stop in day["stops"]]} for day in route["days"]]
    named_route = {**route, "days": days}
    named_route["unassigned"] = [with_names(entry) for entry in route["unassigned"]]
    if "changes" in route:
        named_route["changes"] = {
            kind: [with_names(entry) for entry in entries]
            for kind, entries in route["changes"].items()
        }
    return named_route


def geojson(state: AppState, route_id: str, revision: int | None = None) -> dict[str, Any]:
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
