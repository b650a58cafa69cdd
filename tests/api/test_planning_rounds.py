"""Planning rounds: the model's figure beside the rep's, what was agreed, and what stays closed."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from accounts.planning.expected_sales import expected_sales
from accounts.visit_value import visits_per_month
from api import create_app
from api.state import AppState
from data import dataset_store
from data.tables import DatasetKind
from tests.api.problems import assert_problem
from tests.api.small_world import NOW, TODAY
from tests.data.builders import add_order, add_rep

ROUNDS = "/api/v1/planning-rounds"
DECEMBER = f"{ROUNDS}/2026-12"


def opened(client: FlaskClient, month: str = "2026-12") -> dict[str, Any]:
    response = client.post(ROUNDS, json={"month": month})
    assert response.status_code == 201, response.get_data(as_text=True)
    assert response.headers["Location"] == f"{ROUNDS}/{month}"
    found: dict[str, Any] = response.get_json()
    return found


def put(client: FlaskClient, rep_id: str, month: str = "2026-12", **said: Any) -> dict[str, Any]:
    response = client.put(f"{ROUNDS}/{month}/figures/{rep_id}", json=said)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def by_rep(answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["rep_id"]: one for one in answer["figures"]}


def reps(client: FlaskClient) -> list[str]:
    return [one["rep_id"] for one in client.get("/api/v1/reps").get_json()["items"]]


def test_a_round_opens_with_what_the_model_expects_of_each_reps_accounts(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    answer = opened(copied_client)
    snapshot = copied_state.snapshot()
    sales = expected_sales(snapshot.worth, visits_per_month(snapshot.table)).sales_eur
    assert {rep: one["top_down"] for rep, one in by_rep(answer).items()} == {
        str(rep.id): pytest.approx(sales[snapshot.table.owner_rep_id == rep.id].sum(), abs=0.01)
        for rep in snapshot.reps
    }
    assert (answer["status"], answer["rep_count"], answer["told_count"]) == ("open", 2, 0)
    assert answer["top_down"] == pytest.approx(sales.sum(), abs=0.02)
    assert answer["currency"] == "EUR"
    assert "actual" not in answer
    assert copied_client.get(DECEMBER).get_json() == answer


def test_the_models_figure_stays_when_the_data_change(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    before = opened(copied_client)
    with copied_state.database.session() as session:
        add_order(session, 1, TODAY, amount_cents=90_000_000)
    after = copied_client.get(DECEMBER).get_json()
    assert after["data_version"] != before["data_version"]
    assert after["top_down"] == before["top_down"]
    assert opened(copied_client, "2027-01")["top_down"] > before["top_down"]


def test_differences_are_listed_largest_first_whatever_their_sign(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    with copied_state.database.session() as session:
        add_rep(session, copied_state.snapshot().dataset.id, name="Aya Silent")
    figures = by_rep(opened(copied_client))
    ada, ben, aya = reps(copied_client)[0], reps(copied_client)[2], reps(copied_client)[1]
    put(copied_client, ada, bottom_up=figures[ada]["top_down"] + 50)
    told = put(copied_client, ben, bottom_up=round(figures[ben]["top_down"] - 80, 2))
    assert told["difference"] == pytest.approx(-80)
    assert told["difference_share"] == pytest.approx(-80 / figures[ben]["top_down"], abs=1e-4)
    listed = copied_client.get(DECEMBER).get_json()["figures"]
    assert [one["rep_id"] for one in listed] == [ben, ada, aya]


def test_a_rep_without_accounts_has_a_figure_of_nothing(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    with copied_state.database.session() as session:
        rep_id = str(add_rep(session, copied_state.snapshot().dataset.id, name="Cem").id)
    figure = by_rep(opened(copied_client))[rep_id]
    assert (figure["top_down"], figure["account_count"], figure["last_year"]) == (0, 0, 0)
    # There is no share of nothing.
    told = put(copied_client, rep_id, bottom_up=1000)
    assert told["difference"] == 1000
    assert "difference_share" not in told


def test_a_rep_who_comes_later_is_in_the_round_once_something_is_said(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    opened(copied_client)
    with copied_state.database.session() as session:
        rep_id = str(add_rep(session, copied_state.snapshot().dataset.id, name="Dora").id)
    answer = copied_client.get(DECEMBER).get_json()
    assert "top_down" not in by_rep(answer)[rep_id]
    assert answer["rep_count"] == 2
    told = put(copied_client, rep_id, bottom_up=700, bottom_up_note="Two fairs")
    assert (told["top_down"], told["bottom_up"], told["bottom_up_note"]) == (0, 700, "Two fairs")
    assert copied_client.get(DECEMBER).get_json()["rep_count"] == 3


def test_what_is_left_out_stays_and_what_is_withdrawn_goes(copied_client: FlaskClient) -> None:
    opened(copied_client)
    rep_id = reps(copied_client)[0]
    put(copied_client, rep_id, bottom_up=700, bottom_up_note="Fair")
    told = put(copied_client, rep_id, agreed=650.5)
    assert (told["bottom_up"], told["bottom_up_note"], told["agreed"]) == (700, "Fair", 650.5)
    told = put(copied_client, rep_id, withdraw=["bottom_up"])
    assert told["agreed"] == 650.5
    assert {"bottom_up", "bottom_up_note", "difference"} & set(told) == set()


def test_of_two_who_edit_at_once_the_second_is_refused_by_if_match(
    copied_client: FlaskClient,
) -> None:
    opened(copied_client)
    rep_id = reps(copied_client)[0]
    address = f"{DECEMBER}/figures/{rep_id}"
    first = copied_client.put(address, json={"bottom_up": 700})
    seen = {"If-Match": first.headers["ETag"]}
    assert first.headers["ETag"] == f'"{first.get_json()["version"]}"'
    assert copied_client.put(address, json={"agreed": 650}, headers=seen).status_code == 200
    refused = copied_client.put(address, json={"agreed": 600}, headers=seen)
    assert_problem(refused, 412, "PRECONDITION_FAILED")
    assert by_rep(copied_client.get(DECEMBER).get_json())[rep_id]["agreed"] == 650


def test_without_if_match_the_last_one_is_told_what_stood_there(copied_client: FlaskClient) -> None:
    opened(copied_client)
    rep_id = reps(copied_client)[0]
    put(copied_client, rep_id, bottom_up=700, agreed=650)
    replaced = put(copied_client, rep_id, agreed=600)["replaced"]
    assert (replaced["bottom_up"], replaced["agreed"]) == (700, 650)


def test_close_figures_are_agreed_at_once_and_others_are_left(copied_client: FlaskClient) -> None:
    figures = by_rep(opened(copied_client))
    ada, ben = reps(copied_client)
    put(copied_client, ada, bottom_up=round(1.05 * figures[ada]["top_down"], 2))
    put(copied_client, ben, bottom_up=round(1.5 * figures[ben]["top_down"], 2))
    response = copied_client.post(f"{DECEMBER}/agreements", json={"take": "bottom_up"})
    agreed = by_rep(response.get_json())
    assert agreed[ada]["agreed"] == agreed[ada]["bottom_up"]
    assert "agreed" not in agreed[ben]


def test_a_closed_round_cannot_be_changed(fresh_client: FlaskClient) -> None:
    figures = by_rep(opened(fresh_client))
    ada, ben = reps(fresh_client)
    put(fresh_client, ada, bottom_up=700)
    put(fresh_client, ada, agreed=650)
    refused = fresh_client.post(f"{DECEMBER}/close", json={})
    assert "Ben Vogt" in assert_problem(refused, 409, "NOT_AGREED")["detail"]
    assert fresh_client.get(DECEMBER).get_json()["status"] == "open"

    closed = fresh_client.post(f"{DECEMBER}/close", json={"rest": "bottom_up"}).get_json()
    assert (closed["status"], closed["agreed_count"]) == ("closed", 2)
    # Ben gave no figure, so that the model's counts.
    assert by_rep(closed)[ada]["agreed"] == 650
    assert by_rep(closed)[ben]["agreed"] == figures[ben]["top_down"]
    for response in (
        fresh_client.put(f"{DECEMBER}/figures/{ada}", json={"agreed": 1}),
        fresh_client.post(f"{DECEMBER}/agreements", json={"take": "top_down"}),
        fresh_client.post(f"{DECEMBER}/close", json={}),
    ):
        assert_problem(response, 409, "ROUND_CLOSED")
    assert fresh_client.get(DECEMBER).get_json() == closed


def test_a_month_has_one_round_at_most(copied_client: FlaskClient) -> None:
    opened(copied_client)
    problem = assert_problem(
        copied_client.post(ROUNDS, json={"month": "2026-12"}), 409, "ROUND_EXISTS"
    )
    assert "/api/v1/planning-rounds/2026-12" in problem["detail"]


def test_two_who_open_a_month_at_once_make_one_round(fresh_state: AppState) -> None:
    app, start, statuses = create_app(fresh_state), Barrier(2), list[int]()

    def open_it() -> None:
        start.wait()
        statuses.append(app.test_client().post(ROUNDS, json={"month": "2026-12"}).status_code)

    threads = [Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [201, 409]


@pytest.mark.parametrize(("month", "said"), [("2026-10", "is over"), ("2027-12", "too far ahead")])
def test_rounds_are_for_this_month_and_the_next_twelve(
    copied_client: FlaskClient, month: str, said: str
) -> None:
    response = copied_client.post(ROUNDS, json={"month": month})
    problem = assert_problem(response, 422, "INVALID_REQUEST", "/month", "MONTH_NOT_OPEN")
    assert said in problem["detail"]
    assert "2026-11 to 2027-11" in problem["detail"]
    listed = copied_client.get(ROUNDS).get_json()
    assert (listed["openable"][0], listed["openable"][-1]) == ("2026-11", "2027-11")


def test_the_round_of_a_month_that_has_ended_can_only_be_closed(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    rep_id = reps(copied_client)[0]
    opened(copied_client, "2026-11")
    copied_state.clock = lambda: datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert copied_client.get(f"{ROUNDS}/2026-11").get_json()["status"] == "over"
    response = copied_client.put(f"{ROUNDS}/2026-11/figures/{rep_id}", json={"agreed": 5})
    assert "is over" in assert_problem(response, 409, "ROUND_CLOSED")["detail"]
    closed = copied_client.post(f"{ROUNDS}/2026-11/close", json={"rest": "top_down"})
    assert closed.get_json()["status"] == "closed"


def test_a_month_that_runs_shows_what_was_sold_so_far(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    ada = reps(copied_client)[0]
    before = by_rep(opened(copied_client, "2026-11"))[ada]
    with copied_state.database.session() as session:
        add_order(session, 1, TODAY, amount_cents=12_345)
        add_order(session, 1, TODAY + timedelta(days=1), amount_cents=500)  # not yet
        add_order(session, 1, TODAY, amount_cents=777, currency="CHF")
        add_order(session, 1, date(2025, 11, 30), amount_cents=4_200)
    answer = copied_client.get(f"{ROUNDS}/2026-11").get_json()
    after = by_rep(answer)[ada]
    assert after["actual"] == pytest.approx(before["actual"] + 123.45)
    assert after["last_year"] == pytest.approx(before["last_year"] + 42)
    assert answer["actual"] == pytest.approx(sum(one["actual"] for one in answer["figures"]))


def test_the_rounds_of_another_data_set_are_not_shown(
    copied_client: FlaskClient, copied_state: AppState
) -> None:
    opened(copied_client)
    rep_id = reps(copied_client)[0]
    with copied_state.database.session() as session:
        other = dataset_store.create(
            session,
            name="Replacement",
            kind=DatasetKind.OWN,
            country="CH",
            timezone="Europe/Zurich",
            currency="CHF",
            created_for=TODAY,
            created_at=NOW,
        )
        dataset_store.activate(session, other.id)
    listed = copied_client.get(ROUNDS).get_json()
    assert (listed["items"], listed["currency"]) == ([], "CHF")
    assert_problem(copied_client.get(DECEMBER), 404, "NOT_FOUND")
    response = copied_client.put(f"{DECEMBER}/figures/{rep_id}", json={"agreed": 5})
    assert_problem(response, 404, "NOT_FOUND")
    # A data set without a rep plans nothing, and says so with zeros.
    assert opened(copied_client)["figures"] == []


def test_the_list_has_every_round_with_its_sums(copied_client: FlaskClient) -> None:
    opened(copied_client, "2026-12")
    opened(copied_client, "2027-01")
    rep_id = reps(copied_client)[0]
    put(copied_client, rep_id, bottom_up=700, agreed=650)
    listed = copied_client.get(ROUNDS).get_json()
    assert [one["month"] for one in listed["items"]] == ["2027-01", "2026-12"]
    december = listed["items"][1]
    assert (december["told_count"], december["agreed_count"]) == (1, 1)
    assert (december["bottom_up"], december["agreed"]) == (700, 650)
    assert "2026-12" not in listed["openable"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/bottom_up", "MISSING"),
        ({"bottom_up": -1}, "/bottom_up", "OUT_OF_RANGE"),
        ({"bottom_up": 1e12}, "/bottom_up", "OUT_OF_RANGE"),
        ({"agreed": "5"}, "/agreed", "WRONG_TYPE"),
        ({"agreed": 5, "withdraw": ["agreed"]}, "/agreed", "CONTRADICTION"),
        ({"withdraw": ["top_down"]}, "/withdraw/0", "UNKNOWN_VALUE"),
        ({"top_down": 5}, "/top_down", "UNKNOWN_KEY"),
    ],
)
def test_a_figure_that_cannot_be_is_refused(
    client: FlaskClient, body: dict[str, Any], pointer: str, code: str
) -> None:
    response = client.put(f"{DECEMBER}/figures/1", json=body)
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "december", "1999-12", "2026-12-01"])
@pytest.mark.parametrize(
    "ask",
    [
        lambda client, month: client.get(f"{ROUNDS}/{month}"),
        lambda client, month: client.post(ROUNDS, json={"month": month}),
    ],
)
def test_a_month_that_is_none_is_refused(
    client: FlaskClient, ask: Callable[[FlaskClient, str], Any], month: str
) -> None:
    code = "OUT_OF_RANGE" if month == "1999-12" else "INVALID_FORMAT"
    assert_problem(ask(client, month), 422, "INVALID_REQUEST", "/month", code)


@pytest.mark.parametrize("rep_id", ["999", "none", "²"])
def test_a_rep_that_is_not_there_is_not_found(copied_client: FlaskClient, rep_id: str) -> None:
    opened(copied_client)
    response = copied_client.put(f"{DECEMBER}/figures/{rep_id}", json={"agreed": 5})
    assert_problem(response, 404, "NOT_FOUND")
