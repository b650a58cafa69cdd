"""
What runs in a process that works on jobs. An executor gets `run_job(job_id)` and nothing else.

Imports of what is compiled come late, when it is known where compiled code is kept.
"""

import logging
import os
import socket
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from api.settings import Settings
from data.compiled_code import use_compiled_code

if TYPE_CHECKING:
    from api.state import AppState
    from data.job_store import DueJob

log = logging.getLogger(__name__)

BACKGROUND_NICENESS = 10
"""Of processes whose work nobody waits for."""

_lock = threading.Lock()
_settings: Settings | None = None
_state: "AppState | None" = None
_workers = f"{socket.gethostname()}-{os.getpid()}/"


def run_job(job_id: str) -> "tuple[DueJob, ...]":
    """Work on a job until it ends; the jobs that follow from it."""
    state = _opened()
    from api.jobs.work import work_on

    return work_on(state, job_id, _workers)


def start_process(settings: Settings, workers: str, owner: Connection, is_background: bool) -> None:
    """
    Make a new process ready, so that its first job does not wait.

    Parameters
    ----------
    workers
        How the names of the claims of this process begin.
    owner
        The end of a pipe that nobody writes to. When the process at its other end closes it or
        dies, this one ends too: its jobs are taken up by others.
    """
    global _settings, _workers
    _settings, _workers = settings, workers
    threading.Thread(target=_end_with, args=(owner,), name="owner", daemon=True).start()
    if is_background:
        os.nice(BACKGROUND_NICENESS)
    try:
        _warm_up(_opened())
    except Exception as error:
        # The process is of use all the same: each job tries again, and says why not.
        log.warning("A process for jobs could not load everything: %s", error)


def is_ready() -> bool:
    """A job without work, which is done once its process has been made ready."""
    return True


def _opened() -> "AppState":
    """The state of this process, opened once."""
    global _state
    with _lock:
        if _state is None:
            settings = _settings or Settings.from_environment(os.environ)
            use_compiled_code(settings.compiled_dir)
            from api.state import AppState

            _state = AppState(settings)
        if not _state.is_loaded:
            # It may be possible later, when there are accounts. The job meets the same and says so.
            with suppress(Exception):
                _state.load()
        return _state


def _warm_up(state: "AppState") -> None:
    import api.jobs.work  # noqa: F401  (with all that kinds of jobs need)
    from api.warm_up import warm_up

    warm_up(state.world, lambda part: None)


def _end_with(owner: Connection) -> None:
    try:
        owner.recv_bytes()
    except (EOFError, OSError):
        os._exit(0)
