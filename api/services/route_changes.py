"""What is otherwise in a new revision of a route: what its rep wants to see at once."""

from collections.abc import Iterator
from typing import Any

from api.services.day_so_far import VISITS, seconds
from api.services.under_way import StopKey

Entry = dict[str, Any]

NAMES = ("visit_id", "appointment_id", "account_id", "name")


def changes(before: Entry, after: Entry, told: frozenset[StopKey]) -> Entry:
    """
    Visits that start at another time, are gone or are new, each in order of time.

    Parameters
    ----------
    told
        Visits of which the customer knew the time before.
    """
    old, new = dict(_visits(before)), dict(_visits(after))
    reasons = {_key_of_left_out(one): one["reasons"][0]["code"] for one in after["unassigned"]}
    moved, dropped = [], []
    for key, stop in old.items():
        entry = _named(stop) | {"from": stop["service_start"], "was_told": key in told}
        if key not in new:
            reason = reasons.get((key.own_id, key.account_id))
            dropped.append(entry if reason is None else entry | {"reason": reason})
        elif seconds(new[key]["service_start"]) != seconds(stop["service_start"]):
            moved.append(entry | {"to": new[key]["service_start"]})
    added = [
        _named(stop) | {"to": stop["service_start"]} for key, stop in new.items() if key not in old
    ]
    return {"moved": moved, "dropped": dropped, "added": added}


def _visits(body: Entry) -> Iterator[tuple[StopKey, Entry]]:
    for day in body["days"]:
        for stop in day["stops"]:
            if stop["type"] in VISITS:
                yield StopKey.of(stop), stop


def _key_of_left_out(entry: Entry) -> tuple[str | None, str | None]:
    return entry.get("visit_id") or entry.get("appointment_id"), entry.get("account_id")


def _named(stop: Entry) -> Entry:
    return {key: stop[key] for key in NAMES if key in stop}
