"""
Accounts as other systems know them, brought into ours.

Two steps, since looking for addresses takes longer than a transaction should: `who_moves` says
which addresses must be looked for, and `upsert` writes everything in one transaction.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from accounts.account import LOCATION_LEVELS, LocationLevel, Status
from accounts.engagement import PROGRAMME
from accounts.record import AccountRecord, Address, ContactRecord
from data.alias_store import aliases
from data.bulk import insert_columns
from data.database import hold_writes
from data.geocoding.located import Located
from data.location_store import address_of, location_columns
from data.ownership_store import AT_ONCE, change_owner, open_periods
from data.tables import (
    Account,
    Contact,
    Dataset,
    ExternalRef,
    LocationSource,
    Ownership,
    OwnershipSource,
    RepRef,
)

Key = tuple[str, str]
"""A system, and what it calls an account."""

PLAIN_FIELDS = (
    "name",
    "status",
    "segment",
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
    by_system: dict[str, list[str]] = {}
    for system, external_id in keys:
        by_system.setdefault(system, []).append(external_id)
    found: dict[Key, Account] = {}
    for system, ids in by_system.items():
        for start in range(0, len(ids), AT_ONCE):
            statement = (
                select(ExternalRef.external_id, Account)
                .join(Account, Account.id == ExternalRef.account_id)
                .where(
                    ExternalRef.dataset_id == dataset_id,
                    ExternalRef.system == system,
                    ExternalRef.external_id.in_(ids[start : start + AT_ONCE]),
                )
                # Rows are written past the session below.
                .execution_options(populate_existing=True)
            )
            if to_change:
                # In one order, so that two who change the same ones do not block each other.
                statement = statement.order_by(Account.id).with_for_update(of=Account)
            found.update(
                ((system, external_id), account)
                for external_id, account in session.execute(statement)
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
    moving = who_of(find(session, dataset_id, map(_key, records)), records)
    merged = aliases(session, dataset_id, [_key(records[k]) for k in moving])
    return {k: address for k, address in moving.items() if _key(records[k]) not in merged}


def who_of(known: Mapping[Key, Account], records: Sequence[AccountRecord]) -> dict[int, Address]:
    """As `who_moves`, of accounts that are at hand."""
    return {
        index: _address(record, known.get(_key(record)))
        for index, record in enumerate(records)
        if _is_to_be_located(record, known.get(_key(record)))
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
    keys = [_key(record) for record in records]
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
    ids: list[int] = [0] * len(records)
    effects = [Effect.UNCHANGED] * len(records)

    new = [index for index, key in enumerate(keys) if key not in known]
    rows = [_new_row(records[k], located.get(k), dataset, now) for k in new]
    for index, account_id in zip(new, _insert(session, dataset, rows, records, new), strict=True):
        ids[index], effects[index] = account_id, Effect.CREATED

    contacts = _contacts_of(session, [account.id for account in known.values()])
    changes: dict[int, dict[str, Any]] = {}
    for index, (key, record) in enumerate(zip(keys, records, strict=True)):
        account = known.get(key)
        if account is None:
            _write_contacts(session, ids[index], record.contacts or ())
            continue
        ids[index] = account.id
        change = _change(record, account, located.get(index), dataset)
        says_others = record.contacts is not None and record.contacts != contacts.get(
            account.id, ()
        )
        if says_others:
            session.execute(delete(Contact).where(Contact.account_id == account.id))
            _write_contacts(session, account.id, record.contacts or ())
        if change or says_others:
            changes[index] = change

    owners = _change_owners(session, dataset, records, ids, known, today)
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


def _key(record: AccountRecord) -> Key:
    return record.system, record.external_id


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
    record: AccountRecord, located: Located | None, dataset: Dataset, now: datetime
) -> dict[str, Any]:
    if not record.name:
        raise ValueError(f"{_key(record)} is new and has no name.")
    segment = 0 if record.segment is None else record.segment
    row = {
        "status": Status.PROSPECT,
        "segment": segment,
        "potential_cents": 0,
        "street": "",
        "postcode": "",
        "town": "",
        "country": "",
        "opening_hours": (),
        "service_duration_s": PROGRAMME[segment].service_duration_s,
        "visit_interval_days": float(PROGRAMME[segment].visit_interval_days),
        "notes": "",
        "crm_owner": record.owner or "",
        "created_at": now,
        "updated_at": now,
    }
    row |= {name: getattr(record, name) for name in PLAIN_FIELDS if _says(record, name)}
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


def _says(record: AccountRecord, name: str) -> bool:
    return getattr(record, name) is not None


def _change(
    record: AccountRecord, account: Account, located: Located | None, dataset: Dataset
) -> dict[str, Any]:
    """Columns that get another value."""
    said = {name: getattr(record, name) for name in PLAIN_FIELDS if _says(record, name)}
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


def _contacts_of(
    session: Session, account_ids: Sequence[int]
) -> dict[int, tuple[ContactRecord, ...]]:
    found: dict[int, tuple[ContactRecord, ...]] = {}
    names = [field.name for field in fields(ContactRecord)]
    for start in range(0, len(account_ids), AT_ONCE):
        statement = (
            select(Contact)
            .where(Contact.account_id.in_(account_ids[start : start + AT_ONCE]))
            .order_by(Contact.account_id, Contact.position)
        )
        for row in session.scalars(statement):
            contact = ContactRecord(*(getattr(row, name) for name in names))
            found[row.account_id] = (*found.get(row.account_id, ()), contact)
    return found


def _write_contacts(session: Session, account_id: int, contacts: Sequence[ContactRecord]) -> None:
    session.add_all(
        Contact(
            account_id=account_id,
            position=position,
            name=contact.name,
            role=contact.role,
            email=contact.email,
            phone=contact.phone,
        )
        for position, contact in enumerate(contacts)
    )


@dataclass(frozen=True, slots=True)
class _Owners:
    """Indices of records that changed an owner, and those that did not, as in `Upserted`."""

    changed: tuple[int, ...]
    unknown: Mapping[str, int]
    kept: tuple[int, ...]


def _change_owners(
    session: Session,
    dataset: Dataset,
    records: Sequence[AccountRecord],
    ids: Sequence[int],
    known: Mapping[Key, Account],
    today: date,
) -> _Owners:
    """
    Owners as the records say them.

    Whoever set another owner here meant it, so that the CRM's word counts when it is a new one.
    """
    reps = {
        (ref.system, ref.external_id): ref.rep_id
        for ref in session.scalars(select(RepRef).where(RepRef.dataset_id == dataset.id))
    }
    unknown: Counter[str] = Counter()
    wanted: dict[int, int | None] = {}
    for index, record in enumerate(records):
        owner = record.owner
        account = known.get(_key(record))
        if owner is None and account is not None and account.deleted_at is not None:
            owner = account.crm_owner  # whom it had before it was deleted
        if owner is None:
            continue
        rep_id = reps.get((record.system, owner))
        if owner and rep_id is None:
            unknown[owner] += 1
        else:
            wanted[index] = rep_id
    fresh = {ids[k]: rep for k, rep in wanted.items() if _key(records[k]) not in known and rep}
    if fresh:
        columns = {"account_id": list(fresh), "rep_id": list(fresh.values())}
        constants = {"from_date": today, "source": OwnershipSource.CRM}
        insert_columns(session, Ownership, columns, constants)
    old = {k: rep for k, rep in wanted.items() if _key(records[k]) in known}
    periods = open_periods(session, [ids[k] for k in old])
    changed: list[int] = []
    kept: list[int] = []
    for index, rep_id in old.items():
        period = periods.get(ids[index])
        is_repeated = known[_key(records[index])].crm_owner == records[index].owner
        if period is not None and is_repeated:
            continue
        if change_owner(session, ids[index], rep_id, today, OwnershipSource.CRM, period):
            changed.append(index)
        elif period is not None and period.rep_id != rep_id:
            kept.append(ids[index])
    return _Owners(tuple(changed), dict(unknown), tuple(kept))
