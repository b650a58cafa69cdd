"""The road engine over HTTP, against a server that can misbehave and against a real one."""

import json
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.osrm_server import (
    OsrmProgramsError,
    osrm_programs,
    prepare_extract,
    running_osrm,
)
from data.errors import InvalidOsrmUrlError, OsrmRefusedError, OsrmUnavailableError
from data.osrm_client import OsrmClient, encode_polyline
from data.osrm_engine import OsrmEngine
from geo import InvalidLocationError
from routing.errors import UnknownMetricError
from routing.problem import UNREACHABLE
from routing.roads.access_rule import STREETS
from routing.roads.engine import RoadEngine, RoadPath, SnappedPlaces
from tests.data.fake_osrm import FakeOsrm, Misbehaviour, decode_polyline, running_fake

ROOT = Path(__file__).resolve().parents[2]
RUTLAND = ROOT / "data" / "samples" / "rutland.osm.pbf"

BUSY = [429, 502, 503, 504]


@pytest.fixture
def fake() -> Iterator[FakeOsrm]:
    with running_fake(FakeOsrm()) as running:
        yield running


def engine_of(fake: FakeOsrm, read_timeout_s: float = 10, max_table_size: int = 100) -> OsrmEngine:
    client = OsrmClient(fake.url, read_timeout_s=read_timeout_s, backoff_s=0.001)
    return OsrmEngine(fake.url, client=client, max_table_size=max_table_size)


@pytest.fixture
def engine(fake: FakeOsrm) -> OsrmEngine:
    return engine_of(fake)


def on_road(engine: OsrmEngine, *lon: float) -> SnappedPlaces:
    return engine.snap(lon, np.full(len(lon), 50.0))


def agrees_with_matrix(engine: RoadEngine, source: SnappedPlaces, target: SnappedPlaces) -> bool:
    matrix, path = engine.matrix(source, target), engine.path(source, target)
    if path is None:
        return bool(matrix.duration_s[0, 0] == UNREACHABLE)
    return (path.duration_s, path.distance_m) == (matrix.duration_s[0, 0], matrix.distance_m[0, 0])


def check_stretches(path: RoadPath, source: SnappedPlaces, target: SnappedPlaces) -> None:
    """Stretches fit the line, and add up to the way between the accesses."""
    road_m = path.distance_m - int(source.access_m[0] + target.access_m[0])
    road_s = path.duration_s - int(source.access_s[0] + target.access_s[0])
    assert sum(stretch.distance_m for stretch in path.stretches) == road_m
    seconds = sum(stretch.duration_s for stretch in path.stretches)
    assert road_s - 1 - 1e-6 < seconds < road_s + 1e-6
    first = [stretch.first_point for stretch in path.stretches]
    assert first == sorted(set(first))
    assert not first or (first[0] == 1 and first[-1] < len(path.lonlat) - 1)
    assert path.is_access.tolist() == [True, *[False] * (len(path.is_access) - 2), True]


