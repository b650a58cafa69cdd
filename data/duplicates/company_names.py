"""What of a company's name tells which company it is, and how alike two names are."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from data.geocoding.names import spellings

FILE = Path(__file__).parent / "company_words.toml"

PROMISING = 0.7
"""Likeness of all letters, in order of the alphabet of the words, below which none are compared."""

SAME_WORD = 0.75
"""Likeness of two words that may be one with a slip."""

SAME_LETTERS = 0.95
"""Likeness of names whose blanks are elsewhere: Auto Haus and Autohaus."""

CONTAINED = 0.85
"""Likeness of a name that holds all words of the other, one of which is rare."""

RARE = 0.001
"""Share of all names that have a word, up to which it tells which company it is."""

_LETTERS = re.compile(r"(?<!\S)(?:\w )+\w(?!\S)")
"""Single letters one after the other, as in G. m. b. H."""


@dataclass(frozen=True, slots=True)
class Names:
    """
    The names of all accounts.

    Parameters
    ----------
    words
        Of each, those that count.
    keys
        The same as one text, in order of the alphabet.
    weights
        Of each word; the rarer it is, the more it tells.
    rare
        Words that tell which company it is.
    """

    words: Sequence[tuple[str, ...]]
    keys: Sequence[str]
    weights: Mapping[str, float]
    rare: frozenset[str]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Names":
        words = [name_words(name) for name in names]
        counts = Counter(word for one in words for word in set(one))
        most = max(3.0, RARE * len(words))
        return cls(
            words,
            [" ".join(sorted(one)) for one in words],
            {word: math.log1p(len(words) / count) for word, count in counts.items()},
            frozenset(w for w, count in counts.items() if count <= most and len(w) > 3),
        )

    def similarity(
        self,
        first: NDArray[np.int64],
        second: NDArray[np.int64],
        is_at_one: NDArray[np.bool_],
    ) -> NDArray[np.float64]:
        """
        How alike names are, 0 to 1, for pairs of rows.

        Two joiners are not one for being joiners: words count by how rare they are.

        Parameters
        ----------
        is_at_one
            (k,) bool: the two are at one address. There, Müller and Bäckerei Müller are one.
        """
        letters = process.cpdist(
            [self.keys[row] for row in first.tolist()],
            [self.keys[row] for row in second.tolist()],
            scorer=fuzz.ratio,
            dtype=np.float32,
        )
        found = np.zeros(len(first))
        for k in np.flatnonzero((letters >= 100 * PROMISING) | is_at_one).tolist():
            a, b = self.words[first[k]], self.words[second[k]]
            if letters[k] >= 100 * PROMISING:
                found[k] = self._likeness(a, b)
            if is_at_one[k] and found[k] < CONTAINED and self._is_contained(a, b):
                found[k] = CONTAINED
        return found

    def _likeness(self, a: tuple[str, ...], b: tuple[str, ...]) -> float:
        if a == b:
            return 1.0 if a else 0.0
        whole = fuzz.ratio("".join(a), "".join(b)) / 100
        left = list(b)
        common = total = 0.0
        for word in a:
            weight = self.weights[word]
            total += weight
            likeness, other = max(
                ((OSA.normalized_similarity(word, one), one) for one in left), default=(0.0, "")
            )
            if likeness < SAME_WORD:
                continue
            left.remove(other)
            total += self.weights[other]
            common += likeness * (weight + self.weights[other])
        total += sum(self.weights[word] for word in left)
        return max(common / total if total else 0.0, whole if whole >= SAME_LETTERS else 0.0)

    def _is_contained(self, a: tuple[str, ...], b: tuple[str, ...]) -> bool:
        smaller, larger = sorted((frozenset(a), frozenset(b)), key=len)
        return smaller <= larger and not self.rare.isdisjoint(smaller)


def name_words(name: str) -> tuple[str, ...]:
    """
    The words of a name that count, as they come.

    In small letters, umlauts as two, without legal forms. Of a name that is nothing else, all.
    """
    legal_forms, little_words, other_forms = _words()
    written = max(spellings(name), key=lambda form: (len(form), form), default="")
    joined = _LETTERS.sub(lambda found: found[0].replace(" ", ""), written)
    words = [other_forms.get(word, word) for word in joined.split()]
    kept = [word for word in words if word not in legal_forms and word not in little_words]
    return tuple(kept or words)


@cache
def _words() -> tuple[frozenset[str], frozenset[str], dict[str, str]]:
    values: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return (
        frozenset(values["legal_forms"]),
        frozenset(values["little_words"]),
        dict(values["words"]),
    )
