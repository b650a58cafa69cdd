"""
Why a client is not in the plan, as values: codes, certainty and what would change it.

Sentences are made elsewhere; here are only codes, indices and amounts. `docs/reasons.md` says what
each code means and how it is proved.
"""

from dataclasses import dataclass
from enum import StrEnum


class ReasonCode(StrEnum):
    """What keeps a client out."""

    LOCATION_MISSING = "LOCATION_MISSING"
    GEOCODE_AMBIGUOUS = "GEOCODE_AMBIGUOUS"
    GEOCODE_TOO_COARSE = "GEOCODE_TOO_COARSE"
    UNREACHABLE_BY_ROAD = "UNREACHABLE_BY_ROAD"
    OUTSIDE_TIME_WINDOWS = "OUTSIDE_TIME_WINDOWS"
    CLOSED_DURING_TRIP = "CLOSED_DURING_TRIP"
    EXCEEDS_WORKING_TIME = "EXCEEDS_WORKING_TIME"
    EXCEEDS_MAX_DETOUR = "EXCEEDS_MAX_DETOUR"
    EXCEEDS_DRIVE_LIMIT = "EXCEEDS_DRIVE_LIMIT"
    EXCEEDS_DISTANCE_LIMIT = "EXCEEDS_DISTANCE_LIMIT"
    BLOCKED = "BLOCKED"
    NOT_DUE = "NOT_DUE"
    CHANNEL_NOT_FIELD = "CHANNEL_NOT_FIELD"
    OUTSIDE_TERRITORY = "OUTSIDE_TERRITORY"
    EXCLUDED_BY_CLIENT = "EXCLUDED_BY_CLIENT"
    CANCELLED = "CANCELLED"
    ALREADY_COMPLETED = "ALREADY_COMPLETED"
    MAX_VISITS_REACHED = "MAX_VISITS_REACHED"
    NO_TIME_LEFT = "NO_TIME_LEFT"
    VALUE_BELOW_COST = "VALUE_BELOW_COST"
    DISPLACED_BY_HIGHER_VALUE = "DISPLACED_BY_HIGHER_VALUE"
    CONFLICTS_WITH_REQUIRED = "CONFLICTS_WITH_REQUIRED"
    CONFLICTS_WITH_APPOINTMENT = "CONFLICTS_WITH_APPOINTMENT"
    NOT_SHORTLISTED = "NOT_SHORTLISTED"
    SEARCH_LIMIT = "SEARCH_LIMIT"


class Certainty(StrEnum):
    """`PROVED` holds whatever the search did; `BEST_KNOWN` depends on it."""

    PROVED = "proved"
    BEST_KNOWN = "best_known"


class Scope(StrEnum):
    """What a reason is about: the visit on any trip, the returned route, or the search."""

    VISIT = "visit"
    ROUTE = "route"
    SEARCH = "search"


class Unit(StrEnum):
    """Unit of a reason's value and limit."""

    SECONDS = "s"
    METRES = "m"
    CENTS = "cents"
    VISITS = "visits"


class FixKind(StrEnum):
    """What the person who plans can change."""

    START_EARLIER = "start_earlier"
    END_LATER = "end_later"
    RAISE_TRAVEL_LIMIT = "raise_travel_limit"
    RAISE_DRIVE_LIMIT = "raise_drive_limit"
    RAISE_DISTANCE_LIMIT = "raise_distance_limit"
    RAISE_MAX_VISITS = "raise_max_visits"
    SHORTEN_BREAK = "shorten_break"
    MOVE_BREAK = "move_break"
    DROP_CLIENTS = "drop_clients"
    REQUIRE = "require"


@dataclass(frozen=True, slots=True)
class Fix:
    """
    A change of the request that lets the client in.

    Parameters
    ----------
    kind
        What to change.
    amount_s
        By how much: of the start or end of the shift, of the limit on travel or on the driving of
        a shift, or of a break: how much shorter, or how much later it may start (earlier, where
        negative).
    amount_m
        By how much the limit on the distance of a shift rises.
    amount_visits
        By how much the limit on the visits of a shift rises.
    shift_index
        The shift that starts earlier or ends later, or whose limit or break changes.
    break_index
        The break of that shift.
    client_indices
        The clients to drop, ascending: visits and appointments alike.
    """

    kind: FixKind
    amount_s: int | None = None
    shift_index: int | None = None
    client_indices: tuple[int, ...] = ()
    amount_m: int | None = None
    amount_visits: int | None = None
    break_index: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """
    One reason why a client is not in the plan.

    Parameters
    ----------
    code, certainty, scope
        What keeps it out, how sure that is, and what the statement is about.
    shift_index
        The shift in which it came closest, if it is about one.
    value, limit, unit
        The measured amount, what it ran into, and the unit of both.
    blocking
        Client indices in the way, ascending.
    fix
        The smallest known change that lets it in.
    """

    code: ReasonCode
    certainty: Certainty
    scope: Scope
    shift_index: int | None = None
    value: int | None = None
    limit: int | None = None
    unit: Unit | None = None
    blocking: tuple[int, ...] = ()
    fix: Fix | None = None
