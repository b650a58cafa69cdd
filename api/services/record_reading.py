"""From what a request says of an account to the record that is written."""

from accounts import AccountRecord, ContactRecord, LocationLevel, Programme, Status
from accounts.account import OpeningHours, OpeningWindow
from api.schemas.account_record import AccountChanges, AccountFacts, ContactFacts, OpeningFacts
from api.services.errors import Fault, RefusedRequestError, pointer
from geo import Location


def record_of(
    system: str, external_id: str, said: AccountChanges, home_country: str, programme: Programme
) -> AccountRecord:
    """
    What is said of an account, as it is written: the data set's own country as none.

    Raises
    ------
    RefusedRequestError
        When there is no such segment, hours end before they begin, or a level has no position.
    """
    faults: list[Fault] = []
    segment = None if said.segment is None else _segment(said.segment, programme, faults)
    hours = None
    if said.opening_hours is not None:
        hours = opening_hours(said.opening_hours, "opening_hours", faults)
    position, level, owner = _of_the_system(said, faults)
    if faults:
        raise RefusedRequestError(faults)
    address = said.address
    country = None if address is None else address.country
    return AccountRecord(
        system=system,
        external_id=external_id,
        name=said.name,
        status=None if said.status is None else Status(said.status),
        segment=segment,
        potential_cents=None if said.potential is None else round(100 * said.potential),
        location=position,
        location_level=level,
        street=None if address is None else address.street,
        postcode=None if address is None else address.postcode,
        town=None if address is None else address.town,
        country="" if country == home_country else country,
        opening_hours=hours,
        service_duration_s=said.service_duration_s,
        visit_interval_days=said.visit_interval_days,
        notes=said.notes,
        owner=owner,
        contacts=None if said.contacts is None else tuple(map(_contact, said.contacts)),
    )


def name_missing(at: str = "") -> Fault:
    return Fault(f"{at}/name", "MISSING", "name is missing. A new account needs one.")


def _segment(name: str, programme: Programme, faults: list[Fault]) -> str:
    names = [segment.name for segment in programme]
    if name not in names:
        detail = f"There is no segment {name!r}; there are {', '.join(names)}."
        faults.append(Fault("/segment", "UNKNOWN_SEGMENT", detail))
    return name


def opening_hours(windows: tuple[OpeningFacts, ...], key: str, faults: list[Fault]) -> OpeningHours:
    """Weekly hours; those that end before they begin become faults."""
    found = []
    for k, window in enumerate(windows):
        opens_s, closes_s = _seconds(window.opens), _seconds(window.closes)
        if opens_s >= closes_s:
            detail = (
                f"It closes at {window.closes}, which is not after it opens at {window.opens}. "
                "Hours past midnight are two entries; 24:00 is the end of the day."
            )
            faults.append(Fault(pointer(key, k, "closes"), "END_BEFORE_START", detail))
        else:
            found.append(OpeningWindow(window.weekday, opens_s, closes_s))
    return tuple(sorted(found))


def _seconds(clock: str) -> int:
    hours, minutes = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes)


def _of_the_system(
    said: AccountChanges, faults: list[Fault]
) -> tuple[Location | None, LocationLevel | None, str | None]:
    """What only another system says: a position, how exactly it is known, and the owner."""
    if not isinstance(said, AccountFacts):
        return None, None, None
    if said.location_level is not None and said.position is None:
        detail = "location_level says how exactly position is known, and position is missing."
        faults.append(Fault("/position", "MISSING", detail))
    position = None if said.position is None else Location(*said.position)
    level = None if said.location_level is None else LocationLevel(said.location_level)
    return position, level, said.owner


def _contact(said: ContactFacts) -> ContactRecord:
    return ContactRecord(said.name or "", said.role or "", said.email or "", said.phone or "")
