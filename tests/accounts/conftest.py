from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from accounts import AccountTable


@pytest.fixture
def make_table() -> Callable[..., AccountTable]:
    """
    Builds a table of accounts that are alike but for what the test names.

    Each is a customer of segment 2 with a potential of EUR 120,000, 24 orders worth EUR 24,000 in
    24 months (EUR 1,000 a month), a visit a month (365.25/12 days apart) and the last one at day 0.
    """

    def build(n: int = 1, **columns: Any) -> AccountTable:
        facts: dict[str, Any] = {
            "account_id": np.arange(1, n + 1),
            "name": tuple(f"Account {i}" for i in range(1, n + 1)),
            "postcode": ("34117",) * n,
            "town": ("Kassel",) * n,
            "lon": np.full(n, 9.49),
            "lat": np.full(n, 51.31),
            "status": np.full(n, 1, dtype=np.uint8),
            "segment": np.full(n, 2, dtype=np.uint8),
            "potential_eur": np.full(n, 120_000.0),
            "revenue_eur": np.full(n, 24_000.0),
            "order_count": np.full(n, 24),
            "history_months": 24.0,
            "visit_interval_days": np.full(n, 365.25 / 12),
            "service_duration_s": np.full(n, 1800),
            "last_visit_day": np.zeros(n, dtype=np.int64),
            "opening_hours": np.zeros(n, dtype=np.int32),
        }
        return AccountTable(**(facts | columns))

    return build
