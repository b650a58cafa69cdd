"""How long work tells what it is doing, and how that is shown."""

from collections.abc import Callable
from typing import Any, TextIO

from tqdm import tqdm

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


class ProgressDisplay:
    """
    Shows progress: a bar on a terminal, elsewhere a line for each thing that is done.

    Parameters
    ----------
    stream
        Where to write; not where results go.
    indent
        Before every line.
    """

    def __init__(self, stream: TextIO, indent: str = "") -> None:
        self._stream = stream
        self._indent = indent
        self._stage = ""
        self._bar: Any = None

    def progress(self, stage: str, done: int = 0, total: int = 0) -> None:
        """A `Progress`."""
        if stage != self._stage:
            self.close()
            self._stage = stage
            text = self._indent + stage
            if total > 0 and self._stream.isatty():
                self._bar = tqdm(
                    desc=text, total=total, file=self._stream, unit_scale=True, leave=False
                )
            else:
                print(text, file=self._stream, flush=True)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the bar; the next stage is told even if it is the same."""
        self._stage = ""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
