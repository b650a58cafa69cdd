"""Whatever is asked of parts that make sense, the answer is a checked plan or one clear refusal."""

from datetime import date, datetime, timedelta, timezone
from typing import Any

from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.api.problems import assert_problem
from tests.api.small_world import MONDAY
from tests.api.test_routes import check, visits_of

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


@st.composite
def trip_days(draw: st.DrawFn) -> list[dict[str, str]]:
    days = []
    day = MONDAY + timedelta(days=draw(st.integers(0, 6)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, 12 * 60))
        length = draw(st.integers(30, 11 * 60))
        days.append(
            {"date": f"{day}", "start": moment(day, start), "end": moment(day, start + length)}
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
    clock = {name: f"{at // 60:02d}:{at % 60:02d}" for name, at in hours.items()}
    return {"weekdays": weekdays, **clock}


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
                "geometry": st.sampled_from(["geojson", "none"]),
            },
        ),
    },
    optional={
        "rep_id": st.sampled_from(["1", "2"]),
        "visits": visits(),
        "candidate_filter": st.fixed_dictionaries({}, optional={"shortlist": st.integers(1, 30)}),
        "overnight": st.fixed_dictionaries(
            {},
            optional={
                "allowed": st.booleans(),
                "cost_per_night": st.floats(0, 300),
                "preferred_places": st.lists(PLACES, max_size=2),
            },
        ),
        "limits": st.fixed_dictionaries(
            {},
            optional={
                "max_detour_s": st.integers(0, 20_000),
                "max_detour_ratio": st.floats(1, 5),
                "max_detour_per_visit_s": st.integers(0, 5000),
            },
        ),
        "costs": st.fixed_dictionaries(
            {}, optional={"per_hour": st.floats(0, 200), "per_km": st.floats(0, 5)}
        ),
    },
)


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
    body = response.get_json()
    check(body)
    limits, totals = request.get("limits", {}), body["totals"]
    if "max_detour_s" in limits:
        assert totals["detour_s"] <= limits["max_detour_s"]
    if request["options"].get("objective") == "prize":
        assert totals["net_value"] == totals["prize"]
    elif not any(visit.get("required") for visit in request.get("visits", ())):
        # Without a must the direct trip is always open.
        assert totals["net_value"] >= 0
    for visit in visits_of(body):
        if visit.get("why", {}).get("rule") == "prize":
            assert visit["why"]["net"] >= -0.01
