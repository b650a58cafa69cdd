"""Accounts at one place with similar names are proposed, and others are not."""

import time
from typing import Any

import numpy as np
import pytest

from data.duplicates import finding
from data.duplicates.finding import LIKENESSES, Likeness, Pairs, Sites, find_pairs

KASSEL = (9.4970, 51.3155)
M = 1 / 111_195
"""A metre to the north, in degrees."""


def site(name: str, **facts: Any) -> dict[str, Any]:
    plain = {"street": "", "postcode": "34117", "town": "Kassel", "north_m": 0.0, "exact": True}
    return {"name": name, **plain, **facts}


def found(*rows: dict[str, Any]) -> Pairs:
    return find_pairs(
        Sites(
            name=[row["name"] for row in rows],
            street=[row["street"] for row in rows],
            postcode=[row["postcode"] for row in rows],
            town=[row["town"] for row in rows],
            lon=np.array([KASSEL[0] if row["north_m"] is not None else np.nan for row in rows]),
            lat=np.array(
                [
                    np.nan if row["north_m"] is None else KASSEL[1] + row["north_m"] * M
                    for row in rows
                ]
            ),
            is_exact=np.array([row["exact"] and row["north_m"] is not None for row in rows], bool),
        )
    )


def likeness_of(*rows: dict[str, Any]) -> Likeness | None:
    pairs = found(*rows)
    assert len(pairs) <= 1
    return LIKENESSES[pairs.likeness[0]] if len(pairs) else None


WEBER, SAME, OTHER = "Weber Logistik GmbH", "Logistik Weber KG", "Schmidt Druck"


def test_the_same_name_at_the_same_place_is_proposed() -> None:
    pairs = found(site(WEBER), site(OTHER), site(SAME, north_m=10))
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0], [2])
    assert LIKENESSES[pairs.likeness[0]] is Likeness.SAME_PLACE
    assert pairs.distance_m[0] == pytest.approx(10, abs=0.1)
    assert pairs.similarity[0] == 1.0
    assert pairs.score[0] == pytest.approx(0.98)


def test_farther_away_the_name_must_agree_more() -> None:
    slip = "Weber Lagistok GmbH"
    assert likeness_of(site(WEBER), site(slip, north_m=20)) is Likeness.SAME_PLACE
    assert likeness_of(site(WEBER), site(slip, north_m=80)) is None
    assert likeness_of(site(WEBER), site(SAME, north_m=80)) is Likeness.NEAR
    assert likeness_of(site(WEBER), site(SAME, north_m=120)) is None


@pytest.mark.parametrize(
    ("street", "other"),
    [
        ("Königsplatz 53", "Koenigsplatz 53"),
        ("Wilhelmstraße 4", "WILHELMSTR. 4"),
        ("Wilhelmstrasse 4a", "Wilhelmstr 4 a"),
    ],
)
def test_the_same_address_needs_no_position(street: str, other: str) -> None:
    rows = (site(WEBER, street=street, north_m=None), site("Weber", street=other, exact=False))
    assert likeness_of(*rows) is Likeness.SAME_ADDRESS


def test_another_number_or_another_town_is_another_address() -> None:
    where = {"street": "Wilhelmstr. 4", "north_m": None}
    assert likeness_of(site(WEBER, **where), site("Weber", **where)) is Likeness.SAME_ADDRESS
    other = {**where, "street": "Wilhelmstr. 5"}
    assert likeness_of(site(WEBER, **where), site("Weber", **other)) is None
    other = {**where, "postcode": "99999"}
    assert likeness_of(site(WEBER, **where), site("Weber", **other)) is None
    # A street without a number is where many are.
    other = {**where, "street": "Wilhelmstr."}
    assert likeness_of(site(WEBER, **other), site("Weber", **other)) is None


