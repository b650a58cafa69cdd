"""What was agreed at visits and is still to be done."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from api.schemas.account import NextStep
from data.tables import Visit, VisitStatus


def open_steps(visits: Iterable[Visit], timezone: str, today: date) -> tuple[NextStep, ...]:
    """
    Steps that nobody has done yet, the most urgent first, those without a day last.

    A step is taken as done once the account was visited, called or written to after it was agreed,
    and not before the day it is due.

    Parameters
    ----------
    visits
        Of one account.
    timezone
        In which their days are told.
    """
    zone = ZoneInfo(timezone)
    known = [visit for visit in visits if visit.status is not VisitStatus.CANCELLED]
    done = [visit for visit in known if visit.status is VisitStatus.DONE]
    steps = []
    for visit in known:
        if visit.next_step is None:
            continue
        is_done = any(
            later.start_at > visit.start_at
            and (
                visit.next_step_on is None
                or later.start_at.astimezone(zone).date() >= visit.next_step_on
            )
            for later in done
        )
        if not is_done:
            steps.append(
                NextStep(
                    visit_id=str(visit.id),
                    agreed_on=visit.start_at.astimezone(zone).date(),
                    step=visit.next_step,
                    due_on=visit.next_step_on,
                    is_overdue=visit.next_step_on is not None and visit.next_step_on < today,
                )
            )
    return tuple(sorted(steps, key=lambda step: (step.due_on or date.max, step.agreed_on)))
