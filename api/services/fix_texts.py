"""What would let a visit in, in plain words: one sentence for each kind of fix."""

from collections.abc import Callable
from datetime import datetime, timedelta

from api.services.formats import format_distance, format_duration
from api.services.reason_texts import Wording, appointments_text, day_text, names_text
from routing.reasons import Fix, FixKind, Reason, ReasonCode, Scope


def fix_text(reason: Reason, wording: Wording) -> str | None:
    """One sentence that says what would let the visit in, or None where nothing known would."""
    if reason.fix is None:
        return _REMEDIES.get(reason.code)
    return _FIXES[reason.fix.kind](reason, reason.fix, wording)


_REMEDIES: dict[ReasonCode, str] = {
    ReasonCode.LOCATION_MISSING: "Enter its address or set it on the map.",
    ReasonCode.GEOCODE_AMBIGUOUS: "Choose the place that is meant, complete its address or set it "
    "on the map.",
    ReasonCode.GEOCODE_TOO_COARSE: "Complete its address or set it on the map.",
    ReasonCode.NOT_SHORTLISTED: "Make it a must.",
    ReasonCode.SEARCH_LIMIT: "Let the search run longer.",
}
"""What helps where no change of the request was computed."""


def _start_earlier(reason: Reason, fix: Fix, wording: Wording) -> str:
    day = day_text(fix.shift_index, wording) or "the day"
    hours = _hours(fix, wording)
    if hours is None:
        return f"Start {day} {_by(reason, fix)} earlier."
    # In minutes, rounded the way that lets it in.
    start = hours[0] - timedelta(seconds=_up_to_minutes(fix.amount_s or 0))
    return f"Start {day} at {start:%H:%M}{_or(reason, 'earlier')}: {_by(reason, fix)} earlier."


def _end_later(reason: Reason, fix: Fix, wording: Wording) -> str:
    day = day_text(fix.shift_index, wording) or "the day"
    hours = _hours(fix, wording)
    if hours is None:
        return f"Extend {day} by {_by(reason, fix)}."
    end = hours[1] + timedelta(seconds=_up_to_minutes(fix.amount_s or 0))
    return f"Extend {day} by {_by(reason, fix)}, to {end:%H:%M}{_or(reason, 'later')}."


def _hours(fix: Fix, wording: Wording) -> tuple[datetime, datetime] | None:
    if fix.shift_index is None or fix.shift_index >= len(wording.shift_hours):
        return None
    return wording.shift_hours[fix.shift_index]


def _or(reason: Reason, way: str) -> str:
    return f" or {way}" if reason.scope is Scope.VISIT else ""


def _up_to_minutes(amount_s: int) -> int:
    return (amount_s + 59) // 60 * 60


def _by(reason: Reason, fix: Fix) -> str:
    """By how much; for a visit that no trip reaches, others may take more than the least."""
    return _at_least(reason, format_duration(fix.amount_s or 0, round_up=True))


def _at_least(reason: Reason, amount: str) -> str:
    return f"at least {amount}" if reason.scope is Scope.VISIT else amount


def _of_day(fix: Fix, wording: Wording) -> str:
    day = day_text(fix.shift_index, wording)
    return "a day" if day is None else f"on {day}"


def _more_driving(reason: Reason, fix: Fix, wording: Wording) -> str:
    return f"Allow {_by(reason, fix)} more driving {_of_day(fix, wording)}."


def _more_distance(reason: Reason, fix: Fix, wording: Wording) -> str:
    amount = _at_least(reason, format_distance(fix.amount_m or 0, round_up=True))
    return f"Allow {amount} more {_of_day(fix, wording)}."


def _more_visits(reason: Reason, fix: Fix, wording: Wording) -> str:
    count = fix.amount_visits or 1
    return f"Allow {count} more visit{'' if count == 1 else 's'} {_of_day(fix, wording)}."


def _shorter_break(reason: Reason, fix: Fix, wording: Wording) -> str:
    day = day_text(fix.shift_index, wording)
    return f"Shorten the break{f' of {day}' if day else ''} by {_by(reason, fix)}."


def _moved_break(reason: Reason, fix: Fix, wording: Wording) -> str:
    day = day_text(fix.shift_index, wording)
    way = "earlier" if (fix.amount_s or 0) < 0 else "later"
    amount = format_duration(abs(fix.amount_s or 0), round_up=True)
    return f"Let the break{f' of {day}' if day else ''} start {_at_least(reason, amount)} {way}."


def _more_travel(reason: Reason, fix: Fix, wording: Wording) -> str:
    return f"Allow {_by(reason, fix)} more detour."


def _drop(reason: Reason, fix: Fix, wording: Wording) -> str:
    if reason.code is ReasonCode.CONFLICTS_WITH_APPOINTMENT:
        return f"Move or drop {appointments_text(fix.client_indices, wording)}."
    names = names_text(fix.client_indices, wording)
    if reason.code is ReasonCode.CONFLICTS_WITH_REQUIRED:
        pronoun = "it" if len(fix.client_indices) == 1 else "them"
        return f"Drop {names}, or no longer make {pronoun} a must."
    return f"Drop {names}, or make this one a must."


_FIXES: dict[FixKind, Callable[[Reason, Fix, Wording], str]] = {
    FixKind.START_EARLIER: _start_earlier,
    FixKind.END_LATER: _end_later,
    FixKind.RAISE_TRAVEL_LIMIT: _more_travel,
    FixKind.RAISE_DRIVE_LIMIT: _more_driving,
    FixKind.RAISE_DISTANCE_LIMIT: _more_distance,
    FixKind.RAISE_MAX_VISITS: _more_visits,
    FixKind.SHORTEN_BREAK: _shorter_break,
    FixKind.MOVE_BREAK: _moved_break,
    FixKind.DROP_CLIENTS: _drop,
    FixKind.REQUIRE: lambda reason, fix, wording: "Make it a must.",
}
