"""
How exact the allocation of effort is, on random cases.

    python -m benchmarks.allocation [--cases 200] [--json]

The last line is JSON with `--json`: the worst of all cases by form of curve.
"""

import argparse
import json
import time

from benchmarks.allocation_cases import CASES, allocation_cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    parser.add_argument("--cases", type=int, default=CASES, help="random cases of each curve")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    asked = parser.parse_args()
    begin = time.process_time()
    found = allocation_cases(asked.cases)
    found["cpu_s"] = round(time.process_time() - begin, 1)
    print(f"{asked.cases} random cases of each curve, the worst of them")
    print(f"{'curve':18}{'optimiser better by':>22}{'worse by':>12}{'marginal spread':>18}")
    for name, row in found["curves"].items():
        better, worse = row["optimiser_better_by"], row["optimiser_worse_by"]
        print(f"{name:18}{better:22.1e}{worse:12.1e}{row['marginal_spread']:18.1e}")
    for name, row in found.items():
        if name not in ("curves", "cases_each", "cpu_s"):
            print(name, ", ".join(f"{key} {value:.6g}" for key, value in row.items()))
    if asked.json:
        print(json.dumps(found))


if __name__ == "__main__":
    main()
