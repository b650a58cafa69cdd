"""
How fast the service answers, and how good its answers are: Kassel to München in three days.

    python -m benchmarks.service --requests 20 --json

Starts the service on a fresh German sample and sends the request with different seeds and Mondays,
each once the proof of the one before has ended. Times are CPU seconds of the service, warm;
`_wall_s` are those on the clock, which other work on the machine lengthens, and so are the seconds
from an answer to a proof that its plan is at most `CLOSE_PCT` below the best possible.
"""

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Europe/Berlin")
ROUTES = "/api/v1/routes"
FEWEST_VISITS = 12
LONG_SHORTLIST = 1000
CLOSE_PCT = 1.0
FIXED_NIGHTS = ("Würzburg", "Nürnberg")
BETWEEN_LOOKS_S = 0.05
TICKS_PER_S = os.sysconf("SC_CLK_TCK")

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Service:
    """A running service; its processes make up the group `process_group`."""

    client: httpx.Client
    process_group: int

    def cpu_s(self) -> float:
        """CPU seconds of all its processes so far, to 10 ms."""
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                # The name stands in brackets and may hold anything; the fields follow it.
                fields = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # ended meanwhile
            if int(fields[2]) == self.process_group:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS_PER_S


@contextmanager
def running_service() -> Iterator[Service]:
    """The service on a fresh sample, with the compiled code and the roads of this folder."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "service.log"
        environment = {
            **os.environ,
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "DATABASE_URL": f"sqlite:///{folder}/sample.db",
        }
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "api"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300) as client:
                _wait(client, process, log)
                yield Service(client, process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _wait(client: httpx.Client, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        if process.poll() is not None:
            raise SystemExit(f"The service did not start:\n{log.read_text()}")
        try:
            if client.get("/healthz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise SystemExit(f"The service was not ready after 10 minutes:\n{log.read_text()}")


def trip(monday: date, seed: int, **changes: Any) -> Body:
    """Kassel to München, Monday to Wednesday, 08:00 to 18:00."""
    days = [monday + timedelta(days=k) for k in range(3)]
    ends = changes.pop("nights", ())
    places: list[Body] = [{"end_place": {"place": name}} for name in ends] or [{}] * 2
    return {
        "start": {"place": "Kassel"},
        "end": {"place": "München"},
        "days": [
            {"date": f"{day}", "start": _local(day, 8), "end": _local(day, 18), **place}
            for day, place in zip(days, [*places, {}], strict=True)
        ],
        "options": {"seed": seed, **changes.pop("options", {})},
        **changes,
    }


def _local(day: date, hour: int) -> str:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZONE).isoformat()


def faults(body: Body, accounts: int) -> list[str]:
    """What is wrong with an answer, rechecked from nothing but the answer."""
    found = []
    if body["status"] != "complete":
        found.append(f"status {body['status']}")
    visits = [stop for day in body["days"] for stop in day["stops"] if stop["type"] == "visit"]
    if len(visits) < FEWEST_VISITS:
        found.append(f"{len(visits)} visits")
    if len({visit["account_id"] for visit in visits}) != len(visits):
        found.append("an account twice")
    others = len(body["unassigned"]) + sum(body["unassigned_counts"].values())
    if len(visits) + others != accounts:
        found.append(f"{len(visits)} + {others} of {accounts} accounts")
    for day in body["days"]:
        found += _faults_of_day(day)
    return found


def _faults_of_day(day: Body) -> Iterator[str]:
    moments = [datetime.fromisoformat(day["start"])]
    legs = {leg["to_seq"]: leg for leg in day["legs"]}
    for stop in day["stops"]:
        times = [stop[key] for key in ("arrival", "service_start", "departure") if key in stop]
        moments += [datetime.fromisoformat(moment) for moment in times]
        leg = legs.get(stop["seq"])
        if leg is not None:
            left = datetime.fromisoformat(day["stops"][leg["from_seq"]]["departure"])
            reached = datetime.fromisoformat(stop["arrival"])
            if (reached - left).total_seconds() != leg["travel_s"]:
                yield f"{day['date']}: leg to stop {stop['seq']} takes another time"
        if stop["type"] == "visit":
            served = moments[-1] - moments[-2]
            if served.total_seconds() != stop["service_duration_s"]:
                yield f"{day['date']}: service at stop {stop['seq']} takes another time"
    moments.append(datetime.fromisoformat(day["end"]))
    if moments != sorted(moments):
        yield f"{day['date']}: times go backwards or beyond the day"


@dataclass(frozen=True, slots=True)
class Measured:
    """One answer, what it took, and what is wrong with it."""

    body: Body | None
    cpu_s: float
    wall_s: float
    faults: list[str]


def measure(service: Service, request: Body, accounts: int) -> Measured:
    cpu_s, started = service.cpu_s(), time.monotonic()
    response = service.client.post(ROUTES, json=request)
    wall_s, cpu_s = time.monotonic() - started, service.cpu_s() - cpu_s
    if response.status_code != 201:
        return Measured(None, cpu_s, wall_s, [f"{response.status_code} {response.text}"])
    body = response.json()
    return Measured(body, cpu_s, wall_s, faults(body, accounts))


def first_plan_s(service: Service, request: Body) -> float:
    """CPU seconds until the stream tells of a first plan; returns once all work on it has ended."""
    before = service.cpu_s()
    headers = {"Accept": "text/event-stream"}
    first_s, data = None, ""
    with service.client.stream("POST", ROUTES, json=request, headers=headers) as response:
        for line in response.iter_lines():
            if line == "event: improvement" and first_s is None:
                first_s = service.cpu_s() - before
            if line.startswith("data:"):
                data = line.removeprefix("data:")
    if first_s is None:
        raise SystemExit("The stream ended without a plan.")
    follow_proof(service, json.loads(data))
    return first_s


@dataclass(frozen=True, slots=True)
class Proof:
    """
    How the proof of a plan went on after its answer.

    Parameters
    ----------
    close_s
        Seconds on the clock until the gap was proven to be at most `CLOSE_PCT`; infinite where it
        never was.
    gap_pct
        In the end; None where nothing was proven.
    """

    close_s: float
    gap_pct: float | None


def follow_proof(service: Service, body: Body) -> Proof:
    """Look at a route until its proof has ended."""
    started = time.monotonic()
    close_s = float("inf")
    while True:
        answer = service.client.get(f"{ROUTES}/{body['route_id']}", params={"revision": 1})
        search = answer.raise_for_status().json()["search"]
        gap = search.get("gap")
        gap_pct = None if gap is None else 100 * gap
        now_s = time.monotonic() - started
        if gap_pct is not None and gap_pct <= CLOSE_PCT:
            close_s = min(close_s, now_s)
        if search["bound_state"] != "running":
            return Proof(close_s, gap_pct)
        time.sleep(BETWEEN_LOOKS_S)


def proof_figures(proofs: list[Proof]) -> Body:
    """
    Medians of some proofs.

    A proof that never came close counts as infinitely late, one that proved nothing as infinitely
    far; a median that is infinite is None.
    """
    gaps = [float("inf") if p.gap_pct is None else p.gap_pct for p in proofs]
    figures = {
        "close_s": statistics.median(p.close_s for p in proofs),
        "gap_pct": statistics.median(gaps),
        "gap_max_pct": max(gaps),
    }
    return {
        "proofs": len(proofs),
        "close": sum(p.close_s < float("inf") for p in proofs),
        **{key: round(v, 2) if v < float("inf") else None for key, v in figures.items()},
    }


def _told(proofs: list[Proof]) -> str:
    """The latest of some proofs in words."""
    if not proofs or proofs[-1].gap_pct is None:
        return "nothing proven"
    last = proofs[-1]
    close = f", {CLOSE_PCT:g} % after {last.close_s:.1f} s" if last.close_s < float("inf") else ""
    return f"gap {last.gap_pct:.2f} %{close}"


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def run(requests: int, long_runs: int, long_s: float) -> Body:
    """All figures, printed as they come."""
    with running_service() as service:
        dataset = service.client.get("/api/v1/dataset").json()
        accounts = dataset["account_count"]
        today = date.fromisoformat(dataset["as_of"])
        first_monday = today + timedelta(days=7 - today.weekday())
        mondays = [first_monday + timedelta(weeks=k) for k in range(requests)]
        warmed_up = measure(service, trip(first_monday, requests), accounts)  # not counted
        if warmed_up.body is None:
            raise SystemExit(f"No plan at all: {warmed_up.faults}")
        follow_proof(service, warmed_up.body)
        print(f"{'Monday':<12}{'seed':>5}{'CPU s':>8}{'wall s':>8}{'visits':>8}{'value':>11}")
        answers, proofs = [], []
        for seed, monday in enumerate(mondays):
            answer = measure(service, trip(monday, seed), accounts)
            answers.append(answer)
            totals = answer.body["totals"] if answer.body else {"visits": 0, "net_value": 0.0}
            if answer.body is not None:
                proofs.append(follow_proof(service, answer.body))
            print(
                f"{monday!s:<12}{seed:>5}{answer.cpu_s:>8.2f}{answer.wall_s:>8.2f}"
                f"{totals['visits']:>8}{totals['net_value']:>11.2f}  {_told(proofs)}"
                f"  {'; '.join(answer.faults)}",
                flush=True,
            )
        fixed_proofs = []
        for seed, monday in enumerate(mondays):
            answer = measure(service, trip(monday, seed, nights=FIXED_NIGHTS), accounts)
            if answer.body is None:
                raise SystemExit(f"No plan with fixed nights: {answer.faults}")
            fixed_proofs.append(follow_proof(service, answer.body))
            print(f"{monday!s:<12}{seed:>5}  fixed nights  {_told(fixed_proofs)}", flush=True)
        chosen = range(0, requests, max(1, requests // long_runs))[:long_runs]
        first_plans = [first_plan_s(service, trip(mondays[k], k)) for k in chosen]
        losses = []
        for k in chosen:
            options = {"iterations": 10_000_000, "time_limit_s": long_s}
            wider = {"shortlist": LONG_SHORTLIST}
            request = trip(mondays[k], k, options=options, candidate_filter=wider)
            long_run, short = measure(service, request, accounts), answers[k]
            if long_run.body is None or short.body is None:
                raise SystemExit(f"No long run to compare with: {long_run.faults}")
            follow_proof(service, long_run.body)
            best = long_run.body["totals"]["net_value"]
            value = short.body["totals"]["net_value"]
            losses.append(100 * (best - value) / best)
            print(f"{mondays[k]!s:<12} long run of {long_s:g} s: {best:.2f}, {losses[-1]:.2f} %")
    bodies = [answer.body for answer in answers if answer.body is not None]
    return {
        "accounts": accounts,
        "requests": requests,
        "p50_s": round(statistics.median(a.cpu_s for a in answers), 2),
        "p95_s": round(percentile([a.cpu_s for a in answers], 0.95), 2),
        "first_plan_s": round(statistics.median(first_plans), 2),
        "visits_min": min((body["totals"]["visits"] for body in bodies), default=0),
        "shortlisted_min": min((body["search"]["shortlisted"] for body in bodies), default=0),
        "loss_to_long_run_pct": round(statistics.fmean(losses), 3),
        "failures": sum(bool(answer.faults) for answer in answers),
        "p50_wall_s": round(statistics.median(a.wall_s for a in answers), 2),
        "p95_wall_s": round(percentile([a.wall_s for a in answers], 0.95), 2),
        "proof_free_nights": proof_figures(proofs),
        "proof_fixed_nights": proof_figures(fixed_proofs),
        "long_runs": len(losses),
        "loss_to_long_run_max_pct": round(max(losses), 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.service",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--requests", type=int, default=20)
    parser.add_argument(
        "--long-runs", type=int, help="requests compared with a long run; default one in four"
    )
    parser.add_argument("--long-s", type=float, default=60.0, help="seconds of a long run, to 60")
    parser.add_argument("--json", action="store_true", help="end with one JSON object")
    options = parser.parse_args()
    if options.requests < 1:
        parser.error("--requests must be at least 1")
    long_runs = options.long_runs or max(1, options.requests // 4)

    figures = run(options.requests, min(long_runs, options.requests), options.long_s)
    print(
        f"\n{figures['requests']} requests over {figures['accounts']:,} accounts: median "
        f"{figures['p50_s']} s, 95 % within {figures['p95_s']} s, {figures['failures']} failures; "
        f"{figures['loss_to_long_run_pct']} % below the long run"
    )
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
