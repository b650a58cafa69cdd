"""The second reading of an extract: where the nodes of the used ways lie, and what stands there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.osm.pbf.blobs import Blob
from data.osm.pbf.block import DENSE, NODE, Block, read_blocks
from data.osm.pbf.decode_nodes import Sought, locate_dense_nodes, locate_plain_nodes
from data.osm.pbf.words import index_words
from data.osm.reading.access import node_flags
from data.osm.reading.profile import Profile
from data.osm.reading.rules import node_keys
from data.progress import Progress

STAGE = "Reading positions of roads"


@dataclass(frozen=True, slots=True, eq=False)
class Located:
    """
    Nodes of roads, as far as the file has them.

    Parameters
    ----------
    lon, lat
        (n,) int32, in 1e-7 degrees.
    is_found
        (n,) bool; the rest of those not found means nothing.
    flags
        (n,) uint8, see `NodeFlag`.
    """

    lon: NDArray[np.int32]
    lat: NDArray[np.int32]
    is_found: NDArray[np.bool_]
    flags: NDArray[np.uint8]

    @property
    def found_share(self) -> float:
        return float(self.is_found.mean())


def locate(
    path: Path,
    blobs: Sequence[Blob],
    node_id: NDArray[np.int64],
    profile: Profile,
    tell: Progress,
) -> Located:
    """
    Read the nodes that are asked for.

    Parameters
    ----------
    blobs
        That hold nodes.
    node_id
        (n,) int64, ascending.

    Raises
    ------
    InvalidExtractError
        When a block is damaged.
    """
    keys = ("", *node_keys(profile))
    words = index_words({key: mark for mark, key in enumerate(keys) if key})
    count = len(node_id)
    sought = Sought(
        node_id, np.zeros(count, np.int32), np.zeros(count, np.int32), np.zeros(count, bool)
    )
    flags = np.zeros(count, np.uint8)

    def take(_: Blob, block: Block) -> None:
        marks, grid = block.marks(words), block.grid
        for group in block.groups:
            tagged = [
                locate_dense_nodes(block.data, begin, end, grid, marks, sought)
                for begin, end in block.messages(group, DENSE).tolist()
            ]
            plain = block.messages(group, NODE)
            if len(plain):
                tagged.append(locate_plain_nodes(block.data, plain, grid, marks, sought))
            for owner, tag in tagged:
                for node, tags in _tags_by_node(block, keys, owner, tag):
                    flags[node] = node_flags(tags, profile)

    read_blocks(path, blobs, take, lambda done, total: tell(STAGE, done, total))
    return Located(sought.lon, sought.lat, sought.is_found, flags)


def _tags_by_node(
    block: Block, keys: Sequence[str], owner: NDArray[np.int64], tag: NDArray[np.int32]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each node that has tags, and its tags; those of one node stand together."""
    pairs = zip(owner.tolist(), tag.tolist(), strict=True)
    for node, tags in groupby(pairs, key=itemgetter(0)):
        yield node, {keys[key]: block.string(value) for _, (key, value) in tags}
