"""How many people live in a place, or are likely to."""

from sqlite3 import Row

TYPICAL_SIZE = {
    "city": 150_000,
    "town": 10_000,
    "borough": 9_000,
    "suburb": 5_000,
    "quarter": 2_000,
    "village": 1_000,
    "neighbourhood": 500,
    "hamlet": 100,
}
"""People in a place of this kind where the map does not say how many. It only ranks places."""


def size_of(place: Row) -> int:
    """Of a row of the table `place`; 0 for kinds that are not settled, or hardly."""
    return int(place["population"] or TYPICAL_SIZE.get(place["kind"], 0))
