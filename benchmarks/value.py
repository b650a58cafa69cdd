"""
How right the value of accounts and visits is: against the truth, and against what came later.

    python -m benchmarks.value --json

Eight points on simulated accounts and on the German sample, forecasts of CDNOW and of the sample
beside naive and boosted ones, and how long 24,000 accounts take. `--cache` names a folder in which
the data of CDNOW are kept; without `--only` everything is measured, in four minutes of CPU time.
The last line is JSON; figures that were not measured are null.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from accounts.engagement import PROGRAMME
from accounts.value.account_values import FitReport, fit, value_accounts
from accounts.value.panel import Panel
from accounts.value.purchases import fit_purchases
from benchmarks.allocation_cases import allocation_cases
from benchmarks.cdnow import CdnowError, fetch, read_orders, read_summary
from benchmarks.value_holdout import cdnow_rows, interval_rows, sample_rows, table_lines
from benchmarks.value_points import (
    BETA,
    SEEDS,
    Point,
    pooled_estimate,
    revenue_per_visit_ratio,
    sample_points,
    simulator_points,
)
from benchmarks.value_sample import SampleCase, sample_case
from benchmarks.value_simulator import simulate

CACHE = Path(__file__).resolve().parent.parent / "instance" / "bench"

KEYS = (
    "cdnow_r",
    "cdnow_alpha",
    "cdnow_a",
    "cdnow_b",
    "beta_hat_at_0",
    "beta_hat_at_031",
    "rank_correlation_24",
    "rank_correlation_6",
    "total_ratio",
    "score_24000_s",
)
"""Of the last line."""

SAMPLE_SEEDS = (1, 2, 3, 4)

PARTS = ("cdnow", "simulator", "sample", "allocation")


def measure_cdnow(cache: Path) -> dict[str, float]:
    """The published regression, and the holdout."""
    try:
        wheel = fetch(cache)
    except CdnowError as error:
        print(f"CDNOW is left out: {error}")
        return {}
    known = read_summary(wheel)
    columns = (known.repeats, known.recency_weeks, known.age_weeks)
    begun = time.process_time()
    model = fit_purchases(*columns)
    seconds = time.process_time() - begun
    one = (np.array([2]), np.array([30.43]), np.array([38.86]))
    print(f"CDNOW, 2,357 customers, BG/NBD fitted in {seconds:.2f} CPU s")
    print(
        f"  r {model.r:.4f}, alpha {model.alpha:.4f}, a {model.a:.4f}, b {model.b:.4f}, "
        f"log-likelihood {model.log_likelihood(*columns):.2f}"
    )
    print(
        f"  E[Y(39) | 2, 30.43, 38.86] {model.expected_orders(39.0, *one)[0]:.4f}, "
        f"P(alive) {model.alive_share(*one)[0]:.4f}\n"
    )
    rows = cdnow_rows(*read_orders(wheel))
    print("\n".join(table_lines("CDNOW: orders of 39 weeks, held out", "orders", rows)), "\n")
    return {"r": model.r, "alpha": model.alpha, "a": model.a, "b": model.b}


def measure_simulator(seeds: int) -> dict[str, float]:
    points, figures = simulator_points(seeds)
    print_points(f"Simulator: {seeds} seeds, 1,000 accounts each", points)
    pooled = [pooled_estimate(simulate(beta, 24, 0)) for beta in (0.0, BETA)]
    print(
        f"  A comparison between accounts says {pooled[0]:.2f} where the truth is 0, and "
        f"{pooled[1]:.2f} where it is {BETA}."
    )
    over = revenue_per_visit_ratio(simulate(BETA, 24, 0))
    print(f"  Revenue per visit comes to {over:.1f} times the true value of visits.\n")
    return figures


def measure_sample(seeds: tuple[int, ...]) -> float:
    """CPU seconds to fit and value 24,000 accounts."""
    cases = [sample_case(seed) for seed in seeds]
    seconds, value_s, report = _timed(cases[0])
    print(
        f"Sample: 24,000 accounts with 24 months fitted and valued in {seconds:.2f} CPU s, of "
        f"which valuing {value_s:.3f}; purchase model: {report.purchase_model}"
    )
    print(f"  {'segment':12}{'changing':>9}{'estimate':>10}{'error':>8}{'used':>7}  basis")
    for part in report.segments:
        name = "all" if part.segment is None else PROGRAMME[part.segment].name
        estimate, error = (
            "-" if value is None else f"{value:.3f}" for value in (part.estimate, part.error)
        )
        print(
            f"  {name:12}{part.informative:>9}{estimate:>10}{error:>8}"
            f"{part.elasticity:>7.3f}  {part.basis}"
        )
    print()
    print_points(f"Sample: seeds {', '.join(map(str, seeds))}", sample_points(cases))
    assert report.holdout is not None
    title = f"Sample: sales of {report.holdout.months:.1f} months, held out"
    print("\n".join(table_lines(title, "EUR", sample_rows(cases[0], report))))
    print("  Poisson deviance of forecast orders, less is better:")
    for name, value in report.holdout.deviance.items():
        print(f"    {name:40}{value:.4f}")
    print("  By tenths, forecast and actual EUR:")
    for point in report.holdout.calibration:
        print(f"    {point.forecast_eur:>10.0f}{point.actual_eur:>10.0f}")
    print("\nIntervals meant to hold 80 % of the time, on accounts whose truth was hidden")
    print(f"  {'':36}{'accounts':>9}{'hold':>7}{'log error':>11}{'of median':>11}")
    for row in interval_rows(cases[0]):
        print(
            f"  {row.name:36}{row.count:>9}{row.coverage_share:>7.3f}{row.log_error:>11.3f}"
            f"{row.log_error_of_median:>11.3f}"
        )
    print()
    return seconds


def _timed(case: SampleCase) -> tuple[float, float, FitReport]:
    panel: Panel = case.panel
    begun = time.process_time()
    parameters, report = fit(panel, case.table, case.today_day, len(PROGRAMME))
    fitted = time.process_time()
    value_accounts(case.table, parameters, case.today_day, 0.3)
    ended = time.process_time()
    return ended - begun, ended - fitted, report


def print_points(title: str, points: list[Point]) -> None:
    print(f"{title}\n  {'':78}{'worst':>9}{'mean':>9}")
    for point in points:
        verdict = "holds" if point.holds else "DOES NOT HOLD"
        print(f"  {point.claim:78}{point.worst:>9.3f}{point.mean:>9.3f}  {verdict}")
    print()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.value",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="end with a line of JSON")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--seeds", type=int, default=SEEDS, help="of the simulator")
    parser.add_argument("--cache", type=Path, default=CACHE)
    options = parser.parse_args()
    parts = PARTS if options.only is None else (options.only,)
    figures: dict[str, Any] = dict.fromkeys(KEYS)
    if "cdnow" in parts:
        found = measure_cdnow(options.cache)
        figures |= {f"cdnow_{name}": round(value, 4) for name, value in found.items()}
    if "simulator" in parts:
        figures |= {k: round(v, 4) for k, v in measure_simulator(options.seeds).items()}
    if "sample" in parts:
        figures["score_24000_s"] = round(measure_sample(SAMPLE_SEEDS), 2)
    if "allocation" in parts:
        print("Allocation, against other optimisers")
        print(json.dumps(allocation_cases(), indent=2))
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
