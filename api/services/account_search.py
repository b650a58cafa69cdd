"""Accounts for what was typed: by the beginnings of words of their name, town and postcode."""

from functools import reduce

import numpy as np
from numpy.typing import NDArray

from api.state import Snapshot
from data.geocoding.names import spellings
from data.geocoding.prefix_index import PrefixIndex


def rows_called(snapshot: Snapshot, text: str) -> NDArray[np.intp]:
    """
    Rows of the accounts in which every word of the text begins a word.

    Those whose name begins with the text come first, each group by name. Case, accents and
    punctuation do not count.
    """
    index: PrefixIndex = snapshot.memo.get("account_words", lambda: _words_of(snapshot))
    forms = tuple(spellings(text))
    found = [
        reduce(np.intersect1d, [index.numbers(word) for word in form.split()]) for form in forms
    ]
    if not found:
        return np.zeros(0, dtype=np.intp)
    names = snapshot.table.name

    def rank(row: int) -> tuple[bool, str, int]:
        begins = any(name.startswith(forms) for name in spellings(names[row]))
        return not begins, names[row].casefold(), row

    return np.array(sorted(np.unique(np.concatenate(found)).tolist(), key=rank), dtype=np.intp)


def _words_of(snapshot: Snapshot) -> PrefixIndex:
    table = snapshot.table
    return PrefixIndex(
        (word, row)
        for row, texts in enumerate(zip(table.name, table.town, table.postcode, strict=True))
        for text in texts
        for form in spellings(text)
        for word in form.split()
    )
