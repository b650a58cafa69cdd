"""What visits are worth on each day of a trip, given what other routes have promised."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accounts import Scores
from api.services.commitments import as_last_visit
from api.state import Snapshot


def day_scores(
    snapshot: Snapshot,
    day_numbers: Sequence[int],
    committed: Sequence[tuple[int, int]],
    last_visit_day: NDArray[np.int64] | None = None,
    visit_interval_days: NDArray[np.float64] | None = None,
    told_rows: Collection[int] = (),
) -> list[Scores]:
    """
    Of all accounts, one for each day; the planner and the recommendations of a week both use it.

    Parameters
    ----------
    committed
        Row of the account and day of each visit that a route has promised.
    last_visit_day, visit_interval_days
        (n,), where they are others than those in the table.
    told_rows
        Accounts whose last visit the request says, which goes before what we know.
    """
    table = snapshot.table
    if not committed and last_visit_day is None and visit_interval_days is None:
        return [snapshot.scores(day) for day in day_numbers]
    last = table.last_visit_day if last_visit_day is None else last_visit_day
    interval = table.visit_interval_days if visit_interval_days is None else visit_interval_days
    scores = []
    for number in day_numbers:
        last_then = last.copy()
        for row, committed_day in committed:
            if row not in told_rows:
                last_then[row] = as_last_visit(int(last_then[row]), committed_day, number)
        then = replace(table, last_visit_day=last_then, visit_interval_days=interval)
        scores.append(snapshot.scores_with(then, number))
    return scores
