"""Long lists of ids in parts, each short enough for one statement."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

AT_ONCE = 500
"""Ids in one statement; SQLite takes only so many."""


def parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    """At most `AT_ONCE` items each, in their order."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def parts_by_system(keys: Iterable[tuple[str, str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Pairs of a system and an id as parts of the ids of one system each."""
    by_system: dict[str, list[str]] = {}
    for system, external_id in keys:
        by_system.setdefault(system, []).append(external_id)
    for system, ids in by_system.items():
        for some in parts(ids):
            yield system, some
