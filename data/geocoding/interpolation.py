"""
Where a house number that the map does not know would be: between neighbours that it knows.

Nothing is guessed beyond the last known number of a street.
"""

from collections.abc import Iterable, Sequence

import shapely

from data.geocoding.address_index import HouseRow, NumberedLine
from geo import Location, great_circle_m

NUMBERS_APART = 24
"""Neighbours are at most this far from the number, to each side."""

NEIGHBOURS_APART_M = 400
"""Farther apart they may lie on two streets of the name, or around a corner."""


def between_neighbours(number: int, houses: Iterable[HouseRow]) -> Location | None:
    """
    A position for a number, of houses of one street in one locality.

    A house of the same digits is as near as can be: 12 for 12b. Otherwise the nearest numbers below
    and above, of the same side of the street if there are both, else of any.

    Returns
    -------
    None where there is no house to one of its sides, or the two are too far apart.
    """
    rows = [row for row in houses if row.number is not None]
    same = [row for row in rows if row.number == number]
    if same:
        return Location(same[0].lon, same[0].lat)
    one_side = [row for row in rows if row.number is not None and (row.number - number) % 2 == 0]
    return _between(number, one_side) or _between(number, rows)


def _between(number: int, rows: Sequence[HouseRow]) -> Location | None:
    numbered = [(row.number or 0, row) for row in rows]
    below = [(n, row) for n, row in numbered if n < number]
    above = [(n, row) for n, row in numbered if n > number]
    if not below or not above:
        return None
    first = max(n for n, _ in below)
    last = min(n for n, _ in above)
    starts = [row for n, row in below if n == first]
    ends = [row for n, row in above if n == last]
    # A number may stand at several houses, as on two streets of a name: those nearest belong.
    apart_m, _, start, end = min(
        (great_circle_m(a.lon, a.lat, b.lon, b.lat), (a.id, b.id), a, b)
        for a in starts
        for b in ends
    )
    if apart_m > NEIGHBOURS_APART_M:
        return None
    share = (number - first) / (last - first)
    return Location(
        round(start.lon + share * (end.lon - start.lon), 7),
        round(start.lat + share * (end.lat - start.lat), 7),
    )


def along_line(number: int, line: NumberedLine) -> Location | None:
    """A position on a line that the map draws for the numbers of its ends, `addr:interpolation`."""
    first, last = line.first_number, line.last_number
    if (number - first) % line.step or number in (first, last):
        return None
    share = (number - first) / (last - first)
    point = shapely.from_wkb(line.geometry).interpolate(share, normalized=True)
    return Location(round(point.x, 7), round(point.y, 7))
