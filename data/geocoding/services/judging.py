"""
How far an answer of a geocoder elsewhere is believed.

Such geocoders always have an answer, and tell of a town or a wrong house as they tell of the right
one. So each answer is held against what was asked: the number, the street, the postcode, the place.
A house is only a house where its number is the one that was asked for.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from data.geocoding.address import AddressQuery, Candidate
from data.geocoding.country_format import GENERIC, CountryFormat, country_formats
from data.geocoding.house_number import NUMBER, HouseNumber, read_house_number
from data.geocoding.places import Level
from data.geocoding.street_names import StreetNames, place_forms
from geo import Location

ABSENT = 0.95
CONTRADICTED = 0.6
NOTHING_SAID = 0.6
INTERPOLATED = 0.8
"""What each counts, where agreement counts 1; as far as possible as in `matching`."""

SAME_STREET = 0.75
SAME_PLACE = 0.85
"""Least similarity of names that are taken for one."""

_NUMBER = re.compile(rf"(?<![\w.]){NUMBER}(?![\w.])")
_RANK = {level: rank for rank, level in enumerate(Level)}


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One place as a geocoder elsewhere tells it.

    Parameters
    ----------
    level
        As it calls it.
    label
        Its own text for it.
    places
        All names of what it lies in, the town first.
    country
        ISO 3166-1, in capitals.
    certainty
        1, or less where the geocoder says itself that it is not sure.
    """

    level: Level
    location: Location
    label: str
    street: str = ""
    house_number: str = ""
    postcode: str = ""
    places: tuple[str, ...] = ()
    country: str = ""
    certainty: float = 1.0


def judged(query: AddressQuery, answers: Iterable[Answer]) -> list[Candidate]:
    """
    The answers that can be meant, best first and only those of the best level.

    Parameters
    ----------
    query
        In fields.
    """
    asked = _Asked(query)
    found = [one for answer in answers if (one := asked.judge(answer)) is not None]
    found.sort(key=lambda one: (_RANK[one.level], -one.confidence, one.label))
    return [one for one in found if one.level is found[0].level]


class _Asked:
    """An address that was asked for."""

    def __init__(self, query: AddressQuery) -> None:
        self._country = query.country.upper()
        self._rules: CountryFormat = country_formats().get(self._country, GENERIC)
        self._streets = StreetNames((self._rules,))
        self._street, self._number = _split(query.street, query.house_number)
        self._postcode = _plain(query.postcode)
        self._places = tuple(part.strip() for part in query.place.split(",") if part.strip())

    def judge(self, answer: Answer) -> Candidate | None:
        if not self._accepts(answer.country):
            return None
        code = _code_agreement(self._postcode, _plain(answer.postcode))
        place = self._place_agreement(answer.places)
        is_elsewhere = CONTRADICTED in (code, place)
        if is_elsewhere and code == place:
            return None
        if answer.level is Level.POSTCODE and code == CONTRADICTED:
            return None
        if answer.level is Level.PLACE and place == CONTRADICTED:
            return None
        level, street = self._level(answer)
        if is_elsewhere and level in (Level.HOUSE, Level.INTERPOLATED):
            level = Level.STREET
        confidence = answer.certainty * code * place * street
        if not self._postcode and not self._places:
            confidence *= NOTHING_SAID
        if level is Level.INTERPOLATED:
            confidence *= INTERPOLATED
        has_street = level in (Level.HOUSE, Level.INTERPOLATED, Level.STREET)
        number = self._number.written if self._number and level is Level.INTERPOLATED else ""
        if level is Level.HOUSE:
            number = answer.house_number
        return Candidate(
            level,
            round(confidence, 3),
            answer.location,
            answer.label,
            answer.street or None if has_street else None,
            number or None,
            answer.postcode or None,
            answer.places[0] if answer.places else None,
            answer.country or None,
        )

    def _accepts(self, country: str) -> bool:
        if not self._country or not country or country == self._country:
            return True
        rules = country_formats().get(country, GENERIC)
        return self._country in rules.counts_as

    def _place_agreement(self, names: Sequence[str]) -> float:
        if not self._places:
            return 1.0
        if not names:
            return ABSENT
        asked = {form for name in self._places for form in place_forms(name)}
        known = {form for name in names for form in place_forms(name)}
        if asked & known:
            return 1.0
        best = max(
            (OSA.normalized_similarity(a, b) for a in asked for b in known),
            default=0.0,
        )
        return best if best >= SAME_PLACE else CONTRADICTED

    def _level(self, answer: Answer) -> tuple[Level, float]:
        """How exact the answer is for what was asked, and how well the street agrees."""
        if answer.level in (Level.POSTCODE, Level.PLACE) or not self._street:
            is_exact = answer.level in (Level.HOUSE, Level.INTERPOLATED)
            return (Level.STREET if is_exact else answer.level), 1.0
        if not answer.street:
            # It says where something is, and not that it is in this street.
            return Level.PLACE, CONTRADICTED
        similarity = self._similarity(answer.street)
        if similarity < SAME_STREET:
            return Level.PLACE, CONTRADICTED
        if answer.level is Level.STREET or self._number is None:
            return Level.STREET, similarity
        if not self._is_same_house(answer.house_number):
            return Level.STREET, similarity
        return answer.level, similarity

    def _similarity(self, street: str) -> float:
        asked, known = self._streets.forms(self._street), self._streets.forms(street)
        if asked & known:
            return 1.0
        return max((OSA.normalized_similarity(a, b) for a in asked for b in known), default=0.0)

    def _is_same_house(self, written: str) -> bool:
        """Also where one of the two is a range that holds the other."""
        asked = self._number
        assert asked is not None  # checked before
        for part in re.split(r"[;,]", written):
            known = read_house_number(part)
            if known is None:
                continue
            if known == asked or known in asked.covered or asked in known.covered:
                return True
            if self._rules.slash == "unit" and known == asked.without_unit:
                return True
        return False


def _split(street: str, number: str) -> tuple[str, HouseNumber | None]:
    """A street and its number, which is the last one written: Straße des 17. Juni 135."""
    given = read_house_number(number) if number.strip() else None
    if given is not None:
        return street.strip(), given
    found = list(_NUMBER.finditer(street))
    if not found:
        return street.strip(), None
    last = found[-1]
    name = f"{street[: last.start()]} {street[last.end() :]}"
    return " ".join(name.replace(",", " ").split()), read_house_number(last[0])


def _code_agreement(asked: str, known: str) -> float:
    if not asked or asked == known:
        return 1.0
    return CONTRADICTED if known else ABSENT


def _plain(code: str) -> str:
    """A postcode in capitals, without blanks and the letters of a country before it."""
    return re.sub(r"^[A-Z]{1,2}-(?=\d)", "", re.sub(r"\s", "", code.upper()))
