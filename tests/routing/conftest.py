"""Hand-drawn problems that several tests share."""

import numpy as np
import pytest

from routing.problem import Client, OvernightPlace, Problem, Shift, TimeWindow

HOUR_S = 3600


def line_matrices(positions_km: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Places along one road, a minute per kilometre."""
    km = np.abs(np.subtract.outer(positions_km, positions_km))
    return np.rint(km * 60).astype(np.int64), np.rint(km * 1000).astype(np.int64)


@pytest.fixture
def one_day() -> Problem:
    """
    One shift of 4 h from A to B, 60 km apart; a minute per kilometre, no rates.

        A ---- 0 ---- 1 ---- B          2 lies 60 km behind B, 3 right beside 1
        0     20     40     60 km

    Services take 30 minutes. Driving A to B takes 60 minutes: 180 minutes are left. 0, 1 and 3
    take 90 of them. 2 would take 120 of driving and 30 of service: it fits beside one other, no
    more. Prizes 100, 100, 150, 100: the best plan is 0, 1, 3 for 300.
    """
    duration_s, distance_m = line_matrices([0, 60, 20, 40, 120, 40])
    clients = (
        Client(2, 1800, 100),
        Client(3, 1800, 100),
        Client(4, 1800, 150),
        Client(5, 1800, 100),
    )
    return Problem(clients, (Shift(0, 4 * HOUR_S, 0, 1),), duration_s, distance_m)


@pytest.fixture
def two_days() -> Problem:
    """
    Two shifts of 4 h, one night, EUR 60 an hour and 1 a kilometre.

        A ---- H ---- 0 ------------------ 1 ---- J ---- B
        0     60     80                   280    300    360 km

    A to B takes 6 h, so that there is a night at H (EUR 50) or at J (EUR 80), not at A or B
    (EUR 0, both 360 km away from the other: too far for a day). Without visits: 6 h and 360 km
    are EUR 720, and H is the cheaper: -770. Client 0 (EUR 100, 30 min) and 1 (EUR 100, 30 min)
    lie on the way: each brings 100 - 30. With the night at H day 1 has 1 h of driving and day 2
    has 5 h, more than 4: not feasible. With J day 1 has 5 h: not feasible either. A third place
    M at 180 km, EUR 90, is the only one: 3 h each day, one hour to spare on each.
    Best: 0 on day 1, 1 on day 2, value 200 - 720 - 60 - 90 = -670.
    """
    duration_s, distance_m = line_matrices([0, 360, 60, 300, 180, 80, 280])
    return Problem(
        clients=(Client(5, 1800, 10_000), Client(6, 1800, 10_000)),
        shifts=(
            Shift(8 * HOUR_S, 12 * HOUR_S, 0, None),
            Shift(32 * HOUR_S, 36 * HOUR_S, None, 1),
        ),
        duration_s=duration_s,
        distance_m=distance_m,
        overnight_places=(
            OvernightPlace(0, 0),
            OvernightPlace(1, 0),
            OvernightPlace(2, 5_000),
            OvernightPlace(3, 8_000),
            OvernightPlace(4, 9_000),
        ),
        hour_rate_cents=6_000,
        km_rate_cents=100,
    )


@pytest.fixture
def lunch_break() -> Problem:
    """
    One client, 1 h away, open from 1:00 to 2:00 and from 6:00 to 7:00; a shift of 10 h.

    From A to the client and back to A takes 2 h of driving and 1 h of service.
    """
    duration_s, distance_m = line_matrices([0, 60])
    windows = (TimeWindow(1 * HOUR_S, 2 * HOUR_S), TimeWindow(6 * HOUR_S, 7 * HOUR_S))
    return Problem(
        (Client(1, HOUR_S, 50_000, time_windows=windows),),
        (Shift(0, 10 * HOUR_S, 0, 0),),
        duration_s,
        distance_m,
        hour_rate_cents=6_000,
    )
