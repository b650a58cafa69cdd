"""Reasons read as plain sentences."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest

from api.services.fix_texts import fix_text
from api.services.formats import format_date, format_distance, format_duration, format_money
from api.services.reason_texts import Wording, reason_text, shown_amount
from routing.reasons import Certainty, Fix, FixKind, Reason, ReasonCode, Scope, Unit

DOCS = Path(__file__).resolve().parents[2] / "docs"
WORDING = Wording(("Müller GmbH", "Weber KG", None), (date(2026, 6, 1), date(2026, 6, 2)), "EUR")
SENTENCE = re.compile(r"[A-Z][^{}]*[A-Za-z0-9)]\.")


def reason(code: ReasonCode, scope: Scope = Scope.ROUTE, **details: object) -> Reason:
    return Reason(code, Certainty.PROVED, scope, **details)  # type: ignore[arg-type]


def test_a_displaced_visit_names_what_is_in_the_way() -> None:
    displaced = reason(
        ReasonCode.DISPLACED_BY_HIGHER_VALUE,
        shift_index=0,
        value=25050,
        limit=32000,
        unit=Unit.CENTS,
        blocking=(0,),
        fix=Fix(FixKind.DROP_CLIENTS, client_indices=(0,)),
    )
    assert reason_text(displaced, WORDING) == (
        "Fits on Mon 1 June only if Müller GmbH (EUR 320) is dropped; "
        "in its place it brings EUR 250.50."
    )
    assert fix_text(displaced, WORDING) == "Drop Müller GmbH, or make this one a must."


def test_a_displaced_visit_that_would_lose_money_says_so() -> None:
    displaced = reason(
        ReasonCode.DISPLACED_BY_HIGHER_VALUE,
        shift_index=1,
        value=-500,
        limit=32000,
        unit=Unit.CENTS,
        blocking=(2,),
    )
    assert reason_text(displaced, WORDING) == (
        "Fits on Tue 2 June only if another visit (EUR 320) is dropped, "
        "and would even then cost EUR 5 more than it brings."
    )


@pytest.mark.parametrize(
    ("given", "text", "fix"),
    [
        (
            reason(
                ReasonCode.EXCEEDS_MAX_DETOUR,
                Scope.VISIT,
                value=5100,
                limit=3600,
                unit=Unit.SECONDS,
                fix=Fix(FixKind.RAISE_TRAVEL_LIMIT, 1500),
            ),
            "Alone it adds 1 h 25 to the direct way; the limit is 1 h 00.",
            "Allow at least 25 min more detour.",
        ),
        (
            reason(
                ReasonCode.EXCEEDS_MAX_DETOUR,
                value=3601,
                limit=3599,
                unit=Unit.SECONDS,
                fix=Fix(FixKind.RAISE_TRAVEL_LIMIT, 60),
            ),
            "With the visits planned it would make the detour 1 h 01; the limit is 59 min.",
            "Allow 1 min more detour.",
        ),
        (
            reason(
                ReasonCode.EXCEEDS_WORKING_TIME,
                Scope.VISIT,
                shift_index=1,
                value=40200,
                limit=36000,
                unit=Unit.SECONDS,
                fix=Fix(FixKind.END_LATER, 4200, 1),
            ),
            "Even alone the way there, the visit and the way on take 11 h 10 on Tue 2 June; "
            "there are only 10 h 00.",
            "Extend Tue 2 June by at least 1 h 10.",
        ),
        (
            reason(
                ReasonCode.NO_TIME_LEFT,
                shift_index=0,
                value=2050,
                unit=Unit.SECONDS,
                fix=Fix(FixKind.START_EARLIER, 2100, 1),
            ),
            "No time is left, even if one visit is dropped: 35 min are missing on Mon 1 June.",
            "Start Tue 2 June 35 min earlier.",
        ),
        (
            reason(
                ReasonCode.VALUE_BELOW_COST,
                shift_index=0,
                value=8000,
                limit=6005,
                unit=Unit.CENTS,
                fix=Fix(FixKind.REQUIRE),
            ),
            "Visiting it on Mon 1 June would cost EUR 80 and bring EUR 60.05.",
            "Make it a must.",
        ),
        (
            reason(
                ReasonCode.CONFLICTS_WITH_REQUIRED,
                shift_index=0,
                blocking=(1,),
                fix=Fix(FixKind.DROP_CLIENTS, client_indices=(1,)),
            ),
            "Fits on Mon 1 June only without Weber KG, which is a must.",
            "Drop Weber KG, or no longer make it a must.",
        ),
        (
            reason(
                ReasonCode.CONFLICTS_WITH_REQUIRED,
                blocking=(0, 1),
                fix=Fix(FixKind.DROP_CLIENTS, client_indices=(0, 1)),
            ),
            "Cannot be kept together with Müller GmbH and Weber KG, which are musts.",
            "Drop Müller GmbH and Weber KG, or no longer make them a must.",
        ),
        (
            reason(
                ReasonCode.CONFLICTS_WITH_APPOINTMENT,
                shift_index=0,
                blocking=(1,),
                fix=Fix(FixKind.DROP_CLIENTS, client_indices=(1,)),
            ),
            "Fits on Mon 1 June only without the appointment with Weber KG.",
            "Move or drop the appointment with Weber KG.",
        ),
        (
            reason(
                ReasonCode.CONFLICTS_WITH_APPOINTMENT,
                blocking=(0, 2),
                fix=Fix(FixKind.MOVE_BREAK, -1200, 0, break_index=0),
            ),
            "Cannot be kept together with the appointments with Müller GmbH and somebody else.",
            "Let the break of Mon 1 June start 20 min earlier.",
        ),
        (
            reason(
                ReasonCode.NO_TIME_LEFT,
                shift_index=0,
                value=600,
                unit=Unit.SECONDS,
                fix=Fix(FixKind.SHORTEN_BREAK, 600, 0, break_index=0),
            ),
            "No time is left, even if one visit is dropped: 10 min are missing on Mon 1 June.",
            "Shorten the break of Mon 1 June by 10 min.",
        ),
        (
            reason(
                ReasonCode.EXCEEDS_DRIVE_LIMIT,
                Scope.VISIT,
                shift_index=0,
                value=15_000,
                limit=14_400,
                unit=Unit.SECONDS,
                fix=Fix(FixKind.RAISE_DRIVE_LIMIT, 600, 0),
            ),
            "Driving on Mon 1 June would take 4 h 10; the limit is 4 h 00.",
            "Allow at least 10 min more driving on Mon 1 June.",
        ),
        (
            reason(
                ReasonCode.EXCEEDS_DISTANCE_LIMIT,
                shift_index=1,
                value=312_000,
                limit=300_000,
                unit=Unit.METRES,
                fix=Fix(FixKind.RAISE_DISTANCE_LIMIT, shift_index=1, amount_m=12_000),
            ),
            "The way on Tue 2 June would be 312 km long; the limit is 300 km.",
            "Allow 12 km more on Tue 2 June.",
        ),
        (
            reason(
                ReasonCode.MAX_VISITS_REACHED,
                shift_index=1,
                value=7,
                limit=6,
                unit=Unit.VISITS,
                fix=Fix(FixKind.RAISE_MAX_VISITS, shift_index=1, amount_visits=1),
            ),
            "The plan on Tue 2 June already has the 6 visits that are allowed.",
            "Allow 1 more visit on Tue 2 June.",
        ),
        (
            reason(
                ReasonCode.UNREACHABLE_BY_ROAD,
                Scope.VISIT,
                value=80_000,
                limit=50_000,
                unit=Unit.METRES,
            ),
            "It lies 80 km from the nearest known road; the limit is 50 km.",
            None,
        ),
        (
            reason(ReasonCode.NOT_SHORTLISTED, Scope.SEARCH, limit=200, unit=Unit.VISITS),
            "The plan was made from the 200 that bring most for the time they take.",
            "Make it a must.",
        ),
    ],
    ids=lambda value: value.code if isinstance(value, Reason) else "",
)
def test_numbers_dates_and_names_are_filled_in(given: Reason, text: str, fix: str | None) -> None:
    assert reason_text(given, WORDING) == text
    assert fix_text(given, WORDING) == fix


def test_a_fix_says_at_what_time_the_longer_day_begins_or_ends() -> None:
    hours = tuple(
        (datetime(2026, 6, day, 8, tzinfo=UTC), datetime(2026, 6, day, 17, tzinfo=UTC))
        for day in (1, 2)
    )
    wording = replace(WORDING, shift_hours=hours)
    earlier = reason(ReasonCode.NO_TIME_LEFT, fix=Fix(FixKind.START_EARLIER, 1741, 1))
    assert fix_text(earlier, wording) == "Start Tue 2 June at 07:30: 30 min earlier."
    later = reason(ReasonCode.NO_TIME_LEFT, fix=Fix(FixKind.END_LATER, 1500, 0))
    assert fix_text(later, wording) == "Extend Mon 1 June by 25 min, to 17:25."
    least = reason(ReasonCode.EXCEEDS_WORKING_TIME, Scope.VISIT, fix=later.fix)
    assert fix_text(least, wording) == "Extend Mon 1 June by at least 25 min, to 17:25 or later."


def test_an_appointment_is_neither_open_nor_closed() -> None:
    closed = reason(ReasonCode.CLOSED_DURING_TRIP, Scope.VISIT)
    assert "is closed during" in reason_text(closed, WORDING)
    assert "within the days" in reason_text(closed, replace(WORDING, is_appointment=True))


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_is_a_sentence_whatever_is_known(code: ReasonCode) -> None:
    fixes = [None, *(Fix(kind, 900, 1, (0, 1, 2)) for kind in FixKind)]
    for scope, unit, blocking, shift_index, fix, wording in product(
        Scope, (None, *Unit), ((), (0,), (1, 2)), (None, 1), fixes, (WORDING, Wording())
    ):
        number = None if unit is None else 4000
        given = reason(
            code,
            scope,
            shift_index=shift_index,
            value=number,
            limit=number,
            unit=unit,
            blocking=blocking,
            fix=fix,
        )
        assert SENTENCE.fullmatch(reason_text(given, wording))
        advice = fix_text(given, wording)
        assert advice is not None or fix is None
        assert advice is None or SENTENCE.fullmatch(advice)


@pytest.mark.parametrize(
    ("duration_s", "down", "up"),
    [
        (0, "0 min", "0 min"),
        (59, "0 min", "1 min"),
        (3599, "59 min", "1 h 00"),
        (5100, "1 h 25", "1 h 25"),
        (90_061, "25 h 01", "25 h 02"),
        (-600, "-10 min", "-10 min"),
    ],
)
def test_durations(duration_s: int, down: str, up: str) -> None:
    assert format_duration(duration_s) == down
    assert format_duration(duration_s, round_up=True) == up


@pytest.mark.parametrize(
    ("distance_m", "down", "up"),
    [
        (0, "0 km", "0 km"),
        (50_000, "50 km", "50 km"),
        (50_010, "50 km", "50.1 km"),
        (1_234_567, "1,234.5 km", "1,234.6 km"),
    ],
)
def test_distances(distance_m: int, down: str, up: str) -> None:
    assert format_distance(distance_m) == down
    assert format_distance(distance_m, round_up=True) == up


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "EUR 0"), (5, "EUR 0.05"), (123_456_700, "EUR 1,234,567"), (-150, "EUR -1.50")],
)
def test_money(cents: int, text: str) -> None:
    assert format_money(cents, "EUR") == text


def test_dates_do_not_depend_on_the_language_of_the_machine() -> None:
    days = [date(2026, month, month) for month in range(1, 13)]
    assert [format_date(day) for day in days[:3]] == [
        "Thu 1 January",
        "Mon 2 February",
        "Tue 3 March",
    ]
    assert len({format_date(day) for day in days}) == 12


@pytest.mark.parametrize(
    ("amount", "unit", "shown"),
    [
        (12_345, Unit.CENTS, (123.45, "EUR")),
        (90, Unit.SECONDS, (90, "s")),
        (90, Unit.METRES, (90, "m")),
        (None, Unit.SECONDS, (None, None)),
    ],
)
def test_amounts_in_answers_are_whole_currency(
    amount: int | None, unit: Unit, shown: tuple[float | None, str | None]
) -> None:
    assert shown_amount(amount, unit, "EUR") == shown


def test_the_documentation_explains_every_code() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", (DOCS / "reasons.md").read_text(), re.MULTILINE)
    assert rows == [code.value for code in ReasonCode]


def test_the_documentation_explains_certainty_and_scope() -> None:
    text = (DOCS / "reasons.md").read_text()
    assert [x for x in (*Certainty, *Scope) if f"`{x}`" not in text] == []
