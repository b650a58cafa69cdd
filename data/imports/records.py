"""From a row of a file to what it says of an account, or to all that is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from accounts import PROGRAMME, AccountRecord, ContactRecord, LocationLevel, Programme
from data.imports.cell import Cell, as_text, is_empty
from data.imports.fields import NEEDED, TITLES, Field
from data.imports.mapping import ColumnMapping
from data.imports.presets import Preset
from data.imports.table import Row, RowError
from data.imports.values.addresses import joined_street, read_street, split_address
from data.imports.values.choices import (
    read_location_level,
    read_segment,
    read_status,
    segment_of_revenue,
)
from data.imports.values.contacts import contact_of, read_contacts
from data.imports.values.coordinates import read_degrees, read_position
from data.imports.values.countries import read_country
from data.imports.values.durations import (
    per_year_days,
    read_duration_s,
    read_interval_days,
    within_a_day,
)
from data.imports.values.errors import InvalidValueError
from data.imports.values.numbers import read_amount, read_currency, read_number
from data.imports.values.opening_hours import read_opening_hours
from data.imports.values.postcodes import read_postcode
from data.imports.values.texts import read_id, read_lines, read_text
from geo import Location

SHOWN_LETTERS = 200
MOST_NOTES = 10_000
MOST_EUR = 1e11

Value = TypeVar("Value")

CONTACT_PARTS = (
    Field.CONTACT_FIRST_NAME,
    Field.CONTACT_NAME,
    Field.CONTACT_ROLE,
    Field.CONTACT_EMAIL,
    Field.CONTACT_PHONE,
)


@dataclass(frozen=True, slots=True)
class Rules:
    """
    What is to be known beside the file.

    Parameters
    ----------
    system
        That calls the accounts by the ids in the file.
    country, currency
        Of the data set: meant where a row says nothing else.
    preset
        Whose words are understood.
    clears_empty
        Whether an empty cell clears what is known; otherwise it says nothing.
    programme
        Whose segments are meant.
    """

    system: str
    country: str
    currency: str
    preset: Preset | None = None
    clears_empty: bool = False
    programme: Programme = PROGRAMME


class RowReader:
    """
    Parameters
    ----------
    marks
        The decimal mark of each column with amounts, as `decimal_mark_of` finds it.
    """

    def __init__(
        self,
        columns: tuple[str, ...],
        mapping: ColumnMapping,
        rules: Rules,
        marks: Mapping[str, str | None],
    ) -> None:
        self._rules, self._marks = rules, marks
        self._column_of = {field: column for column, field in mapping.items()}
        self._index_of = {field: columns.index(column) for field, column in self._column_of.items()}

    def read(self, row: Row) -> AccountRecord | list[RowError]:
        """What a row that could be read says, or every reason why it cannot be used."""
        return _Reading(self, row).record()

    def cell(self, row: Row, field: Field) -> Cell:
        """Empty where no column is the field."""
        index = self._index_of.get(field)
        return "" if index is None else row.cells[index]

    def column(self, field: Field) -> str:
        return self._column_of.get(field, "")

    def mark(self, field: Field) -> str | None:
        return self._marks.get(self.column(field))

    @property
    def rules(self) -> Rules:
        return self._rules

    @property
    def has_contact_parts(self) -> bool:
        return any(field in self._column_of for field in CONTACT_PARTS)


class _Reading:
    """One row on its way; collects what is wrong."""

    def __init__(self, reader: RowReader, row: Row) -> None:
        self._reader, self._row = reader, row
        self._errors: list[RowError] = []

    def record(self) -> AccountRecord | list[RowError]:
        rules = self._reader.rules
        for field in NEEDED:
            if self._is_empty(field):
                self._refuse(field, "MISSING", f"{TITLES[field]} is empty. Every account has one.")
        country = self._value(Field.COUNTRY, read_country)
        street, postcode, town, country = self._address(country)
        location, level = self._position()
        record = AccountRecord(
            rules.system,
            self._value(Field.EXTERNAL_ID, read_id) or "",
            name=self._value(Field.NAME, lambda cell: read_text(cell, 200, "The name")),
            status=self._value(Field.STATUS, lambda cell: read_status(cell, rules.preset)),
            segment=self._segment(),
            potential_cents=self._potential_cents(),
            location=location,
            location_level=level,
            street=street,
            postcode=postcode,
            town=town,
            # The data set's own country is written as none.
            country="" if country == rules.country else country,
            opening_hours=self._cleared(
                Field.OPENING_HOURS, self._value(Field.OPENING_HOURS, read_opening_hours), ()
            ),
            service_duration_s=self._service_duration_s(),
            visit_interval_days=self._visit_interval_days(),
            notes=self._cleared(
                Field.NOTES,
                self._value(Field.NOTES, lambda cell: read_lines(cell, MOST_NOTES, "The note")),
                "",
            ),
            owner=self._cleared(Field.OWNER, self._value(Field.OWNER, read_id), ""),
            contacts=self._contacts(),
        )
        return self._errors or record

    def _is_empty(self, field: Field) -> bool:
        return is_empty(self._reader.cell(self._row, field))

    def _value(self, field: Field, read: Callable[[Cell], Value]) -> Value | None:
        """None where nothing is said, or it cannot be used, which is noted."""
        if self._is_empty(field):
            return None
        try:
            return read(self._reader.cell(self._row, field))
        except InvalidValueError as error:
            self._refuse(field, error.code, str(error))
            return None

    def _cleared(self, field: Field, value: Value | None, nothing: Value) -> Value | None:
        """A value, or nothing where the column is there, its cell is empty and that counts."""
        is_cleared = self._reader.rules.clears_empty and bool(self._reader.column(field))
        return nothing if value is None and is_cleared and self._is_empty(field) else value

    def _refuse(self, field: Field, code: str, detail: str) -> None:
        value = as_text(self._reader.cell(self._row, field))[:SHOWN_LETTERS]
        column = self._reader.column(field)
        self._errors.append(RowError(self._row.number, column, value, code, detail))

    def _address(
        self, country: str | None
    ) -> tuple[str | None, str | None, str | None, str | None]:
        here = country or self._reader.rules.country
        whole = self._value(Field.ADDRESS, lambda cell: split_address(cell, here))
        if whole is not None:
            return (*whole[:3], whole[3] or country)
        number = self._value(Field.HOUSE_NUMBER, lambda cell: read_text(cell, 20, "The number"))
        street = self._value(Field.STREET, read_street)
        if street is not None and number:
            street = joined_street(street, number, here)
        postcode = self._value(Field.POSTCODE, lambda cell: read_postcode(cell, here))
        town = self._value(Field.TOWN, lambda cell: read_text(cell, 200, "The town"))
        return (
            self._cleared(Field.STREET, street, ""),
            self._cleared(Field.POSTCODE, postcode, ""),
            self._cleared(Field.TOWN, town, ""),
            self._cleared(Field.COUNTRY, country, ""),
        )

    def _position(self) -> tuple[Location | None, LocationLevel | None]:
        position = self._value(Field.POSITION, read_position)
        if position is None:
            lon = self._value(Field.LON, lambda cell: read_degrees(cell, "longitude"))
            lat = self._value(Field.LAT, lambda cell: read_degrees(cell, "latitude"))
            for field, other in ((Field.LON, Field.LAT), (Field.LAT, Field.LON)):
                if self._is_empty(field) and not self._is_empty(other):
                    detail = f"There is a {other} and no {field}. Give both or none."
                    self._refuse(field, "INCOMPLETE_POSITION", detail)
            position = None if lon is None or lat is None else (lon, lat)
        # Systems that know no position write zeros, which are in the Gulf of Guinea.
        if position is None or position == (0.0, 0.0):
            return None, None
        if self._is_empty(Field.LOCATION_LEVEL):
            return Location(*position), None
        preset = self._reader.rules.preset
        level = self._value(Field.LOCATION_LEVEL, lambda cell: read_location_level(cell, preset))
        return (None, None) if level is None else (Location(*position), level)

    def _segment(self) -> str | None:
        programme = self._reader.rules.programme
        segment = self._value(Field.SEGMENT, lambda cell: read_segment(cell, programme))
        if segment is None:
            revenue = self._amount(Field.REVENUE)
            segment = None if revenue is None else segment_of_revenue(revenue, programme)
        return segment

    def _potential_cents(self) -> int | None:
        amount = self._amount(Field.POTENTIAL)
        return None if amount is None else round(100 * amount)

    def _amount(self, field: Field) -> float | None:
        rules, mark = self._reader.rules, self._reader.mark(field)

        def read(cell: Cell) -> float:
            amount = read_amount(cell, mark, rules.currency)
            if amount > MOST_EUR:
                raise InvalidValueError(
                    "OUT_OF_RANGE", f"{as_text(cell)[:60]!r} is more than {MOST_EUR:,.0f}."
                )
            return amount

        amount = self._value(field, read)
        if amount:
            currency = self._value(Field.CURRENCY, read_currency)
            if currency not in (None, rules.currency):
                self._refuse(
                    Field.CURRENCY,
                    "OTHER_CURRENCY",
                    f"{self._reader.column(field)!r} is in {currency}; amounts of this data set "
                    f"are in {rules.currency}. Convert it, or leave the cell empty.",
                )
        return amount

    def _service_duration_s(self) -> int | None:
        if not self._is_empty(Field.SERVICE_DURATION):
            return self._value(Field.SERVICE_DURATION, read_duration_s)
        return self._value(
            Field.SERVICE_DURATION_S,
            lambda cell: within_a_day(round(read_number(cell, None, "seconds")), as_text(cell)),
        )

    def _visit_interval_days(self) -> float | None:
        if not self._is_empty(Field.VISIT_INTERVAL):
            return self._value(Field.VISIT_INTERVAL, read_interval_days)
        return self._value(
            Field.VISITS_PER_YEAR,
            lambda cell: per_year_days(read_number(cell, None, "visits a year"), as_text(cell)),
        )

    def _contacts(self) -> tuple[ContactRecord, ...] | None:
        if not self._reader.has_contact_parts:
            return self._cleared(Field.CONTACTS, self._value(Field.CONTACTS, read_contacts), ())
        texts = {field: as_text(self._reader.cell(self._row, field)) for field in CONTACT_PARTS}
        name = f"{texts[Field.CONTACT_FIRST_NAME]} {texts[Field.CONTACT_NAME]}".strip()
        try:
            contact = contact_of(
                name=name,
                role=texts[Field.CONTACT_ROLE],
                email=texts[Field.CONTACT_EMAIL],
                phone=texts[Field.CONTACT_PHONE],
            )
        except InvalidValueError as error:
            longest = max(CONTACT_PARTS, key=lambda field: len(texts[field]))
            self._refuse(longest, error.code, str(error))
            return None
        if contact == ContactRecord():
            return () if self._reader.rules.clears_empty else None
        return (contact,)
