"""What one account is worth."""

import numpy as np
from numpy.typing import NDArray

from accounts.value.account_values import HORIZON_MONTHS
from accounts.value.response_fit import INTERVAL_Z, LIMITS
from accounts.visit_value import visits_per_month
from api.schemas.account_value import (
    AccountValue,
    Attainable,
    Churn,
    CustomerValue,
    Growth,
    ModelUsed,
    Potential,
    VisitValue,
)
from api.services.accounts import stored_row
from api.state import Snapshot


def account_value(snapshot: Snapshot, account_id: str) -> AccountValue:
    """
    Customer value, churn risk, potential, growth and visit value, each with its parts.

    Raises
    ------
    NotStoredError
        When there is no such account.
    """
    row = stored_row(snapshot, account_id)
    values, table = snapshot.values, snapshot.table

    def share(column: NDArray[np.float64]) -> float:
        return round(float(column[row]), 4)

    def money(column: NDArray[np.float64]) -> float:
        return round(float(column[row]), 2)

    is_stated = bool(values.is_potential_stated[row])
    return AccountValue(
        account_id=str(table.account_id[row]),
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        model=model_used(snapshot),
        customer_value=CustomerValue(
            value=money(values.customer_value_eur),
            horizon_months=HORIZON_MONTHS,
            expected_orders=share(values.expected_orders),
            margin_per_order=money(values.expected_margin_eur),
            order_amount=money(values.order_eur),
            margin_share=share(values.margin_share),
        ),
        churn=Churn(risk=share(values.churn_risk), is_alive=bool(values.is_alive[row]))
        if values.has_orders[row]
        else None,
        potential=Potential(
            value=money(values.potential_forecast_eur),
            basis="stated" if is_stated else "forecast",
            low=None if is_stated else money(values.potential_low_eur),
            high=None if is_stated else money(values.potential_high_eur),
        ),
        attainable=Attainable(
            value=money(values.attainable_eur),
            low=money(values.attainable_low_eur),
            high=money(values.attainable_high_eur),
        ),
        growth=Growth(
            sales=round(float(values.target_eur[row] - values.growth_eur[row]), 2),
            target=money(values.target_eur),
            growth=money(values.growth_eur),
        ),
        visit_value=_visit_value(snapshot, row),
    )


def model_used(snapshot: Snapshot) -> ModelUsed:
    """What values come from."""
    model = snapshot.model
    if model is None:
        return ModelUsed(is_fitted=False)
    return ModelUsed(
        version=model.version,
        fitted_for=model.fitted_for,
        created_at=model.created_at,
        is_fitted=model.parameters.is_fitted,
    )


def _visit_value(snapshot: Snapshot, row: int) -> VisitValue:
    values, parameters = snapshot.values, snapshot.parameters
    group = int(parameters.group_of(snapshot.fitted_segment[row : row + 1])[0])
    step = INTERVAL_Z * parameters.elasticity_sd[group]
    elasticity = float(values.elasticity[row])
    low, high = np.clip((elasticity - step, elasticity + step), *LIMITS).tolist()
    return VisitValue(
        # As the planner takes it, to the cent.
        value=int(snapshot.scores(snapshot.today_day).visit_value_cents[row]) / 100,
        low=round(float(values.visit_value_low_eur[row]), 2),
        high=round(float(values.visit_value_high_eur[row]), 2),
        basis="data" if values.is_data[row] else "prior",
        base_per_month=round(float(values.base_eur[row]), 2),
        own_share=round(float(values.own_share[row]), 4),
        orders_per_month=round(float(values.orders_per_month[row]), 4),
        elasticity=round(elasticity, 4),
        elasticity_low=round(low, 4),
        elasticity_high=round(high, 4),
        margin_share=round(float(values.margin_share[row]), 4),
        visits_per_month=round(float(visits_per_month(snapshot.table)[row]), 4),
    )
