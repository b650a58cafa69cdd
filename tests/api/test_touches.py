"""What touches cost and bring, and the settings behind it."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.state import AppState
from data.tables import Channel, Contact
from tests.api.problems import assert_problem
from tests.api.small_world import NOW
from tests.data.builders import add_visit

URL = "/api/v1/touches"
CHANNELS = ["mail", "phone", "video", "field", "demo"]


def asked(client: FlaskClient, url: str = URL, **query: Any) -> dict[str, Any]:
    response = client.get(url, query_string=query)
    assert response.status_code == 200, response.get_data(as_text=True)
    found: dict[str, Any] = response.get_json()
    return found


def settings_of(client: FlaskClient) -> dict[str, Any]:
    return deepcopy(asked(client)["settings"])


def test_costs_add_up_over_segments_channels_and_roles(client: FlaskClient) -> None:
    found = asked(client)
    total = found["total"]
    assert [one["channel"] for one in found["channels"]] == CHANNELS
    assert total["account_count"] == found["account_count"] == 30
    for key in ("account_count", "hours", "cost", "revenue", "contribution"):
        assert sum(one[key] for one in found["segments"]) == pytest.approx(total[key], abs=0.3)
    assert total["cost"] == pytest.approx(
        total["time_cost"] + total["travel_cost"] + total["expense_cost"], abs=0.02
    )
    assert total["contribution_after_cost"] == pytest.approx(
        total["contribution"] - total["cost"], abs=0.02
    )
    roles = found["team"]
    assert sum(one["cost"] for one in roles) == pytest.approx(total["time_cost"], abs=0.05)
    hours = sum(one["sales_hours"] + one["support_hours"] for one in roles)
    assert hours == pytest.approx(total["hours"], abs=0.3)
    support = sum(one["support_hours"] for one in roles)
    assert found["support_share"] == pytest.approx(support / hours, abs=0.01)
    with_touches = sum(one["hours"] for one in found["channels"])
    assert with_touches + total["maintenance_hours"] == pytest.approx(total["hours"], abs=0.3)


def test_visits_of_the_last_year_are_counted_with_the_time_that_was_noted(
    client: FlaskClient,
) -> None:
    field = asked(client)["channels"][3]
    assert (field["touches"], field["mean_duration_s"]) == (20, 2400)
    mail = asked(client)["channels"][0]
    assert mail["touches"] == 0
    assert "mean_duration_s" not in mail


def test_the_visit_is_the_measure_of_what_a_touch_brings(client: FlaskClient) -> None:
    found = asked(client)
    visit = found["channels"][3]["next"]
    for one, said in zip(found["channels"], found["settings"]["channels"], strict=True):
        assert one["next"]["value"] == pytest.approx(
            said["effect_share"] * visit["value"], abs=0.02
        )
        assert one["next"]["net"] == pytest.approx(
            one["next"]["value"] - one["next"]["cost"], abs=0.011
        )
    items = client.get("/api/v1/accounts?limit=1000").get_json()["items"]
    mean = sum(one["visit_value"] for one in items) / 30
    assert visit["value"] == pytest.approx(mean, abs=0.01)


def test_a_rep_is_told_of_their_own_accounts(client: FlaskClient) -> None:
    whole, ada, ben = (asked(client, **query) for query in ({}, {"rep_id": 1}, {"rep_id": 2}))
    assert ada["account_count"] == ben["account_count"] == 15
    assert ada["total"]["cost"] + ben["total"]["cost"] == pytest.approx(
        whole["total"]["cost"], abs=0.03
    )


def test_accounts_that_cost_more_than_they_bring_come_worst_first(
    fresh_client: FlaskClient, fresh_state: AppState
) -> None:
    """Accounts 1 and 4 never bought; the one has two visits, the other a call."""
    assert asked(fresh_client)["costly"] == []
    with fresh_state.database.session() as session:
        for days in (5, 50):
            add_visit(session, 1, NOW - timedelta(days=days))
        add_visit(session, 4, NOW - timedelta(days=5), channel=Channel.PHONE)
    found = asked(fresh_client)
    assert [one["account_id"] for one in found["costly"]] == ["1", "4"]
    assert found["costly_count"] == 2
    for worst in found["costly"]:
        assert worst["contribution_after_cost"] == -worst["cost"] < 0
        one = asked(fresh_client, f"/api/v1/accounts/{worst['account_id']}/touches")
        assert one["total"]["cost"] == worst["cost"]


def test_winning_is_told_of_all_and_of_each_category(client: FlaskClient) -> None:
    """
    20 accounts were visited once and ordered on that day, the other ten were never touched.

    (20 touches + 5 x 6 assumed) / (20 + 5 wins) = 2 touches a win.
    """
    found = asked(client)["winning"]
    assert "category" not in found[0]
    assert [one["category"] for one in found[1:]] == ["A", "B", "C", "D"]
    for key in ("pursued", "won"):
        assert found[0][key] == sum(one[key] for one in found[1:]) == 20
    assert (found[0]["touches_per_win"], found[0]["basis"]) == (2, "data")
    assert found[0]["not_won_share_by_touches"] == [[1, 0]]
    nobody = found[-1]  # all potentials are larger
    assert (nobody["pursued"], nobody["touches_per_win"], nobody["basis"]) == (0, 6, "prior")
    visit = asked(client)["channels"][3]["next"]["cost"]
    assert found[0]["cost_per_win"] == pytest.approx(2 * visit, rel=0.5)


def test_one_account_has_its_touches_its_next_ones_and_what_it_costs(client: FlaskClient) -> None:
    """Account 2 had a visit and an order; account 1 had neither."""
    two = asked(client, "/api/v1/accounts/2/touches")
    assert [one["channel"] for one in two["channels"]] == CHANNELS
    assert two["channels"][3]["touches"] == 1
    assert two["channels"][3]["last"] < "2026-11-16"
    assert "last" not in two["channels"][0]
    assert two["total"]["hours"] > 0
    assert "pursuit" not in two
    nets = {one["channel"]: one["next"]["net"] for one in two["channels"]}
    best = max(nets, key=lambda name: nets[name])
    assert two.get("best_channel") == (best if nets[best] > 0 else None)
    one = asked(client, "/api/v1/accounts/1/touches")
    assert one["total"]["cost"] == 0
    assert one["pursuit"]["touches_so_far"] == 0
    category = one["pursuit"]["category"]
    winning = next(x for x in asked(client)["winning"] if x.get("category") == category)
    assert one["pursuit"]["touches_expected"] == winning["touches_per_win"]
    assert "cost_share" not in one["total"]


def test_calls_and_contacts_count(fresh_client: FlaskClient, fresh_state: AppState) -> None:
    before = asked(fresh_client, "/api/v1/accounts/2/touches")
    with fresh_state.database.session() as session:
        add_visit(session, 2, NOW - timedelta(days=3), channel=Channel.PHONE, duration_s=600)
        for position in range(3):
            session.add(Contact(account_id=2, position=position, name=f"Person {position}"))
    after = asked(fresh_client, "/api/v1/accounts/2/touches")
    assert after["channels"][1]["touches"] == 1
    assert after["channels"][1]["last"] == "2026-11-13"
    # Two more contacts lengthen a visit by a tenth each, and want an hour of care a year.
    assert (before["contacts"], after["contacts"]) == (0, 3)
    assert after["visit_duration_s"] == pytest.approx(1.2 * before["visit_duration_s"], abs=1)
    assert after["maintenance_hours"] == pytest.approx(before["maintenance_hours"] + 1)
    # The call: 10 + 5 minutes at 35 x 1.2; the care: an hour of 0.7 x 30 + 0.3 x 35, x 1.2.
    more = after["total"]["cost"] - before["total"]["cost"]
    assert more == pytest.approx(0.25 * 42 + 31.5 * 1.2, abs=0.02)


def test_an_account_that_is_none_has_no_touches(client: FlaskClient) -> None:
    assert_problem(client.get("/api/v1/accounts/999/touches"), 404, "NOT_FOUND")


def test_settings_become_the_next_version_and_count_at_once(fresh_client: FlaskClient) -> None:
    client = fresh_client
    first = client.get(URL)
    assert first.headers["ETag"] == '"0"'
    assert (first.get_json()["version"], first.get_json()["versions"]) == (0, [])
    settings = settings_of(client)
    settings["roles"][0]["per_hour"] = 90.0  # twice the default
    settings["overhead_share"] = 0.0
    said = {**settings, "reason": "New contracts"}
    done = client.put(URL, json=said, headers={"If-Match": '"0"'})
    assert done.status_code == 200, done.get_data(as_text=True)
    assert done.headers["ETag"] == '"1"'
    body = done.get_json()
    assert body["settings"] == settings
    assert [(one["version"], one["reason"]) for one in body["versions"]] == [(1, "New contracts")]
    after = asked(client)
    assert after["settings"] == settings
    before = first.get_json()
    role = next(one for one in after["team"] if one["role"] == "field_sales")
    old = next(one for one in before["team"] if one["role"] == "field_sales")
    assert role["cost"] == pytest.approx(old["cost"] * 2 / 1.2, abs=0.1)
    assert after["data_version"] != before["data_version"]


def test_who_has_seen_another_version_changes_nothing(fresh_client: FlaskClient) -> None:
    client = fresh_client
    said = {**settings_of(client), "reason": "First"}
    assert client.put(URL, json=said, headers={"If-Match": '"0"'}).status_code == 200
    again = client.put(URL, json={**said, "reason": "Late"}, headers={"If-Match": '"0"'})
    assert_problem(again, 412, "PRECONDITION_FAILED")
    assert [one["reason"] for one in asked(client)["versions"]] == ["First"]


WRONG: dict[str, tuple[Any, str, str]] = {
    "no reason": (lambda s: s.pop("reason"), "/reason", "MISSING"),
    "an empty reason": (lambda s: s.update(reason=" "), "/reason", "WRONG_LENGTH"),
    "a visit worth half a visit": (
        lambda s: s["channels"][3].update(effect_share=0.5),
        "",
        "INVALID_SETTINGS",
    ),
    "channels in disorder": (lambda s: s["channels"].reverse(), "", "INVALID_SETTINGS"),
    "a channel left out": (lambda s: s["channels"].pop(), "/channels", "WRONG_LENGTH"),
    "an unknown role": (
        lambda s: s["channels"][0]["team"][0].update(role="janitor"),
        "",
        "INVALID_SETTINGS",
    ),
    "a role twice": (
        lambda s: s["channels"][0]["team"].append(s["channels"][0]["team"][0]),
        "",
        "INVALID_SETTINGS",
    ),
    "an interval of zero": (
        lambda s: s["channels"][1].update(interval_days=0),
        "/channels/1/interval_days",
        "OUT_OF_RANGE",
    ),
    "a negative wage": (
        lambda s: s["roles"][0].update(per_hour=-1),
        "/roles/0/per_hour",
        "OUT_OF_RANGE",
    ),
    "a prior of nothing": (
        lambda s: s["winning"].update(touches=0),
        "/winning/touches",
        "OUT_OF_RANGE",
    ),
    "an unknown key": (lambda s: s.update(colour="red"), "/colour", "UNKNOWN_KEY"),
}


@pytest.mark.parametrize("what", WRONG)
def test_settings_that_cannot_be_are_refused_and_nothing_is_stored(
    client: FlaskClient, what: str
) -> None:
    said = {**settings_of(client), "reason": "Try"}
    change, pointer, code = WRONG[what]
    change(said)
    assert_problem(client.put(URL, json=said), 422, "INVALID_REQUEST", pointer, code)
    assert asked(client)["version"] == 0
