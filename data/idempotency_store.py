"""Keys that clients send with a POST, so that it can be sent again without being done again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from data.database import Database
from data.tables import IdempotencyKey

KEPT = timedelta(hours=24)
"""How long an answer can be had again."""

HELD = timedelta(minutes=5)
"""After so long without an answer the first request is thought to be lost, and the key is free."""


@dataclass(frozen=True, slots=True)
class FirstRequest:
    """
    The request that came first with a key.

    Parameters
    ----------
    fingerprint
        Of what was asked.
    status, headers, body
        Of its answer; the status is None while it runs.
    """

    fingerprint: str
    status: int | None
    headers: dict[str, Any]
    body: bytes


def hold(
    database: Database, dataset_id: int, key: str, fingerprint: str, now: datetime
) -> FirstRequest | None:
    """
    Take a key; None when it is ours now, otherwise the request that has it.

    Forgets what is too old, of all keys.
    """
    row = {"fingerprint": fingerprint, "created_at": now, "held_until": now + HELD}
    while True:
        with database.session() as session:
            purge(session, now)
        try:
            with database.session() as session:
                session.add(IdempotencyKey(dataset_id=dataset_id, key=key, **row))
            return None
        except IntegrityError:
            with database.session() as session:
                found = session.get(IdempotencyKey, (dataset_id, key))
            if found is not None:
                return FirstRequest(
                    found.fingerprint, found.status, found.headers or {}, found.body or b""
                )
            # It was let go between the two; the key can be had now.


def purge(session: Session, now: datetime) -> int:
    """Forget keys that are too old, and those whose request is lost; how many they were."""
    gone = session.execute(
        delete(IdempotencyKey)
        .where(
            or_(
                IdempotencyKey.created_at < now - KEPT,
                IdempotencyKey.status.is_(None) & (IdempotencyKey.held_until < now),
            )
        )
        .returning(IdempotencyKey.key)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone)


def keep(
    session: Session,
    dataset_id: int,
    key: str,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
) -> None:
    """Keep the answer to the request that holds a key."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.dataset_id == dataset_id, IdempotencyKey.key == key)
        .values(status=status, headers=dict(headers), body=body)
        .execution_options(synchronize_session=False)
    )


def let_go(session: Session, dataset_id: int, key: str) -> None:
    """Free a key whose request came to nothing."""
    session.execute(
        delete(IdempotencyKey)
        .where(IdempotencyKey.dataset_id == dataset_id, IdempotencyKey.key == key)
        .execution_options(synchronize_session=False)
    )
