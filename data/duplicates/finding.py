"""
Finds accounts that look like one.

Two are compared where they share an address, or lie close together. A pin that is only known by its
street, postcode or town says nothing of that: everybody there would be everybody's neighbour. Such
accounts are compared within their postcode, and then the name must agree all the more.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from data.duplicates.company_names import Names
from data.geocoding.names import spellings
from geo import great_circle_m, m_to_chord, unit_vectors


class Likeness(StrEnum):
    """What two accounts have in common besides a similar name, the strongest first."""

    SAME_ADDRESS = "same_address"
    SAME_PLACE = "same_place"
    NEAR = "near"
    SAME_POSTCODE = "same_postcode"


LIKENESSES = tuple(Likeness)

LEAST_SIMILAR = {
    Likeness.SAME_ADDRESS: 0.80,
    Likeness.SAME_PLACE: 0.80,
    Likeness.NEAR: 0.88,
    Likeness.SAME_POSTCODE: 0.95,
}
"""How similar names must be at least."""

WEIGHT = {
    Likeness.SAME_ADDRESS: 1.0,
    Likeness.SAME_PLACE: 0.98,
    Likeness.NEAR: 0.94,
    Likeness.SAME_POSTCODE: 0.9,
}
"""By what the similarity of names counts."""

PLACE_M, NEAR_M = 30.0, 100.0

FARTHEST_M = {
    Likeness.SAME_ADDRESS: 1_000.0,
    Likeness.SAME_PLACE: PLACE_M,
    Likeness.NEAR: NEAR_M,
    Likeness.SAME_POSTCODE: NEAR_M,
}
"""Exact positions that are farther apart are two, whatever else they share."""

REACHES_M = (NEAR_M, PLACE_M, 10.0, 3.0)
"""How far apart two may lie; less where too many lie so close together."""

MOST_PAIRS = 3_000_000
"""That are compared for being close together, about a second of work."""

MOST_IN_GROUP = 150
NEIGHBOURS = 6
"""In a larger group by address or postcode, each is compared with as many that follow by name."""

_STREET = re.compile(r"stra(?:ss|s)e\b|street\b|str\b")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, eq=False)
class Sites:
    """
    Accounts as far as they are compared, one row each.

    Parameters
    ----------
    lon, lat
        (n,) float64, degrees; NaN where nobody knows.
    is_exact
        (n,) bool: known at least between houses, and not ambiguous.
    """

    name: Sequence[str]
    street: Sequence[str]
    postcode: Sequence[str]
    town: Sequence[str]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    is_exact: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """
    Pairs of rows, the likeliest first.

    Parameters
    ----------
    first, second
        (k,) int64, rows; the first is the smaller one.
    likeness
        (k,) uint8, index into `LIKENESSES`.
    similarity, score
        (k,) float64, 0 to 1: of the names, and of all together.
    distance_m
        (k,) float64; NaN where one of the positions is not exact.
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    likeness: NDArray[np.uint8]
    similarity: NDArray[np.float64]
    score: NDArray[np.float64]
    distance_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.first)

    def at(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> "Pairs":
        """Some of them, or all in another order."""
        return Pairs(
            self.first[chosen],
            self.second[chosen],
            self.likeness[chosen],
            self.similarity[chosen],
            self.score[chosen],
            self.distance_m[chosen],
        )


def find_pairs(sites: Sites) -> Pairs:
    """Pairs that somebody should look at. Half a second for 24,000 accounts."""
    names = Names.of(sites.name)
    first, second, likeness = _candidates(sites, names.keys)
    none = np.zeros(len(first))
    pairs = Pairs(first, second, likeness, none, none, _apart_m(sites, first, second))
    farthest_m = np.array([FARTHEST_M[one] for one in LIKENESSES])
    # What nobody knows is not too far.
    pairs = pairs.at(~(pairs.distance_m > farthest_m[pairs.likeness]))
    is_at_one = pairs.likeness <= LIKENESSES.index(Likeness.SAME_PLACE)
    similarity = names.similarity(pairs.first, pairs.second, is_at_one)
    score = similarity * np.array([WEIGHT[one] for one in LIKENESSES])[pairs.likeness]
    pairs = replace(pairs, similarity=similarity, score=score)
    least = np.array([LEAST_SIMILAR[one] for one in LIKENESSES])
    pairs = pairs.at(similarity >= least[pairs.likeness])
    return pairs.at(np.lexsort((pairs.second, pairs.first, -np.round(pairs.score, 3))))


def _apart_m(
    sites: Sites, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Distances of exact positions; NaN for others."""
    apart_m = great_circle_m(
        sites.lon[first], sites.lat[first], sites.lon[second], sites.lat[second]
    )
    return np.where(sites.is_exact[first] & sites.is_exact[second], apart_m, np.nan)


def _candidates(
    sites: Sites, keys: Sequence[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8]]:
    """Pairs to be compared, each once and for what is strongest."""
    count = len(keys)
    found = [
        (_within(_by_address(sites), keys), Likeness.SAME_ADDRESS),
        *_close_together(sites, keys),
        (_within(_by_postcode(sites), keys), Likeness.SAME_POSTCODE),
    ]
    pairs = np.concatenate([np.sort(pair, axis=1) for pair, _ in found])
    likeness = np.concatenate(
        [np.full(len(pair), LIKENESSES.index(one), dtype=np.uint8) for pair, one in found]
    )
    # The first of equal ones is the strongest, since they come in that order.
    _, kept = np.unique(pairs[:, 0] * count + pairs[:, 1], return_index=True)
    return pairs[kept, 0], pairs[kept, 1], likeness[kept]


def _by_address(sites: Sites) -> list[list[int]]:
    """Rows that share the street with its number, and the postcode or the town."""
    groups = defaultdict(list)
    addresses = zip(sites.street, sites.postcode, sites.town, strict=True)
    for row, (street, postcode, town) in enumerate(addresses):
        where = _plain(postcode) or _plain(town)
        if where and _DIGIT.search(street):
            groups[where, _STREET.sub("str", _plain(street)).replace(" ", "")].append(row)
    return [rows for rows in groups.values() if len(rows) > 1]


def _by_postcode(sites: Sites) -> list[list[int]]:
    """Rows of one postcode, or of one town without, of which one at least is not known exactly."""
    groups = defaultdict(list)
    for row, (postcode, town) in enumerate(zip(sites.postcode, sites.town, strict=True)):
        where = _plain(postcode) or _plain(town)
        if where:
            groups[where].append(row)
    return [rows for rows in groups.values() if len(rows) > 1 and not sites.is_exact[rows].all()]


def _plain(text: str) -> str:
    return max(spellings(text), key=lambda form: (len(form), form), default="")


def _within(groups: Iterable[Sequence[int]], keys: Sequence[str]) -> NDArray[np.int64]:
    """All pairs of small groups; in large ones, those that follow one another by name."""
    pairs = [np.empty((0, 2), dtype=np.int64)]
    for group in groups:
        rows = np.array(sorted(group, key=lambda row: keys[row]), dtype=np.int64)
        reach = len(rows) - 1 if len(rows) <= MOST_IN_GROUP else NEIGHBOURS
        if reach == len(rows) - 1 and len(rows) > 2:
            a, b = np.triu_indices(len(rows), 1)
            pairs.append(np.column_stack((rows[a], rows[b])))
            continue
        pairs += [np.column_stack((rows[:-step], rows[step:])) for step in range(1, reach + 1)]
    return np.concatenate(pairs)


def _close_together(sites: Sites, keys: Sequence[str]) -> list[tuple[NDArray[np.int64], Likeness]]:
    """Pairs of exact positions, at one place and near to one another."""
    rows = np.flatnonzero(sites.is_exact & np.isfinite(sites.lon) & np.isfinite(sites.lat))
    # Hundreds at one and the same position would all be pairs.
    _, where, counts = np.unique(
        np.column_stack((sites.lon[rows], sites.lat[rows])),
        axis=0,
        return_inverse=True,
        return_counts=True,
    )
    crowds = [rows[where.reshape(-1) == k].tolist() for k in np.flatnonzero(counts > MOST_IN_GROUP)]
    rows = rows[counts[where.reshape(-1)] <= MOST_IN_GROUP]
    found = [(_within(crowds, keys), Likeness.SAME_PLACE)]
    if len(rows) < 2:
        return found
    tree = cKDTree(unit_vectors(sites.lon[rows], sites.lat[rows]))
    for reach_m in REACHES_M:
        chord = float(m_to_chord(reach_m))
        if (tree.count_neighbors(tree, chord) - len(rows)) // 2 <= MOST_PAIRS:
            break
    else:
        return found
    pairs = rows[tree.query_pairs(chord, output_type="ndarray")].reshape(-1, 2).astype(np.int64)
    is_same = _apart_m(sites, pairs[:, 0], pairs[:, 1]) <= PLACE_M
    return [*found, (pairs[is_same], Likeness.SAME_PLACE), (pairs[~is_same], Likeness.NEAR)]
