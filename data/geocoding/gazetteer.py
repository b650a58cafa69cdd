"""
An index of towns and postcodes in memory: find one by name, suggest while typing, name a position.

Towns are numbered from the largest down, so the smallest numbers of any selection are its largest
towns.
"""

import math
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from rapidfuzz import fuzz, process
from scipy.spatial import cKDTree

from data.errors import UnknownPlaceError, UnknownPostcodeError
from data.geocoding.names import bare_spellings, base_name, spellings, word_starts
from data.geocoding.places import CityRow, Level, NearbyPlace, Place, PlaceMatch, PostcodeRow
from data.geocoding.prefix_index import PrefixIndex
from data.geocoding.towns import Town, collect_towns
from geo import Location, chord_to_m, great_circle_m, unit_vectors

CLEARLY_LARGER = 3
"""A town this many times the size of its next namesake is meant without asking."""

POSTCODE_REACH_M = 30_000
"""How far from a postcode a town may lie that is written beside it."""

MAX_TEXT_LENGTH = 200
SUGGESTIONS = 5

_CODE = re.compile(r"(?:\b[A-Za-z]{1,3}-)?\b(\d+)\b")


class Gazetteer:
    """
    Towns and postcodes, searched by name, prefix and position.

    A postcode's place that is no town listed becomes one, without a population. Postcodes are
    digits; a country's letters before them (D-34117) are ignored. Safe to share between threads.
    """

    def __init__(self, cities: Iterable[CityRow], postcodes: Iterable[PostcodeRow]) -> None:
        rows = sorted(postcodes, key=lambda row: row.code)
        towns = collect_towns(cities, rows)
        self._sizes = [town.size for town in towns]
        self._codes = [row.code for row in rows]
        self._postcodes = [
            Place(
                Level.POSTCODE,
                row.place,
                f"{row.code} {_label(row.place, row.region)}",
                row.region,
                Location(row.lon, row.lat),
                postcode=row.code,
            )
            for row in rows
        ]
        self._towns = _places(towns, self._postcodes)
        self._number_by_label: dict[str, int] = {}
        for number, place in enumerate(self._towns):
            self._number_by_label.setdefault(place.label.casefold(), number)
        self._tree = _tree(self._towns)
        self._region_forms = {
            region: spellings(region) for region in sorted({town.region for town in towns})
        }
        self._by_name = _by_name(towns)
        self._fuzzy_forms = list(self._by_name)

        beginnings = {
            (form, number)
            for number, town in enumerate(towns)
            for name in town.names
            for form in spellings(name)
        }
        self._beginnings = PrefixIndex(beginnings)
        self._later_words = PrefixIndex(
            {(rest, number) for form, number in beginnings for rest in word_starts(form)}
        )
        self._postcode_names = PrefixIndex(
            (form, number) for number, row in enumerate(rows) for form in spellings(row.place)
        )

    def find_place(self, text: str) -> PlaceMatch:
        """
        The place that a text names: a town, a town with its region, a postcode, or both.

        Of several of the name the largest counts. A name may be short of what tells it from others
        (Frankfurt), spelt without umlauts, or foreign where an alternate says so. A region stands
        after a comma, in brackets or last.

        Raises
        ------
        UnknownPlaceError
            When nothing has this name; with the most similar ones, large ones first.
        """
        if len(text) > MAX_TEXT_LENGTH:
            raise UnknownPlaceError(
                f"A place of {len(text)} letters; {MAX_TEXT_LENGTH} are read. Give the name alone."
            )
        exact = self._number_by_label.get(text.strip().casefold())
        if exact is not None and self._towns[exact].postcode is not None:
            return PlaceMatch(self._towns[exact])
        code, name = _split_code(text)
        if code is not None:
            return self._find_with_code(code, name)
        numbers, bare_name = self._named(name)
        if exact is not None:
            numbers = [exact, *(number for number in numbers if number != exact)]
        if not numbers:
            raise self._unknown(name, bare_name)
        best, *others = numbers
        return PlaceMatch(
            self._towns[best],
            tuple(self._towns[number] for number in others),
            any(self._sizes[best] < CLEARLY_LARGER * max(1, self._sizes[n]) for n in others),
        )

    def find_postcode(self, code: str) -> Place:
        """
        A postcode.

        Raises
        ------
        UnknownPostcodeError
            When there is none like this; with those that begin alike.
        """
        found = _CODE.fullmatch(code.strip())
        digits = found[1] if found else code.strip()
        position = bisect_left(self._codes, digits)
        if position < len(self._codes) and self._codes[position] == digits:
            return self._postcodes[position]
        nearest = self._codes_near(digits, position)
        hint = f" Nearest: {'; '.join(nearest)}." if nearest else ""
        raise UnknownPostcodeError(
            f"There is no postcode {digits[:MAX_TEXT_LENGTH]!r}.{hint}", nearest
        )

    def suggest(self, text: str, limit: int = 10) -> list[Place]:
        """
        Places for what has been typed so far, of a name, a postcode, or both.

        Towns that begin with it come first, then those with a later word that does, largest first;
        then postcodes in their order.
        """
        code, name = _split_code(text[:MAX_TEXT_LENGTH])
        name, _, region = name.partition(",")
        regions = self._regions_beginning(region)
        forms = spellings(name)
        found: dict[Place, None] = {}
        if code is None:
            for index in (self._beginnings, self._later_words):
                for number in _numbers(index, forms):
                    place = self._towns[number]
                    if len(found) >= limit:
                        break
                    if place.region in regions:
                        found[place] = None
        for number in self._postcode_numbers(code, forms):
            if len(found) >= limit:
                break
            place = self._postcodes[number]
            if place.region in regions:
                found[place] = None
        return list(found)

    def nearest_place(self, lon: float, lat: float) -> NearbyPlace:
        """
        The town nearest to a position, to name it by.

        Raises
        ------
        UnknownPlaceError
            When the gazetteer has no towns.
        """
        if not self._towns:
            raise UnknownPlaceError("There are no places near this position.")
        chord, number = self._tree.query(unit_vectors(lon, lat)[0])
        return NearbyPlace(self._towns[int(number)], float(chord_to_m(chord)))

    def _named(self, text: str) -> tuple[list[int], str]:
        """Numbers of the towns that a text names, largest first, and its name without region."""
        numbers = self._numbers_of(text)
        if numbers:
            return numbers, text
        for region, region_forms in self._region_forms.items():
            for form in spellings(text):
                for region_form in region_forms:
                    if form.endswith(f" {region_form}"):
                        name = form.removesuffix(region_form)
                        numbers = self._numbers_of(name)
                        return [n for n in numbers if self._towns[n].region == region], name
        return [], text

    def _numbers_of(self, name: str) -> list[int]:
        forms = spellings(name) | bare_spellings(name)
        return sorted(set().union(*(self._by_name.get(form, ()) for form in forms)))

    def _find_with_code(self, code: str, name: str) -> PlaceMatch:
        postcode = self.find_postcode(code)
        if not spellings(name):
            return PlaceMatch(postcode)
        numbers, _ = self._named(name)
        names = spellings(postcode.name) | spellings(base_name(postcode.name))
        if spellings(name) & (names | spellings(postcode.label.partition(" ")[2])):
            return PlaceMatch(postcode)
        for number in numbers:
            town = self._towns[number].location
            here = postcode.location
            if great_circle_m(here.lon, here.lat, town.lon, town.lat) <= POSTCODE_REACH_M:
                return PlaceMatch(postcode)
        suggestions = (postcode.label, *(self._towns[n].label for n in numbers[:SUGGESTIONS]))
        raise UnknownPlaceError(
            f"{code} is {postcode.name}, and {name!r} is not near it. Give one of the two.",
            suggestions,
        )

    def _unknown(self, text: str, name: str) -> UnknownPlaceError:
        if not spellings(text):
            return UnknownPlaceError("No place is named. Give a town or a postcode.")
        suggestions = self._similar(name)
        hint = f" Did you mean {'; '.join(suggestions)}?" if suggestions else ""
        return UnknownPlaceError(f"There is no place {text.strip()!r}.{hint}", suggestions)

    def _similar(self, name: str) -> tuple[str, ...]:
        """Labels of the most similar names. A size ten times larger outweighs some letters."""
        rank: dict[int, float] = {}
        for form in spellings(name) | spellings(base_name(name)):
            for similar, score, _ in process.extract(
                form, self._fuzzy_forms, scorer=fuzz.ratio, score_cutoff=60, limit=50
            ):
                for number in self._by_name[similar]:
                    weighted = score + 4 * math.log10(self._sizes[number] + 10)
                    rank[number] = max(rank.get(number, 0.0), weighted)
        best = sorted(rank, key=lambda number: (-rank[number], number))[:SUGGESTIONS]
        return tuple(self._towns[number].label for number in best)

    def _codes_near(self, digits: str, position: int) -> tuple[str, ...]:
        """Labels of the codes that begin alike, and of the one that lacks a leading zero."""
        lost_zero = bisect_left(self._codes, f"0{digits}")
        around = range(max(0, position - SUGGESTIONS), position + SUGGESTIONS)
        candidates = [n for n in around if n < len(self._codes) and _alike(self._codes[n], digits)]
        candidates.sort(key=lambda n: (-_alike(self._codes[n], digits), abs(n - position)))
        if lost_zero < len(self._codes) and self._codes[lost_zero] == f"0{digits}":
            candidates.insert(0, lost_zero)
        return tuple(self._postcodes[n].label for n in candidates[:SUGGESTIONS])

    def _postcode_numbers(self, code: str | None, forms: Iterable[str]) -> Sequence[int]:
        named = _numbers(self._postcode_names, forms)
        if code is None:
            return named
        first = bisect_left(self._codes, code)
        last = bisect_left(self._codes, code + "\uffff")
        in_range = range(first, last)
        return [n for n in named if n in in_range] if forms else in_range

    def _regions_beginning(self, text: str) -> set[str]:
        prefixes = spellings(text) or {""}
        return {
            region
            for region, forms in self._region_forms.items()
            if any(form.startswith(prefix) for form in forms or {""} for prefix in prefixes)
        }


