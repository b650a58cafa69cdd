"""Routes and their revisions."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from data.errors import NotFoundError, OutdatedRevisionError
from data.tables import JobStatus, Route, RouteRevision
from data.unassigned import Unassigned


@dataclass(frozen=True, slots=True)
class StoredRoute:
    """
    One revision of a route.

    Parameters
    ----------
    current_revision
        The newest; `revision` is the one at hand, made at `revised_at`.
    request, body
        What was asked and answered, as JSON.
    """

    route_id: str
    rep_id: int | None
    label: str | None
    status: JobStatus
    created_at: datetime
    current_revision: int
    accepted_revision: int | None
    revision: int
    revised_at: datetime
    request: dict[str, Any]
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RevisionFacts:
    """What a list says of a revision; `request` is as it was received, `cause` as answered."""

    revision: int
    created_at: datetime
    cause: str | None
    request: dict[str, Any]
    status: str
    totals: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RoutePage:
    """Routes, newest first; `next_cursor` is None on the last page."""

    routes: tuple[Route, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class UnassignedPage:
    """Accounts left out, by id; `next_cursor` is None on the last page."""

    unassigned: Unassigned
    next_cursor: int | None


def new_route_id() -> str:
    """An id that cannot be guessed and says nothing about how many routes there are."""
    return f"r-{secrets.token_hex(10)}"


def begin(
    session: Session,
    *,
    route_id: str,
    dataset_id: int,
    created_at: datetime,
    label: str | None = None,
    status: JobStatus = JobStatus.QUEUED,
) -> None:
    """Add a route that has no answer yet."""
    session.add(
        Route(
            id=route_id,
            dataset_id=dataset_id,
            status=status,
            label=label,
            created_at=created_at,
            current_revision=0,
        )
    )
    # Without relationships the session cannot know that the route comes before its revisions.
    session.flush()


def set_status(session: Session, route_id: str, status: JobStatus) -> None:
    """Say how far a route is. Nothing happens where it has been removed."""
    session.execute(
        update(Route)
        .where(Route.id == route_id)
        .values(status=status)
        .execution_options(synchronize_session=False)
    )


def answer(
    session: Session,
    *,
    route_id: str,
    status: JobStatus,
    request: Mapping[str, Any],
    body: Mapping[str, Any],
    unassigned: bytes,
    created_at: datetime,
    rep_id: int | None = None,
) -> None:
    """
    Add the next revision of a route. `request` and `body` hold JSON values, no NaN.

    Parameters
    ----------
    unassigned
        As `Unassigned.to_bytes` packs them. That takes a tenth of a second, which is too long for a
        transaction that has locked SQLite.

    Raises
    ------
    NotFoundError
        When there is no such route.
    """
    route = session.get(Route, route_id, populate_existing=True)
    if route is None:
        raise NotFoundError(f"There is no route {route_id}.")
    route.status, route.rep_id = status, rep_id
    route.current_revision += 1
    for name, value in _summary(body).items():
        setattr(route, name, value)
    session.add(
        RouteRevision(
            route_id=route_id,
            revision=route.current_revision,
            created_at=created_at,
            request=dict(request),
            body=dict(body),
            unassigned=unassigned,
        )
    )
    session.flush()


def revise(
    session: Session,
    *,
    route_id: str,
    former_revision: int,
    status: JobStatus,
    request: Mapping[str, Any],
    body: Mapping[str, Any],
    unassigned: bytes,
    created_at: datetime,
    unless_accepted: bool = False,
) -> None:
    """
    Add the revision after `former_revision`, as `answer` does. Older ones stay as they are.

    Parameters
    ----------
    unless_accepted
        Whether a route that has been accepted keeps the revision it has.

    Raises
    ------
    OutdatedRevisionError
        When another revision was added meanwhile, the route is gone, or may not change any more.
    """
    may_change = [Route.accepted_revision.is_(None)] if unless_accepted else []
    found = session.execute(
        update(Route)
        .where(Route.id == route_id, Route.current_revision == former_revision, *may_change)
        .values(status=status, current_revision=former_revision + 1, **_summary(body))
        .returning(Route.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if found is None:
        raise outdated(route_id, former_revision)
    session.add(
        RouteRevision(
            route_id=route_id,
            revision=former_revision + 1,
            created_at=created_at,
            request=dict(request),
            body=dict(body),
            unassigned=unassigned,
        )
    )
    session.flush()


def lock(session: Session, route_id: str) -> int | None:
    """
    Keep others from adding a revision until this transaction ends.

    Returns
    -------
    int | None
        The newest revision; None where the route is gone.
    """
    # Written and not only read, since SQLite locks at the first write.
    return session.execute(
        update(Route)
        .where(Route.id == route_id)
        .values(current_revision=Route.current_revision)
        .returning(Route.current_revision)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()


def accept(session: Session, route_id: str, revision: int) -> None:
    """
    Note whose visits are commitments from now on.

    Raises
    ------
    OutdatedRevisionError
        When the revision is no longer the newest.
    """
    found = session.execute(
        update(Route)
        .where(Route.id == route_id, Route.current_revision == revision)
        .values(accepted_revision=revision)
        .returning(Route.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if found is None:
        raise outdated(route_id, revision)


def outdated(route_id: str, revision: int) -> OutdatedRevisionError:
    """What is raised where a revision should be the newest and is not."""
    return OutdatedRevisionError(
        f"Route {route_id} was changed meanwhile; revision {revision} is no longer the newest. "
        "Read the route again."
    )


def _summary(body: Mapping[str, Any]) -> dict[str, Any]:
    """The columns by which lists tell a route."""
    days, totals = body.get("days") or (), body.get("totals", {})
    net_value = totals.get("net_value")
    return {
        "first_date": date.fromisoformat(days[0]["date"]) if days else None,
        "last_date": date.fromisoformat(days[-1]["date"]) if days else None,
        "visit_count": totals.get("visits"),
        "net_value_cents": None if net_value is None else round(100 * net_value),
    }


def set_bound(session: Session, route_id: str, revision: int, bound: Mapping[str, Any]) -> None:
    """
    Say what is proven about a revision. Nothing happens where it has been removed.

    Parameters
    ----------
    bound
        Keys of `search` in its body, and what they are now.
    """
    session.execute(
        update(RouteRevision)
        .where(RouteRevision.route_id == route_id, RouteRevision.revision == revision)
        .values(bound=dict(bound))
        .execution_options(synchronize_session=False)
    )


def find(session: Session, dataset_id: int, route_id: str) -> Route:
    """
    A route without its revisions.

    Raises
    ------
    NotFoundError
        When the data set has no such route.
    """
    return _route(session, dataset_id, route_id)


def revisions(session: Session, dataset_id: int, route_id: str) -> tuple[RevisionFacts, ...]:
    """
    What there is of a route, oldest first, without reading whole answers.

    Raises
    ------
    NotFoundError
        When the data set has no such route.
    """
    _route(session, dataset_id, route_id)
    found = session.execute(
        select(
            RouteRevision.revision,
            RouteRevision.created_at,
            RouteRevision.body["cause"].as_string(),
            RouteRevision.request,
            RouteRevision.body["status"].as_string(),
            RouteRevision.body["totals"].as_json(),
        )
        .where(RouteRevision.route_id == route_id)
        .order_by(RouteRevision.revision)
    )
    return tuple(RevisionFacts(*row) for row in found)


def remove(session: Session, route_id: str) -> None:
    """Remove a route and its revisions."""
    session.execute(
        delete(Route).where(Route.id == route_id).execution_options(synchronize_session=False)
    )


def get(
    session: Session, dataset_id: int, route_id: str, revision: int | None = None
) -> StoredRoute:
    """
    A revision of a route, the newest unless one is named.

    Raises
    ------
    NotFoundError
        When the data set has no such route, or the route no such revision, or no answer yet.
    """
    route = _route(session, dataset_id, route_id)
    number = route.current_revision if revision is None else revision
    found = session.execute(
        select(
            RouteRevision.created_at,
            RouteRevision.request,
            RouteRevision.body,
            RouteRevision.bound,
        ).where(RouteRevision.route_id == route_id, RouteRevision.revision == number)
    ).one_or_none()
    if found is None:
        raise _no_revision(route, number)
    return StoredRoute(
        route_id=route.id,
        rep_id=route.rep_id,
        label=route.label,
        status=route.status,
        created_at=route.created_at,
        current_revision=route.current_revision,
        accepted_revision=route.accepted_revision,
        revision=number,
        revised_at=found.created_at,
        request=found.request,
        body=_with_bound(found.body, found.bound),
    )


def _with_bound(body: dict[str, Any], bound: dict[str, Any] | None) -> dict[str, Any]:
    return body if bound is None else {**body, "search": {**body["search"], **bound}}


def page(
    session: Session,
    dataset_id: int,
    cursor: str | None = None,
    limit: int = 50,
    *,
    rep_id: int | None = None,
    dates: tuple[date, date] | None = None,
    status: JobStatus | None = None,
) -> RoutePage:
    """
    The next routes older than `cursor`, a route id.

    Parameters
    ----------
    rep_id, status
        Only of this rep, only in this state.
    dates
        Only routes that touch these days, both included.

    Raises
    ------
    NotFoundError
        When the cursor is no route of the data set.
    """
    age = tuple_(Route.created_at, Route.id)
    statement = select(Route).where(Route.dataset_id == dataset_id)
    if rep_id is not None:
        statement = statement.where(Route.rep_id == rep_id)
    if status is not None:
        statement = statement.where(Route.status == status)
    if dates is not None:
        statement = statement.where(Route.first_date <= dates[1], Route.last_date >= dates[0])
    if cursor is not None:
        last = _route(session, dataset_id, cursor)
        statement = statement.where(age < tuple_(last.created_at, last.id))
    found = session.scalars(
        statement.order_by(Route.created_at.desc(), Route.id.desc()).limit(limit + 1)
    ).all()
    return RoutePage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def unassigned_page(
    session: Session,
    dataset_id: int,
    route_id: str,
    revision: int | None = None,
    code: str | None = None,
    account_id: int | None = None,
    cursor: int | None = None,
    limit: int = 100,
) -> UnassignedPage:
    """
    The next accounts left out after `cursor`, an account id; with a code or of one account.

    Raises
    ------
    NotFoundError
        When there is no such route or revision.
    """
    route = _route(session, dataset_id, route_id)
    number = route.current_revision if revision is None else revision
    found = session.execute(
        select(RouteRevision.unassigned).where(
            RouteRevision.route_id == route_id, RouteRevision.revision == number
        )
    ).one_or_none()
    if found is None:
        raise _no_revision(route, number)
    rows, next_cursor = Unassigned.from_bytes(found.unassigned).page(
        code, account_id, cursor, limit
    )
    return UnassignedPage(rows, next_cursor)


def _route(session: Session, dataset_id: int, route_id: str) -> Route:
    route = session.get(Route, route_id)
    if route is None or route.dataset_id != dataset_id:
        raise NotFoundError(f"There is no route {route_id}.")
    return route


def _no_revision(route: Route, revision: int) -> NotFoundError:
    if route.current_revision == 0:
        return NotFoundError(f"Route {route.id} has no plan; its status is {route.status}.")
    return NotFoundError(
        f"Route {route.id} has no revision {revision}; the newest is {route.current_revision}."
    )
