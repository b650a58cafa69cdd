"""The limits that a plan may run into besides time, and how they are told."""

from enum import IntEnum

from routing.reasons import Certainty, Fix, Reason, ReasonCode, Scope, Unit


class Limit(IntEnum):
    """In the order of which is named where a gap breaks several."""

    VISITS = 0
    DETOUR = 1
    DRIVE = 2
    DISTANCE = 3


CODES = {
    Limit.VISITS: (ReasonCode.MAX_VISITS_REACHED, Unit.VISITS),
    Limit.DETOUR: (ReasonCode.EXCEEDS_MAX_DETOUR, Unit.SECONDS),
    Limit.DRIVE: (ReasonCode.EXCEEDS_DRIVE_LIMIT, Unit.SECONDS),
    Limit.DISTANCE: (ReasonCode.EXCEEDS_DISTANCE_LIMIT, Unit.METRES),
}


def limit_reason(
    limit: Limit,
    scope: Scope,
    shift_index: int | None,
    value: int,
    allowed: int,
    fix: Fix | None,
) -> Reason:
    """A reason by the limit that is exceeded: how much there would be, and how much is allowed."""
    code, unit = CODES[limit]
    return Reason(code, Certainty.PROVED, scope, shift_index, value, allowed, unit, fix=fix)
