"""Whatever is asked of parts that make sense, the answer is a checked plan or one clear refusal."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.problems import assert_problem
from tests.api.small_world import MONDAY
from tests.api.test_routes import check, visits_of
from tests.api.trips import check_times

WINTER = timezone(timedelta(hours=1))

PLACES = st.one_of(
    st.sampled_from(["Anfang", "Ostburg", "Nordstadt", "Neustadt", "home"]).map(
        lambda name: {"place": name}
    ),
    st.sampled_from(["34001", "34002"]).map(lambda code: {"postcode": code}),
    st.integers(1, 28).map(lambda k: {"account_id": str(k)}),
    st.tuples(st.floats(8.9, 9.5), st.floats(50.9, 51.5)).map(lambda at: {"position": list(at)}),
)


def moment(day: date, minutes: int) -> str:
    midnight = datetime(day.year, day.month, day.day, tzinfo=WINTER)
    return (midnight + timedelta(minutes=minutes)).isoformat()


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@st.composite
def breaks(draw: st.DrawFn, start: int, length: int) -> dict[str, Any]:
    """Most of them within the day."""
    early = start + draw(st.integers(-30, length))
    late = early + draw(st.integers(0, 120))
    found: dict[str, Any] = {"duration_s": 60 * draw(st.integers(1, 30))}
    if draw(st.booleans()):
        found["earliest_start"] = clock(min(max(early, 0), 24 * 60))
    if draw(st.booleans()):
        found["latest_start"] = clock(min(max(late, 0), 24 * 60))
    return found


def of_a_day(start: int, length: int) -> st.SearchStrategy[dict[str, Any]]:
    limits = st.fixed_dictionaries(
        {},
        optional={
            "max_visits": st.integers(0, 5),
            "max_drive_s": st.integers(3000, 20_000),
            "max_distance_m": st.integers(50_000, 300_000),
        },
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "start_place": PLACES,
            "end_place": PLACES,
            "breaks": st.lists(breaks(start, length), max_size=2),
            "limits": limits,
        },
    )


@st.composite
def appointments(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for k in draw(st.lists(st.integers(1, 30), unique=True, max_size=3)):
        day = MONDAY + timedelta(days=draw(st.integers(0, 7)))
        start, length = draw(st.integers(0, 20 * 60)), draw(st.integers(0, 120))
        found.append(
            {
                "account_id": str(k),
                "appointment_id": f"a{k}",
                "flexibility": draw(st.sampled_from(["fixed", "within_day", "within_week"])),
                "start": moment(day, start),
                "end": moment(day, start + length),
            }
        )
    return found


@st.composite
def trip_days(draw: st.DrawFn) -> list[dict[str, Any]]:
    days = []
    day = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, 12 * 60))
        length = draw(st.integers(30, 11 * 60))
        days.append(
            {
                "date": f"{day}",
                "start": moment(day, start),
                "end": moment(day, start + length),
                **draw(of_a_day(start, length)),
            }
        )
        day += timedelta(days=draw(st.sampled_from([1, 1, 1, 2])))
    return days


@st.composite
def windows(draw: st.DrawFn) -> dict[str, Any]:
    early = draw(st.integers(0, 20 * 60))
    late = early + draw(st.integers(1, 3 * 60))
    if draw(st.booleans()):
        day = MONDAY + timedelta(days=draw(st.integers(0, 8)))
        return {"start": moment(day, early), "end": moment(day, late)}
    weekdays = draw(st.lists(st.integers(1, 7), min_size=1, max_size=4))
    hours = {"opens": early, "closes": min(late, 24 * 60)}
    return {"weekdays": weekdays, **{name: clock(at) for name, at in hours.items()}}


@st.composite
def visits(draw: st.DrawFn) -> list[dict[str, Any]]:
    accounts = draw(st.lists(st.integers(1, 30), unique=True, max_size=5))
    found: list[dict[str, Any]] = [{"account_id": str(k)} for k in accounts]
    found += [{"location": draw(PLACES)} for _ in range(draw(st.integers(0, 2)))]
    for k, visit in enumerate(found):
        optional = {
            "visit_id": st.just(f"v{k}"),
            "required": st.booleans(),
            "prize": st.floats(0, 1000),
            "service_duration_s": st.integers(0, 4 * 3600),
            "setup_duration_s": st.integers(0, 1800),
            "time_windows": st.lists(windows(), max_size=3),
            "visit_interval_days": st.integers(1, 400),
        }
        for key, values in optional.items():
            if draw(st.booleans()):
                visit[key] = draw(values)
    return found


REQUESTS = st.fixed_dictionaries(
    {
        "start": PLACES,
        "end": PLACES,
        "days": trip_days(),
        "options": st.fixed_dictionaries(
            {"iterations": st.just(60), "seed": st.integers(0, 9)},
            optional={
                "objective": st.sampled_from(["net_value", "prize"]),
                "explain": st.booleans(),
                "setup_duration_s": st.integers(0, 900),
                "geometry": st.sampled_from(["geojson", "none"]),
            },
        ),
    },
    optional={
        "rep_id": st.sampled_from(["1", "2"]),
        "visits": visits(),
        "appointments": appointments(),
        "candidate_filter": st.fixed_dictionaries({}, optional={"shortlist": st.integers(1, 30)}),
        "overnight": st.fixed_dictionaries(
            {},
            optional={
                "allowed": st.booleans(),
                "cost_per_night": st.floats(0, 300),
                "home_allowed": st.booleans(),
                "preferred_places": st.lists(PLACES, max_size=2),
                "max_nights": st.integers(0, 3),
                "max_nights_in_a_row": st.integers(0, 2),
                "min_drive_home_s": st.integers(0, 4000),
            },
        ),
        "limits": st.fixed_dictionaries(
            {},
            optional={
                "max_detour_s": st.integers(0, 20_000),
                "max_detour_ratio": st.floats(1, 5),
                "max_detour_per_visit_s": st.integers(0, 5000),
                "max_visits_per_day": st.integers(0, 6),
                "max_drive_s_per_day": st.integers(3000, 30_000),
                "max_distance_m_per_day": st.integers(50_000, 300_000),
            },
        ),
        "costs": st.fixed_dictionaries(
            {}, optional={"per_hour": st.floats(0, 200), "per_km": st.floats(0, 5)}
        ),
    },
)


@st.composite
def working_weeks(draw: st.DrawFn) -> dict[str, Any]:
    """Days from 8 to 17, with lunch, appointments by day, and visits that are worth their way."""
    days = []
    for k in range(draw(st.integers(1, 3))):
        day = MONDAY + timedelta(days=k)
        early = draw(st.integers(10 * 60, 13 * 60))
        lunch = {
            "break_id": f"b{k}",
            "duration_s": 60 * draw(st.integers(5, 60)),
            "earliest_start": clock(early),
            "latest_start": clock(early + draw(st.integers(0, 90))),
        }
        days.append(
            {
                "date": f"{day}",
                "start": moment(day, 8 * 60),
                "end": moment(day, 17 * 60),
                "breaks": [lunch] * draw(st.integers(0, 1)),
            }
        )
    fixed = []
    for account in draw(st.lists(st.integers(1, 8), unique=True, max_size=3)):
        day = MONDAY + timedelta(days=draw(st.integers(0, len(days) - 1)))
        start = draw(st.integers(9 * 60, 15 * 60))
        fixed.append(
            {
                "account_id": str(account),
                "appointment_id": f"a{account}",
                "flexibility": draw(st.sampled_from(["fixed", "within_day", "within_week"])),
                "start": moment(day, start),
                "end": moment(day, start + draw(st.integers(15, 90))),
            }
        )
    wished = [
        {"account_id": str(k), "prize": draw(st.integers(50, 500)), "required": draw(st.booleans())}
        for k in draw(st.lists(st.integers(9, 27), unique=True, max_size=8))
    ]
    overnight = {"allowed": draw(st.booleans()), "min_drive_home_s": draw(st.integers(0, 4000))}
    return {
        "rep_id": "1",
        "start": {"place": "home"},
        "end": {"place": draw(st.sampled_from(["home", "Ostburg"]))},
        "days": days,
        "visits": wished,
        "appointments": fixed,
        "overnight": overnight | draw(st.sampled_from([{}, {"max_nights": 1}])),
        "limits": draw(st.sampled_from([{}, {"max_visits_per_day": 2}])),
        "options": {
            "iterations": 60,
            "setup_duration_s": draw(st.sampled_from([0, 300])),
            "geometry": "geojson",
        },
    }


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=REQUESTS)
def test_a_request_of_sensible_parts_is_planned_or_refused(
    client: FlaskClient, request: dict[str, Any]
) -> None:
    response = client.post("/api/v1/routes", json=request)
    if response.status_code != 201:
        assert response.status_code == 422
        assert_problem(response, 422, response.get_json()["code"])
        return
    check_answer(request, response.get_json())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=working_weeks())
def test_a_working_week_is_planned_with_what_can_be_kept(
    client: FlaskClient, request: dict[str, Any]
) -> None:
    response = client.post("/api/v1/routes", json=request)
    assert response.status_code == 201, response.get_data(as_text=True)
    body = response.get_json()
    check_answer(request, body)
    for day, answer in zip(request["days"], body["days"], strict=True):
        taken = [stop for stop in answer["stops"] if stop["type"] == "break"]
        assert [one["break_id"] for one in taken] in (
            [],
            [one["break_id"] for one in day["breaks"]],
        )
        for one, wanted in zip(taken, day["breaks"], strict=False):
            start = one["service_start"][11:16]
            assert wanted["earliest_start"] <= start <= wanted["latest_start"]
        if answer["legs"] and day["breaks"] and not taken:
            # At home before leaving, or after arriving.
            (wanted,) = day["breaks"]
            left, back = answer["stops"][0]["departure"], answer["stops"][-1]["arrival"]
            is_over_s = datetime.fromisoformat(left) - timedelta(seconds=wanted["duration_s"])
            is_had = f"{is_over_s:%H:%M:%S}" >= wanted["earliest_start"] + ":00"
            assert is_had or back[11:19] <= wanted["latest_start"] + ":00"


def check_answer(request: dict[str, Any], body: dict[str, Any]) -> None:
    """What holds for the answer to any request."""
    check(body)
    check_times(body)
    check_limits(request, body)
    totals = body["totals"]
    if request["options"].get("objective") == "prize":
        assert totals["net_value"] == totals["prize"]
    elif not has_musts(request):
        # Without a must the direct trip is always open.
        assert totals["net_value"] >= 0
    for visit in visits_of(body):
        if visit.get("why", {}).get("rule") == "prize":
            assert visit["why"]["net"] >= -0.01


def has_musts(request: dict[str, Any]) -> bool:
    required = any(visit.get("required") for visit in request.get("visits", ()))
    return required or bool(request.get("appointments"))


def check_limits(request: dict[str, Any], body: dict[str, Any]) -> None:
    limits, totals = request.get("limits", {}), body["totals"]
    if "max_detour_s" in limits:
        assert totals["detour_s"] <= limits["max_detour_s"]
    for day, answer in zip(request["days"], body["days"], strict=True):
        for key, of_trip, total in (
            ("max_visits", "max_visits_per_day", "visits"),
            ("max_drive_s", "max_drive_s_per_day", "travel_s"),
            ("max_distance_m", "max_distance_m_per_day", "distance_m"),
        ):
            limit = day.get("limits", {}).get(key, limits.get(of_trip))
            assert limit is None or answer["totals"][total] <= limit
    kept = {s["appointment_id"] for d in body["days"] for s in d["stops"] if "appointment_id" in s}
    left = {one["appointment_id"] for one in body["unassigned"] if "appointment_id" in one}
    assert kept | left == {one["appointment_id"] for one in request.get("appointments", ())}
    assert not kept & left
    for one in request.get("appointments", ()):
        if one["flexibility"] == "fixed" and one["appointment_id"] in kept:
            (start,) = (
                stop["service_start"]
                for day in body["days"]
                for stop in day["stops"]
                if stop.get("appointment_id") == one["appointment_id"]
            )
            assert datetime.fromisoformat(start) == datetime.fromisoformat(one["start"])
