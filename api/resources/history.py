"""Visits and orders that other systems report."""

from flask import Blueprint

from api.resources.http import read_items
from api.resources.operation import operation
from api.resources.state import app_state
from api.schemas.history import (
    OrderFacts,
    OrderReports,
    OrderResults,
    VisitFacts,
    VisitReports,
    VisitResults,
)
from api.schemas.problem import ProblemEntry
from api.services import history
from api.services.errors import Fault, RefusedRequestError

blueprint = Blueprint("history", __name__)


@blueprint.post("/visits")
@operation(
    "Report visits",
    body=VisitFacts,
    bulk=VisitReports,
    answer=VisitResults,
    problems=(400, 413, 415, 422, 503),
)
def report_visits(body: VisitFacts | VisitReports) -> VisitResults:
    """
    One, or many as `items`: bad ones are refused one by one, the others go on.

    With an `external_id` a visit can be sent again, and changes where it says something else.
    What is said of an account's visit on a day is said of the commitment of that day.
    """
    if isinstance(body, VisitReports):
        return history.put_visits(app_state(), read_items(VisitFacts, body.items), body.items)
    done = history.put_visits(app_state(), [body], [None])
    _check(done.items[0].errors)
    return done


@blueprint.post("/orders")
@operation(
    "Report orders",
    body=OrderFacts,
    bulk=OrderReports,
    answer=OrderResults,
    problems=(400, 413, 415, 422, 503),
)
def report_orders(body: OrderFacts | OrderReports) -> OrderResults:
    """
    One, or many as `items`: bad ones are refused one by one, the others go on.

    With an `external_id` an order can be sent again; without one each is another order.
    """
    if isinstance(body, OrderReports):
        return history.put_orders(app_state(), read_items(OrderFacts, body.items), body.items)
    done = history.put_orders(app_state(), [body], [None])
    _check(done.items[0].errors)
    return done


def _check(errors: tuple[ProblemEntry, ...]) -> None:
    """A single one that is refused is a request that is refused."""
    if errors:
        raise RefusedRequestError(
            [
                Fault(error.pointer.removeprefix("/items/0"), error.code, error.detail)
                for error in errors
            ]
        )
