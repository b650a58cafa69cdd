"""Exceptions from the engagement programme and special situations, by hand."""

from datetime import date, timedelta

from accounts.errors import InvalidDecisionError
from api.schemas.decision import (
    LONGEST_DAYS,
    ExceptionAnswer,
    ExceptionFacts,
    ExceptionList,
    SituationAnswer,
    SituationFacts,
    SituationList,
)
from api.services.account_edits import found
from api.services.accounts import id_of, row_of
from api.services.errors import Fault, NotStoredError, RefusedRequestError
from api.services.places import unknown_account
from api.state import AppState, Ground, Snapshot
from data import decision_store, tables
from data.database import Session
from data.errors import NotFoundError


def exceptions(state: AppState, account_id: str) -> ExceptionList:
    """
    Raises
    ------
    NotStoredError
        When there is no such account.
    """
    ground = state.ground()
    with state.database.session() as session:
        account = found(session, ground.dataset.id, account_id)
        rows = decision_store.exceptions_of(session, account.id)
    return ExceptionList(
        account_id=account_id, items=tuple(_exception_answer(row, ground.today) for row in rows)
    )


def add_exception(state: AppState, account_id: str, said: ExceptionFacts) -> ExceptionAnswer:
    """
    Raises
    ------
    NotStoredError
        When there is no such account.
    RefusedRequestError
        When it says nothing, or does not end after it begins.
    """
    ground = state.ground()

    def write(session: Session) -> tables.AccountException:
        account = found(session, ground.dataset.id, account_id)
        row = tables.AccountException(account_id=account.id, created_at=state.clock())
        _write_exception(row, said, ground, ground.today)
        session.add(row)
        session.flush()
        return row

    return _exception_answer(state.database.write(write), ground.today)


def put_exception(
    state: AppState, account_id: str, exception_id: str, said: ExceptionFacts
) -> ExceptionAnswer:
    """
    Write an exception anew; without a first day it keeps its own.

    Raises
    ------
    NotStoredError
        When there is no such account or exception.
    RefusedRequestError
        When it says nothing, or does not end after it begins.
    """
    ground = state.ground()

    def write(session: Session) -> tables.AccountException:
        row = _stored_exception(session, ground, account_id, exception_id)
        _write_exception(row, said, ground, row.from_date)
        session.flush()
        return row

    return _exception_answer(state.database.write(write), ground.today)


def end_exception(state: AppState, account_id: str, exception_id: str) -> None:
    """
    Raises
    ------
    NotStoredError
        When there is no such account or exception.
    """
    ground = state.ground()

    def write(session: Session) -> None:
        row = _stored_exception(session, ground, account_id, exception_id)
        decision_store.end(session, row, ground.today)

    state.database.write(write)


def situations(state: AppState) -> SituationList:
    """All of the data set, also those that are over."""
    snapshot = state.snapshot()
    with state.database.session() as session:
        rows = decision_store.situations(session, snapshot.dataset.id)
    return SituationList(items=tuple(_situation_answer(row, snapshot) for row in rows))


def add_situation(state: AppState, said: SituationFacts) -> SituationAnswer:
    """
    Raises
    ------
    RefusedRequestError
        When an account or a segment is not known, it changes nothing, or does not end after it
        begins.
    """
    snapshot = state.snapshot()

    def write(session: Session) -> tables.SpecialSituation:
        row = tables.SpecialSituation(dataset_id=snapshot.dataset.id, created_at=state.clock())
        _write_situation(row, said, snapshot, snapshot.today)
        session.add(row)
        session.flush()
        return row

    return _situation_answer(state.database.write(write), snapshot)


def put_situation(state: AppState, situation_id: str, said: SituationFacts) -> SituationAnswer:
    """
    Write a special situation anew; without a first day it keeps its own.

    Raises
    ------
    NotStoredError
        When there is none.
    RefusedRequestError
        As for `add_situation`.
    """
    snapshot = state.snapshot()

    def write(session: Session) -> tables.SpecialSituation:
        row = _stored_situation(session, snapshot.dataset.id, situation_id)
        _write_situation(row, said, snapshot, row.from_date)
        session.flush()
        return row

    return _situation_answer(state.database.write(write), snapshot)


def end_situation(state: AppState, situation_id: str) -> None:
    """
    Raises
    ------
    NotStoredError
        When there is none.
    """
    ground = state.ground()

    def write(session: Session) -> None:
        row = _stored_situation(session, ground.dataset.id, situation_id)
        decision_store.end(session, row, ground.today)

    state.database.write(write)


