"""
Trips of a field representative, made from a seed.

`generate(trip)` is a pure function: the same trip is the same numbers. What it draws:

- **Towns** lie along a corridor 200 to 600 km long (300 at most for one day, 450 for two), evenly
  in length and normally scattered to its sides by 20 km. Their sizes are log-normal.
- **Candidates** belong to towns by size and lie normally scattered around them, by 4 km.
- **Roads**: the air line times a factor between 1.25 and 1.35 drawn for each pair, at 45 km/h on
  the shortest legs to 105 km/h from 150 km on; then the fastest way over all others, so that no
  detour is shorter. Seconds are rounded up, metres belong to the fastest way.
- **Visits** take 20 to 60 minutes, in fives. Prizes are log-normal, median EUR 90, sigma 0.8.
- **Windows**: 40 % at any time, 30 % every day from 9 to 17, 20 % from 9 to 12 and 14 to 17, 10 %
  an appointment: half an hour on one day.
- **Days** last from 8 to 18. Trips of seeds 2 and 3 (modulo 4) have a lunch break of 45 minutes
  that starts between 11:30 and 13:30 on each day.
- **Nights** are fixed in the towns nearest to equal parts of the corridor, or free over 6 to 10
  towns.
- **Objective**: prizes alone, or net value at EUR 45 an hour, 0.30 a kilometre, 110 a free night.

Trips of even seeds may be used to tune a solver; those of odd seeds are held out.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import floyd_warshall

from benchmarks.recheck import RawBreak, RawClient, RawDay, RawInstance

DAY_S = 86_400
HOUR_S = 3_600
HOUR_RATE_CENTS, KM_RATE_CENTS, NIGHT_CENTS = 4_500, 30, 11_000
START, END = 0, 1


@dataclass(frozen=True, slots=True)
class FieldTrip:
    """
    What a trip is made from.

    Raises
    ------
    ValueError
        When nights are to be free but there are none, or nothing is to be visited.
    """

    nights: Literal["fixed", "free"]
    candidates: int
    days: int
    objective: Literal["prize", "net_value"]
    seed: int

    def __post_init__(self) -> None:
        if self.days < (1 if self.nights == "fixed" else 2):
            raise ValueError(f"A trip with {self.nights} nights cannot last {self.days} days.")
        if self.candidates < 1:
            raise ValueError(f"A trip needs candidates, not {self.candidates}.")

    @classmethod
    def of_name(cls, name: str) -> Self:
        """The trip of a name such as `field-n-60-3-v-1`."""
        field, nights, candidates, days, objective, seed = name.split("-")
        if field != "field":
            raise ValueError(f"{name} is no name of a field trip, such as field-n-60-3-v-1.")
        return cls(
            {"f": "fixed", "n": "free"}[nights],  # type: ignore[arg-type]
            int(candidates),
            int(days),
            {"p": "prize", "v": "net_value"}[objective],  # type: ignore[arg-type]
            int(seed),
        )

    @property
    def name(self) -> str:
        nights = "f" if self.nights == "fixed" else "n"
        objective = "p" if self.objective == "prize" else "v"
        return f"field-{nights}-{self.candidates}-{self.days}-{objective}-{self.seed}"

    @property
    def has_breaks(self) -> bool:
        return self.seed % 4 >= 2

    @property
    def is_for_tuning(self) -> bool:
        return self.seed % 2 == 0


def generate(trip: FieldTrip) -> RawInstance:
    """The numbers of a trip. Locations: start, end, towns for nights, candidates."""
    # The objective draws nothing: the same seed is the same country, with and without costs.
    random = np.random.default_rng(
        [trip.seed, trip.candidates, trip.days, int(trip.nights == "free")]
    )
    length_km = random.uniform(200.0, {1: 300.0, 2: 450.0}.get(trip.days, 600.0))
    count = max(12, trip.candidates // 6)
    towns_km = np.column_stack(
        [random.uniform(0.0, length_km, count), random.normal(0.0, 20.0, count)]
    )
    sizes = random.lognormal(0.0, 1.0, count)
    if trip.nights == "fixed":
        parts = length_km * np.arange(1, trip.days) / trip.days
        nights = [int(np.argmin(np.abs(towns_km[:, 0] - part))) for part in parts]
    else:
        offered = 6 + trip.seed % 5
        nights = sorted(random.choice(count, offered, replace=False, p=sizes / sizes.sum()))
    homes = random.choice(count, trip.candidates, p=sizes / sizes.sum())
    clients_km = towns_km[homes] + random.normal(0.0, 4.0, (trip.candidates, 2))
    xy_km = np.vstack([[[0.0, 0.0], [length_km, 0.0]], towns_km[nights], clients_km])
    duration_s, distance_m = _roads(xy_km, random)

    first_client = 2 + len(nights)
    clients = [
        RawClient(
            location=first_client + index,
            service=300 * int(random.integers(4, 13)),
            prize=round(float(random.lognormal(np.log(9_000.0), 0.8))),
            windows=_windows(trip.days, random),
        )
        for index in range(trip.candidates)
    ]
    is_paid = trip.objective == "net_value"
    return RawInstance(
        duration=duration_s.tolist(),
        distance=distance_m.tolist(),
        clients=clients,
        days=[_day(trip, day) for day in range(trip.days)],
        nights=[
            [place, NIGHT_CENTS if is_paid else 0]
            for place in range(2, first_client)
            if trip.nights == "free"
        ],
        hour_rate=HOUR_RATE_CENTS if is_paid else 0,
        km_rate=KM_RATE_CENTS if is_paid else 0,
    )


def digest(instance: RawInstance) -> str:
    """Sixteen digits that change with any number of an instance."""
    text = json.dumps(instance, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _roads(
    xy_km: NDArray[np.float64], random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Seconds and metres of the fastest ways between points."""
    size = len(xy_km)
    air_km = np.hypot(*(xy_km[:, None] - xy_km[None]).transpose(2, 0, 1))
    factor = np.triu(random.uniform(1.25, 1.35, (size, size)), 1)
    road_km = air_km * (factor + factor.T)
    speed_kmh = 45.0 + 60.0 * np.sqrt(np.minimum(road_km / 150.0, 1.0))
    leg_s = np.ceil(road_km / speed_kmh * HOUR_S).astype(np.int64)
    leg_m = np.ceil(road_km * 1000.0).astype(np.int64)
    # Two different points are at least a second apart: to scipy a zero would be no road.
    leg_s = np.maximum(leg_s, 1 - np.eye(size, dtype=np.int64))
    fastest, before = floyd_warshall(leg_s, return_predecessors=True)
    distance_m = np.zeros((size, size), dtype=np.int64)
    for start in range(size):
        # A predecessor is nearer to the start, so that its own metres are known by then.
        for end in np.argsort(fastest[start], kind="stable"):
            if end != start:
                last = before[start, end]
                distance_m[start, end] = distance_m[start, last] + leg_m[last, end]
    return fastest.astype(np.int64), distance_m


