"""What a fit found and how well its forecasts did, as plain values that can be stored and shown."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.value.response_fit import ResponseFit

TENTHS = 10


@dataclass(frozen=True, slots=True)
class SegmentReport:
    """
    How one segment responds to visits.

    Parameters
    ----------
    segment
        Index into the engagement programme, or None for all accounts together.
    informative
        Accounts that order and whose visits change.
    estimate, error
        What the data alone say, and its standard error; None where they say nothing.
    elasticity, elasticity_sd
        What is reckoned with: mixed with the prior, and how uncertain it is.
    basis
        `data` or `prior`, whichever says more.
    """

    segment: int | None
    informative: int
    estimate: float | None
    error: float | None
    elasticity: float
    elasticity_sd: float
    basis: str

    @classmethod
    def of(cls, response: ResponseFit) -> "tuple[SegmentReport, ...]":
        """One for each segment, and one for all."""
        last = len(response.estimate) - 1
        return tuple(
            cls(
                segment=index if index < last else None,
                informative=int(response.informative[index]),
                estimate=_number(response.estimate[index]),
                error=_number(response.error[index]),
                elasticity=float(response.elasticity[index]),
                elasticity_sd=float(response.shrunk_sd[index]),
                basis="data" if response.is_data[index] else "prior",
            )
            for index in range(last + 1)
        )


@dataclass(frozen=True, slots=True)
class ForecastError:
    """
    How far one way to forecast was off on sales that it had not seen.

    Parameters
    ----------
    mean_absolute_eur, root_mean_square_eur
        Per account.
    total_ratio
        Forecast total over the actual one.
    top_tenth_share
        Share of the actual sales that the tenth of the accounts with the highest forecasts brought.
    """

    mean_absolute_eur: float
    root_mean_square_eur: float
    total_ratio: float
    top_tenth_share: float


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """Mean forecast and mean actual sales of a tenth of the accounts, by ascending forecast."""

    account_count: int
    forecast_eur: float
    actual_eur: float


@dataclass(frozen=True, slots=True)
class HoldoutReport:
    """
    Forecasts from what was known before the last months, against what came then.

    Parameters
    ----------
    months
        That were held out.
    account_count
        Accounts with orders before.
    errors
        Of the model and of naive forecasts: `past_sales` (the mean of the whole past goes on),
        `last_year`, and `mean` (every account buys the same).
    recency_top_tenth_share
        As in `ForecastError`, for the tenth that ordered last.
    calibration
        Of the model.
    deviance
        By purchase model, Poisson deviance of the forecast orders; less is better.
    """

    months: float
    account_count: int
    errors: dict[str, ForecastError]
    recency_top_tenth_share: float
    calibration: tuple[CalibrationPoint, ...]
    deviance: dict[str, float]


@dataclass(frozen=True, slots=True)
class FitReport:
    """
    What came of a fit.

    Parameters
    ----------
    purchase_model
        The one that predicted best; None while nothing was fitted.
    holdout
        None where the history is too short.
    notes
        What was done to events that could not be taken as they were, and what was assumed.
    """

    account_count: int
    customer_count: int
    purchase_model: str | None
    segments: tuple[SegmentReport, ...]
    holdout: HoldoutReport | None
    notes: tuple[str, ...]

    @classmethod
    def empty(cls, account_count: int, notes: tuple[str, ...]) -> "FitReport":
        """Where there was nothing to fit to."""
        return cls(account_count, 0, None, (), None, notes)

    def to_dict(self) -> dict[str, Any]:
        """As values of JSON."""
        return asdict(self)


def holdout_report(
    months: float,
    deviance: dict[str, float],
    actual_eur: NDArray[np.float64],
    forecasts: dict[str, NDArray[np.float64]],
    last_order_day: NDArray[np.int64],
) -> HoldoutReport:
    """
    Compare forecasts with what came.

    Parameters
    ----------
    actual_eur
        (n,), sales within the months held out.
    forecasts
        (n,) each, `model` among them.
    last_order_day
        (n,), of the last order before.
    """
    return HoldoutReport(
        months=months,
        account_count=len(actual_eur),
        errors={name: forecast_error(actual_eur, value) for name, value in forecasts.items()},
        recency_top_tenth_share=top_tenth_share(actual_eur, last_order_day.astype(np.float64)),
        calibration=calibration(actual_eur, forecasts["model"]),
        deviance=deviance,
    )


def forecast_error(actual: NDArray[np.float64], forecast: NDArray[np.float64]) -> ForecastError:
    """How far a forecast was off."""
    total = float(actual.sum())
    return ForecastError(
        mean_absolute_eur=float(np.abs(forecast - actual).mean()),
        root_mean_square_eur=float(np.sqrt(((forecast - actual) ** 2).mean())),
        total_ratio=float(forecast.sum()) / total if total > 0 else 0.0,
        top_tenth_share=top_tenth_share(actual, forecast),
    )


def top_tenth_share(actual: NDArray[np.float64], rank_by: NDArray[np.float64]) -> float:
    """Share of the total that the tenth of highest rank brings; ties count in part."""
    total = float(actual.sum())
    if total <= 0:
        return 0.0
    wanted = max(1, round(len(actual) / TENTHS))
    limit = np.sort(rank_by)[-wanted]
    above, tied = rank_by > limit, rank_by == limit
    part = (wanted - above.sum()) / tied.sum()
    return float((actual[above].sum() + part * actual[tied].sum()) / total)


def calibration(
    actual: NDArray[np.float64], forecast: NDArray[np.float64]
) -> tuple[CalibrationPoint, ...]:
    """Tenths by ascending forecast."""
    parts = np.array_split(np.argsort(forecast, kind="stable"), TENTHS)
    return tuple(
        CalibrationPoint(len(rows), float(forecast[rows].mean()), float(actual[rows].mean()))
        for rows in parts
        if len(rows)
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
