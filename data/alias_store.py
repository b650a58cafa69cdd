"""What other systems call accounts that were merged into others here."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.parts import parts_by_system
from data.tables import Account, ExternalRef


def aliases(
    session: Session, dataset_id: int, keys: Iterable[tuple[str, str]]
) -> frozenset[tuple[str, str]]:
    """Those of systems and ids that lead to an account which the system calls otherwise."""
    found: set[tuple[str, str]] = set()
    for system, ids in parts_by_system(keys):
        statement = select(ExternalRef.external_id).where(
            ExternalRef.dataset_id == dataset_id,
            ExternalRef.system == system,
            ExternalRef.external_id.in_(ids),
            ExternalRef.is_alias,
        )
        found.update((system, external_id) for external_id in session.scalars(statement))
    return frozenset(found)


def let_go(session: Session, account: Account, system: str, external_id: str) -> bool:
    """
    Forget one of several ids that a system has for an account.

    If it is the account's own, the oldest alias takes its place: the system itself has merged the
    two the other way round, and goes on with that record.

    Returns
    -------
    bool
        False where it is the only one; it stays then, and the account should go.
    """
    refs = session.scalars(
        select(ExternalRef)
        .where(ExternalRef.account_id == account.id, ExternalRef.system == system)
        .order_by(ExternalRef.id)
    ).all()
    gone = next((ref for ref in refs if ref.external_id == external_id), None)
    others = [ref for ref in refs if ref is not gone]
    if gone is None or not others:
        return False
    session.delete(gone)
    if all(ref.is_alias for ref in others):
        others[0].is_alias = False
    session.flush()
    return True
