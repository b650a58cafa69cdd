"""
Accounts as other systems know them, brought into ours.

Two steps, since looking for addresses takes longer than a transaction should: `who_moves` says
which addresses must be looked for, and `upsert` writes everything in one transaction.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from accounts.account import LOCATION_LEVELS, LocationLevel, Status
from accounts.engagement import Programme
from accounts.record import AccountRecord, Address
from data import contact_store, programme_store
from data.alias_store import aliases
from data.bulk import insert_columns
from data.crm_owners import change_owners
from data.database import hold_writes
from data.geocoding.located import Located
from data.location_store import address_of, location_columns
from data.parts import parts_by_system
from data.tables import (
    Account,
    Dataset,
    ExternalRef,
    LocationSource,
)

Key = tuple[str, str]
"""A system, and what it calls an account."""

PLAIN_FIELDS = (
    "name",
    "status",
    "potential_cents",
    "street",
    "postcode",
    "town",
    "country",
    "opening_hours",
    "service_duration_s",
    "visit_interval_days",
    "notes",
)
"""Of a record, which the account keeps as they are."""


OWN_FIELDS = {
    "service_duration_s": "has_own_duration",
    "visit_interval_days": "has_own_interval",
}
"""What the engagement programme leaves alone once somebody has said it, and where that is kept."""


class Effect(StrEnum):
    """What became of a record."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Upserted:
    """
    What became of records, in their order.

    Parameters
    ----------
    account_ids, effects
        One per record.
    unknown_owners
        How many records name an owner that is no representative here, by what they call it. Their
        accounts get the owner as soon as there is one.
    kept_owners
        Accounts whose owner is another than the CRM says, since a published plan says so.
    """

    account_ids: tuple[int, ...]
    effects: tuple[Effect, ...]
    unknown_owners: Mapping[str, int]
    kept_owners: tuple[int, ...]

    def count(self, effect: Effect) -> int:
        return self.effects.count(effect)


def find(
    session: Session, dataset_id: int, keys: Iterable[Key], *, to_change: bool = False
) -> dict[Key, Account]:
    """
    The accounts that are called so, also deleted ones.

    Parameters
    ----------
    to_change
        Keep others from changing them until the transaction ends.
    """
    if to_change:
        hold_writes(session)
    found: dict[Key, Account] = {}
    for system, ids in parts_by_system(keys):
        statement = (
            select(ExternalRef.external_id, Account)
            .join(Account, Account.id == ExternalRef.account_id)
            .where(
                ExternalRef.dataset_id == dataset_id,
                ExternalRef.system == system,
                ExternalRef.external_id.in_(ids),
            )
            # Rows are written past the session below.
            .execution_options(populate_existing=True)
        )
        if to_change:
            # In one order, so that two who change the same ones do not block each other.
            statement = statement.order_by(Account.id).with_for_update(of=Account)
        found.update(
            ((system, external_id), account) for external_id, account in session.execute(statement)
        )
    return found


def who_moves(
    session: Session, dataset_id: int, records: Sequence[AccountRecord]
) -> dict[int, Address]:
    """
    Addresses that have to be looked for, by index of the record.

    Those of records that bring no position themselves and either are new, or have another address
    than is known, or were never found. A position that was set by hand stays.
    """
    moving = who_of(find(session, dataset_id, (record.key for record in records)), records)
    merged = aliases(session, dataset_id, [records[k].key for k in moving])
    return {k: address for k, address in moving.items() if records[k].key not in merged}


def who_of(known: Mapping[Key, Account], records: Sequence[AccountRecord]) -> dict[int, Address]:
    """As `who_moves`, of accounts that are at hand."""
    return {
        index: _address(record, known.get(record.key))
        for index, record in enumerate(records)
        if _is_to_be_located(record, known.get(record.key))
    }