class TestByHand:
    def test_matrix_rounds_the_road_up_and_adds_access(self, engine: OsrmEngine) -> None:
        places = on_road(engine, 10.0, 10.01, 10.03)
        matrix = engine.matrix(places, places)
        # 10.0037, 20.0074 and 30.0111 s, told to a tenth: 10.0, 20.0 and 30.0. Twice that westward.
        road_s = np.array([[0, 10, 30], [20, 0, 20], [60, 40, 0]])
        np.testing.assert_array_equal(matrix.duration_s, road_s + 240 * (road_s > 0))
        assert matrix.distance_m.tolist() == [[0, 100, 300], [100, 0, 200], [300, 200, 0]]

    def test_a_tenth_of_a_second_more_is_a_second_more(self, engine: OsrmEngine) -> None:
        places = on_road(engine, 10.0, 10.0101)
        assert engine.matrix(places[0], places[1]).duration_s[0, 0] == 11 + 240

    def test_place_off_the_road_is_tied_to_it(self, engine: OsrmEngine) -> None:
        places = engine.snap(10.0, 50.001)
        assert places.road_lon.tolist() == [10.0]
        assert places.road_lat.tolist() == [50.0]
        assert places.straight_m == pytest.approx([111.195], abs=0.01)
        # 144.55 m at 15 km/h take 34.7 s; two minutes more at the door.
        assert places.access_s.tolist() == [35 + 120]
        assert places.access_m.tolist() == [145]
        assert not places.is_off_road[0]

    def test_place_far_from_any_road_is_unreachable_even_for_itself(
        self, engine: OsrmEngine
    ) -> None:
        places = engine.snap([10.0, 10.01], [50.02, 50.0])
        assert places.straight_m[0] == pytest.approx(2224, abs=1)
        assert places.is_off_road.tolist() == [True, False]
        assert engine.matrix(places, places).duration_s.tolist() == [
            [UNREACHABLE, UNREACHABLE],
            [UNREACHABLE, 0],
        ]
        assert engine.path(places[0], places[1]) is None

    def test_pairs_without_a_road_are_unreachable(self, engine: OsrmEngine) -> None:
        places = on_road(engine, 10.0, 21.0)
        matrix = engine.matrix(places, places)
        assert matrix.duration_s.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]
        assert matrix.distance_m.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]
        assert engine.path(places[0], places[1]) is None

    def test_a_server_that_finds_no_table_finds_no_roads(
        self, fake: FakeOsrm, engine: OsrmEngine
    ) -> None:
        places = on_road(engine, 10.0, 10.1)
        fake.misbehave = [Misbehaviour(400, b'{"code": "NoTable", "message": "No table found"}')]
        assert engine.matrix(places[0], places[1]).duration_s[0, 0] == UNREACHABLE

    def test_path_goes_by_the_streets_and_agrees_with_the_matrix(self, engine: OsrmEngine) -> None:
        places = engine.snap([10.0, 10.02], [50.001, 50.0])
        path = engine.path(places[0], places[1])
        assert path is not None
        assert agrees_with_matrix(engine, places[0], places[1])
        assert path.lonlat == pytest.approx(
            np.array([[10, 50.001], [10, 50], [10.01, 50], [10.02, 50], [10.02, 50]])
        )
        assert [(s.name, s.kind, s.first_point, s.distance_m) for s in path.stretches] == [
            ("West Road", "road", 1, 100),
            ("East Road", "motorway", 2, 100),
        ]
        check_stretches(path, places[0], places[1])

    def test_a_place_to_itself_is_nothing(self, engine: OsrmEngine) -> None:
        places = engine.snap([10.0, 10.0], [50.001, 50.001])
        path = engine.path(places[0], places[1])
        assert path is not None
        assert (path.duration_s, path.distance_m, path.stretches) == (0, 0, ())

    def test_no_places_are_no_question(self, fake: FakeOsrm, engine: OsrmEngine) -> None:
        none = engine.snap([], [])
        some = on_road(engine, 10.0)
        asked = fake.requests
        assert engine.matrix(none, some).duration_s.shape == (0, 1)
        assert engine.matrix(some, none).duration_s.shape == (1, 0)
        assert fake.requests == asked

    def test_position_off_the_earth_is_refused(self, engine: OsrmEngine) -> None:
        with pytest.raises(InvalidLocationError):
            engine.snap([10.0, 200.0], [50.0, 50.0])


