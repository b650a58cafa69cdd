"""What geocoders elsewhere have answered, so that each address is asked once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from data.geocoding.address import Candidate, GeocodeMatch
from data.geocoding.places import Level
from data.tables import GeocodeCache
from geo import Location


@dataclass(frozen=True, slots=True)
class Remembered:
    """An answer that was had before; None: nothing was known."""

    match: GeocodeMatch | None


def remembered(session: Session, provider: str, key: str) -> Remembered | None:
    """The answer to a question; None where it has not been asked."""
    found = session.execute(
        select(GeocodeCache.answer).where(
            GeocodeCache.provider == provider, GeocodeCache.key == key
        )
    ).one_or_none()
    if found is None:
        return None
    return Remembered(None if found.answer is None else _match(found.answer))


def remember(
    session: Session,
    provider: str,
    key: str,
    query: dict[str, Any],
    match: GeocodeMatch | None,
    now: datetime,
) -> None:
    """Keep the answer to a question, in place of an older one."""
    answer = None if match is None else _row(match)
    session.merge(
        GeocodeCache(provider=provider, key=key, query=query, answer=answer, created_at=now)
    )


def forget(session: Session, provider: str, before: datetime, *, only_nothing: bool) -> int:
    """
    Forget answers from before a moment; how many they were.

    Parameters
    ----------
    only_nothing
        Whether answers that know something stay.
    """
    statement = delete(GeocodeCache).where(
        GeocodeCache.provider == provider, GeocodeCache.created_at < before
    )
    if only_nothing:
        statement = statement.where(GeocodeCache.answer.is_(None))
    gone = session.execute(
        statement.returning(GeocodeCache.key).execution_options(synchronize_session=False)
    )
    return len(gone.all())


def _row(match: GeocodeMatch) -> dict[str, Any]:
    return {
        "best": _candidate_row(match.best),
        "alternatives": [_candidate_row(one) for one in match.alternatives],
        "is_ambiguous": match.is_ambiguous,
        "source": match.source,
        "attribution": match.attribution,
    }


def _candidate_row(one: Candidate) -> dict[str, Any]:
    return {
        "level": one.level.value,
        "confidence": one.confidence,
        "lon": one.location.lon,
        "lat": one.location.lat,
        "label": one.label,
        "street": one.street,
        "house_number": one.house_number,
        "postcode": one.postcode,
        "place": one.place,
        "country": one.country,
    }


def _match(row: dict[str, Any]) -> GeocodeMatch:
    return GeocodeMatch(
        _candidate(row["best"]),
        tuple(map(_candidate, row["alternatives"])),
        row["is_ambiguous"],
        row["source"],
        row["attribution"],
    )


def _candidate(row: dict[str, Any]) -> Candidate:
    facts = dict(row)
    where = Location(facts.pop("lon"), facts.pop("lat"))
    return Candidate(level=Level(facts.pop("level")), location=where, **facts)
