"""What separates the cells of a text."""

import csv
from collections import Counter
from collections.abc import Sequence

DELIMITERS = (";", ",", "\t", "|")

SAMPLE_LINES = 200


def delimiter_of(lines: Sequence[str]) -> str:
    """
    The delimiter of a text by its first lines.

    The one that splits the most lines into the same number of cells, and into more of them. Of a
    text that none splits, the comma.
    """
    announced = announced_delimiter(lines[0]) if lines else None
    if announced is not None:
        return announced
    best = max(DELIMITERS, key=lambda delimiter: _score(lines, delimiter))
    return best if _score(lines, best) > 0 else ","


def announced_delimiter(line: str) -> str | None:
    """What Excel is told by a first line `sep=;`, which is no row."""
    text = line.strip().strip('"')
    return text[4] if len(text) == 5 and text.lower().startswith("sep=") else None


def _score(lines: Sequence[str], delimiter: str) -> float:
    # Not strict: a quote that is not closed only makes the last row long.
    rows = csv.reader(lines, delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in rows if row)
    except csv.Error:
        return 0.0
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] - 1), item[0]))
    return (width - 1) * count / widths.total()
