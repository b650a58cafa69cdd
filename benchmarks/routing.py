"""
How good the search is, on published instances and on made-up trips, beside other solvers.

    python -m benchmarks.routing --set toptw --budget-s 5 --seeds 3 --limit 20 --json
    python -m benchmarks.routing --set field --budget-s 5 --rivals --bound-s 3
    python -m benchmarks.routing --set field --refs --only "field-f-100-*"
"""

import argparse
import fnmatch
import json
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks.field_set import load_field
from benchmarks.instances import (
    Instance,
    data_folder,
    load_ophs,
    load_ophs_strict,
    load_toptw,
    spread_evenly,
)
from benchmarks.proven import Proof, prove
from benchmarks.references import OURS, make_references
from benchmarks.rivals import FILES, Rival, RivalNotInstalledError, load_rival
from benchmarks.rows import Row, Runs, summary
from routing import referee
from routing.bound import warm_up as warm_up_bound
from routing.search.warm import warm_up
from routing.solution import Solution
from routing.solve import solve
from routing.stop import MaxRuntime

SETS: dict[str, Callable[[], list[Instance]]] = {
    "toptw": lambda: load_toptw(data_folder()),
    "ophs": lambda: load_ophs(data_folder()),
    "ophs-strict": lambda: load_ophs_strict(data_folder()),
    "field": load_field,
}
REFERENCE_BUDGET_S = 60.0


def run_instance(
    instance: Instance,
    budget_s: float,
    seeds: int,
    rivals: Sequence[str] = (),
    bound_s: float | None = None,
) -> Row:
    """Solve once per seed, in CPU seconds of one core, and check every solution."""
    values, seconds = [], []
    iterations = 0
    proof: Proof | None = None
    for seed in range(seeds):
        started_s = time.process_time()
        result = solve(instance.problem, MaxRuntime(budget_s, clock=time.process_time), seed)
        seconds.append(time.process_time() - started_s)
        values.append(_checked_value(instance, result.best))
        if seed == 0:
            iterations = result.iterations
            if bound_s is not None:
                proof = prove(instance, result.best, bound_s)
    answers: dict[str, Runs | str] = {}
    for name in rivals:
        rival = load_rival(name)
        answers[name] = rival.models(instance.problem) or _run_rival(
            rival, instance, budget_s, seeds
        )
    return Row(instance, Runs(tuple(values), tuple(seconds)), iterations, answers, proof)


def _run_rival(rival: Rival, instance: Instance, budget_s: float, seeds: int) -> Runs:
    values, seconds = [], []
    for seed in range(seeds if rival.IS_RANDOM else 1):
        started_s = time.process_time()
        plan = rival.solve(instance.problem, budget_s, seed)
        seconds.append(time.process_time() - started_s)
        values.append(_checked_value(instance, plan))
    return Runs(tuple(values), tuple(seconds))


def _checked_value(instance: Instance, plan: Solution) -> int:
    referee.check(instance.problem, plan)
    instance.recheck(plan)
    return instance.value_of(plan)


def _line(row: Row, budget_s: float) -> str:
    values, reference = row.runs.values, row.instance.reference
    gap = "-" if row.reference is None else f"{row.runs.mean_gap_pct(row.reference):.2f}"
    line = (
        f"{row.instance.name:<20}{'-' if reference is None else reference:>9}"
        f"{statistics.fmean(values):>11.1f}{max(values):>9}{gap:>8}"
        f"{row.iterations / budget_s:>9.0f}"
    )
    for name, answer in row.rivals.items():
        if isinstance(answer, str):
            line += f"  {name} -"
        elif row.reference is None:
            line += f"  {name} {statistics.fmean(answer.values):.1f}"
        else:
            line += f"  {name} {answer.mean_gap_pct(row.reference):.2f}"
    if row.proof is not None:
        proven = row.proof.gap_pct
        line += f"  proven {'-' if proven is None else f'{proven:.2f}'}"
    if row.is_refuted:
        line += "  reference above the bound"
    return line + ("  better" if row.is_better else "")


def _choose(set_name: str, pattern: str, limit: int | None) -> list[Instance]:
    instances = [i for i in SETS[set_name]() if fnmatch.fnmatch(i.name, pattern)]
    return [instances[index] for index in spread_evenly(len(instances), limit)]


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.routing",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--set", choices=sorted(SETS), default="toptw", dest="set_name")
    parser.add_argument("--budget-s", type=float, help="CPU seconds per run (5; --refs: 60)")
    parser.add_argument("--seeds", type=int, default=1, help="runs per instance")
    parser.add_argument("--limit", type=int, help="instances, evenly spread over the set")
    parser.add_argument(
        "--only", default="*", metavar="PATTERN", help="names of instances, as *-m2"
    )
    parser.add_argument(
        "--rivals",
        nargs="?",
        const=",".join(FILES),
        default="",
        help=f"other solvers on the same instances: all, or some of {','.join(FILES)}",
    )
    parser.add_argument(
        "--bound-s", type=float, help="then CPU seconds to prove how far from the best it is"
    )
    parser.add_argument(
        "--refs",
        action="store_true",
        help="make references of the set field, with our solver and all rivals or those named",
    )
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    return parser


def main() -> None:
    parser = _arguments()
    options = parser.parse_args()
    rivals = [name for name in options.rivals.split(",") if name]
    try:
        for name in rivals:
            load_rival(name)
    except (RivalNotInstalledError, ValueError) as error:
        parser.error(str(error))

    if options.refs:
        if options.set_name != "field":
            parser.error(
                "--refs makes references of --set field; those of other sets are published."
            )
        warm_up()
        make_references(
            options.only,
            options.budget_s or REFERENCE_BUDGET_S,
            (OURS, *(rivals or FILES)),
            tell=lambda line: print(line, flush=True),
        )
        return

    budget_s = options.budget_s or 5.0
    instances = _choose(options.set_name, options.only, options.limit)
    if not instances:
        parser.error(f"No instance of {options.set_name} is named like {options.only}.")
    warm_up()
    if options.bound_s is not None:
        warm_up_bound()
    print(f"{'instance':<20}{'reference':>9}{'mean':>11}{'best':>9}{'gap %':>8}{'it/s':>9}")
    rows = []
    for instance in instances:
        rows.append(run_instance(instance, budget_s, options.seeds, rivals, options.bound_s))
        print(_line(rows[-1], budget_s), flush=True)
    figures = summary(options.set_name, rows, budget_s, options.seeds)
    print(
        f"\n{figures['instances']} instances x {figures['seeds']} seeds x {budget_s} s: "
        f"mean gap {figures['mean_gap_pct']} %, largest mean {figures['max_gap_pct']} %, "
        f"{figures['optimal']} at the reference with every seed"
    )
    for part in ("tuning", "held_out", "rivals", "proven"):
        if figures.get(part):
            print(f"{part}: {json.dumps(figures[part])}")
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
