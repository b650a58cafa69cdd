import pytest

from data.errors import UnknownPlaceError, UnknownPostcodeError
from data.geocoding.gazetteer import Gazetteer
from data.geocoding.places import CityRow, Level, Place, PostcodeRow
from geo import great_circle_m

CITIES = (
    CityRow("München", ("Munich",), "Bayern", 11.575, 48.137, 1_505_005),
    CityRow("Frankfurt am Main", (), "Hessen", 8.684, 50.115, 650_000),
    CityRow("Frankfurt (Oder)", (), "Brandenburg", 14.550, 52.347, 57_107),
    CityRow("Berlin", (), "Berlin", 13.411, 52.524, 3_426_354),
    CityRow("Kassel", (), "Hessen", 9.500, 51.317, 197_230),
    CityRow("Kastl", (), "Bayern", 11.686, 49.368, 2_600),
    CityRow("Melsungen", (), "Hessen", 9.552, 51.130, 14_004),
    CityRow("Minden", (), "Nordrhein-Westfalen", 8.917, 52.288, 82_879),
    CityRow("Neustadt an der Weinstraße", (), "Rheinland-Pfalz", 8.140, 49.350, 53_984),
    CityRow("Neustadt am Rübenberge", (), "Niedersachsen", 9.464, 52.505, 44_668),
    CityRow("Neustadt", (), "Bayern", 9.570, 49.930, 1_327),
    CityRow("Bad Neustadt an der Saale", (), "Bayern", 10.215, 50.322, 15_900),
    CityRow("Mühlhausen", ("Mühlhausen/Thüringen",), "Thüringen", 10.452, 51.209, 38_108),
    CityRow("Mühlhausen", (), "Baden-Württemberg", 8.727, 49.246, 8_176),
    CityRow("Mühlhausen", (), "Baden-Württemberg", 9.655, 48.572, 1_049),
    CityRow("Sankt Ingbert", (), "Saarland", 7.117, 49.277, 38_697),
)
POSTCODES = (
    PostcodeRow("01067", "Dresden", "Sachsen", 13.721, 51.057),
    PostcodeRow("01069", "Dresden", "Sachsen", 13.739, 51.039),
    PostcodeRow("12107", "Berlin", "Berlin", 13.387, 52.431),
    PostcodeRow("34117", "Kassel", "Hessen", 9.492, 51.312),
    PostcodeRow("34119", "Kassel", "Hessen", 9.470, 51.317),
    PostcodeRow("34212", "Melsungen", "Hessen", 9.549, 51.130),
    PostcodeRow("63065", "Offenbach am Main", "Hessen", 8.763, 50.105),
    PostcodeRow("63067", "Offenbach am Main", "Hessen", 8.745, 50.108),
    PostcodeRow("69242", "Mühlhausen", "Baden-Württemberg", 8.727, 49.250),
    PostcodeRow("73347", "Mühlhausen im Täle", "Baden-Württemberg", 9.650, 48.570),
    PostcodeRow("80331", "München", "Bayern", 11.573, 48.135),
)


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(CITIES, POSTCODES)


@pytest.fixture(scope="module")
def germany() -> Gazetteer:
    """All towns and postcodes of the sample."""
    sample = pytest.importorskip("data.samples.germany", exc_type=ImportError)
    towns, codes = sample.read_towns(), sample.read_postcodes()
    return Gazetteer(
        map(
            CityRow,
            towns.name,
            towns.alternates,
            towns.state,
            towns.lon.tolist(),
            towns.lat.tolist(),
            towns.population.tolist(),
        ),
        map(
            PostcodeRow,
            codes.code,
            codes.place,
            codes.state,
            codes.lon.tolist(),
            codes.lat.tolist(),
        ),
    )


def labels(places) -> list[str]:
    return [place.label for place in places]


