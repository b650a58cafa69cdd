"""What managers decide, in versions: reading what counts, and deciding anew."""

from typing import Any

from api.schemas.analysis import PolicyVersion
from api.services.preconditions import Preconditions
from api.state import AppState
from data import policy_store
from data.database import Session
from data.tables import Policy, PolicySubject

VERSIONS_TOLD = 20

UNDECIDED = 0
"""Version of what counts while nobody has decided anything."""


def version_of(policy: Policy | None) -> int:
    return UNDECIDED if policy is None else policy.version


def versions_told(
    state: AppState, dataset_id: int, subject: PolicySubject
) -> tuple[PolicyVersion, ...]:
    """The last versions, newest first."""
    with state.database.session() as session:
        found = policy_store.versions(session, dataset_id, subject)[:VERSIONS_TOLD]
    return tuple(
        PolicyVersion(version=one.version, reason=one.reason, decided_at=one.created_at)
        for one in found
    )


def decide(
    state: AppState,
    subject: PolicySubject,
    body: dict[str, Any],
    reason: str,
    preconditions: Preconditions,
) -> None:
    """
    Add a version, which counts from now on.

    Raises
    ------
    PreconditionFailedError
        When another version counts than the client has seen.
    """
    dataset_id = state.ground().dataset.id

    def write(session: Session) -> None:
        current = policy_store.current(session, dataset_id, subject)
        preconditions.check(version_of(current), f"the policy on {subject.value}")
        policy_store.add(session, dataset_id, subject, body, reason, state.clock())

    state.database.write(write)
