"""What must hold of the value of a visit, measured on simulated accounts and on the sample."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from accounts.account import STATUSES, AccountTable, Status
from accounts.engagement import PROGRAMME, Channel
from accounts.value.account_values import AccountValues, ValueParameters, fit, value_accounts
from accounts.value.features import size_features, usual_log_potential
from accounts.value.history import history_of_panel
from accounts.value.order_rate import fit_order_rates
from accounts.value.panel import Panel
from accounts.value.response_fit import fit_response
from accounts.visit_value import visits_per_month
from benchmarks.value_sample import SampleCase
from benchmarks.value_simulator import MARGIN_SHARE, Simulated, permuted, simulate

SEEDS = 20
BETA = 0.31
PERMUTATIONS = 5
SPLIT_MONTHS = (1, 3, 6)


@dataclass(frozen=True, slots=True)
class Point:
    """
    One claim, measured.

    Parameters
    ----------
    claim
        What must hold, with the limit.
    worst, mean
        Over the seeds.
    holds
        For the worst, or for the mean where the claim is about the mean.
    """

    claim: str
    where: str
    worst: float
    mean: float
    holds: bool


@dataclass(frozen=True, slots=True, eq=False)
class Valued:
    """A simulated past with what was fitted to it."""

    simulated: Simulated
    parameters: ValueParameters
    values: AccountValues


def valued(beta: float, months: int, seed: int) -> Valued:
    """Simulate, fit and value."""
    simulated = simulate(beta, months, seed)
    panel, table = simulated.panel, simulated.table
    parameters, _ = fit(panel, table, panel.today_day)
    return Valued(
        simulated, parameters, value_accounts(table, parameters, panel.today_day, MARGIN_SHARE)
    )


def rank_correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    return float(spearmanr(one, other).statistic)


def farthest(values: list[float], from_value: float) -> float:
    return max(values, key=lambda value: abs(value - from_value))


def estimates(beta: float, months: int = 24, seeds: int = SEEDS) -> list[float]:
    """What the data alone say of the response, one figure for each seed."""
    return [
        float(fit_response(simulate(beta, months, seed).panel, 1).estimate[0])
        for seed in range(seeds)
    ]


def pooled_estimate(simulated: Simulated) -> float:
    """What a Poisson regression over all accounts and months takes for the response."""
    orders = simulated.panel.orders.ravel()
    log_visits = np.log1p(simulated.panel.visits.ravel())
    x = np.column_stack([np.ones(len(orders)), log_visits])
    at = np.array([np.log(orders.mean()), 0.0])
    for _ in range(50):
        mean = np.exp((x * at).sum(axis=1))
        curvature = np.einsum("ia,ib->ab", x * mean[:, None], x)
        at = at + np.linalg.solve(curvature, ((orders - mean)[:, None] * x).sum(axis=0))
    return float(at[1])


def simulator_points(seeds: int = SEEDS) -> tuple[list[Point], dict[str, float]]:
    """The eight points on the simulator, and the figures of the last line."""
    points = []
    found = {}
    for beta in (0.0, BETA):
        each = estimates(beta, seeds=seeds)
        worst = farthest(each, beta)
        found[beta] = worst
        off = abs(worst - beta)
        claim = f"1: estimate within 0.03 of {beta:g}"
        points.append(Point(claim, "simulator", worst, float(np.mean(each)), off < 0.03))
    runs = {months: [valued(BETA, months, seed) for seed in range(seeds)] for months in (24, 6)}
    rank = {}
    for months, least in ((24, 0.95), (6, 0.9)):
        each = [
            rank_correlation(run.values.visit_value_eur, run.simulated.visit_value_eur)
            for run in runs[months]
        ]
        rank[months] = min(each)
        claim = f"2: rank correlation with the truth at {months} months >= {least:g}"
        points.append(
            Point(claim, "simulator", min(each), float(np.mean(each)), min(each) >= least)
        )
    ratios = [
        float(run.values.visit_value_eur.sum() / run.simulated.visit_value_eur.sum())
        for run in runs[24]
    ]
    total = farthest(ratios, 1.0)
    points.append(
        Point(
            "3: total value within 15 % of the truth",
            "simulator",
            total,
            float(np.mean(ratios)),
            abs(total - 1) <= 0.15,
        )
    )
    for months in SPLIT_MONTHS:
        each = [split_ratio(simulate(BETA, 24, seed).panel, months, seed) for seed in range(seeds)]
        points.append(split_point(months, "simulator", each))
    points.append(shape_point("simulator", [one for run in runs[24] for one in (run,)]))
    points.extend(permutation_points(seeds))
    points.append(prior_point())
    return points, {
        "beta_hat_at_0": found[0.0],
        "beta_hat_at_031": found[BETA],
        "rank_correlation_24": rank[24],
        "rank_correlation_6": rank[6],
        "total_ratio": total,
    }


def split_ratio(
    panel: Panel,
    months: int,
    seed: int,
    features: NDArray[np.float64] | None = None,
    elasticity: NDArray[np.float64] | None = None,
) -> float:
    """
    Error of shrunk rates over that of raw ones, root mean square, on months not seen.

    Rates are taken from some months drawn at random, and say how many orders the others have. Both
    reckon with the same visits and the same response.
    """
    rng = np.random.default_rng(seed)
    n, count = panel.orders.shape
    beta = np.full(n, BETA) if elasticity is None else elasticity
    x = np.ones((n, 1)) if features is None else features
    seen = np.zeros(count, dtype=np.bool_)
    seen[rng.choice(count, months, replace=False)] = True
    weight = panel.exposure * (1.0 + panel.visits) ** beta[:, None]
    orders, exposure = panel.orders[:, seen].sum(axis=1), weight[:, seen].sum(axis=1)
    later, later_exposure = panel.orders[:, ~seen].sum(axis=1), weight[:, ~seen].sum(axis=1)
    shrunk = fit_order_rates(orders, exposure, x).expected(orders, exposure, x)
    raw = orders / exposure
    errors = [((rate * later_exposure - later) ** 2).mean() for rate in (shrunk, raw)]
    return float(np.sqrt(errors[0] / errors[1]))


def split_point(months: int, where: str, ratios: list[float]) -> Point:
    claim = f"4: error of the shrunk rate over the raw one, from {months} months, <= 1"
    mean = float(np.mean(ratios))
    return Point(claim, where, max(ratios), mean, mean <= 1)


def shape_point(where: str, runs: list[Valued]) -> Point:
    """Never negative, falls with the cadence, goes with the margin."""
    broken = 0
    for run in runs:
        worth, cadence = run.values.worth, run.simulated.visits_per_month
        value = worth.visit_value_eur(cadence)
        more = worth.visit_value_eur(cadence + 1)
        simulated = run.simulated
        double = value_accounts(
            simulated.table, run.parameters, simulated.panel.today_day, 2 * MARGIN_SHARE
        ).visit_value_eur
        broken += int((value < 0).sum() + (more > value).sum())
        broken += int((~np.isclose(double, 2 * value)).sum())
    claim = "5: accounts whose value is negative, rises with visits or not with margin: 0"
    return Point(claim, where, broken, broken / len(runs), broken == 0)


def permutation_points(seeds: int) -> list[Point]:
    """Visits shuffled within accounts have no effect left."""
    worst, z_values = [], []
    for seed in range(seeds):
        simulated = simulate(BETA, 24, seed)
        fits = [fit_response(permuted(simulated, 100 * seed + k), 1) for k in range(PERMUTATIONS)]
        z_values += [float(one.estimate[0] / one.error[0]) for one in fits]
        mean = float(np.mean([one.estimate[0] for one in fits]))
        worst.append(mean / float(fits[0].error[0]))
    far = farthest(worst, 0.0)
    within = float((np.abs(z_values) < 2).mean())
    return [
        Point(
            f"6: mean of {PERMUTATIONS} shuffles, in standard errors of one, within 2",
            "simulator",
            far,
            float(np.mean(worst)),
            abs(far) < 2,
        ),
        Point(
            "6: share of single shuffles within 2 standard errors (0.95 by chance) >= 0.9",
            "simulator",
            within,
            within,
            within >= 0.9,
        ),
    ]


def prior_point() -> Point:
    """Accounts visited alike every month cannot tell what visits do."""
    simulated = simulate(BETA, 24, 0)
    panel = simulated.panel
    same = replace(panel, visits=np.broadcast_to(panel.visits[:, :1], panel.visits.shape))
    few = replace(panel, visits=np.where(np.arange(len(panel))[:, None] < 5, panel.visits, 1))
    basis = [bool(fit_response(one, 1).is_data[0]) for one in (same, few)]
    claim = "7: fits without enough changes that do not say `prior`: 0"
    return Point(claim, "simulator", sum(basis), sum(basis), not any(basis))


def sample_points(cases: list[SampleCase]) -> list[Point]:
    """The points on the sample, for accounts that buy: the truth of the others is zero."""
    points = []
    found: dict[str, list[float]] = {}
    splits: dict[int, list[float]] = {months: [] for months in SPLIT_MONTHS}
    broken = wrong = unvalued = 0
    for index, case in enumerate(cases):
        table = case.table
        parameters, _ = fit(case.panel, table, case.today_day, len(PROGRAMME))
        values = value_accounts(table, parameters, case.today_day, MARGIN_SHARE)
        buys = table.status == STATUSES.index(Status.CUSTOMER)
        field = np.array([part.channel is Channel.FIELD for part in PROGRAMME])[table.segment]
        true = case.visit_value_eur
        for part in range(1, 4):
            beta, error = parameters.elasticity[part], parameters.elasticity_sd[part]
            truth = float(case.beta[table.segment == part][0])
            found.setdefault("beta", []).append((beta - truth) / error)
        for name, rows in (("field", buys & field), ("all", buys)):
            ours = values.visit_value_eur[rows]
            found.setdefault(f"rank {name}", []).append(rank_correlation(ours, true[rows]))
            found.setdefault(f"total {name}", []).append(float(ours.sum() / true[rows].sum()))
        cadence = visits_per_month(table)
        more = values.worth.visit_value_eur(cadence + 1)
        broken += int(((values.visit_value_eur < 0) | (more > values.visit_value_eur)).sum())
        wrong += sum(parameters.elasticity_is_data[part] for part in (0, 5))
        others = ~buys & (table.potential_eur > 0)
        unvalued += int((values.visit_value_eur[others] <= 0).sum())
        bought = history_of_panel(case.panel).has_orders
        features = size_features(table.potential_eur, usual_log_potential(table.potential_eur))
        panel = _of(case.panel, np.flatnonzero(bought))
        for months in SPLIT_MONTHS:
            for seed in range(SEEDS // len(cases)):
                ratio = split_ratio(
                    panel,
                    months,
                    1000 * index + seed,
                    features[bought],
                    values.elasticity[bought],
                )
                splits[months].append(ratio)
    betas = found["beta"]
    far = farthest(betas, 0.0)
    points.append(
        Point(
            "1: response of the three large segments, in standard errors off the truth, within 3",
            "sample",
            far,
            float(np.mean(betas)),
            abs(far) < 3,
        )
    )
    for name, least in (("field", 0.95), ("all", 0.95)):
        each = found[f"rank {name}"]
        claim = f"2: rank correlation with the truth, {name} customers, >= {least:g}"
        points.append(Point(claim, "sample", min(each), float(np.mean(each)), min(each) >= least))
    for name in ("field", "all"):
        each = found[f"total {name}"]
        far = farthest(each, 1.0)
        claim = f"3: total value within 15 % of the truth, {name} customers"
        points.append(Point(claim, "sample", far, float(np.mean(each)), abs(far - 1) <= 0.15))
    points += [split_point(months, "sample", splits[months]) for months in SPLIT_MONTHS]
    claim = "5: accounts whose value is negative or rises with visits: 0"
    points.append(Point(claim, "sample", broken, broken / len(cases), broken == 0))
    z_values = sample_permutations(cases[0])
    far = farthest(z_values, 0.0)
    points.append(
        Point(
            "6: response with visits shuffled, in standard errors of one, within 2",
            "sample",
            far,
            float(np.mean(z_values)),
            abs(far) < 2,
        )
    )
    claim = "7: segments without enough changes that do not say `prior`: 0"
    points.append(Point(claim, "sample", wrong, wrong / len(cases), wrong == 0))
    claim = "8: accounts that do not buy and have a potential, but no value: 0"
    points.append(Point(claim, "sample", unvalued, unvalued / len(cases), unvalued == 0))
    return points


def sample_permutations(case: SampleCase) -> list[float]:
    """Estimates over all accounts in standard errors, with shuffled visits."""
    z_values = []
    for seed in range(PERMUTATIONS):
        shuffled = np.random.default_rng(seed).permuted(case.panel.visits, axis=1)
        one = fit_response(replace(case.panel, visits=shuffled), len(PROGRAMME))
        z_values.append(float(one.estimate[-1] / one.error[-1]))
    return z_values


def _of(panel: Panel, rows: NDArray[np.int64]) -> Panel:
    """Counts of some accounts only; their orders are not looked at."""
    return replace(
        panel,
        visits=panel.visits[rows],
        orders=panel.orders[rows],
        exposure=panel.exposure[rows],
        segment=panel.segment[rows],
    )


def revenue_per_visit_ratio(simulated: Simulated) -> float:
    """How many times the truth the total of revenue per visit comes to, which is not used here."""
    table: AccountTable = simulated.table
    visits = np.maximum(simulated.panel.visits.sum(axis=1), 1)
    per_visit = MARGIN_SHARE * table.revenue_eur / visits
    return float(per_visit.sum() / simulated.visit_value_eur.sum())
