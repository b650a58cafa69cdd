"""Published instances become the problems they describe, and false solutions are seen."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.instances import Instance, load_ophs, load_ophs_strict, load_toptw, spread_evenly
from benchmarks.routing import run_instance
from benchmarks.rows import Row, Runs, summary
from routing.errors import InfeasibleSolutionError
from routing.problem import TimeWindow
from routing.schedule import schedule_route
from routing.solution import Solution

TOPTW = """4 1 2 1
0 200
  0 40.00 50.00 0.00 0.00 0 0 0 1236
  1 41.00 51.00 90.00 10.00 1 1 1 912 967
  2 40.00 53.00 90.00 30.00 1 1 1 0 870
"""

OPHS = """4\t1\t2
8
4.0\t4.0
-------------------------------------
0 0 0
6 0 0
3 0 0
1 0 10
4.5 1 20
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two tiny instances in the form of the published files."""
    (tmp_path / "toptw").mkdir()
    (tmp_path / "ophs" / "SET_1-2").mkdir(parents=True)
    (tmp_path / "toptw" / "c901.txt").write_text(TOPTW)
    (tmp_path / "toptw" / "best_known.csv").write_text(
        "instance,vehicles,best_known,status\nc901,2,40,by hand\n"
    )
    (tmp_path / "ophs" / "SET_1-2" / "5-8-1-2.ophs").write_text(OPHS)
    (tmp_path / "ophs" / "best_known.csv").write_text(
        "set,instance,best_known,upper_bound,proven_optimal\n"
        "SET_1-2,5-8-1-2,30,30.0,1\nSET_1-2,unproven,1,2.0,0\n"
    )
    return tmp_path


def test_lengths_of_solomon_are_rounded_down_to_a_decimal(folder: Path) -> None:
    (instance,) = load_toptw(folder)
    problem = instance.problem
    assert (instance.name, instance.reference) == ("c901-m2", 40)
    assert problem.duration_s.tolist() == [[0, 14, 30], [14, 0, 22], [30, 22, 0]]
    assert [(s.start_s, s.end_s) for s in problem.shifts] == [(0, 12_360)] * 2
    assert problem.clients[0].service_duration_s == 900
    assert problem.clients[0].time_windows == (TimeWindow(9_120, 9_670),)
    assert [c.prize_cents for c in problem.clients] == [10, 30]


def test_days_with_hotels_follow_each_other_and_end_where_the_next_begins(folder: Path) -> None:
    (instance,) = load_ophs_strict(folder)
    problem = instance.problem
    assert [(s.start_s, s.end_s) for s in problem.shifts] == [
        (0, 4_000_000),
        (4_000_000, 8_000_000),
    ]
    assert [p.location_index for p in problem.overnight_places] == [0, 1, 2]
    # sqrt(1.5^2 + 1) = 1.8027756..., rounded up.
    assert problem.duration_s[2, 4] == 1_802_776
    (tolerant,) = load_ophs(folder)
    assert tolerant.problem.shifts[0].end_s == 4_002_500


def test_a_plan_beyond_the_real_length_of_a_day_is_refused(folder: Path) -> None:
    """3 + 1.803 + 1.803 on the second day is 3.606; from the start to the hotel it is 3."""
    (instance,) = load_ophs_strict(folder)
    one = schedule_route(instance.problem, 0, 0, (0,), 2)
    two = schedule_route(instance.problem, 1, 2, (1,), 1)
    assert one is not None
    assert two is not None
    instance.recheck(Solution(instance.problem, (one, two)))
    with pytest.raises(InfeasibleSolutionError, match=r"a day of .* exceeds 4\.0"):
        instance.recheck(Solution(instance.problem, (replace(one, end_location=1), two)))


def test_instances_are_spread_evenly_over_a_set() -> None:
    assert spread_evenly(10, None) == list(range(10))
    assert spread_evenly(10, 4) == [0, 3, 6, 9]
    assert spread_evenly(10, 1) == [5]
    assert spread_evenly(3, 9) == [0, 1, 2]


def test_a_better_plan_counts_as_no_gap_and_is_listed(folder: Path) -> None:
    (instance,) = load_toptw(folder)
    rows = [Row(instance, Runs((40, 44))), Row(replace(instance, reference=50), Runs((40, 50)))]
    figures = summary("toptw", rows, 5.0, 2)
    assert figures["mean_gap_pct"] == 5.0
    assert figures["max_gap_pct"] == 10.0
    assert figures["optimal"] == 1
    assert figures["better"] == [{"instance": "c901-m2", "reference": 40, "prize": 44}]


@pytest.mark.parametrize("load", [load_toptw, load_ophs, load_ophs_strict])
def test_tiny_instances_are_solved(folder: Path, load: type[Instance]) -> None:
    (instance,) = load(folder)
    row = run_instance(instance, 0.05, 2)
    assert row.runs.values == (instance.reference,) * 2
    assert row.runs.mean_gap_pct(instance.reference) == 0.0
