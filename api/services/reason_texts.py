"""Reasons in plain words: one sentence for why a visit is left out, one for what would help."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from routing.reasons import Fix, FixKind, Reason, ReasonCode, Scope, Unit

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Wording:
    """
    What the indices of a reason stand for.

    Parameters
    ----------
    client_names
        By client index; None for a visit without a name.
    shift_dates
        By shift index.
    currency
        Of all money, ISO 4217.
    shift_hours
        Local start and end by shift index, to say at what time a longer day begins or ends.
    is_appointment
        Whether what is left out is an appointment, which is neither open nor closed.
    """

    client_names: Sequence[str | None] = ()
    shift_dates: Sequence[date] = ()
    currency: str = "EUR"
    shift_hours: Sequence[tuple[datetime, datetime]] = ()
    is_appointment: bool = False


def reason_text(reason: Reason, wording: Wording) -> str:
    """
    One sentence that says why a visit is left out.

    Measured amounts are rounded up and limits down, so that what exceeds a limit reads so. A
    reason without its numbers gets a sentence without numbers.
    """
    texts = {**_TEXTS, **_APPOINTMENT_TEXTS} if wording.is_appointment else _TEXTS
    return texts[reason.code](reason, wording)


def fix_text(reason: Reason, wording: Wording) -> str | None:
    """One sentence that says what would let the visit in, or None where nothing known would."""
    if reason.fix is None:
        return _REMEDIES.get(reason.code)
    return _FIXES[reason.fix.kind](reason, reason.fix, wording)


def shown_amount(
    amount: int | None, unit: Unit | None, currency: str
) -> tuple[float | None, str | None]:
    """A reason's value or limit with its unit as answers show them: money in whole currency."""
    if amount is None:
        return None, None
    if unit is None:
        return amount, None
    return (amount / 100, currency) if unit is Unit.CENTS else (amount, unit.value)


def format_duration(duration_s: int, *, round_up: bool = False) -> str:
    """
    Hours and minutes, down to whole minutes unless `round_up`.

    Examples
    --------
    >>> format_duration(5100)
    '1 h 25'
    >>> format_duration(2401, round_up=True)
    '41 min'
    """
    sign = "-" if duration_s < 0 else ""
    minutes = (abs(duration_s) + (59 if round_up else 0)) // 60
    hours, rest = divmod(minutes, 60)
    return f"{sign}{hours} h {rest:02d}" if hours else f"{sign}{rest} min"


def format_distance(distance_m: int, *, round_up: bool = False) -> str:
    """Kilometres with one decimal where it matters, rounded down unless `round_up`."""
    tenths = (distance_m + (99 if round_up else 0)) // 100
    return f"{tenths // 10:,} km" if tenths % 10 == 0 else f"{tenths / 10:,.1f} km"


def format_money(amount_cents: int, currency: str) -> str:
    """The exact amount, with cents where there are any."""
    whole, cents = divmod(abs(amount_cents), 100)
    sign = "-" if amount_cents < 0 else ""
    return f"{currency} {sign}{whole:,}" + (f".{cents:02d}" if cents else "")


