"""Road maps: reading, the speed rule, and hierarchies that are built once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import InvalidRoadMapError
from data.road_store import RoadMap, open_road_map
from data.samples.germany import FOLDER, read_postcodes
from routing.problem import UNREACHABLE
from routing.roads.hierarchy import Hierarchy, build_hierarchy
from routing.roads.scipy_engine import ScipyEngine

Told = list[tuple[str, int, int]]


def write_roads(folder: Path, **changes: Any) -> Path:
    """Three junctions in a row: 1.02 km of highway, then 550 m of local road."""
    arrays: dict[str, Any] = {
        "lon_e5": np.array([1_000_000, 1_001_000, 1_002_000], np.int32),
        "lat_e5": np.array([5_000_000, 5_000_000, 5_000_000], np.int32),
        "edge_tail": np.array([0, 2], np.int32),
        "edge_head": np.array([1, 1], np.int32),
        "edge_length_m": np.array([1020, 550], np.int32),
        "edge_kind": np.array([0, 1], np.uint8),
    }
    folder.mkdir(exist_ok=True)
    path = folder / "roads.npz"
    np.savez(path, **(arrays | changes))
    return path


def stored(cache_dir: Path) -> list[str]:
    return sorted(path.name for path in cache_dir.iterdir())


def opened(path: Path, cache_dir: Path) -> tuple[RoadMap, Told]:
    told: Told = []
    return open_road_map(path, cache_dir, lambda *part: told.append(part)), told


def test_roads_are_two_way_at_the_speed_of_their_kind(tmp_path: Path) -> None:
    road_map = open_road_map(write_roads(tmp_path / "small"), tmp_path / "maps")
    places = road_map.engine.snap(road_map.graph.node_lon, road_map.graph.node_lat)
    matrix = road_map.engine.matrix(places, places)
    # 1020 m at 102 km/h and 550 m at 55 km/h take 36 s each.
    road_s = np.array([[0, 36, 72], [36, 0, 36], [72, 36, 0]])
    np.testing.assert_array_equal(matrix.duration_s, road_s + 600 * (road_s > 0))
    assert matrix.distance_m.tolist() == [[0, 1020, 1570], [1020, 0, 550], [1570, 550, 0]]
    assert road_map.graph.kinds == ("highway", "local", "access")


def test_map_bears_the_name_of_its_folder_and_a_version(tmp_path: Path) -> None:
    road_map = open_road_map(write_roads(tmp_path / "small"), tmp_path / "maps")
    assert road_map.name == "small"
    assert stored(tmp_path / "maps") == [f"small-{road_map.version}"]


def test_hierarchy_is_built_once_and_opened_from_then_on(tmp_path: Path) -> None:
    path = write_roads(tmp_path / "small")
    first, told_first = opened(path, tmp_path / "maps")
    second, told_second = opened(path, tmp_path / "maps")
    assert told_first[-1] == ("Ordering the road network", 3, 3)
    assert told_second == []
    assert second.version == first.version


def test_other_roads_get_another_version_and_folder(tmp_path: Path) -> None:
    lengths = np.array([1021, 550], np.int32)
    one = open_road_map(write_roads(tmp_path / "one"), tmp_path / "maps")
    other = open_road_map(write_roads(tmp_path / "two", edge_length_m=lengths), tmp_path / "maps")
    assert one.version != other.version
    assert stored(tmp_path / "maps") == [f"one-{one.version}", f"two-{other.version}"]


@pytest.mark.parametrize("damage", ["cut", "empty", "missing", "other"])
def test_damaged_hierarchy_is_built_anew(tmp_path: Path, damage: str) -> None:
    path = write_roads(tmp_path / "small")
    right = open_road_map(path, tmp_path / "maps")
    file = tmp_path / "maps" / f"small-{right.version}" / "edge_top.npy"
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-3])
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "missing":
        file.unlink()
    else:
        np.save(file, np.zeros(99, np.int32))
    road_map, told = opened(path, tmp_path / "maps")
    assert told != []
    assert opened(path, tmp_path / "maps")[1] == []
    places = road_map.engine.snap([10.0, 10.02], [50.0, 50.0])
    assert road_map.engine.matrix(places, places).duration_s[0, 1] == 672


def test_interrupted_build_leaves_nothing(tmp_path: Path) -> None:
    def interrupt(stage: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    path = write_roads(tmp_path / "small")
    with pytest.raises(KeyboardInterrupt):
        open_road_map(path, tmp_path / "maps", interrupt)
    assert not (tmp_path / "maps").exists() or stored(tmp_path / "maps") == []


def test_several_at_once_build_one_hierarchy(tmp_path: Path) -> None:
    path = write_roads(tmp_path / "small")
    with ThreadPoolExecutor(6) as pool:
        maps = list(pool.map(lambda _: open_road_map(path, tmp_path / "maps"), range(12)))
    assert stored(tmp_path / "maps") == [f"small-{maps[0].version}"]


class TestRefusal:
    def test_file_that_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidRoadMapError, match=r"roads\.npz"):
            open_road_map(tmp_path / "roads.npz", tmp_path / "maps")

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive at all"])
    def test_file_that_is_no_archive(self, tmp_path: Path, content: bytes) -> None:
        path = tmp_path / "roads.npz"
        path.write_bytes(content)
        with pytest.raises(InvalidRoadMapError):
            open_road_map(path, tmp_path / "maps")

    def test_file_that_is_cut_short(self, tmp_path: Path) -> None:
        path = write_roads(tmp_path / "small")
        path.write_bytes(path.read_bytes()[:700])
        with pytest.raises(InvalidRoadMapError):
            open_road_map(path, tmp_path / "maps")

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"edge_kind": np.array([0, 3], np.uint8)}, "no speed for roads of kind 3"),
            ({"edge_head": np.array([1, 3], np.int32)}, "node that does not exist"),
            ({"edge_length_m": np.array([1020, -1], np.int32)}, "negative duration or length"),
            ({"edge_length_m": np.array([1020], np.int32)}, "cannot be used"),
            ({"lat_e5": np.array([5_000_000], np.int32)}, "3 longitudes but 1 latitudes"),
        ],
    )
    def test_roads_that_contradict_themselves(
        self, tmp_path: Path, changes: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(InvalidRoadMapError, match=message):
            open_road_map(write_roads(tmp_path / "small", **changes), tmp_path / "maps")
        assert not (tmp_path / "maps").exists()

    def test_archive_without_the_arrays(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "roads.npz", lon_e5=np.zeros(3))
        with pytest.raises(InvalidRoadMapError, match="edge_tail"):
            open_road_map(tmp_path / "roads.npz", tmp_path / "maps")


@pytest.fixture(scope="module")
def germany(tmp_path_factory: pytest.TempPathFactory) -> RoadMap:
    return open_road_map(FOLDER / "roads.npz", tmp_path_factory.mktemp("maps"))


class TestGermany:
    def test_kassel_to_munich_takes_as_long_as_it_does(self, germany: RoadMap) -> None:
        """About 4 h 40 and 455 km by common knowledge."""
        kassel, munich = germany.engine.snap(9.4912, 51.3166), germany.engine.snap(11.5755, 48.1374)
        path = germany.engine.path(kassel, munich)
        assert path is not None
        assert path.duration_s == pytest.approx(280 * 60, rel=0.05)
        assert path.distance_m == pytest.approx(455_000, rel=0.05)

    def test_islands_without_a_bridge_or_ferry_are_unreachable(self, germany: RoadMap) -> None:
        postcodes = read_postcodes()
        places = germany.engine.snap(postcodes.lon, postcodes.lat)
        kassel = germany.engine.snap(9.4912, 51.3166)
        duration_s = germany.engine.one_to_many(kassel, places).duration_s[0]
        cut_off = [postcodes.code[k] for k in np.flatnonzero(duration_s == UNREACHABLE)]
        assert "26548" in cut_off  # Norderney
        assert 5 <= len(cut_off) <= 50

    def test_engines_agree_on_the_sample(self, germany: RoadMap) -> None:
        rng = np.random.default_rng(1)
        postcodes = read_postcodes()
        few = rng.choice(len(postcodes), 6, replace=False)
        places = germany.engine.snap(postcodes.lon, postcodes.lat)
        plain = ScipyEngine(germany.graph)
        for sources, targets in ((places[few], places), (places, places[few])):
            fast, slow = germany.engine.matrix(sources, targets), plain.matrix(sources, targets)
            np.testing.assert_array_equal(fast.duration_s, slow.duration_s)
            np.testing.assert_array_equal(fast.distance_m, slow.distance_m)


def test_stored_hierarchy_is_the_one_that_was_built(tmp_path: Path) -> None:
    path = write_roads(tmp_path / "small")
    road_map = open_road_map(path, tmp_path / "maps")
    built = build_hierarchy(road_map.graph)
    folder = tmp_path / "maps" / f"small-{road_map.version}"
    for name in Hierarchy.__slots__:
        np.testing.assert_array_equal(np.load(folder / f"{name}.npy"), getattr(built, name))
