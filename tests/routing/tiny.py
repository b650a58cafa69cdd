"""Tiny random problems: small enough to try everything, odd enough to trip a search."""

from dataclasses import replace

import numpy as np

from routing.problem import Break, Client, OvernightPlace, Problem, Shift, TimeWindow


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


def random_week(seed: int, clients: int = 5) -> Problem:
    """
    A problem as `random_problem` draws it, with everything else a working week holds.

    Breaks, limits by shift and on nights, setups, shared addresses, prizes by shift, groups and
    precedence, each in about a third to a half of the problems.
    """
    problem = random_problem(seed, clients)
    random = np.random.default_rng([seed, 1])

    def maybe(share: float) -> bool:
        return bool(random.random() < share)

    shifts = []
    for shift in problem.shifts:
        length_s = shift.shift_duration_s
        breaks = []
        after_s = shift.start_s
        for _ in range(int(random.choice([0, 1, 1, 2]))):
            early_s = after_s + int(random.integers(0, length_s // 2))
            spread_s = int(random.integers(0, 12))
            duration_s = int(random.integers(3, 15))
            breaks.append(Break(duration_s, early_s, early_s + spread_s))
            after_s = max(early_s + duration_s, early_s + spread_s)
        shifts.append(
            replace(
                shift,
                breaks=tuple(breaks),
                max_visits=int(random.integers(0, 4)) if maybe(0.3) else None,
                max_travel_s=int(random.integers(30, 90)) if maybe(0.3) else None,
                max_distance_m=int(random.integers(500, 1_500)) if maybe(0.2) else None,
            )
        )
    has_setups, has_day_prizes, has_groups = maybe(0.4), maybe(0.4), maybe(0.3)
    drawn = []
    for index, client in enumerate(problem.clients):
        changed = client
        if has_setups:
            changed = replace(changed, setup_duration_s=int(random.integers(0, 8)))
        if index > 0 and maybe(0.2):
            changed = replace(changed, location_index=problem.clients[0].location_index)
        if has_day_prizes:
            prizes = tuple(int(x) for x in random.integers(0, 60, len(shifts)))
            changed = replace(changed, shift_prizes_cents=prizes, prize_cents=max(prizes))
        if has_groups and maybe(0.5):
            changed = replace(changed, group=int(random.integers(0, 2)))
        if changed.required or maybe(0.1):
            precedence = int(random.integers(0, 4))
            changed = replace(changed, required=True, precedence=precedence)
        drawn.append(changed)
    return replace(
        problem,
        clients=tuple(drawn),
        shifts=tuple(shifts),
        overnight_places=tuple(
            replace(place, is_home=place.location_index == 0) for place in problem.overnight_places
        ),
        max_nights=int(random.integers(0, 2)) if maybe(0.4) else None,
        max_nights_in_a_row=1 if maybe(0.3) else None,
    )
