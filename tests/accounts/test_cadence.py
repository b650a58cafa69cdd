import numpy as np
import pytest

from accounts import NO_VISITS_DAYS
from accounts.cadence import FieldTime, cadence

REP = FieldTime(7, 9.49, 51.31, week_s=40 * 3600.0, day_count=5)


def loads(table, reps=(REP,), is_field=None, has_location=None, stop_s=None):
    n = len(table)
    return cadence(
        table,
        np.ones(n, bool) if is_field is None else np.array(is_field),
        np.ones(n, bool) if has_location is None else np.array(has_location),
        reps,
        stop_s,
    )


def at_home(make_table, n, **columns):
    """n accounts of the rep at one place, which is the home: no travel at all."""
    facts = {
        "owner_rep_id": np.full(n, 7),
        "visit_interval_days": np.full(n, 7.0),
        "service_duration_s": np.full(n, 3600),
    }
    return make_table(n, **(facts | columns))


def test_the_load_is_service_over_interval_and_the_capacity_a_share_of_the_hours(make_table):
    """16 accounts a week of an hour each are 16 h; 40 h at 0.8 in the field are 32 h."""
    found = loads(at_home(make_table, 16))
    (load,) = found.reps
    assert load.service_s == pytest.approx(16 * 3600)
    assert load.travel_s == pytest.approx(0, abs=1)
    assert load.capacity_s == 32 * 3600
    assert load.visits == pytest.approx(16)
    assert load.stretch == 1
    assert found.interval_stretch.tolist() == [1] * 16


def test_all_intervals_of_a_rep_are_stretched_in_one_ratio_when_time_does_not_suffice(make_table):
    """48 h of work for 32 h: everybody waits 1.5 times as long, and then it fits."""
    table = at_home(make_table, 48)
    found = loads(table)
    assert found.reps[0].stretch == pytest.approx(1.5, rel=1e-3)
    assert np.ptp(found.interval_stretch) == 0
    stretched = table.visit_interval_days * found.interval_stretch
    fits = loads(at_home(make_table, 48, visit_interval_days=stretched))
    assert fits.reps[0].load_s == pytest.approx(fits.reps[0].capacity_s, rel=1e-9)


def test_others_accounts_and_those_without_visits_are_no_load(make_table):
    owner = np.array([7, 7, 7, 8, -1])
    interval = np.array([7.0, 7.0, NO_VISITS_DAYS, 7.0, 7.0])
    table = at_home(make_table, 5, owner_rep_id=owner, visit_interval_days=interval)
    found = loads(table, is_field=[True, False, True, True, True])
    assert found.reps[0].account_count == 1
    assert found.reps[0].visits == pytest.approx(1)


def test_a_rep_without_hours_stretches_nothing(make_table):
    found = loads(at_home(make_table, 3), reps=(FieldTime(7, 9.49, 51.31, 0.0, 0),))
    assert found.reps[0].stretch == 1
    assert not found.reps[0].has_hours


def test_travel_grows_with_the_way_and_is_never_unknown(make_table):
    lon = np.array([9.5, 9.6, 10.5, np.nan, 9.5])
    table = at_home(
        make_table,
        5,
        lon=lon,
        lat=np.where(np.isnan(lon), np.nan, 51.31),
        owner_rep_id=np.array([7, 7, 7, 7, -1]),
    )
    found = loads(table, has_location=np.isfinite(lon))
    assert np.isfinite(found.travel_s).all()
    assert found.travel_s[0] < found.travel_s[2]
    # Without a position or a rep: the median of the others.
    assert found.travel_s[3] == found.travel_s[4] == np.median(found.travel_s[:3])


def test_every_stop_takes_its_time_of_the_day(make_table):
    """16 visits a week at home, with 10 minutes to leave the road each: 160 minutes of travel."""
    plain = loads(at_home(make_table, 16))
    found = loads(at_home(make_table, 16), stop_s=np.full(16, 600.0))
    assert found.reps[0].travel_s == pytest.approx(16 * 600, abs=1)
    assert found.travel_s.tolist() == pytest.approx([600] * 16, abs=0.1)
    # Parking is no way.
    assert found.travel_m == pytest.approx(plain.travel_m)


def test_a_tour_joins_only_accounts_that_are_due(make_table):
    """
    Nine accounts on a line, 0.01 degrees of latitude (1,112 m) apart, the rep at the middle one.

    Seen from the middle, the circle that reaches the eighth nearest has a radius of 4 x 1,112 m: an
    area of pi x 4,448**2 / 8 = 7.77 km2 each, and 0.3 of them are due, so 25.9 km2 for each of
    those. The hop is 0.7124 x sqrt(25.9 km2) = 3,625 m, x 1.3 / 16 m/s = 295 s; home is there. A
    day of 6.4 h holds 23,040 / 3,895 = 5.92 such calls, to one of which there is no hop: 245 s.
    """
    lat = 51.31 + 0.01 * (np.arange(9) - 4)
    found = loads(at_home(make_table, 9, lat=lat))
    assert found.travel_s[4] == pytest.approx(245, abs=2)


def test_a_lonely_account_takes_the_way_there_and_back_and_no_more(make_table):
    """Two accounts at home and one 3 degrees north: 2 x 333,585 m x 1.3 / 16 m/s = 54,208 s."""
    found = loads(at_home(make_table, 3, lat=np.array([51.31, 51.31, 54.31])))
    assert found.travel_s[2] == pytest.approx(54_208, rel=2e-3)


def test_without_accounts_or_reps_there_is_nothing_to_stretch(make_table):
    assert loads(at_home(make_table, 2), reps=()).interval_stretch.tolist() == [1, 1]
    nobody = at_home(make_table, 1, owner_rep_id=np.array([-1]))
    assert loads(nobody).reps[0].load_s == 0
