"""
A real OSRM server on this machine, to compare with and to test against.

    python -m benchmarks.osrm_server FILE.osm.pbf --port 5000

The programs come from the wheel of `osrm-bindings` (BSD-2-Clause). They are plain executables that
run when unzipped, whatever Python is installed here. Programs and prepared extracts are kept in
`instance/osrm/`, which may be deleted at any time.
"""

import argparse
import hashlib
import os
import platform
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_FOLDER = ROOT / "instance" / "osrm"

WHEEL = "osrm-bindings==26.10.0"
WHEEL_GLOB = "osrm_bindings-26.10.0-*.whl"
PROGRAMS = ("osrm-extract", "osrm-contract", "osrm-partition", "osrm-customize", "osrm-routed")
STEPS = {"CH": ("osrm-contract",), "MLD": ("osrm-partition", "osrm-customize")}
"""What follows `osrm-extract`, by algorithm."""

MEMORY_LIMIT = 12 << 30
"""Address space of each program. Fed with the leavings of an interrupted run, one has been seen to
ask for 24 GB."""

START_S = 30.0


class OsrmProgramsError(RuntimeError):
    """OSRM cannot be had here, or did not do what it was asked to."""


def osrm_programs(folder: Path = DEFAULT_FOLDER, download: bool = False) -> Path:
    """
    The unzipped package: executables in `bin/`, profiles in `share/profiles/`.

    Parameters
    ----------
    folder
        Where it is, or is put.
    download
        Whether the package index may be asked for it (20 MB).

    Raises
    ------
    OsrmProgramsError
        When it is not there and may or can not be fetched.
    """
    programs = folder / "programs" / "osrm"
    if all((programs / "bin" / name).is_file() for name in PROGRAMS):
        return programs
    if not download:
        raise OsrmProgramsError(
            f"No OSRM in {folder}. `python -m benchmarks.osrm_server` fetches it."
        )
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".programs-", dir=folder) as parent:
        with zipfile.ZipFile(_downloaded_wheel(Path(parent))) as wheel:
            wheel.extractall(Path(parent) / "made")
        for program in (Path(parent) / "made" / "osrm" / "bin").iterdir():
            program.chmod(0o755)
        shutil.rmtree(folder / "programs", ignore_errors=True)
        os.rename(Path(parent) / "made", folder / "programs")
    return programs


def _downloaded_wheel(folder: Path) -> Path:
    machine = platform.machine()
    if sys.platform != "linux":
        raise OsrmProgramsError(f"OSRM is fetched for Linux only, and this is {sys.platform}.")
    # The wheel says it needs Python 3.12; its programs need none.
    command = [sys.executable, "-m", "pip", "download", WHEEL, "--no-deps", "--dest", str(folder)]
    command += ["--only-binary", ":all:", "--python-version", "3.12"]
    command += ["--platform", f"manylinux_2_28_{machine}", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(folder.glob(WHEEL_GLOB))
    if done.returncode or not wheels:
        raise OsrmProgramsError(f"{WHEEL} for {machine} cannot be fetched: {done.stderr.strip()}")
    return wheels[0]


def prepare_extract(
    extract: Path, programs: Path, folder: Path = DEFAULT_FOLDER, algorithm: str = "CH"
) -> Path:
    """
    Make an extract ready for `osrm-routed` by the car profile, once for each content.

    Returns
    -------
    The path that `osrm-routed` takes; the files beside it begin with the same name.

    Raises
    ------
    OsrmProgramsError
        When one of the programs fails, with its last words.
    """
    digest = hashlib.sha256(extract.read_bytes()).hexdigest()[:12]
    name = extract.name.partition(".")[0]
    ready = folder / f"{name}-{algorithm.lower()}-{digest}"
    if not ready.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{ready.name}-", dir=folder) as parent:
            made = Path(parent) / ready.name
            made.mkdir()
            source = made / f"{name}.osm.pbf"
            source.symlink_to(extract.resolve())
            profile = programs / "share" / "profiles" / "car.lua"
            _run(programs, "osrm-extract", "-p", str(profile), str(source))
            for step in STEPS[algorithm]:
                _run(programs, step, str(made / f"{name}.osrm"))
            source.unlink()
            if not ready.exists():
                os.rename(made, ready)
    return ready / f"{name}.osrm"


def _run(programs: Path, name: str, *arguments: str) -> None:
    done = subprocess.run(
        [str(programs / "bin" / name), "--threads", "1", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        preexec_fn=_limit_memory,
    )
    if done.returncode:
        raise OsrmProgramsError(f"{name} ended with {done.returncode}: {done.stdout[-500:]}")


def _limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running_osrm(
    prepared: Path,
    programs: Path,
    algorithm: str = "CH",
    port: int | None = None,
    options: Sequence[str] = (),
) -> Iterator[str]:
    """
    An `osrm-routed` on loopback for the time of a `with` statement; gives its address.

    Raises
    ------
    OsrmProgramsError
        When it does not answer within `START_S`, with its last words.
    """
    port = port or free_port()
    command = [str(programs / "bin" / "osrm-routed"), "--ip", "127.0.0.1", "--port", str(port)]
    command += ["--algorithm", algorithm, "--threads", "2", *options, str(prepared)]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(
            command,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "DISABLE_ACCESS_LOGGING": "1"},
            preexec_fn=_limit_memory,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            if not _answers(url, process):
                output.seek(0)
                raise OsrmProgramsError(f"osrm-routed does not answer: {output.read()[-500:]}")
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + START_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            requests.get(f"{url}/nearest/v1/driving/0,0", timeout=5)
        except requests.RequestException:
            time.sleep(0.05)
        else:
            return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description="Run OSRM on an extract, on this machine.")
    parser.add_argument("extract", type=Path, nargs="?", help="without it, fetch the programs only")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--algorithm", choices=sorted(STEPS), default="CH")
    parser.add_argument("--folder", type=Path, default=DEFAULT_FOLDER)
    arguments = parser.parse_args()
    # Without this, a terminated command would leave its server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        programs = osrm_programs(arguments.folder, download=True)
        if arguments.extract is None:
            print(f"OSRM is in {programs}.")
            return
        prepared = prepare_extract(
            arguments.extract, programs, arguments.folder, arguments.algorithm
        )
        with running_osrm(prepared, programs, arguments.algorithm, arguments.port) as url:
            print(f"OSRM answers at {url}. Stop it with Ctrl-C.", flush=True)
            while True:
                time.sleep(3600)
    except KeyboardInterrupt:
        pass
    except (OsrmProgramsError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
