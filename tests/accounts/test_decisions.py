import numpy as np
import pytest

from accounts import FOUNDING_PROGRAMME, NEVER_VISITED, NO_VISITS_DAYS, PROGRAMME, Channel
from accounts.decisions import AccountException, SpecialSituation, with_exceptions
from accounts.errors import InvalidDecisionError
from accounts.rules import Rules


def special(situation_id: int = 1, from_day: int = 10, until_day: int = 20, **facts):
    return SpecialSituation(situation_id, from_day, until_day, **facts)


def test_an_exception_holds_from_its_first_day_until_before_its_last(make_table):
    table = make_table(2)
    one = AccountException(2, 10, 20, visit_interval_days=14.0, service_duration_s=600)
    assert with_exceptions(table, (one,), 9) is table
    assert with_exceptions(table, (one,), 20) is table
    held = with_exceptions(table, (one,), 19)
    assert held.visit_interval_days[1] == 14
    assert held.service_duration_s.tolist() == [1800, 600]


def test_of_two_exceptions_the_later_one_counts_fact_by_fact(make_table):
    first = AccountException(1, 0, 50, visit_interval_days=14.0, service_duration_s=600)
    second = AccountException(1, 0, 50, visit_interval_days=21.0)
    held = with_exceptions(make_table(1), (first, second), 5)
    assert (held.visit_interval_days[0], held.service_duration_s[0]) == (21, 600)


def test_a_strategic_account_without_visits_is_visited_once_a_year(make_table):
    table = make_table(2, visit_interval_days=np.full(2, NO_VISITS_DAYS))
    held = with_exceptions(table, (AccountException(1, 0, 50, is_strategic=True),), 5)
    assert held.visit_interval_days.tolist() == [365, NO_VISITS_DAYS]


def test_strategic_opens_the_field_whatever_the_channel(make_table):
    """Segments 0 and 1 of the founding programme are visited by nobody, 4 by key accounts."""
    table = make_table(3, segment=np.array([0, 4, 2], dtype=np.uint8))
    exceptions = (
        AccountException(1, 0, 50, is_strategic=True),
        AccountException(3, 0, 50, channel=Channel.RESPOND_ONLY),
    )
    open_ = Rules.on_day(5, table, FOUNDING_PROGRAMME, exceptions).is_field
    assert open_.tolist() == [True, False, False]
    assert Rules.on_day(50, table, FOUNDING_PROGRAMME, exceptions).is_field.tolist() == [
        *(False, False, True),
    ]


def test_factors_multiply_extras_add_and_only_while_they_hold(make_table):
    table = make_table(2, last_visit_day=np.array([0, 0]))
    situations = (
        special(1, account_id=1, prize_factor=2.0),
        special(2, postcode_prefix="34", prize_factor=1.5, prize_extra_cents=500),
        special(3, segment="10k_100k", prize_extra_cents=100),
        special(4, segment="zero", prize_factor=9.0),
    )
    rules = Rules.on_day(10, table, PROGRAMME, (), situations)
    assert rules.prize_factor.tolist() == [3.0, 1.5]
    assert rules.prize_extra_cents.tolist() == [600, 600]
    later = Rules.on_day(20, table, PROGRAMME, (), situations)
    assert later.prize_factor.tolist() == [1, 1]


def test_a_visit_within_the_situation_meets_what_it_requires(make_table):
    """Visited before, on the first day, and never."""
    table = make_table(3, last_visit_day=np.array([9, 10, NEVER_VISITED]))
    situation = special(postcode_prefix="34", is_must_visit=True, prize_extra_cents=100)
    rules = Rules.on_day(12, table, PROGRAMME, (), (situation,))
    assert rules.is_must_visit.tolist() == [True, False, True]
    assert rules.prize_extra_cents.tolist() == [100, 0, 100]


def test_a_required_visit_to_one_account_opens_the_field_but_one_to_many_does_not(make_table):
    table = make_table(2, segment=np.array([4, 4], dtype=np.uint8))
    one = special(account_id=1, is_must_visit=True)
    many = special(2, postcode_prefix="3", is_must_visit=True)
    rules = Rules.on_day(10, table, PROGRAMME, (), (many, one))
    assert rules.is_field.tolist() == [True, False]
    assert rules.is_must_visit.tolist() == [True, False]


def test_what_is_about_somebody_gone_is_about_nobody(make_table):
    table = make_table(2)
    for gone in (
        special(account_id=99, prize_factor=2.0),
        special(segment="gone", prize_factor=2.0),
        special(postcode_prefix="99", prize_factor=2.0),
    ):
        assert len(gone.rows(table, PROGRAMME)) == 0
    exception = AccountException(99, 0, 50, is_strategic=True)
    assert with_exceptions(table, (exception,), 5).visit_interval_days.tolist() == [
        *table.visit_interval_days,
    ]
    assert Rules.on_day(5, table, PROGRAMME, (exception,)).is_field.all()


@pytest.mark.parametrize(
    "facts",
    [
        {"prize_factor": 2.0},
        {"account_id": 1, "segment": "zero", "prize_factor": 2.0},
        {"account_id": 1},
        {"account_id": 1, "prize_factor": 0.5},
        {"account_id": 1, "prize_factor": float("nan")},
        {"account_id": 1, "prize_factor": 11.0},
        {"account_id": 1, "prize_extra_cents": -1},
    ],
)
def test_a_situation_about_nobody_or_for_nothing_is_refused(facts):
    with pytest.raises(InvalidDecisionError):
        special(**facts)


@pytest.mark.parametrize("facts", [{}, {"visit_interval_days": 0.0}])
def test_an_exception_that_says_nothing_or_the_impossible_is_refused(facts):
    with pytest.raises(InvalidDecisionError):
        AccountException(1, 0, 50, **facts)
