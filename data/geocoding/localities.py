"""
Where an address says it is, against where the index has addresses.

A locality is what addresses share beside the street: postcode, city, municipality and nearest
settlement. Names agree as they are, or where a place of the name is near enough.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import OSA
from scipy.spatial import cKDTree

from data.geocoding.address_index import AddressIndex
from data.geocoding.country_format import GENERIC, CountryFormat, country_formats
from data.geocoding.parsing import ParsedAddress
from data.geocoding.street_names import place_forms
from geo import m_to_chord, unit_vectors

PLACE_REACH_M = {"city": 12_000, "town": 4_000, "village": 2_500, "suburb": 2_500, "borough": 4_000}
"""How far from the middle of a place a house may lie that does not name it."""

OTHER_REACH_M = 1_500

CODE_REACH_M = 10_000
"""How far around a place its postcodes are looked for."""

SETTLED = ("city", "town", "village")

MISSPELT = 0.85
NEAR_BY = 0.9
UNKNOWN_CODE = 0.8
MISTYPED_CODE = 0.7
CONTRADICTED = 0.3
"""What such an agreement counts, where the same postcode or name counts 1."""

NOTHING_SAID = 0.6
"""Agreement where the address does not say where the street is."""

LEAST_FOR_PLACE = 0.5


@dataclass(frozen=True, slots=True)
class Agreement:
    """
    Parameters
    ----------
    score
        0 to 1.
    allows_house
        False where postcode or place contradict: a house there is not the one that was meant.
    """

    score: float
    allows_house: bool = True


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place of the index."""

    id: int
    name: str
    kind: str
    size: int
    region: str
    country: str
    lon: float
    lat: float

    @property
    def reach_m(self) -> float:
        return PLACE_REACH_M.get(self.kind, OTHER_REACH_M)


@dataclass(frozen=True, slots=True)
class PostcodeRow:
    """A postcode of the index; `place` is the one that most of its addresses name."""

    id: int
    code: str
    place: str | None
    region: str
    country: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class NamedPlaces:
    """
    What the names in an address were found to be.

    Parameters
    ----------
    scores
        By locality: mean over the names known, of how well each fits.
    places
        Places of these names with how well the name fits.
    is_known
        Whether any name is known. With none known, and one given, the address is of elsewhere.
    """

    scores: Mapping[int, float]
    places: Mapping[PlaceRow, float]
    is_known: bool


