"""Names of companies are compared by what tells one from another."""

import numpy as np
import pytest

from data.duplicates.company_names import Names, name_words

CROWD = tuple(f"{trade} {k}" for trade in ("Tischlerei", "Bäckerei", "Hotel") for k in range(200))
"""So that the trades are in many names."""


def likeness(one: str, other: str, *, is_at_one: bool = False) -> float:
    names = Names.of((one, other, *CROWD))
    found = names.similarity(np.array([0]), np.array([1]), np.array([is_at_one]))
    return float(found[0])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Müller GmbH", ("mueller",)),
        ("MÜLLER G.m.b.H. & Co. KG", ("mueller",)),
        ("Müller Ges. m. b. H.", ("mueller", "ges")),
        ("Weber UG (haftungsbeschränkt)", ("weber",)),
        ("Bäckerei Weber e.K.", ("baeckerei", "weber")),
        ("Sportverein Vaduz e. V.", ("sportverein", "vaduz")),
        ("Smith & Sons Ltd.", ("smith", "sons")),
        ("Gebrüder Sankt Florian", ("gebr", "st", "florian")),
        ("B M W AG", ("bmw",)),
        # Nothing else is there.
        ("AG", ("ag",)),
        ("GmbH & Co. KG", ("gmbh", "co", "kg")),
        ("", ()),
        ("***", ()),
    ],
)
def test_legal_forms_and_little_words_do_not_count(name: str, words: tuple[str, ...]) -> None:
    assert name_words(name) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tischlerei Schubert KG", "Schubert Tischlerei OHG"),
        ("Müller & Söhne GmbH", "Mueller und Soehne"),
        ("Auto Haus Weber", "Autohaus Weber GmbH"),
        ("Tischlerei Krause", "Tischlerei Kraus GmbH"),
        ("Zimmermann Logistik", "Zimermann Logistik AG"),
    ],
)
def test_the_same_company_is_alike(one: str, other: str) -> None:
    assert likeness(one, other) > 0.88
    assert likeness(one, other) == pytest.approx(likeness(other, one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tischlerei Schubert KG", "Sauer Tischlerei OHG"),
        ("Tischlerei Kern", "Tischlerei Ernst"),
        ("Bäckerei Becker", "Bäckerei Eckert"),
        ("Hotel Krone", "Hotel Kreuz"),
    ],
)
def test_two_of_one_trade_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < 0.8


def test_at_one_address_a_longer_name_is_the_same() -> None:
    assert likeness("Müller", "Bäckerei Müller am Markt GmbH") < 0.8
    assert likeness("Müller", "Bäckerei Müller am Markt GmbH", is_at_one=True) >= 0.8
    # What they share is in hundreds of names.
    assert likeness("Hotel", "Hotel Krone", is_at_one=True) < 0.8


def test_names_without_letters_are_not_alike() -> None:
    assert likeness("***", "---", is_at_one=True) < 0.8
