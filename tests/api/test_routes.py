"""Planning in the small world: what is asked for is what comes back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.state import AppState
from tests.api.problems import assert_problem
from tests.api.small_world import trip_request

URL = "/api/v1/routes"
Plan = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture
def plan(client: FlaskClient) -> Plan:
    def post(request: dict[str, Any]) -> dict[str, Any]:
        response = client.post(URL, json=request)
        assert response.status_code == 201, response.get_data(as_text=True)
        body: dict[str, Any] = response.get_json()
        check(body)
        return body

    return post


def visits_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Appointments are visits too."""
    kinds = ("visit", "appointment")
    return [stop for day in body["days"] for stop in day["stops"] if stop["type"] in kinds]


def check(body: dict[str, Any]) -> None:
    """What holds for every answer."""
    visits, search = visits_of(body), body["search"]
    others = len(body["unassigned"]) + sum(body["unassigned_counts"].values())
    assert len(visits) + others == search["accounts_considered"]
    assert len(visits) == body["totals"]["visits"]
    assert search["bound_state"] == "none"
    assert search["gap"] is None
    missing = any(entry["required"] for entry in body["unassigned"])
    assert body["status"] == ("infeasible" if missing else "complete")
    for day in body["days"]:
        stops, legs = {stop["seq"]: stop for stop in day["stops"]}, day["legs"]
        for leg in legs:
            left = datetime.fromisoformat(stops[leg["from_seq"]]["departure"])
            reached = datetime.fromisoformat(stops[leg["to_seq"]]["arrival"])
            assert (reached - left).total_seconds() == leg["travel_s"]
        assert day["totals"]["travel_s"] == sum(leg["travel_s"] for leg in legs)
        assert day["totals"]["distance_m"] == sum(leg["distance_m"] for leg in legs)
        if legs:
            assert datetime.fromisoformat(stops[0]["departure"]) >= datetime.fromisoformat(
                day["start"]
            )
            assert datetime.fromisoformat(stops[len(stops) - 1]["arrival"]) <= (
                datetime.fromisoformat(day["end"])
            )


def worked_s(body: dict[str, Any]) -> float:
    """From leaving to arriving, of all days."""
    total = 0.0
    for day in body["days"]:
        if day["legs"]:
            left = datetime.fromisoformat(day["stops"][0]["departure"])
            total += (datetime.fromisoformat(day["stops"][-1]["arrival"]) - left).total_seconds()
    return total


def without_chance(body: dict[str, Any]) -> dict[str, Any]:
    """What the same request must answer again: all but the name, the clock and the links."""
    kept = {key: body[key] for key in body if key not in ("route_id", "created_at", "links")}
    kept["search"] = {k: v for k, v in body["search"].items() if k != "elapsed_ms"}
    return kept


def test_a_trip_visits_accounts_on_the_way(plan: Plan, client: FlaskClient) -> None:
    body = plan(trip_request(2, label="CW 48"))
    assert body["label"] == "CW 48"
    assert body["start"]["name"] == "Anfang, Hesse"
    assert body["totals"]["visits"] >= 5
    assert body["totals"]["net_value"] > 0
    assert body["search"]["accounts_considered"] == 30
    # One account each is a key account, closed, without position, not connected.
    counts = body["unassigned_counts"]
    for code in (
        "CHANNEL_NOT_FIELD",
        "CLOSED_DURING_TRIP",
        "LOCATION_MISSING",
        "UNREACHABLE_BY_ROAD",
    ):
        assert counts[code] == 1
    first = visits_of(body)[0]
    card = client.get(f"/api/v1/accounts/{first['account_id']}").get_json()
    assert card["name"] == first["name"]


def test_the_answer_says_where_it_is_kept_and_is_kept_as_it_was(client: FlaskClient) -> None:
    response = client.post(URL, json=trip_request(1))
    where = response.headers["Location"]
    assert where == response.get_json()["links"]["self"]
    assert client.get(where).get_json() == response.get_json()
    assert client.get(where).get_data() == response.get_data()


def test_the_same_request_gives_the_same_plan(plan: Plan) -> None:
    request = trip_request(3, options={"seed": 5, "iterations": 300})
    assert without_chance(plan(request)) == without_chance(plan(request))


