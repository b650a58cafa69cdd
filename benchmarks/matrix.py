"""
How the visits of a period fall into the cells of the matrix, on the German sample.

    python -m benchmarks.matrix --json

Makes the sample in a folder of its own, fits the models to it, and sorts the last 24,000 visits, or
so many as are asked for, by cell at median thresholds.
"""

import argparse
import json
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import numpy as np

from accounts.days import date_of_day
from accounts.matrix import CELLS
from api.schemas.matrix import MatrixQuery
from api.services import fit_models
from api.services.matrix import matrix
from api.services.matrix_cells import cells, thresholds_of
from api.services.served import IN_PERSON, history_of
from api.settings import Settings
from api.state import AppState
from data.database import Database
from data.samples.create import create_sample

FOUNDING_SHARE = 0.208
"""5,000 of 24,000 visits, in the document that the matrix goes back to."""


def measure(state: AppState, visits: int, months: int) -> dict[str, Any]:
    """The last visits by cell, and the matrix of the last months."""
    snapshot = state.snapshot()
    cell = cells(snapshot, thresholds_of(snapshot).thresholds)
    past = history_of(state, snapshot)
    in_person = np.flatnonzero(np.isin(past.channel, IN_PERSON))
    # Visits of one day in no order: the table's, so that the answer is the same each time.
    order = np.lexsort((past.row[in_person], past.day[in_person]))
    last = in_person[order][-visits:]
    counts = np.bincount(cell[past.row[last]], minlength=len(CELLS)).tolist()
    found = matrix(state, MatrixQuery(months=months))
    return {
        "as_of": found.as_of.isoformat(),
        "visits": len(last),
        "first_day": date_of_day(int(past.day[last].min())).isoformat(),
        "visits_by_cell": {one.value: n for one, n in zip(CELLS, counts, strict=True)},
        "telesales_share": round(counts[-1] / max(len(last), 1), 4),
        "founding_share": FOUNDING_SHARE,
        "months": months,
        "cells": [one.body() for one in found.cells],
        "telesales": found.telesales.body(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matrix", description=__doc__)
    parser.add_argument("--date", type=date.fromisoformat, default=date(2026, 11, 16))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--visits", type=int, default=24_000)
    parser.add_argument("--months", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="on one line, at the end")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance_dir=Path(folder))
        database = Database(settings.database_url)
        database.upgrade()
        create_sample(database, asked.date, asked.seed)
        noon = datetime.combine(asked.date, time(12), tzinfo=UTC)
        state = AppState(settings, database, clock=lambda: noon)
        state.load()
        fit_models.fit_now(state)
        found = measure(state, asked.visits, asked.months)
        database.dispose()
    print(json.dumps(found) if asked.json else json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