def test_the_same_address_a_town_apart_is_another_one() -> None:
    where = {"street": "Hauptstr. 1", "postcode": "", "town": "Neustadt"}
    assert likeness_of(site(WEBER, **where), site(SAME, **where, north_m=90_000)) is None


def test_coarse_pins_do_not_make_a_town_of_duplicates() -> None:
    """All three lie in the middle of the postcode."""
    rows = [site(name, exact=False) for name in (WEBER, "Weber Druck", "Weber Logistik Nord")]
    assert len(found(*rows)) == 0
    pairs = found(*rows, site(SAME, exact=False))
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0], [3])
    assert LIKENESSES[pairs.likeness[0]] is Likeness.SAME_POSTCODE
    assert np.isnan(pairs.distance_m[0])


def test_an_exact_pin_is_compared_with_a_coarse_one_of_its_postcode() -> None:
    assert likeness_of(site(WEBER), site(SAME, exact=False, north_m=900)) is Likeness.SAME_POSTCODE
    assert likeness_of(site(WEBER), site(SAME, north_m=900)) is None
    elsewhere = site(SAME, exact=False, postcode="99999")
    assert likeness_of(site(WEBER), elsewhere) is None


def test_branches_of_one_company_across_town_are_two() -> None:
    """Also where somebody else in the postcode is not known exactly."""
    rows = (site(WEBER), site(SAME, north_m=2_000), site(OTHER, exact=False))
    assert len(found(*rows)) == 0


def test_each_pair_is_told_once_for_what_is_strongest() -> None:
    where = {"street": "Königsplatz 53"}
    assert likeness_of(site(WEBER, **where), site(SAME, **where)) is Likeness.SAME_ADDRESS


def test_the_likeliest_come_first() -> None:
    pairs = found(
        site(WEBER),
        site(SAME, north_m=5),
        site("Krause Metallbau", north_m=5_000),
        site("Kraus Metallbau", north_m=5_005),
    )
    assert pairs.score.tolist() == sorted(pairs.score.tolist(), reverse=True)
    assert pairs.first.tolist() == [0, 2]


def test_nobody_and_one_have_no_duplicates() -> None:
    assert len(found()) == 0
    assert len(found(site(WEBER))) == 0
    assert (
        len(found(site(WEBER, north_m=None), site(SAME, north_m=None, postcode="", town=""))) == 0
    )


def crowd(count: int, **facts: Any) -> Sites:
    """Distinct names, but for pairs of neighbours in the list."""
    random = np.random.default_rng(3)
    words = ["".join(random.choice(list("abcdefghilmnorstu"), 8)) for _ in range(count // 2)]
    plain: dict[str, Any] = {
        "name": [f"{words[k // 2]} {('GmbH', 'AG')[k % 2]}" for k in range(count)],
        "street": [""] * count,
        "postcode": ["34117"] * count,
        "town": ["Kassel"] * count,
        "lon": np.full(count, KASSEL[0]),
        "lat": np.full(count, KASSEL[1]),
        "is_exact": np.ones(count, dtype=bool),
    }
    return Sites(**{**plain, **facts})


@pytest.mark.parametrize("is_exact", [True, False])
def test_thousands_at_one_pin_are_compared_with_their_neighbours_by_name(is_exact: bool) -> None:
    """24,000 of them would be 288 million pairs."""
    sites = crowd(24_000, is_exact=np.full(24_000, is_exact))
    started_s = time.process_time()
    pairs = find_pairs(sites)
    # A generous limit: it takes half a second on a machine that does nothing else.
    assert time.process_time() - started_s < 10
    assert len(pairs) >= 11_900


def test_where_too_many_lie_close_together_only_the_closest_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(finding, "MOST_PAIRS", 1_000)
    step = np.arange(200) * 5 * M  # five metres from one to the next
    pairs = find_pairs(crowd(200, lat=KASSEL[1] + step))
    # At a reach of 100 m there would be 3,800 pairs, at 30 m 1,179.
    assert len(pairs) == 100
