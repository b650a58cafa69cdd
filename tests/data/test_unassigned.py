import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.unassigned import Unassigned

CODES = ("NOT_SHORTLISTED", "EXCEEDS_MAX_DETOUR", "VALUE_BELOW_COST")


def build(account_ids, codes=None) -> Unassigned:
    n = len(account_ids)
    return Unassigned(
        account_id=np.array(account_ids, dtype=np.int64),
        code=np.array(codes if codes is not None else [0] * n, dtype=np.uint8),
        codes=CODES,
        facts={
            "detour_s": np.arange(n, dtype=np.int32) * 60,
            "prize_cents": np.arange(n, dtype=np.int64) * 10**10,
        },
    )


def assert_same(left: Unassigned, right: Unassigned) -> None:
    assert left.account_id.tolist() == right.account_id.tolist()
    assert left.code.tolist() == right.code.tolist()
    assert left.codes == right.codes
    assert left.facts.keys() == right.facts.keys()
    for name in left.facts:
        assert left.facts[name].dtype == right.facts[name].dtype
        assert left.facts[name].tolist() == right.facts[name].tolist()


@given(st.sets(st.integers(1, 2**31 - 1), max_size=40), st.data())
def test_unpacking_gives_back_what_was_packed(ids, data) -> None:
    ordered = sorted(ids)
    codes = data.draw(st.lists(st.integers(0, 2), min_size=len(ids), max_size=len(ids)))
    rows = build(ordered, codes)
    assert_same(Unassigned.from_bytes(rows.to_bytes()), rows)


def test_a_country_of_accounts_packs_into_less_than_a_third_of_a_megabyte() -> None:
    rng = np.random.default_rng(1)
    n = 24_000
    rows = Unassigned(
        account_id=np.sort(rng.choice(60_000, n, replace=False)),
        code=rng.integers(0, 3, n).astype(np.uint8),
        codes=CODES,
        facts={
            "detour_s": rng.integers(0, 36_000, n).astype(np.int32),
            "prize_cents": rng.integers(0, 500_000, n).astype(np.int32),
        },
    )
    assert len(rows.to_bytes()) < 333_000


@given(st.sets(st.integers(1, 200), max_size=60), st.integers(1, 7), st.data())
def test_pages_give_every_row_of_a_code_once(ids, limit, data) -> None:
    ordered = sorted(ids)
    codes = data.draw(st.lists(st.integers(0, 2), min_size=len(ids), max_size=len(ids)))
    rows = build(ordered, codes)
    found, cursor = [], None
    while True:
        page, cursor = rows.page(code=CODES[1], cursor=cursor, limit=limit)
        assert len(page) <= limit
        found += page.account_id.tolist()
        if cursor is None:
            break
    assert found == [i for i, code in zip(ordered, codes, strict=True) if code == 1]


def test_a_page_keeps_the_facts_of_its_rows() -> None:
    page, cursor = build([3, 5, 9], [0, 1, 1]).page(cursor=3, limit=1)
    assert page.account_id.tolist() == [5]
    assert page.facts["detour_s"].tolist() == [60]
    assert cursor == 5


def test_one_account_can_be_asked_for() -> None:
    page, cursor = build([3, 5, 9]).page(account_id=5)
    assert page.account_id.tolist() == [5]
    assert cursor is None


@pytest.mark.parametrize("wanted", [{"code": "BLOCKED"}, {"account_id": 4}, {"cursor": 9}])
def test_what_does_not_occur_gives_an_empty_page(wanted) -> None:
    page, cursor = build([3, 5, 9]).page(**wanted)
    assert (len(page), cursor) == (0, None)


def test_rows_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="ascending"):
        build([5, 3])
    with pytest.raises(ValueError, match="ascending"):
        build([3, 3])
    with pytest.raises(ValueError, match="outside"):
        build([3], [len(CODES)])
    with pytest.raises(ValueError, match="detour_s"):
        Unassigned(
            np.array([1, 2]), np.zeros(2, np.uint8), CODES, {"detour_s": np.zeros(3, np.int32)}
        )
