"""What a request asks for by name, visits and appointments alike."""

from dataclasses import dataclass

from api.schemas.appointment import Appointment
from api.schemas.place import Place
from api.schemas.route_request import TripRequest, VisitRequest
from api.services.errors import pointer

PRECEDENCE = {"fixed": 3, "within_day": 2, "within_week": 1}
"""What is kept first where not everything can be; a required visit that is no appointment has 0."""


@dataclass(frozen=True, slots=True)
class Wish:
    """
    A visit or an appointment of the request, exactly one of the two.

    Parameters
    ----------
    at
        JSON pointer to it.
    """

    at: str
    visit: VisitRequest | None = None
    appointment: Appointment | None = None

    @property
    def given(self) -> VisitRequest | Appointment:
        found = self.visit or self.appointment
        assert found is not None
        return found

    @property
    def own_id(self) -> str | None:
        """The client's own key."""
        if self.visit is not None:
            return self.visit.visit_id
        return None if self.appointment is None else self.appointment.appointment_id

    @property
    def account_id(self) -> str | None:
        return self.given.account_id

    @property
    def location(self) -> Place | None:
        return self.given.location

    @property
    def name(self) -> str | None:
        return self.given.name

    @property
    def prize(self) -> float | None:
        return self.given.prize

    @property
    def setup_duration_s(self) -> int | None:
        return self.given.setup_duration_s

    @property
    def service_duration_s(self) -> int | None:
        """As given, or from the start to the end of an appointment; None: as usual there."""
        if self.given.service_duration_s is not None:
            return self.given.service_duration_s
        one = self.appointment
        if one is None or one.start is None or one.end is None:
            return None
        return int((one.end - one.start).total_seconds())

    @property
    def required(self) -> bool:
        return self.visit is None or self.visit.required

    @property
    def precedence(self) -> int:
        return 0 if self.appointment is None else PRECEDENCE[self.appointment.flexibility]


def wishes_of(request: TripRequest) -> tuple[Wish, ...]:
    """The visits, then the appointments, in the order of the request."""
    return (
        *(Wish(pointer("visits", k), visit=one) for k, one in enumerate(request.visits or ())),
        *(
            Wish(pointer("appointments", k), appointment=one)
            for k, one in enumerate(request.appointments)
        ),
    )
