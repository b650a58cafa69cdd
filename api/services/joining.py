"""The part of a route that stayed and the rest that was planned anew, as one answer."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from accounts.days import day_number
from api.schemas.route_request import TripRequest
from api.services.accounts import row_of
from api.services.day_so_far import VISITS, Leg, Stop, seconds, written
from api.services.rest_of_route import RestOfRoute, night_ends
from api.services.under_way import StopKey
from api.services.whole_route import is_home, is_near
from api.services.wishes import Wish, wishes_of
from api.settings import Settings
from api.state import Snapshot
from routing.solution import rated_cents

Day = dict[str, Any]


def joined(
    rest: RestOfRoute,
    answer: dict[str, Any],
    before: dict[str, Any],
    settings: Settings,
    snapshot: Snapshot,
) -> dict[str, Any]:
    """
    The body of the whole route.

    Parameters
    ----------
    answer
        The body of the rest alone.
    before
        The body of the revision that was planned anew.
    """
    kept, first = rest.kept, rest.kept.first_day
    zone = ZoneInfo(before["timezone"])
    worth = _Worth(rest.whole.request, snapshot)
    # What is frozen is driven even if that takes longer than the day.
    days: list[Day] = [
        day | {"end": max(day["end"], day["stops"][-1].get("arrival", day["end"]), key=seconds)}
        for day in kept.days
    ]
    for k, day in enumerate(answer["days"]):
        planned = before["days"][first + k]
        # The day is still that of the request, even if its rest begins later or ends later.
        day = day | {"date": planned["date"], "start": planned["start"]}
        day["end"] = max(day["end"], planned["end"], key=seconds)
        if k == 0 and kept.stops:
            day |= _continued(kept.stops, kept.legs, day, zone)
        days.append(day)
    _name_last_stops(days)
    days = [day | {"totals": _day_totals(day, worth)} for day in days]
    return {
        **answer,
        "start": before["start"],
        "end": before["end"],
        "days": days,
        "totals": _totals(days, rest, before["totals"], settings),
    }


def _continued(
    stops: Sequence[Stop], legs: Sequence[Leg], day: Day, zone: ZoneInfo
) -> dict[str, Any]:
    """The stops of a day that stayed, then those of its rest, for which the rep leaves at once."""
    stops, legs = [*stops], [*legs]
    if not day["legs"]:
        # Nothing more to do and nowhere to go: the day ended where the rep is.
        last = dict(day["stops"][0])
        if stops[-1]["type"] == "wait" and len(stops) > 1:
            waited = stops.pop()
            last["arrival"] = waited["arrival"]
            legs[-1] = legs[-1] | {"to_seq": len(stops)}
        else:
            last["arrival"] = stops[-1]["departure"]
            n = len(stops)
            way = {"travel_s": 0, "distance_m": 0, "source": "road"}
            legs.append({"from_seq": n - 1, "to_seq": n, **way})
        stops.append(last | {"seq": len(stops)})
        return {"stops": stops, "legs": legs}
    first_leg = day["legs"][0]
    left_s = seconds(stops[-1]["departure"])
    arrival_s = left_s + first_leg["travel_s"]
    following = dict(day["stops"][1])
    earlier_s = seconds(following["arrival"]) - arrival_s
    following["arrival"] = written(arrival_s, zone)
    if "wait_s" in following:
        following["wait_s"] += earlier_s
    shift = len(stops) - 1
    more = [following, *day["stops"][2:]]
    stops += [stop | {"seq": stop["seq"] + shift} for stop in more]
    legs += [
        leg | {"from_seq": leg["from_seq"] + shift, "to_seq": leg["to_seq"] + shift}
        for leg in day["legs"]
    ]
    return {"stops": stops, "legs": legs}


def _name_last_stops(days: list[Day]) -> None:
    """Each day ends with a night, with the end of the trip, or before its start."""
    active = [k for k, day in enumerate(days) if day["legs"]]
    for k, day in enumerate(days):
        kind = "start"
        if active and k >= active[0]:
            kind = "overnight" if k < active[-1] else "end"
        day["stops"] = [*day["stops"][:-1], day["stops"][-1] | {"type": kind}]


class _Worth:
    """What visits are worth, also those that were planned long ago."""

    def __init__(self, request: TripRequest, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._wishes: dict[str, Wish] = {}
        for wish in wishes_of(request):
            for one in (wish.own_id, wish.account_id):
                if one is not None:
                    self._wishes.setdefault(one, wish)

    def prize(self, stop: Stop, day: str) -> float:
        if "prize" in stop.get("why", {}):
            return float(stop["why"]["prize"])
        wish = self._wish(stop)
        if wish is not None and wish.prize is not None:
            return float(wish.prize)
        row = row_of(self._snapshot, stop.get("account_id", ""))
        if row is None:
            return 0.0
        number = day_number(date.fromisoformat(day))
        return float(self._snapshot.scores(number).prize_cents[row]) / 100

    def is_required(self, stop: Stop) -> bool:
        wish = self._wish(stop)
        is_told = stop.get("why", {}).get("rule") == "required"
        return stop["type"] == "appointment" or is_told or (wish is not None and wish.required)

    def _wish(self, stop: Stop) -> Wish | None:
        key = StopKey.of(stop)
        return next((self._wishes[one] for one in key.ids if one in self._wishes), None)


def _day_totals(day: Day, worth: _Worth) -> dict[str, Any]:
    visits = [stop for stop in day["stops"] if stop["type"] in VISITS]
    totals = {
        "visits": len(visits),
        "required_visits": sum(worth.is_required(stop) for stop in visits),
        "prize": round(sum(worth.prize(stop, day["date"]) for stop in visits), 2),
        "travel_s": sum(leg["travel_s"] for leg in day["legs"]),
        "service_s": sum(stop["service_duration_s"] for stop in visits),
        "setup_s": sum(stop.get("setup_s", 0) for stop in day["stops"]),
        "wait_s": sum(stop.get("wait_s", 0) for stop in day["stops"]),
        "break_s": sum(
            stop["service_duration_s"] for stop in day["stops"] if stop["type"] == "break"
        ),
        "distance_m": sum(leg["distance_m"] for leg in day["legs"]),
    }
    return totals if totals["setup_s"] else {k: v for k, v in totals.items() if k != "setup_s"}


def _totals(
    days: Sequence[Day], rest: RestOfRoute, before: dict[str, Any], settings: Settings
) -> dict[str, Any]:
    keys = [*days[0]["totals"], "setup_s"]
    totals = {key: sum(day["totals"].get(key, 0) for day in days) for key in dict.fromkeys(keys)}
    totals["prize"] = round(totals["prize"], 2)
    if not totals["setup_s"]:
        del totals["setup_s"]
    nights = night_ends(days)
    cost_cents = _cost_cents(days, nights, totals, rest, settings)
    # The value of the direct trip does not change while one is on the way.
    direct = before["prize"] - before["travel_cost"] - before["net_value"]
    away = [k for k in nights if not is_home(rest.whole, days[k]["stops"][-1]["location"])]
    return totals | {
        "nights": len(away),
        "travel_cost": cost_cents / 100,
        "net_value": round(totals["prize"] - cost_cents / 100 - direct, 2),
        "direct_travel_s": before["direct_travel_s"],
        "detour_s": totals["travel_s"] - before["direct_travel_s"],
    }


def _cost_cents(
    days: Sequence[Day],
    nights: Sequence[int],
    totals: dict[str, Any],
    rest: RestOfRoute,
    settings: Settings,
) -> int:
    request = rest.whole.request
    if request.options.objective == "prize":
        return 0
    costs = request.costs
    per_hour = settings.hour_rate_eur if costs.per_hour is None else costs.per_hour
    per_km = settings.km_rate_eur if costs.per_km is None else costs.per_km
    worked_s = sum(totals.get(key, 0) for key in ("travel_s", "service_s", "setup_s", "wait_s"))
    labour_cents = rated_cents(round(100 * per_hour), worked_s, 3600)
    distance_cents = rated_cents(round(100 * per_km), totals["distance_m"], 1000)
    nights_cents = sum(
        night_cents(rest, days[k]["stops"][-1]["location"], settings)
        for k in nights
        if rest.whole.places.ends[k] is None
    )
    return labour_cents + distance_cents + nights_cents


def night_cents(rest: RestOfRoute, location: Sequence[float], settings: Settings) -> int:
    """Of a night that was chosen."""
    if is_home(rest.whole, location):
        return 0
    asked = rest.whole.request.overnight
    for place, cost_cents in rest.whole.preferred:
        if cost_cents is not None and is_near(place.position, location):
            return cost_cents
    usual = settings.night_cost_eur if asked.cost_per_night is None else asked.cost_per_night
    return round(100 * usual)
