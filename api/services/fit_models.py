"""Fit what accounts are worth to their past, and say how well such forecasts have done."""

import time
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from accounts.value.account_values import ValueParameters, fit
from accounts.value.panel import Panel
from api.services.errors import DatasetChangedError
from api.services.last_forecast import last_forecast
from api.services.outcome import Outcome
from api.services.progress import Listener, PlanCancelledError
from api.state import AppState, Snapshot
from data import value_model_store
from data.database import Session
from data.panel_store import load_panel
from data.tables import Job, JobStatus, ValueModel

KIND = "fit"

LEAST_DAYS = 28
"""A forecast is judged when so much of what it was about has come."""


def run(state: AppState, job: Job, listener: Listener) -> Outcome:
    """
    Fit to all that is known today; the next version of the models, with its report.

    Raises
    ------
    DatasetChangedError
        When another data set has been chosen since.
    PlanCancelledError
        When the listener has gone.
    """
    snapshot = state.snapshot()
    if snapshot.dataset.id != job.dataset_id:
        raise DatasetChangedError(
            "Another data set was chosen before the models were fitted. Ask for it again, or "
            "choose the former data set first."
        )
    listener.stage("fitting", f"Fitting to the past of {len(snapshot.table):,} accounts")
    fitted = _Fitted.of(state, snapshot)
    if listener.is_gone:
        raise PlanCancelledError
    if listener.is_cancelled:
        return Outcome(JobStatus.CANCELLED, lambda session: None)

    def store(session: Session) -> None:
        fitted.store(state, session)

    return Outcome(JobStatus.COMPLETE, store)


def fit_now(state: AppState) -> None:
    """Fit without a job, for a service that does not answer yet."""
    fitted = _Fitted.of(state, state.snapshot())
    with state.database.session() as session:
        fitted.store(state, session)


class _Fitted:
    """What came of a fit, still to be stored."""

    def __init__(
        self, snapshot: Snapshot, parameters: ValueParameters, report: dict[str, Any]
    ) -> None:
        self._dataset_id, self._today = snapshot.dataset.id, snapshot.today
        self._parameters, self._report = parameters, report

    @classmethod
    def of(cls, state: AppState, snapshot: Snapshot) -> "_Fitted":
        began_s, began_cpu_s = time.monotonic(), time.process_time()
        with state.database.session() as session:
            panel = load_panel(session, snapshot.dataset.id, snapshot.table, snapshot.today)
        parameters, report = fit(
            panel, snapshot.table, snapshot.today_day, segment_count=len(snapshot.programme)
        )
        judged = _judged(state, snapshot, panel)
        stored = asdict(report) | {
            "is_fitted": parameters.is_fitted,
            "last_forecast": judged,
            "first_day": _date(panel.first_day).isoformat(),
            "segment_names": [segment.name for segment in snapshot.programme],
            "duration_s": round(time.monotonic() - began_s, 2),
            "cpu_s": round(time.process_time() - began_cpu_s, 2),
        }
        return cls(snapshot, parameters, stored)

    def store(self, state: AppState, session: Session) -> ValueModel:
        return value_model_store.add(
            session,
            self._dataset_id,
            self._today,
            self._parameters.to_dict(),
            self._report,
            state.clock(),
        )


def _judged(state: AppState, snapshot: Snapshot, panel: Panel) -> dict[str, Any] | None:
    """How well the newest version did of which enough has come to be judged; None without one."""
    day = snapshot.today - timedelta(days=LEAST_DAYS)
    with state.database.session() as session:
        model = value_model_store.fitted_until(session, snapshot.dataset.id, day)
        return None if model is None else last_forecast(session, snapshot, panel, model)


def _date(day: int) -> date:
    return date(1970, 1, 1) + timedelta(days=day)
