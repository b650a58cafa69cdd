"""Accounts: all of them as columns for planning, pages of them for lists, one of them as a card."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import compress
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Text,
    case,
    cast,
    func,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from accounts.account import (
    LOCATION_LEVELS,
    MOST_MONTHLY_VISITS,
    NO_LEVEL,
    NO_OWNER,
    STATUSES,
    AccountTable,
)
from accounts.account import NEVER_VISITED as NEVER
from data import dataset_store
from data.column_types import hours_from_text
from data.errors import NotFoundError
from data.flat_rows import columns_of, day_numbers, instant, local_days, read_rows, seconds
from data.ownership_store import owned_on
from data.tables import (
    Account,
    Channel,
    Contact,
    Dataset,
    ExternalRef,
    Ownership,
    OwnershipSource,
    Rep,
    SalesOrder,
    Visit,
    VisitStatus,
)
from geo import BoundingBox

HISTORY_MONTHS = 24
"""How far back orders and visits count."""

RECENT_MONTHS = 12
"""How far back orders count for what an account buys in a year."""

IN_PERSON = (Channel.FIELD, Channel.DEMO)
"""Channels whose visits raise what an account buys; others are touches of less effect."""

SECONDS_PER_YEAR = 31_557_600

RECENT = 10
"""Orders and visits on an account's card."""


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Accounts in the order of their ids; `next_cursor` is None on the last page."""

    accounts: tuple[Account, ...]
    next_cursor: int | None


@dataclass(frozen=True, slots=True)
class AccountCard:
    """
    One account with what is known about it.

    Parameters
    ----------
    owner
        The representative who owns it that day, if any.
    contacts
        The main one first.
    external_refs
        By system.
    orders
        The last ones, newest first.
    visits
        The last ones in any state and those to come, latest first.
    """

    account: Account
    owner: Rep | None
    contacts: tuple[Contact, ...]
    external_refs: tuple[ExternalRef, ...]
    orders: tuple[SalesOrder, ...]
    visits: tuple[Visit, ...]


def load_table(session: Session, dataset_id: int, today: date) -> AccountTable:
    """
    All accounts of a data set as they stand at the end of a day.

    Orders count from the day after `HISTORY_MONTHS` months before, and only in the data set's
    currency. Visits count once they are done, on the local date of the account; the day ends where
    the data set is at home. An account without a position has NaN for it.

    Raises
    ------
    NotFoundError
        When there is no such data set.
    """
    dataset = dataset_store.get(session, dataset_id)
    columns = (
        Account.id,
        Account.name,
        Account.postcode,
        Account.town,
        Account.lon,
        Account.lat,
        type_coerce(Account.status, String),
        Account.segment,
        Account.potential_cents,
        Account.visit_interval_days,
        Account.service_duration_s,
        type_coerce(Account.opening_hours, Text),
        Account.timezone,
        type_coerce(Account.location_level, String),
        Account.is_location_ambiguous,
    )
    statement = select(*columns).where(_is_in(dataset_id)).order_by(Account.id)
    rows = read_rows(session, statement)
    (
        ids,
        names,
        postcodes,
        towns,
        lons,
        lats,
        statuses,
        segments,
        potentials_cents,
        intervals_days,
        durations_s,
        hours,
        zones,
        levels,
        ambiguous,
    ) = columns_of(rows, len(columns))
    account_id = np.array(ids, dtype=np.int64)
    orders = _orders(session, dataset, account_id, today)
    visits = _visits(session, dataset, account_id, zones, today)
    # Texts of the database, since parsing or even hashing hours 24,000 times costs 0.1 s.
    patterns = {text: index for index, text in enumerate(dict.fromkeys(hours))}
    owner_rep_id, is_owner_planned = _owners(session, dataset_id, account_id, today)
    zone_index = {name: index for index, name in enumerate(dict.fromkeys(zones))}
    status_index = {status.value: index for index, status in enumerate(STATUSES)}
    level_index = {level.value: index for index, level in enumerate(LOCATION_LEVELS)}
    return AccountTable(
        account_id=account_id,
        name=tuple(names),
        postcode=tuple(postcodes),
        town=tuple(towns),
        lon=np.array(lons, dtype=np.float64),
        lat=np.array(lats, dtype=np.float64),
        status=np.array([status_index[status] for status in statuses], dtype=np.uint8),
        segment=np.array(segments, dtype=np.uint8),
        potential_eur=np.array(potentials_cents, dtype=np.float64) / 100,
        revenue_eur=orders.sum_cents / 100,
        order_count=orders.count,
        history_months=float(HISTORY_MONTHS),
        visit_interval_days=np.array(intervals_days, dtype=np.float64),
        service_duration_s=np.array(durations_s, dtype=np.int64),
        last_visit_day=visits.last_day,
        opening_hours=np.array([patterns[text] for text in hours], dtype=np.int32),
        opening_patterns=tuple(hours_from_text(text) for text in patterns),
        owner_rep_id=owner_rep_id,
        is_owner_planned=is_owner_planned,
        timezone=np.array([zone_index[zone] for zone in zones], dtype=np.int32),
        timezones=tuple(zone_index),
        location_level=np.array([level_index.get(x, NO_LEVEL) for x in levels], dtype=np.uint8),
        is_location_ambiguous=np.array(ambiguous, dtype=np.bool_),
        recent_revenue_eur=orders.recent_cents / 100,
        first_order_day=orders.first_day,
        last_order_day=orders.last_day,
        first_visit_day=visits.first_day,
        visit_months=visits.months,
        margin_share=orders.margin_share,
        foreign_order_count=orders.foreign_count,
        contact_count=_contacts(session, dataset_id, account_id),
    )


def page(
    session: Session,
    dataset_id: int,
    bbox: BoundingBox | None = None,
    cursor: int | None = None,
    limit: int = 100,
) -> AccountPage:
    """
    The next accounts after `cursor`, an account id, within a box.

    Accounts without a position are in no box, but on the pages without one.
    """
    statement = select(Account).where(_is_in(dataset_id))
    if bbox is not None:
        statement = statement.where(
            Account.lon.between(bbox.west, bbox.east), Account.lat.between(bbox.south, bbox.north)
        )
    if cursor is not None:
        statement = statement.where(Account.id > cursor)
    found = session.scalars(statement.order_by(Account.id).limit(limit + 1)).all()
    return AccountPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def get(session: Session, dataset_id: int, account_id: int, today: date) -> AccountCard:
    """
    One account with its owner on a day and its last orders and visits.

    Raises
    ------
    NotFoundError
        When the data set has no such account.
    """
    account = session.get(Account, account_id)
    if account is None or account.dataset_id != dataset_id or account.deleted_at is not None:
        raise NotFoundError(f"There is no account {account_id}.")
    owner = session.scalars(
        select(Rep)
        .join(Ownership, Ownership.rep_id == Rep.id)
        .where(Ownership.account_id == account_id, owned_on(today))
        .order_by(Ownership.from_date.desc())
        .limit(1)
    ).one_or_none()
    contacts = session.scalars(
        select(Contact).where(Contact.account_id == account_id).order_by(Contact.position)
    )
    external_refs = session.scalars(
        select(ExternalRef)
        .where(ExternalRef.account_id == account_id)
        .order_by(ExternalRef.system, ExternalRef.external_id)
    )
    orders = session.scalars(
        select(SalesOrder)
        .where(SalesOrder.account_id == account_id)
        .order_by(SalesOrder.order_date.desc(), SalesOrder.id.desc())
        .limit(RECENT)
    )
    visits = session.scalars(
        select(Visit)
        .where(Visit.account_id == account_id)
        .order_by(Visit.start_at.desc(), Visit.id.desc())
        .limit(RECENT)
    )
    return AccountCard(
        account, owner, tuple(contacts), tuple(external_refs), tuple(orders), tuple(visits)
    )


def months_before(day: date, months: int) -> date:
    """The same day some months earlier, or the last of that month where it is shorter."""
    index = day.year * 12 + day.month - 1 - months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), following - timedelta(days=1))


def _is_in(dataset_id: int) -> ColumnElement[bool]:
    return (Account.dataset_id == dataset_id) & Account.deleted_at.is_(None)


def _ids_of(dataset_id: int) -> Select[int]:
    """
    Also of deleted accounts, which `_aligned` leaves out.

    The index alone answers this; asking for `deleted_at` would read all rows again in each of three
    queries.
    """
    return select(Account.id).where(Account.dataset_id == dataset_id)


@dataclass(frozen=True, slots=True, eq=False)
class _Orders:
    """Of each account, as in `AccountTable`; (n,) each."""

    count: NDArray[np.int64]
    sum_cents: NDArray[np.float64]
    recent_cents: NDArray[np.float64]
    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    margin_share: NDArray[np.float64]
    foreign_count: NDArray[np.int64]


def _orders(
    session: Session, dataset: Dataset, account_id: NDArray[np.int64], today: date
) -> _Orders:
    """What the orders of each account come to."""
    amount, margin = SalesOrder.amount_cents, SalesOrder.margin_cents
    recent = SalesOrder.order_date > months_before(today, RECENT_MONTHS)
    every = (
        select(SalesOrder.account_id, func.count())
        .where(
            SalesOrder.account_id.in_(_ids_of(dataset.id)),
            SalesOrder.order_date > months_before(today, HISTORY_MONTHS),
            SalesOrder.order_date <= today,
        )
        .group_by(SalesOrder.account_id)
    )
    home = every.where(SalesOrder.currency == dataset.currency).with_only_columns(
        SalesOrder.account_id,
        # A return is taken off the revenue, but is no order.
        func.count(case((amount > 0, 1))),
        cast(func.sum(amount), BigInteger),
        cast(func.sum(case((recent, amount), else_=0)), BigInteger),
        type_coerce(func.min(SalesOrder.order_date), String),
        type_coerce(func.max(SalesOrder.order_date), String),
        cast(func.coalesce(func.sum(margin), 0), BigInteger),
        cast(func.sum(case((margin.is_not(None), amount), else_=0)), BigInteger),
    )
    rows, (counts, sums, recents, firsts, lasts, margins, bases) = _aligned(
        account_id, read_rows(session, home), 8
    )
    abroad = every.where(SalesOrder.currency != dataset.currency)
    foreign_rows, (foreign_counts,) = _aligned(account_id, read_rows(session, abroad), 2)
    n = len(account_id)
    margin_share = np.full(n, np.nan)
    base = np.array(bases, dtype=np.float64)
    has_base = base > 0
    margin_share[rows[has_base]] = np.array(margins, dtype=np.float64)[has_base] / base[has_base]
    return _Orders(
        count=_spread(n, rows, counts),
        sum_cents=_spread(n, rows, sums).astype(np.float64),
        recent_cents=_spread(n, rows, recents).astype(np.float64),
        first_day=_spread(n, rows, day_numbers(firsts), NEVER),
        last_day=_spread(n, rows, day_numbers(lasts), NEVER),
        margin_share=margin_share,
        foreign_count=_spread(n, foreign_rows, foreign_counts),
    )


def _spread(
    n: int, rows: NDArray[np.int64], values: Sequence[Any] | NDArray[np.int64], empty: int = 0
) -> NDArray[np.int64]:
    """The values in their rows, (n,)."""
    column = np.full(n, empty, dtype=np.int64)
    column[rows] = values
    return column


@dataclass(frozen=True, slots=True, eq=False)
class _Visits:
    """Of each account, as in `AccountTable`."""

    first_day: NDArray[np.int64]
    last_day: NDArray[np.int64]
    months: NDArray[np.int64]


def _visits(
    session: Session,
    dataset: Dataset,
    account_id: NDArray[np.int64],
    zones: tuple[str, ...],
    today: date,
) -> _Visits:
    """
    The last visit done, through whatever channel, and those in person within the history.

    Days are local to the account. A month is a twelfth of a year, counted back from the end.
    """
    zone = ZoneInfo(dataset.timezone)
    begin_day = months_before(today, HISTORY_MONTHS) + timedelta(days=1)
    begin = datetime.combine(begin_day, time(), tzinfo=zone)
    end = datetime.combine(today + timedelta(days=1), time(), tzinfo=zone)
    of_these = Visit.account_id.in_(_ids_of(dataset.id)), Visit.status == VisitStatus.DONE
    within = select(
        Visit.account_id, instant(session, Visit.start_at), type_coerce(Visit.channel, String)
    ).where(*of_these, Visit.start_at >= begin, Visit.start_at < end)
    before = (
        select(Visit.account_id, instant(session, func.max(Visit.start_at)))
        .where(*of_these, Visit.start_at < begin)
        .group_by(Visit.account_id)
    )
    n = len(account_id)
    none_s = np.iinfo(np.int64).min
    last_s, first_s = np.full(n, none_s), np.full(n, np.iinfo(np.int64).max)
    rows, (lasts,) = _aligned(account_id, read_rows(session, before), 2)
    last_s[rows] = seconds(lasts)
    rows, (starts, channels) = _aligned(account_id, read_rows(session, within), 3)
    start_s = seconds(starts)
    np.maximum.at(last_s, rows, start_s)
    is_in_person = np.isin(np.array(channels, dtype=np.str_), IN_PERSON)
    rows, start_s = rows[is_in_person], start_s[is_in_person]
    np.minimum.at(first_s, rows, start_s)
    month = (int(end.timestamp()) - start_s) * 12 // SECONDS_PER_YEAR
    # Both ends of a history of leap years may lie in one month more.
    visits = np.bincount(rows * (HISTORY_MONTHS + 1) + month, minlength=n * (HISTORY_MONTHS + 1))
    visits = np.minimum(visits.reshape(n, HISTORY_MONTHS + 1), MOST_MONTHLY_VISITS)
    months = np.stack(
        [np.count_nonzero(visits == k, axis=1) for k in range(MOST_MONTHLY_VISITS + 1)], axis=1
    )
    months[:, 0] = np.maximum(HISTORY_MONTHS - months[:, 1:].sum(axis=1), 0)
    first_day, last_day = np.full(n, NEVER), np.full(n, NEVER)
    zone_of_row = np.array(zones, dtype=np.str_)
    for name in set(zones):
        here = zone_of_row == name
        for day, second in ((first_day, first_s), (last_day, last_s)):
            known = here & (last_s != none_s) & (second != np.iinfo(np.int64).max)
            day[known] = local_days(second[known], ZoneInfo(name))
    return _Visits(first_day=first_day, last_day=last_day, months=months)


def _contacts(
    session: Session, dataset_id: int, account_id: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many people are known at each account, (n,)."""
    statement = (
        select(Contact.account_id, func.count())
        .where(Contact.account_id.in_(_ids_of(dataset_id)))
        .group_by(Contact.account_id)
    )
    count = np.zeros(len(account_id), dtype=np.int64)
    rows, (counts,) = _aligned(account_id, read_rows(session, statement), 2)
    count[rows] = counts
    return count


