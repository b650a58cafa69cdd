"""What was fitted to the history of a data set, by version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from data.errors import NotFoundError
from data.tables import ValueModel


def current(session: Session, dataset_id: int) -> ValueModel | None:
    """The version that counts, or None where nothing was fitted."""
    statement = (
        select(ValueModel)
        .where(ValueModel.dataset_id == dataset_id)
        .order_by(ValueModel.version.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


@dataclass(frozen=True, slots=True)
class Head:
    """
    Of the version that counts.

    Parameters
    ----------
    is_fitted
        Whether there was a past to fit to.
    segments
        Names of the segments of the engagement programme at the time.
    """

    version: int
    created_at: datetime
    is_fitted: bool
    segments: tuple[str, ...]


def head(session: Session, dataset_id: int) -> Head | None:
    """Of the version that counts, without reading what was fitted; None where nothing was."""
    statement = (
        select(
            ValueModel.version,
            ValueModel.created_at,
            ValueModel.report["is_fitted"].as_boolean().label("is_fitted"),
            ValueModel.report["segment_names"].as_json().label("segments"),
        )
        .where(ValueModel.dataset_id == dataset_id)
        .order_by(ValueModel.version.desc())
        .limit(1)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    return Head(row.version, row.created_at, bool(row.is_fitted), tuple(row.segments or ()))


def fitted_until(session: Session, dataset_id: int, day: date) -> ValueModel | None:
    """The newest version that knew nothing after a day."""
    statement = (
        select(ValueModel)
        .where(ValueModel.dataset_id == dataset_id, ValueModel.fitted_for <= day)
        .order_by(ValueModel.version.desc())
        .limit(1)
    )
    return session.scalars(statement).one_or_none()


def newest(session: Session, dataset_id: int, limit: int) -> tuple[ValueModel, ...]:
    """The last versions, newest first, without their parameters, which are large."""
    statement = (
        select(ValueModel)
        .where(ValueModel.dataset_id == dataset_id)
        .order_by(ValueModel.version.desc())
        .limit(limit)
        .options(defer(ValueModel.parameters, raiseload=True))
    )
    return tuple(session.scalars(statement))


def get(session: Session, dataset_id: int, version: int) -> ValueModel:
    """
    One version.

    Raises
    ------
    NotFoundError
        When there is no such version.
    """
    statement = select(ValueModel).where(
        ValueModel.dataset_id == dataset_id, ValueModel.version == version
    )
    model = session.scalars(statement).one_or_none()
    if model is None:
        raise NotFoundError(f"There is no version {version} of the fitted models.")
    return model


def add(
    session: Session,
    dataset_id: int,
    fitted_for: date,
    parameters: Mapping[str, Any],
    report: Mapping[str, Any],
    created_at: datetime,
) -> ValueModel:
    """
    Add the next version, which counts from now on.

    Parameters
    ----------
    fitted_for
        The last day of the history that it was fitted to.
    """
    newest_version = select(func.max(ValueModel.version)).where(ValueModel.dataset_id == dataset_id)
    model = ValueModel(
        dataset_id=dataset_id,
        version=(session.scalar(newest_version) or 0) + 1,
        fitted_for=fitted_for,
        parameters=dict(parameters),
        report=dict(report),
        created_at=created_at,
    )
    session.add(model)
    session.flush()
    return model
