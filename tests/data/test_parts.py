from itertools import chain

import pytest

from data.parts import AT_ONCE, parts, parts_by_system


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1, 3 * AT_ONCE])
def test_parts_are_short_enough_and_hold_everything_once_in_order(count: int) -> None:
    found = list(parts(range(count)))
    assert list(chain.from_iterable(found)) == list(range(count))
    assert all(0 < len(part) <= AT_ONCE for part in found)


def test_parts_by_system_mix_no_systems_and_lose_no_id() -> None:
    keys = [("ab"[k % 2], str(k)) for k in range(3 * AT_ONCE)]
    found = list(parts_by_system(keys))
    assert sorted((system, one) for system, ids in found for one in ids) == sorted(keys)
    assert [(system, len(ids)) for system, ids in found] == [
        ("a", AT_ONCE),
        ("a", AT_ONCE // 2),
        ("b", AT_ONCE),
        ("b", AT_ONCE // 2),
    ]
