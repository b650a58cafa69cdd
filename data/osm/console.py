"""What the command says of a map, in plain words."""

from collections.abc import Iterable

from data.osm.graph.turns import APPLIED
from data.osm.map_folder import MapMeta

_SHOWN_COUNTS = (
    ("junctions", "junctions"),
    ("kilometres", "km of road"),
    ("address", "addresses"),
    ("street", "streets"),
    ("point_of_interest", "points of interest"),
    ("area", "areas"),
)


def summary(meta: MapMeta, folder: str) -> str:
    """What was built, in a few lines."""
    elapsed_s = sum(part.elapsed_s for part in meta.parts)
    peak_mb = max(part.peak_mb for part in meta.parts)
    counted = [f"{meta.counts[key]:,} {text}" for key, text in _SHOWN_COUNTS if key in meta.counts]
    restrictions = meta.report.get("compiling", {}).get(APPLIED, 0)
    lines = [
        f"The map {meta.name!r} is in {folder}: {meta.total_bytes / 1e6:,.1f} MB, version "
        f"{meta.version}.",
        f"{', '.join(counted)}, {restrictions:,} turn restrictions applied.",
        f"It took {elapsed_s:,.0f} s and {peak_mb:,.0f} MB of memory:",
        *(
            f"  {part.name:<36}{part.cpu_s:>9,.1f} s {part.mb_per_s:>9,.1f} MB/s"
            f"{part.peak_mb:>8,.0f} MB"
            for part in meta.parts
        ),
    ]
    notes = [
        (count, sentence)
        for sentences in meta.report.values()
        for sentence, count in sentences.items()
        if sentence != APPLIED
    ]
    if notes:
        lines.append("Left out, or not as it is drawn:")
        lines += [f"{count:>9,}  {sentence}" for count, sentence in notes]
    return "\n".join(lines)


def table(metas: Iterable[MapMeta]) -> str:
    """One line for each map."""
    rows = [("NAME", "JUNCTIONS", "KM", "MB", "PROFILE", "BUILT", "FROM")]
    rows += [
        (
            meta.name,
            f"{meta.counts['junctions']:,}",
            f"{meta.counts['kilometres']:,}",
            f"{meta.total_bytes / 1e6:,.1f}",
            meta.profile,
            meta.built_at[:10],
            meta.source_file,
        )
        for meta in metas
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
