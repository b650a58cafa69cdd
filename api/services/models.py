"""Fitted models: list them, see one with its report, have them fitted anew."""

from typing import Any

from accounts.value.response_fit import INTERVAL_Z
from api.schemas.model import (
    CalibrationTenth,
    FitJob,
    ForecastErrors,
    Holdout,
    LastForecast,
    ModelItem,
    ModelLinks,
    ModelList,
    ModelReport,
    SegmentResponse,
)
from api.services.errors import JobInProgressError, NotStoredError
from api.services.fit_models import KIND
from api.state import AppState
from data import job_store, value_model_store
from data.errors import NotFoundError
from data.tables import Job, ValueModel

CURRENT = "current"
"""Instead of a version: the one that counts."""

NAIVE = ("past_sales", "last_year", "mean")


def listed(state: AppState, limit: int, base: str) -> ModelList:
    """The last versions, and the last job that was to make one."""
    snapshot = state.snapshot()
    with state.database.session() as session:
        models = value_model_store.newest(session, snapshot.dataset.id, limit)
        jobs = job_store.newest(session, snapshot.dataset.id, KIND, 1)
    newest = models[0].version if models else None
    return ModelList(
        as_of=snapshot.today,
        data_version=snapshot.data_version,
        currency=snapshot.dataset.currency,
        items=tuple(ModelItem(**_item(model, newest, base)) for model in models),
        refit_days=state.settings.model_days,
        job=_job(jobs[0], base) if jobs else None,
    )


def found(state: AppState, version: str, base: str) -> ModelReport:
    """
    One version, by its number or as the one that counts.

    Raises
    ------
    NotStoredError
        When there is no such version.
    """
    snapshot = state.snapshot()
    dataset_id = snapshot.dataset.id
    with state.database.session() as session:
        head = value_model_store.head(session, dataset_id)
        if head is None:
            raise NotStoredError(
                f"Nothing has been fitted yet; values are as assumed. POST {base} has it done."
            )
        is_number = version.isascii() and version.isdecimal() and len(version) < 10
        try:
            if not is_number and version != CURRENT:
                raise NotFoundError(f"There is no version {version} of the fitted models.")
            number = head.version if version == CURRENT else int(version)
            model = value_model_store.get(session, dataset_id, number)
        except NotFoundError as error:
            raise NotStoredError(str(error)) from None
    report = model.report
    return ModelReport.model_validate(
        {
            **_item(model, head.version, base),
            "as_of": snapshot.today,
            "data_version": snapshot.data_version,
            "currency": snapshot.dataset.currency,
            "first_day": report["first_day"],
            "segments": tuple(_segment(one, report["segment_names"]) for one in report["segments"]),
            "holdout": _holdout(report["holdout"]),
            "last_forecast": _last(report["last_forecast"]),
            "notes": tuple(report["notes"]),
            "duration_s": report["duration_s"],
            "cpu_s": report["cpu_s"],
        }
    )


def submit(state: AppState, base: str) -> FitJob:
    """
    Store a job that fits anew.

    Raises
    ------
    JobInProgressError
        When one has not ended.
    """
    dataset_id, job_id = state.snapshot().dataset.id, job_store.new_job_id()
    with state.database.session() as session:
        other = job_store.unfinished_of(session, dataset_id, KIND)
        if other is not None:
            raise JobInProgressError(
                f"The job {other} fits the models already. Wait until it has ended; "
                f"GET {base}/jobs/{other} says when."
            )
        job_store.add(
            session,
            job_id=job_id,
            dataset_id=dataset_id,
            kind=KIND,
            params={},
            created_at=state.clock(),
        )
        return _job(job_store.get(session, job_id), base)


def job_of(state: AppState, job_id: str, base: str) -> FitJob:
    """
    How far a fit is.

    Raises
    ------
    NotStoredError
        When there is no such job, or it has been forgotten.
    """
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        try:
            job = job_store.get(session, job_id)
        except NotFoundError:
            job = None
    if job is None or (job.dataset_id, job.kind) != (dataset_id, KIND):
        raise NotStoredError(f"There is no job {job_id} that fits models, or it is forgotten.")
    return _job(job, base)


def _item(model: ValueModel, newest: int | None, base: str) -> dict[str, Any]:
    report = model.report
    errors = (report["holdout"] or {}).get("errors", {})
    naive = [errors[name]["mean_absolute_eur"] for name in NAIVE if name in errors]
    own = errors.get("model")
    return {
        "version": model.version,
        "fitted_for": model.fitted_for,
        "created_at": model.created_at,
        "is_current": model.version == newest,
        "is_fitted": report["is_fitted"],
        "account_count": report["account_count"],
        "customer_count": report["customer_count"],
        "purchase_model": report["purchase_model"],
        "mean_absolute_error": None if own is None else round(own["mean_absolute_eur"], 2),
        "naive_error": round(min(naive), 2) if naive else None,
        "links": ModelLinks(self=f"{base}/{model.version}"),
    }


def _segment(told: dict[str, Any], names: list[str]) -> SegmentResponse:
    low, high = (
        round(max(told["elasticity"] + sign * INTERVAL_Z * told["elasticity_sd"], 0.0), 4)
        for sign in (-1, 1)
    )
    index = told["segment"]
    return SegmentResponse(
        segment=None if index is None else names[index],
        informative=told["informative"],
        estimate=_rounded(told["estimate"]),
        error=_rounded(told["error"]),
        elasticity=round(told["elasticity"], 4),
        elasticity_low=low,
        elasticity_high=high,
        basis=told["basis"],
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _forecast(told: dict[str, Any]) -> dict[str, Any]:
    return {
        "months": round(told["months"], 2),
        "account_count": told["account_count"],
        "errors": {
            name: ForecastErrors(
                mean_absolute=round(one["mean_absolute_eur"], 2),
                root_mean_square=round(one["root_mean_square_eur"], 2),
                total_ratio=round(one["total_ratio"], 4),
                top_tenth_share=round(one["top_tenth_share"], 4),
            )
            for name, one in told["errors"].items()
        },
        "recency_top_tenth_share": round(told["recency_top_tenth_share"], 4),
        "calibration": tuple(
            CalibrationTenth(
                account_count=one["account_count"],
                forecast=round(one["forecast_eur"], 2),
                actual=round(one["actual_eur"], 2),
            )
            for one in told["calibration"]
        ),
    }


def _holdout(told: dict[str, Any] | None) -> Holdout | None:
    if told is None:
        return None
    deviance = {name: round(value, 4) for name, value in told["deviance"].items()}
    return Holdout(**_forecast(told), deviance=deviance)


def _last(told: dict[str, Any] | None) -> LastForecast | None:
    if told is None:
        return None
    return LastForecast.model_validate(
        {
            **_forecast(told),
            "version": told["version"],
            "from": told["from"],
            "until": told["until"],
        }
    )


def _job(job: Job, base: str) -> FitJob:
    return FitJob.model_validate(
        {
            "job_id": job.id,
            "status": job.status.value,
            "created_at": job.created_at,
            "started_at": job.started_at,
            "finished_at": job.finished_at,
            "problem": job.problem,
            "links": ModelLinks(self=f"{base}/jobs/{job.id}"),
        }
    )
