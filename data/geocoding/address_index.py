"""Opens an address index and looks things up in it; knows nothing of how addresses are read."""

# ruff: noqa: S608 - what is put into statements is names of tables and question marks

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from data.errors import InvalidRoadMapError
from data.geocoding.address_tables import FILE, INDEX_FORMAT, cell_of
from data.geocoding.country_format import form_versions, formats_of
from data.geocoding.street_names import StreetNames

MOST_IN_QUERY = 300
"""Localities that are named to the database; of more it is told none, and the rows are sifted."""

MOST_ROWS = 2_000
MOST_LETTER_HITS = 3_000


class HouseRow(NamedTuple):
    """A house; `written` is its number as it stands on the map, or its name."""

    id: int
    street_id: int
    locality_id: int
    number: int | None
    rest: str
    written: str
    is_part: int
    lon: float
    lat: float


class StreetPlace(NamedTuple):
    """A street within one locality, at the middle of its houses or of itself."""

    street_id: int
    locality_id: int
    lon: float
    lat: float
    house_count: int


class NumberedLine(NamedTuple):
    """A line, as WKB, between whose ends house numbers of a street lie."""

    street_id: int
    locality_id: int
    first_number: int
    last_number: int
    step: int
    geometry: bytes


_HOUSE = "select id, street_id, locality_id, number, rest, written, is_part, lon, lat from house "


