"""Owners of accounts as a CRM says them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from accounts.record import AccountRecord
from data.bulk import insert_columns
from data.ownership_store import change_owner, open_periods
from data.rep_store import all_refs
from data.tables import Account, Dataset, Ownership, OwnershipSource


@dataclass(frozen=True, slots=True)
class Owners:
    """Indices of records that changed an owner; the rest as in `account_upsert.Upserted`."""

    changed: tuple[int, ...]
    unknown: Mapping[str, int]
    kept: tuple[int, ...]


def change_owners(
    session: Session,
    dataset: Dataset,
    records: Sequence[AccountRecord],
    ids: Sequence[int],
    known: Mapping[tuple[str, str], Account],
    today: date,
) -> Owners:
    """
    Owners as the records say them.

    Whoever set another owner here meant it, so that the CRM's word counts when it is a new one.
    """
    reps = {(ref.system, ref.external_id): ref.rep_id for ref in all_refs(session, dataset.id)}
    unknown: Counter[str] = Counter()
    wanted: dict[int, int | None] = {}
    for index, record in enumerate(records):
        owner = record.owner
        account = known.get(record.key)
        if owner is None and account is not None and account.deleted_at is not None:
            owner = account.crm_owner  # whom it had before it was deleted
        if owner is None:
            continue
        rep_id = reps.get((record.system, owner))
        if owner and rep_id is None:
            unknown[owner] += 1
        else:
            wanted[index] = rep_id
    fresh = {ids[k]: rep for k, rep in wanted.items() if records[k].key not in known and rep}
    if fresh:
        columns = {"account_id": list(fresh), "rep_id": list(fresh.values())}
        constants = {"from_date": today, "source": OwnershipSource.CRM}
        insert_columns(session, Ownership, columns, constants)
    old = {k: rep for k, rep in wanted.items() if records[k].key in known}
    periods = open_periods(session, [ids[k] for k in old])
    changed: list[int] = []
    kept: list[int] = []
    for index, rep_id in old.items():
        period = periods.get(ids[index])
        is_repeated = known[records[index].key].crm_owner == records[index].owner
        if period is not None and is_repeated:
            continue
        if change_owner(session, ids[index], rep_id, today, OwnershipSource.CRM, period):
            changed.append(index)
        elif period is not None and period.rep_id != rep_id:
            kept.append(ids[index])
    return Owners(tuple(changed), dict(unknown), tuple(kept))