class Localities:
    """All localities, places and postcodes of an index, in memory. Safe to share."""

    def __init__(self, index: AddressIndex) -> None:
        self._index = index
        self.places = [PlaceRow(*row) for row in index.rows("place")]
        by_id = {place.id: place for place in self.places}
        self._places_by_form: dict[str, list[PlaceRow]] = defaultdict(list)
        for form, place_id in index.rows("place_form"):
            self._places_by_form[form].append(by_id[place_id])
        self._postcodes: dict[str, list[PostcodeRow]] = defaultdict(list)
        for row in index.rows("postcode"):
            self._postcodes[plain_code(row[1])].append(PostcodeRow(*row))
        self._code_rows = [row for rows in self._postcodes.values() for row in rows]
        self._code_tree = _tree(
            [row.lon for row in self._code_rows], [row.lat for row in self._code_rows]
        )
        rows = index.rows("locality")
        self._codes = {row[0]: plain_code(row[1] or "") for row in rows}
        self._has_city = {row[0]: row[2] is not None for row in rows}
        self._countries = {row[0]: row[5] for row in rows}
        self._by_code: dict[str, list[int]] = defaultdict(list)
        self._by_form: dict[str, dict[int, float]] = defaultdict(dict)
        for number, postcode, city, municipality, settlement, *_ in rows:
            self._by_code[plain_code(postcode or "")].append(number)
            for name, score in ((city, 1.0), (settlement, 1.0), (municipality, 0.95)):
                for form in place_forms(name or ""):
                    known = self._by_form[form]
                    known[number] = max(score, known.get(number, 0.0))
        self._numbers = np.array([row[0] for row in rows], dtype=np.int64)
        self._tree = _tree([row[6] for row in rows], [row[7] for row in rows])

    def knows_place(self, text: str) -> bool:
        """Whether a text is exactly the name of a place or of what addresses call their city."""
        return any(f in self._by_form or f in self._places_by_form for f in place_forms(text))

    def knows_postcode(self, code: str) -> bool:
        """Of a postcode in capitals without blanks."""
        return code in self._postcodes or (bool(code) and code in self._by_code)

    def postcodes(self, code: str) -> list[PostcodeRow]:
        """All that are written like this; several countries may have it."""
        return self._postcodes.get(code, [])

    def format_of(self, country: str) -> CountryFormat:
        return country_formats().get(country, GENERIC)

    def accepts(self, named: str, country: str) -> bool:
        """Whether something in a country may be meant where this country is named, or none."""
        return not named or named == country or named in self.format_of(country).counts_as

    def named(self, names: Collection[str]) -> NamedPlaces:
        """What the names in an address are: the same, or where nothing is, the most similar."""
        scores: dict[int, float] = defaultdict(float)
        places: dict[PlaceRow, float] = {}
        known = 0
        for name in names:
            of_name, factor = self._forms_of(name)
            fitting: dict[int, float] = {}
            for form in of_name:
                for place in self._places_by_form.get(form, ()):
                    places[place] = max(factor, places.get(place, 0.0))
                    for number in self._near(place):
                        fitting[number] = max(NEAR_BY * factor, fitting.get(number, 0.0))
                for number, score in self._by_form.get(form, {}).items():
                    fitting[number] = max(score * factor, fitting.get(number, 0.0))
            known += bool(of_name)
            for number, score in fitting.items():
                scores[number] += score
        means = {number: score / known for number, score in scores.items()}
        return NamedPlaces(means, places, known > 0)

    def agreeing(self, address: ParsedAddress, named: NamedPlaces) -> dict[int, Agreement] | None:
        """
        Localities that fit what an address says; None where it says nothing, and all do.

        Empty: it is of somewhere else.
        """
        if not address.postcode and not address.places:
            if not address.country:
                return None
            return {
                number: Agreement(NOTHING_SAID)
                for number, country in self._countries.items()
                if self.accepts(address.country, country)
            }
        code_scores = self._code_scores(address.postcode, named.scores)
        candidates = named.scores.keys() | code_scores.keys()
        found = {}
        for number in candidates:
            if not self.accepts(address.country, self._countries[number]):
                continue
            agreement = self._agreement(
                address, named.scores.get(number, 0.0), code_scores.get(number, 0.0), number
            )
            if agreement is not None:
                found[number] = agreement
        return found

    def is_plausible_code(self, code: str, place: PlaceRow) -> bool:
        """Whether a postcode that the index lacks may be one of a place, by those around it."""
        rules = self.format_of(place.country)
        if not self._code_rows or not (rules.is_postcode(code) or rules.postcode_typos):
            return False
        reach = m_to_chord(max(CODE_REACH_M, place.reach_m))
        around = self._code_tree.query_ball_point(unit_vectors(place.lon, place.lat)[0], reach)
        near = {plain_code(self._code_rows[k].code) for k in around}
        return any(
            _is_mistyped(code, own, rules) or _is_same_district(code, own, rules) for own in near
        )

    def _agreement(
        self, address: ParsedAddress, place: float, code: float, number: int
    ) -> Agreement | None:
        place = place if place >= LEAST_FOR_PLACE or not code else 0.0
        if not address.postcode:
            return Agreement(NEAR_BY * place, place >= LEAST_FOR_PLACE)
        if not address.places:
            return Agreement(NEAR_BY * code) if code > UNKNOWN_CODE else None
        if place and code:
            return Agreement((place + code) / 2, place >= LEAST_FOR_PLACE)
        rules = self.format_of(self._countries[number])
        if code == 1.0:
            # The post names a town that may be far away; its codes are more exact than that.
            if rules.postcode_is_street:
                return Agreement(MISTYPED_CODE)
            return Agreement(CONTRADICTED, allows_house=False)
        if place and (
            self.knows_postcode(address.postcode)
            or _is_same_district(address.postcode, self._codes[number], rules)
        ):
            return Agreement(CONTRADICTED * place, allows_house=False)
        return None

    def _code_scores(self, code: str, by_place: Mapping[int, float]) -> dict[int, float]:
        """How well each locality fits a postcode; those that contradict are left out."""
        if not code:
            return {}
        scores = dict.fromkeys(self._by_code.get(code, ()), 1.0)
        is_known = self.knows_postcode(code)
        for row in self.postcodes(code):
            reach_m = self.format_of(row.country).postcode_reach_m
            for number in self._within(row.lon, row.lat, reach_m):
                if not self._codes[number]:
                    scores.setdefault(number, NEAR_BY)
        if is_known:
            return scores
        for number in by_place:
            rules = self.format_of(self._countries[number])
            own = self._codes[number]
            if not own and rules.is_postcode(code):
                scores.setdefault(number, UNKNOWN_CODE)
            elif own and _is_mistyped(code, own, rules):
                scores.setdefault(number, MISTYPED_CODE)
        return scores

    def _forms_of(self, name: str) -> tuple[list[str], float]:
        """Forms that the index knows of a name, and what they count."""
        own = place_forms(name)
        known = sorted(f for f in own if f in self._by_form or f in self._places_by_form)
        if known:
            return known, 1.0
        best: dict[str, float] = {}
        for form in sorted(own):
            for other, similarity in self._index.places_like(form):
                best[other] = max(similarity, best.get(other, 0.0))
            best |= {other: 1 - 1 / len(form) for other in self._cities_like(form)}
        return sorted(best), MISSPELT

    def _cities_like(self, form: str) -> list[str]:
        """Names that addresses alone use, as post towns, one letter away; there are few of them."""
        if len(form) < 4:
            return []
        return [
            other
            for other in self._by_form
            if other not in self._places_by_form and OSA.distance(form, other, score_cutoff=1) <= 1
        ]

    def _near(self, place: PlaceRow) -> list[int]:
        """
        Localities within reach of a place that may be in it though they do not name it.

        One that names a city of its own is not in a neighbouring town or village, near as it is.
        """
        around = self._within(place.lon, place.lat, place.reach_m)
        if place.kind not in SETTLED:
            return around
        return [number for number in around if not self._has_city[number]]

    def _within(self, lon: float, lat: float, reach_m: float) -> list[int]:
        if not len(self._numbers):
            return []
        found = self._tree.query_ball_point(unit_vectors(lon, lat)[0], m_to_chord(reach_m))
        return self._numbers[sorted(found)].tolist()

    def has_code(self, number: int, code: str) -> bool:
        """Whether a locality has this postcode, in capitals without blanks."""
        return self._codes[number] == code


def plain_code(code: str) -> str:
    """A postcode in capitals without blanks."""
    return code.replace(" ", "").replace("-", "").upper()


def _is_mistyped(code: str, known: str, rules: CountryFormat) -> bool:
    limit = rules.postcode_typos
    return limit > 0 and OSA.distance(code, known, score_cutoff=limit) <= limit


def _is_same_district(code: str, known: str, rules: CountryFormat) -> bool:
    """Of codes for single streets: whether all but the last three signs are the same."""
    return rules.postcode_is_street and len(code) > 3 and code[:-3] == known[:-3]


def _tree(lon: list[float], lat: list[float]) -> cKDTree:
    return cKDTree(unit_vectors(lon, lat).reshape(-1, 3))