def _split_code(text: str) -> tuple[str | None, str]:
    """The digits in a text and the rest of it."""
    found = _CODE.search(text)
    if found is None:
        return None, text
    return found[1], f"{text[: found.start()]} {text[found.end() :]}".strip()


def _label(name: str, region: str) -> str:
    return name if region in ("", name) else f"{name}, {region}"


def _places(towns: Sequence[Town], postcodes: Sequence[Place]) -> list[Place]:
    """Towns with labels of their own; the smaller of two alike is told by a postcode."""
    tree = _tree(postcodes)
    taken = set()
    places = []
    for town in towns:
        location = Location(town.lon, town.lat)
        label, postcode = _label(town.name, town.region), None
        if label in taken and postcodes:
            nearest = int(tree.query(unit_vectors(town.lon, town.lat)[0])[1])
            postcode = postcodes[nearest].postcode
            label = f"{postcode} {label}"
        taken.add(label)
        places.append(
            Place(Level.PLACE, town.name, label, town.region, location, town.population, postcode)
        )
    return places


def _by_name(towns: Sequence[Town]) -> dict[str, list[int]]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for number, town in enumerate(towns):
        forms: set[str] = set()
        for name in town.names:
            forms |= spellings(name) | bare_spellings(name) | spellings(base_name(name))
        for form in forms:
            numbers[form].append(number)
    return dict(numbers)


def _tree(places: Sequence[Place]) -> cKDTree:
    lon = np.array([place.location.lon for place in places])
    lat = np.array([place.location.lat for place in places])
    return cKDTree(unit_vectors(lon, lat).reshape(-1, 3))


def _numbers(index: PrefixIndex, forms: Iterable[str]) -> list[int]:
    found: set[int] = set()
    for form in forms:
        found.update(index.numbers(form).tolist())
    return sorted(found)


def _alike(code: str, other: str) -> int:
    """How many digits two codes begin with in common."""
    count = 0
    for a, b in zip(code, other, strict=False):
        if a != b:
            break
        count += 1
    return count