def test_net_value_counts_above_the_direct_trip(plan: Plan) -> None:
    """Without accounts the direct trip is planned, and worth nothing."""
    body = plan(trip_request(1, visits=[]))
    assert body["search"]["accounts_considered"] == 0
    assert body["totals"]["net_value"] == 0
    assert body["totals"]["detour_s"] == 0
    assert [w["code"] for w in body["warnings"]] == ["NO_CANDIDATES"]
    # 72.228 km in 4,934 s: 61.68 + 21.67 EUR.
    assert body["totals"]["travel_cost"] == pytest.approx(83.35, abs=0.01)


def test_costs_follow_the_request(plan: Plan) -> None:
    body = plan(trip_request(1, visits=[], costs={"per_hour": 36, "per_km": 1, "currency": "EUR"}))
    totals = body["totals"]
    expected = totals["travel_s"] * 0.01 + totals["distance_m"] * 0.001
    assert totals["travel_cost"] == pytest.approx(expected, abs=0.011)


def test_the_objective_prize_counts_no_costs(plan: Plan) -> None:
    body = plan(trip_request(1, options={"objective": "prize"}))
    assert body["totals"]["travel_cost"] == 0
    assert body["totals"]["net_value"] == body["totals"]["prize"]


def test_a_round_trip_from_home_works(plan: Plan) -> None:
    home = {"place": "home"}
    body = plan(trip_request(2, rep_id="1", start=home, end=home))
    assert body["start"] == body["end"]
    assert body["totals"]["direct_travel_s"] == 0
    assert body["search"]["accounts_considered"] == 15  # those of the rep
    away = [
        day["stops"][-1]
        for day in body["days"]
        if day["stops"][-1]["type"] == "overnight"
        and day["stops"][-1]["location"] != body["start"]["position"]
    ]
    expected = worked_s(body) * 45 / 3600 + body["totals"]["distance_m"] * 0.0003 + 110 * len(away)
    assert body["totals"]["travel_cost"] == pytest.approx(expected, abs=0.02)


def test_visits_alone_are_the_only_candidates(plan: Plan) -> None:
    body = plan(
        trip_request(
            1,
            visits=[
                {"account_id": "8", "visit_id": "v8"},
                {"visit_id": "new", "location": {"position": [9.2, 51.2]}, "prize": 500},
            ],
        )
    )
    assert body["search"]["accounts_considered"] == 2
    ids = {visit["visit_id"] for visit in visits_of(body)}
    assert "new" in ids
    new = next(v for v in visits_of(body) if v["visit_id"] == "new")
    assert "account_id" not in new
    assert new["why"]["prize"] == 500
    assert "visit_value" not in new["why"]
    assert new["service_duration_s"] == 1800


def test_visits_with_a_filter_come_on_top_of_those_chosen(plan: Plan) -> None:
    body = plan(
        trip_request(
            1,
            visits=[{"account_id": "28", "required": True}],
            candidate_filter={"owner_ids": ["1"]},
        )
    )
    assert body["search"]["accounts_considered"] == 16
    # A key account is visited when it is asked for.
    assert "28" in [visit["account_id"] for visit in visits_of(body)]
    assert body["totals"]["required_visits"] == 1


def test_a_filter_chooses_by_segment_box_and_exclusion(plan: Plan) -> None:
    body = plan(
        trip_request(
            1,
            candidate_filter={
                "segments": ["10k_100k"],
                "bbox": [9.0, 51.0, 9.5, 51.3],
                "exclude_account_ids": ["8"],
            },
        )
    )
    # Even numbers are in that segment; numbers 1 to 24 lie in the box.
    assert body["search"]["accounts_considered"] == 12
    assert body["unassigned_counts"]["EXCLUDED_BY_CLIENT"] == 1
    assert "8" not in [visit["account_id"] for visit in visits_of(body)]


def test_a_short_shortlist_leaves_the_others_with_a_reason(plan: Plan) -> None:
    body = plan(trip_request(1, candidate_filter={"shortlist": 3}))
    assert body["search"]["shortlisted"] == 3
    assert body["unassigned_counts"]["NOT_SHORTLISTED"] == 22


def test_a_required_visit_that_is_closed_makes_the_plan_infeasible(plan: Plan) -> None:
    """Account 6 opens on Sundays only; the rest is planned."""
    body = plan(
        trip_request(1, visits=[{"account_id": "6", "required": True}], candidate_filter={})
    )
    assert body["status"] == "infeasible"
    assert body["totals"]["visits"] > 0
    entry = next(e for e in body["unassigned"] if e["required"])
    assert entry["account_id"] == "6"
    assert entry["reasons"][0]["code"] == "CLOSED_DURING_TRIP"
    assert entry["reasons"][0]["certainty"] == "proved"


