"""When two spellings name the same place."""

import re
import unicodedata
from functools import lru_cache

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa"})
_PLAIN = str.maketrans({"æ": "a", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
_SAINT = re.compile(r"\bsankt\b")
_NOT_WORD = re.compile(r"[\W_]+")

_PREPOSITIONS = ("am", "an", "auf", "bei", "beim", "im", "in", "ob", "unter", "vor", "vorm", "zu")
_CONNECTORS = frozenset((*_PREPOSITIONS, "a", "d", "dem", "den", "der", "die", "v"))
_QUALIFIER = re.compile(rf"\s*[(/,].*|\s+(?:{'|'.join(_PREPOSITIONS)})\s.*", re.IGNORECASE)


@lru_cache(maxsize=50_000)
def spellings(name: str) -> frozenset[str]:
    """
    The forms of a name that are compared: two names are the same if they share one.

    Case, accents and punctuation do not count. An umlaut is both its two letters and the bare
    vowel, so that München, Muenchen, Munchen and MÜNCHEN meet; but a written `ue` is never taken
    for a `u`: Neuenburg is not Neunburg. `Sankt` is also `St`.
    """
    lower = unicodedata.normalize("NFC", name).casefold()
    forms = {_folded(lower)}
    if not lower.isascii():
        forms.add(_folded(lower.translate(_GERMAN)))
    if "sankt" in lower:
        forms |= {_SAINT.sub("st", form) for form in forms}
    return frozenset(forms - {""})


def bare_spellings(name: str) -> frozenset[str]:
    """Spellings without the little words: Frankfurt/Main is Frankfurt am Main."""
    return frozenset(
        " ".join(word for word in form.split() if word not in _CONNECTORS)
        for form in spellings(name)
    ) - {""}


def base_name(name: str) -> str:
    """The name before what tells it from its namesakes: Neustadt of Neustadt an der Aisch."""
    return _QUALIFIER.sub("", name) or name


def word_starts(form: str) -> list[str]:
    """What remains of a spelling from its second and each later word on, little words left out."""
    words = form.split()
    return [" ".join(words[k:]) for k in range(1, len(words)) if words[k] not in _CONNECTORS]


def _folded(lower: str) -> str:
    if not lower.isascii():
        decomposed = unicodedata.normalize("NFKD", lower.translate(_PLAIN))
        lower = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", lower).strip()
