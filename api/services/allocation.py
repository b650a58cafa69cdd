"""Where hours go, where they should go, and how many reps they are enough for."""

from api.schemas.allocation import (
    AllocationAnswer,
    AllocationQuery,
    BandEntry,
    RepsThatPay,
)
from api.services import policies
from api.services.allocation_case import AllocationCase, RepsCase, allocation_case
from api.services.allocation_units import told_hours, told_units
from api.services.analysis import money, said_of, share
from api.services.manager_answers import SUBJECT
from api.state import AppState


def allocation(state: AppState, query: AllocationQuery) -> AllocationAnswer:
    """
    The window of the accounts that are meant.

    Raises
    ------
    RefusedRequestError
        When the rep, the segment or the unit is not known, or the budget is less than the units
        keep at least.
    """
    snapshot = state.snapshot()
    case = allocation_case(state, query)
    window, best = case.window, case.window.best
    today = float(window.value.sum())
    return AllocationAnswer(
        **said_of(snapshot, case.listed.rows),
        level=query.level,
        curve=query.curve,
        b=query.b,
        least=query.least,
        most=query.most,
        hours_today=told_hours(case.units.today.sum()),
        budget_hours=told_hours(case.budget),
        unspent_hours=told_hours(best.unspent),
        contribution_today=money(today),
        contribution_best=money(best.value),
        bound=money(best.bound),
        gain=money(best.value - today),
        gain_share=share(best.value - today, today),
        value_of_hour=money(best.price),
        loss_share_when_off=round(window.loss_when_off, 4),
        band=_band(case),
        reps=None if case.reps is None else _reps(case.reps),
        policy_version=policies.version_of(snapshot.policies.get(SUBJECT)),
        unit_count=len(case.listed.ids),
        units=told_units(case),
        notes=_notes(case),
    )


def _band(case: AllocationCase) -> tuple[BandEntry, ...]:
    entries = []
    for at, point in enumerate(case.window.band):
        today = float(point.curves.value(case.units.today).sum())
        entries.append(
            BandEntry(
                b=point.elasticity,
                contribution_today=money(today),
                contribution_best=money(point.best.value),
                gain_share=share(point.best.value - today, today),
                value_of_hour=money(point.best.price),
                reps_that_pay=None if case.reps is None else round(case.reps.band[at].reps, 1),
            )
        )
    return tuple(entries)


def _reps(reps: RepsCase) -> RepsThatPay:
    counts = [count.reps for count in reps.band]
    return RepsThatPay(
        today=round(reps.today, 1),
        hours_per_rep=told_hours(reps.hours_per_rep),
        cost_of_hour=money(reps.cost_of_hour),
        reps=round(reps.count.reps, 1),
        low=round(min(counts), 1),
        high=round(max(counts), 1),
        is_at_limit=reps.count.is_at_limit,
        one_more_brings=money(reps.count.one_more_brings),
        one_more_costs=money(reps.count.one_more_costs),
    )


def _notes(case: AllocationCase) -> tuple[str, ...]:
    notes = []
    if case.listed.left_out:
        what = {"rep": "have no owner", "region": "have no postcode as long as a region's"}
        said = what.get(case.query.level, "belong to no unit")
        notes.append(f"{case.listed.left_out} accounts {said} and are left out.")
    unvisited = int((case.units.today == 0).sum())
    if unvisited:
        notes.append(
            f"{unvisited} units had no visit in the history: their curves are drawn by their visit "
            "intervals."
        )
    if case.answers:
        notes.append(f"{len(case.answers)} curves come from the answers of managers.")
    if case.query.curve == "power":
        notes.append(
            "Along a power curve nothing is sold without visits, which makes much more of an hour "
            "than the visit values do that trips are planned by."
        )
    if case.window.best.bound > case.window.best.value * (1 + 1e-6):
        notes.append(
            "Some curves are S-shaped, so that the best of them all can only be bounded; see bound."
        )
    return tuple(notes)
