"""Durations, distances, money and dates as people read them."""

from datetime import date

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
