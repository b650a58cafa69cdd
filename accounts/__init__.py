"""What is known of accounts and what a visit to each is worth."""

from accounts.account import (
    NEVER_VISITED,
    NO_OWNER,
    STATUSES,
    AccountTable,
    OpeningHours,
    OpeningWindow,
    Status,
)
from accounts.engagement import DUE_STATES, PROGRAMME, Channel, DueState, Segment
from accounts.errors import AccountsError, InvalidAccountsError, InvalidResponseError
from accounts.response import PowerResponse
from accounts.scoring import Scores, score

__all__ = [
    "DUE_STATES",
    "NEVER_VISITED",
    "NO_OWNER",
    "PROGRAMME",
    "STATUSES",
    "AccountTable",
    "AccountsError",
    "Channel",
    "DueState",
    "InvalidAccountsError",
    "InvalidResponseError",
    "OpeningHours",
    "OpeningWindow",
    "PowerResponse",
    "Scores",
    "Segment",
    "Status",
    "score",
]