class AddressIndex:
    """
    An index as `address_tables` describes it. Safe to share between threads.

    Parameters
    ----------
    connection
        To a finished one.

    Raises
    ------
    InvalidRoadMapError
        When it is of another version of the program, or the forms of streets that it holds are not
        those by which a country's streets are looked for today.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        meta = dict(connection.execute("select key, value from meta"))
        if meta.get("format") != str(INDEX_FORMAT):
            raise InvalidRoadMapError(
                f"The address index has format {meta.get('format')}; this version of the program "
                f"reads {INDEX_FORMAT}. Build the map again."
            )
        self.source, self.attribution = meta["source"], meta["attribution"]
        self.countries = tuple(meta["countries"].split())
        _check_forms(json.loads(meta.get("forms", "{}")))
        self.formats = formats_of(self.countries)
        self.street_names = StreetNames(self.formats)
        for table in ("street", "place"):
            connection.execute(
                f"create virtual table if not exists temp.{table}_vocabulary "
                f"using fts5vocab(main, {table}_letters, row)"
            )
        self.forms_within = lru_cache(maxsize=2_000)(self._forms_within)
        self.locality = lru_cache(maxsize=50_000)(self._locality)
        self.street_name = lru_cache(maxsize=50_000)(self._street_name)

    @classmethod
    def open(cls, folder: Path) -> "AddressIndex":
        """
        The index of a map.

        Raises
        ------
        InvalidRoadMapError
            When the folder has none, or it cannot be read.
        """
        path = folder / FILE
        if not path.is_file():
            raise InvalidRoadMapError(
                f"The map {folder.name!r} in {folder.parent} holds no {FILE}, perhaps because it "
                "was built with --roads-only. Build the map again."
            )
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))
        except sqlite3.DatabaseError as error:
            raise InvalidRoadMapError(
                f"{FILE} of the map {folder.name!r} cannot be read ({error}). Build the map again."
            ) from error

    def close(self) -> None:
        self._connection.close()

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """All rows of a small table: `place`, `place_form`, `postcode` or `locality`."""
        if table not in ("place", "place_form", "postcode", "locality"):
            raise ValueError(f"{table} is not read as a whole.")
        return self._connection.execute(f"select * from {table} order by 1, 2").fetchall()

    def streets_named(self, forms: Collection[str]) -> list[int]:
        """Streets that have one of these forms."""
        found = self._connection.execute(
            f"select distinct street_id from street_form where form in ({_marks(forms)}) "
            "order by street_id",
            sorted(forms),
        )
        return [row[0] for row in found]

    def streets_like(
        self, forms: Collection[str], localities: Collection[int] | None
    ) -> list[tuple[int, float]]:
        """
        Streets with the fewest changed letters, and how similar they are, 0 to 1.

        Parameters
        ----------
        localities
            Only streets there; None: anywhere.
        """
        best: dict[int, float] = {}
        for form in sorted(forms):
            limit = edits_allowed(form)
            if not limit:
                continue
            if localities is not None and len(localities) <= MOST_IN_QUERY:
                near = self.forms_within(tuple(sorted(localities)))
            else:
                near = self._forms_by_letters("street", form)
            for other, edits, k in process.extract(
                form, near[0], scorer=OSA.distance, score_cutoff=limit, limit=10
            ):
                similarity = 1.0 - edits / max(len(form), len(other))
                street = near[1][k]
                best[street] = max(best.get(street, 0.0), similarity)
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))

    def places_like(self, form: str) -> list[tuple[str, float]]:
        """Forms of names of places with the fewest changed letters, and how similar they are."""
        limit = min(2, edits_allowed(form))
        if not limit:
            return []
        near = self._forms_by_letters("place", form)
        found = process.extract(form, near[0], scorer=OSA.distance, score_cutoff=limit, limit=10)
        least = min((edits for _, edits, _ in found), default=0)
        return sorted(
            {(other, 1.0 - edits / len(form)) for other, edits, _ in found if edits == least}
        )

    def street_places(
        self, streets: Collection[int], localities: Collection[int] | None
    ) -> list[StreetPlace]:
        """Where these streets are."""
        rows = self._within(
            "select street_id, locality_id, lon, lat, house_count from street_place "
            f"where street_id in ({_marks(streets)})",
            list(streets),
            localities,
            locality_column=1,
        )
        return [StreetPlace._make(row) for row in rows]

    def houses(
        self, streets: Collection[int], number: int, localities: Collection[int] | None
    ) -> list[HouseRow]:
        """Houses whose number begins with these digits."""
        rows = self._within(
            f"{_HOUSE}where street_id in ({_marks(streets)}) and number = ?",
            [*streets, number],
            localities,
            locality_column=2,
        )
        return [HouseRow._make(row) for row in rows]

    def houses_around(
        self, streets: Collection[int], number: int, within: int, localities: Collection[int] | None
    ) -> list[HouseRow]:
        """Houses of these streets whose numbers differ by at most `within`, by number."""
        rows = self._within(
            f"{_HOUSE}where street_id in ({_marks(streets)}) and number between ? and ?",
            [*streets, number - within, number + within],
            localities,
            locality_column=2,
        )
        return [HouseRow._make(row) for row in rows]

    def houses_of_locality(self, localities: Collection[int], number: int) -> list[HouseRow]:
        """Houses of any street there whose number begins with these digits."""
        ids = sorted(localities)[:MOST_IN_QUERY]
        rows = self._connection.execute(
            f"{_HOUSE}where locality_id in ({_marks(ids)}) and number = ? order by id limit ?",
            (*ids, number, MOST_ROWS),
        )
        return [HouseRow._make(row) for row in rows]

    def houses_named(self, forms: Collection[str]) -> list[HouseRow]:
        """Houses that have one of these names."""
        rows = self._connection.execute(
            f"{_HOUSE}where id in (select house_id from house_name "
            f"where form in ({_marks(forms)})) order by id limit ?",
            (*sorted(forms), MOST_ROWS),
        )
        return [HouseRow._make(row) for row in rows]

    def houses_near(self, lon: float, lat: float) -> list[HouseRow]:
        """Houses of the cell of a position and the eight around it."""
        x, y = cell_of(lon, lat)
        rows = self._connection.execute(
            f"{_HOUSE}where cell_x between ? and ? and cell_y between ? and ? and is_part = 0 "
            "order by id",
            (x - 1, x + 1, y - 1, y + 1),
        )
        return [HouseRow._make(row) for row in rows]

    def numbered_lines(self, streets: Collection[int], number: int) -> list[NumberedLine]:
        """Lines of these streets between whose ends a number lies."""
        rows = self._connection.execute(
            "select street_id, locality_id, first_number, last_number, step, geometry "
            f"from interpolation where street_id in ({_marks(streets)}) "
            "and min(first_number, last_number) <= ? and max(first_number, last_number) >= ? "
            "order by id",
            (*streets, number, number),
        )
        return [NumberedLine._make(row) for row in rows]

    def _within(
        self,
        statement: str,
        values: list[int],
        localities: Collection[int] | None,
        locality_column: int,
    ) -> list[tuple[Any, ...]]:
        if localities is None or len(localities) > MOST_IN_QUERY:
            rows = self._connection.execute(f"{statement} limit ?", (*values, MOST_ROWS * 10))
            if localities is None:
                return rows.fetchall()
            return [row for row in rows if row[locality_column] in localities]
        ids = sorted(localities)
        return self._connection.execute(
            f"{statement} and locality_id in ({_marks(ids)})", (*values, *ids)
        ).fetchall()

    def _forms_within(self, localities: tuple[int, ...]) -> tuple[list[str], list[int]]:
        rows = self._connection.execute(
            "select distinct f.form, f.street_id from street_place p "
            "join street_form f on f.street_id = p.street_id "
            f"where p.locality_id in ({_marks(localities)}) order by f.form, f.street_id",
            localities,
        ).fetchall()
        return [row[0] for row in rows], [row[1] for row in rows]

    def _forms_by_letters(self, table: str, form: str) -> tuple[list[str], list[int]]:
        """Forms that share some letters in a row, the rarest of those first."""
        padded = f"_{form}_"
        letters = sorted({padded[k : k + 3] for k in range(len(padded) - 2)})
        counted = self._connection.execute(
            f"select term, doc from temp.{table}_vocabulary where term in ({_marks(letters)}) "
            "order by doc, term",
            letters,
        ).fetchall()
        chosen: list[str] = []
        total = 0
        for term, count in counted:
            if chosen and total + count > MOST_LETTER_HITS:
                break
            chosen.append(f'"{term}"')
            total += count
        if not chosen:
            return [], []
        rows = self._connection.execute(
            f"select form, {table}_id from {table}_form where rowid in "
            f"(select rowid from {table}_letters where {table}_letters match ?) order by 1, 2",
            (" OR ".join(chosen),),
        ).fetchall()
        return [row[0] for row in rows], [row[1] for row in rows]

    def _locality(self, locality_id: int) -> tuple[Any, ...]:
        return self._connection.execute(
            "select * from locality where id = ?", (locality_id,)
        ).fetchone()

    def _street_name(self, street_id: int) -> str | None:
        row = self._connection.execute(
            "select name from street where id = ?", (street_id,)
        ).fetchone()
        return None if row is None else row[0]


def _check_forms(built: Mapping[str, str]) -> None:
    today = form_versions(built)
    changed = [code for code, version in built.items() if today[code] != version]
    if changed:
        raise InvalidRoadMapError(
            f"How addresses of {', '.join(changed)} are written was changed in "
            "data/geocoding/countries/ since the map was built, so that its streets would not be "
            "found. Build the map again."
        )


def edits_allowed(form: str) -> int:
    """
    Letters that may be wrong in a name: one from 4 letters on, two from 14, three from 24.

    Not more: Hofstrasse and Dorfstrasse are two letters apart.
    """
    return (len(form) >= 4) + (len(form) >= 14) + (len(form) >= 24)


def _marks(values: Sequence[Any] | Collection[Any] | Iterable[Any]) -> str:
    return ", ".join("?" * len(list(values)))
