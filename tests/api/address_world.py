"""
The small world with addresses: two of its towns have streets.

    Anfang  (34001)  Hauptstraße 1, 3, 5; Bahnhofstraße 2
    Ostburg (34002)  Hauptstraße 1, 7
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from api.settings import Settings
from api.state import AppState
from api.world import World
from data.database import Database
from data.geocoding.geocoder import Geocoder
from data.tables import Account
from tests.api.small_world import NOW, fill, small_world
from tests.data.geocoding.address_rows import Row, write_map

HOUSE_1 = (9.01, 51.01)
"""Hauptstraße 1 in Anfang."""

ROWS: tuple[Row, ...] = (
    ("Hauptstraße", "1", "34001", "Anfang", *HOUSE_1),
    ("Hauptstraße", "3", "34001", "Anfang", 9.0104, 51.01),
    ("Hauptstraße", "5", "34001", "Anfang", 9.0108, 51.01),
    ("Bahnhofstraße", "2", "34001", "Anfang", 9.02, 51.012),
    ("Hauptstraße", "1", "34002", "Ostburg", 9.39, 51.39),
    ("Hauptstraße", "7", "34002", "Ostburg", 9.391, 51.39),
)
TOWNS = (("Anfang", "34001", 9.01, 51.01), ("Ostburg", "34002", 9.39, 51.39))


def address_world(folder: Path) -> World:
    return replace(small_world(), open_geocoder=partial(Geocoder.open, folder))


def address_state(folder: Path, url: str = "", **settings: Any) -> AppState:
    """
    A state whose map of addresses lies in a folder of this one.

    So does its database, which is of SQLite, unless another one is named.
    """
    (folder / "addresses").mkdir()
    write_map(folder / "addresses", ROWS, TOWNS)
    database = Database(url or f"sqlite:///{folder / 'small.db'}")
    database.upgrade()
    fill(database)
    state = AppState(
        Settings(instance_dir=folder, iterations=400, bound_s=0, **settings),
        database,
        lambda name: address_world(folder / "addresses"),
        clock=lambda: NOW,
    )
    state.load()
    return state


def change(state: AppState, account_id: str, **columns: Any) -> None:
    """Change columns of an account as somebody else might."""
    with state.database.session() as session:
        account = session.get_one(Account, int(account_id))
        for name, value in columns.items():
            setattr(account, name, value)


def account_of(state: AppState, account_id: str) -> Account:
    with state.database.session() as session:
        return session.get_one(Account, int(account_id))
