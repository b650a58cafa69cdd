"""Stores a freshly generated sample as a data set of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from accounts.account import STATUSES, LocationLevel
from data import dataset_store
from data.bulk import insert_columns
from data.database import Database
from data.progress import Progress
from data.samples import germany, truth
from data.samples.calendar import EPOCH_DAY, TIMEZONE, history_before, reference_monday
from data.samples.generate import Sample, generate
from data.samples.opening import PATTERNS
from data.tables import (
    Account,
    Base,
    Channel,
    Dataset,
    DatasetKind,
    LocationSource,
    Ownership,
    OwnershipSource,
    Rep,
    SalesOrder,
    Visit,
    VisitStatus,
)

NAME = "Germany (sample)"
CURRENCY = "EUR"
NOTE = (
    "Places and roads are real and coarse: motorways and federal roads only, local roads are made "
    "up. Companies, people, opening hours, visits and all figures are invented."
)
"""Shown on the page."""

Columns = Mapping[str, Sequence[Any] | NDArray[Any]]

ROWS_AT_ONCE = 10_000


def create_sample(
    database: Database, today: date, seed: int = 1, progress: Progress | None = None
) -> int:
    """
    Generate the sample for the week of a day and store it; all of it or nothing.

    It becomes the active data set if there is none yet.

    Returns
    -------
    int
        The id of the new data set.
    """
    report = progress or (lambda stage, done, total: None)
    report("Inventing accounts", 0, truth.ACCOUNTS)
    sample = generate(reference_monday(today), seed)
    report("Inventing accounts", truth.ACCOUNTS, truth.ACCOUNTS)
    setting = Setting(NAME, "DE", TIMEZONE, CURRENCY, germany.MAP_NAME, NOTE)
    with database.session() as session:
        dataset_id = store_sample(session, sample, setting, report)
        if dataset_store.active(session) is None:
            dataset_store.activate(session, dataset_id)
        return dataset_id


@dataclass(frozen=True, slots=True)
class Setting:
    """What a data set says of itself; see `data.tables.Dataset`."""

    name: str
    country: str
    timezone: str
    currency: str
    map_name: str
    note: str


def store_sample(session: Session, sample: Sample, setting: Setting, report: Progress) -> int:
    """Store a sample as a data set, which is not active yet, and return its id."""
    created_at = datetime.now(UTC)
    dataset = dataset_store.create(
        session,
        name=setting.name,
        kind=DatasetKind.SAMPLE,
        country=setting.country,
        timezone=setting.timezone,
        currency=setting.currency,
        created_for=sample.today,
        created_at=created_at,
        seed=sample.seed,
        map_name=setting.map_name,
        note=setting.note,
    )
    writer = _Writer(session, report)
    rep_ids = _store_reps(writer, sample, dataset.id)
    account_ids = _store_accounts(writer, sample, dataset, created_at)
    _store_ownership(writer, sample, account_ids, rep_ids)
    _store_visits(writer, sample, account_ids, rep_ids)
    _store_orders(writer, sample, account_ids, setting.currency)
    return dataset.id


class _Writer:
    """Inserts rows in parts and reports each."""

    def __init__(self, session: Session, report: Progress) -> None:
        self._session = session
        self._report = report

    def insert(
        self,
        stage: str,
        row_class: type[Base],
        columns: Columns,
        constants: Mapping[str, Any],
    ) -> NDArray[np.int64]:
        total = len(next(iter(columns.values())))
        ids = [np.empty(0, np.int64)]
        for start in range(0, total, ROWS_AT_ONCE):
            self._report(stage, start, total)
            part = {name: column[start : start + ROWS_AT_ONCE] for name, column in columns.items()}
            ids.append(insert_columns(self._session, row_class, part, constants))
        self._report(stage, total, total)
        return np.concatenate(ids)


def _store_reps(writer: _Writer, sample: Sample, dataset_id: int) -> NDArray[np.int64]:
    columns: Columns = {
        "name": [rep.name for rep in sample.reps],
        "home_lon": [rep.lon for rep in sample.reps],
        "home_lat": [rep.lat for rep in sample.reps],
        "home_town": [rep.town for rep in sample.reps],
        "working_hours": [rep.working_hours for rep in sample.reps],
    }
    return writer.insert("Storing reps", Rep, columns, {"dataset_id": dataset_id, "settings": {}})


def _store_accounts(
    writer: _Writer, sample: Sample, dataset: Dataset, created_at: datetime
) -> NDArray[np.int64]:
    customers, sites = sample.customers, sample.customers.sites
    columns: Columns = {
        "name": customers.name,
        "status": [STATUSES[status] for status in sample.status],
        "segment": sample.segment,
        "potential_cents": np.rint(customers.potential_eur * 100).astype(np.int64),
        "lon": sites.lon,
        "lat": sites.lat,
        "postcode": sites.postcode,
        "town": sites.town,
        "opening_hours": [PATTERNS[pattern] for pattern in customers.opening_hours],
        "service_duration_s": customers.service_duration_s,
        "visit_interval_days": sample.visit_interval_days,
    }
    constants = {
        "dataset_id": dataset.id,
        "location_level": LocationLevel.POSITION,
        "location_confidence": 1.0,
        "location_source": LocationSource.SAMPLE,
        "timezone": dataset.timezone,
        "created_at": created_at,
        "updated_at": created_at,
    }
    return writer.insert("Storing accounts", Account, columns, constants)


def _store_ownership(
    writer: _Writer,
    sample: Sample,
    account_ids: NDArray[np.int64],
    rep_ids: NDArray[np.int64],
) -> None:
    history = history_before(sample.today, truth.HISTORY_MONTHS)
    constants = {"from_date": _date(history.first_day), "source": OwnershipSource.CRM}
    columns: Columns = {"account_id": account_ids, "rep_id": rep_ids[sample.owner]}
    writer.insert("Storing owners", Ownership, columns, constants)


def _store_visits(
    writer: _Writer,
    sample: Sample,
    account_ids: NDArray[np.int64],
    rep_ids: NDArray[np.int64],
) -> None:
    visits = sample.visits
    columns: Columns = {
        "account_id": account_ids[visits.account],
        "rep_id": rep_ids[visits.rep],
        "start_at": [datetime.fromtimestamp(second, UTC) for second in visits.start_utc_s.tolist()],
        "duration_s": visits.duration_s,
    }
    constants = {"status": VisitStatus.DONE, "channel": Channel.FIELD}
    writer.insert("Storing visits", Visit, columns, constants)


def _store_orders(
    writer: _Writer, sample: Sample, account_ids: NDArray[np.int64], currency: str
) -> None:
    orders = sample.orders
    columns: Columns = {
        "account_id": account_ids[orders.account],
        "order_date": [_date(day) for day in orders.day.tolist()],
        "amount_cents": orders.amount_cents,
        "margin_cents": orders.margin_cents,
    }
    writer.insert("Storing orders", SalesOrder, columns, {"currency": currency})


def _date(day: int) -> date:
    return date.fromordinal(day + EPOCH_DAY)
