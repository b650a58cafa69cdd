"""The folder of a map: what is written comes back, and damage is noticed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from data.errors import InvalidRoadMapError
from data.osm.graph.compile import compile_roads
from data.osm.map_folder import (
    MAP_FORMAT,
    META_FILE,
    BuildPart,
    MapMeta,
    StreetMap,
    file_sizes,
    list_maps,
    open_street_map,
    read_meta,
    write_meta,
    write_roads,
)
from data.osm.reading.profile import CAR
from data.osm.text_table import TextTable, text_arrays
from routing.roads.hierarchy import Hierarchy, Metric, build_hierarchy, customise
from routing.roads.road_graph import RoadGraph
from routing.roads.road_segments import RoadSegments
from routing.roads.segment_index import SegmentIndex, build_segment_index
from tests.data.osm.raw_builder import W, raw_roads

NAMES = ("Große Straße", "Rua de São João", "中山路")


def write_map(folder: Path, ways: int = 3) -> MapMeta:
    """A star of streets with names, 1 km each."""
    raw = raw_roads(
        [W(k + 1, (0, 10 * (k + 2), 10 * (k + 2) + 5), name=NAMES[k % 3]) for k in range(ways)]
    )
    graph, segments = compile_roads(raw, CAR)
    folder.mkdir(parents=True)
    write_roads(folder, graph, segments, build_hierarchy(graph))
    meta = MapMeta(
        name=folder.name,
        version="0123456789abcdef",
        profile="car",
        source_file="star.osm.pbf",
        source_bytes=1234,
        source_sha256="ab" * 32,
        built_at="2026-11-16T07:30:00+00:00",
        bbox=(0.0, 0.0, 0.01, 0.01),
        kinds=graph.kinds,
        counts={"junctions": ways + 1},
        report={"reading": {"A road is closed to vehicles: left out.": 2}},
        parts=(BuildPart("Reading roads", 1.0, 2.0, 9.5, 120.0),),
        software={"numpy": np.__version__},
        files=file_sizes(folder),
    )
    write_meta(folder, meta)
    return meta


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_map(tmp_path / "maps" / "star")
    return tmp_path / "maps" / "star"


def change_meta(folder: Path, **changes: Any) -> None:
    values = json.loads((folder / META_FILE).read_text())
    (folder / META_FILE).write_text(json.dumps(values | changes))


def arrays(street_map: StreetMap) -> dict[str, np.ndarray]:
    return {
        f"{type(part).__name__}.{name}": getattr(part, name)
        for part in (
            street_map.graph,
            street_map.segments,
            street_map.hierarchy,
            street_map.segment_index,
            street_map.metric,
        )
        for name in type(part).__slots__
        if isinstance(getattr(part, name), np.ndarray)
    }


class TestOpening:
    def test_what_was_written_comes_back(self, tmp_path: Path) -> None:
        meta = write_map(tmp_path / "star")
        opened = open_street_map(tmp_path / "star")
        assert opened.meta == meta
        assert (opened.name, opened.version) == ("star", meta.version)
        assert tuple(opened.segments.names) == tuple(sorted(NAMES))
        graph, segments = compile_roads(
            raw_roads(
                [W(k + 1, (0, 10 * (k + 2), 10 * (k + 2) + 5), name=NAMES[k]) for k in range(3)]
            ),
            CAR,
        )
        again = StreetMap(
            "star",
            "",
            meta,
            graph,
            segments,
            build_hierarchy(graph),
            build_segment_index(segments),
            customise(build_hierarchy(graph), graph),
        )
        for name, array in arrays(again).items():
            np.testing.assert_array_equal(arrays(opened)[name], array)
        parts = (RoadGraph, RoadSegments, Hierarchy, SegmentIndex, Metric)
        assert len(arrays(opened)) == sum(len(part.__slots__) for part in parts) - 3

    def test_arrays_lie_in_files_and_are_read_only(self, tmp_path: Path) -> None:
        write_map(tmp_path / "star", 7)
        opened = arrays(open_street_map(tmp_path / "star"))
        for name, array in opened.items():
            assert type(array) is np.ndarray, name
            if array.nbytes and name not in ("Metric.parent", "Metric.depth"):
                base = array
                while isinstance(base.base, np.ndarray):
                    base = base.base
                assert isinstance(base, np.memmap), name
        for name in ("RoadGraph.arc_head", "RoadSegments.arc", "Hierarchy.rank"):
            with pytest.raises(ValueError, match="read-only"):
                opened[name][0] = 0

    def test_opened_map_can_be_searched(self, folder: Path) -> None:
        opened = open_street_map(folder)
        metric = customise(opened.hierarchy, opened.graph)
        assert metric.up_weight.max() > 0


class TestRefusal:
    def test_folder_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(InvalidRoadMapError, match="There is no map 'nowhere'"):
            open_street_map(tmp_path / "nowhere")

    def test_folder_without_meta(self, folder: Path) -> None:
        (folder / META_FILE).unlink()
        with pytest.raises(InvalidRoadMapError, match="There is no map 'star'"):
            open_street_map(folder)

    def test_every_file_is_missed(self, folder: Path) -> None:
        for name in file_sizes(folder):
            content = (folder / name).read_bytes()
            (folder / name).unlink()
            with pytest.raises(InvalidRoadMapError, match=f"{name} is missing.*Build it anew"):
                open_street_map(folder)
            (folder / name).write_bytes(content)
        open_street_map(folder)

    def test_every_file_is_noticed_when_cut(self, folder: Path) -> None:
        for name in file_sizes(folder):
            content = (folder / name).read_bytes()
            (folder / name).write_bytes(content[:-1])
            with pytest.raises(InvalidRoadMapError, match=f"{name} has .* instead of"):
                open_street_map(folder)
            (folder / name).write_bytes(content)
        open_street_map(folder)

    def test_file_of_another_map(self, folder: Path) -> None:
        write_map(folder.parent / "large", 7)
        for part in ("roads/graph_arc_head.npy", "roads/segment_arc.npy", "hierarchy/rank.npy"):
            own = (folder / part).read_bytes()
            (folder / part).write_bytes((folder.parent / "large" / part).read_bytes())
            change_meta(folder, files=file_sizes(folder))
            with pytest.raises(InvalidRoadMapError, match=r"'star' .* is damaged"):
                open_street_map(folder)
            (folder / part).write_bytes(own)

    @pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": null}'])
    def test_meta_that_is_none(self, folder: Path, content: str) -> None:
        (folder / META_FILE).write_text(content)
        with pytest.raises(InvalidRoadMapError, match="Build it anew"):
            open_street_map(folder)

    def test_other_format_is_refused_by_number(self, folder: Path) -> None:
        change_meta(folder, format=MAP_FORMAT + 1)
        with pytest.raises(InvalidRoadMapError, match=f"has format {MAP_FORMAT + 1}"):
            read_meta(folder)

    def test_meta_with_unknown_keys(self, folder: Path) -> None:
        change_meta(folder, colour="red")
        with pytest.raises(InvalidRoadMapError, match="Build it anew"):
            read_meta(folder)


class TestListing:
    def test_only_folders_with_meta_are_maps(self, folder: Path) -> None:
        """Beside maps lie the hierarchies of the packed sample, and what is being built."""
        maps_dir = folder.parent
        (maps_dir / "germany-0123456789abcdef").mkdir()
        (maps_dir / "germany-0123456789abcdef" / "rank.npy").write_bytes(b"")
        write_map(maps_dir / ".build-star-x")
        (maps_dir / "note.txt").write_text("")
        assert list_maps(maps_dir) == [folder]

    def test_no_folder_of_maps_is_none(self, tmp_path: Path) -> None:
        assert list_maps(tmp_path / "maps") == []


class TestTexts:
    def test_texts_come_back_one_by_one(self) -> None:
        table = TextTable(*text_arrays(("", *NAMES, "")))
        assert len(table) == 5
        assert list(table) == ["", *NAMES, ""]
        assert table[-2] == NAMES[-1]
        assert table[1:3] == NAMES[:2]

    def test_no_texts(self) -> None:
        assert list(TextTable(*text_arrays(()))) == []

    @pytest.mark.parametrize("index", [3, -4])
    def test_index_beyond_the_end(self, index: int) -> None:
        with pytest.raises(IndexError, match="3 texts"):
            TextTable(*text_arrays(NAMES))[index]

    def test_arrays_that_do_not_fit_are_refused(self) -> None:
        first_byte, utf8 = text_arrays(NAMES)
        with pytest.raises(ValueError, match="do not end"):
            TextTable(first_byte, utf8[:-1])


def test_total_is_that_of_all_files(folder: Path) -> None:
    meta = read_meta(folder)
    on_disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert meta.total_bytes == on_disk - (folder / META_FILE).stat().st_size
    assert replace(meta, files={}).total_bytes == 0
