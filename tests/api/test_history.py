"""Visits and orders that a CRM reports."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from api.state import AppState
from data.tables import ExternalRef, RepRef, SalesOrder, Visit, VisitStatus
from tests.api.problems import assert_problem
from tests.api.small_world import NOW
from tests.data.builders import add_visit

API = "/api/v1"
VISITS, ORDERS = f"{API}/visits", f"{API}/orders"


@pytest.fixture
def client(fresh_client: FlaskClient, fresh_state: AppState) -> FlaskClient:
    """The CRM calls account 3 `three`, and Ben Vogt `ben`."""
    dataset_id = fresh_state.snapshot().dataset.id
    with fresh_state.database.session() as session:
        session.add(
            ExternalRef(dataset_id=dataset_id, account_id=3, system="crm", external_id="three")
        )
        session.add(RepRef(dataset_id=dataset_id, rep_id=2, system="crm", external_id="ben"))
    return fresh_client


def report(client: FlaskClient, url: str, **facts: Any) -> dict[str, Any]:
    response = client.post(url, json=facts)
    assert response.status_code == 200, response.get_data(as_text=True)
    (item,) = response.get_json()["items"]
    found: dict[str, Any] = item
    return found


def visits_of(state: AppState, account_id: int) -> list[Visit]:
    with state.database.session() as session:
        statement = select(Visit).where(Visit.account_id == account_id).order_by(Visit.id)
        return list(session.scalars(statement))


def test_a_visit_that_was_made_counts_at_once(client: FlaskClient, fresh_state: AppState) -> None:
    """Account 4 was never visited; it is due until somebody was there."""
    before = client.get(f"{API}/accounts/4").get_json()
    assert (before["due"], "last_visit" in before) == ("yellow", False)
    done = report(
        client,
        VISITS,
        account_id="4",
        status="done",
        start="2026-11-15T10:00:00+01:00",
        outcome="They buy.",
        rep_id="2",
    )
    assert (done["effect"], done["status"]) == ("created", "done")
    after = client.get(f"{API}/accounts/4").get_json()
    assert (after["due"], after["last_visit"]) == ("green", "2026-11-15")
    assert after["visits"][0]["outcome"] == "They buy."
    (visit,) = visits_of(fresh_state, 4)
    assert (visit.rep_id, visit.duration_s, str(visit.channel)) == (2, 2400, "field")


def test_an_order_counts_at_once_in_revenue(client: FlaskClient) -> None:
    before = client.get(f"{API}/accounts/3").get_json()
    for key, amount in (("o1", 1000.25), ("o2", -200)):
        report(
            client,
            ORDERS,
            system="crm",
            account_external_id="three",
            external_id=key,
            date="2026-11-10",
            amount=amount,
            margin=amount / 4,
        )
    abroad = {"account_id": "3", "date": "2026-11-10", "amount": 5000, "currency": "CHF"}
    report(client, ORDERS, **abroad)
    after = client.get(f"{API}/accounts/3").get_json()
    assert after["revenue"] == pytest.approx(before["revenue"] + 800.25)
    # The credit note lowers revenue, and is no order.
    assert after["order_count"] == before["order_count"] + 1
    assert after["orders"][0] == {"date": "2026-11-10", "amount": 5000.0, "currency": "CHF"}


@pytest.mark.parametrize(
    ("url", "facts", "change"),
    [
        (VISITS, {"status": "planned", "start": "2026-12-01T10:00:00+01:00"}, {"status": "missed"}),
        (ORDERS, {"date": "2026-11-10", "amount": 10}, {"amount": 11.5}),
    ],
    ids=["visit", "order"],
)
def test_what_is_sent_again_with_its_id_is_the_same(
    client: FlaskClient, fresh_state: AppState, url: str, facts: dict[str, Any], change: Any
) -> None:
    facts = {**facts, "system": "crm", "account_external_id": "three", "external_id": "e 1"}
    first = report(client, url, **facts)
    version = fresh_state.data_version
    again = report(client, url, **facts)
    assert (first["effect"], again["effect"]) == ("created", "unchanged")
    assert fresh_state.data_version == version
    other = report(client, url, **{**facts, **change})
    assert other["effect"] == "updated"
    key = "visit_id" if url == VISITS else "order_id"
    assert first[key] == again[key] == other[key]
    # It may turn out to be another account's.
    del facts["account_external_id"]
    moved = report(client, url, **{**facts, **change, "account_id": "8"})
    assert (moved["effect"], moved[key], moved["account_id"]) == ("updated", first[key], "8")


def test_an_order_without_an_id_is_another_one_each_time(
    client: FlaskClient, fresh_state: AppState
) -> None:
    facts = {"account_id": "4", "date": "2026-11-10", "amount": 10}
    assert report(client, ORDERS, **facts)["effect"] == "created"
    assert report(client, ORDERS, **facts)["effect"] == "created"
    key = {"Idempotency-Key": "once"}
    for _ in range(2):
        assert client.post(ORDERS, json=facts, headers=key).status_code == 200
    with fresh_state.database.session() as session:
        count = select(func.count()).where(SalesOrder.account_id == 4)
        assert session.scalar(count) == 3


def committed(state: AppState, hours: float, account_id: int = 4, **facts: Any) -> int:
    """A promise some hours from now."""
    with state.database.session() as session:
        start = NOW + timedelta(hours=hours)
        facts = {"status": VisitStatus.COMMITTED, "rep_id": 1, **facts}
        return add_visit(session, account_id, start, **facts).id


@pytest.mark.parametrize("status", ["done", "missed", "cancelled"])
def test_what_came_of_a_promise_is_said_of_the_promise(
    client: FlaskClient, fresh_state: AppState, status: str
) -> None:
    """NOW is 08:30 in Germany; the report names another hour of the same day."""
    promise = committed(fresh_state, 2)
    facts = {"account_id": "4", "status": status, "start": "2026-11-16T14:15:00+01:00"}
    done = report(client, VISITS, **facts, duration_s=60, system="crm", external_id="v1")
    assert (done["visit_id"], done["effect"]) == (str(promise), "updated")
    (visit,) = visits_of(fresh_state, 4)
    assert (str(visit.status), visit.duration_s, visit.rep_id) == (status, 60, 1)
    assert visit.start_at.hour == 13
    assert fresh_state.snapshot().commitments == ()
    again = report(client, VISITS, **facts, duration_s=60, system="crm", external_id="v1")
    assert again["effect"] == "unchanged"


def test_a_report_without_an_id_is_not_counted_twice(
    client: FlaskClient, fresh_state: AppState
) -> None:
    committed(fresh_state, 2)
    facts = {"account_id": "4", "status": "done", "start": "2026-11-16T14:15:00+01:00"}
    assert report(client, VISITS, **facts)["effect"] == "updated"
    assert report(client, VISITS, **facts)["effect"] == "unchanged"
    assert len(visits_of(fresh_state, 4)) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"start": "2026-11-15T10:30:00+01:00"},
        {"channel": "phone"},
        {"rep_id": "2"},
        {"account_id": "7"},
    ],
    ids=["another day", "another channel", "another rep", "another account"],
)
def test_what_is_another_visit_leaves_a_promise_alone(
    client: FlaskClient, fresh_state: AppState, facts: dict[str, str]
) -> None:
    promise = committed(fresh_state, 2)
    said = {"account_id": "4", "status": "done", "start": "2026-11-16T10:30:01+01:00", **facts}
    done = report(client, VISITS, **said)
    assert done["effect"] == "created"
    assert [one.visit_id for one in fresh_state.snapshot().commitments] == [promise]


def test_the_day_of_a_visit_is_that_of_its_place(
    client: FlaskClient, fresh_state: AppState
) -> None:
    """23:30 UTC is half past midnight of the next day in Germany."""
    promise = committed(fresh_state, 2)
    late = report(client, VISITS, account_id="4", status="done", start="2026-11-16T23:30:00+00:00")
    assert late["effect"] == "created"
    early = report(
        client, VISITS, account_id="4", status="missed", start="2026-11-15T23:30:00+00:00"
    )
    assert early["visit_id"] == str(promise)


def test_of_several_the_nearest_promise_is_meant(
    client: FlaskClient, fresh_state: AppState
) -> None:
    committed(fresh_state, 1)
    later = committed(fresh_state, 6)
    committed(fresh_state, 5.9, status=VisitStatus.PLANNED)
    done = report(client, VISITS, account_id="4", status="done", start="2026-11-16T14:20:00+01:00")
    assert done["visit_id"] == str(later)


def test_a_plan_of_the_crm_gives_a_promise_its_id_and_moves_nothing(
    client: FlaskClient, fresh_state: AppState
) -> None:
    promise = committed(fresh_state, 2)
    facts = {"account_id": "4", "system": "crm", "external_id": "v1"}
    planned = report(client, VISITS, **facts, status="planned", start="2026-11-16T16:00:00+01:00")
    assert (planned["visit_id"], planned["status"]) == (str(promise), "committed")
    (visit,) = visits_of(fresh_state, 4)
    assert (visit.start_at, visit.external_id) == (NOW + timedelta(hours=2), "v1")
    done = report(client, VISITS, **facts, status="done", start="2026-11-16T11:00:00+01:00")
    assert (done["visit_id"], done["status"]) == (str(promise), "done")


def test_a_rep_is_named_by_either_id(client: FlaskClient, fresh_state: AppState) -> None:
    start = "2026-11-12T10:00:00+01:00"
    report(client, VISITS, account_id="4", status="done", start=start, rep_id="1")
    by_ref = {"system": "crm", "account_external_id": "three", "rep_external_id": "ben"}
    report(client, VISITS, **by_ref, status="done", start=start)
    assert visits_of(fresh_state, 4)[0].rep_id == 1
    assert visits_of(fresh_state, 3)[-1].rep_id == 2


VISIT = {"account_id": "4", "status": "done", "start": "2026-11-12T10:00:00+01:00"}
ORDER = {"account_id": "4", "date": "2026-11-12", "amount": 5}


@pytest.mark.parametrize(
    ("url", "body", "pointer", "code"),
    [
        (VISITS, {**VISIT, "account_id": "999"}, "/account_id", "UNKNOWN_ACCOUNT"),
        (VISITS, {**VISIT, "account_id": "9" * 30}, "/account_id", "UNKNOWN_ACCOUNT"),
        (VISITS, {**VISIT, "account_id": None}, "/account_id", "MISSING"),
        (VISITS, {**VISIT, "external_id": "1"}, "/system", "MISSING"),
        (
            VISITS,
            {**VISIT, "account_id": None, "system": "crm", "account_external_id": "x"},
            "/account_external_id",
            "UNKNOWN_ACCOUNT",
        ),
        (
            VISITS,
            {**VISIT, "system": "crm", "account_external_id": "three"},
            "/account_external_id",
            "CONTRADICTION",
        ),
        (VISITS, {**VISIT, "rep_id": "77"}, "/rep_id", "UNKNOWN_REP"),
        (
            VISITS,
            {**VISIT, "system": "crm", "rep_external_id": "eve"},
            "/rep_external_id",
            "UNKNOWN_REP",
        ),
        (VISITS, {**VISIT, "status": "committed"}, "/status", "UNKNOWN_VALUE"),
        (VISITS, {**VISIT, "start": "2026-11-18T10:00:00+01:00"}, "/start", "OUT_OF_RANGE"),
        (VISITS, {**VISIT, "start": "2026-11-12 10:00"}, "/start", "INVALID_FORMAT"),
        (VISITS, {**VISIT, "outcome": "a\x00b"}, "/outcome", "INVALID_FORMAT"),
        (VISITS, {**VISIT, "system": "a\x00b"}, "/system", "INVALID_FORMAT"),
        (VISITS, {**VISIT, "system": "a", "external_id": "\x00"}, "/external_id", None),
        (ORDERS, {**ORDER, "account_id": "0"}, "/account_id", "UNKNOWN_ACCOUNT"),
        (ORDERS, {**ORDER, "currency": "euro"}, "/currency", "INVALID_FORMAT"),
        (ORDERS, {**ORDER, "amount": 1e12}, "/amount", "OUT_OF_RANGE"),
        (ORDERS, {**ORDER, "date": "1900-01-01"}, "/date", "OUT_OF_RANGE"),
        (ORDERS, {"items": []}, "/items", "WRONG_LENGTH"),
        (ORDERS, {"items": [ORDER], "date": "2026-11-12"}, "/date", "UNKNOWN_KEY"),
    ],
)
def test_a_report_that_cannot_be_used_is_refused(
    client: FlaskClient, url: str, body: dict[str, Any], pointer: str, code: str
) -> None:
    assert_problem(client.post(url, json=body), 422, "INVALID_REQUEST", pointer, code)


def test_of_many_reports_bad_ones_are_refused_and_the_others_go_on(
    client: FlaskClient, fresh_state: AppState
) -> None:
    items = [
        {**VISIT, "system": "crm", "external_id": "1"},
        {**VISIT, "account_id": "999", "system": "crm", "external_id": "2"},
        {**VISIT, "stauts": "done"},
        {**VISIT, "system": "crm", "external_id": "1", "outcome": "Later in the same request"},
        7,
    ]
    body = client.post(VISITS, json={"items": items}).get_json()
    assert [one["effect"] for one in body["items"]] == [
        *("created", "refused", "refused", "updated", "refused")
    ]
    assert body["counts"] == {"created": 1, "updated": 1, "unchanged": 0, "refused": 3}
    assert [one["errors"][0]["pointer"] for one in body["items"] if one["errors"]] == [
        *("/items/1/account_id", "/items/2/stauts", "/items/4")
    ]
    assert body["items"][1]["external_id"] == "2"
    (visit,) = visits_of(fresh_state, 4)
    assert visit.outcome == "Later in the same request"


def test_a_deleted_account_takes_no_reports(client: FlaskClient) -> None:
    client.delete(f"{API}/accounts/4")
    response = client.post(VISITS, json=VISIT)
    assert_problem(response, 422, "INVALID_REQUEST", "/account_id", "UNKNOWN_ACCOUNT")


def test_a_next_step_shows_on_the_card_until_somebody_has_been_in_touch(
    client: FlaskClient, fresh_state: AppState
) -> None:
    """Today is 16 November 2026."""
    said = {
        "account_id": "4",
        "status": "done",
        "start": "2026-11-12T10:00:00+01:00",
        "channel": "demo",
        "outcome": "Liked it",
        "next_step": "Send the offer",
        "next_step_on": "2026-11-13",
    }
    visit_id = report(client, VISITS, **said)["visit_id"]
    card = client.get(f"{API}/accounts/4").get_json()
    assert card["next_steps"] == [
        {
            "visit_id": visit_id,
            "agreed_on": "2026-11-12",
            "step": "Send the offer",
            "due_on": "2026-11-13",
            "is_overdue": True,
        }
    ]
    shown = card["visits"][0]
    assert (shown["visit_id"], shown["channel"], shown["outcome"]) == (visit_id, "demo", "Liked it")
    assert (shown["next_step"], shown["next_step_on"]) == ("Send the offer", "2026-11-13")
    # A call on the day it is due settles it; the visit still says what was agreed.
    call = {"account_id": "4", "status": "done", "channel": "phone"}
    report(client, VISITS, **call, start="2026-11-13T09:00:00+01:00")
    card = client.get(f"{API}/accounts/4").get_json()
    assert card["next_steps"] == []
    assert card["visits"][1]["next_step"] == "Send the offer"


def test_a_call_before_the_day_leaves_the_step_open(client: FlaskClient) -> None:
    visit = {"account_id": "4", "status": "done", "start": "2026-11-10T10:00:00+01:00"}
    report(client, VISITS, **visit, next_step="Meet the buyer", next_step_on="2026-11-20")
    call = {"account_id": "4", "status": "done", "channel": "phone"}
    report(client, VISITS, **call, start="2026-11-12T10:00:00+01:00")
    (step,) = client.get(f"{API}/accounts/4").get_json()["next_steps"]
    assert (step["due_on"], step["is_overdue"]) == ("2026-11-20", False)


def test_a_next_step_can_be_taken_back(client: FlaskClient, fresh_state: AppState) -> None:
    said = {"account_id": "4", "status": "done", "start": "2026-11-12T10:00:00+01:00"}
    report(client, VISITS, **said, next_step="Call back", next_step_on="2026-11-30")
    # What is not said stays.
    assert report(client, VISITS, **said)["effect"] == "unchanged"
    (visit,) = visits_of(fresh_state, 4)
    assert (visit.next_step, str(visit.next_step_on)) == ("Call back", "2026-11-30")
    assert report(client, VISITS, **said, next_step="")["effect"] == "updated"
    (visit,) = visits_of(fresh_state, 4)
    assert (visit.next_step, visit.next_step_on) == (None, None)


def test_a_day_without_a_next_step_is_refused(client: FlaskClient) -> None:
    said = {"account_id": "4", "status": "done", "start": "2026-11-12T10:00:00+01:00"}
    response = client.post(VISITS, json={**said, "next_step_on": "2026-11-30"})
    assert_problem(response, 422, "INVALID_REQUEST", "/next_step")
