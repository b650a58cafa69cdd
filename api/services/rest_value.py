"""What the value of a rest says about that of the whole route."""

from collections.abc import Sequence
from typing import Any

from api.services.joining import night_cents
from api.services.rest_of_route import RestOfRoute, night_ends
from api.settings import Settings
from routing.solution import Solution, rated_cents

ROUNDED_CENTS = 2
"""A rate on the whole and one on the rest are each rounded, in both of two plans: by a half."""


def most_above_rest_cents(
    rest: RestOfRoute, plan: Solution, body: dict[str, Any], settings: Settings
) -> int:
    """
    What no plan of a rest brings more to the net value of its route than its own value is.

    It is what `plan` brings, but for what other plans may save of that: between what stayed and
    the rest, a route also pays for waiting and nights that a trip of its own would not have.

    Parameters
    ----------
    plan
        Of the rest.
    body
        The whole route with this plan.
    """
    found_cents = round(100 * body["totals"]["net_value"]) - plan.value_cents
    if not rest.kept.days and not rest.kept.stops:
        return found_cents
    problem = rest.prepared.trip.problem
    saved_cents = _night_cents(rest, plan, body["days"], settings)
    if problem.hour_rate_cents:
        waited_s = _waited_s(rest, plan)
        saved_cents += rated_cents(problem.hour_rate_cents, waited_s, 3600) + 1 + ROUNDED_CENTS
    if problem.km_rate_cents:
        saved_cents += ROUNDED_CENTS
    return found_cents + saved_cents


def _waited_s(rest: RestOfRoute, plan: Solution) -> int:
    """Time until the rest departs, which the rep waits at the next stop instead of at home."""
    first = plan.routes[0]
    if first.is_idle or not rest.kept.stops:
        return 0
    return first.departure_s - rest.prepared.trip.time.shifts[0][0]


def _night_cents(
    rest: RestOfRoute, plan: Solution, days: Sequence[dict[str, Any]], settings: Settings
) -> int:
    """Of nights before the rest sets out that a plan could do without."""
    active = [k for k, route in enumerate(plan.routes) if not route.is_idle]
    if not active or rest.whole.request.options.objective == "prize":
        return 0
    first = rest.kept.first_day
    # The night before the rest is spent in any case, unless all of it could stay where it is.
    can_stay = all(route.is_idle for route in rest.prepared.direct.routes)
    begun = range(first - 1 if can_stay else first, first + active[0])
    nights = set(night_ends(days)) & set(begun)
    return sum(
        night_cents(rest, days[k]["stops"][-1]["location"], settings)
        for k in nights
        if rest.whole.places.ends[k] is None
    )