class TestChunks:
    @pytest.mark.parametrize("shape", [(1, 700), (700, 1), (130, 120), (25, 500)])
    def test_large_tables_are_the_same_in_parts(
        self, fake: FakeOsrm, engine: OsrmEngine, shape: tuple[int, int]
    ) -> None:
        lon = np.round(10 + np.arange(sum(shape)) / 1000, 6)
        places = on_road(engine, *lon)
        matrix = engine.matrix(places[: shape[0]], places[shape[0] :])
        degrees = lon[shape[0] :] - lon[: shape[0], None]
        road_s = np.ceil(np.round(degrees * 1000.37, 1))
        np.testing.assert_array_equal(matrix.duration_s, road_s + 240)
        np.testing.assert_array_equal(matrix.distance_m, np.rint(np.round(degrees * 10_000.6, 1)))
        assert max(len(at) for _, at, _ in fake.asked) <= 300

    def test_smaller_limit_is_learnt_once(self, fake: FakeOsrm, engine: OsrmEngine) -> None:
        fake.max_entries = 100
        places = on_road(engine, *(10 + np.arange(40) / 1000))
        first = engine.matrix(places, places)
        asked = len(fake.asked)
        again = engine.matrix(places, places)
        np.testing.assert_array_equal(first.duration_s, again.duration_s)
        assert first.is_reachable.all()
        assert len(fake.asked) - asked == 16  # 10 x 10 each, none of them refused

    def test_snapping_learns_the_limit_too(self, fake: FakeOsrm, engine: OsrmEngine) -> None:
        fake.max_entries = 20
        places = on_road(engine, *(10 + np.arange(70) / 1000))
        np.testing.assert_allclose(places.road_lon, 10 + np.arange(70) / 1000)

    def test_address_that_is_too_long_is_made_shorter(
        self, fake: FakeOsrm, engine: OsrmEngine
    ) -> None:
        fake.max_address = 600
        places = on_road(engine, *(10 + np.arange(150) / 1000))
        assert len(places) == 150
        assert engine.matrix(places, places).is_reachable.all()

    def test_server_that_refuses_a_single_pair_is_an_error(
        self, fake: FakeOsrm, engine: OsrmEngine
    ) -> None:
        places = on_road(engine, 10.0, 10.1)
        fake.max_entries = 0
        with pytest.raises(OsrmRefusedError, match="TooBig: Too many table coordinates"):
            engine.matrix(places, places)

    def test_table_size_below_two_is_refused(self) -> None:
        with pytest.raises(ValueError, match="max_table_size is 1"):
            OsrmEngine("http://127.0.0.1:1", max_table_size=1)

    def test_all_addresses_stay_within_what_proxies_take(
        self, fake: FakeOsrm, engine: OsrmEngine
    ) -> None:
        """Far apart, so that every coordinate takes many letters."""
        fake.max_address = 8000
        rng = np.random.default_rng(3)
        places = engine.snap(rng.uniform(-179, 179, 400), np.full(400, 50.0))
        engine.matrix(places[:1], places)
        engine.matrix(places, places[:150])
        assert engine._server.limit.coordinates == 300


class TestRadius:
    def test_places_beyond_the_radius_of_the_server_are_told_their_distance(
        self, fake: FakeOsrm, engine: OsrmEngine
    ) -> None:
        fake.default_radius_m = 100
        places = engine.snap([10.0, 10.1], [50.0, 50.5])
        assert places.straight_m[1] == pytest.approx(55_600, rel=0.01)
        assert places.is_off_road.tolist() == [False, True]
        assert engine.matrix(places, places).duration_s[0].tolist() == [0, UNREACHABLE]


class TestMetrics:
    def test_metrics_are_what_the_server_can_leave_out(self, fake: FakeOsrm) -> None:
        assert engine_of(fake).metrics == ("base", "no_motorway", "no_ferry")
        fake.excludable = ("motorway",)
        assert engine_of(fake).metrics == ("base", "no_motorway")
        fake.excludable = ("motorway", "ferry", "motorway,ferry")
        assert engine_of(fake).metrics[-1] == "no_motorway_no_ferry"

    def test_metric_excludes_a_class_of_road(self, fake: FakeOsrm, engine: OsrmEngine) -> None:
        places = on_road(engine, 10.0, 10.1)
        avoiding = engine.with_metric("no_ferry")
        avoiding.matrix(places, places)
        avoiding.path(places[0], places[1])
        assert [options.get("exclude") for _, _, options in fake.asked[-3:]] == ["ferry"] * 3
        avoiding.with_metric("base").matrix(places, places)
        assert "exclude" not in fake.asked[-1][2]

    def test_unknown_metric_is_refused(self, engine: OsrmEngine) -> None:
        with pytest.raises(UnknownMetricError, match=r"'no_hills'.*base, no_motorway, no_ferry"):
            engine.with_metric("no_hills")


