import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geocoding.names import bare_spellings, base_name, spellings, word_starts


@pytest.mark.parametrize(
    "other",
    ["Muenchen", "MÜNCHEN", "munchen", "München", "  münchen ", "Mu\u0308nchen"],
)
def test_spellings_of_one_name_meet(other: str) -> None:
    assert spellings("München") & spellings(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Gießen", "GIESSEN"),
        ("Sankt Ingbert", "St. Ingbert"),
        ("Halle (Saale)", "Halle/Saale"),
        ("Neustadt-Glewe", "Neustadt Glewe"),
        ("Besançon", "Besancon"),
        ("Ærøskøbing", "Aeroeskoebing"),
        ("Łódź", "Lodz"),
    ],
)
def test_accents_case_and_punctuation_do_not_count(one: str, other: str) -> None:
    assert spellings(one) & spellings(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Neuenburg", "Neunburg"), ("Soest", "Sost"), ("Bad Homburg", "Homburg"), ("Ulm", "Elm")],
)
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert not spellings(one) & spellings(other)


@pytest.mark.parametrize("nothing", ["", "  ", "-/.", "???"])
def test_a_text_without_letters_has_no_spelling(nothing: str) -> None:
    assert spellings(nothing) == frozenset()
    assert bare_spellings(nothing) == frozenset()


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Frankfurt am Main", "Frankfurt"),
        ("Frankfurt (Oder)", "Frankfurt"),
        ("Neustadt an der Aisch", "Neustadt"),
        ("Freiburg im Breisgau", "Freiburg"),
        ("Neustadt bei Coburg", "Neustadt"),
        ("Rothenburg ob der Tauber", "Rothenburg"),
        ("Mühlhausen/Thüringen", "Mühlhausen"),
        ("Bad Neustadt an der Saale", "Bad Neustadt"),
        ("Neustadt-Glewe", "Neustadt-Glewe"),
        ("Am Mellensee", "Am Mellensee"),
        ("Inning", "Inning"),
        ("Vorst", "Vorst"),
    ],
)
def test_a_base_name_ends_where_the_distinction_begins(name: str, base: str) -> None:
    assert base_name(name) == base


def test_little_words_are_left_out_of_bare_spellings() -> None:
    assert bare_spellings("Frankfurt/Main") == bare_spellings("Frankfurt am Main")


def test_later_words_are_found_but_no_little_words() -> None:
    assert word_starts("bad homburg vor der hohe") == ["homburg vor der hohe", "hohe"]


@given(st.text(max_size=30))
def test_a_spelling_is_a_spelling_of_itself(name: str) -> None:
    for form in spellings(name):
        assert form in spellings(form)
        assert form == " ".join(form.split())