def upsert(
    session: Session,
    dataset: Dataset,
    records: Sequence[AccountRecord],
    located: Mapping[int, Located],
    now: datetime,
    today: date,
    known: Mapping[Key, Account] | None = None,
) -> Upserted:
    """
    Write records, each of another account, within the session's transaction.

    An account that was deleted comes back with its history. What is said of an account that was
    merged into another one changes nothing.

    Parameters
    ----------
    located
        By index of the record: what the geocoder made of its address. A record without an entry
        keeps the position that its account has.
    now, today
        The moment of the change, and the day from which another owner counts.
    known
        As `find` tells them, where they are at hand.

    Raises
    ------
    ValueError
        When two records have one key, or a new one has no name.
    """
    keys = [record.key for record in records]
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ValueError(f"{twice[0]} comes more than once.")
    if known is None:
        known = find(session, dataset.id, keys, to_change=True)
    merged = aliases(session, dataset.id, (key for key in keys if key in known))
    if merged:
        own = [k for k, key in enumerate(keys) if key not in merged]
        done = upsert(
            session,
            dataset,
            [records[k] for k in own],
            {n: located[k] for n, k in enumerate(own) if k in located},
            now,
            today,
            {key: account for key, account in known.items() if key not in merged},
        )
        return _with_merged(done, own, [known.get(key) for key in keys])
    programme = programme_store.hold_as_it_is(session, dataset.id)
    ids: list[int] = [0] * len(records)
    effects = [Effect.UNCHANGED] * len(records)

    new = [index for index, key in enumerate(keys) if key not in known]
    rows = [_new_row(records[k], located.get(k), dataset, programme, now) for k in new]
    for index, account_id in zip(new, _insert(session, dataset, rows, records, new), strict=True):
        ids[index], effects[index] = account_id, Effect.CREATED

    contacts = contact_store.contacts_of(session, [account.id for account in known.values()])
    changes: dict[int, dict[str, Any]] = {}
    for index, (key, record) in enumerate(zip(keys, records, strict=True)):
        account = known.get(key)
        if account is None:
            contact_store.add(session, ids[index], record.contacts or ())
            continue
        ids[index] = account.id
        change = _change(record, account, located.get(index), dataset, programme)
        people = record.contacts
        has_others = people is not None and people != contacts.get(account.id, ())
        if has_others:
            contact_store.replace(session, account.id, people or ())
        if change or has_others:
            changes[index] = change

    owners = change_owners(session, dataset, records, ids, known, today)
    for index in owners.changed:
        changes.setdefault(index, {})
    for index in changes:
        effects[index] = Effect.UPDATED
    _update(
        session,
        (
            {
                "id": ids[index],
                **change,
                "updated_at": now,
                "version": known[keys[index]].version + 1,
            }
            for index, change in changes.items()
        ),
    )
    return Upserted(tuple(ids), tuple(effects), owners.unknown, owners.kept)


def _with_merged(
    done: Upserted, own: Sequence[int], accounts: Sequence[Account | None]
) -> Upserted:
    """
    Parameters
    ----------
    done, own
        What became of some of the records, and which they are.
    accounts
        Of all records.
    """
    ids = [0 if account is None else account.id for account in accounts]
    effects = [Effect.UNCHANGED] * len(accounts)
    for n, k in enumerate(own):
        ids[k], effects[k] = done.account_ids[n], done.effects[n]
    return replace(done, account_ids=tuple(ids), effects=tuple(effects))


def _is_to_be_located(record: AccountRecord, account: Account | None) -> bool:
    address = _address(record, account)
    if record.location is not None or not (address.street or address.postcode or address.town):
        return False
    if account is None or account.lon is None:
        return True
    if account.location_source is LocationSource.HAND:
        return False
    return address != address_of(account)


def _address(record: AccountRecord, account: Account | None) -> Address:
    """As it will be once the record is written."""
    said = (record.street, record.postcode, record.town, record.country)
    known = astuple(Address() if account is None else address_of(account))
    return Address(*(b if a is None else a for a, b in zip(said, known, strict=True)))


