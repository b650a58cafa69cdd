"""The layout and the direction of imports, as CONTRIBUTING.md describes them."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = ("geo", "accounts", "routing", "territories")
PACKAGES = (*PURE, "data", "api", "benchmarks")

TOP_LEVEL = {
    *PACKAGES,
    "docs",
    "tests",
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    "NOTICE.md",
    "Makefile",
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "package.json",
    "package-lock.json",
    "Dockerfile",
    "compose.yaml",
    ".ci",
    ".dockerignore",
    ".env.example",
    ".gitignore",
    ".npmrc",
}

CLOCK_READS = {"now", "today", "utcnow"}
NUMPY_FILES = {"load", "save", "savez", "savez_compressed", "fromfile", "memmap", "loadtxt"}
SEEDED = {"default_rng", "Generator", "SeedSequence", "PCG64", "BitGenerator"}


def impure_calls(source: str) -> Iterator[str]:
    """Calls that no import gives away: files, the clock, numpy's global random generator."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            owner, _, last = name.rpartition(".")
            if name in ("open", "input", "print") or last in CLOCK_READS:
                yield f"line {node.lineno}: {name}()"
            if owner in ("np", "numpy") and last in NUMPY_FILES:
                yield f"line {node.lineno}: {name}()"
            if owner in ("np.random", "numpy.random") and last not in SEEDED:
                yield f"line {node.lineno}: {name}()"


def modules_of(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (ROOT / package).rglob("*.py"))


def test_imports_point_down_only() -> None:
    """In a process of its own, since the linter takes the log away from all loggers there are."""
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", lint, "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", modules_of(*PURE), ids=lambda path: str(path.relative_to(ROOT)))
def test_pure_packages_touch_no_file_clock_or_global_random(path: Path) -> None:
    assert list(impure_calls(path.read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        "open('accounts.csv')",
        "datetime.now(UTC)",
        "date.today()",
        "np.load('roads.npy')",
        "np.random.shuffle(order)",
    ],
)
def test_impure_calls_are_recognised(source: str) -> None:
    assert len(list(impure_calls(source))) == 1


def test_a_seeded_generator_is_no_impure_call() -> None:
    assert list(impure_calls("np.random.default_rng(7).random()")) == []


def test_top_level_holds_only_what_the_layout_names() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {line.split("/")[0] for line in listed.stdout.splitlines()} == TOP_LEVEL


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for path in modules_of(*PACKAGES, "tests")}
    without = [folder for folder in folders if not (folder / "__init__.py").is_file()]
    assert without == []


def test_tests_mirror_the_packages() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if (path / "__init__.py").is_file()}
    assert folders <= {*PACKAGES, "browser"}


def test_settings_are_read_before_anything_is_compiled() -> None:
    """They say where compiled code is kept, which numba reads once, while it is imported."""
    code = "import api.settings, sys; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
