"""Exceptions and special situations over HTTP."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from api.state import AppState
from tests.api.problems import assert_problem

V1 = "/api/v1"
KEY_ACCOUNT = f"{V1}/accounts/28"
SITUATIONS = f"{V1}/special-situations"
STRATEGIC = {"strategic": True, "reason": "Board", "expires_on": "2027-06-01"}
BOOST = {"prize_factor": 2, "reason": "New market", "expires_on": "2026-12-31"}


@pytest.fixture
def state(copied_state: AppState) -> AppState:
    return copied_state


@pytest.fixture
def client(copied_client: FlaskClient) -> FlaskClient:
    return copied_client


def test_a_strategic_account_may_be_visited_whatever_its_channel(
    client: FlaskClient, state: AppState
) -> None:
    row = state.snapshot().table.row_of(28)
    day = state.snapshot().today_day
    assert not state.snapshot().scores(day).is_field[row]
    made = client.post(f"{KEY_ACCOUNT}/exceptions", json={**STRATEGIC, "visit_interval_days": 30})
    assert made.status_code == 201
    assert state.snapshot().scores(day).is_field[row]
    card = client.get(KEY_ACCOUNT).json
    assert (card["strategic"], card["channel"], card["visit_interval_days"]) == (
        *(True, "key_account", 30),
    )
    listed = client.get(f"{KEY_ACCOUNT}/exceptions").json["items"]
    assert listed == [made.json]


def test_an_exception_is_written_anew_and_ended(client: FlaskClient, state: AppState) -> None:
    made = client.post(f"{KEY_ACCOUNT}/exceptions", json=STRATEGIC).json
    url = f"{KEY_ACCOUNT}/exceptions/{made['exception_id']}"
    later = client.put(url, json={**STRATEGIC, "expires_on": "2027-07-01"}).json
    assert (later["expires_on"], later["from_date"]) == ("2027-07-01", made["from_date"])
    assert client.delete(url).status_code == 204
    # It never held for a day, so nothing remains of it.
    assert client.get(f"{KEY_ACCOUNT}/exceptions").json["items"] == []
    assert_problem(client.delete(url), 404, "NOT_FOUND")
    assert state.snapshot().exceptions == ()


def test_an_exception_that_has_held_stays_in_the_list(client: FlaskClient) -> None:
    facts = {**STRATEGIC, "from_date": "2026-11-01"}
    made = client.post(f"{KEY_ACCOUNT}/exceptions", json=facts).json
    client.delete(f"{KEY_ACCOUNT}/exceptions/{made['exception_id']}")
    (kept,) = client.get(f"{KEY_ACCOUNT}/exceptions").json["items"]
    assert (kept["active"], kept["expires_on"]) == (False, "2026-11-16")


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"reason": " "}, "/reason"),
        ({"reason": None}, "/reason"),
        ({"expires_on": None}, "/expires_on"),
        ({"expires_on": "2026-11-16"}, "/expires_on"),
        ({"from_date": "2027-01-01", "expires_on": "2027-01-01"}, "/expires_on"),
        ({"expires_on": "2029-01-01"}, "/expires_on"),
        ({"strategic": False}, ""),
        ({"visit_interval_days": 0}, "/visit_interval_days"),
        ({"channel": "plane"}, "/channel"),
    ],
)
def test_an_exception_needs_a_reason_an_end_and_something_to_say(
    client: FlaskClient, changes: dict[str, Any], at: str
) -> None:
    answer = client.post(f"{KEY_ACCOUNT}/exceptions", json={**STRATEGIC, **changes})
    problem = assert_problem(answer, 422, "INVALID_REQUEST")
    assert [one["pointer"] for one in problem["errors"]] == [at]


def test_there_are_exceptions_of_accounts_that_exist_only(client: FlaskClient) -> None:
    assert_problem(client.get(f"{V1}/accounts/99/exceptions"), 404, "NOT_FOUND")
    assert_problem(client.post(f"{V1}/accounts/99/exceptions", json=STRATEGIC), 404, "NOT_FOUND")
    made = client.post(f"{KEY_ACCOUNT}/exceptions", json=STRATEGIC).json
    of_another = f"{V1}/accounts/1/exceptions/{made['exception_id']}"
    assert_problem(client.put(of_another, json=STRATEGIC), 404, "NOT_FOUND")


def test_a_situation_changes_prizes_while_it_holds(client: FlaskClient, state: AppState) -> None:
    before = state.snapshot()
    day = before.today_day
    plain = before.scores(day).prize_cents
    made = client.post(SITUATIONS, json={**BOOST, "postcode_prefix": "34", "prize_extra": 10})
    assert (made.status_code, made.json["accounts"]) == (201, 30)
    after = state.snapshot()
    never_since = after.table.last_visit_day < day
    assert never_since.all()
    boosted = after.scores(day).prize_cents
    # Half a cent may be rounded either way before it is doubled.
    assert abs(boosted - 2 * plain - 1000).max() <= 1
    assert (after.scores(day + 60).prize_cents == before.scores(day + 60).prize_cents).all()
    url = f"{SITUATIONS}/{made.json['situation_id']}"
    assert client.delete(url).status_code == 204
    assert (state.snapshot().scores(day).prize_cents == plain).all()


def test_a_situation_is_written_anew(client: FlaskClient) -> None:
    made = client.post(SITUATIONS, json={**BOOST, "account_id": "3", "kind": "open_order"}).json
    assert (made["account"], made["kind"], made["active"]) == ("Firma 3", "open_order", True)
    url = f"{SITUATIONS}/{made['situation_id']}"
    told = client.put(url, json={**BOOST, "segment": "zero", "prize_factor": 3}).json
    assert (told["segment"], told["prize_factor"], told.get("account_id")) == ("zero", 3, None)
    assert client.get(SITUATIONS).json["items"] == [told]
    gone = client.put(f"{SITUATIONS}/99", json={**BOOST, "segment": "zero"})
    assert_problem(gone, 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("facts", "at"),
    [
        ({}, ""),
        ({"account_id": "1", "segment": "zero"}, ""),
        ({"account_id": "99"}, "/account_id"),
        ({"segment": "gone"}, "/segment"),
        ({"account_id": "1", "prize_factor": 1}, ""),
        ({"account_id": "1", "prize_factor": 0.5}, "/prize_factor"),
        ({"account_id": "1", "prize_extra": -1}, "/prize_extra"),
        ({"account_id": "1", "expires_on": None}, "/expires_on"),
        ({"account_id": "1", "reason": None}, "/reason"),
    ],
)
def test_a_situation_about_nobody_or_for_nothing_is_refused(
    client: FlaskClient, facts: dict[str, Any], at: str
) -> None:
    problem = assert_problem(
        client.post(SITUATIONS, json={**BOOST, **facts}), 422, "INVALID_REQUEST"
    )
    assert [one["pointer"] for one in problem["errors"]] == [at]
    assert client.get(SITUATIONS).json["items"] == []
