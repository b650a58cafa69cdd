"""Extracts by the name of a place, asked of services on loopback."""

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import osmium
import osmnx
import pytest
from osmnx import settings

from data.errors import MapFolderError, MapServiceError, UnknownPlaceError
from data.osm.__main__ import main
from data.osm.map_folder import open_street_map
from data.osm.place_query import extract_of_place
from routing.roads.contraction_engine import ContractionEngine
from tests.data.osm.osm_services import Element, Extract, OsmServices, Reply, osm_services

ROOT = Path(__file__).resolve().parents[3]
RUTLAND = ROOT / "data" / "samples" / "rutland.osm.pbf"
LIECHTENSTEIN = ROOT.parent / "shared" / "data" / "osm" / "liechtenstein-2024.osm.pbf"


@pytest.fixture(scope="module")
def rutland() -> Extract:
    return Extract(RUTLAND)


@pytest.fixture
def services(rutland: Extract) -> Iterator[OsmServices]:
    with osm_services(rutland) as running:
        yield running


@pytest.fixture(scope="module")
def oakham(rutland: Extract, tmp_path_factory: pytest.TempPathFactory) -> Extract:
    """What comes back for Oakham."""
    with osm_services(rutland) as running:
        return Extract(fetched(running, tmp_path_factory.mktemp("oakham")))


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """osmnx pauses between its questions, out of consideration for the public servers."""
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    return pauses


def fetched(services: OsmServices, folder: Path, place: str = "Oakham, Rutland") -> Path:
    return extract_of_place(
        place,
        folder,
        overpass_url=services.overpass_url,
        nominatim_url=services.nominatim_url,
        patience=1,
    )


def always(status: int, body: str, content_type: str = "text/html") -> Callable[[], Reply]:
    def reply() -> Reply:
        return status, content_type, body.encode()

    return reply


def ways(elements: Extract) -> dict[int, Element]:
    return {number: way for (kind, number), way in elements.elements.items() if kind == "way"}


class TestExtract:
    def test_roads_come_whole_and_with_all_tags(self, rutland: Extract, oakham: Extract) -> None:
        got, all_ways = ways(oakham), ways(rutland)
        roads = {number: way for number, way in got.items() if "highway" in way.get("tags", {})}
        assert len(roads) > 300
        assert {number: all_ways[number] for number in got} == got

    def test_every_road_of_the_place_is_there(self, rutland: Extract, oakham: Extract) -> None:
        """The town centre, well within the outline: High Street and what leads off it."""
        got = ways(oakham)
        nodes, count = rutland.elements, 0
        for number, way in ways(rutland).items():
            first = nodes["node", way["nodes"][0]]
            is_central = abs(first["lon"] + 0.73) < 0.01 and abs(first["lat"] - 52.67) < 0.005
            if is_central and "highway" in way.get("tags", {}):
                count += 1
                assert number in got, way["tags"]
        assert count > 100

    def test_nodes_keep_their_places_and_signals(self, rutland: Extract, oakham: Extract) -> None:
        got = oakham.elements
        nodes = {key: element for key, element in got.items() if key[0] == "node"}
        assert {key: rutland.elements[key] for key in nodes} == nodes
        assert any(
            node.get("tags", {}).get("highway") == "traffic_signals" for node in nodes.values()
        )

    def test_turn_restrictions_houses_and_borders_are_there(
        self, rutland: Extract, oakham: Extract
    ) -> None:
        got = oakham.elements
        restrictions = [
            element
            for element in got.values()
            if element.get("tags", {}).get("type") == "restriction"
        ]
        assert len(restrictions) == 3  # all that Rutland has
        for element in restrictions:
            assert all((part["type"], part["ref"]) in got for part in element["members"])
        assert any("addr:housenumber" in element.get("tags", {}) for element in got.values())
        assert ("relation", 57398) in got  # Rutland itself, of level 6

    def test_same_answers_give_the_same_bytes(self, services: OsmServices, tmp_path: Path) -> None:
        content = []
        for name in ("one", "other"):
            (tmp_path / name).mkdir()
            content.append(fetched(services, tmp_path / name).read_bytes())
        assert content[0] == content[1]

    def test_progress_is_told(self, services: OsmServices, tmp_path: Path) -> None:
        told: list[tuple[str, int, int]] = []
        extract_of_place(
            "Oakham",
            tmp_path,
            overpass_url=services.overpass_url,
            nominatim_url=services.nominatim_url,
            progress=lambda *part: told.append(part),
        )
        assert [(done, total) for _, done, total in told] == [(0, 3), (1, 3), (2, 3), (3, 3)]

    @pytest.mark.skipif(not LIECHTENSTEIN.exists(), reason=f"{LIECHTENSTEIN} is not there")
    def test_vaduz_has_its_roads_restrictions_and_neighbours(self, tmp_path: Path) -> None:
        with osm_services(Extract(LIECHTENSTEIN)) as services:
            path = fetched(services, tmp_path, "Vaduz, Liechtenstein")
        relations = osmium.FileProcessor(path, osmium.osm.RELATION)
        kinds = [
            (r.tags.get("type"), r.tags.get("admin_level"), r.tags.get("name")) for r in relations
        ]
        assert ("boundary", "8", "Vaduz") in kinds
        assert ("boundary", "8", "Schaan") in kinds
        assert not any(level == "2" for _, level, _ in kinds)
        assert sum(kind == "restriction" for kind, _, _ in kinds) == 24


