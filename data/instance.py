"""The folder and the database of the service, as commands find them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

if TYPE_CHECKING:
    from data.database import Database

ROOT = Path(__file__).resolve().parent.parent


def setting(name: str) -> str:
    """From the environment, or from the file .env, as the service reads it; empty if in neither."""
    return os.environ.get(name) or dotenv_values(ROOT / ".env").get(name) or ""


def instance_dir() -> Path:
    return Path(setting("TERRITOUR_INSTANCE_DIR") or "instance")


@contextmanager
def opened_database() -> Iterator["Database"]:
    """The database of the service, with its tables."""
    # Imported late: some commands need none, and it takes a second to load.
    from data.database import Database

    folder = instance_dir()
    folder.mkdir(parents=True, exist_ok=True)
    url = setting("DATABASE_URL") or f"sqlite:///{(folder / 'territour.db').resolve()}"
    database = Database(url)
    try:
        database.upgrade()
        yield database
    finally:
        database.dispose()
