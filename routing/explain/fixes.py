"""The least change that lets a client in, in the steps people think in."""

from routing.explain.arrays import NO_LIMIT
from routing.explain.break_changes import BreakChanges
from routing.explain.limits import Limit
from routing.explain.shortfalls import END_LATER, START_EARLIER, Shortfalls, whole_minutes_s
from routing.reasons import Fix, FixKind

SIDES = {END_LATER: FixKind.END_LATER, START_EARLIER: FixKind.START_EARLIER}

KM_M = 1000


def longer_shift(missing: Shortfalls, number: int) -> Fix | None:
    """The least longer day, in whole minutes."""
    if missing.fix_s[number] >= NO_LIMIT:
        return None
    kind = SIDES[int(missing.fix_side[number])]
    return Fix(kind, int(missing.fix_s[number]), int(missing.fix_shift[number]))


def least_time_fix(missing: Shortfalls, changes: BreakChanges, number: int) -> Fix | None:
    """
    A longer day or another break, whichever changes less.

    Of equal ones a break is rather moved, and a day rather made longer than a break shortened.
    """
    fixes = [fix for fix in (longer_shift(missing, number), changes.fix(number)) if fix is not None]
    return min(fixes, key=_amount_and_order, default=None)


def _amount_and_order(fix: Fix) -> tuple[int, int]:
    order = {FixKind.MOVE_BREAK: 0, FixKind.SHORTEN_BREAK: 2}
    return abs(fix.amount_s or 0), order.get(fix.kind, 1)


def raise_limit(missing: Shortfalls, limit: Limit, number: int) -> Fix | None:
    """The least raise of a single limit: visits, whole minutes or whole kilometres."""
    excess = int(missing.fix_excess[limit, number])
    if excess >= NO_LIMIT:
        return None
    shift_index = int(missing.fix_excess_shift[limit, number])
    if limit is Limit.VISITS:
        return Fix(FixKind.RAISE_MAX_VISITS, shift_index=shift_index, amount_visits=excess)
    if limit is Limit.DISTANCE:
        raised_m = -(-excess // KM_M) * KM_M
        return Fix(FixKind.RAISE_DISTANCE_LIMIT, shift_index=shift_index, amount_m=raised_m)
    raised_s = int(whole_minutes_s(excess))
    if limit is Limit.DETOUR:
        return Fix(FixKind.RAISE_TRAVEL_LIMIT, raised_s)
    return Fix(FixKind.RAISE_DRIVE_LIMIT, raised_s, shift_index)
