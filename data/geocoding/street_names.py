"""When two spellings name the same street: abbreviations, umlauts, blanks, dashes."""

import re
from collections.abc import Sequence
from functools import lru_cache

from data.geocoding.country_format import CountryFormat
from data.geocoding.names import spellings

_WORD = re.compile(r"[^\W_]+\.?|&")


class StreetNames:
    """
    Forms of street names by the rules of some countries: two names are the same if they share one.

    A form is in small letters without blanks, dashes and accents, abbreviations written out;
    umlauts as in `names.spellings`. Safe to share between threads.
    """

    def __init__(self, formats: Sequence[CountryFormat]) -> None:
        self._formats = tuple(formats)
        self.forms = lru_cache(maxsize=100_000)(self._forms)

    def _forms(self, name: str) -> frozenset[str]:
        lower = name.casefold()
        written_out = {lower} | {_write_out(lower, one) for one in self._formats}
        forms = {form for text in written_out for form in spellings(text)}
        return frozenset(
            joined for form in forms if (joined := form.replace(" ", "").replace("_", ""))
        )


def place_forms(name: str) -> frozenset[str]:
    """Forms of the name of a place: without blanks, so that Bad Homburg is Bad-Homburg."""
    return frozenset(form.replace(" ", "") for form in spellings(name))


def _write_out(lower: str, rules: CountryFormat) -> str:
    words = _WORD.findall(lower)
    out = []
    for position, word in enumerate(words):
        out.append(_written_out(word, position > 0, position == len(words) - 1, rules))
    return " ".join(out)


def _written_out(word: str, is_later: bool, is_last: bool, rules: CountryFormat) -> str:
    bare = word.removesuffix(".")
    if is_later:
        for key in (word, bare):
            if key in rules.later_words:
                return rules.later_words[key]
    if is_last:
        for key in (word, bare):
            for ending, full in rules.endings.items():
                stem = key.removesuffix(ending)
                if len(stem) > 1 and stem != key:
                    return stem + full
    return rules.words.get(word, rules.words.get(bare, bare)).replace("&", "and")
