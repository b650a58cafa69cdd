"""What managers have decided, by subject and version."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.tables import Policy, PolicySubject


def current(session: Session, dataset_id: int, subject: PolicySubject) -> Policy | None:
    """The version that counts, or None where nothing was decided."""
    statement = _of(dataset_id, subject).order_by(Policy.version.desc()).limit(1)
    return session.scalars(statement).one_or_none()


def all_current(session: Session, dataset_id: int) -> dict[PolicySubject, Policy]:
    """Of each subject on which something was decided, the version that counts."""
    rows = session.scalars(
        select(Policy).where(Policy.dataset_id == dataset_id).order_by(Policy.version)
    )
    return {row.subject: row for row in rows}


def versions(session: Session, dataset_id: int, subject: PolicySubject) -> tuple[Policy, ...]:
    """All versions, the newest first."""
    return tuple(session.scalars(_of(dataset_id, subject).order_by(Policy.version.desc())))


def get(session: Session, dataset_id: int, subject: PolicySubject, version: int) -> Policy:
    """
    Raises
    ------
    NotFoundError
        When there is no such version.
    """
    found = session.scalars(_of(dataset_id, subject).where(Policy.version == version))
    policy = found.one_or_none()
    if policy is None:
        raise NotFoundError(f"There is no version {version} of the {subject.value}.")
    return policy


def add(
    session: Session,
    dataset_id: int,
    subject: PolicySubject,
    body: Mapping[str, Any],
    reason: str,
    created_at: datetime,
) -> Policy:
    """Add the next version, which counts from now on."""
    newest = select(func.max(Policy.version)).where(
        Policy.dataset_id == dataset_id, Policy.subject == subject
    )
    policy = Policy(
        dataset_id=dataset_id,
        subject=subject,
        version=(session.scalar(newest) or 0) + 1,
        body=dict(body),
        reason=reason,
        created_at=created_at,
    )
    session.add(policy)
    session.flush()
    return policy


def _of(dataset_id: int, subject: PolicySubject) -> Select[Policy]:
    return select(Policy).where(Policy.dataset_id == dataset_id, Policy.subject == subject)