def _new_row(
    record: AccountRecord,
    located: Located | None,
    dataset: Dataset,
    programme: Programme,
    now: datetime,
) -> dict[str, Any]:
    if not record.name:
        raise ValueError(f"{record.key} is new and has no name.")
    segment = _segment(record, programme).get("segment", 0)
    row = {
        "status": Status.PROSPECT,
        "segment": segment,
        "potential_cents": 0,
        "street": "",
        "postcode": "",
        "town": "",
        "country": "",
        "opening_hours": (),
        "service_duration_s": programme[segment].service_duration_s,
        "visit_interval_days": programme[segment].interval_days,
        "has_own_duration": False,
        "has_own_interval": False,
        "notes": "",
        "crm_owner": record.owner or "",
        "created_at": now,
        "updated_at": now,
    }
    row |= _plain(record)
    nowhere = location_columns(Located(), None, dataset)
    return row | (_location_change(record, None, located, dataset) or nowhere)


def _insert(
    session: Session,
    dataset: Dataset,
    rows: list[dict[str, Any]],
    records: Sequence[AccountRecord],
    indices: Sequence[int],
) -> list[int]:
    if not rows:
        return []
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    ids = insert_columns(session, Account, columns, {"dataset_id": dataset.id}).tolist()
    refs = {
        "account_id": ids,
        "system": [records[k].system for k in indices],
        "external_id": [records[k].external_id for k in indices],
    }
    insert_columns(session, ExternalRef, refs, {"dataset_id": dataset.id})
    return ids


def _plain(record: AccountRecord) -> dict[str, Any]:
    """Columns of which the record says something."""
    said = {name: getattr(record, name) for name in PLAIN_FIELDS}
    said = {name: value for name, value in said.items() if value is not None}
    return said | {OWN_FIELDS[name]: True for name in said if name in OWN_FIELDS}


def _segment(record: AccountRecord, programme: Programme) -> dict[str, int]:
    """
    The column of the segment, where the record says something of it.

    A programme that came in while addresses were looked for may no longer have a segment of the
    name; then nothing is said.
    """
    names = [segment.name for segment in programme]
    return {"segment": names.index(record.segment)} if record.segment in names else {}


def _change(
    record: AccountRecord,
    account: Account,
    located: Located | None,
    dataset: Dataset,
    programme: Programme,
) -> dict[str, Any]:
    """Columns that get another value."""
    said = _plain(record) | _segment(record, programme)
    if not said.get("name", "x"):
        del said["name"]  # an account keeps its name rather than having none
    if record.owner is not None:
        said["crm_owner"] = record.owner
    if account.deleted_at is not None:
        said["deleted_at"] = None
    said |= _location_change(record, account, located, dataset)
    return {name: value for name, value in said.items() if value != getattr(account, name)}


def _location_change(
    record: AccountRecord, account: Account | None, located: Located | None, dataset: Dataset
) -> dict[str, Any]:
    if account is not None and account.location_source is LocationSource.HAND:
        return {}
    if record.location is not None:
        level = record.location_level or LocationLevel.POSITION
        if account is not None and _is_known_better(record, account, level):
            return {}
        given = Located(record.location, level, 1.0)
        return location_columns(given, LocationSource.IMPORT, dataset)
    # Somebody may have moved the pin while the address was looked for; that was checked above.
    return {} if located is None else location_columns(located, LocationSource.GEOCODER, dataset)


def _is_known_better(record: AccountRecord, account: Account, level: LocationLevel) -> bool:
    """Whether the geocoder knows more exactly where the same address is than the record does."""
    known = account.location_level
    return (
        account.location_source is LocationSource.GEOCODER
        and known is not None
        and not account.is_location_ambiguous
        and LOCATION_LEVELS.index(known) < LOCATION_LEVELS.index(level)
        and _address(record, account) == address_of(account)
    )


def _update(session: Session, changes: Iterable[dict[str, Any]]) -> None:
    """Rows that change in the same columns are written together."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for change in changes:
        groups.setdefault(tuple(sorted(change)), []).append(change)
    for rows in groups.values():
        session.execute(update(Account), rows)
