"""Files that are no extracts, or damaged ones: refused by name, with what to do."""

import bz2
import gzip
import hashlib
import struct
import zlib
from pathlib import Path

import osmium
import pytest

from data.errors import InvalidExtractError
from data.osm.extract import check_extract, hash_extract
from data.osm.pbf.blobs import find_blobs
from data.osm.reading.profile import CAR
from data.osm.reading.read_roads import read_roads
from tests.data.osm.small_extract import SHARED, grid_nodes, restriction, road, write_extract

XML = b"<?xml version='1.0' encoding='UTF-8'?>\n<osm version='0.6'>\n</osm>\n"
CHANGE = b"<?xml version='1.0' encoding='UTF-8'?>\n<osmChange version='0.6'>\n</osmChange>\n"
PAGE = b"<!DOCTYPE html>\n<html><body>404</body></html>"


def small(path: Path) -> Path:
    return write_extract(
        path,
        grid_nodes(1, 2, 3),
        [road(1, [1, 2]), road(2, [2, 3])],
        [restriction(1, [("w", 1, "from"), ("n", 2, "via"), ("w", 2, "to")], "no_left_turn")],
    )


def large(path: Path) -> Path:
    """An extract of several blocks."""
    nodes = [{"id": k, "location": (k * 1e-4, k % 13 * 1e-3), "tags": {}} for k in range(1, 30_000)]
    return write_extract(path, nodes, [road(k, [k, k + 1]) for k in range(1, 29_999)])


def refusal(path: Path) -> str:
    """What is said when roads are to be read from a file."""
    with pytest.raises(InvalidExtractError) as caught:
        read_roads(path, CAR)
    message = str(caught.value)
    assert path.name in message
    return message


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def pack(content: bytes, kind: str = "OSMData", field: int = 3, size: int | None = None) -> bytes:
    """One block of a PBF file; all lengths below 128 bytes are one byte."""
    raw_size = len(content) if size is None else size
    packed = content if field == 1 else zlib.compress(content)
    blob = b"" if field == 1 else b"\x10" + bytes([raw_size])
    blob += bytes([field << 3 | 2, len(packed)]) + packed
    header = b"\x0a" + bytes([len(kind)]) + kind.encode() + b"\x18" + bytes([len(blob)])
    return struct.pack(">I", len(header)) + header + blob


HEADER = pack(b"\x22\x0eOsmSchema-V0.6\x22\x0aDenseNodes", "OSMHeader")


def test_real_extract_is_let_through(tmp_path: Path) -> None:
    blobs = check_extract(small(tmp_path / "small.osm.pbf"))
    assert {blob.kind for blob in blobs} == {"OSMData"}
    assert check_extract(tmp_path / "small.osm.pbf") == blobs


def test_name_of_the_file_does_not_matter(tmp_path: Path) -> None:
    path = small(tmp_path / "small.osm.pbf").rename(tmp_path / "upload-8231")
    assert len(read_roads(path, CAR).restrictions) == 1


def test_hash_is_that_of_the_whole_file(tmp_path: Path) -> None:
    content = bytes(range(256)) * 10_000
    assert hash_extract(written(tmp_path / "a", content)) == hashlib.sha256(content).hexdigest()


def test_missing_file_is_named(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "nowhere.osm.pbf")


def test_folder_is_told_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    assert "is a folder" in refusal(tmp_path / "maps")


def test_empty_file_is_refused(tmp_path: Path) -> None:
    assert "0 bytes" in refusal(written(tmp_path / "empty.osm.pbf", b""))


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf", "town"])
def test_xml_is_refused_with_the_command_that_converts_it(tmp_path: Path, name: str) -> None:
    message = refusal(written(tmp_path / name, XML))
    assert f"osmium cat {name} -o town.osm.pbf" in message


@pytest.mark.parametrize("name", ["day.osc", "day.osm.pbf"])
def test_change_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "holds changes to a map and no map" in refusal(written(tmp_path / name, CHANGE))


