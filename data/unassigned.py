"""Why each account was left out of a route, packed as columns."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Unassigned:
    """
    Accounts left out, one row each.

    Packed, 24,000 rows take some hundred kilobytes; as rows of a table they would take megabytes
    for every route.

    Parameters
    ----------
    account_id
        (n,) int64, ascending and distinct.
    code
        (n,) uint8, index into `codes`: the first reason.
    codes
        The reason codes that occur. They are kept with the rows, so that a code added to the
        program later changes no stored route.
    facts
        Further columns of n numbers by name, such as `detour_s`.

    Raises
    ------
    ValueError
        When columns differ in length, ids are not ascending or a code does not exist.
    """

    account_id: NDArray[np.int64]
    code: NDArray[np.uint8]
    codes: tuple[str, ...]
    facts: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        n = len(self.account_id)
        for name, column in {"code": self.code, **self.facts}.items():
            if len(column) != n:
                raise ValueError(f"{n} accounts but {len(column)} entries in {name}.")
        if n > 1 and (np.diff(self.account_id) <= 0).any():
            raise ValueError("Account ids must be ascending and distinct.")
        if n and int(self.code.max()) >= len(self.codes):
            raise ValueError(f"Code {self.code.max()} is outside the {len(self.codes)} codes.")

    def __len__(self) -> int:
        return len(self.account_id)

    def __getitem__(self, rows: NDArray[Any] | slice) -> "Unassigned":
        facts = {name: column[rows] for name, column in self.facts.items()}
        return Unassigned(self.account_id[rows], self.code[rows], self.codes, facts)

    def to_bytes(self) -> bytes:
        columns: dict[str, Any] = {f"fact_{name}": column for name, column in self.facts.items()}
        # Differences of ascending ids are small and mostly equal, which compresses away.
        columns["account_id"] = np.diff(self.account_id, prepend=0)
        columns["code"] = self.code
        columns["codes"] = np.array(self.codes, dtype=np.str_)
        buffer = io.BytesIO()
        np.savez_compressed(buffer, **columns)
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Unassigned":
        with np.load(io.BytesIO(packed), allow_pickle=False) as columns:
            return cls(
                account_id=np.cumsum(columns["account_id"]),
                code=columns["code"],
                codes=tuple(columns["codes"].tolist()),
                facts={
                    name.removeprefix("fact_"): columns[name]
                    for name in columns.files
                    if name.startswith("fact_")
                },
            )

    def page(
        self,
        code: str | None = None,
        account_id: int | None = None,
        cursor: int | None = None,
        limit: int = 100,
    ) -> tuple["Unassigned", int | None]:
        """
        The next rows after `cursor`, an account id, and the cursor that goes on from there.

        A code that does not occur has no rows.
        """
        is_wanted = np.ones(len(self), dtype=bool)
        if code is not None:
            is_wanted &= self.code == (self.codes.index(code) if code in self.codes else 255)
        if account_id is not None:
            is_wanted &= self.account_id == account_id
        if cursor is not None:
            is_wanted &= self.account_id > cursor
        rows = np.flatnonzero(is_wanted)
        shown = self[rows[:limit]]
        return shown, int(shown.account_id[-1]) if len(rows) > limit else None
