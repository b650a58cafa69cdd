"""Planning rounds: for each month what reps and the model say will be sold, and what was agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.tables import PlanningFigure, PlanningRound

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Round:
    """A round with the figures of its reps, by rep."""

    round: PlanningRound
    figures: Mapping[int, PlanningFigure]


def all_rounds(session: Session, dataset_id: int) -> tuple[Round, ...]:
    """Of all months, the latest first."""
    return _with_figures(session, _of(dataset_id).order_by(PlanningRound.month.desc()))


def of_months(session: Session, dataset_id: int, months: Sequence[date]) -> dict[date, Round]:
    """By month, given by their first days; months without a round are left out."""
    found = _with_figures(session, _of(dataset_id).where(PlanningRound.month.in_(months)))
    return {one.round.month: one for one in found}


def get(session: Session, dataset_id: int, month: date, *, to_change: bool = False) -> Round:
    """
    The round of a month.

    Parameters
    ----------
    to_change
        Whether others who change it wait until the transaction ends.

    Raises
    ------
    NotFoundError
        When none was opened for the month.
    """
    statement = _of(dataset_id).where(PlanningRound.month == month)
    if to_change:
        statement = statement.with_for_update()
    found = _with_figures(session, statement)
    if not found:
        raise NotFoundError(f"No planning round was opened for {month:%Y-%m}.")
    return found[0]


def open_round(
    session: Session,
    dataset_id: int,
    month: date,
    model_version: int | None,
    top_down_cents: Mapping[int, int],
    now: datetime,
) -> Round:
    """
    Open the round of a month with what the model says of each rep.

    The month must have none: an index refuses a second one.
    """
    opened = PlanningRound(
        dataset_id=dataset_id, month=month, model_version=model_version, created_at=now
    )
    session.add(opened)
    session.flush()
    figures = {
        rep_id: _add(session, opened, rep_id, cents, now)
        for rep_id, cents in top_down_cents.items()
    }
    session.flush()
    return Round(opened, figures)


def add_figure(
    session: Session, opened: PlanningRound, rep_id: int, top_down_cents: int, now: datetime
) -> PlanningFigure:
    """The figure of a rep who came after the round was opened."""
    figure = _add(session, opened, rep_id, top_down_cents, now)
    session.flush()
    return figure


def touch(figure: PlanningFigure, now: datetime) -> None:
    """Say that a figure was changed: `updated_at` is another one than before, and later."""
    figure.updated_at = max(now, figure.updated_at + TICK)


def _add(
    session: Session, opened: PlanningRound, rep_id: int, top_down_cents: int, now: datetime
) -> PlanningFigure:
    figure = PlanningFigure(
        round_id=opened.id, rep_id=rep_id, top_down_cents=top_down_cents, updated_at=now
    )
    session.add(figure)
    return figure


def _of(dataset_id: int) -> Select[PlanningRound]:
    return select(PlanningRound).where(PlanningRound.dataset_id == dataset_id)


def _with_figures(session: Session, statement: Select[PlanningRound]) -> tuple[Round, ...]:
    # A row that this session has read before is read anew: somebody else may have changed it.
    rounds = session.scalars(statement.execution_options(populate_existing=True)).all()
    figures: dict[int, dict[int, PlanningFigure]] = {one.id: {} for one in rounds}
    found = session.scalars(
        select(PlanningFigure)
        .where(PlanningFigure.round_id.in_(list(figures)))
        .execution_options(populate_existing=True)
    )
    for figure in found:
        figures[figure.round_id][figure.rep_id] = figure
    return tuple(Round(one, figures[one.id]) for one in rounds)
