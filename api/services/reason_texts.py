"""Reasons in plain words: one sentence for why a visit is left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.days import date_of_day
from api.services.formats import format_date, format_distance, format_duration, format_money
from routing.reasons import Reason, ReasonCode, Scope, Unit


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


def shown_amount(
    amount: int | None, unit: Unit | None, currency: str
) -> tuple[float | None, str | None]:
    """A reason's value or limit with its unit as answers show them: money in whole currency."""
    if amount is None:
        return None, None
    if unit is None:
        return amount, None
    if unit is Unit.DAYS:
        return None, None
    return (amount / 100, currency) if unit is Unit.CENTS else (amount, unit.value)


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


def day_text(shift_index: int | None, wording: Wording) -> str | None:
    if shift_index is None or shift_index >= len(wording.shift_dates):
        return None
    return format_date(wording.shift_dates[shift_index])


def _on_day(reason: Reason, wording: Wording) -> str:
    day = day_text(reason.shift_index, wording)
    return "" if day is None else f" on {day}"


def names_text(clients: Sequence[int], wording: Wording, nameless: str = "another visit") -> str:
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
    names = names_text(reason.blocking, wording)
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
    names = names_text(reason.blocking, wording)
    if len(reason.blocking) == 1:
        return f"Fits{_on_day(reason, wording)} only without {names}, which is a must."
    return f"Cannot be kept together with {names}, which are musts."


def _conflicts_with_appointment(reason: Reason, wording: Wording) -> str:
    if not reason.blocking:
        return "Leaves no time for the appointments planned."
    appointments = appointments_text(reason.blocking, wording)
    if len(reason.blocking) == 1:
        return f"Fits{_on_day(reason, wording)} only without {appointments}."
    return f"Cannot be kept together with {appointments}."


def _not_due(reason: Reason, wording: Wording) -> str:
    day = date_of(reason)
    if day is None:
        return "Its next visit is not due yet."
    return f"A visit is agreed on for {format_date(day)}; no other is due so close to it."


def date_of(reason: Reason) -> date | None:
    """The date that a reason names, if it does."""
    if reason.unit is not Unit.DAYS or reason.limit is None:
        return None
    return date_of_day(reason.limit)


def appointments_text(clients: Sequence[int], wording: Wording) -> str:
    noun = "the appointment" if len(clients) == 1 else "the appointments"
    return f"{noun} with {names_text(clients, wording, 'somebody else')}"


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
    ReasonCode.NOT_DUE: _not_due,
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
