"""Who of those considered enters the optimisation, and a reason for everybody else."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.services.considered import Considered
from api.services.left_out import Screening
from api.services.pool import NONE
from api.services.trip_time import TripTime
from api.services.trust import ISSUES
from api.services.under_way import Standing
from routing import corridor as roads
from routing.corridor import Corridor
from routing.reasons import ReasonCode, Unit


def screen(
    considered: Considered,
    standing: Standing,
    sweeps: Sequence[tuple[range, Corridor]],
    time: TripTime,
    max_detour_per_visit_s: int,
    max_travel_s: int | None,
    max_access_m: float,
) -> Screening:
    """
    A reason for everybody whom a rule excludes on any trip of the request.

    Parameters
    ----------
    sweeps
        Of each stretch of the trip: its days, and the ways from its start to its end.

    Notes
    -----
    What the client asks for by name, or has in the plan already, is not held to the rules that
    guard the service's own choice: the channel, the due date and the detour of a single visit. It
    is held to where it is: nobody can drive to an address that may be in two towns. A visit that
    brings its own position is driven there.
    """
    found = Screening.of(len(considered))
    found.exclude(standing.is_fixed | standing.is_completed, ReasonCode.ALREADY_COMPLETED)
    found.exclude(standing.is_cancelled, ReasonCode.CANCELLED)
    for issue in (
        ReasonCode.LOCATION_MISSING,
        ReasonCode.GEOCODE_AMBIGUOUS,
        ReasonCode.GEOCODE_TOO_COARSE,
    ):
        found.exclude(considered.location_issue == ISSUES.index(issue), issue)
    found.exclude(
        considered.snapped.is_off_road,
        ReasonCode.UNREACHABLE_BY_ROAD,
        np.rint(considered.snapped.straight_m).astype(np.int64),
        round(max_access_m),
        Unit.METRES,
    )
    is_asked = considered.is_requested | standing.is_planned
    found.exclude(
        ~is_asked & ~considered.is_due & (considered.committed_day != NONE),
        ReasonCode.NOT_DUE,
        limit=considered.committed_day,
        unit=Unit.DAYS,
    )
    shift_start_s, shift_end_s = np.array(time.shifts, dtype=np.int64).T
    indptr, early_s, late_s = _compressed_windows(considered, time)
    direct_s = sum(sweep.direct_s for _, sweep in sweeps)
    proved = roads.combined_screening(
        [
            roads.screen(
                sweep,
                service_s=considered.service_duration_s,
                shift_start_s=shift_start_s[shifts.start : shifts.stop],
                shift_end_s=shift_end_s[shifts.start : shifts.stop],
                window_indptr=indptr,
                window_early_s=early_s,
                window_late_s=late_s,
                max_detour_s=max_detour_per_visit_s,
                # What the other stretches need at least is not left for this one.
                max_travel_s=None
                if max_travel_s is None
                else max_travel_s - direct_s + sweep.direct_s,
                # Only the due factor makes an account not due, not a potential of nothing.
                is_due=considered.is_due,
                is_field=considered.is_field,
                is_excluded=considered.is_excluded,
                is_requested=is_asked,
            )
            for shifts, sweep in sweeps
        ]
    )
    for index, code in enumerate(roads.SCREENING_CODES):
        found.exclude(proved.code == index, code, proved.value_s, proved.limit_s)
    return found


def shortlist(
    considered: Considered, standing: Standing, sweep: Corridor, screening: Screening, size: int
) -> NDArray[np.int64]:
    """
    Rows that enter the optimisation, ascending: those asked for, and the best others.

    The others get `NOT_SHORTLISTED`.
    """
    is_asked = considered.is_requested | standing.is_planned | considered.is_required
    chosen = screening.is_in & is_asked
    best = roads.shortlist(
        considered.prize_cents,
        considered.service_duration_s,
        sweep.detour_s,
        screening.is_in & ~is_asked,
        size,
        np.arange(len(considered)),
    )
    chosen[best] = True
    screening.exclude(~chosen, ReasonCode.NOT_SHORTLISTED, limit=len(best), unit=Unit.VISITS)
    return np.flatnonzero(chosen)


def _compressed_windows(
    considered: Considered, time: TripTime
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Windows of all rows one after the other, and where those of each row begin."""
    always = ((time.shifts[0][0], time.shifts[-1][1]),)
    sets = [
        always if windows is None else tuple((w.early_s, w.late_s) for w in windows)
        for windows in considered.window_sets
    ]
    count_of_set = np.array([len(windows) for windows in sets], dtype=np.int64)
    first_of_set = np.concatenate(([0], np.cumsum(count_of_set)))
    flat = np.array([w for windows in sets for w in windows], dtype=np.int64).reshape(-1, 2)
    count = count_of_set[considered.window_set]
    indptr = np.concatenate(([0], np.cumsum(count)))
    within = np.arange(indptr[-1]) - np.repeat(indptr[:-1], count)
    rows = np.repeat(first_of_set[considered.window_set], count) + within
    return indptr, flat[rows, 0], flat[rows, 1]
