"""What another system says of an account."""

from dataclasses import dataclass

from accounts.account import LocationLevel, OpeningHours, Status
from geo import Location


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """Somebody who works at an account; what is not known is empty."""

    name: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """As it is written; the country as ISO 3166-1 or empty."""

    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """
    One account as another system knows it.

    None: nothing is said of it, and what is known of it stays. A new account starts with what its
    segment starts with.

    Parameters
    ----------
    system, external_id
        Who says so, and what the account is called there.
    segment
        Its name in the engagement programme.
    location, location_level
        The position, and how exactly it is known; exactly, unless said otherwise.
    street
        With the house number, as it is written in the country.
    country
        ISO 3166-1, two letters; empty for that of the data set.
    owner
        Who owns the account, as the same system calls the representative; empty for nobody.
    contacts
        All of them, the main one first.
    """

    system: str
    external_id: str
    name: str | None = None
    status: Status | None = None
    segment: str | None = None
    potential_cents: int | None = None
    location: Location | None = None
    location_level: LocationLevel | None = None
    street: str | None = None
    postcode: str | None = None
    town: str | None = None
    country: str | None = None
    opening_hours: OpeningHours | None = None
    service_duration_s: int | None = None
    visit_interval_days: float | None = None
    notes: str | None = None
    owner: str | None = None
    contacts: tuple[ContactRecord, ...] | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Who says so, and what the account is called there."""
        return self.system, self.external_id
