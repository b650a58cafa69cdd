"""The named trips of the set `field`, and the frozen references they are compared with."""

import csv
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path

from benchmarks.field import FieldTrip, digest, generate
from benchmarks.instances import Instance, spread_evenly
from benchmarks.raw import problem_of, recheck_with
from routing.direct_trip import direct_trip

REFERENCES = Path(__file__).resolve().parent / "field_references.csv"

# Every size once, with objective, tuning and breaks spread over them; the sizes for which most is
# promised several times: three days with free nights, and 300 candidates in five days.
SUITE = (
    *("field-f-25-1-v-3", "field-f-25-2-p-3", "field-f-25-3-v-2", "field-f-25-4-p-2"),
    *("field-f-25-5-v-1", "field-f-50-1-p-1", "field-f-50-2-v-1", "field-f-50-3-p-0"),
    *("field-f-50-4-v-0", "field-f-50-5-p-3", "field-f-100-1-v-0", "field-f-100-2-p-0"),
    *("field-f-100-3-v-3", "field-f-100-4-p-3", "field-f-100-5-v-2", "field-f-300-1-p-2"),
    *("field-f-300-2-v-2", "field-f-300-3-p-1", "field-f-300-4-v-1", "field-f-300-5-p-0"),
    *("field-f-300-5-v-1", "field-n-25-2-v-0", "field-n-25-3-v-0", "field-n-25-3-p-1"),
    *("field-n-25-3-v-2", "field-n-25-3-p-3", "field-n-25-4-v-3", "field-n-25-5-p-2"),
    *("field-n-40-2-p-2", "field-n-40-3-p-0", "field-n-40-3-v-1", "field-n-40-3-p-2"),
    *("field-n-40-3-v-3", "field-n-40-4-p-1", "field-n-40-5-v-0", "field-n-60-2-v-1"),
    *("field-n-60-3-p-0", "field-n-60-3-v-1", "field-n-60-3-p-2", "field-n-60-3-v-3"),
    *("field-n-60-4-v-0", "field-n-60-5-p-3", "field-n-100-2-p-3", "field-n-100-3-v-2"),
    *("field-n-100-4-p-2", "field-n-100-5-v-1", "field-n-300-2-v-2", "field-n-300-3-p-1"),
    *("field-n-300-4-v-1", "field-n-300-5-p-0", "field-n-300-5-v-1"),
)


class StaleReferenceError(Exception):
    """A reference was made for other numbers than the generator draws now."""


@dataclass(frozen=True, slots=True)
class Reference:
    """
    The best value known of a trip.

    Parameters
    ----------
    value_cents
        Above the direct trip.
    solver
        That found it.
    seconds
        CPU seconds of the longest runs.
    tried
        Names of the solvers that were given so many, with spaces between them.
    commit, date
        Of the code that found it.
    digest
        Of the numbers of the trip.
    """

    instance: str
    value_cents: int
    solver: str
    tried: str
    seconds: float
    commit: str
    date: str
    digest: str


def load_field(references: Path = REFERENCES, limit: int | None = None) -> list[Instance]:
    """
    The trips of the set, evenly spread where limited.

    Raises
    ------
    StaleReferenceError
        When the generator has changed since a reference was made.
    """
    known = read_references(references)
    return [
        field_instance(SUITE[index], known.get(SUITE[index]))
        for index in spread_evenly(len(SUITE), limit)
    ]


def field_instance(name: str, reference: Reference | None) -> Instance:
    """One trip by its name."""
    trip = FieldTrip.of_name(name)
    raw = generate(trip)
    if reference is not None and reference.digest != digest(raw):
        raise StaleReferenceError(
            f"The reference of {name} was made for numbers with digest {reference.digest}, but the "
            f"generator draws {digest(raw)}. Undo the change of the generator, or remove the row "
            f"from {REFERENCES.name} and make it anew with --refs."
        )
    problem = problem_of(raw)
    return Instance(
        name,
        problem,
        None if reference is None else reference.value_cents,
        # Drawn again rather than kept: what is checked is what the name stands for.
        recheck_with(partial(generate, trip)),
        baseline_cents=direct_trip(problem).value_cents,
        is_for_tuning=trip.is_for_tuning,
    )


def read_references(path: Path = REFERENCES) -> dict[str, Reference]:
    """References by name of their instance; none where the file is missing."""
    if not path.exists():
        return {}
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["instance"]: Reference(
            **{  # type: ignore[arg-type]
                **row,
                "value_cents": int(row["value_cents"]),
                "seconds": float(row["seconds"]),
            }
        )
        for row in rows
    }


def record(found: Reference, path: Path = REFERENCES) -> Reference:
    """
    Keep a found value where it is better than the reference, or made for other numbers.

    Where it is not, only the solvers tried are added, or counted anew for a longer run. Returns
    what is kept. Rows are in the order of the set, and a second process may record at the same
    time.
    """
    with _locked(path.parent):
        known = read_references(path)
        old = known.get(found.instance)
        kept = found
        if old is not None and old.digest == found.digest:
            better = found if found.value_cents > old.value_cents else old
            longest_s = max(old.seconds, found.seconds)
            tried = " ".join(
                dict.fromkeys(
                    solver
                    for one in (old, found)
                    if one.seconds == longest_s
                    for solver in one.tried.split()
                )
            )
            kept = replace(better, tried=tried, seconds=longest_s)
        known[found.instance] = kept
        order = {name: index for index, name in enumerate(SUITE)}
        part = path.with_suffix(".part")
        with open(part, "w", newline="") as file:
            writer = csv.DictWriter(
                file, [field.name for field in fields(Reference)], lineterminator="\n"
            )
            writer.writeheader()
            for name in sorted(known, key=lambda name: (order.get(name, len(order)), name)):
                writer.writerow(asdict(known[name]))
        os.replace(part, path)
    return kept


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
