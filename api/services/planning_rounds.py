"""Planning rounds: opened with the model's figures, talked over with the reps, agreed, closed."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal, TypeVar

from accounts.planning.period import Level, a_year_before, days_of, month_of, next_month
from api.schemas.planning_round import (
    Agreement,
    Closing,
    FigureAnswer,
    FigureChange,
    PlainFigure,
    RoundAnswer,
    RoundItem,
    RoundList,
    RoundRequest,
)
from api.services.accounts import id_of
from api.services.actual import by_rep, sales_of
from api.services.errors import (
    Fault,
    NotAgreedError,
    NotStoredError,
    RefusedRequestError,
    RoundClosedError,
    RoundExistsError,
)
from api.services.expected import month_by_rep
from api.services.preconditions import Preconditions
from api.state import AppState, Snapshot
from data import planning_store
from data.database import Session
from data.errors import NotFoundError
from data.planning_store import Round
from data.tables import PlanningFigure, PlanningRound, Rep

MONTHS_AHEAD = 12
"""How far ahead a round may be opened."""

NAMED = 5
"""Reps named in a refusal."""

Done = TypeVar("Done")


def list_rounds(state: AppState) -> RoundList:
    """All rounds of the active data set."""
    snapshot = state.snapshot()
    with state.database.session() as session:
        rounds = planning_store.all_rounds(session, snapshot.dataset.id)
    known = {one.round.month for one in rounds}
    return RoundList(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        items=tuple(RoundItem(**_facts(state, snapshot, one)) for one in rounds),
        openable=tuple(f"{one:%Y-%m}" for one in _openable(snapshot) if one not in known),
    )


def open_round(state: AppState, asked: RoundRequest) -> RoundAnswer:
    """
    Open the round of a month with what the model expects of each rep's accounts.

    Raises
    ------
    RefusedRequestError
        When the month is over, or too far ahead.
    RoundExistsError
        When the month has one.
    """
    snapshot, month = state.snapshot(), month_named(asked.month)
    openable = _openable(snapshot)
    if month not in openable:
        detail = (
            f"The month {asked.month} is over; a figure made now would know its result. "
            if month < openable[0]
            else f"The month {asked.month} is too far ahead. "
        ) + f"A round can be opened for {openable[0]:%Y-%m} to {openable[-1]:%Y-%m}."
        raise RefusedRequestError([Fault("/month", "MONTH_NOT_OPEN", detail)])
    expected = month_by_rep(snapshot)
    top_down = {rep.id: round(100 * expected[rep.id]) for rep in snapshot.reps}

    def write(session: Session) -> Round:
        dataset_id = snapshot.dataset.id
        if planning_store.of_months(session, dataset_id, [month]):
            raise RoundExistsError(
                f"There is a planning round for {asked.month} already. Read it at "
                f"/api/v1/planning-rounds/{asked.month}."
            )
        version = None if snapshot.model is None else snapshot.model.version
        return planning_store.open_round(
            session, dataset_id, month, version, top_down, state.clock()
        )

    return _answer(state, snapshot, state.database.write(write))


def get_round(state: AppState, month: str) -> RoundAnswer:
    """
    Raises
    ------
    NotStoredError
        When the active data set has no round for the month.
    """
    snapshot = state.snapshot()
    with state.database.session() as session:
        found = _found(session, snapshot, month_named(month))
    return _answer(state, snapshot, found)


def change_figure(
    state: AppState, month: str, rep_id: str, said: FigureChange, preconditions: Preconditions
) -> FigureAnswer:
    """
    Write what a rep says of the month, or what was agreed.

    A rep who came after the round was opened gets the model's figure of today.

    Raises
    ------
    NotStoredError
        When there is no such round or rep.
    RoundClosedError
        When the round was closed, or its month is over.
    PreconditionFailedError
        When it is not the version that was meant.
    """
    snapshot, wanted = state.snapshot(), month_named(month)
    rep = _rep(snapshot, rep_id)

    def change(session: Session, opened: Round) -> PlainFigure | None:
        figure = opened.figures.get(rep.id)
        called = f"the figure of {rep.name} for {month}"
        preconditions.check(None if figure is None else version_of(figure), called)
        before = None if figure is None else _plain(figure)
        if figure is None:
            expected = round(100 * month_by_rep(snapshot)[rep.id])
            figure = planning_store.add_figure(
                session, opened.round, rep.id, expected, state.clock()
            )
        _write(figure, said)
        planning_store.touch(figure, state.clock())
        return before

    before = _changed(state, snapshot, wanted, change)
    with state.database.session() as session:
        found = _found(session, snapshot, wanted)
    facts = _figure(rep, found, *_sold(state, snapshot, wanted), snapshot)
    return FigureAnswer(**facts, replaced=before)


def agree(state: AppState, month: str, asked: Agreement) -> RoundAnswer:
    """
    Agree on every figure that is not agreed yet and where rep and model lie close together.

    Raises
    ------
    NotStoredError, RoundClosedError
    """
    snapshot, wanted = state.snapshot(), month_named(month)

    def change(session: Session, opened: Round) -> None:
        for figure in opened.figures.values():
            if figure.agreed_cents is not None or figure.bottom_up_cents is None:
                continue
            most = asked.within_share * figure.top_down_cents
            if abs(figure.bottom_up_cents - figure.top_down_cents) <= most:
                figure.agreed_cents = getattr(figure, f"{asked.take}_cents")
                planning_store.touch(figure, state.clock())

    _changed(state, snapshot, wanted, change)
    return get_round(state, month)


def close_round(state: AppState, month: str, asked: Closing) -> RoundAnswer:
    """
    Close a round; its figures stay as they are from now on.

    A round may still be closed when its month is over, but not with other figures.

    Raises
    ------
    NotStoredError
        When there is no such round.
    RoundClosedError
        When it was closed before.
    NotAgreedError
        When figures are not agreed, and nobody says what counts for them.
    """
    snapshot, wanted = state.snapshot(), month_named(month)
    names = {rep.id: rep.name for rep in snapshot.reps}

    def change(session: Session, opened: Round) -> None:
        open_figures = [one for one in opened.figures.values() if one.agreed_cents is None]
        if open_figures and asked.rest is None:
            called = sorted(names.get(one.rep_id, str(one.rep_id)) for one in open_figures)
            more = f" and {len(called) - NAMED} more" if len(called) > NAMED else ""
            raise NotAgreedError(
                f"Nothing is agreed with {', '.join(called[:NAMED])}{more}. Agree first, or say "
                "with rest what counts for them: bottom_up or top_down."
            )
        for figure in open_figures:
            told = figure.bottom_up_cents if asked.rest == "bottom_up" else None
            figure.agreed_cents = figure.top_down_cents if told is None else told
            planning_store.touch(figure, state.clock())
        opened.round.closed_at = state.clock()

    _changed(state, snapshot, wanted, change, even_if_over=True)
    return get_round(state, month)


def month_named(text: str) -> date:
    """The first day of a month that is written as YYYY-MM."""
    return date(int(text[:4]), int(text[5:]), 1)


def version_of(figure: PlanningFigure) -> int:
    """What `If-Match` names: microseconds, which fit a double."""
    return int(figure.updated_at.timestamp() * 1_000_000)


def _openable(snapshot: Snapshot) -> tuple[date, ...]:
    months = [month_of(snapshot.today)]
    for _ in range(MONTHS_AHEAD):
        months.append(next_month(months[-1]))
    return tuple(months)


def _changed(
    state: AppState,
    snapshot: Snapshot,
    month: date,
    change: Callable[[Session, Round], Done],
    *,
    even_if_over: bool = False,
) -> Done:
    """Change a round, unless it is closed or over, while nobody else does."""

    def write(session: Session) -> Done:
        opened = _found(session, snapshot, month, to_change=True)
        status = _status(snapshot, opened.round)
        if status == "closed":
            raise RoundClosedError(
                f"The planning round of {month:%Y-%m} was closed. What was agreed stays as it is; "
                "open the next month to plan anew."
            )
        if status == "over" and not even_if_over:
            raise RoundClosedError(
                f"The month {month:%Y-%m} is over, so that its figures stay as they are. The "
                "round can be closed."
            )
        return change(session, opened)

    return state.database.write(write)


def _found(session: Session, snapshot: Snapshot, month: date, *, to_change: bool = False) -> Round:
    try:
        return planning_store.get(session, snapshot.dataset.id, month, to_change=to_change)
    except NotFoundError as error:
        raise NotStoredError(f"{error} POST /api/v1/planning-rounds opens one.") from None


def _rep(snapshot: Snapshot, rep_id: str) -> Rep:
    number = id_of(rep_id)
    for rep in snapshot.reps:
        if rep.id == number:
            return rep
    raise NotStoredError(f"There is no rep {rep_id!r}. GET /api/v1/reps lists them.")


def _write(figure: PlanningFigure, said: FigureChange) -> None:
    for name in said.withdraw:
        setattr(figure, f"{name}_cents", None)
        setattr(figure, f"{name}_note", "")
    if said.bottom_up is not None:
        figure.bottom_up_cents = round(100 * said.bottom_up)
    if said.agreed is not None:
        figure.agreed_cents = round(100 * said.agreed)
    if said.bottom_up_note is not None:
        figure.bottom_up_note = said.bottom_up_note
    if said.agreed_note is not None:
        figure.agreed_note = said.agreed_note


def _plain(figure: PlanningFigure) -> PlainFigure:
    return PlainFigure(
        bottom_up=_money(figure.bottom_up_cents),
        agreed=_money(figure.agreed_cents),
        updated_at=figure.updated_at,
    )


def _status(snapshot: Snapshot, opened: PlanningRound) -> Literal["open", "closed", "over"]:
    if opened.closed_at is not None:
        return "closed"
    return "over" if days_of(opened.month).last < snapshot.today else "open"


def _sold(
    state: AppState, snapshot: Snapshot, month: date
) -> tuple[Mapping[int, float] | None, Mapping[int, float]]:
    """By rep: in the month up to today, None before it begins; and a year before."""
    period = days_of(month)
    last_year = a_year_before(Level.STRATEGIC_SHORT, period)
    before = by_rep(snapshot, sales_of(state, snapshot, last_year))
    if snapshot.today < period.first:
        return None, before
    return by_rep(snapshot, sales_of(state, snapshot, period)), before


def _answer(state: AppState, snapshot: Snapshot, found: Round) -> RoundAnswer:
    actual, last_year = _sold(state, snapshot, found.round.month)
    figures = [
        FigureAnswer(**_figure(rep, found, actual, last_year, snapshot)) for rep in snapshot.reps
    ]
    figures.sort(
        key=lambda one: (
            one.difference is None,
            -abs(one.difference or 0.0),
            one.rep,
            one.rep_id,
        )
    )
    return RoundAnswer(
        **_facts(state, snapshot, found),
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        figures=tuple(figures),
    )


def _facts(state: AppState, snapshot: Snapshot, found: Round) -> dict[str, Any]:
    """What every answer says of a round."""
    figures = found.figures.values()
    told = [one.bottom_up_cents for one in figures if one.bottom_up_cents is not None]
    agreed = [one.agreed_cents for one in figures if one.agreed_cents is not None]
    actual, _ = _sold(state, snapshot, found.round.month)
    return {
        "month": f"{found.round.month:%Y-%m}",
        "status": _status(snapshot, found.round),
        "opened_at": found.round.created_at,
        "closed_at": found.round.closed_at,
        "model_version": found.round.model_version,
        "rep_count": len(figures),
        "told_count": len(told),
        "agreed_count": len(agreed),
        "top_down": sum(one.top_down_cents for one in figures) / 100,
        "bottom_up": sum(told) / 100,
        "agreed": sum(agreed) / 100,
        "actual": None if actual is None else round(sum(actual.values()), 2),
    }


def _figure(
    rep: Rep,
    found: Round,
    actual: Mapping[int, float] | None,
    last_year: Mapping[int, float],
    snapshot: Snapshot,
) -> dict[str, Any]:
    """What is said of the month of one rep."""
    facts: dict[str, Any] = {
        "rep_id": str(rep.id),
        "rep": rep.name,
        "account_count": snapshot.owned_counts.get(rep.id, 0),
        "actual": None if actual is None else actual[rep.id],
        "last_year": last_year[rep.id],
    }
    figure = found.figures.get(rep.id)
    if figure is None:
        return facts
    difference = share = None
    if figure.bottom_up_cents is not None:
        difference = (figure.bottom_up_cents - figure.top_down_cents) / 100
        if figure.top_down_cents > 0:
            share = round(100 * difference / figure.top_down_cents, 4)
    return facts | {
        "top_down": figure.top_down_cents / 100,
        "bottom_up": _money(figure.bottom_up_cents),
        "bottom_up_note": figure.bottom_up_note or None,
        "agreed": _money(figure.agreed_cents),
        "agreed_note": figure.agreed_note or None,
        "difference": difference,
        "difference_share": share,
        "version": version_of(figure),
        "updated_at": figure.updated_at,
    }


def _money(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