def _owners(
    session: Session, dataset_id: int, account_id: NDArray[np.int64], today: date
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Who owns each account, and whether a plan says so."""
    statement = (
        select(Ownership.account_id, Ownership.rep_id, type_coerce(Ownership.source, String))
        .where(Ownership.account_id.in_(_ids_of(dataset_id)), owned_on(today))
        .order_by(Ownership.from_date)
    )
    owner = np.full(len(account_id), NO_OWNER, dtype=np.int64)
    is_planned = np.zeros(len(account_id), dtype=np.bool_)
    # Periods should not overlap; where they do, the one that began last counts.
    latest = {row[0]: row for row in read_rows(session, statement)}
    rows, (reps, sources) = _aligned(account_id, list(latest.values()), 3)
    owner[rows] = reps
    is_planned[rows] = [source == OwnershipSource.PLAN.value for source in sources]
    return owner, is_planned


def _aligned(
    account_id: NDArray[np.int64], found: Sequence[tuple[Any, ...]], width: int
) -> tuple[NDArray[np.int64], list[tuple[Any, ...]]]:
    """
    Table rows of what a query found, and its other columns.

    An account that was added after the accounts were read, or was deleted, has no row and is left
    out.
    """
    ids, *columns = columns_of(found, width)
    wanted = np.array(ids, dtype=np.int64)
    rows = np.searchsorted(account_id, wanted)
    is_known = np.zeros(len(wanted), dtype=bool)
    inside = rows < len(account_id)
    is_known[inside] = account_id[rows[inside]] == wanted[inside]
    if not is_known.all():
        known = is_known.tolist()
        columns = [tuple(compress(column, known)) for column in columns]
    return rows[is_known], columns
