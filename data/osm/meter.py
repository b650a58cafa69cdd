"""Measures the parts of a build: time, and the most memory each of them takes."""

import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from data.osm.map_folder import BuildPart

_STATUS = Path("/proc/self/status")
_CLEAR_REFS = Path("/proc/self/clear_refs")
_RESET_PEAK = "5"
"""Sets the peak to what is in use now; see proc(5)."""


class Meter:
    """
    Parameters
    ----------
    source_bytes
        Size of the extract, for megabytes per second.
    """

    def __init__(self, source_bytes: int) -> None:
        self._source_mb = source_bytes / 1e6
        self.parts: list[BuildPart] = []

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Measure the block, if it ends well, and add it to `parts`."""
        _reset_peak()
        cpu_s, elapsed_s = time.process_time(), time.monotonic()
        yield
        cpu_s, elapsed_s = time.process_time() - cpu_s, time.monotonic() - elapsed_s
        rate = self._source_mb / max(cpu_s, 1e-3)
        self.parts.append(
            BuildPart(name, round(cpu_s, 3), round(elapsed_s, 3), round(rate, 2), round(peak_mb()))
        )


def peak_mb() -> float:
    """Most memory of this process since the part began; since its start where the system is old."""
    try:
        for line in _STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    except (OSError, ValueError):
        pass
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def _reset_peak() -> None:
    try:
        _CLEAR_REFS.write_text(_RESET_PEAK)
    except OSError:
        # Not Linux, or not allowed: peaks then count from the start of the process.
        return