def _windows(days: int, random: np.random.Generator) -> list[list[int]]:
    kind = random.random()
    if kind < 0.4:
        return []
    if kind < 0.9:
        hours = [(9, 17)] if kind < 0.7 else [(9, 12), (14, 17)]
        return [
            [day * DAY_S + opens * HOUR_S, day * DAY_S + closes * HOUR_S]
            for day in range(days)
            for opens, closes in hours
        ]
    opens_s = int(random.integers(days)) * DAY_S + 1800 * int(random.integers(18, 34))
    return [[opens_s, opens_s + 1800]]


def _day(trip: FieldTrip, day: int) -> RawDay:
    is_free = trip.nights == "free"
    midnight_s = day * DAY_S
    lunch = RawBreak(
        duration=2_700,
        early=midnight_s + 23 * 1800,
        late=midnight_s + 27 * 1800,
    )
    # The town of the night after a day has the row after that of the night before.
    start = (None if is_free else 1 + day) if day > 0 else START
    end = (None if is_free else 2 + day) if day < trip.days - 1 else END
    return RawDay(
        start=midnight_s + 8 * HOUR_S,
        end=midnight_s + 18 * HOUR_S,
        start_location=start,
        end_location=end,
        breaks=[lunch] if trip.has_breaks else [],
    )
