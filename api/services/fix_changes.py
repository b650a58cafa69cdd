"""What would let a visit in, as a change of the request that a program can make."""

from api.schemas.route import FixChange
from api.services.reason_texts import Wording
from routing.reasons import Reason


def fix_change(
    reason: Reason, wording: Wording, ids: tuple[str | None, ...] = ()
) -> FixChange | None:
    """
    The fix of a reason in figures, or None where there is none or it cannot be pointed to.

    `ids` are those of the clients that may have to be dropped. One without an id cannot be named
    in a request, so no change is offered that would need it.
    """
    fix = reason.fix
    if fix is None:
        return None
    drop = tuple(ids[k] if k < len(ids) else None for k in fix.client_indices)
    known = tuple(one for one in drop if one is not None)
    if len(known) < len(drop):
        return None
    dates = wording.shift_dates
    has_day = fix.shift_index is not None and fix.shift_index < len(dates)
    return FixChange(
        kind=fix.kind.value,
        day=dates[fix.shift_index] if has_day and fix.shift_index is not None else None,
        amount_s=fix.amount_s,
        amount_m=fix.amount_m,
        amount_visits=fix.amount_visits,
        break_index=fix.break_index,
        drop_ids=known or None,
    )
