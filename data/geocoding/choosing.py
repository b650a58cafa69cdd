"""The answer out of several places that an address may mean."""

from collections.abc import Sequence
from dataclasses import replace

from data.geocoding.address import Candidate, GeocodeMatch
from data.geocoding.places import Level
from geo import great_circle_m

ALTERNATIVES = 5
ELSEWHERE_M = 100.0
"""Hits nearer to one another than this are one."""

AS_GOOD = 0.02
"""Difference of scores that does not tell two hits apart."""


def chosen(candidates: Sequence[Candidate], source: str, attribution: str) -> GeocodeMatch:
    """
    The best, and those that lie somewhere else.

    Parameters
    ----------
    candidates
        At least one, best first.
    """
    best, *others = candidates
    apart: list[Candidate] = []
    for other in others:
        if not any(_is_same(other, one) for one in (best, *apart)):
            apart.append(other)
        if len(apart) == ALTERNATIVES:
            break
    is_ambiguous = any(one.confidence >= best.confidence - AS_GOOD for one in apart)
    if is_ambiguous:
        best = _with_confidence(best, best.confidence / 2)
        apart = [_with_confidence(one, one.confidence / 2) for one in apart]
    return GeocodeMatch(
        _rounded(best), tuple(map(_rounded, apart)), is_ambiguous, source, attribution
    )


def _is_same(one: Candidate, other: Candidate) -> bool:
    """Whether two mean the same: side by side, or parts of one street."""
    if _distance_m(one, other) <= ELSEWHERE_M:
        return True
    if Level.STREET not in (one.level, other.level) or one.place is None:
        return False
    codes = {one.postcode, other.postcode} - {None}
    return (one.street, one.place) == (other.street, other.place) and len(codes) <= 1


def _distance_m(one: Candidate, other: Candidate) -> float:
    a, b = one.location, other.location
    return float(great_circle_m(a.lon, a.lat, b.lon, b.lat))


def _with_confidence(one: Candidate, confidence: float) -> Candidate:
    return replace(one, confidence=confidence)


def _rounded(one: Candidate) -> Candidate:
    return _with_confidence(one, round(min(1.0, one.confidence), 3))
