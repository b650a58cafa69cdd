"""The matrix of potential and visit value, with what was spent on each cell."""

import numpy as np
from numpy.typing import NDArray

from accounts import STATUSES, Worth
from accounts.matrix import CELLS, Cell, CellSums, Effort, Telesales, sum_cells, telesales_case
from accounts.touches.cost_to_serve import Served, cost_to_serve, next_touch
from accounts.touches.settings import TouchChannel
from api.schemas.matrix import (
    CellFigures,
    Matrix,
    MatrixQuery,
    TelesalesFigures,
    ThresholdAnswer,
)
from api.services import policies
from api.services.analysis import money, period_of, rows_of, said_of, share
from api.services.market_settings import SUBJECT
from api.services.matrix_cells import Chosen, cells, thresholds_of, visit_value_eur
from api.services.potentials import potential_eur
from api.services.served import IN_PERSON, Service, service_of, touch_counts
from api.state import AppState, Snapshot

ACTIONS = {
    Cell.RAISE_FREQUENCY: "Visit more often",
    Cell.REACTIVATE_ACQUIRE: "Reactivate or acquire",
    Cell.KEEP: "Keep as it is",
    Cell.TELESALES: "Move to telesales",
}


def matrix(state: AppState, query: MatrixQuery) -> Matrix:
    """
    The four cells of the accounts that are meant.

    Raises
    ------
    RefusedRequestError
        When the rep or the segment is not known.
    """
    snapshot = state.snapshot()
    rows = rows_of(snapshot, query)
    chosen = thresholds_of(snapshot, query.potential, query.visit_value)
    service = service_of(state, snapshot)
    cell = cells(snapshot, chosen.thresholds)[rows]
    effort = effort_of(state, snapshot, service, query.months, rows)
    sums = sum_cells(
        cell,
        potential_eur(snapshot)[rows],
        snapshot.table.recent_revenue_eur[rows],
        visit_value_eur(snapshot)[rows],
        effort,
    )
    case = _telesales(snapshot, service, cell, sums, effort, query.months, rows)
    return Matrix(
        **said_of(snapshot, rows),
        period=period_of(snapshot, query.months),
        policy_version=policies.version_of(snapshot.policies.get(SUBJECT)),
        potential_threshold=ThresholdAnswer(
            value=chosen.thresholds.potential_eur, basis=chosen.potential_basis
        ),
        visit_value_threshold=ThresholdAnswer(
            value=chosen.thresholds.visit_value_eur, basis=chosen.visit_value_basis
        ),
        visits=int(sums.visits.sum()),
        hours=round(float(sums.hours.sum()), 1),
        cells=tuple(
            _figures(sums, k, snapshot.table.status[rows[cell == k]]) for k in range(len(CELLS))
        ),
        telesales=_told(case),
        notes=_notes(snapshot, chosen, sums),
    )


def effort_of(
    state: AppState,
    snapshot: Snapshot,
    service: Service,
    months: int,
    rows: NDArray[np.intp],
) -> Effort:
    """Visits in person of the last months to some accounts, and their time and cost."""
    count, contact_s = touch_counts(state, snapshot, months)
    in_person = np.zeros(count.shape[1], dtype=np.bool_)
    in_person[list(IN_PERSON)] = True
    nothing = np.zeros(len(rows), dtype=np.int64)
    cost = cost_to_serve(
        Served(
            touches=count[rows] * in_person,
            contact_s=contact_s[rows] * in_person,
            visit_s=service.served.visit_s[rows],
            travel_s=service.served.travel_s[rows],
            travel_m=service.served.travel_m[rows],
            contacts=nothing,
            orders=nothing,
            buys=nothing > 0,
            years=months / 12,
        ),
        service.settings,
    )
    return Effort(
        visits=count[rows][:, in_person].sum(axis=1),
        service_s=contact_s[rows][:, in_person].sum(axis=1),
        travel_s=cost.travel_s,
        cost_eur=cost.total_eur,
    )


def _telesales(
    snapshot: Snapshot,
    service: Service,
    cell: NDArray[np.uint8],
    sums: CellSums,
    effort: Effort,
    months: int,
    rows: NDArray[np.intp],
) -> Telesales:
    phone = service.settings.type_of(TouchChannel.PHONE)
    served = service.served
    in_last = rows[cell == CELLS.index(Cell.TELESALES)]
    call = next_touch(
        phone,
        service.settings,
        np.zeros(len(in_last)),
        served.visit_s[in_last],
        served.travel_s[in_last],
        served.travel_m[in_last],
    )
    worth = snapshot.worth
    return telesales_case(
        cell,
        sums,
        effort,
        Worth(worth.base_eur[rows], worth.elasticity[rows], worth.margin_share[rows]),
        months,
        float(call.time_s.mean()) if len(in_last) else 0.0,
        float(call.cost_eur.mean()) if len(in_last) else 0.0,
        min(phone.effect_share, 1.0),
    )


def _figures(sums: CellSums, k: int, status: NDArray[np.uint8]) -> CellFigures:
    counts = np.bincount(status, minlength=len(STATUSES)).tolist()
    return CellFigures(
        cell=CELLS[k].value,
        action=ACTIONS[CELLS[k]],
        account_count=int(sums.accounts[k]),
        by_status={one.value: n for one, n in zip(STATUSES, counts, strict=True)},
        potential=money(sums.potential_eur[k]),
        revenue=money(sums.revenue_eur[k]),
        visits=int(sums.visits[k]),
        visit_share=round(float(sums.visit_share[k]), 4),
        service_hours=round(float(sums.service_s[k]) / 3600, 1),
        travel_hours=round(float(sums.travel_s[k]) / 3600, 1),
        hours=round(float(sums.hours[k]), 1),
        hour_share=share(float(sums.hours[k]), float(sums.hours.sum())),
        cost=money(sums.cost_eur[k]),
        visit_value=money(sums.visit_value_eur[k] / max(float(sums.accounts[k]), 1.0)),
    )


def _told(case: Telesales) -> TelesalesFigures:
    return TelesalesFigures(
        visits=int(case.visits),
        visit_share=round(case.visit_share, 4),
        freed_hours=round(case.freed_hours, 1),
        freed_cost=money(case.freed_cost_eur),
        call_hours=round(case.call_hours, 1),
        call_cost=money(case.call_cost_eur),
        lost_contribution=money(case.lost_eur),
        saved=money(case.saved_eur),
        more_visits=int(case.more_visits),
        gained_contribution=money(case.gained_eur),
        shifted=money(case.shifted_eur),
    )


def _notes(snapshot: Snapshot, chosen: Chosen, sums: CellSums) -> tuple[str, ...]:
    notes = []
    if len(snapshot.table) and chosen.thresholds.potential_eur == 0:
        notes.append(
            "The threshold of potential is 0, so that all accounts count as large. Import "
            "potentials, or set a threshold."
        )
    if len(snapshot.table) and chosen.thresholds.visit_value_eur == 0:
        notes.append(
            "The threshold of the visit value is 0, so that all visits count as worth it. Set one."
        )
    if not sums.visits.any():
        notes.append("No visit was made in the period, so that moving accounts frees no time.")
    return tuple(notes)
