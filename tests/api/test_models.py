"""Models: fitted by a job, listed with their reports, and what they change."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from accounts import PROGRAMME
from api import create_app
from api.jobs.refit import TimelyFit
from api.services.fit_models import KIND, fit_now
from api.services.last_forecast import last_forecast
from api.state import AppState
from data import job_store, policy_store, programme_store, value_model_store
from data.panel_store import load_panel
from data.tables import JobStatus, PolicySubject, SalesOrder
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, TODAY
from tests.data.builders import add_order, add_visit

API = "/api/v1"
MODELS = f"{API}/models"


@pytest.fixture
def state(fresh_state: AppState) -> AppState:
    """Accounts 1 to 20 order a thousand each month for a year, and are visited every other."""
    with fresh_state.database.session() as session:
        for account_id in range(1, 21):
            for k in range(12):
                day = TODAY - timedelta(days=10 + 30 * k)
                add_order(session, account_id, day, amount_cents=100_000, margin_cents=25_000)
                if k % 2:
                    add_visit(session, account_id, NOW - timedelta(days=12 + 30 * k))
    return fresh_state


@pytest.fixture
def client(state: AppState) -> FlaskClient:
    return create_app(state).test_client()


def fit(client: FlaskClient) -> dict[str, Any]:
    """Have the models fitted, and wait; the job as it is then."""
    response = client.post(MODELS)
    assert response.status_code == 202, response.get_data(as_text=True)
    address = response.headers["Location"]
    assert address == response.get_json()["links"]["self"]
    client.application.extensions["territour.jobs"].wait_until_ended(  # type: ignore[attr-defined]
        response.get_json()["job_id"], 60
    )
    found: dict[str, Any] = client.get(address).get_json()
    return found


def test_where_nothing_was_fitted_values_are_as_the_literature_has_them(
    client: FlaskClient,
) -> None:
    listed = client.get(MODELS).get_json()
    assert (listed["items"], listed["currency"], listed["as_of"]) == ([], "EUR", "2026-11-16")
    assert "job" not in listed
    problem = assert_problem(client.get(f"{MODELS}/current"), 404, "NOT_FOUND")
    assert "as assumed" in problem["detail"]
    value = client.get(f"{API}/accounts/1/value").get_json()
    assert value["model"] == {"is_fitted": False}
    assert (value["visit_value"]["basis"], value["visit_value"]["elasticity"]) == ("prior", 0.3)


def test_a_fit_becomes_the_next_version_and_counts(client: FlaskClient, state: AppState) -> None:
    before = state.data_version
    job = fit(client)
    assert job["status"] == "complete", job
    assert state.data_version != before
    listed = client.get(MODELS).get_json()
    (item,) = listed["items"]
    assert (item["version"], item["fitted_for"], item["is_current"]) == (1, "2026-11-16", True)
    assert (item["is_fitted"], item["account_count"]) == (True, 30)
    assert listed["job"]["job_id"] == job["job_id"]
    value = client.get(f"{API}/accounts/1/value").get_json()
    assert (value["model"]["version"], value["model"]["is_fitted"]) == (1, True)
    assert fit(client)["status"] == "complete"
    versions = [
        (one["version"], one["is_current"]) for one in client.get(MODELS).get_json()["items"]
    ]
    assert versions == [(2, True), (1, False)]


def test_a_report_says_what_was_found_and_how_well_it_forecasts(
    client: FlaskClient, state: AppState
) -> None:
    fit(client)
    report = client.get(f"{MODELS}/current").get_json()
    assert client.get(f"{MODELS}/1").get_json() == report
    names = [segment.get("segment") for segment in report["segments"]]
    assert names == ["zero", "up_to_10k", "10k_100k", "100k_1m", "1m_5m", "above_5m", None]
    for segment in report["segments"]:
        low, high = segment["elasticity_low"], segment["elasticity_high"]
        assert 0 <= low <= segment["elasticity"] <= high
    holdout = report["holdout"]
    assert set(holdout["errors"]) == {"model", "past_sales", "last_year", "mean"}
    assert (
        sum(tenth["account_count"] for tenth in holdout["calibration"])
        == (holdout["account_count"])
    )
    # November has begun, and is one of the six months.
    sold = sum(tenth["account_count"] * tenth["actual"] for tenth in holdout["calibration"])
    assert sold == pytest.approx(_sold_since(state, date(2026, 6, 1)), rel=1e-3)
    assert sold >= 20 * 6 * 1_000
    model = holdout["errors"]["model"]
    forecast = sum(tenth["account_count"] * tenth["forecast"] for tenth in holdout["calibration"])
    assert model["total_ratio"] == pytest.approx(forecast / sold, rel=1e-3)
    assert 0 < model["mean_absolute"] <= model["root_mean_square"]
    assert "last_forecast" not in report
    assert report["first_day"] == "2024-11-01"


def _sold_since(state: AppState, day: date) -> float:
    """To accounts that had bought before."""
    before = select(SalesOrder.account_id).where(SalesOrder.order_date < day)
    statement = select(func.sum(SalesOrder.amount_cents)).where(
        SalesOrder.order_date >= day, SalesOrder.account_id.in_(before)
    )
    with state.database.session() as session:
        return float(session.scalar(statement) or 0) / 100


@pytest.mark.parametrize("version", ["2", "0", "-1", "x", "1.0", "99999999999999999999", "²"])
def test_a_version_that_is_not_there_is_not_found(client: FlaskClient, version: str) -> None:
    fit(client)
    assert_problem(client.get(f"{MODELS}/{version}"), 404, "NOT_FOUND")


def test_two_fits_at_a_time_are_refused(client: FlaskClient, state: AppState) -> None:
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        job_store.add(
            session, job_id="j-1", dataset_id=dataset_id, kind=KIND, params={}, created_at=NOW
        )
    problem = assert_problem(client.post(MODELS), 409, "JOB_IN_PROGRESS")
    assert "j-1" in problem["detail"]


def test_jobs_of_other_kinds_are_no_fits(client: FlaskClient, state: AppState) -> None:
    dataset_id = state.snapshot().dataset.id
    with state.database.session() as session:
        job_store.add(
            session, job_id="j-1", dataset_id=dataset_id, kind="plan", params={}, created_at=NOW
        )
    for job_id in ("j-1", "j-2"):
        assert_problem(client.get(f"{MODELS}/jobs/{job_id}"), 404, "NOT_FOUND")


def test_a_model_of_another_form_leaves_values_as_assumed(
    client: FlaskClient, state: AppState
) -> None:
    """It was written by a service of another age; nothing breaks, and the next fit mends it."""
    fit(client)
    with state.database.session() as session:
        model = value_model_store.current(session, state.snapshot().dataset.id)
        assert model is not None
        value_model_store.add(session, model.dataset_id, TODAY, {"version": 99}, model.report, NOW)
    value = client.get(f"{API}/accounts/1/value").get_json()
    assert value["model"] == {"is_fitted": False}
    assert client.get(f"{API}/accounts?sort=customer_value").status_code == 200


def test_a_stored_route_stays_as_it_is_when_the_models_change(
    client: FlaskClient, state: AppState
) -> None:
    from tests.api.small_world import trip_request

    made = client.post(f"{API}/routes", json=trip_request()).get_json()
    address = made["links"]["self"]
    before = client.get(address).get_json()
    fit(client)
    assert client.get(address).get_json() == before
    assert state.data_version != before["data_version"]


def _rename_a_segment(state: AppState) -> None:
    """Of the third segment, 10k to 100k, nobody has heard before."""
    programme = [replace(one, name="new") if k == 2 else one for k, one in enumerate(PROGRAMME)]
    with state.database.session() as session:
        policy_store.add(
            session,
            state.snapshot().dataset.id,
            PolicySubject.PROGRAMME,
            programme_store.to_body(programme),
            "",
            NOW,
        )


def test_segments_that_came_later_go_by_all_accounts_together(state: AppState) -> None:
    fit_now(state)
    _rename_a_segment(state)
    snapshot = state.snapshot()
    fitted = snapshot.parameters.elasticity
    for row, segment in enumerate(snapshot.table.segment.tolist()):
        expected = fitted[-1] if snapshot.programme[segment].name == "new" else fitted[segment]
        assert snapshot.values.elasticity[row] == expected
    assert {1, 2} <= set(snapshot.table.segment.tolist())


class TestLastForecast:
    def test_sales_since_then_are_set_against_what_was_foretold(self, state: AppState) -> None:
        """
        Fitted for 16 September, 20 accounts had bought ten thousand each; of those who had
        bought, two months later all have bought two thousand more.
        """
        snapshot = state.snapshot()
        fit_now(state)
        with state.database.session() as session:
            model = value_model_store.current(session, snapshot.dataset.id)
            assert model is not None
            model.fitted_for = date(2026, 9, 16)
        with state.database.session() as session:
            panel = load_panel(session, snapshot.dataset.id, snapshot.table, snapshot.today)
            judged = last_forecast(session, snapshot, panel, model)
        assert judged is not None
        assert (judged["version"], judged["from"], judged["until"]) == (
            1,
            "2026-09-16",
            "2026-11-16",
        )
        # 16 September to 16 November are 61 days.
        assert judged["months"] == pytest.approx(61 / (365.25 / 12))
        sold = sum(one["account_count"] * one["actual_eur"] for one in judged["calibration"])
        snapshot = state.snapshot()
        after = panel.order_day > (date(2026, 9, 16) - date(1970, 1, 1)).days
        known = np.isin(panel.order_row[after], _had_ordered_before(panel, date(2026, 9, 16)))
        assert sold == pytest.approx(panel.order_eur[after][known].sum())
        assert sold >= 20 * 2_000
        assert judged["errors"]["model"]["total_ratio"] == pytest.approx(1, abs=0.4)

    def test_the_next_fit_reports_how_well_a_month_old_one_did(
        self, client: FlaskClient, state: AppState
    ) -> None:
        fit(client)
        with state.database.session() as session:
            model = value_model_store.current(session, state.snapshot().dataset.id)
            assert model is not None
            model.fitted_for = TODAY - timedelta(days=28)
        fit(client)
        report = client.get(f"{MODELS}/current").get_json()
        assert report["version"] == 2
        last = report["last_forecast"]
        assert (last["version"], last["from"], last["until"]) == (1, "2026-10-19", "2026-11-16")


def _had_ordered_before(panel: Any, day: date) -> Any:
    before = panel.order_day <= (day - date(1970, 1, 1)).days
    return np.unique(panel.order_row[before])


class TestTimelyFit:
    def test_it_asks_once_where_nothing_was_fitted(self, state: AppState) -> None:
        timely = TimelyFit(state.database, state.clock, 30)
        assert timely.look()
        assert not timely.look()

    def test_it_waits_until_the_models_are_old(self, state: AppState) -> None:
        fit_now(state)
        later = NOW + timedelta(days=29, hours=23)
        assert not TimelyFit(state.database, lambda: later, 30).look()
        later = NOW + timedelta(days=30)
        assert TimelyFit(state.database, lambda: later, 30).look()

    def test_a_fit_to_nothing_is_old_after_a_day(self, state: AppState) -> None:
        dataset_id = state.snapshot().dataset.id
        with state.database.session() as session:
            report = {"is_fitted": False, "segment_names": [one.name for one in PROGRAMME]}
            value_model_store.add(session, dataset_id, TODAY, {}, report, NOW)
        later = NOW + timedelta(days=1)
        assert not TimelyFit(state.database, lambda: NOW, 30).look()
        assert TimelyFit(state.database, lambda: later, 30).look()

    def test_models_of_other_segments_are_old_at_once(self, state: AppState) -> None:
        fit_now(state)
        _rename_a_segment(state)
        assert TimelyFit(state.database, state.clock, 30).look()

    def test_a_fit_that_failed_is_tried_again_on_the_next_day(self, state: AppState) -> None:
        dataset_id = state.snapshot().dataset.id
        with state.database.session() as session:
            job_store.add(
                session, job_id="j-1", dataset_id=dataset_id, kind=KIND, params={}, created_at=NOW
            )
            job_store.get(session, "j-1").status = JobStatus.FAILED
        later = NOW + timedelta(hours=25)
        assert not TimelyFit(state.database, lambda: NOW, 30).look()
        assert TimelyFit(state.database, lambda: later, 30).look()

    def test_it_looks_neither_at_once_nor_where_it_shall_never(self, state: AppState) -> None:
        dataset_id = state.snapshot().dataset.id
        never = TimelyFit(state.database, state.clock, 0)
        never._next_s = 0.0
        never.when_due()
        TimelyFit(state.database, state.clock, 30).when_due()
        with state.database.session() as session:
            assert job_store.newest(session, dataset_id, KIND, 1) == []
