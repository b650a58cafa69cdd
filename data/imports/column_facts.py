"""What only whole columns tell: how they write decimals, and whether lon and lat are swapped."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from data.imports.cell import Cell, is_empty
from data.imports.fields import Field
from data.imports.mapping import ColumnMapping
from data.imports.table import Row
from data.imports.values.coordinates import MOST, read_degrees
from data.imports.values.countries import read_country
from data.imports.values.errors import InvalidValueError
from data.imports.values.numbers import decimal_mark_of
from data.locale import locale_at

AMOUNTS = (Field.POTENTIAL, Field.REVENUE)

MOSTLY, HARDLY = 0.8, 0.2
"""Shares of positions in their countries when swapped, and as they stand."""

MOST_POSITIONS = 5_000
MOST_VOTES = 50_000


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """
    Parameters
    ----------
    marks
        Decimal marks of columns with amounts; None where nothing tells.
    swapped
        How many of how many positions lie in their country once longitude and latitude change
        places, where nearly none does as they stand. None: they are as they should be.
    """

    marks: Mapping[str, str | None]
    swapped: tuple[int, int] | None


def column_facts(
    rows: Iterable[Row],
    columns: tuple[str, ...],
    mapping: ColumnMapping,
    country: str,
    tell: Callable[[int], None] = lambda count: None,
) -> ColumnFacts:
    """
    Parameters
    ----------
    country
        Of rows that name none.
    tell
        Hears how many rows have been looked at.
    """
    index_of = {field: columns.index(column) for column, field in mapping.items()}
    amounts: dict[Field, list[Cell]] = {field: [] for field in AMOUNTS if field in index_of}
    swaps = _Swaps(country)
    has_positions = Field.LON in index_of and Field.LAT in index_of
    for count, row in enumerate(rows, start=1):
        tell(count)
        if not row.cells:
            continue
        for field, cells in amounts.items():
            if len(cells) < MOST_VOTES and not is_empty(row.cells[index_of[field]]):
                cells.append(row.cells[index_of[field]])
        if has_positions and swaps.count < MOST_POSITIONS:
            named = row.cells[index_of[Field.COUNTRY]] if Field.COUNTRY in index_of else ""
            swaps.look(row.cells[index_of[Field.LON]], row.cells[index_of[Field.LAT]], named)
    column_of = {field: column for column, field in mapping.items()}
    return ColumnFacts(
        {column_of[field]: decimal_mark_of(cells) for field, cells in amounts.items()},
        swaps.found(),
    )


class _Swaps:
    """Counts positions that lie in their country as they stand, and with lon and lat swapped."""

    def __init__(self, country: str) -> None:
        self._country = country
        self.count = self._as_written = self._as_swapped = 0

    def look(self, lon_cell: Cell, lat_cell: Cell, named: Cell) -> None:
        if is_empty(lon_cell) or is_empty(lat_cell):
            return
        try:
            # As longitudes both: a swapped one may be beyond what a latitude can be.
            lon = read_degrees(lon_cell, "longitude")
            lat = read_degrees(lat_cell, "longitude")
            country = self._country if is_empty(named) else read_country(named)
        except InvalidValueError:
            return
        if (lon, lat) == (0.0, 0.0):
            return
        self.count += 1
        self._as_written += _is_in(country, lon, lat)
        self._as_swapped += _is_in(country, lat, lon)

    def found(self) -> tuple[int, int] | None:
        is_swapped = (
            self.count > 0
            and self._as_swapped >= MOSTLY * self.count
            and self._as_written <= HARDLY * self.count
        )
        return (self._as_swapped, self.count) if is_swapped else None


def _is_in(country: str, lon: float, lat: float) -> bool:
    return abs(lat) <= MOST["latitude"] and locale_at(lon, lat).country == country