class TestFindPlace:
    @pytest.mark.parametrize(
        "text", ["München", "Muenchen", "Munchen", "MÜNCHEN", " munich ", "München, Bayern"]
    )
    def test_every_spelling_finds_the_town(self, gazetteer, text) -> None:
        match = gazetteer.find_place(text)
        assert match.best == Place(
            Level.PLACE,
            "München",
            "München, Bayern",
            "Bayern",
            match.best.location,
            population=1_505_005,
        )
        assert (match.best.location.lon, match.best.location.lat) == (11.575, 48.137)
        assert (match.alternatives, match.is_ambiguous) == ((), False)

    def test_the_largest_of_a_base_name_is_taken_and_the_others_are_listed(self, gazetteer) -> None:
        match = gazetteer.find_place("Frankfurt")
        assert match.best.name == "Frankfurt am Main"
        assert [(p.name, p.region, p.population) for p in match.alternatives] == [
            ("Frankfurt (Oder)", "Brandenburg", 57_107)
        ]
        assert not match.is_ambiguous  # ten times as large

    def test_it_is_ambiguous_when_the_next_is_a_third_or_more(self, gazetteer) -> None:
        match = gazetteer.find_place("neustadt")
        assert match.best.name == "Neustadt an der Weinstraße"
        assert labels(match.alternatives) == [
            "Neustadt am Rübenberge, Niedersachsen",
            "Neustadt, Bayern",
        ]
        assert match.is_ambiguous

    @pytest.mark.parametrize(
        "text", ["Frankfurt (Oder)", "Frankfurt/Oder", "Frankfurt Oder", "frankfurt, brandenburg"]
    )
    def test_a_name_told_from_its_namesakes_has_no_alternatives(self, gazetteer, text) -> None:
        match = gazetteer.find_place(text)
        assert match.best.name == "Frankfurt (Oder)"
        assert match.alternatives == ()

    @pytest.mark.parametrize(
        "text",
        ["Frankfurt/Main", "Frankfurt Main", "Frankfurt a. Main", "Frankfurt (Hessen)"],
    )
    def test_little_words_may_be_missing(self, gazetteer, text) -> None:
        assert gazetteer.find_place(text).best.name == "Frankfurt am Main"

    @pytest.mark.parametrize("text", ["Mühlhausen, Thüringen", "Muehlhausen (Thueringen)"])
    def test_a_region_tells_namesakes_apart(self, gazetteer, text) -> None:
        match = gazetteer.find_place(text)
        assert (match.best.region, match.alternatives) == ("Thüringen", ())

    def test_a_label_finds_its_own_place_even_if_a_larger_one_has_the_name_too(
        self, gazetteer
    ) -> None:
        match = gazetteer.find_place("Neustadt, Bayern")
        assert (match.best.name, match.best.population) == ("Neustadt", 1_327)

    def test_saint_may_be_shortened(self, gazetteer) -> None:
        assert gazetteer.find_place("St. Ingbert").best.name == "Sankt Ingbert"

    @pytest.mark.parametrize("text", ["34117", "D-34117", "34117 Kassel", "Kassel 34117"])
    def test_a_postcode_is_found_with_or_without_its_town(self, gazetteer, text) -> None:
        best = gazetteer.find_place(text).best
        assert (best.level, best.postcode, best.name) == (Level.POSTCODE, "34117", "Kassel")
        assert (best.location.lon, best.location.lat) == (9.492, 51.312)

    def test_a_village_beside_the_place_of_its_postcode_is_accepted(self, gazetteer) -> None:
        assert gazetteer.find_place("73347 Mühlhausen").best.postcode == "73347"

    def test_a_postcode_far_from_the_town_beside_it_is_refused_with_both(self, gazetteer) -> None:
        with pytest.raises(UnknownPlaceError, match="34117 is Kassel") as caught:
            gazetteer.find_place("34117 München")
        assert caught.value.suggestions == ("34117 Kassel, Hessen", "München, Bayern")

    def test_a_postcodes_place_that_is_no_town_listed_is_one(self, gazetteer) -> None:
        best = gazetteer.find_place("Offenbach").best
        assert (best.level, best.name, best.population) == (Level.PLACE, "Offenbach am Main", None)
        assert best.location.lon == pytest.approx((8.763 + 8.745) / 2)

    def test_postcodes_of_a_town_listed_do_not_make_another(self, gazetteer) -> None:
        """12107 lies 10 km from the middle of Berlin, Mühlhausen im Täle near its Mühlhausen."""
        for name in ("Berlin", "Kassel", "Melsungen"):
            assert gazetteer.find_place(name).alternatives == ()

    def test_the_smaller_of_two_alike_in_a_region_is_labelled_by_postcode(self, gazetteer) -> None:
        match = gazetteer.find_place("Mühlhausen, Baden-Württemberg")
        assert match.best.population == 8_176
        small = match.alternatives[0]
        assert small.label == "73347 Mühlhausen, Baden-Württemberg"
        assert gazetteer.find_place(small.label).best == small

    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("Minchen", "München, Bayern"),
            ("Kasel", "Kassel, Hessen"),
            ("Fankfurt", "Frankfurt am Main, Hessen"),
            ("Frankfurt a.M.", "Frankfurt am Main, Hessen"),
            ("Frankfurt am Rhein", "Frankfurt am Main, Hessen"),
            ("Kassel, Bayern", "Kassel, Hessen"),
        ],
    )
    def test_an_unknown_name_is_refused_with_the_one_meant_first(
        self, gazetteer, text, meant
    ) -> None:
        with pytest.raises(UnknownPlaceError) as caught:
            gazetteer.find_place(text)
        assert caught.value.suggestions[0] == meant
        assert meant in str(caught.value)

    @pytest.mark.parametrize("text", ["", "   ", "?!", "\x00", "🙂"])
    def test_a_text_without_a_name_is_refused(self, gazetteer, text) -> None:
        with pytest.raises(UnknownPlaceError, match="No place is named"):
            gazetteer.find_place(text)

    def test_a_very_long_text_is_refused_before_it_is_compared(self, gazetteer) -> None:
        with pytest.raises(UnknownPlaceError, match="1000000 letters"):
            gazetteer.find_place("x" * 1_000_000)

    def test_nothing_similar_means_no_suggestion(self, gazetteer) -> None:
        with pytest.raises(UnknownPlaceError) as caught:
            gazetteer.find_place("Xqzvw")
        assert caught.value.suggestions == ()


