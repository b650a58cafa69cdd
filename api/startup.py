"""From an empty folder to a service that can answer: database, sample, roads, compiled code."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from api.open_world import open_world
from api.services.fit_models import fit_now
from api.settings import Settings
from api.state import AppState
from api.warm_up import warm_up
from data import dataset_store
from data.database import Database
from data.osm.datasets import map_of_extract, use_map
from data.progress import ProgressDisplay
from data.samples.create import create_sample
from data.tables import DatasetKind


class Terminal:
    """
    Says what the start is doing: a line for each step, a bar where a step has parts.

    Parameters
    ----------
    stream
        Where to write. A bar is drawn on a terminal only; elsewhere each part is a line.
    """

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._parts = ProgressDisplay(stream, indent="  ")
        self.progress = self._parts.progress

    def say(self, text: str) -> None:
        print(text, file=self._stream, flush=True)

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """One step; the time it took is told if it was noticeable."""
        self.say(label)
        started = time.monotonic()
        try:
            yield
        finally:
            self._parts.close()
        elapsed_s = time.monotonic() - started
        if elapsed_s > 1:
            self.say(f"  done in {elapsed_s:.0f} s")


def prepare(settings: Settings, terminal: Terminal, now: datetime) -> AppState:
    """
    Make whatever is missing, load everything, and leave no connection open.

    A start that is interrupted leaves nothing half made; the next one does what is missing.

    Parameters
    ----------
    now
        When a sample is made, if there are no accounts yet.

    Raises
    ------
    DataError
        When the database or the roads cannot be used.
    NotReadyError
        When the map of the active data set is not there.
    """
    # The thread by which tqdm watches slow bars would not survive the fork of the server.
    tqdm.monitor_interval = 0
    database = Database(settings.database_url)
    with terminal.step(f"Opening the database {database.url}"):
        database.upgrade()
    if settings.map_source:
        _use_map(settings, database, terminal, now)
    elif _is_empty(database):
        with terminal.step("Creating the sample: Germany with made-up companies (once)"):
            create_sample(database, now.date(), settings.sample_seed, terminal.progress)
    with terminal.step("Loading roads, places and accounts"):
        state = AppState(
            settings, database, partial(open_world, settings, progress=terminal.progress)
        )
        state.load()
    if settings.model_days and _is_new_sample(state):
        with terminal.step("Fitting what accounts are worth to their past (once)"):
            fit_now(state)
            state.load()
    with terminal.step("Loading compiled code (compiled the first time, about two minutes)"):
        warm_up(state.world, terminal.progress)
    database.dispose()
    # All this stays for good. The collector would look through it over and over, which takes a
    # third of the time in which accounts are read anew after a change.
    gc.collect()
    gc.freeze()
    return state


def _use_map(settings: Settings, database: Database, terminal: Terminal, now: datetime) -> None:
    """Build the map that the settings name, if they name a file, and choose its data set."""
    source, maps_dir = Path(settings.map_source), settings.maps_dir
    name = settings.map_source
    if source.suffix == ".pbf" or source.is_file():
        with terminal.step(f"Preparing the map of {source.name} (once)"):
            name = map_of_extract(source, maps_dir, now, terminal.progress)
    with terminal.step(f"Choosing the data set of the map {name}"):
        use_map(database, maps_dir, name, now.date(), settings.sample_seed, terminal.progress)


def _is_new_sample(state: AppState) -> bool:
    """
    Whether it is a sample that nothing was fitted to: its first plan then has the values that all
    later ones have. Other data sets may be of any size; a job fits to them later.
    """
    snapshot = state.snapshot()
    return snapshot.model is None and snapshot.dataset.kind is DatasetKind.SAMPLE


def _is_empty(database: Database) -> bool:
    with database.session() as session:
        return dataset_store.active(session) is None
