"""Lists of routes, and of the revisions of one."""

from datetime import date, datetime, timedelta

from api.schemas.replan import RevisionItem, RevisionList
from api.schemas.route_list import RouteItem, RouteList, RoutesQuery
from api.services.errors import Fault, NotStoredError, RefusedRequestError
from api.services.trip_setup import rep_of
from api.state import AppState
from data import route_store
from data.errors import NotFoundError
from data.tables import JobStatus, Route


def routes(state: AppState, query: RoutesQuery) -> RouteList:
    """
    A page of the routes, newest first.

    Raises
    ------
    RefusedRequestError
        When there is no such rep, or the cursor is that of no page.
    """
    snapshot = state.snapshot()
    rep = rep_of(query.rep_id, snapshot)
    try:
        with state.database.session() as session:
            page = route_store.page(
                session,
                snapshot.dataset.id,
                query.cursor,
                query.limit,
                rep_id=None if rep is None else rep.id,
                dates=None if query.week is None else _days_of(query.week),
                status=None if query.status is None else JobStatus(query.status),
            )
    except NotFoundError:
        detail = f"{query.cursor!r} is the cursor of no page. Begin again without one."
        raise RefusedRequestError([Fault("/cursor", "UNKNOWN_VALUE", detail)]) from None
    return RouteList(items=tuple(map(_item, page.routes)), next_cursor=page.next_cursor)


def revisions(state: AppState, route_id: str) -> RevisionList:
    """
    The revisions of a route, oldest first.

    Raises
    ------
    NotStoredError
        When there is no such route.
    """
    dataset_id = state.snapshot().dataset.id
    try:
        with state.database.session() as session:
            found = route_store.revisions(session, dataset_id, route_id)
            accepted = route_store.find(session, dataset_id, route_id).accepted_revision
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None
    items = []
    for one in found:
        now = one.request.get("replan", {}).get("now")
        items.append(
            RevisionItem(
                revision=one.revision,
                created_at=one.created_at,
                status=one.status,
                # A first plan tells none, nor do replans of older versions.
                cause=one.cause or ("plan" if now is None else "replan"),
                now=None if now is None else datetime.fromisoformat(now),
                visits=one.totals.get("visits"),
                net_value=one.totals.get("net_value"),
                is_accepted=one.revision == accepted,
            )
        )
    return RevisionList(items=tuple(items))


def _days_of(week: str) -> tuple[date, date]:
    monday = date.fromisocalendar(int(week[:4]), int(week[6:]), 1)
    return monday, monday + timedelta(days=6)


def _item(route: Route) -> RouteItem:
    return RouteItem(
        route_id=route.id,
        label=route.label,
        rep_id=None if route.rep_id is None else str(route.rep_id),
        status=route.status.value,
        revision=route.current_revision,
        created_at=route.created_at,
        first_date=route.first_date,
        last_date=route.last_date,
        visits=route.visit_count,
        net_value=None if route.net_value_cents is None else route.net_value_cents / 100,
        accepted_revision=route.accepted_revision,
    )
