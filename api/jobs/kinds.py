"""What jobs there are: one row for each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from api.services import (
    bound_route,
    fit_models,
    geocode_accounts,
    plan_route,
    replan_route,
    run_import,
)
from api.services.outcome import Outcome
from api.services.progress import Listener
from data.database import Session
from data.tables import Job, JobStatus

if TYPE_CHECKING:
    from api.state import AppState


class Lane(StrEnum):
    """
    Which processes do it.

    `planning`: somebody waits. `background`: it goes on after an answer, and gives way to the
    others. `outside`: it mostly waits for services elsewhere, maybe for hours.
    """

    PLANNING = "planning"
    BACKGROUND = "background"
    OUTSIDE = "outside"


def _nothing(session: Session, job: Job, status: JobStatus) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Kind:
    """
    How one kind of job is done.

    Parameters
    ----------
    run
        Does it; in a process of its own, and again from the beginning if that dies. It should end
        soon after its listener `is_cancelled`, with the best so far.
    on_status
        Hears, in the same transaction, that the job begins, fails or is cancelled without a result.
    """

    run: "Callable[[AppState, Job, Listener], Outcome]"
    lane: Lane = Lane.PLANNING
    on_status: Callable[[Session, Job, JobStatus], None] = _nothing


KINDS: dict[str, Kind] = {
    plan_route.KIND: Kind(plan_route.run, on_status=plan_route.note_status),
    replan_route.KIND: Kind(replan_route.run),
    run_import.KIND: Kind(run_import.run, on_status=run_import.note_status),
    geocode_accounts.KIND: Kind(geocode_accounts.run, Lane.OUTSIDE),
    fit_models.KIND: Kind(fit_models.run, Lane.BACKGROUND),
    bound_route.KIND: Kind(bound_route.run, Lane.BACKGROUND, bound_route.note_status),
}
