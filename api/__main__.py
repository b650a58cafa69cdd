"""
Start the service: `python -m api`.

Reads the settings from the environment and from a file .env beside it, makes what is missing in the
instance folder, and serves. `docs/settings.md` lists the settings.
"""

import os
import signal
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from dotenv import dotenv_values

from api.settings import InvalidSettingsError, Settings
from data.compiled_code import stoppable, use_compiled_code

ROOT = Path(__file__).resolve().parent.parent


class UnusableFolderError(Exception):
    """The instance folder cannot be written to."""


def main() -> int:
    # A stop asked for by a process manager ends the preparation like Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with stoppable():
            return start()
    except KeyboardInterrupt:
        print("Stopped. Nothing is left half made; the next start goes on from here.")
        return 130


def start() -> int:
    """Prepare and serve, until a signal ends it."""
    from_file = {name: value or "" for name, value in dotenv_values(ROOT / ".env").items()}
    try:
        settings = Settings.from_environment(from_file | os.environ)
        _make_writable(settings.instance_dir)
    except (InvalidSettingsError, UnusableFolderError) as error:
        return _refuse(error)
    use_compiled_code(settings.compiled_dir)

    # Only now, since these import numba, which asks once where compiled code is kept.
    from api import create_app
    from api.jobs.runner import runner_of
    from api.server import CannotListenError, Server, open_listener
    from api.services.errors import NotReadyError
    from api.startup import Terminal, prepare
    from data.errors import DataError

    try:
        listener = open_listener(settings.host, settings.port)
        state = prepare(settings, Terminal(), datetime.now(UTC))
        jobs = runner_of(state)
    except (CannotListenError, DataError, InvalidSettingsError, NotReadyError) as error:
        return _refuse(error)
    Server(create_app(state, jobs), listener, settings, jobs).run()
    return 0


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UnusableFolderError(
            f"The instance folder {folder} cannot be written to ({error.strerror}). "
            "Name another one: TERRITOUR_INSTANCE_DIR=/path/to/folder"
        ) from error


def _refuse(error: Exception) -> int:
    print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
