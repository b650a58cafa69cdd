"""Reading many rows at once, and local days of moments."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from data.database import Database
from data.flat_rows import columns_of, instant, local_days, read_rows, seconds
from data.tables import Visit
from tests.data.builders import add_account, add_visit


def day_of(moment: datetime, zone: str) -> int:
    return (moment.astimezone(ZoneInfo(zone)).date() - date(1970, 1, 1)).days


def test_columns_of_no_rows_are_empty_and_as_many_as_said() -> None:
    assert columns_of([], 3) == [(), (), ()]


def test_moments_come_as_seconds_from_both_databases(database: Database, dataset_id: int) -> None:
    early = datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)
    late = datetime(2026, 3, 29, 1, 0, 0, tzinfo=UTC)
    with database.session() as session:
        account = add_account(session, dataset_id)
        for moment in (late, early):
            add_visit(session, account.id, moment)
        each = select(instant(session, Visit.start_at)).order_by(Visit.start_at)
        (found,) = columns_of(read_rows(session, each), 1)
        assert seconds(found).tolist() == [int(early.timestamp()), int(late.timestamp())]
        last = select(instant(session, func.max(Visit.start_at)))
        (found,) = columns_of(read_rows(session, last), 1)
        assert seconds(found).tolist() == [int(late.timestamp())]


def test_seconds_of_nothing_are_none() -> None:
    assert seconds(()).tolist() == []


@given(
    st.lists(
        st.integers(31_536_000, 2_145_916_800).map(
            lambda second: datetime.fromtimestamp(second, UTC)
        ),
        max_size=20,
    ),
    st.sampled_from(
        ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
    ),
)
def test_local_days_are_those_of_the_zone(moments: list[datetime], zone: str) -> None:
    found = local_days(
        np.array([int(moment.timestamp()) for moment in moments], dtype=np.int64), ZoneInfo(zone)
    )
    assert found.tolist() == [day_of(moment, zone) for moment in moments]


def test_days_on_which_clocks_change_begin_and_end_where_the_zone_says() -> None:
    # The night of 29 March 2026 in Berlin: every quarter of an hour around both midnights.
    begin = datetime(2026, 3, 28, 20, tzinfo=UTC)
    moments = [begin + timedelta(minutes=15 * k) for k in range(120)]
    found = local_days(
        np.array([int(m.timestamp()) for m in moments], dtype=np.int64), ZoneInfo("Europe/Berlin")
    )
    assert found.tolist() == [day_of(moment, "Europe/Berlin") for moment in moments]
    assert len(set(found.tolist())) == 3
