"""What other systems say of accounts, and what they are told back."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.schemas.account import AddressAnswer, ContactAnswer, ExternalRefAnswer, OpeningAnswer
from api.schemas.account_filter import StatusName
from api.schemas.base import (
    LINE,
    LINES,
    AnswerModel,
    DateTime,
    DurationS,
    HourMinute,
    Money,
    Position,
    RequestModel,
    Text,
)
from api.schemas.later import Later
from api.schemas.location import AccountLocation, LevelName
from api.schemas.problem import ProblemEntry

MOST_ITEMS = 1000
"""In one request."""


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), LINE]
"""May be empty, which says that there is nothing."""
ShortLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=50), LINE]
PostcodeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20), LINE]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]
LongText = Annotated[str, StringConstraints(max_length=10_000), LINES]
System = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), LINE]
ExternalId = Annotated[str, StringConstraints(min_length=1, max_length=200), LINE]
EffectName = Literal["created", "updated", "unchanged"]


class AddressFacts(RequestModel):
    """As it is written; an empty text says that there is none."""

    street: Line | None = Field(None, description="With the house number")
    postcode: PostcodeLine | None = None
    town: Line | None = None
    country: Country | None = Field(None, description="ISO 3166-1; empty: that of the data set")


class OpeningFacts(RequestModel):
    weekday: int = Field(ge=1, le=7, description="1 Monday to 7 Sunday")
    opens: HourMinute = Field(description="local HH:MM")
    closes: HourMinute


class ContactFacts(RequestModel):
    name: Line | None = None
    role: Line | None = None
    email: Line | None = None
    phone: ShortLine | None = None


class AccountChanges(RequestModel):
    """What is said of an account by hand. A key that is missing leaves what is known."""

    name: Text | None = Field(None, description="Needed for a new account")
    status: StatusName | None = None
    segment: Text | None = Field(None, description="Name of a segment of the data set")
    potential: Money | None = Field(None, description="What it could buy in a year")
    address: AddressFacts | None = None
    opening_hours: Annotated[tuple[OpeningFacts, ...], Field(max_length=50)] | None = Field(
        None, description="Empty: always open"
    )
    service_duration_s: DurationS | None = None
    visit_interval_days: Annotated[float, Field(ge=1, le=3650)] | None = None
    notes: LongText | None = None
    contacts: Annotated[tuple[ContactFacts, ...], Field(max_length=50)] | None = Field(
        None, description="All of them, the main contact first"
    )


class AccountFacts(AccountChanges):
    """What another system says of an account. A key that is missing leaves what is known."""

    position: Position | None = Field(
        None, description="Goes before the address, but not before a pin that was set by hand"
    )
    location_level: LevelName | None = Field(
        None, description="How exactly `position` is known; default exactly"
    )
    owner: Line | None = Field(
        None, description="Who owns it, as the same system calls the rep; empty: nobody"
    )


class AccountKey(RequestModel):
    """What another system calls an account, or a rep."""

    system: System
    external_id: ExternalId


class BatchItem(AccountFacts):
    external_id: ExternalId


class AccountBatch(RequestModel):
    system: System
    items: Annotated[
        tuple[Annotated[Any, Later(BatchItem)], ...], Field(min_length=1, max_length=MOST_ITEMS)
    ]


class BatchResult(AnswerModel):
    external_id: str | None = Field(None, description="Absent where it could not be read")
    account_id: str | None = None
    effect: Literal["created", "updated", "unchanged", "refused"]
    errors: tuple[ProblemEntry, ...] = Field((), description="Why it was refused")


class ItemCounts(AnswerModel):
    """How many items had each effect."""

    created: int
    updated: int
    unchanged: int
    refused: int


class AccountBatchResult(AnswerModel):
    items: tuple[BatchResult, ...] = Field(description="In the order of the request")
    counts: ItemCounts
    unknown_owners: dict[str, int] = Field(
        description="Owners that are no reps here, and of how many of these accounts"
    )
    kept_owners: tuple[str, ...] = Field(
        description="Accounts whose owner a published plan says, and not this request"
    )


class AccountRecordAnswer(AnswerModel):
    """All that is stored of an account itself, without visits and orders."""

    account_id: str
    version: int
    external_refs: tuple[ExternalRefAnswer, ...]
    name: str
    status: StatusName
    segment: str
    potential: float
    address: AddressAnswer
    location: AccountLocation
    opening_hours: tuple[OpeningAnswer, ...]
    service_duration_s: int
    visit_interval_days: float | None = Field(None, description="Missing: no visits")
    notes: str
    owner: str = Field(description="As the other system calls the rep; empty: nobody")
    owner_id: str | None = Field(None, description="The rep who owns it today")
    contacts: tuple[ContactAnswer, ...]
    created_at: DateTime
    updated_at: DateTime


class ExternalAccount(AccountRecordAnswer):
    system: str
    external_id: str


class DeletedAccount(AnswerModel):
    account_id: str
    external_refs: tuple[ExternalRefAnswer, ...]
    deleted: Literal[True] = True
    updated_at: DateTime


class ChangesQuery(RequestModel):
    updated_since: DateTime | None = Field(None, description="Without it, all accounts")
    cursor: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}-[0-9]{1,18}$")] | None = Field(
        None, description="`next_cursor` of the page before"
    )
    limit: int = Field(100, ge=1, le=MOST_ITEMS)


class AccountChangeList(AnswerModel):
    items: tuple[AccountRecordAnswer | DeletedAccount, ...] = Field(
        description="In the order of their last change"
    )
    next_cursor: str | None = None
    next_since: DateTime | None = Field(
        None, description="On the last page: `updated_since` of the next round"
    )


class OwnerChange(RequestModel):
    rep_id: Text | None = Field(None, description="Absent or null: nobody")


class OwnerAnswer(AnswerModel):
    account_id: str
    version: int
    owner_id: str | None = None
    owner: str | None = None
