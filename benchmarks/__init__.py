"""Benchmarks are commands that print what they measure; `docs/benchmarks.md` keeps the results."""

from pathlib import Path

from data.compiled_code import use_compiled_code

# Here and not in the commands, because it must come before anything that imports numba.
use_compiled_code(Path(__file__).resolve().parent.parent / "instance" / "numba")
