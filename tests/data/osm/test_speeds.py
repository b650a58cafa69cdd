"""Speed limits in all their spellings, and what is driven."""

import pytest

from data.osm.reading.profile import CAR
from data.osm.reading.speeds import has_unreadable_limit, parse_duration_s, parse_limit, way_speeds


def speeds(highway: str = "residential", **tags: str) -> tuple[float, float]:
    spelt = {key.replace("__", ":"): value for key, value in tags.items()}
    return way_speeds({"highway": highway} | spelt, CAR)


@pytest.mark.parametrize(
    ("text", "kmh"),
    [
        ("50", 50),
        (" 50 ", 50),
        ("7.5", 7.5),
        ("50 km/h", 50),
        ("50km/h", 50),
        ("50 kmh", 50),
        ("30 mph", 48.28032),
        ("30mph", 48.28032),
        ("10 knots", 18.52),
        ("none", 140),
        ("walk", 7),
        ("50;30", 30),
        ("100|80|80", 80),
        ("50; signals", 50),
        ("DE:urban", 50),
        ("DE:rural", 100),
        ("de:motorway", 140),
        ("FR:rural", 80),
        ("AT:motorway", 130),
        ("RU:rural", 90),
        ("RU:urban", 60),
        ("GB:nsl_single", 96.56064),
        ("UK:nsl_dual", 112.65408),
        ("BE-VLG:rural", 70),
        ("FR:50", 50),
        ("FR:zone30", 30),
        ("DE:zone:30", 30),
        ("GB:20", 32.18688),
        ("US:25 mph", 40.2336),
        ("DE:walk", 7),
    ],
)
def test_limit_is_read(text: str, kmh: float) -> None:
    assert parse_limit(text, CAR) == pytest.approx(kmh)


@pytest.mark.parametrize(
    "text", ["signals", "variable", "implicit", "fast", "", "0", "-50", "500", "DE:", "DE:bogus"]
)
def test_text_without_a_number_is_no_limit(text: str) -> None:
    assert parse_limit(text, CAR) is None


def test_only_a_limit_that_makes_no_sense_is_told_about() -> None:
    assert has_unreadable_limit({"maxspeed": "fast"}, CAR)
    assert has_unreadable_limit({"maxspeed": "500"}, CAR)
    for value in ("50", "signals", "variable", "implicit", "Sign"):
        assert not has_unreadable_limit({"maxspeed": value}, CAR)
    assert not has_unreadable_limit({}, CAR)


@pytest.mark.parametrize("highway", CAR.class_kmh)
def test_without_a_limit_the_class_decides(highway: str) -> None:
    usual_kmh = min(CAR.class_kmh[highway], CAR.ceiling_kmh.get(highway, 999))
    assert speeds(highway) == (usual_kmh, usual_kmh)


def test_limit_is_driven_by_four_fifths_whatever_the_class() -> None:
    assert speeds("residential", maxspeed="50") == (40, 40)
    assert speeds("motorway", maxspeed="100") == (80, 80)
    assert speeds("primary", maxspeed="DE:urban") == (40, 40)


def test_limit_of_a_direction_overrules_that_of_both() -> None:
    assert speeds(maxspeed="50", maxspeed__forward="30") == (24, 40)
    assert speeds(maxspeed__backward="30") == (25, 24)


@pytest.mark.parametrize("key", ["source:maxspeed", "maxspeed:type", "zone:maxspeed"])
def test_name_of_a_limit_counts_where_there_is_no_number(key: str) -> None:
    assert way_speeds({"highway": "primary", key: "DE:rural"}, CAR) == (80, 80)
    assert way_speeds({"highway": "primary", "maxspeed": "implicit", key: "DE:rural"}, CAR)[0] == 80
    assert way_speeds({"highway": "primary", "maxspeed": "70", key: "DE:rural"}, CAR)[0] == 56
    assert way_speeds({"highway": "primary", key: "sign"}, CAR) == (65, 65)


def test_advised_speed_counts_where_it_is_lower() -> None:
    assert speeds("primary", maxspeed="80", maxspeed__advisory="50") == (40, 40)
    assert speeds("primary", maxspeed="50", maxspeed__advisory="80") == (40, 40)


def test_limit_at_certain_times_is_ignored() -> None:
    assert speeds("primary", maxspeed="80", maxspeed__conditional="50 @ (22:00-06:00)") == (64, 64)


@pytest.mark.parametrize(
    ("tags", "kmh"),
    [
        ({"surface": "gravel"}, 40),
        ({"surface": "asphalt"}, 65),
        ({"tracktype": "grade5"}, 20),
        ({"smoothness": "very_bad"}, 20),
        ({"surface": "gravel", "smoothness": "horrible"}, 10),
        ({"surface": "gravel", "maxspeed": "30"}, 24),
    ],
)
def test_state_of_the_road_is_a_ceiling(tags: dict[str, str], kmh: float) -> None:
    assert speeds("primary", **tags) == (kmh, kmh)


def test_kind_of_a_service_road_is_a_ceiling() -> None:
    assert speeds("service") == (15, 15)
    assert speeds("service", service="parking_aisle", maxspeed="50") == (10, 10)
    assert speeds("service", maxspeed="80") == (40, 40)
    assert speeds("living_street", maxspeed="50") == (20, 20)


@pytest.mark.parametrize(
    ("text", "duration_s"),
    [
        ("01:30", 5400),
        ("0:05", 300),
        ("1:00:30", 3630),
        ("PT20M", 1200),
        ("PT1H30M", 5400),
        ("P1DT2H", 93600),
        ("pt45s", 45),
        ("20", 1200),
        ("7.5", 450),
        ("20 min", 1200),
        ("20 minutes", 1200),
    ],
)
def test_duration_is_read(text: str, duration_s: float) -> None:
    assert parse_duration_s(text) == duration_s


@pytest.mark.parametrize("text", ["", "soon", "1:75", "0", "00:00", "P", "PT", "-5"])
def test_text_without_a_duration_is_none(text: str) -> None:
    assert parse_duration_s(text) is None
