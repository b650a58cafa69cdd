"""Executors that jobs are handed to."""

import importlib.util
import multiprocessing
import secrets
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from api.jobs.process import run_job, start_process
from api.jobs.work import work_on
from api.settings import InvalidSettingsError, Settings
from data.job_store import DueJob

if TYPE_CHECKING:
    from api.state import AppState

Run = Callable[[str], tuple[DueJob, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """
    An executor and what belongs to it.

    Parameters
    ----------
    run
        What the executor is handed, with the id of a job.
    workers
        How the names of the claims of its workers begin; None where they outlive this process.
    prestart
        How many processes to make ready before the first job comes.
    close
        Ends its workers at once. Their jobs are then to be given back.
    """

    executor: Executor
    run: Run
    workers: str | None
    prestart: int = 0
    close: Callable[[], None] = lambda: None


def spawned_pool(settings: Settings, count: int, is_background: bool = False) -> Pool:
    """
    Processes of their own on this machine.

    They are spawned and not forked: a fork would copy the locks of our threads as they are.
    """
    context = multiprocessing.get_context("spawn")
    workers = f"pool-{secrets.token_hex(8)}/"
    # Nobody ever writes; its end is what the workers wait for. It comes also when we are killed.
    theirs, ours = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(
        count, context, start_process, (settings, workers, theirs, is_background)
    )

    def close() -> None:
        ours.close()
        executor.shutdown(wait=True, cancel_futures=True)
        theirs.close()

    # Nobody waits for work in the background, so its process need not be there before.
    return Pool(executor, run_job, workers, 0 if is_background else count, close)


def thread_pool(state: "AppState", count: int = 2) -> Pool:
    """Threads of this process: for a state that another process could not open."""
    workers = f"threads-{secrets.token_hex(8)}/"
    executor = ThreadPoolExecutor(count, thread_name_prefix="job")
    return Pool(
        executor,
        lambda job_id: work_on(state, job_id, workers),
        workers,
        close=partial(executor.shutdown, wait=True, cancel_futures=True),
    )


def check_dask() -> None:
    """
    Raises
    ------
    InvalidSettingsError
        When the package of Dask is not installed.
    """
    if importlib.util.find_spec("distributed") is None:
        raise InvalidSettingsError(
            "DASK_SCHEDULER is set, but the package distributed is not installed. Install it for "
            "the service and for the workers (pip install distributed), or leave the setting empty."
        )


def dask_pool(address: str) -> Pool:
    """
    The workers of a Dask cluster, which read their settings from their own environment.

    Raises
    ------
    OSError
        When no scheduler answers.
    """
    from distributed import Client

    client = Client(address)
    # Not pure: a job that is handed over again is to be run again.
    return Pool(client.get_executor(pure=False), run_job, None, close=client.close)