class TestTrouble:
    @pytest.mark.parametrize("status", BUSY)
    def test_busy_server_is_asked_again(
        self, fake: FakeOsrm, engine: OsrmEngine, status: int
    ) -> None:
        fake.misbehave = [Misbehaviour(status, b"<html>busy</html>", "text/html")] * 2
        assert on_road(engine, 10.0).road_lon.tolist() == [10.0]
        assert fake.requests == 3

    @pytest.mark.parametrize("status", [*BUSY, 500])
    def test_server_that_stays_busy_is_unavailable(
        self, fake: FakeOsrm, engine: OsrmEngine, status: int
    ) -> None:
        fake.misbehave = [Misbehaviour(status, b"<html>come  back</html>", "text/html")] * 9
        with pytest.raises(
            OsrmUnavailableError, match=rf"{fake.url}.*status {status}, .*come back"
        ):
            on_road(engine, 10.0)
        assert fake.requests == (4 if status in BUSY else 1)

    def test_pause_that_a_server_asks_for_is_kept(
        self, fake: FakeOsrm, engine: OsrmEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pauses: list[float] = []
        monkeypatch.setattr("time.sleep", pauses.append)
        fake.misbehave = [
            Misbehaviour(429, headers={"Retry-After": "2"}),
            Misbehaviour(429, headers={"Retry-After": "3600"}),
        ]
        on_road(engine, 10.0)
        assert pauses == [2, 10]

    def test_server_that_is_not_there_is_unavailable(self) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{closed.getsockname()[1]}"
            engine = OsrmEngine(url, client=OsrmClient(url, backoff_s=0.001))
            with pytest.raises(OsrmUnavailableError, match=rf"{url}.*no connection.*OSRM_URL"):
                engine.snap(10.0, 50.0)

    def test_server_that_does_not_answer_in_time_is_unavailable(self, fake: FakeOsrm) -> None:
        released = threading.Event()
        fake.misbehave = [Misbehaviour(delay=released)] * 9
        try:
            with pytest.raises(OsrmUnavailableError, match=r"no answer within|no connection"):
                on_road(engine_of(fake, read_timeout_s=0.2), 10.0)
        finally:
            released.set()
        assert fake.requests == 2

    def test_answer_that_ends_in_the_middle_is_none(
        self, fake: FakeOsrm, engine: OsrmEngine
    ) -> None:
        cut = Misbehaviour(body=b'{"code": "Ok", "durations": [[0', missing_bytes=100)
        fake.misbehave = [cut]
        with pytest.raises(OsrmUnavailableError, match="ends in the middle"):
            on_road(engine, 10.0)

    def test_answer_cut_by_a_proxy_that_mends_the_length_is_none(
        self, fake: FakeOsrm, engine: OsrmEngine
    ) -> None:
        fake.misbehave = [Misbehaviour(body=b'{"code": "Ok", "durations": [[0')]
        with pytest.raises(OsrmUnavailableError, match="ends in the middle"):
            on_road(engine, 10.0)

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            (Misbehaviour(body=b"<html>Welcome!</html>"), "no OSRM server.*Welcome"),
            (Misbehaviour(404, b"<html>Not Found</html>"), "no OSRM server: status 404"),
            (Misbehaviour(body=b'{"hello": 1}'), "no OSRM server.*hello"),
            (Misbehaviour(body=b"[1, 2]"), "no OSRM server"),
            (Misbehaviour(401, b"who?"), "does not let us in.*USER:PASSWORD"),
            (Misbehaviour(400, b'{"code": "InvalidUrl", "message": "x"}'), "before /table/v1"),
            (Misbehaviour(400, b'{"code": "InvalidQuery", "message": "pos 7"}'), "pos 7"),
            (Misbehaviour(body=b'{"code": "Ok"}'), "without destinations"),
        ],
    )
    def test_what_is_no_answer_is_refused_with_a_way_out(
        self, fake: FakeOsrm, engine: OsrmEngine, wrong: Misbehaviour, said: str
    ) -> None:
        fake.misbehave = [wrong]
        with pytest.raises(OsrmRefusedError, match=said):
            on_road(engine, 10.0)

    @pytest.mark.parametrize(
        "table",
        [
            {},
            {"durations": [[0, 1]]},
            {"durations": [[0, 1], [2, 0]]},
            {"durations": [[0, "x"], [2, 0]], "distances": [[0, 1], [2, 0]]},
            {"durations": [[0, 1], [2]], "distances": [[0, 1], [2, 0]]},
            {"durations": None, "distances": None},
        ],
    )
    def test_table_of_another_shape_is_refused(
        self, fake: FakeOsrm, engine: OsrmEngine, table: dict[str, object]
    ) -> None:
        """Servers before 5.18 leave the distances out."""
        places = on_road(engine, 10.0, 10.1)
        fake.misbehave = [Misbehaviour(body=json.dumps({"code": "Ok", **table}).encode())]
        with pytest.raises(OsrmRefusedError, match=r"OSRM 5\.18 or later"):
            engine.matrix(places, places)

    @pytest.mark.parametrize("routes", [[], [{}], [{"legs": [{"steps": [{}]}]}]])
    def test_route_of_another_form_is_refused(
        self, fake: FakeOsrm, engine: OsrmEngine, routes: list[object]
    ) -> None:
        places = on_road(engine, 10.0, 10.1)
        table = json.dumps({"code": "Ok", "durations": [[1]], "distances": [[1]]}).encode()
        route = json.dumps({"code": "Ok", "routes": routes}).encode()
        fake.misbehave = [Misbehaviour(body=table), Misbehaviour(body=route)]
        with pytest.raises(OsrmRefusedError, match="without routes"):
            engine.path(places[0], places[1])


