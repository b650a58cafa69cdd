"""
Where compiled code is kept between starts. Imports nothing that imports numba.

Numba compiles a function again when its own file changes, but not when a function of another file
that was compiled into it does: after an update it would go on running the old code. So the cache
has a folder for each state of the sources, and those of former states are removed.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = (ROOT / "routing", ROOT / "data" / "osm")
"""Folders with compiled functions."""


def use_compiled_code(parent: Path) -> None:
    """
    Have numba keep its code in a folder below `parent`, unless NUMBA_CACHE_DIR is set already.

    Call before anything imports numba.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    folder = parent.resolve() / sources_digest(*SOURCES)
    folder.mkdir(parents=True, exist_ok=True)
    for other in parent.iterdir():
        if re.fullmatch(r"[0-9a-f]{12}", other.name) and other.name != folder.name:
            shutil.rmtree(other, ignore_errors=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)


def sources_digest(*folders: Path) -> str:
    """Twelve hexadecimal digits that change with any Python file below the folders."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def stoppable() -> Iterator[None]:
    """
    Let Ctrl-C and SIGTERM through as what they are, also out of compiled code.

    One that arrives while a compiled function runs may come out of it as the cause of a
    `SystemError`: "returned a result with an exception set".
    """
    try:
        yield
    except SystemError as error:
        if isinstance(error.__cause__, KeyboardInterrupt | SystemExit):
            raise error.__cause__ from None
        raise