def test_packed_change_file_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "day.osc.gz", gzip.compress(CHANGE, mtime=0))
    assert "holds changes to a map and no map" in refusal(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("town.osm.bz2", bz2.compress(XML)),
        ("town.osm.gz", gzip.compress(XML, mtime=0)),
        ("town.osm.pbf", gzip.compress(XML, mtime=0)),
        ("town.o5m", b"\xff\xe0\x04o5m2\xff"),
    ],
)
def test_other_formats_are_refused_with_the_command_that_converts_them(
    tmp_path: Path, name: str, content: bytes
) -> None:
    assert "osmium cat" in refusal(written(tmp_path / name, content))


@pytest.mark.parametrize("suffix", [".osh.pbf", ".osc.pbf"])
def test_history_and_changes_in_pbf_are_refused(tmp_path: Path, suffix: str) -> None:
    path = small(tmp_path / f"town{suffix}")
    message = refusal(path)
    assert "history" in message or "changes" in message
    message = refusal(path.rename(tmp_path / "town.osm.pbf"))
    assert "osmium time-filter" in message


def test_web_page_in_place_of_the_download_is_refused(tmp_path: Path) -> None:
    assert "is a web page" in refusal(written(tmp_path / "town.osm.pbf", PAGE))


@pytest.mark.parametrize(
    "content",
    [b"PNG and so on, of some length", b"\x00\x00\x00\x04abcdefgh", b"\x00\x00\x00\x00", b"\x89"],
)
def test_anything_else_is_no_extract(tmp_path: Path, content: bytes) -> None:
    message = refusal(written(tmp_path / "town.osm.pbf", content))
    assert "is not an OpenStreetMap extract" in message or "cut short" in message


def test_file_without_data_is_refused(tmp_path: Path) -> None:
    assert "without any content" in refusal(write_extract(tmp_path / "void.osm.pbf"))


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9, 0.999])
def test_truncated_file_is_refused_before_it_is_read(tmp_path: Path, share: float) -> None:
    content = large(tmp_path / "whole.osm.pbf").read_bytes()
    path = written(tmp_path / "cut.osm.pbf", content[: int(len(content) * share)])
    with pytest.raises(InvalidExtractError, match=r"cut\.osm\.pbf ends within a block"):
        check_extract(path)


def test_file_cut_between_two_blocks_lacks_something_that_is_told(tmp_path: Path) -> None:
    whole = large(tmp_path / "whole.osm.pbf")
    first = find_blobs(whole)[1]
    path = written(tmp_path / "cut.osm.pbf", whole.read_bytes()[: first.offset + first.size])
    assert "has no road" in refusal(path)


