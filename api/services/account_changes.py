"""What has changed since another system last asked."""

from datetime import UTC, datetime, timedelta

from api.schemas.account_record import (
    AccountChangeList,
    AccountRecordAnswer,
    ChangesQuery,
    DeletedAccount,
)
from api.services.record_answers import record_answers, refs_answer
from api.state import AppState
from data import record_store

LONGEST_WRITE = timedelta(minutes=10)
"""A change shows when its transaction ends, with the moment at which it began."""


def account_changes(state: AppState, query: ChangesQuery) -> AccountChangeList:
    """
    Accounts in the order of their last change, a page of them.

    Whoever asks again from `next_since` misses nothing, and is told some of it twice.
    """
    ground, now = state.ground(), state.clock()
    after = None if query.cursor is None else _read(query.cursor)
    with state.database.session() as session:
        found = record_store.changes(
            session, ground.dataset.id, query.updated_since, after, query.limit + 1
        )
        shown = found[: query.limit]
        records = record_store.records_of(session, shown, ground.today)
    present = [record for record in records if record.account.deleted_at is None]
    answers = {
        record.account.id: answer
        for record, answer in zip(present, record_answers(ground, present), strict=True)
    }
    items: list[AccountRecordAnswer | DeletedAccount] = [
        answers.get(record.account.id)
        or DeletedAccount(
            account_id=str(record.account.id),
            external_refs=refs_answer(record),
            updated_at=record.account.updated_at,
        )
        for record in records
    ]
    is_last = len(found) <= query.limit
    return AccountChangeList(
        items=tuple(items),
        next_cursor=None if is_last else _written(shown[-1].updated_at, shown[-1].id),
        next_since=(now - LONGEST_WRITE).replace(microsecond=0) if is_last else None,
    )


def _written(moment: datetime, account_id: int) -> str:
    return f"{round(moment.timestamp() * 1_000_000)}-{account_id}"


def _read(cursor: str) -> tuple[datetime, int]:
    microseconds, account_id = map(int, cursor.split("-"))
    # No moment and no id of this service lies beyond: such a cursor is after everything.
    moment = timedelta(microseconds=min(microseconds, 4_000_000_000_000_000))
    return datetime(1970, 1, 1, tzinfo=UTC) + moment, min(account_id, 2**31 - 1)
