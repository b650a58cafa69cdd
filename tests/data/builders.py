"""Rows with everything filled in, so that a test states only what it is about."""

from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from accounts.account import LocationLevel, OpeningWindow, Status
from data import dataset_store
from data.tables import (
    Account,
    Base,
    DatasetKind,
    LocationSource,
    Ownership,
    OwnershipSource,
    Rep,
    SalesOrder,
    Visit,
    VisitStatus,
)

TODAY = date(2026, 11, 16)
NOW = datetime(2026, 11, 16, 7, 30, tzinfo=UTC)
OFFICE_HOURS = tuple(OpeningWindow(weekday, 28_800, 61_200) for weekday in range(1, 6))

Row = TypeVar("Row", bound=Base)


def add_rep(session: Session, dataset_id: int, **changes: Any) -> Rep:
    facts = {
        "name": "Ada Weber",
        "home_lon": 9.5,
        "home_lat": 51.3,
        "home_town": "Kassel",
        "working_hours": OFFICE_HOURS,
    }
    return _add(session, Rep(dataset_id=dataset_id, **{**facts, **changes}))


def add_account(session: Session, dataset_id: int, **changes: Any) -> Account:
    facts = {
        "name": "Muster GmbH",
        "status": Status.CUSTOMER,
        "segment": 2,
        "potential_cents": 3_000_000,
        "lon": 9.5,
        "lat": 51.3,
        "location_level": LocationLevel.POSTCODE,
        "location_confidence": 0.5,
        "location_source": LocationSource.IMPORT,
        "timezone": "Europe/Berlin",
        "postcode": "34117",
        "town": "Kassel",
        "opening_hours": OFFICE_HOURS,
        "service_duration_s": 2_400,
        "visit_interval_days": 75.0,
        "created_at": NOW,
        "updated_at": NOW,
    }
    return _add(session, Account(dataset_id=dataset_id, **{**facts, **changes}))


def add_visit(session: Session, account_id: int, start_at: datetime, **changes: Any) -> Visit:
    facts = {"status": VisitStatus.DONE, "duration_s": 2_400}
    return _add(session, Visit(account_id=account_id, start_at=start_at, **{**facts, **changes}))


def add_other_dataset(session: Session) -> int:
    """A second data set, whose rows must never show in the first; its id."""
    return dataset_store.create(
        session,
        name="Other",
        kind=DatasetKind.OWN,
        country="FR",
        timezone="Europe/Paris",
        currency="EUR",
        created_for=TODAY,
        created_at=NOW,
    ).id


def add_order(session: Session, account_id: int, order_date: date, **changes: Any) -> SalesOrder:
    facts = {"amount_cents": 10_000, "currency": "EUR"}
    return _add(
        session, SalesOrder(account_id=account_id, order_date=order_date, **{**facts, **changes})
    )


def add_ownership(session: Session, account_id: int, rep_id: int, **changes: Any) -> Ownership:
    facts = {"from_date": date(2025, 1, 1), "source": OwnershipSource.CRM}
    return _add(session, Ownership(account_id=account_id, rep_id=rep_id, **{**facts, **changes}))


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
