"""Items of one request that stand and fall alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from api.schemas.account_record import ItemCounts
from api.schemas.problem import ProblemEntry
from api.services.errors import Fault

REFUSED = "refused"

FAULTS_TOLD = 20
"""Of one item."""


class HasEffect(Protocol):
    @property
    def effect(self) -> str: ...


def counts_of(items: Iterable[HasEffect]) -> ItemCounts:
    """How many items have each effect."""
    found = Counter(item.effect for item in items)
    return ItemCounts(
        created=found["created"],
        updated=found["updated"],
        unchanged=found["unchanged"],
        refused=found[REFUSED],
    )


def entries(faults: Sequence[Fault], at: str) -> tuple[ProblemEntry, ...]:
    """What is wrong with an item; `at` is the pointer to it."""
    return tuple(
        ProblemEntry(
            pointer=at + fault.pointer,
            code=fault.code,
            detail=fault.detail,
            suggestions=fault.suggestions or None,
        )
        for fault in faults[:FAULTS_TOLD]
    )


def text_of(item: Any, key: str) -> str | None:
    """What an item that could not be used says under a key, if that is a text."""
    value = item.get(key) if isinstance(item, dict) else None
    return value[:200] if isinstance(value, str) else None
