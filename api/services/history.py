"""Visits and orders that other systems report."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from api.schemas.history import (
    OrderFacts,
    OrderResult,
    OrderResults,
    VisitFacts,
    VisitResult,
    VisitResults,
)
from api.services.errors import Fault, RefusedRequestError, entries
from api.services.items import REFUSED, counts_of, text_of
from api.services.who_is_meant import Meant
from api.state import AppState, Ground
from data.database import Session
from data.history_store import OrderReport, Origin, VisitReport, put_order, put_visit
from data.tables import Channel, VisitStatus

CLOCKS_DIFFER = timedelta(days=1)
"""How far ahead of ours the clock of another system, or its time zone, may be."""

Facts = TypeVar("Facts", VisitFacts, OrderFacts)
Result = TypeVar("Result", VisitResult, OrderResult)


def put_visits(
    state: AppState, read: Sequence[VisitFacts | RefusedRequestError], raw: Sequence[Any]
) -> VisitResults:
    """
    Write what is said of visits, in their order, in one transaction; bad ones are refused.

    Parameters
    ----------
    read, raw
        The items as they were read, or what is wrong with them, and as they came.
    """
    ground, now = state.ground(), state.clock()

    def put(session: Session, said: VisitFacts, meant: Meant) -> VisitResult:
        status = VisitStatus(said.status)
        if status is VisitStatus.DONE and said.start > now + CLOCKS_DIFFER:
            detail = (
                f"A visit that starts at {said.start.isoformat()} cannot be done yet. Send it as "
                "planned."
            )
            raise RefusedRequestError([Fault("/start", "OUT_OF_RANGE", detail)])
        account, rep_id = meant.account(said), meant.rep_id(said)
        visit, effect = put_visit(
            session,
            VisitReport(
                account,
                status,
                Channel(said.channel),
                said.start,
                said.duration_s,
                said.outcome,
                rep_id,
                _origin(said),
                said.next_step,
                said.next_step_on,
            ),
        )
        return VisitResult(
            visit_id=str(visit.id),
            account_id=str(account.id),
            external_id=said.external_id,
            status=visit.status.value,
            effect=effect.value,
        )

    items = _written(state, ground, read, raw, put, VisitResult)
    return VisitResults(items=items, counts=counts_of(items))


def put_orders(
    state: AppState, read: Sequence[OrderFacts | RefusedRequestError], raw: Sequence[Any]
) -> OrderResults:
    """As `put_visits`, of orders."""
    ground = state.ground()

    def put(session: Session, said: OrderFacts, meant: Meant) -> OrderResult:
        account = meant.account(said)
        order, effect = put_order(
            session,
            OrderReport(
                account,
                said.date,
                round(100 * said.amount),
                said.currency or ground.dataset.currency,
                None if said.margin is None else round(100 * said.margin),
                _origin(said),
            ),
        )
        return OrderResult(
            order_id=str(order.id),
            account_id=str(account.id),
            external_id=said.external_id,
            effect=effect.value,
        )

    items = _written(state, ground, read, raw, put, OrderResult)
    return OrderResults(items=items, counts=counts_of(items))


def _written(
    state: AppState,
    ground: Ground,
    read: Sequence[Facts | RefusedRequestError],
    raw: Sequence[Any],
    put: Callable[[Session, Facts, Meant], Result],
    result: type[Result],
) -> tuple[Result, ...]:
    """Each item put, or refused, in one transaction."""

    def write(session: Session) -> tuple[Result, ...]:
        meant = Meant.of(session, ground.dataset.id, read)
        results = []
        for k, said in enumerate(read):
            try:
                if isinstance(said, RefusedRequestError):
                    raise said
                results.append(put(session, said, meant))
            except RefusedRequestError as refusal:
                told = text_of(raw[k], "external_id")
                errors = entries(refusal.faults, f"/items/{k}")
                results.append(result(external_id=told, effect=REFUSED, errors=errors))
        return tuple(results)

    return state.database.write(write)


def _origin(said: VisitFacts | OrderFacts) -> Origin | None:
    if said.external_id is None or said.system is None:
        return None
    return Origin(said.system, said.external_id)