def test_flipped_bit_in_any_block_is_noticed(tmp_path: Path) -> None:
    whole = large(tmp_path / "whole.osm.pbf")
    content = whole.read_bytes()
    for blob in find_blobs(whole):
        flipped = bytearray(content)
        flipped[blob.offset + blob.size // 2] ^= 0x10
        message = refusal(written(tmp_path / "flipped.osm.pbf", bytes(flipped)))
        assert "is damaged" in message
        assert "Download it again" in message


def test_flipped_bit_between_blocks_is_noticed(tmp_path: Path) -> None:
    whole = large(tmp_path / "whole.osm.pbf")
    content = whole.read_bytes()
    blob = find_blobs(whole)[2]
    for before in (1, 2, 5, 12):
        flipped = bytearray(content)
        flipped[blob.offset - before] ^= 0x41
        refusal(written(tmp_path / "flipped.osm.pbf", bytes(flipped)))


def test_every_flip_in_a_small_file_is_read_or_refused(tmp_path: Path) -> None:
    """Nothing crashes and no other error escapes, also where no checksum guards the content."""
    path = tmp_path / "flipped.osm.pbf"
    plain = write_extract(
        tmp_path / "plain.osm.pbf",
        grid_nodes(1, 2, 3, tags={2: {"barrier": "gate"}}),
        [road(1, [1, 2], name="A"), road(2, [2, 3], oneway="yes")],
        options="pbf_compression=none",
    )
    content = plain.read_bytes()
    outcomes = {"read": 0, "refused": 0}
    for place in range(len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        path.write_bytes(bytes(flipped))
        try:
            read_roads(path, CAR)
        except InvalidExtractError:
            outcomes["refused"] += 1
        else:
            outcomes["read"] += 1
    assert min(outcomes.values()) > 10


def test_file_without_positions_of_nodes_is_refused(tmp_path: Path) -> None:
    path = write_extract(tmp_path / "ways.osm.pbf", (), [road(1, [1, 2])])
    message = refusal(path)
    assert "lacks the positions of 100% of the nodes" in message
    assert "complete_ways" in message


def test_file_without_roads_is_refused(tmp_path: Path) -> None:
    path = write_extract(tmp_path / "park.osm.pbf", grid_nodes(1, 2), [road(1, [1, 2], "footway")])
    assert "has no road for the profile 'car'" in refusal(path)
    assert "has no road" in refusal(write_extract(tmp_path / "nodes.osm.pbf", grid_nodes(1, 2)))


def test_packing_that_is_not_read_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "town.osm.pbf", pack(b"x", "OSMHeader", field=6))
    assert "packed with lz4" in refusal(path)


def test_block_of_another_size_than_it_claims_is_damaged(tmp_path: Path) -> None:
    path = written(tmp_path / "town.osm.pbf", HEADER + pack(b"\x0a\x00", size=77))
    assert "is damaged" in refusal(path)


def test_block_that_unpacks_to_more_than_a_block_may_hold_is_damaged(tmp_path: Path) -> None:
    packed = zlib.compress(bytes(33 << 20), 9)
    blob = b"\x1a" + _varint(len(packed)) + packed
    header = b"\x0a\x07OSMData\x18" + _varint(len(blob))
    path = written(
        tmp_path / "bomb.osm.pbf", HEADER + struct.pack(">I", len(header)) + header + blob
    )
    assert "is damaged" in refusal(path)


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 127:
        parts.append(number & 127 | 128)
        number >>= 7
    return bytes([*parts, number])


def test_feature_that_is_not_known_is_named(tmp_path: Path) -> None:
    header = pack(b"\x22\x06Sphere", "OSMHeader")
    path = written(tmp_path / "town.osm.pbf", header + pack(b"\x0a\x00"))
    assert "needs a reader that knows Sphere" in refusal(path)


def test_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = small(tmp_path / "secret.osm.pbf")
    path.chmod(0)
    try:
        path.read_bytes()
    except PermissionError:
        assert "Check its permissions" in refusal(path)
    else:
        pytest.skip("Nothing is kept from this user.")


def test_file_that_disappears_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = small(tmp_path / "gone.osm.pbf")
    with pytest.raises(InvalidExtractError, match="cannot be read: No such file"):
        # The turn restrictions are read first, so the file is there for them.
        read_roads(
            path, CAR, lambda stage, done, total: path.unlink(missing_ok=True) if done else None
        )


def test_real_extract_with_a_flipped_bit_is_refused(tmp_path: Path) -> None:
    source = SHARED / "monaco.osm.pbf"
    if not source.exists():
        pytest.skip(f"{source.name} is not at hand.")
    content = bytearray(source.read_bytes())
    content[len(content) // 2] ^= 1
    assert "is damaged" in refusal(written(tmp_path / "monaco.osm.pbf", bytes(content)))


def test_writers_and_this_reader_agree_on_the_blocks(tmp_path: Path) -> None:
    """What `pack` makes here is PBF to osmium too."""
    path = written(tmp_path / "tiny.osm.pbf", HEADER + pack(b"\x0a\x00"))
    assert list(osmium.FileProcessor(str(path))) == []
    assert [blob.kind for blob in find_blobs(path)] == ["OSMHeader", "OSMData"]
