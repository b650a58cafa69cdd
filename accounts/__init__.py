"""What is known of accounts and what a visit to each is worth."""

from accounts.account import (
    LOCATION_LEVELS,
    MOST_MONTHLY_VISITS,
    NEVER_ORDERED,
    NEVER_VISITED,
    NO_LEVEL,
    NO_OWNER,
    STATUSES,
    AccountTable,
    LocationLevel,
    OpeningHours,
    OpeningWindow,
    Status,
)
from accounts.engagement import (
    DUE_STATES,
    FOUNDING_PROGRAMME,
    NO_VISITS_DAYS,
    PROGRAMME,
    CallChannel,
    Channel,
    DueState,
    Programme,
    Segment,
)
from accounts.errors import (
    AccountsError,
    InvalidAccountsError,
    InvalidProgrammeError,
    InvalidResponseError,
    InvalidValueModelError,
)
from accounts.record import AccountRecord, Address, ContactRecord
from accounts.response import PowerResponse
from accounts.rules import Rules
from accounts.scoring import Scores, score
from accounts.value.account_values import (
    AccountValues,
    FitReport,
    ValueParameters,
    fit,
    value_accounts,
)
from accounts.value.panel import Panel, build_panel
from accounts.visit_value import Worth

__all__ = [
    "DUE_STATES",
    "FOUNDING_PROGRAMME",
    "LOCATION_LEVELS",
    "MOST_MONTHLY_VISITS",
    "NEVER_ORDERED",
    "NEVER_VISITED",
    "NO_LEVEL",
    "NO_OWNER",
    "NO_VISITS_DAYS",
    "PROGRAMME",
    "STATUSES",
    "AccountRecord",
    "AccountTable",
    "AccountValues",
    "AccountsError",
    "Address",
    "CallChannel",
    "Channel",
    "ContactRecord",
    "DueState",
    "FitReport",
    "InvalidAccountsError",
    "InvalidProgrammeError",
    "InvalidResponseError",
    "InvalidValueModelError",
    "LocationLevel",
    "OpeningHours",
    "OpeningWindow",
    "Panel",
    "PowerResponse",
    "Programme",
    "Rules",
    "Scores",
    "Segment",
    "Status",
    "ValueParameters",
    "Worth",
    "build_panel",
    "fit",
    "score",
    "value_accounts",
]