def _write_exception(
    row: tables.AccountException, said: ExceptionFacts, ground: Ground, usual_from: date
) -> None:
    row.from_date = said.from_date or usual_from
    row.until_date = said.expires_on
    _check_days(row.from_date, row.until_date, ground.today)
    row.channel, row.is_strategic = said.channel, said.strategic
    row.visit_interval_days = said.visit_interval_days
    row.service_duration_s = said.service_duration_s
    row.reason = said.reason
    try:
        decision_store.exception_of(row)
    except InvalidDecisionError as error:
        raise _refused(error) from None


def _write_situation(
    row: tables.SpecialSituation, said: SituationFacts, snapshot: Snapshot, usual_from: date
) -> None:
    account_id = _account_id(said, snapshot)
    row.account_id = account_id
    row.from_date = said.from_date or usual_from
    row.until_date = said.expires_on
    _check_days(row.from_date, row.until_date, snapshot.today)
    row.kind, row.segment, row.postcode_prefix = said.kind, said.segment, said.postcode_prefix
    row.prize_factor, row.prize_extra_cents = said.prize_factor, round(100 * said.prize_extra)
    row.is_must_visit, row.reason = said.must_visit, said.reason
    try:
        decision_store.situation_of(row)
    except InvalidDecisionError as error:
        raise _refused(error) from None


def _refused(error: InvalidDecisionError) -> RefusedRequestError:
    return RefusedRequestError([Fault("", "INVALID_DECISION", str(error))])


def _account_id(said: SituationFacts, snapshot: Snapshot) -> int | None:
    """The account that a situation is about; what it names must be there."""
    if said.segment is not None:
        names = [segment.name for segment in snapshot.programme]
        if said.segment not in names:
            detail = f"There is no segment {said.segment!r}; there are {', '.join(names)}."
            raise RefusedRequestError([Fault("/segment", "UNKNOWN_SEGMENT", detail)])
    if said.account_id is None:
        return None
    row = row_of(snapshot, said.account_id)
    if row is None:
        raise RefusedRequestError([unknown_account(said.account_id, "/account_id")])
    return int(snapshot.table.account_id[row])


def _check_days(from_date: date, until_date: date, today: date) -> None:
    if until_date <= max(from_date, today):
        detail = (
            f"It would hold no longer from {until_date} on, which is not after "
            f"{'today' if today >= from_date else 'it begins'}, {max(from_date, today)}. Give a "
            "later day."
        )
        raise RefusedRequestError([Fault("/expires_on", "EXPIRES_TOO_EARLY", detail)])
    if until_date - from_date > timedelta(days=LONGEST_DAYS):
        detail = (
            f"From {from_date} to {until_date} it would hold for more than {LONGEST_DAYS} days. "
            "Give an earlier day, and look at it again then; what should hold for good belongs "
            "into the engagement programme."
        )
        raise RefusedRequestError([Fault("/expires_on", "EXPIRES_TOO_LATE", detail)])


def _stored_exception(
    session: Session, ground: Ground, account_id: str, exception_id: str
) -> tables.AccountException:
    account, number = found(session, ground.dataset.id, account_id), id_of(exception_id)
    try:
        if number is None:
            raise NotFoundError(f"Account {account_id} has no exception {exception_id}.")
        return decision_store.get_exception(session, account.id, number)
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None


def _stored_situation(
    session: Session, dataset_id: int, situation_id: str
) -> tables.SpecialSituation:
    number = id_of(situation_id)
    try:
        if number is None:
            raise NotFoundError(f"There is no special situation {situation_id}.")
        return decision_store.get_situation(session, dataset_id, number)
    except NotFoundError as error:
        raise NotStoredError(str(error)) from None


def _exception_answer(row: tables.AccountException, today: date) -> ExceptionAnswer:
    return ExceptionAnswer(
        exception_id=str(row.id),
        account_id=str(row.account_id),
        channel=row.channel,
        visit_interval_days=row.visit_interval_days,
        service_duration_s=row.service_duration_s,
        strategic=row.is_strategic,
        reason=row.reason,
        from_date=row.from_date,
        expires_on=row.until_date,
        active=row.from_date <= today < row.until_date,
        created_at=row.created_at,
    )


def _situation_answer(row: tables.SpecialSituation, snapshot: Snapshot) -> SituationAnswer:
    table = snapshot.table
    rows = decision_store.situation_of(row).rows(table, snapshot.programme)
    is_named = row.account_id is not None and len(rows) > 0
    return SituationAnswer(
        situation_id=str(row.id),
        kind=row.kind,
        account_id=None if row.account_id is None else str(row.account_id),
        account=table.name[rows[0]] if is_named else None,
        segment=row.segment,
        postcode_prefix=row.postcode_prefix,
        prize_factor=row.prize_factor,
        prize_extra=row.prize_extra_cents / 100,
        must_visit=row.is_must_visit,
        reason=row.reason,
        from_date=row.from_date,
        expires_on=row.until_date,
        active=row.from_date <= snapshot.today < row.until_date,
        accounts=len(rows),
        created_at=row.created_at,
    )