def format_date(day: date) -> str:
    """Weekday, day and month in English, whatever the machine's language: `Mon 1 June`."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def _amount(amount: int, unit: Unit | None, currency: str, round_up: bool) -> str:
    match unit:
        case Unit.SECONDS:
            return format_duration(amount, round_up=round_up)
        case Unit.METRES:
            return format_distance(amount, round_up=round_up)
        case Unit.CENTS:
            return format_money(amount, currency)
        case _:
            return f"{amount:,}"


def _value(reason: Reason, wording: Wording) -> str | None:
    if reason.value is None:
        return None
    return _amount(reason.value, reason.unit, wording.currency, round_up=True)


def _limit(reason: Reason, wording: Wording) -> str | None:
    if reason.limit is None:
        return None
    return _amount(reason.limit, reason.unit, wording.currency, round_up=False)


def _day(shift_index: int | None, wording: Wording) -> str | None:
    if shift_index is None or shift_index >= len(wording.shift_dates):
        return None
    return format_date(wording.shift_dates[shift_index])


def _on_day(reason: Reason, wording: Wording) -> str:
    day = _day(reason.shift_index, wording)
    return "" if day is None else f" on {day}"


def _names(clients: Sequence[int], wording: Wording, nameless: str = "another visit") -> str:
    """`A`, `A and B`, `A, B and C`."""
    names = [
        (wording.client_names[i] if i < len(wording.client_names) else None) or nameless
        for i in clients
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


Text = Callable[[Reason, Wording], str]


def _always(sentence: str) -> Text:
    return lambda reason, wording: sentence


def _measured(sentence: str, without_numbers: str) -> Text:
    """A sentence with `{value}`, `{limit}` and `{on_day}`, and one for when a number is missing."""

    def text(reason: Reason, wording: Wording) -> str:
        value, limit = _value(reason, wording), _limit(reason, wording)
        if (value is None and "{value}" in sentence) or (limit is None and "{limit}" in sentence):
            return without_numbers.format(on_day=_on_day(reason, wording))
        return sentence.format(value=value, limit=limit, on_day=_on_day(reason, wording))

    return text


def _exceeds_max_detour(reason: Reason, wording: Wording) -> str:
    if reason.scope is Scope.ROUTE:
        return _measured(
            "With the visits planned it would make the detour {value}; the limit is {limit}.",
            "The visits planned use up the detour that is allowed.",
        )(reason, wording)
    return _measured(
        "Alone it adds {value} to the direct way; the limit is {limit}.",
        "Even alone it adds more to the direct way than is allowed.",
    )(reason, wording)


def _displaced(reason: Reason, wording: Wording) -> str:
    if not reason.blocking:
        return "It fits only in place of a visit that is worth more."
    names = _names(reason.blocking, wording)
    limit = _limit(reason, wording)
    worth = "" if limit is None else f" ({limit})"
    text = f"Fits{_on_day(reason, wording)} only if {names}{worth} is dropped"
    if reason.value is None:
        return f"{text}."
    if reason.value < 0:
        loss = format_money(-reason.value, wording.currency)
        return f"{text}, and would even then cost {loss} more than it brings."
    return f"{text}; in its place it brings {_value(reason, wording)}."


def _conflicts_with_required(reason: Reason, wording: Wording) -> str:
    if not reason.blocking:
        return "Leaves no time for the musts planned."
    names = _names(reason.blocking, wording)
    if len(reason.blocking) == 1:
        return f"Fits{_on_day(reason, wording)} only without {names}, which is a must."
    return f"Cannot be kept together with {names}, which are musts."


def _conflicts_with_appointment(reason: Reason, wording: Wording) -> str:
    if not reason.blocking:
        return "Leaves no time for the appointments planned."
    appointments = _appointments(reason.blocking, wording)
    if len(reason.blocking) == 1:
        return f"Fits{_on_day(reason, wording)} only without {appointments}."
    return f"Cannot be kept together with {appointments}."


def _appointments(clients: Sequence[int], wording: Wording) -> str:
    noun = "the appointment" if len(clients) == 1 else "the appointments"
    return f"{noun} with {_names(clients, wording, 'somebody else')}"


_TEXTS: dict[ReasonCode, Text] = {
    ReasonCode.LOCATION_MISSING: _always("Nobody knows where it is."),
    ReasonCode.GEOCODE_AMBIGUOUS: _always("Its address fits several places."),
    ReasonCode.GEOCODE_TOO_COARSE: _always("Its position is known too roughly to drive there."),
    ReasonCode.UNREACHABLE_BY_ROAD: _measured(
        "It lies {value} from the nearest known road; the limit is {limit}.",
        "No known road leads there and on to the end of the trip.",
    ),
    ReasonCode.OUTSIDE_TIME_WINDOWS: _always(
        "Even alone it cannot be reached while it is open and left again in time."
    ),
    ReasonCode.CLOSED_DURING_TRIP: _always("It is closed during all hours of this trip."),
    ReasonCode.EXCEEDS_WORKING_TIME: _measured(
        "Even alone the way there, the visit and the way on take {value}{on_day}; there are only "
        "{limit}.",
        "Even alone the way there, the visit and the way on take longer than the hours of this "
        "trip.",
    ),
    ReasonCode.EXCEEDS_MAX_DETOUR: _exceeds_max_detour,
    ReasonCode.EXCEEDS_DRIVE_LIMIT: _measured(
        "Driving{on_day} would take {value}; the limit is {limit}.",
        "Driving{on_day} would take longer than is allowed.",
    ),
    ReasonCode.EXCEEDS_DISTANCE_LIMIT: _measured(
        "The way{on_day} would be {value} long; the limit is {limit}.",
        "The way{on_day} would be longer than is allowed.",
    ),
    ReasonCode.BLOCKED: _always("It is blocked for visits."),
    ReasonCode.NOT_DUE: _always("Its next visit is not due yet."),
    ReasonCode.CHANNEL_NOT_FIELD: _always("It is not served by field visits."),
    ReasonCode.OUTSIDE_TERRITORY: _always("It belongs to another territory."),
    ReasonCode.EXCLUDED_BY_CLIENT: _always("The request leaves it out."),
    ReasonCode.CANCELLED: _always("The visit was cancelled."),
    ReasonCode.ALREADY_COMPLETED: _always("The visit has been made."),
    ReasonCode.MAX_VISITS_REACHED: _measured(
        "The plan{on_day} already has the {limit} visits that are allowed.",
        "The plan{on_day} already has as many visits as are allowed.",
    ),
    ReasonCode.NO_TIME_LEFT: _measured(
        "No time is left, even if one visit is dropped: {value} are missing{on_day}.",
        "No time is left, even if one visit is dropped.",
    ),
    ReasonCode.VALUE_BELOW_COST: _measured(
        "Visiting it{on_day} would cost {value} and bring {limit}.",
        "Visiting it{on_day} would cost no less than it brings.",
    ),
    ReasonCode.DISPLACED_BY_HIGHER_VALUE: _displaced,
    ReasonCode.CONFLICTS_WITH_REQUIRED: _conflicts_with_required,
    ReasonCode.CONFLICTS_WITH_APPOINTMENT: _conflicts_with_appointment,
    ReasonCode.NOT_SHORTLISTED: _measured(
        "The plan was made from the {limit} that bring most for the time they take.",
        "Others on the way bring more for the time they take.",
    ),
    ReasonCode.SEARCH_LIMIT: _always("The search ended before it found room."),
}

_APPOINTMENT_TEXTS: dict[ReasonCode, Text] = {
    ReasonCode.CLOSED_DURING_TRIP: _always(
        "There is no time for it within the days of this trip: they are over or have not begun, "
        "or the place is closed."
    ),
    ReasonCode.OUTSIDE_TIME_WINDOWS: _always(
        "Even alone it cannot be reached in time and left again before the day must end."
    ),
}
"""Where an appointment is told otherwise than a visit."""

_REMEDIES: dict[ReasonCode, str] = {
    ReasonCode.LOCATION_MISSING: "Enter its address or set it on the map.",
    ReasonCode.GEOCODE_AMBIGUOUS: "Complete its address or set it on the map.",
    ReasonCode.GEOCODE_TOO_COARSE: "Complete its address or set it on the map.",
    ReasonCode.NOT_SHORTLISTED: "Make it a must.",
    ReasonCode.SEARCH_LIMIT: "Let the search run longer.",
}
"""What helps where no change of the request was computed."""


def _start_earlier(reason: Reason, fix: Fix, wording: Wording) -> str:
    day = _day(fix.shift_index, wording) or "the day"
    hours = _hours(fix, wording)
    if hours is None:
        return f"Start {day} {_by(reason, fix)} earlier."
    # In minutes, rounded the way that lets it in.
    start = hours[0] - timedelta(seconds=_up_to_minutes(fix.amount_s or 0))
    return f"Start {day} at {start:%H:%M}{_or(reason, 'earlier')}: {_by(reason, fix)} earlier."


def _end_later(reason: Reason, fix: Fix, wording: Wording) -> str:
    day = _day(fix.shift_index, wording) or "the day"
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
    day = _day(fix.shift_index, wording)
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
    day = _day(fix.shift_index, wording)
    return f"Shorten the break{f' of {day}' if day else ''} by {_by(reason, fix)}."


def _moved_break(reason: Reason, fix: Fix, wording: Wording) -> str:
    day = _day(fix.shift_index, wording)
    way = "earlier" if (fix.amount_s or 0) < 0 else "later"
    amount = format_duration(abs(fix.amount_s or 0), round_up=True)
    return f"Let the break{f' of {day}' if day else ''} start {_at_least(reason, amount)} {way}."


def _more_travel(reason: Reason, fix: Fix, wording: Wording) -> str:
    return f"Allow {_by(reason, fix)} more detour."


def _drop(reason: Reason, fix: Fix, wording: Wording) -> str:
    if reason.code is ReasonCode.CONFLICTS_WITH_APPOINTMENT:
        return f"Move or drop {_appointments(fix.client_indices, wording)}."
    names = _names(fix.client_indices, wording)
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
