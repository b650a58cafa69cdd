"""Many accounts of another system at once; a bad one does not keep the others."""

from collections.abc import Sequence

from accounts import AccountRecord, Programme
from api.schemas.account_record import AccountBatch, AccountBatchResult, BatchItem, BatchResult
from api.services.errors import Fault, RefusedRequestError, entries
from api.services.items import REFUSED, counts_of, text_of
from api.services.locating import locate
from api.services.record_reading import name_missing, record_of
from api.state import AppState
from data.account_upsert import Key, Upserted, find, upsert, who_moves
from data.alias_store import aliases
from data.database import Session
from data.tables import Account


def put_accounts(
    state: AppState, batch: AccountBatch, read: Sequence[BatchItem | RefusedRequestError]
) -> AccountBatchResult:
    """
    Write what another system says of many accounts, in one transaction.

    What cannot be used is refused item by item.

    Parameters
    ----------
    read
        The items of the batch as they were read, or what is wrong with them.
    """
    ground = state.ground()
    dataset = ground.dataset
    records, unreadable = _records(batch.system, read, dataset.country, ground.programme)
    indices = list(records)
    with state.database.session() as session:
        moving = who_moves(session, dataset.id, [records[k] for k in indices])
    addresses = {indices[n]: address for n, address in moving.items()}
    located = locate(ground.world, dataset.country, addresses)

    def write(session: Session) -> tuple[list[int], Upserted, dict[int, Fault]]:
        keys = [record.key for record in records.values()]
        known = find(session, dataset.id, keys, to_change=True)
        unusable = _unusable(records, known, aliases(session, dataset.id, known))
        kept = [k for k in records if k not in unusable]
        done = upsert(
            session,
            dataset,
            [records[k] for k in kept],
            {n: located[k] for n, k in enumerate(kept) if k in located},
            state.clock(),
            ground.today,
            {records[k].key: known[records[k].key] for k in kept if records[k].key in known},
        )
        return kept, done, unusable

    kept, done, unusable = state.database.write(write)
    faults = {**unreadable, **{k: (fault,) for k, fault in unusable.items()}}
    position = {k: n for n, k in enumerate(kept)}
    items = tuple(
        BatchResult(
            external_id=text_of(item, "external_id"),
            effect=REFUSED,
            errors=entries(faults[k], f"/items/{k}"),
        )
        if k in faults
        else BatchResult(
            external_id=records[k].external_id,
            account_id=str(done.account_ids[position[k]]),
            effect=done.effects[position[k]].value,
        )
        for k, item in enumerate(batch.items)
    )
    return AccountBatchResult(
        items=items,
        counts=counts_of(items),
        unknown_owners=dict(done.unknown_owners),
        kept_owners=tuple(map(str, done.kept_owners)),
    )


def _records(
    system: str,
    read: Sequence[BatchItem | RefusedRequestError],
    home_country: str,
    programme: Programme,
) -> tuple[dict[int, AccountRecord], dict[int, tuple[Fault, ...]]]:
    """By index of the item: records, and what is wrong with the others."""
    records: dict[int, AccountRecord] = {}
    faults: dict[int, tuple[Fault, ...]] = {}
    for k, item in enumerate(read):
        try:
            if isinstance(item, RefusedRequestError):
                raise item
            records[k] = record_of(system, item.external_id, item, home_country, programme)
        except RefusedRequestError as refusal:
            faults[k] = refusal.faults
    return records, faults


def _unusable(
    records: dict[int, AccountRecord], known: dict[Key, Account], merged: frozenset[Key]
) -> dict[int, Fault]:
    """
    Records of an account that an item before is of, and new ones without a name.

    Those that were merged into another one say nothing of it, so that both may come.
    """
    faults: dict[int, Fault] = {}
    taken: dict[Key | int, int] = {}
    for k, record in records.items():
        key = record.key
        if key in merged:
            continue
        account = known.get(key)
        same = key if account is None else account.id
        if same in taken:
            detail = (
                f"Item {taken[same]} is of the same account as external_id "
                f"{record.external_id!r}. Send each account once."
            )
            faults[k] = Fault("/external_id", "DUPLICATE_ACCOUNT", detail)
        elif account is None and record.name is None:
            faults[k] = name_missing()
        else:
            taken[same] = k
    return faults