def test_a_required_visit_outside_every_day_makes_the_plan_infeasible(plan: Plan) -> None:
    window = {"start": "2026-12-24T09:00:00+01:00", "end": "2026-12-24T12:00:00+01:00"}
    visit = {"account_id": "8", "required": True, "time_windows": [window]}
    body = plan(trip_request(1, visits=[visit], candidate_filter={}))
    assert body["status"] == "infeasible"
    (entry,) = [e for e in body["unassigned"] if e["required"]]
    assert entry["reasons"][0]["code"] == "CLOSED_DURING_TRIP"


def test_a_required_visit_on_an_island_makes_the_plan_infeasible(plan: Plan) -> None:
    body = plan(trip_request(1, visits=[{"account_id": "30", "required": True}]))
    assert body["status"] == "infeasible"
    assert body["unassigned"][0]["reasons"][0]["code"] == "UNREACHABLE_BY_ROAD"


def test_required_visits_that_exclude_each_other_keep_one(plan: Plan) -> None:
    window = [{"start": "2026-11-23T12:00:00+01:00", "end": "2026-11-23T12:00:00+01:00"}]
    visits = [{"account_id": one, "required": True, "time_windows": window} for one in ("1", "24")]
    body = plan(trip_request(1, visits=visits))
    assert body["status"] == "infeasible"
    (kept,) = visits_of(body)
    assert kept["service_start"] == "2026-11-23T12:00:00+01:00"
    (entry,) = body["unassigned"]
    assert {kept["account_id"], entry["account_id"]} == {"1", "24"}


def test_time_windows_of_the_request_replace_opening_hours(plan: Plan) -> None:
    windows = [{"weekdays": [1, 2], "opens": "14:00", "closes": "14:30"}]
    visit = {"account_id": "6", "required": True, "time_windows": windows}
    body = plan(trip_request(1, visits=[visit]))
    assert body["status"] == "complete"
    (stop,) = visits_of(body)
    assert "T14:00:00" <= stop["service_start"][10:19] <= "T14:30:00"


def test_no_time_windows_mean_at_any_time(plan: Plan) -> None:
    visit = {"account_id": "6", "required": True, "time_windows": []}
    assert plan(trip_request(1, visits=[visit]))["status"] == "complete"


def test_a_visit_not_due_is_worth_nothing_and_says_so(plan: Plan) -> None:
    visit = {"account_id": "8", "last_visit_at": "2026-11-20T10:00:00+01:00"}
    body = plan(trip_request(1, visits=[visit]))
    (entry,) = body["unassigned"]
    assert entry["prize"] == 0
    assert [reason["code"] for reason in entry["reasons"]] == ["NOT_DUE", "VALUE_BELOW_COST"]


def test_last_visit_and_interval_of_the_request_change_the_prize(plan: Plan) -> None:
    """100 days after the last visit at an interval of 100 days the factor is 1."""
    visit = {
        "account_id": "8",
        "required": True,
        "last_visit_at": "2026-08-15T10:00:00+02:00",
        "visit_interval_days": 100,
    }
    (stop,) = visits_of(plan(trip_request(1, visits=[visit])))
    assert stop["why"]["due_ratio"] == 1
    assert stop["why"]["due_factor"] == 1
    assert stop["why"]["prize"] == stop["why"]["visit_value"]


def test_a_visit_without_account_and_prize_is_warned_of(plan: Plan) -> None:
    body = plan(trip_request(1, visits=[{"location": {"place": "Nordstadt"}}]))
    assert [(w["code"], w["pointer"]) for w in body["warnings"]] == [("NO_PRIZE", "/visits/0")]
    assert body["unassigned"][0]["reasons"][0]["code"] == "VALUE_BELOW_COST"


def test_a_limit_on_the_detour_holds_for_the_trip(plan: Plan) -> None:
    body = plan(trip_request(2, limits={"max_detour_s": 1800}))
    assert body["totals"]["detour_s"] <= 1800
    assert body["unassigned_counts"].get("EXCEEDS_MAX_DETOUR", 0) == 0  # alone all are nearer
    tight = plan(trip_request(2, limits={"max_detour_ratio": 1.2}))
    assert tight["totals"]["travel_s"] <= 1.2 * tight["totals"]["direct_travel_s"]


