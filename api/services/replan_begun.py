"""A replan up to its search: what it says, and what is left of the route by then."""

from dataclasses import dataclass
from typing import Any

import orjson

from api.schemas.replan import ReplanRequest
from api.services.errors import RefusedRequestError
from api.services.progress import Listener
from api.services.replan_news import Told, of_replan, read, with_news
from api.services.rest_of_route import RestOfRoute, rest_of_route
from api.services.whole_route import whole_of
from api.state import AppState, Snapshot
from data.route_store import StoredRoute


@dataclass(frozen=True, slots=True, eq=False)
class BegunReplan:
    """What is asked, what it says of the route, and the rest that is to be planned."""

    asked: ReplanRequest
    told: Told
    rest: RestOfRoute


def begun(
    state: AppState,
    snapshot: Snapshot,
    stored: StoredRoute,
    replan: dict[str, Any],
    listener: Listener,
) -> BegunReplan:
    """
    Hold a replan against the revision that it is about. The same data give the same rest.

    Parameters
    ----------
    replan
        As it was received.

    Raises
    ------
    RefusedRequestError, ImpossibleTripError
        When something in the request cannot be used.
    """
    asked = ReplanRequest.model_validate_json(orjson.dumps(replan), strict=True)
    whole = with_news(whole_of(stored, snapshot), asked)
    told = read(asked, stored, whole, snapshot)
    try:
        rest = rest_of_route(state, snapshot, stored, whole, told.report, asked.visits, listener)
    except RefusedRequestError as refusal:
        before = len(whole.request.visits or ())
        raise type(refusal)([of_replan(fault, before) for fault in refusal.faults]) from None
    return BegunReplan(asked, told, rest)
