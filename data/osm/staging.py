"""
Folders that appear when they are whole, or not at all.

A map is made in a hidden folder beside the maps and takes the place of its predecessor in one step.
Each hidden folder is locked by whoever works in it; the system gives up the lock when the process
ends, however it ends, so that what a killed build left behind can be told from one that is running.
"""

import ctypes
import errno
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PREFIX = ".build-"

_MADE, _OLD, _REMOVED = "made", "old", "removed"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def staged(maps_dir: Path, name: str) -> Iterator[Path]:
    """
    An empty folder that becomes `maps_dir / name` when the block ends well.

    What had that name before is there until then, and is removed afterwards. If the block fails,
    nothing changes. What killed builds left behind is removed first.
    """
    with _hidden(maps_dir, name) as hidden:
        made = hidden / _MADE
        made.mkdir()
        yield made
        _put_in_place(made, maps_dir / name, hidden / _OLD)


def remove_folder(folder: Path) -> None:
    """Remove a map in one step: it is gone at once, also if this is interrupted."""
    with _hidden(folder.parent, folder.name) as hidden:
        folder.rename(hidden / _REMOVED)


@contextmanager
def _hidden(maps_dir: Path, name: str) -> Iterator[Path]:
    maps_dir.mkdir(parents=True, exist_ok=True)
    # Between making a folder and locking it, nobody else may look for leftovers.
    with (maps_dir / ".lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        _remove_leftovers(maps_dir)
        hidden = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{name}-", dir=maps_dir))
        lock = (hidden / "lock").open("w")
        fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield hidden
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        lock.close()


def _remove_leftovers(maps_dir: Path) -> None:
    for hidden in sorted(maps_dir.glob(f"{PREFIX}*")):
        lock: IO[str] | None = None
        try:
            lock = (hidden / "lock").open("w")
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError:
            pass  # killed before it could be locked, or while it was removed
        finally:
            if lock is not None:
                lock.close()
        old, name = hidden / _OLD, hidden.name.removeprefix(PREFIX).rpartition("-")[0]
        if old.is_dir() and not (maps_dir / name).exists():
            old.rename(maps_dir / name)  # killed between the two steps of `_put_in_place`
        shutil.rmtree(hidden, ignore_errors=True)


def _put_in_place(made: Path, folder: Path, old: Path) -> None:
    if not folder.exists():
        made.rename(folder)
    elif not _exchange(made, folder):
        folder.rename(old)
        made.rename(folder)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    status = rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if status == 0:
        return True
    if ctypes.get_errno() in (errno.EINVAL, errno.ENOSYS):
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(other))
