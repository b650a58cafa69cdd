"""Tiny random problems: small enough to try everything, odd enough to trip a search."""

import numpy as np

from routing.problem import Client, OvernightPlace, Problem, Shift, TimeWindow


def random_problem(seed: int, clients: int = 6) -> Problem:
    """
    A problem of up to a few shifts on a plane, drawn from a seed.

    Seeds run through all kinds: one shift, two that overlap (a team), two with a night at a given
    place, two or three with chosen nights; with and without rates, limits on driving, required
    clients, and none, one or several windows a client.
    """
    random = np.random.default_rng(seed)
    kind = seed % 4
    places = 2 + (3 if kind == 3 else 0)
    xy = random.integers(0, 30, (places + clients, 2))
    length = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    duration_s = np.ceil(length).astype(np.int64)
    distance_m = np.ceil(length * 17).astype(np.int64)
    day_s = int(random.integers(70, 120))
    if kind == 0:
        shifts = [Shift(0, day_s, 0, 1)]
    elif kind == 1:
        shifts = [Shift(0, day_s, 0, 1), Shift(10, day_s, 0, 0)]
    elif kind == 2:
        shifts = [Shift(0, day_s, 0, 1), Shift(day_s + 40, 2 * day_s + 40, 1, 0)]
    else:
        days = 2 + seed // 4 % 2
        shifts = [
            Shift(
                k * 150,
                k * 150 + day_s,
                0 if k == 0 else None,
                1 if k == days - 1 else None,
            )
            for k in range(days)
        ]
    end_s = shifts[-1].end_s
    drawn = []
    for index in range(clients):
        windows = []
        for _ in range(int(random.integers(0, 4))):
            early = int(random.integers(0, end_s))
            windows.append((early, early + int(random.integers(0, 40))))
        windows.sort()
        disjoint: list[TimeWindow] = []
        for early, late in windows:
            if not disjoint or early > disjoint[-1].late_s:
                disjoint.append(TimeWindow(early, late))
        drawn.append(
            Client(
                location_index=places + index,
                service_duration_s=int(random.integers(0, 15)),
                prize_cents=int(random.integers(0, 60)),
                required=bool(random.random() < 0.15),
                time_windows=tuple(disjoint),
            )
        )
    has_rates = random.random() < 0.6
    overnight = [OvernightPlace(k, int(random.integers(0, 20))) for k in range(places)]
    return Problem(
        clients=tuple(drawn),
        shifts=tuple(shifts),
        duration_s=duration_s,
        distance_m=distance_m,
        overnight_places=tuple(overnight) if kind == 3 else (),
        hour_rate_cents=int(random.integers(500, 3_000)) if has_rates else 0,
        km_rate_cents=int(random.integers(1, 40)) if has_rates else 0,
        max_travel_s=int(random.integers(60, 160)) if random.random() < 0.3 else None,
    )