class TestFindPostcode:
    @pytest.mark.parametrize("code", ["34117", " 34117 ", "D-34117", "DE-34117"])
    def test_a_postcode_is_found(self, gazetteer, code) -> None:
        assert gazetteer.find_postcode(code).label == "34117 Kassel, Hessen"

    def test_an_unknown_one_is_refused_with_those_that_begin_alike(self, gazetteer) -> None:
        with pytest.raises(UnknownPostcodeError, match="'34118'") as caught:
            gazetteer.find_postcode("34118")
        assert set(caught.value.suggestions[:2]) == {"34117 Kassel, Hessen", "34119 Kassel, Hessen"}
        assert caught.value.suggestions[2:] == ("34212 Melsungen, Hessen",)

    def test_a_lost_leading_zero_is_suggested_first(self, gazetteer) -> None:
        """Spreadsheets drop it."""
        with pytest.raises(UnknownPostcodeError) as caught:
            gazetteer.find_postcode("1067")
        assert caught.value.suggestions[0] == "01067 Dresden, Sachsen"

    @pytest.mark.parametrize("code", ["", "Kassel", "SW1A 1AA", "34117 Kassel", "999999999999"])
    def test_what_is_no_postcode_here_is_refused(self, gazetteer, code) -> None:
        with pytest.raises(UnknownPostcodeError):
            gazetteer.find_postcode(code)


class TestSuggest:
    def test_towns_that_begin_with_it_come_largest_first(self, gazetteer) -> None:
        assert labels(gazetteer.suggest("kas", 2)) == ["Kassel, Hessen", "Kastl, Bayern"]

    @pytest.mark.parametrize("typed", ["mü", "mue", "Mu", "MÜN"])
    def test_umlauts_may_be_typed_in_any_way(self, gazetteer, typed) -> None:
        assert gazetteer.suggest(typed)[0].label == "München, Bayern"

    def test_a_later_word_is_found_after_the_beginnings(self, gazetteer) -> None:
        assert labels(gazetteer.suggest("neustadt")) == [
            "Neustadt an der Weinstraße, Rheinland-Pfalz",
            "Neustadt am Rübenberge, Niedersachsen",
            "Neustadt, Bayern",
            "Bad Neustadt an der Saale, Bayern",
        ]

    def test_a_town_is_followed_by_its_postcodes(self, gazetteer) -> None:
        assert labels(gazetteer.suggest("Kassel")) == [
            "Kassel, Hessen",
            "34117 Kassel, Hessen",
            "34119 Kassel, Hessen",
        ]

    @pytest.mark.parametrize("typed", ["3411", "34117 Kas", "34117 Kassel, Hessen", "D-34117"])
    def test_postcodes_are_found_by_their_beginning(self, gazetteer, typed) -> None:
        first = gazetteer.suggest(typed)[0]
        assert (first.level, first.postcode) == (Level.POSTCODE, "34117")

    def test_digits_and_a_name_must_both_agree(self, gazetteer) -> None:
        assert gazetteer.suggest("34117 Mel") == []
        assert labels(gazetteer.suggest("34 Mel")) == ["34212 Melsungen, Hessen"]

    def test_a_region_after_a_comma_narrows_the_choice(self, gazetteer) -> None:
        assert labels(gazetteer.suggest("frankfurt, br")) == ["Frankfurt (Oder), Brandenburg"]

    @pytest.mark.parametrize("typed", ["", " ", ",", "Xqzvw", "\x00"])
    def test_nothing_typed_or_known_suggests_nothing(self, gazetteer, typed) -> None:
        assert gazetteer.suggest(typed) == []

    def test_no_more_are_given_than_asked_for(self, gazetteer) -> None:
        assert len(gazetteer.suggest("m", 3)) == 3


