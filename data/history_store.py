"""Visits and orders as other systems report them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from accounts.touches.settings import USUAL_DURATION_S, TouchChannel
from data.account_upsert import Effect
from data.tables import Account, Channel, SalesOrder, Visit, VisitStatus

Reported = TypeVar("Reported", Visit, SalesOrder)

OPEN = (VisitStatus.PLANNED, VisitStatus.COMMITTED)
"""States of a visit of which nobody knows yet what came of it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What another system calls a visit or an order."""

    system: str
    external_id: str


@dataclass(frozen=True, slots=True)
class VisitReport:
    """
    What is said of a visit.

    None: nothing is said of it. A new visit takes as long as its account usually does, a call or
    a mail as long as such do.

    Parameters
    ----------
    next_step, next_step_on
        What was agreed, and the day it is due. An empty step says that there is none, and takes
        the day away too.
    """

    account: Account
    status: VisitStatus
    channel: Channel
    start_at: datetime
    duration_s: int | None = None
    outcome: str | None = None
    rep_id: int | None = None
    origin: Origin | None = None
    next_step: str | None = None
    next_step_on: date | None = None


@dataclass(frozen=True, slots=True)
class OrderReport:
    """What is said of an order; a credit note has a negative amount."""

    account: Account
    order_date: date
    amount_cents: int
    currency: str
    margin_cents: int | None = None
    origin: Origin | None = None


def put_visit(session: Session, report: VisitReport) -> tuple[Visit, Effect]:
    """
    Write what is said of a visit.

    It is the visit that its system has reported before under the same id. Otherwise it is the one
    that was to be made to the account on the same local day through the same channel: an accepted
    route promised it, or somebody planned it. Without an id of its own, it is also the one that
    began at the same moment. Otherwise it is a new one.

    A promise stays one when another system says that the visit is planned: it only gets its id.
    """
    visit = (
        _known(session, Visit, report) or _same_moment(session, report) or _open(session, report)
    )
    if visit is None:
        visit = Visit(
            account_id=report.account.id,
            rep_id=report.rep_id,
            status=report.status,
            channel=report.channel,
            start_at=report.start_at,
            duration_s=_usual_duration_s(report)
            if report.duration_s is None
            else report.duration_s,
            outcome=report.outcome,
            system=None if report.origin is None else report.origin.system,
            external_id=None if report.origin is None else report.origin.external_id,
        )
        _note_next_step(visit, report)
        session.add(visit)
        session.flush()
        return visit, Effect.CREATED
    if report.origin is not None:
        visit.system, visit.external_id = report.origin.system, report.origin.external_id
    if report.rep_id is not None:
        visit.rep_id = report.rep_id
    if report.outcome is not None:
        visit.outcome = report.outcome
    _note_next_step(visit, report)
    is_promise = visit.status is VisitStatus.COMMITTED and report.status is VisitStatus.PLANNED
    if not is_promise:
        visit.account_id = report.account.id
        visit.status, visit.channel = report.status, report.channel
        visit.start_at = report.start_at
        if report.duration_s is not None:
            visit.duration_s = report.duration_s
    return visit, _flushed(session, visit)


def _note_next_step(visit: Visit, report: VisitReport) -> None:
    if report.next_step is not None:
        visit.next_step = report.next_step or None
        if not report.next_step:
            visit.next_step_on = None
    if report.next_step_on is not None:
        visit.next_step_on = report.next_step_on


def _usual_duration_s(report: VisitReport) -> int:
    """A call or a mail takes as long as such do, not as long as a visit."""
    usual_s = USUAL_DURATION_S[TouchChannel(report.channel.value)]
    return report.account.service_duration_s if usual_s is None else usual_s


def _same_moment(session: Session, report: VisitReport) -> Visit | None:
    if report.origin is not None:
        return None
    return session.scalars(
        select(Visit)
        .where(
            Visit.account_id == report.account.id,
            Visit.start_at == report.start_at,
            Visit.channel == report.channel,
            Visit.status != VisitStatus.CANCELLED,
        )
        .order_by(Visit.id)
        .limit(1)
    ).one_or_none()


def _open(session: Session, report: VisitReport) -> Visit | None:
    """The visit to come of that day that is nearest in time, promised ones first."""
    zone = ZoneInfo(report.account.timezone)
    day = report.start_at.astimezone(zone).date()
    begin = datetime.combine(day, time(), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    found = session.scalars(
        select(Visit).where(
            Visit.account_id == report.account.id,
            Visit.status.in_(OPEN),
            Visit.channel == report.channel,
            Visit.external_id.is_(None),
            Visit.start_at >= begin,
            Visit.start_at < end,
        )
    ).all()
    return min(
        (one for one in found if _may_be_of(one, report)),
        key=lambda one: (
            one.status is not VisitStatus.COMMITTED,
            abs(one.start_at - report.start_at),
            one.id,
        ),
        default=None,
    )


def _may_be_of(visit: Visit, report: VisitReport) -> bool:
    """Two reps may both visit an account on a day."""
    return report.rep_id is None or visit.rep_id in (None, report.rep_id)


def put_order(session: Session, report: OrderReport) -> tuple[SalesOrder, Effect]:
    """
    Write what is said of an order.

    It is the one that its system has reported before under the same id, or a new one: an order
    without an id is another one each time.
    """
    order = _known(session, SalesOrder, report)
    if order is None:
        order = SalesOrder(
            account_id=report.account.id,
            order_date=report.order_date,
            amount_cents=report.amount_cents,
            currency=report.currency,
            margin_cents=report.margin_cents,
            system=None if report.origin is None else report.origin.system,
            external_id=None if report.origin is None else report.origin.external_id,
        )
        session.add(order)
        session.flush()
        return order, Effect.CREATED
    order.account_id, order.order_date = report.account.id, report.order_date
    order.amount_cents, order.currency = report.amount_cents, report.currency
    if report.margin_cents is not None:
        order.margin_cents = report.margin_cents
    return order, _flushed(session, order)


def _known(
    session: Session, table: type[Reported], report: VisitReport | OrderReport
) -> Reported | None:
    """The row that the same system has reported under the same id."""
    if report.origin is None:
        return None
    return session.scalars(
        select(table)
        .join(Account, Account.id == table.account_id)
        .where(
            table.external_id == report.origin.external_id,
            table.system == report.origin.system,
            Account.dataset_id == report.account.dataset_id,
        )
        .order_by(table.id)
        .limit(1)
    ).one_or_none()


def _flushed(session: Session, row: Visit | SalesOrder) -> Effect:
    """Whether anything of it is another value than before."""
    is_changed = session.is_modified(row)
    session.flush()
    return Effect.UPDATED if is_changed else Effect.UNCHANGED
