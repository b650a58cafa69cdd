"""What came of an import, or would come of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from data.imports.table import RowError

MOST_SHOWN = 200
"""Errors and warnings that a report lists; the file of refused rows has all."""

MOST_OWNERS = 50

NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """
    Parameters
    ----------
    rows
        Of the file, those that were refused included.
    created, updated, unchanged, refused
        What became of them.
    located
        Addresses that were looked for, by the level at which they were found, or `not_found`.
    ambiguous
        How many of them may mean several places.
    positions_given
        Rows that bring a position themselves.
    errors, error_counts
        The first reasons why rows were refused, and how many there are of each code.
    warnings, warning_counts
        The same of what somebody should look at in rows that were taken.
    unknown_owners, unknown_owner_count
        Owners that are no representative here, with the number of their accounts, the most frequent
        first; and how many such owners there are.
    kept_owners
        Accounts whose owner is another one than the file says, since a published plan says so.
    is_dry_run
        Whether nothing was written.
    """

    rows: int
    created: int
    updated: int
    unchanged: int
    refused: int
    located: Mapping[str, int]
    ambiguous: int
    positions_given: int
    errors: tuple[RowError, ...]
    error_counts: Mapping[str, int]
    warnings: tuple[RowError, ...]
    warning_counts: Mapping[str, int]
    unknown_owners: Mapping[str, int]
    unknown_owner_count: int
    kept_owners: int
    is_dry_run: bool

    @property
    def summary(self) -> str:
        """The report in a sentence or two."""
        written = self.created + self.updated + self.unchanged
        if self.is_dry_run:
            begin, created, updated = "Nothing was written yet.", "would be new", "would change"
        else:
            begin, created, updated = "", "are new", "have changed"
        if written and self.unchanged == written:
            told = f"Nothing has changed: {_accounts(written)} as before."
        elif not written:
            told = "No row can be used." if self.is_dry_run else "No row could be used."
        else:
            told = (
                f"Of {written:,} accounts {self.created:,} {created}, {self.updated:,} {updated} "
                f"and {self.unchanged:,} stay as they are."
            )
        refused = f"{self.refused:,} rows are refused." if self.refused > 1 else ""
        refused = "One row is refused." if self.refused == 1 else refused
        return " ".join(part for part in (begin, told, refused) if part)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "summary": self.summary}


def counted(errors: Sequence[RowError]) -> dict[str, int]:
    """How many there are of each code, the most frequent first."""
    return dict(Counter(error.code for error in errors).most_common())


def _accounts(count: int) -> str:
    return "the account is" if count == 1 else f"all {count:,} accounts are"
