"""Fixes in figures."""

from datetime import date

from api.services.fix_changes import fix_change
from api.services.reason_texts import Wording
from routing.reasons import Certainty, Fix, FixKind, Reason, ReasonCode, Scope

WORDING = Wording(("Müller GmbH", "Weber KG"), (date(2026, 6, 1), date(2026, 6, 2)), "EUR")


def reason(fix: Fix | None, code: ReasonCode = ReasonCode.NO_TIME_LEFT) -> Reason:
    return Reason(code, Certainty.PROVED, Scope.ROUTE, fix=fix)


def test_a_longer_day_is_named_by_its_date_and_by_how_much() -> None:
    change = fix_change(reason(Fix(FixKind.END_LATER, amount_s=900, shift_index=1)), WORDING)
    assert change is not None
    assert change.body() == {"kind": "end_later", "day": "2026-06-02", "amount_s": 900}


def test_what_is_to_be_dropped_is_named_by_its_ids() -> None:
    fix = Fix(FixKind.DROP_CLIENTS, client_indices=(0, 1))
    change = fix_change(
        reason(fix, ReasonCode.CONFLICTS_WITH_REQUIRED), WORDING, ("17", "appointment-1")
    )
    assert change is not None
    assert change.drop_ids == ("17", "appointment-1")


def test_what_no_id_names_cannot_be_dropped_by_a_request() -> None:
    fix = Fix(FixKind.DROP_CLIENTS, client_indices=(0, 1))
    displaced = reason(fix, ReasonCode.CONFLICTS_WITH_REQUIRED)
    assert fix_change(displaced, WORDING, ("17", None)) is None


def test_without_a_fix_there_is_no_change() -> None:
    assert fix_change(reason(None), WORDING) is None
