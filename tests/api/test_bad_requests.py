"""Whatever is wrong with a request is said once, with a pointer, and never as a failure of ours."""

import io
import json
from copy import deepcopy
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.problems import assert_problem
from tests.api.small_world import trip_request

URL = "/api/v1/routes"
MISSING = object()


def changed(path: str, value: Any) -> dict[str, Any]:
    """The usual request with one value set, or taken away."""
    request = trip_request(2)
    *way, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    inner: Any = request
    for part in way:
        inner = inner[part] if isinstance(part, int) else inner.setdefault(part, {})
    if value is MISSING:
        del inner[last]
    else:
        inner[last] = value
    return request


DAY = {
    "date": "2026-11-24",
    "start": "2026-11-24T08:00:00+01:00",
    "end": "2026-11-24T17:00:00+01:00",
}
ON_ACCOUNT_1 = {"account_id": "1"}

# What is set to what, and where the answer must point with which code.
WRONG: dict[str, tuple[str, Any, str, str]] = {
    "unknown key": ("breaks", [], "/breaks", "UNKNOWN_KEY"),
    "unknown key of a day": ("days/0/pauses", [], "/days/0/pauses", "UNKNOWN_KEY"),
    "key that needs escaping": ("a~b", 1, "/a~0b", "UNKNOWN_KEY"),
    "no start": ("start", MISSING, "/start", "MISSING"),
    "null is missing": ("start", None, "/start", "MISSING"),
    "no days": ("days", [], "/days", "WRONG_LENGTH"),
    "start is text": ("start", "Kassel", "/start", "WRONG_TYPE"),
    "no way to say where": ("start", {}, "/start", "AMBIGUOUS_PLACE"),
    "two ways to say where": (
        "start",
        {"place": "Anfang", "postcode": "34001"},
        "/start",
        "AMBIGUOUS_PLACE",
    ),
    "unknown city": ("start", {"place": "Anfing"}, "/start/place", "UNKNOWN_PLACE"),
    "empty city": ("end", {"place": "  "}, "/end/place", "WRONG_LENGTH"),
    "unknown postcode": ("end", {"postcode": "34009"}, "/end/postcode", "UNKNOWN_PLACE"),
    "unknown account": ("end", {"account_id": "999"}, "/end/account_id", "UNKNOWN_ACCOUNT"),
    "account id of letters": ("end", {"account_id": "x"}, "/end/account_id", "UNKNOWN_ACCOUNT"),
    "account without a position": (
        "end",
        {"account_id": "29"},
        "/end/account_id",
        "LOCATION_MISSING",
    ),
    "home of nobody": ("start", {"place": "home"}, "/start/place", "UNKNOWN_PLACE"),
    "far from any road": ("start", {"position": [10.5, 51.0]}, "/start", "OFF_ROAD"),
    "latitude of 99": ("start", {"position": [9.0, 99.0]}, "/start/position/1", "OUT_OF_RANGE"),
    "three coordinates": ("start", {"position": [9, 51, 3]}, "/start/position", "WRONG_LENGTH"),
    "end before start": (
        "days/1/end",
        "2026-11-24T07:00:00+01:00",
        "/days/1/end",
        "END_BEFORE_START",
    ),
    "empty day": ("days/1/end", "2026-11-24T08:00:00+01:00", "/days/1/end", "EMPTY_DAY"),
    "day of 25 hours": ("days/1/end", "2026-11-25T09:00:01+01:00", "/days/1/end", "DAY_TOO_LONG"),
    "date of another day": ("days/1/date", "2026-11-25", "/days/1/date", "DATE_MISMATCH"),
    "break longer than the day": (
        "days/0/breaks",
        [{"duration_s": 32_401}],
        "/days/0/breaks/0/duration_s",
        "BREAK_TOO_LONG",
    ),
    "break that ends before it starts": (
        "days/0/breaks",
        [{"duration_s": 900, "earliest_start": "13:00", "latest_start": "12:59"}],
        "/days/0/breaks/0/latest_start",
        "END_BEFORE_START",
    ),
    "breaks that cannot follow each other": (
        "days/1/breaks",
        [{"duration_s": 3600, "earliest_start": "12:00", "latest_start": "12:30"}] * 2,
        "/days/1/breaks",
        "BREAKS_OVERLAP",
    ),
    "break of no time": (
        "days/0/breaks",
        [{"duration_s": 0}],
        "/days/0/breaks/0/duration_s",
        "OUT_OF_RANGE",
    ),
    "break at no time": (
        "days/0/breaks",
        [{"duration_s": 900, "earliest_start": "25:00"}],
        "/days/0/breaks/0/earliest_start",
        "INVALID_FORMAT",
    ),
    "negative limit of a day": (
        "days/0/limits",
        {"max_visits": -1},
        "/days/0/limits/max_visits",
        "OUT_OF_RANGE",
    ),
    "more nights than a trip has": (
        "overnight/max_nights",
        15,
        "/overnight/max_nights",
        "OUT_OF_RANGE",
    ),
    "days of a week": ("week", "2026-W48", "/rep_id", "MISSING"),
    "no offset": ("days/0/start", "2026-11-23T08:00:00", "/days/0/start", "INVALID_FORMAT"),
    "no such date": ("days/0/date", "2026-02-30", "/days/0/date", "INVALID_FORMAT"),
    "time stamp for a date": ("days/0/date", 1_790_000_000, "/days/0/date", "INVALID_FORMAT"),
    "year 9999": ("days/0/date", "9999-12-31", "/days/0/date", "OUT_OF_RANGE"),
    "no such time zone": ("timezone", "Europe/Kassel", "/timezone", "UNKNOWN_TIMEZONE"),
    "folder of time zones": ("timezone", "Europe", "/timezone", "UNKNOWN_TIMEZONE"),
    "way out of the time zones": ("timezone", "../../etc/passwd", "/timezone", "UNKNOWN_TIMEZONE"),
    "unknown rep": ("rep_id", "99", "/rep_id", "UNKNOWN_REP"),
    "visit without place": ("visits", [{}], "/visits/0", "LOCATION_MISSING"),
    "visit of an unknown account": (
        "visits",
        [ON_ACCOUNT_1, {"account_id": "77"}],
        "/visits/1/account_id",
        "UNKNOWN_ACCOUNT",
    ),
    "account twice": (
        "visits",
        [ON_ACCOUNT_1, ON_ACCOUNT_1],
        "/visits/1/account_id",
        "DUPLICATE_VISIT",
    ),
    "visit id twice": (
        "visits",
        [{"account_id": "1", "visit_id": "a"}, {"account_id": "2", "visit_id": "a"}],
        "/visits/1/visit_id",
        "DUPLICATE_VISIT",
    ),
    "negative duration": (
        "visits",
        [{"account_id": "1", "service_duration_s": -1}],
        "/visits/0/service_duration_s",
        "OUT_OF_RANGE",
    ),
    "duration as text": (
        "visits",
        [{"account_id": "1", "service_duration_s": "60"}],
        "/visits/0/service_duration_s",
        "WRONG_TYPE",
    ),
    "negative prize": (
        "visits",
        [{"account_id": "1", "prize": -5}],
        "/visits/0/prize",
        "OUT_OF_RANGE",
    ),
    "prize beyond reason": (
        "visits",
        [{"account_id": "1", "prize": 1e300}],
        "/visits/0/prize",
        "OUT_OF_RANGE",
    ),
    "required as a word": (
        "visits",
        [{"account_id": "1", "required": "yes"}],
        "/visits/0/required",
        "WRONG_TYPE",
    ),
    "visit place unknown": (
        "visits",
        [{"location": {"place": "Nirgends"}}],
        "/visits/0/location/place",
        "UNKNOWN_PLACE",
    ),
    "half a time window": (
        "visits",
        [{"account_id": "1", "time_windows": [{"opens": "08:00"}]}],
        "/visits/0/time_windows/0",
        "AMBIGUOUS_TIME_WINDOW",
    ),
    "time window backwards": (
        "visits",
        [
            {
                "account_id": "1",
                "time_windows": [
                    {"start": "2026-11-23T12:00:00+01:00", "end": "2026-11-23T09:00:00+01:00"}
                ],
            }
        ],
        "/visits/0/time_windows/0/end",
        "END_BEFORE_START",
    ),
    "hours backwards": (
        "visits",
        [
            {
                "account_id": "1",
                "time_windows": [{"weekdays": [1], "opens": "18:00", "closes": "09:00"}],
            }
        ],
        "/visits/0/time_windows/0/closes",
        "END_BEFORE_START",
    ),
    "25 o'clock": (
        "visits",
        [
            {
                "account_id": "1",
                "time_windows": [{"weekdays": [1], "opens": "08:00", "closes": "25:00"}],
            }
        ],
        "/visits/0/time_windows/0/closes",
        "INVALID_FORMAT",
    ),
    "eighth weekday": (
        "visits",
        [
            {
                "account_id": "1",
                "time_windows": [{"weekdays": [8], "opens": "08:00", "closes": "09:00"}],
            }
        ],
        "/visits/0/time_windows/0/weekdays/0",
        "OUT_OF_RANGE",
    ),
    "10,000 visits": (
        "visits",
        [{"account_id": str(k)} for k in range(10_000)],
        "/visits",
        "WRONG_LENGTH",
    ),
    "shortlist of nobody": (
        "candidate_filter/shortlist",
        0,
        "/candidate_filter/shortlist",
        "OUT_OF_RANGE",
    ),
    "unknown owner": (
        "candidate_filter/owner_ids",
        ["1", "44"],
        "/candidate_filter/owner_ids/1",
        "UNKNOWN_REP",
    ),
    "unknown segment": (
        "candidate_filter/segments",
        ["huge"],
        "/candidate_filter/segments/0",
        "UNKNOWN_SEGMENT",
    ),
    "unknown excluded account": (
        "candidate_filter/exclude_account_ids",
        ["98"],
        "/candidate_filter/exclude_account_ids/0",
        "UNKNOWN_ACCOUNT",
    ),
    "box inside out": (
        "candidate_filter/bbox",
        [10, 51, 9, 52],
        "/candidate_filter/bbox",
        "EMPTY_BBOX",
    ),
    "box of three": ("candidate_filter/bbox", [9, 51, 10], "/candidate_filter/bbox/3", "MISSING"),
    "negative detour": ("limits/max_detour_s", -1, "/limits/max_detour_s", "OUT_OF_RANGE"),
    "ratio below 1": ("limits/max_detour_ratio", 0.5, "/limits/max_detour_ratio", "OUT_OF_RANGE"),
    "other currency": ("costs/currency", "USD", "/costs/currency", "UNSUPPORTED_CURRENCY"),
    "unknown objective": ("options/objective", "fun", "/options/objective", "UNKNOWN_VALUE"),
    "no iterations": ("options/iterations", 0, "/options/iterations", "OUT_OF_RANGE"),
    "seed of a half": ("options/seed", 0.5, "/options/seed", "WRONG_TYPE"),
    "negative seed": ("options/seed", -1, "/options/seed", "OUT_OF_RANGE"),
    "unlimited time": ("options/time_limit_s", 1e6, "/options/time_limit_s", "OUT_OF_RANGE"),
    "unknown preferred place": (
        "overnight/preferred_places",
        [{"place": "Nirgends"}],
        "/overnight/preferred_places/0/place",
        "UNKNOWN_PLACE",
    ),
    "label without end": ("label", "x" * 201, "/label", "WRONG_LENGTH"),
}


