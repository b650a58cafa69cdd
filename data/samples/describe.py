"""
Measures the sample: `python -m data.samples.describe [--date DAY] [--seed N]`.

What it prints stands in `docs/sample.md`.
"""

import argparse
from datetime import date

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from accounts.account import STATUSES
from accounts.engagement import DUE_FROM, PROGRAMME
from data.samples import truth
from data.samples.calendar import EPOCH_DAY, history_before, reference_monday
from data.samples.generate import Sample, generate
from data.samples.germany import (
    FOLDER,
    KIND_HIGHWAY,
    ROAD_KINDS,
    read_postcodes,
    read_roads,
    read_towns,
)
from data.samples.plane import to_plane_km
from territories import balance


def mainland() -> NDArray[np.bool_]:
    """(n,) whether a road node belongs to the largest connected part of the network."""
    roads = read_roads()
    n = len(roads.lon)
    ones = np.ones(len(roads.edge_tail), dtype=np.int8)
    links = sp.coo_matrix((ones, (roads.edge_tail, roads.edge_head)), shape=(n, n))
    _, part = connected_components(links, directed=False)
    return np.asarray(part == np.bincount(part).argmax())


def monthly_counts(sample: Sample) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(n, months) visits and orders of each account in each calendar month of the history."""
    history = history_before(sample.today, truth.HISTORY_MONTHS)
    counts = []
    for events in (sample.visits, sample.orders):
        table = np.zeros((len(sample.customers), history.month_count), dtype=np.int64)
        month = history.month_of_day[events.day - history.first_day]
        np.add.at(table, (events.account, month), 1)
        counts.append(table)
    return counts[0], counts[1]


def conditional_beta(
    visits: NDArray[np.int64], orders: NDArray[np.int64], exposure: NDArray[np.float64]
) -> tuple[float, float]:
    """
    Response to visits from changes within accounts, and its standard error.

    Given how many orders an account placed, their months are multinomial with chances in
    proportion to exposure x (1 + visits) ** beta: the account's own rate cancels, and with it the
    steering of visits to good customers. After Hausman, Hall & Griliches (1984), Econometric
    models for count data.

    Parameters
    ----------
    visits, orders
        (n, months) counts.
    exposure
        (months,) share of the month that was observed.
    """
    informative = (orders.sum(axis=1) > 0) & (visits.max(axis=1) > visits.min(axis=1))
    log_visits, orders = np.log1p(visits[informative]), orders[informative]
    total = orders.sum(axis=1)

    def minus_log_likelihood(beta: float) -> float:
        weight = exposure * np.exp(beta * log_visits)
        return float(
            (total * np.log(weight.sum(axis=1))).sum() - beta * (orders * log_visits).sum()
        )

    beta = float(minimize_scalar(minus_log_likelihood, bounds=(-1, 2), method="bounded").x)
    weight = exposure * np.exp(beta * log_visits)
    chance = weight / weight.sum(axis=1, keepdims=True)
    mean = (chance * log_visits).sum(axis=1)
    information = total @ ((chance * log_visits**2).sum(axis=1) - mean**2)
    return beta, float(information**-0.5)


def pooled_beta(visits: NDArray[np.int64], orders: NDArray[np.int64]) -> float:
    """What a comparison between accounts takes for the response; wrong, as visits are steered."""
    bought = orders.sum(axis=1) > 0
    mean_visits = np.log1p(visits[bought].mean(axis=1))
    return float(np.polyfit(mean_visits, np.log(orders[bought].sum(axis=1)), 1)[0])


def describe_places() -> None:
    roads, postcodes, towns = read_roads(), read_postcodes(), read_towns()
    size_kb = sum(path.stat().st_size for path in FOLDER.iterdir()) / 1000
    print(f"files: {size_kb:.0f} kB")
    for kind, name in enumerate(ROAD_KINDS):
        length_km = roads.edge_length_m[roads.edge_kind == kind].sum() / 1000
        count = int((roads.edge_kind == kind).sum())
        print(f"{name} roads: {count}, {length_km:.0f} km")
    on_mainland = mainland()
    islands = np.flatnonzero(~on_mainland[roads.postcode_node])
    highway = np.unique(roads.edge_tail[roads.edge_kind == KIND_HIGHWAY])
    tree = cKDTree(to_plane_km(roads.lon[highway], roads.lat[highway]))
    distance_km = tree.query(to_plane_km(postcodes.lon, postcodes.lat))[0]
    print(f"nodes: {len(roads.lon)}, of which {on_mainland.sum()} connected")
    print(f"postcodes: {len(postcodes)}, of which {postcodes.is_spread.sum()} spread")
    print(
        f"postcode to highway: median {np.median(distance_km):.1f} km, "
        f"90 % {np.quantile(distance_km, 0.9):.1f} km"
    )
    print("without a road:", ", ".join(sorted({postcodes.place[row] for row in islands})))
    print(f"towns: {len(towns)}, {towns.population.sum() / 1e6:.1f} million people")


def describe_accounts(sample: Sample) -> None:
    customers = sample.customers
    potential = np.sort(customers.potential_eur)[::-1]
    top = potential[: len(potential) // 100].sum() / potential.sum()
    print(f"accounts: {len(customers)}, {len(set(customers.name))} different names")
    print(
        f"potential: {potential.sum() / 1e6:.0f} M EUR, mean {potential.mean():.0f}, "
        f"median {np.median(potential):.0f}, top 1 % hold {top:.1%}"
    )
    for index, status in enumerate(STATUSES):
        print(f"{status}: {(sample.status == index).sum()}")
    last_day = np.full(len(customers), -(10**6))
    np.maximum.at(last_day, sample.visits.account, sample.visits.day)
    today_day = sample.today.toordinal() - EPOCH_DAY
    due = (today_day - last_day) / sample.visit_interval_days
    print(
        f"not due {(due < DUE_FROM).mean():.0%}, due {((due >= DUE_FROM) & (due < 1)).mean():.0%}, "
        f"overdue {(due >= 1).mean():.0%}, of these never visited {(last_day < 0).sum()}"
    )
    revenue_eur = sample.orders.amount_cents.sum() / 100
    print(
        f"visits: {len(sample.visits.day)}, orders: {len(sample.orders.day)} "
        f"worth {revenue_eur / 1e6:.0f} M EUR"
    )


def describe_segments(sample: Sample) -> None:
    history = history_before(sample.today, truth.HISTORY_MONTHS)
    visits, orders = monthly_counts(sample)
    revenue_eur = np.zeros(len(sample.customers))
    np.add.at(revenue_eur, sample.orders.account, sample.orders.amount_cents / 100)
    print("segment | accounts | revenue M EUR | visits | beta true | found | error")
    for index, (part, part_truth) in enumerate(zip(PROGRAMME, truth.SEGMENT_TRUTHS, strict=True)):
        rows = sample.segment == index
        found = ("", "")
        if index:
            beta, error = conditional_beta(visits[rows], orders[rows], history.month_share)
            found = (f"{beta:.3f}", f"{error:.3f}")
        print(
            f"{part.name} | {rows.sum()} | {revenue_eur[rows].sum() / 1e6:.0f} | "
            f"{visits[rows].sum()} | {part_truth.beta:.2f} | {' | '.join(found)}"
        )
    pooled = pooled_beta(visits[sample.segment > 0], orders[sample.segment > 0])
    print(f"a comparison between all customers says {pooled:.2f}")


def describe_regions(sample: Sample) -> None:
    accounts = np.bincount(sample.owner, minlength=len(sample.reps))
    measured = balance(sample.owner, sample.customers.potential_eur, len(sample.reps))
    deviation = np.abs(measured.deviation_share)
    print(
        f"reps: {len(sample.reps)}, accounts {accounts.min()} to {accounts.max()}, "
        f"potential off the mean by up to {deviation.max():.0%}, on average {deviation.mean():.0%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m data.samples.describe", description=__doc__)
    parser.add_argument("--date", type=date.fromisoformat, default=date(2026, 11, 16))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    describe_places()
    sample = generate(reference_monday(arguments.date), arguments.seed)
    describe_accounts(sample)
    describe_segments(sample)
    describe_regions(sample)


if __name__ == "__main__":
    main()