class TestAddress:
    @pytest.mark.parametrize(
        "url",
        ["", "127.0.0.1:5000", "ftp://osrm.example", "http://", "http://a/?key=1", "http://a:x"],
    )
    def test_what_is_no_address_is_refused(self, url: str) -> None:
        with pytest.raises(InvalidOsrmUrlError, match="OSRM_URL"):
            OsrmEngine(url)

    def test_path_before_the_service_is_kept(self, fake: FakeOsrm) -> None:
        with pytest.raises(OsrmRefusedError, match=f"{fake.url}/car answers InvalidUrl"):
            OsrmEngine(f"{fake.url}/car/").snap(10.0, 50.0)

    def test_password_is_not_shown(self, fake: FakeOsrm) -> None:
        url = fake.url.replace("//", "//ann:secret@")
        fake.misbehave = [Misbehaviour(403)]
        with pytest.raises(OsrmRefusedError) as refused:
            OsrmEngine(url).snap(10.0, 50.0)
        assert "secret" not in str(refused.value)
        assert fake.url in str(refused.value)
        with pytest.raises(InvalidOsrmUrlError) as invalid:
            OsrmEngine(f"{url}/?x=1")
        assert "secret" not in str(invalid.value)


@given(
    st.lists(
        st.tuples(st.integers(-180_000_000, 180_000_000), st.integers(-90_000_000, 90_000_000))
    )
)
def test_polyline_is_read_back_to_six_decimals(positions: list[tuple[int, int]]) -> None:
    lonlat = np.array(positions, np.float64).reshape(-1, 2) / 1e6
    read = np.array(decode_polyline(encode_polyline(lonlat))).reshape(-1, 2)
    np.testing.assert_array_equal(np.rint(read * 1e6), np.rint(lonlat * 1e6))


def test_polyline_is_as_in_its_description() -> None:
    """The example of the format, ten times as exact: two of its decimals more."""
    lonlat = np.array([[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]])
    assert encode_polyline(lonlat / 10) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


@pytest.fixture(scope="module")
def rutland_url() -> Iterator[str]:
    """A real `osrm-routed` on the street sample."""
    is_required = os.environ.get("REQUIRE_OSRM") == "1"
    try:
        programs = osrm_programs(download=is_required)
        prepared = prepare_extract(RUTLAND, programs)
    except OsrmProgramsError as error:
        if is_required:
            raise
        pytest.skip(str(error))
    with running_osrm(prepared, programs) as url:
        yield url


