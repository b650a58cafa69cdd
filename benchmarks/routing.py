"""
How good the search is, on published instances.

    python -m benchmarks.routing --set toptw --budget-s 5 --seeds 3 --limit 20 --json
"""

import argparse
import json
import statistics
import time
from dataclasses import dataclass

from benchmarks.instances import Instance, data_folder, load_ophs, load_ophs_strict, load_toptw
from routing import referee
from routing.search.warm import warm_up
from routing.solve import solve
from routing.stop import MaxRuntime

SETS = {"toptw": load_toptw, "ophs": load_ophs, "ophs-strict": load_ophs_strict}


@dataclass(frozen=True, slots=True)
class Row:
    """Prizes of one instance, one per seed, and iterations of the first."""

    instance: Instance
    prizes: tuple[int, ...]
    iterations: int

    @property
    def gaps_pct(self) -> tuple[float, ...]:
        """100 (reference - prize) / reference; 0 where the prize is better."""
        reference = self.instance.reference
        return tuple(max(0.0, 100.0 * (reference - p) / reference) for p in self.prizes)

    @property
    def mean_gap_pct(self) -> float:
        return statistics.fmean(self.gaps_pct)

    @property
    def is_better(self) -> bool:
        return max(self.prizes) > self.instance.reference


def run_instance(instance: Instance, budget_s: float, seeds: int) -> Row:
    """Solve once per seed, in CPU seconds, and check every solution."""
    prizes = []
    iterations = 0
    for seed in range(seeds):
        stop = MaxRuntime(budget_s, clock=time.process_time)
        result = solve(instance.problem, stop, seed)
        referee.check(instance.problem, result.best)
        instance.recheck(result.best)
        prizes.append(result.best.prize_cents)
        iterations = iterations or result.iterations
    return Row(instance, tuple(prizes), iterations)


def summary(set_name: str, rows: list[Row], budget_s: float, seeds: int) -> dict[str, object]:
    """
    The figures as one JSON object.

    `optimal` counts the instances whose mean gap over seeds is 0: at the reference (or above)
    with every seed. `max_gap_pct` is the largest mean over seeds of an instance.
    """
    gaps = [row.mean_gap_pct for row in rows]
    return {
        "set": set_name,
        "instances": len(rows),
        "seeds": seeds,
        "budget_s": budget_s,
        "mean_gap_pct": round(statistics.fmean(gaps), 4),
        "max_gap_pct": round(max(gaps), 4),
        "optimal": sum(gap == 0.0 for gap in gaps),
        "better": [
            {
                "instance": row.instance.name,
                "reference": row.instance.reference,
                "prize": max(row.prizes),
            }
            for row in rows
            if row.is_better
        ],
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.routing", description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), default="toptw", dest="set_name")
    parser.add_argument("--budget-s", type=float, default=5.0, help="CPU seconds per run")
    parser.add_argument("--seeds", type=int, default=1, help="runs per instance")
    parser.add_argument("--limit", type=int, help="instances, evenly spread over the set")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()

    instances = SETS[options.set_name](data_folder(), options.limit)
    warm_up()
    print(f"{'instance':<16}{'reference':>10}{'mean':>10}{'best':>8}{'gap %':>8}{'it/s':>9}")
    rows = []
    for instance in instances:
        row = run_instance(instance, options.budget_s, options.seeds)
        rows.append(row)
        print(
            f"{instance.name:<16}{instance.reference:>10}{statistics.fmean(row.prizes):>10.1f}"
            f"{max(row.prizes):>8}{row.mean_gap_pct:>8.2f}"
            f"{row.iterations / options.budget_s:>9.0f}{'  better' if row.is_better else ''}",
            flush=True,
        )
    figures = summary(options.set_name, rows, options.budget_s, options.seeds)
    print(
        f"\n{figures['instances']} instances x {figures['seeds']} seeds x {options.budget_s} s: "
        f"mean gap {figures['mean_gap_pct']} %, largest mean {figures['max_gap_pct']} %, "
        f"{figures['optimal']} at the reference with every seed"
    )
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
