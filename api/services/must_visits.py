"""Visits that a special situation requires: which of them a trip has to make."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from api.schemas.route import Warning_
from api.services.considered import Considered
from api.services.left_out import Screening
from api.services.reason_texts import Wording, reason_text
from api.services.under_way import Standing

MOST_A_DAY = 10
"""Required visits that the service adds for each day of a trip: more could not be made."""

NAMES_TOLD = 5


def still_meant(considered: Considered, standing: Standing, has_begun: bool) -> Considered:
    """
    Considered with the requirements that count for a trip.

    A route that is planned anew keeps those that it visits and takes on no others: a plan that was
    told to customers does not become impossible because somebody wants one more visit.
    """
    if not has_begun:
        return considered
    return replace(considered, is_must=considered.is_must & standing.is_planned)


def with_musts(
    considered: Considered, screening: Screening, day_count: int, wording: Wording, is_week: bool
) -> tuple[Considered, tuple[Warning_, ...]]:
    """
    Considered with required visits to those who can be visited at all, and what is to be told.

    On the way from one place to another only those within the detour count, and nothing is said of
    the others. In the week of a rep each one that cannot be visited is told.
    """
    warnings = []
    within = considered.is_must & screening.is_in
    chosen = _most_valuable(considered, np.flatnonzero(within), MOST_A_DAY * day_count)
    if len(chosen) < within.sum():
        warnings.append(
            Warning_(
                code="MUST_VISITS_TOO_MANY",
                detail=f"Special situations require {within.sum()} visits, more than "
                f"{MOST_A_DAY} a day. The {len(chosen)} that are worth most are required, the "
                "others may be made.",
            )
        )
    left_out = np.flatnonzero(considered.is_must & ~screening.is_in)
    if is_week and len(left_out):
        warnings.append(_left_out(considered, screening, left_out, wording))
    is_required = considered.is_required.copy()
    is_required[chosen] = True
    return replace(considered, is_required=is_required), tuple(warnings)


def _most_valuable(considered: Considered, rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Ties by account id, which is the order of the rows."""
    order = np.argsort(-considered.prize_cents[rows], kind="stable")
    return rows[order[:most]]


def _left_out(
    considered: Considered, screening: Screening, rows: NDArray[np.intp], wording: Wording
) -> Warning_:
    told = [
        f"{considered.name[row]}: {reason_text(screening.reason(row), wording)}"
        for row in rows[:NAMES_TOLD].tolist()
    ]
    more = f" And {len(rows) - NAMES_TOLD} more." if len(rows) > NAMES_TOLD else ""
    return Warning_(
        code="MUST_VISIT_LEFT_OUT",
        detail=f"Special situations require visits that cannot be made. {' '.join(told)}{more}",
    )
