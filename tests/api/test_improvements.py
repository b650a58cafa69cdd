"""What changes of cadence, channel and owner would be worth."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update

from accounts.planning.expected_sales import response_factor
from api.state import AppState
from data.tables import Account, Ownership, Rep
from tests.api.problems import assert_problem

IMPROVEMENTS = "/api/v1/planning-rounds/improvements"
ADA, BEN = "1", "2"


def ask(client: FlaskClient, **change: Any) -> dict[str, Any]:
    response = client.post(IMPROVEMENTS, json={"improvements": [change]})
    assert response.status_code == 200, response.get_data(as_text=True)
    (found,) = response.get_json()["items"]
    assert isinstance(found, dict)
    return found


def test_more_visits_bring_contribution_and_cost_hours_and_kilometres(
    state: AppState, client: FlaskClient
) -> None:
    found = ask(client, account_ids=["2"], visit_interval_days=30, label="Monthly")
    snapshot = state.snapshot()
    worth, row = snapshot.worth, 1
    before, after = found["before"], found["after"]
    assert before["visits"] == pytest.approx(365.25 / 75, abs=0.01)
    assert after["visits"] == pytest.approx(365.25 / 30, abs=0.01)
    # 365.25 / 30 / 12 = 1.0146 visits a month instead of 0.4058.
    sales = [
        12 * worth.base_eur[row] * response_factor(365.25 / days / 12, worth.elasticity[row])
        for days in (75, 30)
    ]
    assert before["sales"] == pytest.approx(sales[0], abs=0.01)
    assert after["sales"] == pytest.approx(sales[1], abs=0.01)
    assert after["contribution"] == pytest.approx(0.3 * sales[1], abs=0.01)
    ratio = 75 / 30
    for key in ("hours", "travel_h", "travel_km", "cost"):
        assert after[key] == pytest.approx(ratio * before[key], rel=0.01)
    assert after["net"] == pytest.approx(after["contribution"] - after["cost"], abs=0.02)
    # Both reps have time enough, so that nobody waits longer for it.
    assert found["displaced"]["account_count"] == 0
    assert found["worth"] == pytest.approx(after["net"] - before["net"], abs=0.02)
    (rep,) = found["reps"]
    assert (rep["rep_id"], rep["stretch_before"], rep["stretch_after"]) == (ADA, 1, 1)
    assert rep["load_after_h"] > rep["load_before_h"]
    assert (found["label"], found["account_count"]) == ("Monthly", 1)


def test_the_worth_grows_with_the_elasticity_and_lies_between(client: FlaskClient) -> None:
    found = ask(client, account_ids=["2", "3"], visit_interval_factor=0.5)
    low, high = found["worth_at"]
    assert (low["elasticity"], high["elasticity"]) == (0.2, 0.4)
    assert low["worth"] < found["worth"] < high["worth"]


def test_what_one_account_takes_the_others_of_a_busy_rep_give(
    copied_state: AppState, copied_client: FlaskClient
) -> None:
    with copied_state.database.session() as session:
        # Everybody every other day is more than a week holds.
        session.execute(update(Account).where(Account.id <= 15).values(visit_interval_days=2))
    found = ask(copied_client, account_ids=["2"], visit_interval_days=1)
    (rep,) = found["reps"]
    assert rep["stretch_after"] > rep["stretch_before"] > 1
    assert found["displaced"]["account_count"] == 14
    assert found["displaced"]["contribution"] < 0
    assert found["displaced"]["visits"] < 0
    whole = found["after"]["net"] - found["before"]["net"] + found["displaced"]["net"]
    assert found["worth"] == pytest.approx(whole, abs=0.02)
    # The rep works as long as before: what the account takes is what the others give.
    kept = found["after"]["hours"] - found["before"]["hours"]
    assert kept > 0


def test_inside_sales_calls_instead_of_visits(client: FlaskClient) -> None:
    found = ask(client, account_ids=["2"], channel="inside_sales")
    after = found["after"]
    assert (after["visits"], after["travel_km"]) == (0, 0)
    # A call of a quarter of an hour every 30 days.
    assert after["other_touches"] == pytest.approx(365.25 / 30, abs=0.01)
    assert after["hours"] == pytest.approx(365.25 / 30 / 4, abs=0.01)
    assert found["reps"][0]["load_after_h"] < found["reps"][0]["load_before_h"]


def test_who_is_only_answered_costs_nothing_and_buys_the_base(
    state: AppState, client: FlaskClient
) -> None:
    after = ask(client, account_ids=["2"], channel="respond_only")["after"]
    assert (after["visits"], after["other_touches"], after["cost"]) == (0, 0, 0)
    assert after["sales"] == pytest.approx(12 * state.snapshot().worth.base_eur[1], abs=0.01)


def test_another_owner_changes_the_way_and_the_time_of_both(client: FlaskClient) -> None:
    # Account 1 lies near Anfang, where Ada lives; Ben lives 30 km farther.
    found = ask(client, account_ids=["1"], rep_id=BEN)
    assert found["after"]["sales"] == found["before"]["sales"]
    assert found["after"]["travel_km"] > found["before"]["travel_km"]
    assert found["after"]["net"] < found["before"]["net"]
    times = {one["rep_id"]: one for one in found["reps"]}
    assert times[ADA]["load_after_h"] < times[ADA]["load_before_h"]
    assert times[BEN]["load_after_h"] > times[BEN]["load_before_h"]


def test_an_account_of_nobody_is_visited_once_it_has_an_owner(
    copied_state: AppState, copied_client: FlaskClient
) -> None:
    with copied_state.database.session() as session:
        session.execute(delete(Ownership).where(Ownership.account_id == 2))
    found = ask(copied_client, account_ids=["2"], rep_id=ADA)
    assert (found["before"]["visits"], found["before"]["cost"]) == (0, 0)
    assert found["after"]["visits"] == pytest.approx(365.25 / 75, abs=0.01)
    assert found["after"]["contribution"] > found["before"]["contribution"]


def test_a_rep_without_hours_visits_nobody(
    copied_state: AppState, copied_client: FlaskClient
) -> None:
    with copied_state.database.session() as session:
        session.execute(update(Rep).where(Rep.id == 2).values(working_hours=()))
    found = ask(copied_client, account_ids=["2"], rep_id=BEN)
    assert (found["before"]["visits"] > 0, found["after"]["visits"]) == (True, 0)
    ben = next(one for one in found["reps"] if one["rep_id"] == BEN)
    assert ben["capacity_h"] == 0


def test_a_change_that_changes_nothing_is_worth_nothing(client: FlaskClient) -> None:
    found = ask(client, account_ids=["2"], rep_id=ADA)
    assert found["worth"] == 0
    assert [one["worth"] for one in found["worth_at"]] == [0, 0]
    assert found["before"] == found["after"]


def test_a_scope_means_all_its_accounts_and_nobody_can_be_meant(client: FlaskClient) -> None:
    found = ask(client, scope={"rep_id": ADA, "segment": "10k_100k"}, visit_interval_factor=2)
    assert found["account_count"] == 7
    none = ask(client, scope={"postcode_prefix": "99"}, visit_interval_factor=2)
    assert (none["account_count"], none["worth"], none["reps"]) == (0, 0, [])


def test_accounts_without_a_position_are_counted(client: FlaskClient) -> None:
    found = ask(client, account_ids=["29", "30", "29"], visit_interval_days=30)
    assert (found["account_count"], found["without_position_count"]) == (2, 1)


def test_each_improvement_counts_for_itself(client: FlaskClient) -> None:
    one = {"account_ids": ["2"], "visit_interval_days": 30}
    two = {"account_ids": ["3"], "channel": "respond_only"}
    answer = client.post(IMPROVEMENTS, json={"improvements": [one, two]}).get_json()
    assert answer["items"] == [ask(client, **one), ask(client, **two)]
    assert answer["currency"] == "EUR"


ONE = {"account_ids": ["2"]}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        (ONE, "/visit_interval_days", "MISSING"),
        ({"rep_id": ADA}, "/account_ids", "MISSING"),
        ({**ONE, "scope": {"rep_id": ADA}, "rep_id": ADA}, "/account_ids", "CONTRADICTION"),
        ({"scope": {}, "rep_id": ADA}, "/scope", "MISSING"),
        ({**ONE, "visit_interval_days": 0}, "/visit_interval_days", "OUT_OF_RANGE"),
        ({**ONE, "visit_interval_factor": 0}, "/visit_interval_factor", "OUT_OF_RANGE"),
        (
            {**ONE, "visit_interval_days": 30, "visit_interval_factor": 2},
            "/visit_interval_factor",
            "CONTRADICTION",
        ),
        (
            {**ONE, "channel": "respond_only", "visit_interval_days": 30},
            "/visit_interval_days",
            "CONTRADICTION",
        ),
        ({**ONE, "call_channel": "phone"}, "/call_interval_days", "MISSING"),
        ({**ONE, "channel": "pigeon"}, "/channel", "UNKNOWN_VALUE"),
        ({**ONE, "rep_id": "9"}, "/rep_id", "UNKNOWN_REP"),
        ({"account_ids": ["2", "999"], "rep_id": ADA}, "/account_ids/1", "UNKNOWN_ACCOUNT"),
        ({"scope": {"segment": "giants"}, "rep_id": ADA}, "/scope/segment", "UNKNOWN_SEGMENT"),
    ],
)
def test_an_improvement_that_cannot_be_is_refused(
    client: FlaskClient, change: dict[str, Any], pointer: str, code: str
) -> None:
    response = client.post(IMPROVEMENTS, json={"improvements": [change]})
    assert_problem(response, 422, "INVALID_REQUEST", f"/improvements/0{pointer}", code)
