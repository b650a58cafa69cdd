"""Representatives."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.errors import NotFoundError
from data.tables import Rep


def all_reps(session: Session, dataset_id: int) -> list[Rep]:
    """The data set's representatives by name."""
    return list(
        session.scalars(select(Rep).where(Rep.dataset_id == dataset_id).order_by(Rep.name, Rep.id))
    )


def get(session: Session, dataset_id: int, rep_id: int) -> Rep:
    """
    One representative.

    Raises
    ------
    NotFoundError
        When the data set has none with this id.
    """
    rep = session.get(Rep, rep_id)
    if rep is None or rep.dataset_id != dataset_id:
        raise NotFoundError(f"There is no representative {rep_id}.")
    return rep
