"""Days as columns have them: counted since 1970-01-01, as integers."""

from datetime import date, timedelta

EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - EPOCH).days


def date_of_day(number: int) -> date:
    """The date of a day by its number; undoes `day_number`."""
    return EPOCH + timedelta(days=number)
