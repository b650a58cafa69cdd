"""Figures of a set: what counts, what is left out, and rivals on the same instances."""

from benchmarks.instances import Instance
from benchmarks.proven import Proof
from benchmarks.rows import Row, Runs, summary
from routing.problem import Problem, Shift


def _row(name: str, reference: int | None, *values: int, **more: object) -> Row:
    problem = Problem((), (Shift(0, 1, 0, 0),), [[0]], [[0]])  # type: ignore[arg-type]
    is_for_tuning = bool(more.pop("is_for_tuning", False))
    instance = Instance(name, problem, reference, lambda _: None, is_for_tuning=is_for_tuning)
    return Row(instance, Runs(values), **more)  # type: ignore[arg-type]


def test_a_reference_above_the_bound_is_listed_and_left_out() -> None:
    rows = [
        _row("right", 100, 90, proof=Proof(100, 90, 1.0)),
        _row("wrong", 120, 100, proof=Proof(110, 100, 1.0)),
    ]
    figures = summary("toptw", rows, 5.0, 1)
    assert figures["instances"] == 1
    assert figures["mean_gap_pct"] == 10.0
    assert figures["refuted"] == [{"instance": "wrong", "reference": 120, "bound": 110}]


def test_an_instance_without_reference_is_named_and_in_no_gap() -> None:
    figures = summary("field", [_row("new", None, 5), _row("old", 10, 10)], 5.0, 1)
    assert figures["without_reference"] == ["new"]
    assert (figures["instances"], figures["mean_gap_pct"]) == (1, 0.0)


def test_a_set_without_any_reference_has_no_gap() -> None:
    figures = summary("field", [_row("new", None, 5)], 5.0, 1)
    assert (figures["instances"], figures["mean_gap_pct"], figures["optimal"]) == (0, None, 0)


def test_a_plan_below_a_reference_of_nothing_is_wholly_behind() -> None:
    """Where no visit pays, the empty plan is the best: 0, and a loss is as bad as can be."""
    assert Runs((0, -5)).gaps_pct(0) == (0.0, 100.0)


def test_both_parts_of_a_set_are_told_apart() -> None:
    rows = [_row("a", 100, 90, is_for_tuning=True), _row("b", 100, 80)]
    figures = summary("field", rows, 5.0, 1)
    assert figures["tuning"] == {
        "instances": 1,
        "mean_gap_pct": 10.0,
        "max_gap_pct": 10.0,
        "optimal": 0,
    }
    assert isinstance(figures["held_out"], dict)
    assert figures["held_out"]["mean_gap_pct"] == 20.0


def test_a_rival_is_compared_on_the_instances_it_was_asked() -> None:
    rows = [
        _row("a", 100, 100, rivals={"pyvrp": Runs((80, 90), (5.0, 6.0))}),
        _row("b", 100, 50, rivals={"pyvrp": "it has no breaks"}),
    ]
    figures = summary("field", rows, 5.0, 1)
    assert figures["rivals"] == {
        "pyvrp": {
            "instances": 1,
            "mean_gap_pct": 15.0,
            "max_gap_pct": 15.0,
            "optimal": 0,
            "ours": {"instances": 1, "mean_gap_pct": 0.0, "max_gap_pct": 0.0, "optimal": 1},
            "mean_seconds": 5.5,
            "max_seconds": 6.0,
            "not_asked": {"it has no breaks": 1},
        }
    }


def test_what_is_not_proven_is_counted_as_not_within_any_gap() -> None:
    rows = [
        _row("a", 100, 99, proof=Proof(100, 99, 1.0)),
        _row("b", 100, 99, proof=Proof(None, 99, 3.0)),
    ]
    assert summary("field", rows, 5.0, 1)["proven"] == {
        "instances": 2,
        "unproven": 1,
        "mean_gap_pct": 1.0,
        "within_1_pct_share": 0.5,
        "within_2_pct_share": 0.5,
        "within_5_pct_share": 0.5,
        "mean_seconds": 2.0,
    }


def test_nothing_to_win_is_a_gap_of_nothing() -> None:
    assert Proof(0, 0, 0.0).gap_pct == 0.0