def test_a_limit_per_visit_excludes_with_the_detour_measured(plan: Plan) -> None:
    body = plan(trip_request(1, limits={"max_detour_per_visit_s": 1000}))
    assert body["unassigned_counts"]["EXCEEDS_MAX_DETOUR"] > 5


def test_an_ambiguous_place_is_taken_with_a_warning_and_its_namesakes(plan: Plan) -> None:
    body = plan(trip_request(1, end={"place": "Neustadt"}))
    assert body["end"]["position"] == [9.2, 51.2]
    assert [other["region"] for other in body["end"]["alternatives"]] == ["Saxony"]
    assert [(w["code"], w["pointer"]) for w in body["warnings"]] == [
        ("AMBIGUOUS_PLACE", "/end/place")
    ]
    chosen = plan(trip_request(1, end={"place": "Neustadt, Hesse"}))
    assert chosen["warnings"] == []


@pytest.mark.parametrize(
    ("place", "level"),
    [
        ({"place": "Nordstadt"}, "place"),
        ({"postcode": "34001"}, "postcode"),
        ({"account_id": "3"}, "given"),
        ({"position": [9.15, 51.25], "name": "The inn"}, "given"),
    ],
)
def test_a_trip_starts_at_any_kind_of_place(plan: Plan, place: dict[str, Any], level: str) -> None:
    body = plan(trip_request(1, start=place, visits=[]))
    assert body["start"]["level"] == level
    assert body["days"][0]["stops"][0]["location"] == pytest.approx(body["start"]["position"])
    if "name" in place:
        assert body["start"]["name"] == "The inn"


def test_nights_are_spent_in_towns_unless_forbidden(plan: Plan) -> None:
    request = trip_request(2, overnight={"cost_per_night": 0})
    for day, date in zip(request["days"], ("2026-11-23", "2026-11-24"), strict=True):
        day["start"], day["end"] = f"{date}T08:00:00+01:00", f"{date}T11:00:00+01:00"
    free = plan({**request, "overnight": {"cost_per_night": 0}})
    assert free["totals"]["nights"] == 1
    ends = plan({**request, "overnight": {"cost_per_night": 0, "allowed": False}})
    night = ends["days"][0]["stops"][-1]["name"]
    assert night in ("Anfang, Hesse", "Ostburg, Hesse")


def test_a_preferred_place_for_the_night_is_considered(plan: Plan, client: FlaskClient) -> None:
    """The first day is too short for any town; the inn is 24 minutes from the start."""
    inn = {"position": [9.1, 51.1], "name": "The inn"}
    request = trip_request(2, overnight={"preferred_places": [inn]}, visits=[])
    request["days"][0]["end"] = "2026-11-23T08:40:00+01:00"
    request["days"][1]["end"] = "2026-11-24T09:20:00+01:00"
    body = plan(request)
    evening = body["days"][0]["stops"][-1]
    assert (evening["name"], evening["type"]) == ("The inn", "overnight")
    assert body["days"][1]["stops"][0]["name"] == "The inn"
    assert body["totals"]["nights"] == 1
    without = client.post(URL, json={**request, "overnight": {}})
    assert_problem(without, 422, "NO_DIRECT_TRIP", "/days")


def test_days_off_on_the_way_are_warned_of(plan: Plan) -> None:
    request = trip_request(3)
    del request["days"][1]
    assert [w["code"] for w in plan(request)["warnings"]] == ["NIGHTS_COUNTED_ONCE"]


def test_times_are_local_to_the_time_zone_of_the_request(plan: Plan) -> None:
    body = plan(trip_request(1, timezone="America/New_York"))
    assert body["timezone"] == "America/New_York"
    departures = [s["departure"] for s in body["days"][0]["stops"] if "departure" in s]
    assert all(departure.endswith("-05:00") for departure in departures)


def test_without_explanation_there_are_no_reasons_beyond_the_search(plan: Plan) -> None:
    body = plan(trip_request(1, options={"explain": False}))
    assert all("why" not in visit for visit in visits_of(body))
    codes = {reason["code"] for entry in body["unassigned"] for reason in entry["reasons"]}
    assert codes == {"SEARCH_LIMIT"}


def test_a_time_limit_that_strikes_is_reported(plan: Plan) -> None:
    body = plan(trip_request(2, options={"iterations": 10_000_000, "time_limit_s": 0.2}))
    assert body["search"]["stopped_by"] == "time_limit"


