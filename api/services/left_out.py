"""Everybody who was considered and is not visited: the reason of each, packed and unpacked."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.schemas.route import ReasonAnswer
from api.services.fix_changes import fix_change
from api.services.fix_texts import fix_text
from api.services.pool import NONE
from api.services.reason_texts import Wording, date_of, reason_text, shown_amount
from data.unassigned import Unassigned
from routing.reasons import Certainty, Reason, ReasonCode, Scope, Unit

CODES = tuple(ReasonCode)
UNITS = tuple(Unit)
UNDECIDED = 255

_SCOPES = {
    ReasonCode.NOT_SHORTLISTED: Scope.SEARCH,
    ReasonCode.SEARCH_LIMIT: Scope.SEARCH,
}


@dataclass(slots=True, eq=False)
class Screening:
    """
    The first reason found for each row of those considered; rows without one stay in.

    Parameters
    ----------
    code
        (n,) uint8, index into `CODES`, or `UNDECIDED`.
    value, limit
        (n,) int64, or `NONE`.
    unit
        (n,) uint8, index into `UNITS`.
    """

    code: NDArray[np.uint8]
    value: NDArray[np.int64]
    limit: NDArray[np.int64]
    unit: NDArray[np.uint8]

    @classmethod
    def of(cls, n: int) -> "Screening":
        return cls(
            np.full(n, UNDECIDED, dtype=np.uint8),
            np.full(n, NONE, dtype=np.int64),
            np.full(n, NONE, dtype=np.int64),
            np.zeros(n, dtype=np.uint8),
        )

    @property
    def is_in(self) -> NDArray[np.bool_]:
        return self.code == UNDECIDED

    def exclude(
        self,
        rows: NDArray[np.bool_],
        code: ReasonCode,
        value: NDArray[np.int64] | int = NONE,
        limit: NDArray[np.int64] | int = NONE,
        unit: Unit = Unit.SECONDS,
    ) -> None:
        """Give these rows a reason, unless they have one."""
        chosen = rows & self.is_in
        self.code[chosen] = CODES.index(code)
        self.value[chosen] = np.broadcast_to(value, chosen.shape)[chosen]
        self.limit[chosen] = np.broadcast_to(limit, chosen.shape)[chosen]
        self.unit[chosen] = UNITS.index(unit)

    def reason(self, row: int) -> Reason:
        return made_reason(
            CODES[self.code[row]], int(self.value[row]), int(self.limit[row]), int(self.unit[row])
        )


def made_reason(code: ReasonCode, value: int, limit: int, unit: int) -> Reason:
    """A reason from its numbers; what was never measured is `NONE`."""
    scope = _SCOPES.get(code, Scope.VISIT)
    has_value, has_limit = value != NONE, limit != NONE
    return Reason(
        code,
        Certainty.BEST_KNOWN if scope is Scope.SEARCH else Certainty.PROVED,
        scope,
        value=value if has_value else None,
        limit=limit if has_limit else None,
        unit=UNITS[unit] if has_value or has_limit else None,
    )


def reason_answer(
    reason: Reason, wording: Wording, ids: tuple[str | None, ...] = ()
) -> ReasonAnswer:
    """A reason in words; `ids` are those of the clients that it may point to."""
    value, unit = shown_amount(reason.value, reason.unit, wording.currency)
    limit, limit_unit = shown_amount(reason.limit, reason.unit, wording.currency)
    day = None if reason.shift_index is None else wording.shift_dates[reason.shift_index]
    blocking = tuple(found for k in reason.blocking if (found := ids[k]) is not None)
    return ReasonAnswer(
        code=reason.code,
        detail=reason_text(reason, wording),
        certainty=reason.certainty.value,
        scope=reason.scope.value,
        day=date_of(reason) or day,
        value=value,
        limit=limit,
        unit=unit or limit_unit,
        blocking_ids=blocking or None,
        fix=fix_text(reason, wording),
        change=fix_change(reason, wording, ids),
    )


def pack(
    account_id: NDArray[np.int64],
    code: NDArray[np.uint8],
    facts: dict[str, NDArray[np.int64]],
) -> Unassigned:
    """Rows by account id, to be stored."""
    order = np.argsort(account_id)
    return Unassigned(
        account_id[order],
        code[order],
        tuple(code.value for code in CODES),
        {name: column[order] for name, column in facts.items()},
    )