class TestCommand:
    def test_map_of_a_place_is_built_and_exported(
        self, services: OsmServices, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        maps_dir = ["--maps-dir", str(tmp_path / "maps")]
        asked = [
            *("--place", "Oakham, Rutland"),
            *("--overpass-url", services.overpass_url),
            *("--nominatim-url", services.nominatim_url),
        ]
        assert main([*maps_dir, "build", *asked]) == 0
        opened = open_street_map(tmp_path / "maps" / "oakham-rutland")
        assert opened.meta.source_file == "oakham-rutland.osm.pbf"
        engine = ContractionEngine(opened.graph, opened.hierarchy, opened.segments)
        # From the castle to the station.
        places = engine.snap([-0.7269, -0.7340], [52.6709, 52.6722])
        path = engine.path(places[0], places[1])
        assert path is not None
        assert 500 < path.distance_m < 1200
        assert main([*maps_dir, "export", "oakham-rutland", str(tmp_path / "oakham.graphml")]) == 0
        assert len(osmnx.load_graphml(tmp_path / "oakham.graphml")) == opened.graph.node_count
        assert "The roads of 'oakham-rutland' are in" in capsys.readouterr().out

    def test_place_that_is_unknown_leaves_no_map(
        self, services: OsmServices, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        urls = ["--overpass-url", services.overpass_url, "--nominatim-url", services.nominatim_url]
        maps_dir = tmp_path / "maps"
        assert main(["--maps-dir", str(maps_dir), "build", "--place", "Atlantis", *urls]) == 1
        assert "no place 'Atlantis'" in capsys.readouterr().err
        assert not maps_dir.exists() or list(maps_dir.iterdir()) == []

    def test_servers_may_be_named_by_the_environment(
        self, services: OsmServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OVERPASS_URL", services.overpass_url)
        monkeypatch.setenv("NOMINATIM_URL", services.nominatim_url)
        assert main(["--maps-dir", str(tmp_path), "build", "--place", "Atlantis"]) == 1
        assert services.asked["/search"] == 1

    def test_map_that_is_not_there_is_not_exported(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = str(tmp_path / "oakham.gpkg")
        assert main(["--maps-dir", str(tmp_path), "export", "oakham", file]) == 1
        assert "There is no map 'oakham'" in capsys.readouterr().err


class TestNothingElseChanges:
    def test_settings_of_osmnx_are_as_before(self, services: OsmServices, tmp_path: Path) -> None:
        before = {name: value for name, value in vars(settings).items() if name[0] != "_"}
        fetched(services, tmp_path)
        assert {name: value for name, value in vars(settings).items() if name[0] != "_"} == before

    def test_settings_and_names_of_hosts_are_as_before_when_it_fails(
        self, services: OsmServices, tmp_path: Path
    ) -> None:
        before, resolver = dict(vars(settings)), socket.getaddrinfo
        services.replies["/api/interpreter"] = always(500, "<html>Error</html>")
        with pytest.raises(MapServiceError):
            fetched(services, tmp_path)
        assert dict(vars(settings)) == before
        assert socket.getaddrinfo is resolver

    def test_answers_are_kept_in_the_folder_given_only(
        self, services: OsmServices, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = tmp_path / "elsewhere"
        folder = tmp_path / "folder"
        elsewhere.mkdir()
        folder.mkdir()
        monkeypatch.chdir(elsewhere)
        fetched(services, folder)
        assert list(elsewhere.iterdir()) == []


class TestRefusals:
    def test_unknown_place_is_named(self, services: OsmServices, tmp_path: Path) -> None:
        with pytest.raises(UnknownPlaceError, match=r"no place 'Atlantis'.*region or country"):
            fetched(services, tmp_path, "Atlantis")

    def test_place_without_an_outline_is_refused(
        self, services: OsmServices, tmp_path: Path
    ) -> None:
        """Toll Bar is a hamlet: a point."""
        with pytest.raises(UnknownPlaceError, match=r"'Toll Bar' has no outline"):
            fetched(services, tmp_path, "Toll Bar")

    def test_place_without_roads_is_refused(
        self, rutland: Extract, services: OsmServices, tmp_path: Path
    ) -> None:
        found = rutland.nominatim("Oakham")[0]
        square = [[0.1, 51.9], [0.2, 51.9], [0.2, 52.0], [0.1, 51.9]]
        at_sea = found | {"geojson": {"type": "Polygon", "coordinates": [square]}}
        services.replies["/search"] = always(200, json.dumps([at_sea]), "application/json")
        with pytest.raises(UnknownPlaceError, match="no road in 'Oakham, Rutland'"):
            fetched(services, tmp_path)

    def test_folder_that_takes_no_files_is_named(
        self, services: OsmServices, tmp_path: Path
    ) -> None:
        with pytest.raises(MapFolderError, match=r"'Oakham, Rutland' cannot be written to .*file"):
            file = tmp_path / "file"
            file.write_text("no folder")
            fetched(services, file)

    def test_service_that_is_down_is_named_at_once(
        self, services: OsmServices, tmp_path: Path, no_pauses: list[float]
    ) -> None:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            services.overpass_url = f"http://127.0.0.1:{closed.getsockname()[1]}/api"
            with pytest.raises(MapServiceError, match=r"127\.0\.0\.1.*does not answer"):
                fetched(services, tmp_path)
        assert sum(no_pauses) <= 1

    @pytest.mark.parametrize("name", ["overpass_url", "nominatim_url"])
    def test_address_that_is_none_is_named(
        self, services: OsmServices, tmp_path: Path, name: str
    ) -> None:
        setattr(services, name, "overpass.example/api")
        with pytest.raises(MapServiceError, match=r"overpass\.example/api.*MissingSchema"):
            fetched(services, tmp_path)

    @pytest.mark.parametrize("path", ["/search", "/api/interpreter"])
    @pytest.mark.parametrize("status", [429, 504])
    def test_busy_service_is_given_up(
        self, services: OsmServices, tmp_path: Path, path: str, status: int
    ) -> None:
        services.replies[path] = always(status, "<html>Too Many Requests</html>")
        with pytest.raises(MapServiceError, match=rf"is busy \(status {status}\)"):
            fetched(services, tmp_path)
        assert services.asked[path] == 2

    def test_service_that_was_busy_once_is_asked_again(
        self, services: OsmServices, tmp_path: Path
    ) -> None:
        def busy() -> Reply:
            del services.replies["/api/interpreter"]
            return 429, "text/html", b"<html>Too Many Requests</html>"

        services.replies["/api/interpreter"] = busy
        assert fetched(services, tmp_path).exists()

    @pytest.mark.parametrize("path", ["/search", "/api/interpreter"])
    @pytest.mark.parametrize(
        ("status", "said"), [(200, "is no JSON"), (400, "status 400"), (500, "status 500")]
    )
    def test_page_instead_of_an_answer_is_shown(
        self, services: OsmServices, tmp_path: Path, path: str, status: int, said: str
    ) -> None:
        services.replies[path] = always(status, "<html>\n  Bad day</html>")
        with pytest.raises(MapServiceError, match=f"{said}.*Bad day"):
            fetched(services, tmp_path)

    def test_half_an_answer_is_refused(
        self, rutland: Extract, services: OsmServices, tmp_path: Path
    ) -> None:
        """Overpass sends what it has with status 200 when time or memory run out."""
        node = {"type": "node", "id": 1, "lat": 52.67, "lon": -0.73}
        remark = 'runtime error: Query timed out in "query" at line 1 after 181 seconds.'
        half = {"version": 0.6, "elements": [node], "remark": remark}
        services.replies["/api/interpreter"] = always(200, json.dumps(half), "application/json")
        with pytest.raises(MapServiceError, match=r"not answer in full.*timed out.*smaller place"):
            fetched(services, tmp_path)

    def test_server_that_does_not_tell_how_busy_it_is_is_asked_without_a_pause(
        self, services: OsmServices, tmp_path: Path, no_pauses: list[float]
    ) -> None:
        services.replies["/api/status"] = always(404, "<html>Not Found</html>")
        fetched(services, tmp_path)
        assert sum(no_pauses) <= 1