@pytest.mark.parametrize(("path", "value", "pointer", "code"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_pointed_to(
    client: FlaskClient, path: str, value: Any, pointer: str, code: str
) -> None:
    response = client.post(URL, json=changed(path, value))
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_days_that_overlap_are_refused(client: FlaskClient) -> None:
    request = trip_request(2)
    request["days"][0]["end"] = "2026-11-24T08:00:01+01:00"
    request["days"][0]["start"] = "2026-11-23T09:00:00+01:00"
    response = client.post(URL, json=request)
    assert_problem(response, 422, "INVALID_REQUEST", "/days/1/start", "DAYS_OVERLAP")


def test_days_out_of_order_are_refused(client: FlaskClient) -> None:
    request = trip_request(2)
    request["days"].reverse()
    response = client.post(URL, json=request)
    assert_problem(response, 422, "INVALID_REQUEST", "/days/1/date", "DAYS_NOT_ASCENDING")


def test_the_same_day_twice_is_refused(client: FlaskClient) -> None:
    request = trip_request(1)
    request["days"].append(deepcopy(request["days"][0]))
    response = client.post(URL, json=request)
    assert_problem(response, 422, "INVALID_REQUEST", "/days/1/date", "DAYS_NOT_ASCENDING")


def test_fifteen_days_are_refused(client: FlaskClient) -> None:
    response = client.post(URL, json=trip_request(15))
    assert_problem(response, 422, "INVALID_REQUEST", "/days", "WRONG_LENGTH")


def test_a_trip_over_months_is_refused(client: FlaskClient) -> None:
    request = trip_request(2)
    request["days"][1] = {
        "date": "2027-02-01",
        "start": "2027-02-01T08:00:00+01:00",
        "end": "2027-02-01T17:00:00+01:00",
    }
    response = client.post(URL, json=request)
    assert_problem(response, 422, "INVALID_REQUEST", "/days/1", "TRIP_TOO_LONG")


def test_a_ratio_needs_a_direct_way(client: FlaskClient) -> None:
    request = trip_request(1, end={"place": "Anfang"}, limits={"max_detour_ratio": 2})
    response = client.post(URL, json=request)
    pointer, code = "/limits/max_detour_ratio", "RATIO_WITHOUT_DIRECT_TRIP"
    assert_problem(response, 422, "INVALID_REQUEST", pointer, code)


def test_an_account_asked_for_and_excluded_is_a_contradiction(client: FlaskClient) -> None:
    request = trip_request(
        1, visits=[ON_ACCOUNT_1], candidate_filter={"exclude_account_ids": ["1"]}
    )
    response = client.post(URL, json=request)
    assert_problem(response, 422, "INVALID_REQUEST", "/visits/0/account_id", "CONTRADICTION")


def test_all_faults_are_told_at_once(client: FlaskClient) -> None:
    request = trip_request(1, start={"place": "Anfing"}, end={"place": "Ostberg"})
    body = assert_problem(client.post(URL, json=request), 422, "INVALID_REQUEST")
    assert [entry["pointer"] for entry in body["errors"]] == ["/start/place", "/end/place"]


def test_an_unknown_city_comes_with_the_nearest_names_ready_to_send(client: FlaskClient) -> None:
    request = trip_request(1, start={"place": "Anfing"})
    (entry,) = assert_problem(client.post(URL, json=request), 422, "INVALID_REQUEST")["errors"]
    first = entry["suggestions"][0]
    assert first["name"] == "Anfang"
    again = client.post(URL, json=trip_request(1, start=first["query"]))
    assert again.status_code == 201


def test_a_place_off_the_roads_is_refused_with_its_distance(client: FlaskClient) -> None:
    request = trip_request(1, start={"position": [10.5, 51.0]})
    body = assert_problem(client.post(URL, json=request), 422, "INVALID_REQUEST", "/start")
    # 1.1 degrees east of the last junction at 51 degrees north: 77 km.
    assert "77 km" in body["detail"]


def test_a_drive_longer_than_the_days_is_named_with_the_hours(client: FlaskClient) -> None:
    request = trip_request(1)
    request["days"][0]["end"] = "2026-11-23T09:00:00+01:00"
    body = assert_problem(client.post(URL, json=request), 422, "NO_DIRECT_TRIP", "/days")
    assert "1 h 23" in body["detail"]  # 72 km at 60 km/h, and 5 minutes at either end
    assert "1 h 00" in body["detail"]


def test_an_island_is_said_to_be_out_of_reach(client: FlaskClient) -> None:
    response = client.post(URL, json=trip_request(1, end={"place": "Insel"}))
    assert_problem(response, 422, "NO_DIRECT_TRIP", "/end", "UNREACHABLE_BY_ROAD")


BROKEN = {
    "cut short": b'{"start": ',
    "nothing": b"",
    "two values": b"{} {}",
    "single quotes": b"{'start': 1}",
    "NaN": b'{"limits": {"max_detour_ratio": NaN}}',
    "Infinity": b'{"limits": {"max_detour_ratio": Infinity}}',
    "number beyond a double": b'{"limits": {"max_detour_ratio": 1e999}}',
    "not UTF-8": b'{"label": "\xff"}',
    "lone surrogate": b'{"label": "\\ud800"}',
    "nested 500 deep": b"[" * 500 + b"]" * 500,
    "nested 50,000 deep": b"[" * 50_000 + b"]" * 50_000,
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_json_is_unreadable(client: FlaskClient, body: bytes) -> None:
    response = client.post(URL, data=body, content_type="application/json")
    assert_problem(response, 400, "INVALID_JSON")


@pytest.mark.parametrize("body", ["[]", '"text"', "7", "null", "true"])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, body: str) -> None:
    response = client.post(URL, data=body, content_type="application/json")
    assert_problem(response, 422, "INVALID_REQUEST", "", "WRONG_TYPE")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_media_type_is_refused(client: FlaskClient, kind: str) -> None:
    response = client.post(URL, data=json.dumps(trip_request()), content_type=kind)
    assert_problem(response, 415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_body_of_50_mb_is_refused_by_its_length(client: FlaskClient) -> None:
    body = assert_problem(
        client.post(URL, data=b" " * 50_000_000, content_type="application/json"),
        413,
        "BODY_TOO_LARGE",
    )
    assert "1048576 bytes" in body["detail"]


def test_a_body_in_chunks_is_refused_when_it_goes_beyond_the_limit(client: FlaskClient) -> None:
    response = client.post(
        URL,
        input_stream=io.BytesIO(b" " * 5_000_000),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert_problem(response, 413, "BODY_TOO_LARGE")


def test_a_body_in_chunks_is_read(client: FlaskClient) -> None:
    response = client.post(
        URL,
        input_stream=io.BytesIO(json.dumps(trip_request(1)).encode()),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert response.status_code == 201


QUERIES = {
    "/api/v1/accounts?limit=0": "/limit",
    "/api/v1/accounts?limit=many": "/limit",
    "/api/v1/accounts?bbox=9,51,10": "/bbox",
    "/api/v1/accounts?bbox=10,51,9,52": "/bbox",
    "/api/v1/accounts?bbox=nan,51,9,52": "/bbox",
    "/api/v1/accounts?colour=red": "/colour",
    "/api/v1/accounts?cursor=-1": "/cursor",
    "/api/v1/accounts.geojson?bbox=0,0,500,1": "/bbox",
    "/api/v1/places": "/q",
    "/api/v1/places?q=": "/q",
    "/api/v1/places?q=a&limit=99": "/limit",
    "/api/v1/on-the-way?to=Ostburg": "/from",
    "/api/v1/on-the-way?from=Anfang&to=Nirgends": "/to",
    "/api/v1/on-the-way?from=91,200&to=Ostburg": "/from",
    "/api/v1/on-the-way?from=0,0&to=Ostburg": "/from",
    "/api/v1/on-the-way?from=account:99&to=Ostburg": "/from",
    "/api/v1/on-the-way?from=Anfang&to=Ostburg&sort=size": "/sort",
    "/api/v1/on-the-way?from=Anfang&to=Ostburg&max_detour_s=-1": "/max_detour_s",
    "/api/v1/routes/r-1/unassigned?code=drop%20table": "/code",
}


@pytest.mark.parametrize(("url", "pointer"), QUERIES.items(), ids=QUERIES)
def test_a_wrong_parameter_is_pointed_to(client: FlaskClient, url: str, pointer: str) -> None:
    body = assert_problem(client.get(url), 422, "INVALID_REQUEST")
    assert body["errors"][0]["pointer"].startswith(pointer)


@pytest.mark.parametrize(
    "url",
    [
        "/nothing",
        "/api/v1/nothing",
        "/api/v1/accounts/999",
        "/api/v1/accounts/x",
        "/api/v1/accounts/%00",
        "/api/v1/routes/r-0",
        "/api/v1/routes/r-0.geojson",
        "/api/v1/routes/r-0/unassigned",
        "/basemap/rivers.geojson",
        "/static/nothing.js",
    ],
)
def test_what_is_not_there_is_not_found(client: FlaskClient, url: str) -> None:
    assert_problem(client.get(url), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "url", "allowed"),
    [("PUT", URL, "POST"), ("POST", "/api/v1/accounts", "GET"), ("DELETE", "/healthz", "GET")],
)
def test_another_method_is_refused_with_those_allowed(
    client: FlaskClient, method: str, url: str, allowed: str
) -> None:
    response = client.open(url, method=method)
    assert_problem(response, 405, "METHOD_NOT_ALLOWED")
    assert allowed in response.headers["Allow"]