def test_every_visit_says_why_and_leads_there(plan: Plan) -> None:
    for visit in visits_of(plan(trip_request(2))):
        why = visit["why"]
        assert why["net"] == pytest.approx(why["prize"] - why["added_cost"])
        assert why["prize"] == pytest.approx(why["visit_value"] * why["due_factor"], rel=0.01)
        assert visit["slack_s"] >= 0
        lon, lat = visit["location"]
        assert visit["navigation"]["geo"] == f"geo:{lat:.6f},{lon:.6f}"
        assert visit["name"] not in str(visit["navigation"])


def test_geometry_comes_with_the_answer_or_apart(plan: Plan, client: FlaskClient) -> None:
    body = plan(trip_request(1, options={"geometry": "geojson"}))
    apart = client.get(body["links"]["geojson"])
    assert apart.mimetype == "application/geo+json"
    assert apart.get_json() == body["geojson"]
    kinds = [f["geometry"]["type"] for f in body["geojson"]["features"]]
    stops = body["days"][0]["stops"]
    assert kinds.count("Point") == len(stops)
    assert kinds.count("LineString") == len(stops) - 1
    line = next(f for f in body["geojson"]["features"] if f["geometry"]["type"] == "LineString")
    assert line["properties"]["day"] == "2026-11-23"
    assert line["geometry"]["coordinates"][0] == pytest.approx(stops[0]["location"], abs=1e-4)
    assert "geojson" not in plan(trip_request(1))


def test_everybody_left_out_is_listed_in_pages(plan: Plan, client: FlaskClient) -> None:
    body = plan(
        trip_request(
            1,
            visits=[{"visit_id": "x", "location": {"place": "Nordstadt"}}],
            candidate_filter={"shortlist": 5},
        )
    )
    where, cursor, items = body["links"]["self"] + "/unassigned", "", []
    for _ in range(20):
        page = client.get(f"{where}?limit=7&cursor={cursor}").get_json()
        items += page["items"]
        cursor = page.get("next_cursor")
        if cursor is None:
            break
    assert len(items) + body["totals"]["visits"] == body["search"]["accounts_considered"]
    assert items[0]["visit_id"] == "x"
    counted: dict[str, int] = {}
    for item in items:
        code = item["reasons"][0]["code"]
        counted[code] = counted.get(code, 0) + 1
    told: dict[str, int] = dict(body["unassigned_counts"])
    for entry in body["unassigned"]:
        code = entry["reasons"][0]["code"]
        told[code] = told.get(code, 0) + 1
    assert counted == told
    assert all(item["name"].startswith("Firma") for item in items if "account_id" in item)


def test_those_left_out_are_found_by_reason_and_by_account(plan: Plan, client: FlaskClient) -> None:
    body = plan(trip_request(1, limits={"max_detour_per_visit_s": 1000}))
    where = body["links"]["self"] + "/unassigned"
    items = client.get(where, query_string={"code": "EXCEEDS_MAX_DETOUR"}).get_json()["items"]
    assert len(items) == body["unassigned_counts"]["EXCEEDS_MAX_DETOUR"]
    for item in items:
        (reason,) = item["reasons"]
        assert (reason["value"], reason["limit"], reason["unit"]) == (item["detour_s"], 1000, "s")
        assert reason["value"] > 1000
        assert reason["certainty"] == "proved"
    (one,) = client.get(where, query_string={"account_id": items[0]["account_id"]}).get_json()[
        "items"
    ]
    assert one == items[0]
    assert client.get(where, query_string={"account_id": "nobody"}).get_json()["items"] == []
    assert client.get(where, query_string={"code": "BLOCKED"}).get_json()["items"] == []


def test_a_route_of_nobody_is_not_found(client: FlaskClient, state: AppState) -> None:
    assert_problem(client.get(f"{URL}/r-00000000000000000000"), 404, "NOT_FOUND")


def test_accounts_of_a_route_are_named_for_those_who_ask(plan: Plan, client: FlaskClient) -> None:
    body = plan(trip_request(1, candidate_filter={"shortlist": 10}))
    assert all("town" not in stop for stop in visits_of(body))
    named = client.get(body["links"]["self"], headers={"Prefer": "accounts=named"}).get_json()
    assert all(stop["town"] == "Kassel" for stop in visits_of(named))
    assert named["unassigned"]
    assert all(entry["name"].startswith("Firma") for entry in named["unassigned"])
    assert client.get(body["links"]["self"]).get_json() == body
