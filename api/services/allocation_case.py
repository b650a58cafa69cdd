"""One question of allocation, worked out: units, curves, limits, the window, and reps that pay."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accounts import NO_OWNER
from accounts.allocation.adbudg import AdbudgAnswers, AdbudgCurves
from accounts.allocation.rep_count import RepCount, reps_that_pay
from accounts.allocation.response_curves import ReplacedCurves, ResponseCurves
from accounts.allocation.selling_effort import CurveForm, SellingEffort, Units
from accounts.allocation.window import Window, allocation_window
from api.schemas.allocation import AllocationQuery
from api.services.analysis import rows_of
from api.services.errors import Fault, RefusedRequestError
from api.services.manager_answers import answers_of
from api.services.selling_units import UnitList, selling_effort, units_of
from api.state import AppState, Snapshot


@dataclass(frozen=True, slots=True, eq=False)
class RepsCase:
    """
    Parameters
    ----------
    today
        Reps whose time today's hours are.
    hours_per_rep
        A year's, the mean of all reps who visit.
    count
        By the curves asked for.
    band
        At each elasticity of the band.
    """

    today: float
    hours_per_rep: float
    cost_of_hour: float
    count: RepCount
    band: tuple[RepCount, ...]


@dataclass(frozen=True, slots=True, eq=False)
class AllocationCase:
    """
    Parameters
    ----------
    effort
        Of the accounts that belong to a unit.
    answers
        Of managers, by id of the unit.
    least, most
        (u,) hours that each unit keeps and may get.
    reps
        None where nobody has hours, or they cost nothing.
    """

    query: AllocationQuery
    listed: UnitList
    effort: SellingEffort
    units: Units
    answers: dict[str, AdbudgAnswers]
    window: Window
    budget: float
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    reps: RepsCase | None


def allocation_case(state: AppState, query: AllocationQuery) -> AllocationCase:
    """
    Raises
    ------
    RefusedRequestError
        When the rep, the segment or the unit is not known, or the budget is less than the units
        keep at least.
    """
    snapshot = state.snapshot()
    listed = units_of(snapshot, query, rows_of(snapshot, query))
    if query.unit_id is not None and query.unit_id not in listed.ids:
        detail = f"There is no {query.level} {query.unit_id!r} among the accounts that are meant."
        raise RefusedRequestError([Fault("/unit_id", f"UNKNOWN_{query.level.upper()}", detail)])
    effort = selling_effort(snapshot).at(listed.rows)
    units = Units.of(effort, listed.group, len(listed.ids))
    said = answers_of(snapshot, query.level)
    answers = {unit_id: said[unit_id] for unit_id in listed.ids if unit_id in said}
    budget = float(units.today.sum()) if query.budget_hours is None else query.budget_hours
    least, most = query.least * units.today, query.most * units.pattern
    _check_budget(budget, least, query.least)
    rows = np.array([listed.ids.index(unit_id) for unit_id in answers], dtype=np.intp)
    expected = AdbudgCurves.of_answers(
        tuple(answers.values()), units.contribution_eur[rows], units.pattern[rows]
    )

    def curves_of(b: float | None) -> ResponseCurves:
        """What a manager expects of a unit counts instead of the model."""
        curves = units.curves(CurveForm(query.curve), b)
        return ReplacedCurves(curves, rows, expected) if answers else curves

    window = allocation_window(curves_of, query.b, units.today, budget, least, most)
    return AllocationCase(
        query,
        listed,
        effort,
        units,
        answers,
        window,
        budget,
        least,
        most,
        _reps(state, snapshot, units, window, budget, least, most, listed),
    )


def _check_budget(budget: float, least: NDArray[np.float64], part: float) -> None:
    needed = float(least.sum())
    if budget < needed * (1 - 1e-9):
        detail = (
            f"{budget:.0f} hours are less than the {needed:.0f} that all units keep at least. "
            f"Raise budget_hours, or lower least, which is {part:g}."
        )
        raise RefusedRequestError([Fault("/budget_hours", "OUT_OF_RANGE", detail)])


def _reps(
    state: AppState,
    snapshot: Snapshot,
    units: Units,
    window: Window,
    budget: float,
    least: NDArray[np.float64],
    most: NDArray[np.float64],
    listed: UnitList,
) -> RepsCase | None:
    hours = float(units.today.sum())
    per_rep = _hours_per_rep(snapshot)
    cost = cost_of_hour(state, snapshot, listed.rows)
    if hours <= 0 or per_rep <= 0 or cost <= 0:
        return None
    counts = [
        reps_that_pay(curves, cost, per_rep, budget, best, least, most)
        for curves, best in (
            (window.curves, window.best),
            *((point.curves, point.best) for point in window.band),
        )
    ]
    return RepsCase(hours / per_rep, per_rep, cost, counts[0], tuple(counts[1:]))


def _hours_per_rep(snapshot: Snapshot) -> float:
    """A year's hours of a rep who visits at all; 0 where nobody does."""
    owners, hours = snapshot.table.owner_rep_id, selling_effort(snapshot).hours
    visits = (owners != NO_OWNER) & (hours > 0)
    reps = len(np.unique(owners[visits]))
    return float(hours[visits].sum()) / reps if reps else 0.0


def cost_of_hour(state: AppState, snapshot: Snapshot, rows: NDArray[np.intp]) -> float:
    """Of an hour of service and travel as some accounts take it: time, and kilometres."""
    effort = selling_effort(snapshot).at(rows)
    hours = float(effort.hours.sum())
    km_per_visit = snapshot.cadence.travel_m[rows] / 1000
    km = float((12 * effort.done * km_per_visit).sum())
    settings = state.settings
    return settings.hour_rate_eur + (settings.km_rate_eur * km / hours if hours > 0 else 0.0)