class TestNearestPlace:
    def test_a_position_is_named_by_the_town_nearest_to_it(self, gazetteer) -> None:
        near = gazetteer.nearest_place(9.55, 51.14)
        assert near.place.name == "Melsungen"
        assert near.distance_m == pytest.approx(great_circle_m(9.55, 51.14, 9.552, 51.130))

    def test_without_towns_there_is_none(self) -> None:
        with pytest.raises(UnknownPlaceError):
            Gazetteer([], []).nearest_place(9.5, 51.3)


def test_a_gazetteer_of_nothing_knows_nothing() -> None:
    nothing = Gazetteer([], [])
    assert nothing.suggest("kas") == []
    with pytest.raises(UnknownPlaceError):
        nothing.find_place("Kassel")
    with pytest.raises(UnknownPostcodeError):
        nothing.find_postcode("34117")


def test_towns_alone_are_enough() -> None:
    towns = Gazetteer(CITIES, [])
    assert towns.find_place("Kassel").best.population == 197_230
    assert len(towns.find_place("Mühlhausen").alternatives) == 2


class TestGermany:
    @pytest.mark.parametrize(
        ("text", "label"),
        [
            ("Kassel", "Kassel, Hessen"),
            ("Munich", "München, Bayern"),
            ("Nuernberg", "Nürnberg, Bayern"),
            ("Cologne", "Köln, Nordrhein-Westfalen"),
            ("Frankfurt", "Frankfurt am Main, Hessen"),
            ("Halle", "Halle (Saale), Sachsen-Anhalt"),
            ("Essen", "Essen, Nordrhein-Westfalen"),
            ("Freiburg im Breisgau", "Freiburg, Baden-Württemberg"),
            ("Rothenburg", "Rothenburg ob der Tauber, Bayern"),
            ("Berlin", "Berlin"),
        ],
    )
    def test_the_city_that_is_meant_is_found(self, germany, text, label) -> None:
        assert germany.find_place(text).best.label == label

    @pytest.mark.parametrize("text", ["Neustadt", "Rothenburg"])
    def test_a_choice_among_towns_of_like_size_is_ambiguous(self, germany, text) -> None:
        match = germany.find_place(text)
        assert match.is_ambiguous
        sizes = [place.population or 0 for place in match.alternatives]
        assert match.best.population >= max(sizes)

    def test_every_label_that_is_suggested_finds_its_place(self, germany) -> None:
        """The page sends back the label of what was chosen."""
        letters = "abcdefghijklmnopqrstuvwxyzäöü"
        found = {
            place
            for first in letters
            for second in letters
            for place in germany.suggest(first + second, 40)
        }
        assert len(found) > 4_000
        for place in found:
            if place.level is Level.PLACE:
                assert germany.find_place(place.label).best == place
            else:
                assert germany.find_postcode(place.postcode) == place

    def test_misspelt_cities_are_among_the_suggestions(self, germany) -> None:
        for wrong, right in (
            ("Minchen", "München, Bayern"),
            ("Stutgart", "Stuttgart, Baden-Württemberg"),
            ("Hanburg", "Hamburg"),
            ("Nürmberg", "Nürnberg, Bayern"),
        ):
            with pytest.raises(UnknownPlaceError) as caught:
                germany.find_place(wrong)
            assert caught.value.suggestions[0] == right
            for label in caught.value.suggestions:
                assert germany.find_place(label).best.label == label
