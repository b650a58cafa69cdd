"""Accounts for what was typed: by the beginnings of words of their name, town and postcode."""

from collections.abc import Callable
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
    key = match_key(snapshot, text)
    rows = np.unique(np.concatenate(found)).tolist()
    return np.array(sorted(rows, key=key), dtype=np.intp)


def match_key(snapshot: Snapshot, text: str) -> Callable[[int], list[str | float | int]]:
    """What the rows that a text finds are ordered by, best first."""
    forms = tuple(spellings(text))
    table = snapshot.table

    def key(row: int) -> list[str | float | int]:
        name = table.name[row]
        begins = any(form.startswith(forms) for form in spellings(name))
        return [int(not begins), name.casefold(), int(table.account_id[row])]

    return key


def _words_of(snapshot: Snapshot) -> PrefixIndex:
    table = snapshot.table
    return PrefixIndex(
        (word, row)
        for row, texts in enumerate(zip(table.name, table.town, table.postcode, strict=True))
        for text in texts
        for form in spellings(text)
        for word in form.split()
    )
