"""The first reading of an extract: which ways are used, by which rule, and their nodes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.osm.pbf.blobs import Blob
from data.osm.pbf.block import DENSE, NODE, WAY, Block, read_blocks
from data.osm.pbf.decode_ways import Ways, decode_ways
from data.osm.pbf.words import index_words
from data.osm.reading.profile import Profile
from data.osm.reading.rules import FERRY_ROUTES, LeftOut, WayRule, judge_way, way_keys
from data.progress import Progress

STAGE = "Reading roads"


@dataclass(frozen=True, slots=True, eq=False)
class UsedWays:
    """
    Ways that vehicles of a profile use, with nodes that may or may not be in the file.

    Parameters
    ----------
    way_id
        (w,) int64.
    rule
        (w,) int32, index into `rules`.
    name
        (w,) int32, index into `names`, or -1.
    first_ref
        (w + 1,) int64.
    ref
        (r,) int32, positions in `node_id`.
    node_id
        (n,) int64, ascending.
    """

    way_id: NDArray[np.int64]
    rule: NDArray[np.int32]
    rules: tuple[WayRule, ...]
    name: NDArray[np.int32]
    names: tuple[str, ...]
    first_ref: NDArray[np.int64]
    ref: NDArray[np.int32]
    node_id: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class FirstReading:
    """
    What the first reading found.

    Parameters
    ----------
    ways
        That are used.
    node_blobs
        Blocks that hold nodes.
    left_out
        Number of ways that are not used, by the reason; the empty one where none is worth telling.
    is_in_file
        For each of the ways asked about, whether the file holds it.
    """

    ways: UsedWays
    node_blobs: tuple[Blob, ...]
    left_out: Counter[str]
    is_in_file: NDArray[np.bool_]


def read_ways(
    path: Path,
    blobs: Sequence[Blob],
    profile: Profile,
    asked: NDArray[np.int64],
    tell: Progress,
) -> FirstReading:
    """
    Read all ways once.

    Parameters
    ----------
    asked
        (a,) int64 ascending, ids of ways of which it shall be told whether they are there.

    Raises
    ------
    InvalidExtractError
        When a block is damaged.
    """
    collector = _Collector(profile)
    node_blobs: list[Blob] = []
    is_in_file = np.zeros(len(asked), bool)

    def take(blob: Blob, block: Block) -> None:
        if any(
            len(block.messages(group, field)) for group in block.groups for field in (DENSE, NODE)
        ):
            node_blobs.append(blob)
        for group in block.groups:
            bounds = block.messages(group, WAY)
            if len(bounds):
                _mark(asked, is_in_file, collector.take(block, bounds))

    read_blocks(path, blobs, take, lambda done, total: tell(STAGE, done, total))
    return FirstReading(collector.finish(), tuple(node_blobs), collector.left_out, is_in_file)


def _mark(asked: NDArray[np.int64], is_in_file: NDArray[np.bool_], ids: NDArray[np.int64]) -> None:
    begin = np.searchsorted(asked, ids.min())
    end = np.searchsorted(asked, ids.max(), side="right")
    is_in_file[begin:end] |= np.isin(asked[begin:end], ids)


class _Collector:
    """Gathers used ways block by block and judges each combination of tags once."""

    def __init__(self, profile: Profile) -> None:
        self.left_out: Counter[str] = Counter()
        """How many ways are not used, by the reason."""
        self._profile = profile
        self._keys = ("", "name", "ref", *dict.fromkeys(way_keys(profile)))
        mark = {key: number for number, key in enumerate(self._keys) if key}
        self._name_mark, self._number_mark = mark["name"], mark["ref"]
        self._key_words = index_words(mark)
        classes = (*profile.class_kmh, *profile.explicit_kmh)
        wanted = dict.fromkeys(classes, mark["highway"])
        wanted |= dict.fromkeys(FERRY_ROUTES, mark["route"])
        self._value_words = index_words(wanted)
        self._rules: list[WayRule] = []
        # A way that is left out has the complement of its reason's place for a rule.
        self._reasons: list[str] = []
        self._rule_of: dict[tuple[tuple[str, str], ...], int] = {}
        self._name_of: dict[str, int] = {}
        self._parts: list[tuple[NDArray[np.int64], ...]] = []
        self._refs: list[NDArray[np.int64]] = []

    def take(self, block: Block, bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Add the used ones of the ways within these bounds; the ids of all of them."""
        ways = decode_ways(
            block.data,
            bounds,
            block.marks(self._key_words),
            block.marks(self._value_words),
            self._name_mark,
            self._number_mark,
        )
        rule = self._judge(block, ways)
        for place, reason in enumerate(self._reasons):
            self.left_out[reason] += int(np.count_nonzero(rule == ~place))
        is_used = (rule >= 0) & (np.diff(ways.first_ref) >= 2)
        name = self._name(block, np.where(is_used, ways.name, -1))
        number = self._name(block, np.where(is_used & (name < 0), ways.number, -1))
        count = np.diff(ways.first_ref)
        self._parts.append(
            tuple(
                array[is_used]
                for array in (ways.way_id, rule, np.where(name < 0, number, name), count)
            )
        )
        self._refs.append(ways.ref[np.repeat(is_used, count)])
        return ways.all_id

    def finish(self) -> UsedWays:
        empty = np.empty(0, np.int64)
        parts = [np.concatenate((empty, *part)) for part in zip(*self._parts, strict=True)]
        way_id, rule, name, count = parts or [empty] * 4
        refs = np.concatenate((empty, *self._refs))
        self._refs.clear()
        node_id, ref = np.unique(refs, return_inverse=True)
        return UsedWays(
            way_id=way_id,
            rule=rule.astype(np.int32),
            rules=tuple(self._rules),
            name=name.astype(np.int32),
            names=tuple(self._name_of),
            first_ref=np.concatenate(([0], np.cumsum(count))).astype(np.int64),
            ref=ref.astype(np.int32),
            node_id=node_id,
        )

    def _judge(self, block: Block, ways: Ways) -> NDArray[np.int64]:
        """Index of the rule of each way; below 0 where it is left out."""
        # The bytes of a way's tags tell combinations apart within one block, and cheaply.
        width = ways.tag.itemsize * 2
        tags = ways.tag.tobytes()
        cut = (ways.first_tag * width).tolist()
        judged: dict[bytes, int] = {}
        rules = []
        for way in range(len(ways.way_id)):
            combination = tags[cut[way] : cut[way + 1]]
            rule = judged.get(combination)
            if rule is None:
                pairs = ways.tag[ways.first_tag[way] : ways.first_tag[way + 1]].tolist()
                rule = judged[combination] = self._rule(
                    tuple(sorted((self._keys[key], block.string(value)) for key, value in pairs))
                )
            rules.append(rule)
        return np.array(rules, np.int64)

    def _rule(self, pairs: tuple[tuple[str, str], ...]) -> int:
        known = self._rule_of.get(pairs)
        if known is None:
            rule = judge_way(dict(pairs), self._profile)
            if isinstance(rule, LeftOut):
                if rule.reason not in self._reasons:
                    self._reasons.append(rule.reason)
                known = ~self._reasons.index(rule.reason)
            else:
                known = len(self._rules)
                self._rules.append(rule)
            self._rule_of[pairs] = known
        return known

    def _name(self, block: Block, string: NDArray[np.int32]) -> NDArray[np.int64]:
        """Index of the name of each way, or -1, from its place in the string table."""
        distinct, inverse = np.unique(string, return_inverse=True)
        numbers = []
        for place in distinct.tolist():
            text = ""
            if place >= 0:
                parts = (part.strip() for part in block.string(place).split(";"))
                text = ", ".join(part for part in parts if part)
            numbers.append(self._name_of.setdefault(text, len(self._name_of)) if text else -1)
        return np.array(numbers, np.int64)[inverse]