def rutland_places(engine: OsrmEngine, count: int, seed: int = 1) -> SnappedPlaces:
    rng = np.random.default_rng(seed)
    return engine.snap(rng.uniform(-0.80, -0.45, count), rng.uniform(52.55, 52.75, count))


class TestRealServer:
    def test_oakham_to_uppingham_takes_about_twelve_minutes(self, rutland_url: str) -> None:
        engine = OsrmEngine(rutland_url)
        towns = engine.snap([-0.7286, -0.7225], [52.6705, 52.5890])
        path = engine.path(towns[0], towns[1])
        assert path is not None
        road_s = path.duration_s - int(towns.access_s.sum())
        assert 9 * 60 < road_s < 15 * 60
        assert 9500 < path.distance_m < 11_500
        assert "Uppingham Road" in {stretch.name for stretch in path.stretches}

    def test_tables_in_parts_are_those_of_a_larger_server(self, rutland_url: str) -> None:
        engine, whole = OsrmEngine(rutland_url, max_table_size=7), OsrmEngine(rutland_url)
        places = rutland_places(engine, 60)
        assert places.is_off_road.mean() < 0.3
        small, large = engine.matrix(places, places), whole.matrix(places, places)
        np.testing.assert_array_equal(small.duration_s, large.duration_s)
        np.testing.assert_array_equal(small.distance_m, large.distance_m)
        assert large.is_reachable.mean() > 0.5

    def test_limit_of_the_server_is_learnt(self, rutland_url: str) -> None:
        engine = OsrmEngine(rutland_url, max_table_size=1000)
        places = rutland_places(engine, 140)
        matrix = engine.matrix(places, places)
        expected = OsrmEngine(rutland_url).matrix(places, places)
        np.testing.assert_array_equal(matrix.duration_s, expected.duration_s)
        assert engine._server.limit.entries < 1000**2

    def test_row_column_and_path_agree_with_the_matrix(self, rutland_url: str) -> None:
        engine = OsrmEngine(rutland_url)
        places = rutland_places(engine, 30)
        matrix = engine.matrix(places, places)
        row = engine.one_to_many(places[3], places)
        column = engine.many_to_one(places, places[3])
        np.testing.assert_array_equal(row.duration_s[0], matrix.duration_s[3])
        np.testing.assert_array_equal(column.distance_m[:, 0], matrix.distance_m[:, 3])
        for k in range(1, 30):
            assert agrees_with_matrix(engine, places[k - 1], places[k])
            path = engine.path(places[k - 1], places[k])
            if path is not None:
                check_stretches(path, places[k - 1], places[k])

    def test_threads_get_the_same_answers(self, rutland_url: str) -> None:
        engine = OsrmEngine(rutland_url)
        places = rutland_places(engine, 120)
        expected = engine.matrix(places, places).duration_s
        with ThreadPoolExecutor(4) as pool:
            for found in pool.map(lambda _: engine.matrix(places, places).duration_s, range(4)):
                np.testing.assert_array_equal(found, expected)

    def test_place_outside_the_map_is_told_its_distance(self, rutland_url: str) -> None:
        places = OsrmEngine(rutland_url).snap([-0.73, 0.0], [52.67, 0.0])
        assert places.is_off_road.tolist() == [False, True]
        assert places.straight_m[1] > 5_000_000

    def test_metrics_leave_out_motorways_and_ferries(self, rutland_url: str) -> None:
        engine = OsrmEngine(rutland_url)
        assert engine.metrics == ("base", "no_motorway", "no_ferry")
        places = rutland_places(engine, 10)
        # Rutland has neither.
        np.testing.assert_array_equal(
            engine.with_metric("no_motorway").matrix(places, places).duration_s,
            engine.matrix(places, places).duration_s,
        )

    def test_access_is_ours(self, rutland_url: str) -> None:
        engine = OsrmEngine(rutland_url)
        assert engine.access_rule == STREETS
        assert engine.snap(-0.7286, 52.6705).access_s[0] >= STREETS.terminal_s
