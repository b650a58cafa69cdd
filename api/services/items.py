"""Items of one request that stand and fall alone."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from api.schemas.account_record import ItemCounts

REFUSED = "refused"


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


def text_of(item: Any, key: str) -> str | None:
    """What an item that could not be used says under a key, if that is a text."""
    value = item.get(key) if isinstance(item, dict) else None
    return value[:200] if isinstance(value, str) else None
