"""Representatives, and what other systems call them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.database import hold_writes
from data.errors import NotFoundError
from data.ownership_store import change_owner, open_periods
from data.parts import parts
from data.tables import Account, ExternalRef, OwnershipSource, Rep, RepRef


def all_reps(session: Session, dataset_id: int) -> list[Rep]:
    """The data set's representatives by name."""
    return list(
        session.scalars(select(Rep).where(Rep.dataset_id == dataset_id).order_by(Rep.name, Rep.id))
    )


def get(session: Session, dataset_id: int, rep_id: int) -> Rep:
    """
    One representative.

    Raises
    ------
    NotFoundError
        When the data set has none with this id.
    """
    rep = session.get(Rep, rep_id)
    if rep is None or rep.dataset_id != dataset_id:
        raise NotFoundError(f"There is no representative {rep_id}.")
    return rep


def all_refs(session: Session, dataset_id: int) -> list[RepRef]:
    """What other systems call the representatives, by system."""
    statement = select(RepRef).where(RepRef.dataset_id == dataset_id)
    return list(session.scalars(statement.order_by(RepRef.system, RepRef.external_id)))


def by_external_id(session: Session, dataset_id: int, system: str, external_id: str) -> Rep | None:
    """The representative that another system calls so."""
    return session.scalars(
        select(Rep)
        .join(RepRef, RepRef.rep_id == Rep.id)
        .where(
            RepRef.dataset_id == dataset_id,
            RepRef.system == system,
            RepRef.external_id == external_id,
        )
    ).one_or_none()


@dataclass(frozen=True, slots=True)
class PutRep:
    """A representative, whether it is a new one, and how many accounts had waited for it."""

    rep: Rep
    is_new: bool
    received: int


def put(
    session: Session,
    dataset_id: int,
    system: str,
    external_id: str,
    facts: Mapping[str, Any],
    now: datetime,
    today: date,
) -> PutRep:
    """
    Write a representative as another system knows it, and give it what waits for it.

    Parameters
    ----------
    facts
        By column; all of them where it is a new one.
    now, today
        The moment of the change, and the day from which it owns accounts that have waited.
    """
    hold_writes(session)
    rep = by_external_id(session, dataset_id, system, external_id)
    is_new = rep is None
    if rep is None:
        rep = Rep(dataset_id=dataset_id, **facts)
        session.add(rep)
        session.flush()
        session.add(
            RepRef(dataset_id=dataset_id, rep_id=rep.id, system=system, external_id=external_id)
        )
    else:
        for name, value in facts.items():
            setattr(rep, name, value)
    session.flush()
    return PutRep(rep, is_new, _give_waiting(session, rep, system, external_id, now, today))


def _give_waiting(
    session: Session, rep: Rep, system: str, external_id: str, now: datetime, today: date
) -> int:
    """
    Accounts whose owner the CRM called so before anybody knew who that is.

    Those that somebody here, or a published plan, has given to another one stay there.
    """
    known_there = select(ExternalRef.account_id).where(
        ExternalRef.dataset_id == rep.dataset_id, ExternalRef.system == system
    )
    statement = (
        select(Account)
        .where(
            Account.dataset_id == rep.dataset_id,
            Account.crm_owner == external_id,
            Account.deleted_at.is_(None),
            Account.id.in_(known_there),
        )
        .order_by(Account.id)
        .with_for_update()
    )
    waiting = session.scalars(statement).all()
    count = 0
    for some in parts(waiting):
        periods = open_periods(session, [account.id for account in some])
        for account in some:
            period = periods.get(account.id)
            if period is not None and period.source is not OwnershipSource.CRM:
                continue
            if change_owner(session, account.id, rep.id, today, OwnershipSource.CRM, period):
                account.version += 1
                account.updated_at = now
                count += 1
    session.flush()
    return count
