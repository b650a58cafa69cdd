"""Published instances as problems, with their reference values."""

import csv
import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.raw import recheck_with
from benchmarks.recheck import RawClient, RawDay, RawInstance
from routing.errors import InfeasibleSolutionError
from routing.problem import Client, OvernightPlace, Problem, Shift, TimeWindow
from routing.solution import Solution

OPHS_SCALE = 1_000_000
"""Lengths of the sets with hotel selection are real numbers. They are rounded UP to millionths, so
that a route is never called feasible wrongly."""

OPHS_TOLERANCE = 0.0025
"""The published optima with hotel selection hold with days a little longer than written: the plan
published with the optimum of 66-40-1-2, for one, drives 19.1180 on a day of 19.1175. Whoever
compares with them has to allow the same. The longest overrun found necessary is 0.0022; with this
tolerance no run has exceeded an optimum."""


@dataclass(frozen=True, slots=True)
class Instance:
    """
    One instance of a set.

    Parameters
    ----------
    reference
        Best known or proven optimal value, as frozen in the data. None: there is none yet.
    recheck
        Raises where a solution breaks a rule in the instance's own numbers, before any rounding.
    baseline_cents
        Value of the direct trip, above which values are counted. Zero for prizes alone.
    is_for_tuning
        Whether a solver may be tuned on it.
    """

    name: str
    problem: Problem
    reference: int | None
    recheck: Callable[[Solution], None]
    baseline_cents: int = 0
    is_for_tuning: bool = False

    def value_of(self, solution: Solution) -> int:
        """What the reference is compared with."""
        return solution.value_cents - self.baseline_cents


def data_folder() -> Path:
    """`BENCHMARK_DATA`, or `../shared/data` seen from the top of the repository."""
    default = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
    return Path(os.environ.get("BENCHMARK_DATA", default))


