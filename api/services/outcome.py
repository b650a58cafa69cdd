"""What a job comes to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from data.database import Session
from data.tables import JobStatus


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A job that goes on where another one ended."""

    kind: str
    params: Mapping[str, Any]
    result_id: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    The end of a job.

    Parameters
    ----------
    status
        `complete`, `infeasible` or `cancelled`.
    store
        Stores the result, in the transaction that ends the job.
    follow_ups
        Jobs that begin when this one has ended.
    """

    status: JobStatus
    store: Callable[[Session], None]
    follow_ups: tuple[FollowUp, ...] = ()
