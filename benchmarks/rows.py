"""What was measured on each instance, and the figures of a whole set."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.instances import Instance
from benchmarks.proven import Proof

Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Runs:
    """Values of one solver on one instance, one per seed, and the CPU seconds each took."""

    values: tuple[int, ...]
    seconds: tuple[float, ...] = ()

    def gaps_pct(self, reference: int) -> tuple[float, ...]:
        """
        100 (reference - value) / reference; 0 where the value is better.

        Where even the reference is worth no more than the direct trip, anything less is 100.
        """
        if reference <= 0:
            return tuple(0.0 if value >= reference else 100.0 for value in self.values)
        return tuple(max(0.0, 100.0 * (reference - value) / reference) for value in self.values)

    def mean_gap_pct(self, reference: int) -> float:
        return statistics.fmean(self.gaps_pct(reference))


@dataclass(frozen=True, slots=True)
class Row:
    """
    One instance.

    Parameters
    ----------
    runs
        Of our solver.
    iterations
        Of its first run.
    rivals
        By name: their runs, or why they cannot be asked.
    proof
        What was proven with the plan of the first run. None: not asked for.
    """

    instance: Instance
    runs: Runs
    iterations: int = 0
    rivals: Mapping[str, Runs | str] = field(default_factory=dict)
    proof: Proof | None = None

    @property
    def is_refuted(self) -> bool:
        """Whether the reference is above what is proven to be possible."""
        return (
            self.instance.reference is not None
            and self.proof is not None
            and self.proof.bound is not None
            and self.instance.reference > self.proof.bound
        )

    @property
    def reference(self) -> int | None:
        """What gaps are measured against; None: the row is left out of them."""
        return None if self.is_refuted else self.instance.reference

    @property
    def is_better(self) -> bool:
        return self.reference is not None and max(self.runs.values) > self.reference


def summary(set_name: str, rows: Sequence[Row], budget_s: float, seeds: int) -> Figures:
    """
    The figures as one JSON object.

    `optimal` counts the instances whose mean gap over seeds is 0: at the reference (or above)
    with every seed. `max_gap_pct` is the largest mean over seeds of an instance. References that
    are above a proven bound are in `refuted`, and their instances in no figure.
    """
    figures: Figures = {
        "set": set_name,
        "seeds": seeds,
        "budget_s": budget_s,
        **_gaps([(row.runs, row.reference) for row in rows if row.reference is not None]),
        "better": [
            {
                "instance": row.instance.name,
                "reference": row.reference,
                "prize": max(row.runs.values),
            }
            for row in rows
            if row.is_better
        ],
        "refuted": [
            {
                "instance": row.instance.name,
                "reference": row.instance.reference,
                "bound": row.proof.bound,
            }
            for row in rows
            if row.is_refuted and row.proof is not None
        ],
        "without_reference": [row.instance.name for row in rows if row.instance.reference is None],
    }
    for part, is_for_tuning in (("tuning", True), ("held_out", False)):
        figures[part] = _gaps(
            [
                (row.runs, row.reference)
                for row in rows
                if row.reference is not None and row.instance.is_for_tuning is is_for_tuning
            ]
        )
    figures["rivals"] = {
        name: _rival(name, rows) for name in dict.fromkeys(n for row in rows for n in row.rivals)
    }
    if any(row.proof is not None for row in rows):
        figures["proven"] = _proven(rows)
    return figures


def _gaps(measured: Sequence[tuple[Runs, int]]) -> Figures:
    gaps = [runs.mean_gap_pct(reference) for runs, reference in measured]
    return {
        "instances": len(gaps),
        "mean_gap_pct": round(statistics.fmean(gaps), 4) if gaps else None,
        "max_gap_pct": round(max(gaps), 4) if gaps else None,
        "optimal": sum(gap == 0.0 for gap in gaps),
    }


def _rival(name: str, rows: Sequence[Row]) -> Figures:
    """A rival where it can be asked, with our figures on the same instances."""
    both = []
    unmodelled: Counter[str] = Counter()
    for row in rows:
        answer = row.rivals[name]
        if isinstance(answer, str):
            unmodelled[answer] += 1
        elif row.reference is not None:
            both.append((row.runs, answer, row.reference))
    seconds = [second for _, theirs, _ in both for second in theirs.seconds]
    return {
        **_gaps([(theirs, reference) for _, theirs, reference in both]),
        "ours": _gaps([(ours, reference) for ours, _, reference in both]),
        "mean_seconds": round(statistics.fmean(seconds), 2) if seconds else None,
        "max_seconds": round(max(seconds), 2) if seconds else None,
        "not_asked": dict(unmodelled),
    }


def _proven(rows: Sequence[Row]) -> Figures:
    proofs = [row.proof for row in rows if row.proof is not None]
    gaps = [proof.gap_pct for proof in proofs if proof.gap_pct is not None]
    return {
        "instances": len(proofs),
        "unproven": len(proofs) - len(gaps),
        "mean_gap_pct": round(statistics.fmean(gaps), 4) if gaps else None,
        **{
            f"within_{limit}_pct_share": round(sum(g <= limit for g in gaps) / len(proofs), 4)
            for limit in (1, 2, 5)
        },
        "mean_seconds": round(statistics.fmean(proof.seconds for proof in proofs), 2),
    }
