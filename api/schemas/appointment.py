"""Appointments: visits that have been agreed on."""

from typing import Literal

from pydantic import Field

from api.schemas.base import DateTime, DurationS, Id, Money, Notes, RequestModel, Text
from api.schemas.place import Place

Flexibility = Literal["fixed", "within_day", "within_week"]


class Appointment(RequestModel):
    """
    A visit that has been agreed on. It comes before required visits, the fixed ones first.

    It needs an account or a location.
    """

    appointment_id: Id | None = Field(None, description="The client's own key, echoed")
    account_id: Id | None = None
    location: Place | None = Field(None, description="Goes before the account's own place")
    name: Text | None = None
    flexibility: Flexibility = Field(
        description="fixed: starts at `start` exactly; within_day: at any time of that date; "
        "within_week: on any day of the request. The latter two keep opening hours"
    )
    start: DateTime | None = Field(None, description="Needed unless within_week")
    end: DateTime | None = Field(
        None, description="Says how long it takes, where `service_duration_s` does not"
    )
    service_duration_s: DurationS | None = Field(
        None,
        description="Default: from `start` to `end`; without them the account's, or the service's",
    )
    setup_duration_s: DurationS | None = Field(None, description="As for a visit")
    prize: Money | None = Field(None, description="As for a visit")
    notes: Notes | None = None