def spread_evenly(count: int, limit: int | None) -> list[int]:
    """Indices of `limit` items out of `count`, evenly spread, first and last included."""
    if limit is None or limit >= count:
        return list(range(count))
    if limit == 1:
        return [count // 2]
    return [round(i * (count - 1) / (limit - 1)) for i in range(limit)]


def load_toptw(folder: Path, limit: int | None = None) -> list[Instance]:
    """
    Team orienteering with time windows: Solomon (c, r, rc) and Cordeau (pr) with 1 to 4 vehicles.

    Distances are Euclidean, rounded down to one decimal (Solomon) or two (Cordeau); times are the
    same numbers. Every other file is for tuning.
    """
    with open(folder / "toptw" / "best_known.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    for_tuning = set(sorted({row["instance"] for row in rows})[::2])
    return [
        _toptw_instance(
            folder,
            row["instance"],
            int(row["vehicles"]),
            row["best_known"],
            row["instance"] in for_tuning,
        )
        for row in (rows[i] for i in spread_evenly(len(rows), limit))
    ]


def _toptw_instance(
    folder: Path, name: str, vehicles: int, reference: str, is_for_tuning: bool
) -> Instance:
    scale = 100 if name.startswith("pr") else 10
    lines = (folder / "toptw" / f"{name}.txt").read_text().splitlines()
    rows = [[float(x) for x in line.split()] for line in lines[2:] if len(line.split()) >= 9]
    xy = np.array([row[1:3] for row in rows])
    length = np.floor(_euclid(xy) * scale + 1e-9).astype(np.int64)
    clients = [
        Client(
            location_index=index,
            service_duration_s=round(row[3] * scale),
            prize_cents=round(row[4]),
            time_windows=(TimeWindow(round(row[-2] * scale), round(row[-1] * scale)),),
        )
        for index, row in enumerate(rows)
        if index > 0
    ]
    day = Shift(round(rows[0][-2] * scale), round(rows[0][-1] * scale), 0, 0)
    problem = Problem(tuple(clients), (day,) * vehicles, length, length)
    return Instance(
        f"{name}-m{vehicles}",
        problem,
        round(float(reference)),
        recheck_with(lambda: _raw_toptw(lines[2:], scale, vehicles)),
        is_for_tuning=is_for_tuning,
    )


def _raw_toptw(lines: list[str], scale: int, vehicles: int) -> RawInstance:
    """The same instance read again in whole numbers, without a float on the way."""
    rows = [[Fraction(x) for x in line.split()] for line in lines if len(line.split()) >= 9]
    # Coordinates have four decimals at most. The root of a whole number is rounded down exactly.
    fine = 10_000
    xy = [(int(row[1] * fine), int(row[2] * fine)) for row in rows]
    length = [
        [math.isqrt(((ax - bx) ** 2 + (ay - by) ** 2) * scale**2) // fine for bx, by in xy]
        for ax, ay in xy
    ]
    return RawInstance(
        duration=length,
        distance=length,
        clients=[
            RawClient(
                location=index,
                service=int(row[3] * scale),
                prize=int(row[4]),
                windows=[[int(row[-2] * scale), int(row[-1] * scale)]],
            )
            for index, row in enumerate(rows)
            if index > 0
        ],
        days=[
            RawDay(
                start=int(rows[0][-2] * scale),
                end=int(rows[0][-1] * scale),
                start_location=0,
                end_location=0,
                breaks=[],
            )
        ]
        * vehicles,
        nights=[],
        hour_rate=0,
        km_rate=0,
    )


def load_ophs(folder: Path, limit: int | None = None) -> list[Instance]:
    """
    Orienteering with hotel selection (Divsalar et al. 2013), those whose optimum is proven.

    Days are `OPHS_TOLERANCE` longer than written, as in the proofs. Every other instance is for
    tuning.
    """
    return _load_ophs(folder, limit, OPHS_TOLERANCE)


def load_ophs_strict(folder: Path, limit: int | None = None) -> list[Instance]:
    """The same with days exactly as long as written, on which some of the optima do not fit."""
    return _load_ophs(folder, limit, 0.0)


def _load_ophs(folder: Path, limit: int | None, tolerance: float) -> list[Instance]:
    with open(folder / "ophs" / "best_known.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["proven_optimal"] == "1"]
    return [
        _ophs_instance(
            folder,
            rows[i]["set"],
            rows[i]["instance"],
            rows[i]["best_known"],
            tolerance,
            is_for_tuning=i % 2 == 0,
        )
        for i in spread_evenly(len(rows), limit)
    ]


def _ophs_instance(
    folder: Path, group: str, name: str, reference: str, tolerance: float, is_for_tuning: bool
) -> Instance:
    text = (folder / "ophs" / group / f"{name}.ophs").read_text()
    lines = [line.split() for line in text.splitlines() if line.strip()[:2] not in ("", "--")]
    vertices, hotels, days = (int(x) for x in lines[0][:3])
    lengths = [float(x) + tolerance for x in lines[2][:days]]
    rows = [[float(x) for x in line[:3]] for line in lines[3 : 3 + vertices + hotels]]
    length = _euclid(np.array([row[:2] for row in rows]))
    scaled = np.ceil(length * OPHS_SCALE - 1e-6).astype(np.int64)
    places = tuple(OvernightPlace(location, 0) for location in range(hotels + 2))
    clients = tuple(
        Client(location, 0, round(row[2]))
        for location, row in enumerate(rows)
        if location >= hotels + 2
    )
    shifts = []
    begins = 0
    for day, day_length in enumerate(lengths):
        # Some days have no length at all: then one stays where one is.
        ends = begins + max(math.floor(day_length * OPHS_SCALE + 1e-6), 1)
        shifts.append(Shift(begins, ends, 0 if day == 0 else None, 1 if day == days - 1 else None))
        begins = ends
    problem = Problem(clients, tuple(shifts), scaled, scaled, places)

    def recheck(solution: Solution) -> None:
        for route, limit in zip(solution.routes, lengths, strict=True):
            stops = [route.start_location]
            stops += [clients[visit.client_index].location_index for visit in route.visits]
            stops.append(route.end_location)
            total = sum(length[a, b] for a, b in pairwise(stops))
            if total > limit + 1e-9:
                raise InfeasibleSolutionError(f"{name}: a day of {total} exceeds {limit}.")

    return Instance(name, problem, round(float(reference)), recheck, is_for_tuning=is_for_tuning)


def _euclid(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hypot(xy[:, None, 0] - xy[None, :, 0], xy[:, None, 1] - xy[None, :, 1])
