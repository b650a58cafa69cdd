"""What holds of every replan, whatever is reported and whenever."""

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from tests.api.small_world import trip_request
from tests.api.test_replan import URL, at, check_sums, replanned, visits_of

Body = dict[str, Any]


def asked(random: np.random.Generator) -> Body:
    """Two or three days with all that a request may hold, drawn at random."""
    request = trip_request(int(random.integers(1, 4)))
    if random.random() < 0.5:
        request["rep_id"] = "1"
        request["candidate_filter"] = {}
    if random.random() < 0.3:
        request["end"] = request["start"]
    for day in request["days"]:
        if random.random() < 0.5:
            day["breaks"] = [
                {"duration_s": 2400, "earliest_start": "11:30", "latest_start": "13:00"}
            ]
        if random.random() < 0.2:
            day["limits"] = {"max_visits": 4, "max_drive_s": 4 * 3600}
        if random.random() < 0.2:
            day["end_place"] = {"place": "Anfang"}
    request["appointments"] = [
        {
            "appointment_id": "m",
            "account_id": "9",
            "flexibility": str(random.choice(["fixed", "within_day", "within_week"])),
            "start": f"{request['days'][-1]['date']}T13:00:00+01:00",
            "service_duration_s": 2400,
        }
    ]
    if random.random() < 0.4:
        request["visits"] = [{"visit_id": "p", "location": {"position": [9.2, 51.2]}, "prize": 90}]
        request["candidate_filter"] = {}
    if random.random() < 0.3:
        request["overnight"] = {"allowed": bool(random.random() < 0.5), "max_nights": 2}
    if random.random() < 0.3:
        request["options"] = {"setup_duration_s": 300}
    return request


def reported(random: np.random.Generator, route: Body, now: datetime) -> Body:
    """What may be said of a route at a moment."""
    report: Body = {}
    names = list(visits_of(route))
    if random.random() < 0.4:
        report["late_s"] = int(random.integers(0, 5400))
    if random.random() < 0.4:
        lon, lat = 9 + 0.4 * random.random(), 51 + 0.4 * random.random()
        report["position"] = {"position": [round(lon, 5), round(lat, 5)]}
    if random.random() < 0.4:
        report["done"] = [one for one in names if random.random() < 0.3]
    known = {stop for stop in names if visits_of(route)[stop].get("status") == "done"}
    known |= set(report.get("done", ()))
    if random.random() < 0.4:
        report["cancelled"] = [one for one in names if random.random() < 0.3 and one not in known]
    if random.random() < 0.3:
        later = timedelta(hours=float(30 * random.random()))
        report["freeze_before"] = (now + later).replace(microsecond=0).isoformat()
    if random.random() < 0.5:
        report["told"] = "all"
    if random.random() < 0.3:
        report["visits"] = [
            {
                "visit_id": f"new-{int(random.integers(10**6))}",
                "location": {"position": [9.3, 51.1]},
                "required": True,
                "service_duration_s": 1200,
            }
        ]
    return report


@pytest.mark.parametrize("seed", range(40))
def test_every_replan_is_a_whole_route(client: FlaskClient, seed: int) -> None:
    random = np.random.default_rng(seed)
    response = client.post(URL, json=asked(random))
    assert response.status_code == 201, response.get_data(as_text=True)
    route: Body = response.get_json()
    start, end = at(route["days"][0]["start"]), at(route["days"][-1]["end"])
    share, positions = 0.0, []
    for _ in range(2):
        share += float(random.random()) * (0.9 - share)
        now = (start + share * (end - start)).replace(microsecond=0)
        report = reported(random, route, now)
        again = replanned(client, route, now.isoformat(), **report)
        positions += [report["position"]["position"]] if "position" in report else []
        check(route, again, report, positions)
        route = again


def check(route: Body, again: Body, report: Body, positions: list[list[float]]) -> None:
    check_sums(again)
    old, new = visits_of(route), visits_of(again)
    stops = [stop for day in again["days"] for stop in day["stops"]]
    assert len(new) == again["totals"]["visits"], "nobody is visited twice"
    assert [day["date"] for day in again["days"]] == [day["date"] for day in route["days"]]
    assert not set(report.get("cancelled", ())) & set(new)
    made = {name for name, stop in old.items() if stop.get("status") == "done"}
    assert {name for name in made if new[name]["status"] == "done"} == made
    for name in report.get("done", ()):
        assert name not in new or new[name]["status"] == "done"
    # Days hang together.
    for day, following in zip(again["days"], again["days"][1:], strict=False):
        last, first = day["stops"][-1], following["stops"][0]
        assert last["type"] != "end" or not following["legs"]
        # A rep who says where they are may have gone there overnight.
        if first["location"] not in positions:
            assert last["location"] == pytest.approx(first["location"], abs=2e-4)
    moments = [at(stop[key]) for stop in stops for key in ("arrival", "departure") if key in stop]
    assert moments == sorted(moments)
    told = {key for kind in again["changes"].values() for one in kind for key in names_of(one)}
    same = {name for name in old if name in new and name not in told}
    for name in same:
        assert at(old[name]["service_start"]) == at(new[name]["service_start"])
    assert set(new) - set(old) <= told
    assert set(old) - set(new) <= told


def names_of(entry: Body) -> set[str]:
    return {entry[key] for key in ("visit_id", "appointment_id", "account_id") if key in entry}
