"""Plan against actual at four levels, and the review of a week."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from api.state import AppState
from data.tables import Account, Channel, Ownership, SalesOrder, Visit, VisitStatus
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, TODAY
from tests.data.builders import add_order, add_visit

ROUNDS = "/api/v1/planning-rounds"
ADA, BEN = "1", "2"
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def sales(copied_state: AppState) -> AppState:
    """
    A world in which nothing was sold but by Ada, whose plan for November is EUR 21,000.

    November 2026 has 21 days from Monday to Friday, EUR 1,000 each. Today is Monday the 16th, the
    eleventh of them. Sold: EUR 400 on 2 November, EUR 300 on the 16th, 50 in October.
    """
    with copied_state.database.session() as session:
        session.execute(delete(SalesOrder))
        for day, cents in (
            (date(2026, 10, 30), 5_000),
            (date(2026, 11, 2), 40_000),
            (TODAY, 30_000),
        ):
            add_order(session, 1, day, amount_cents=cents)
    return copied_state


def agree(client: FlaskClient, month: str = "2026-11", **agreed: float) -> None:
    assert client.post(ROUNDS, json={"month": month}).status_code == 201
    for rep_id, amount in agreed.items():
        body = {"agreed": amount}
        address = f"{ROUNDS}/{month}/figures/{rep_id.removeprefix('rep_')}"
        assert client.put(address, json=body).status_code == 200


def results(client: FlaskClient, **query: str) -> dict[str, Any]:
    response = client.get(f"{ROUNDS}/results", query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def week(client: FlaskClient, **query: str) -> dict[str, Any]:
    response = client.get(f"{ROUNDS}/week", query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


@pytest.mark.parametrize(
    ("level", "first", "last", "plan", "plan_to_date", "actual"),
    [
        ("operational", "2026-11-16", "2026-11-16", 1_000, 1_000, 300),
        ("tactical", "2026-11-16", "2026-11-29", 10_000, 1_000, 300),
    ],
)
def test_days_and_weeks_compare_their_part_of_the_month_with_what_was_sold(
    sales: AppState,
    copied_client: FlaskClient,
    level: str,
    first: str,
    last: str,
    plan: float,
    plan_to_date: float,
    actual: float,
) -> None:
    agree(copied_client, rep_1=21_000)
    found = results(copied_client, level=level, rep_id=ADA)
    assert (found["first"], found["last"]) == (first, last)
    total = found["total"]
    assert total["basis"] == "agreed"
    assert total["plan"] == pytest.approx(plan)
    assert total["plan_to_date"] == pytest.approx(plan_to_date)
    assert (total["actual"], total["compared"]) == (actual, actual)
    assert total["difference"] == pytest.approx(actual - plan_to_date)
    assert total["attained_share"] == pytest.approx(actual / plan_to_date)


def test_a_quarter_compares_only_the_months_that_were_planned(
    sales: AppState, copied_client: FlaskClient
) -> None:
    agree(copied_client, rep_1=21_000)
    agree(copied_client, "2026-12", rep_1=9_000)
    total = results(copied_client, level="strategic_short", rep_id=ADA)["total"]
    # October has no round, so that its EUR 50 are compared with nothing.
    assert total["basis"] == "mixed"
    assert total["plan"] == pytest.approx(30_000)
    assert total["plan_to_date"] == pytest.approx(11_000)
    assert (total["actual"], total["compared"]) == (750, 700)
    assert total["difference"] == pytest.approx(700 - 11_000)


def test_what_the_rep_says_counts_until_something_is_agreed_and_the_model_before(
    sales: AppState, copied_client: FlaskClient
) -> None:
    def planned() -> tuple[str, float]:
        total = results(copied_client, level="operational", rep_id=ADA)["total"]
        return total["basis"], round(21 * total["plan"], 1)

    model = planned()
    assert model[0] == "model"
    agree(copied_client)
    assert planned() == ("top_down", model[1])
    address = f"{ROUNDS}/2026-11/figures/{ADA}"
    copied_client.put(address, json={"bottom_up": 2_100})
    assert planned() == ("bottom_up", 2_100)
    copied_client.put(address, json={"agreed": 0})
    assert planned() == ("agreed", 0)
    # There is no share of nothing.
    total = results(copied_client, level="operational", rep_id=ADA)["total"]
    assert "attained_share" not in total
    assert total["difference"] == 300


def test_what_is_over_and_was_not_planned_has_no_plan(
    sales: AppState, copied_client: FlaskClient
) -> None:
    found = results(copied_client, level="operational", date="2026-10-30")
    total = found["total"]
    assert (total["basis"], total["actual"]) == ("none", 50)
    assert {"plan", "plan_to_date", "difference", "compared"} & set(total) == set()
    assert all("plan" not in day for day in found["days"])


def test_what_is_to_come_has_a_plan_and_nothing_sold(
    sales: AppState, copied_client: FlaskClient
) -> None:
    found = results(copied_client, level="strategic_long", date="2027-06-01")
    total = found["total"]
    assert (total["basis"], total["actual"]) == ("model", 0)
    assert total["plan"] > 0
    assert "plan_to_date" not in total
    assert len(found["days"]) == 365
    assert all("actual" not in day for day in found["days"])
    assert (found["previous"], found["following"]) == ("2026-12-31", "2028-01-01")


def test_the_days_sum_to_the_period_and_the_reps_to_all(
    sales: AppState, copied_client: FlaskClient
) -> None:
    agree(copied_client, rep_1=21_000, rep_2=4_200)
    found = results(copied_client, level="strategic_short")
    total = found["total"]
    for key in ("plan", "actual"):
        by_day = sum(day.get(key, 0) for day in found["days"])
        by_rep = sum(one.get(key, 0) for one in found["reps"])
        assert by_day == pytest.approx(total[key], abs=1)
        assert by_rep == pytest.approx(total[key], abs=0.05)
    # The largest shortfall first: Ada lacks 10,300 by now, Ben all of his 2,200.
    assert [one["rep_id"] for one in found["reps"]] == [ADA, BEN]
    assert found["reps"][1]["difference"] == pytest.approx(-2_200)


def test_orders_count_for_whoever_owned_the_account_then(
    sales: AppState, copied_client: FlaskClient
) -> None:
    with sales.database.session() as session:
        session.execute(update(Ownership).where(Ownership.account_id == 1).values(until_date=TODAY))
    found = results(copied_client, level="strategic_short")
    actual = {one.get("rep_id"): one["actual"] for one in found["reps"]}
    assert actual == {ADA: 450, BEN: 0, None: 300}
    assert found["total"]["actual"] == 750


def test_what_nobody_owned_is_not_listed_where_there_is_nothing(
    sales: AppState, copied_client: FlaskClient
) -> None:
    assert {one["rep_id"] for one in results(copied_client)["reps"]} == {ADA, BEN}


def test_last_year_is_the_same_weekdays_for_weeks_and_the_same_dates_for_quarters(
    sales: AppState, copied_client: FlaskClient
) -> None:
    with sales.database.session() as session:
        # 52 weeks before 16 November 2026 is Monday, 17 November 2025.
        add_order(session, 1, date(2025, 11, 17), amount_cents=1_100)
        add_order(session, 1, date(2025, 11, 18), amount_cents=2_200)
        add_order(session, 1, date(2025, 10, 1), amount_cents=4_400)
    tactical = results(copied_client, level="tactical")["total"]
    assert (tactical["last_year"], tactical["last_year_to_date"]) == (33, 11)
    quarter = results(copied_client, level="strategic_short")["total"]
    assert (quarter["last_year"], quarter["last_year_to_date"]) == (77, 44)


def test_results_tell_what_they_do_not_know(sales: AppState, copied_client: FlaskClient) -> None:
    with sales.database.session() as session:
        session.execute(delete(SalesOrder).where(SalesOrder.order_date == TODAY))
        add_order(session, 1, date(2026, 11, 3), amount_cents=500, currency="CHF")
    found = results(copied_client)
    assert (found["known_until"], found["foreign_order_count"]) == ("2026-11-03", 1)
    assert found["total"]["actual"] == 450


def test_a_data_set_without_orders_has_results_of_nothing(
    sales: AppState, copied_client: FlaskClient
) -> None:
    with sales.database.session() as session:
        session.execute(delete(SalesOrder))
    found = results(copied_client, level="strategic_long")
    assert "known_until" not in found
    assert (found["total"]["actual"], found["total"]["last_year"]) == (0, 0)


def test_visits_done_stand_beside_those_that_the_cadence_asks_for(
    sales: AppState, copied_client: FlaskClient
) -> None:
    with sales.database.session() as session:
        session.execute(delete(Visit))
        for status, count in (
            (VisitStatus.DONE, 3),
            (VisitStatus.MISSED, 2),
            (VisitStatus.COMMITTED, 1),
            (VisitStatus.PLANNED, 1),
            (VisitStatus.CANCELLED, 5),
        ):
            for k in range(count):
                add_visit(session, 1 + k, NOW - timedelta(days=3), status=status, rep_id=1)
        add_visit(session, 1, NOW, channel=Channel.PHONE, rep_id=1)
    total = results(copied_client, level="strategic_short", rep_id=ADA)["total"]
    assert (total["visits_done"], total["visits_missed"], total["visits_open"]) == (3, 2, 2)
    # 15 accounts every 75 days: 3 months x 30.4375 / 75 each.
    assert total["visits_due"] == pytest.approx(15 * 3 * 30.4375 / 75, abs=0.06)


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"level": "monthly"}, "/level", "UNKNOWN_VALUE"),
        ({"date": "2026-02-30"}, "/date", "INVALID_FORMAT"),
        ({"date": "2101-01-01"}, "/date", "OUT_OF_RANGE"),
        ({"rep_id": "99"}, "/rep_id", "UNKNOWN_REP"),
        ({"rep": "1"}, "/rep", "UNKNOWN_KEY"),
    ],
)
def test_results_that_cannot_be_are_refused(
    client: FlaskClient, query: dict[str, str], pointer: str, code: str
) -> None:
    response = client.get(f"{ROUNDS}/results", query_string=query)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
@pytest.mark.parametrize("level", ["tactical", "strategic_long"])
def test_the_first_and_the_last_day_that_can_be_asked_for_have_results(
    client: FlaskClient, level: str, day: str
) -> None:
    assert results(client, level=level, date=day)["total"]["actual"] == 0


def test_a_week_shows_what_is_expected_planned_and_promised(
    sales: AppState, copied_client: FlaskClient
) -> None:
    agree(copied_client, rep_1=21_000)
    monday = datetime(2026, 11, 16, 9, tzinfo=BERLIN)
    with sales.database.session() as session:
        session.execute(delete(Visit))
        add_visit(session, 1, monday + timedelta(days=1), status=VisitStatus.PLANNED, rep_id=1)
        add_visit(session, 2, monday + timedelta(days=2), status=VisitStatus.COMMITTED, rep_id=1)
        # A second visit to the same account is not worth as much again.
        add_visit(session, 2, monday + timedelta(days=4), status=VisitStatus.COMMITTED, rep_id=1)
        add_visit(session, 3, monday - timedelta(days=200), rep_id=1)
    found = week(copied_client, rep_id=ADA)
    snapshot = sales.snapshot()
    value = snapshot.scores(snapshot.today_day).visit_value_cents / 100
    assert (found["week"], found["first"], found["last"]) == (
        "2026-W47",
        "2026-11-16",
        "2026-11-22",
    )
    assert (found["previous"], found["following"]) == ("2026-W46", "2026-W48")
    total = found["total"]
    assert total["plan"] == pytest.approx(5_000)
    assert total["actual"] == 300
    model = results(copied_client, level="operational", date="2026-12-01", rep_id=ADA)["total"]
    # The model expects the same of every month: 5 of 21 days of November, 1 of 23 of December.
    assert total["expected_sales"] == pytest.approx(23 * model["plan"] * 5 / 21, abs=0.2)
    assert total["expected_contribution"] == pytest.approx(0.3 * total["expected_sales"], abs=0.02)
    assert (total["visits_planned"], total["visits_committed"], total["visits_done"]) == (1, 2, 0)
    assert total["visit_value"] == pytest.approx(value[[0, 1]].sum(), abs=0.01)
    assert total["service_h"] == pytest.approx(3 * 2400 / 3600)
    assert total["working_h"] == 45
    # Account 3 was visited 200 days ago and has an interval of 75; nobody goes there.
    assert (total["due_count"], total["due_not_met_count"]) == (1, 1)
    assert total["due_not_met_value"] == pytest.approx(value[2], abs=0.01)


def test_a_week_that_is_over_tells_what_was_done_and_not_what_is_due(
    sales: AppState, copied_client: FlaskClient
) -> None:
    with sales.database.session() as session:
        session.execute(delete(Visit))
        add_visit(session, 1, NOW - timedelta(days=7), rep_id=1)
    total = week(copied_client, week="2026-W46")["total"]
    assert total["visits_done"] == 1
    assert {"due_count", "due_not_met_count", "due_not_met_value"} & set(total) == set()
    assert total["actual"] == 0


def test_weeks_over_new_year_take_their_part_of_both_months(
    sales: AppState, copied_client: FlaskClient
) -> None:
    # The week from 28 December 2026: 4 of 23 working days of December, 1 of 21 of January.
    agree(copied_client, "2026-12", rep_1=2_300)
    agree(copied_client, "2027-01", rep_1=2_100)
    found = week(copied_client, week="2026-W53", rep_id=ADA)
    assert found["total"]["plan"] == pytest.approx(4 * 100 + 100)
    assert found["following"] == "2027-W01"
    assert "actual" not in found["total"]


def test_nobodys_accounts_stand_in_the_week_too(
    sales: AppState, copied_client: FlaskClient
) -> None:
    with sales.database.session() as session:
        session.execute(delete(Ownership).where(Ownership.account_id == 1))
    found = week(copied_client)
    (nobody,) = [one for one in found["reps"] if "rep_id" not in one]
    assert nobody["expected_sales"] > 0
    assert nobody["working_h"] == 0
    sums = sum(one["expected_sales"] for one in found["reps"])
    assert sums == pytest.approx(found["total"]["expected_sales"], abs=0.05)


def test_visits_to_deleted_accounts_are_counted_and_worth_nothing(
    sales: AppState, copied_client: FlaskClient
) -> None:
    with sales.database.session() as session:
        session.execute(delete(Visit))
        add_visit(session, 1, NOW, rep_id=1)
        session.execute(update(Account).where(Account.id == 1).values(deleted_at=NOW))
    total = week(copied_client)["total"]
    assert (total["visits_done"], total["visit_value"]) == (1, 0)


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"week": "2026-W54"}, "/week", "OUT_OF_RANGE"),
        ({"week": "next"}, "/week", "INVALID_FORMAT"),
        ({"rep_id": "x"}, "/rep_id", "UNKNOWN_REP"),
    ],
)
def test_a_week_that_cannot_be_is_refused(
    client: FlaskClient, query: dict[str, str], pointer: str, code: str
) -> None:
    response = client.get(f"{ROUNDS}/week", query_string=query)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)
