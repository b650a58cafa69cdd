"""Files of accounts on their way in. The files themselves are only read when they are asked for."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session, defer

from data.errors import NotFoundError, OutdatedImportError
from data.tables import AccountImport, ImportStatus

UNFINISHED = (ImportStatus.QUEUED, ImportStatus.RUNNING)
ENDED = (ImportStatus.COMPLETE, ImportStatus.FAILED, ImportStatus.CANCELLED)

LOOKED_AT = 50
"""Imports among which a former one of the same columns is looked for."""


@dataclass(frozen=True, slots=True)
class ImportPage:
    """Imports, newest first; `next_cursor` is None on the last page."""

    imports: tuple[AccountImport, ...]
    next_cursor: str | None


def new_import_id() -> str:
    """An id that cannot be guessed."""
    return f"i-{secrets.token_hex(10)}"


def add(
    session: Session,
    *,
    import_id: str,
    dataset_id: int,
    file_name: str,
    content: bytes,
    reading: Mapping[str, Any],
    mapping: Mapping[str, str],
    options: Mapping[str, Any],
    created_at: datetime,
) -> None:
    """Keep a file as a draft."""
    session.add(
        AccountImport(
            id=import_id,
            dataset_id=dataset_id,
            file_name=file_name,
            status=ImportStatus.DRAFT,
            content=content,
            reading=dict(reading),
            mapping=dict(mapping),
            options=dict(options),
            created_at=created_at,
        )
    )
    session.flush()


def find(session: Session, dataset_id: int, import_id: str) -> AccountImport:
    """
    An import as it is now, without its files.

    Raises
    ------
    NotFoundError
        When there is none of this id.
    """
    found = session.scalars(
        select(AccountImport)
        .where(AccountImport.dataset_id == dataset_id, AccountImport.id == import_id)
        .options(*_without_files())
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"There is no import {import_id}.")
    return found


def content(session: Session, import_id: str) -> bytes | None:
    """The file as it came; None once the import has ended, or where there is none."""
    return session.scalars(
        select(AccountImport.content).where(AccountImport.id == import_id)
    ).one_or_none()


def refused(session: Session, dataset_id: int, import_id: str) -> bytes | None:
    """The rows that were refused, as compressed CSV; None where there are none."""
    return session.scalars(
        select(AccountImport.refused).where(
            AccountImport.dataset_id == dataset_id, AccountImport.id == import_id
        )
    ).one_or_none()


def page(session: Session, dataset_id: int, cursor: str | None, limit: int) -> ImportPage:
    """
    The next imports after a cursor.

    Raises
    ------
    NotFoundError
        When the cursor is of no import.
    """
    statement = (
        select(AccountImport)
        .where(AccountImport.dataset_id == dataset_id)
        .options(*_without_files())
        .order_by(AccountImport.created_at.desc(), AccountImport.id.desc())
        .limit(limit + 1)
    )
    if cursor is not None:
        last = find(session, dataset_id, cursor)
        order = tuple_(AccountImport.created_at, AccountImport.id)
        statement = statement.where(order < tuple_(last.created_at, last.id))
    found = session.scalars(statement).all()
    return ImportPage(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def former_mapping(
    session: Session, dataset_id: int, columns: Sequence[str]
) -> dict[str, str] | None:
    """What the same columns were taken for in the last import that was done; None without one."""
    found = session.execute(
        select(AccountImport.reading, AccountImport.mapping)
        .where(
            AccountImport.dataset_id == dataset_id, AccountImport.status == ImportStatus.COMPLETE
        )
        .order_by(AccountImport.created_at.desc(), AccountImport.id.desc())
        .limit(LOOKED_AT)
    )
    for reading, mapping in found:
        if {column["name"] for column in reading.get("columns", ())} == set(columns):
            return dict(mapping)
    return None


def change_draft(session: Session, import_id: str, **values: Any) -> None:
    """
    Set columns of a draft.

    Raises
    ------
    OutdatedImportError
        When it is no draft, or not any more.
    """
    changed = session.execute(
        update(AccountImport)
        .where(AccountImport.id == import_id, AccountImport.status == ImportStatus.DRAFT)
        .values(**values)
        .returning(AccountImport.id)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if changed is None:
        raise OutdatedImportError(
            f"Import {import_id} is not a draft any more: it is being done, or has ended. Upload "
            "the file again to import it once more."
        )


def set_status(session: Session, import_id: str, status: ImportStatus) -> None:
    """How far it is, while it goes on."""
    _set(session, import_id, status=status)


def back_to_draft(
    session: Session,
    import_id: str,
    report: Mapping[str, Any] | None = None,
    refused: bytes | None = None,
) -> None:
    """After a dry run, with what it has found."""
    values = {"status": ImportStatus.DRAFT, "refused": refused}
    _set(session, import_id, report=None if report is None else dict(report), **values)


def end(
    session: Session,
    import_id: str,
    status: ImportStatus,
    now: datetime,
    report: Mapping[str, Any] | None = None,
    refused: bytes | None = None,
) -> None:
    """End an import; its file goes."""
    _set(
        session,
        import_id,
        status=status,
        finished_at=now,
        report=None if report is None else dict(report),
        refused=refused,
        content=None,
    )


def purge(session: Session, before: datetime) -> int:
    """Forget imports that began before a moment and are not going on; how many they were."""
    gone = session.execute(
        delete(AccountImport)
        .where(AccountImport.status.not_in(UNFINISHED), AccountImport.created_at < before)
        .returning(AccountImport.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone)


def _without_files() -> tuple[Any, Any]:
    return defer(AccountImport.content, raiseload=True), defer(
        AccountImport.refused, raiseload=True
    )


def _set(session: Session, import_id: str, **values: Any) -> None:
    session.execute(
        update(AccountImport)
        .where(AccountImport.id == import_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
