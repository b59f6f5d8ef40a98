"""Commands killed, stopped, out of disk and at once: what was accepted is never lost.

``python -m tests.campaign kills``. On the small territory: each file operation of each command
stopped once (SIGKILL, SIGTERM, no room once, no room for good); kills at random moments; files that
may not grow; loads and refreshes at once, some killed; the app killed while it answers. After each:
one whole state, of before or of after, every visible file whole, a sentence, and the next command
works. Seeded, nine minutes at most, on two deployments at once.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from observatory.settings import ROOT
from tests.browser import free_port
from tests.stopped import Bench, Stopped, Tally, apart, broken, rows, settings
from tests.tiny import SIREN

SEED = 62041
SECONDS = 480.0
LANES = 2
FIRST, NONE = {"UN", "DEUX"}, set[str]()
HOWS = ("KILL", "full", "TERM", "full-for-good")


@dataclass(frozen=True)
class Command:
    """A command, and the establishments that it leaves in the census."""

    argv: tuple[str, ...]
    after: frozenset[str] = frozenset(FIRST)


COMMANDS = (
    Command(("census", "load", "two.csv", "--no-refresh"), frozenset({"TROIS"})),
    Command(
        ("census", "load", "two.csv", "--complete", "--no-refresh"), frozenset({*FIRST, "TROIS"})
    ),
    Command(("census", "load", "two.csv"), frozenset({"TROIS"})),
    Command(("census", "undo"), frozenset(NONE)),
    Command(("census", "restore", "1")),
    Command(("convention", "load", "convention.toml")),
    Command(("plan", "load", "plan.csv")),
    Command(("refresh", "--territory", SIREN)),
    Command(("census", "template", "--out", "t.csv")),
    Command(("census", "export", "--out", "t.xlsx")),
    Command(("export", "gaps", "--service", "rpe", "--out", "e.csv")),
    Command(("export", "gaps", "--service", "rpe", "--out", "e.gpkg")),
    Command(("report", "commune", "62001", "--out", "r.pdf")),
    Command(("static",)),
)


@dataclass(frozen=True)
class Lane:
    """One of the deployments that are tried side by side, with its own draws."""

    number: int
    bench: Bench
    draw: random.Random


def main() -> int:
    """Run the campaign within its time; return the number of failures and of losses."""
    sections: dict[str, tuple[float, Callable[[Lane, float, Tally], None]]] = {
        "each operation stopped once": (0.65, each_operation),
        "killed at a random moment": (0.1, random_moments),
        "files that may not grow": (0.08, small_disk),
        "loads and refreshes at once": (0.1, at_once),
        "the app killed": (0.07, app_killed),
    }
    bad, start, until = 0, time.monotonic(), time.monotonic()
    with ExitStack() as opened:
        folders = [Path(opened.enter_context(tempfile.TemporaryDirectory())) for _ in range(LANES)]
        lanes = [
            Lane(n, opened.enter_context(Bench(folder)), random.Random(SEED + n))
            for n, folder in enumerate(folders)
        ]
        for name, (share, section) in sections.items():
            begun = time.monotonic()
            until += share * SECONDS  # a section that is late shortens the next
            tally = side_by_side(section, lanes, until)
            bad += len(tally.failures) + len(tally.lost)
            print(f"{name}: {tally} ({time.monotonic() - begun:.0f} s)", flush=True)
    print(f"in all: {time.monotonic() - start:.0f} s, {bad} failures or losses")
    return bad


def side_by_side(
    section: Callable[[Lane, float, Tally], None], lanes: Sequence[Lane], until: float
) -> Tally:
    """Run a section in every lane at once; what all of them have seen."""

    def seen(lane: Lane) -> Tally:
        tally = Tally()
        section(lane, until, tally)
        return tally

    whole = Tally()
    with ThreadPoolExecutor(len(lanes)) as pool:
        for one in pool.map(seen, lanes):
            whole.tried += one.tried
            whole.failures += one.failures
            whole.lost += one.lost
    return whole


def each_operation(lane: Lane, until: float, tally: Tally) -> None:
    """Stop every command at each of its operations: all of them killed, then the other stops."""
    bench, draw = lane.bench, random.Random(SEED)  # every lane shuffles alike, and takes its share
    places = [(c, at) for c in COMMANDS for at in range(1, operations(bench, c, tally) + 1)]
    for how in HOWS:
        draw.shuffle(places)
        mine = places[lane.number :: LANES]
        for n, (command, at) in enumerate(mine):
            if time.monotonic() > until:
                print(f"  {how}: out of time after {n} of {len(mine)} operations", flush=True)
                return
            try_stop(bench, command, {"how": how, "at": at}, tally, again=n % 8 == 0)
        print(f"  {how}: each of {len(mine)} operations", flush=True)


def operations(bench: Bench, command: Command, tally: Tally) -> int:
    """How many file operations a command begins when nothing stops it."""
    place = ready(bench, command)
    (ran,) = bench.run(place, [command.argv])
    tally.failures += [f"{command.argv}: {ran.status} {ran.said[-200:]}"] * (ran.status != 0)
    bench.forget(place)
    return ran.begun


def ready(bench: Bench, command: Command) -> Path:
    """A deployment for a command: for a restore, one that has something to go back from."""
    place = bench.copy()
    if "restore" in command.argv:
        bench.run(place, [("census", "load", "two.csv", "--no-refresh")])
    return place


def try_stop(
    bench: Bench, command: Command, stop: dict[str, Any], tally: Tally, *, again: bool
) -> Stopped:
    """Stop a command, look at what it left, and go on from there."""
    place = ready(bench, command)
    before = rows(place)
    (ran,) = bench.run(place, [command.argv], stop)
    tally.tried += 1
    what = f"{' '.join(command.argv)} {stop}"
    faults = broken(place, ran)
    found = rows(place) if not faults else before
    allowed = [before, command.after]
    if ran.status == 0:
        allowed = [command.after]
    elif ran.status == 1 and stop["how"] != "full-for-good":
        allowed = [before]
    if found not in map(set, allowed):
        tally.lost.append(f"{what}: {sorted(found)}, status {ran.status}")
    if stop["how"] == "TERM" and "--no-refresh" not in command.argv and "load" in command.argv:
        faults += ["store and version apart"] * ("census" in command.argv and apart(place))
    (then,) = bench.run(place, [("census", "load", "three.csv", "--complete", "--no-refresh")])
    if then.status != 0 or rows(place) != found | {"QUATRE"}:
        tally.lost.append(f"{what}: nothing can be loaded any more: {then.said[-300:]}")
    elif again:
        (then,) = bench.run(place, [("refresh", "--territory", SIREN)])
        faults += [then.said] * (then.status != 0) + ["still apart"] * apart(place)
    tally.failures += [f"{what}: {fault}" for fault in faults]
    bench.forget(place)
    return ran


def random_moments(lane: Lane, until: float, tally: Tally) -> None:
    """Kill what works in DuckDB, whose own operations nobody counts."""
    bench, draw = lane.bench, lane.draw
    slow = [c for c in COMMANDS if c.argv[0] in ("refresh", "export", "report")] + [COMMANDS[2]]
    while time.monotonic() < until:
        stop = {"how": draw.choice(("KILL", "TERM")), "after": draw.uniform(0.01, 4.0)}
        try_stop(bench, draw.choice(slow), stop, tally, again=True)


def small_disk(lane: Lane, until: float, tally: Tally) -> None:
    """Let no file grow beyond some bytes: writes fail half done, in DuckDB too."""
    bench, draw = lane.bench, lane.draw
    while time.monotonic() < until:
        stop = {"how": "full", "largest": int(10 ** draw.uniform(1.0, 7.0))}
        try_stop(bench, draw.choice(COMMANDS), stop, tally, again=True)


def at_once(lane: Lane, until: float, tally: Tally) -> None:
    """Complete the census from several processes while versions are built; kill some."""
    bench, draw = lane.bench, lane.draw
    while time.monotonic() < until:
        place = bench.copy()
        names = [f"R{n}" for n in range(4)]
        for name in names:
            text = (place / "two.csv").read_text(encoding="utf-8").replace("TROIS", name)
            (place / f"{name}.csv").write_text(text, encoding="utf-8")
        loads = [("census", "load", f"{n}.csv", "--complete", "--no-refresh") for n in names]
        others = [("refresh", "--territory", SIREN), ("census", "load", "three.csv", "--complete")]
        stops: list[dict[str, Any]] = [{} for _ in (*loads, *others)]
        for n in draw.sample(range(len(stops)), 2):
            stops[n] = {"how": draw.choice(("KILL", "TERM")), "after": draw.uniform(0.0, 2.0)}
        ran = bench.run(place, [*loads, *others], *stops)
        tally.tried += len(ran)
        tally.failures += broken(place)
        tally.failures += [
            r.said[r.said.index("Traceback") :][:900] for r in ran if "Traceback" in r.said
        ]
        found = rows(place)
        accepted = {n for n, r in zip([*names, "", "QUATRE"], ran, strict=True) if not r.status}
        if missing := (FIRST | accepted - {""}) - found:
            tally.lost.append(f"at once {stops}: {sorted(missing)}")
        (then,) = bench.run(place, [("refresh", "--territory", SIREN)])
        tally.failures += [then.said] * (then.status != 0) + ["still apart"] * apart(place)
        bench.forget(place)


def app_killed(lane: Lane, until: float, tally: Tally) -> None:
    """Kill the app at any moment of its start and its answers; the next one serves."""
    bench, draw = lane.bench, lane.draw
    place = bench.copy()
    while time.monotonic() < until:
        for end in (signal.SIGKILL, signal.SIGTERM):
            with serving(place) as (app, port):
                time.sleep(draw.uniform(0.5, 4.0))
                ask(port, 0.1)
                app.send_signal(end)
        with serving(place) as (_, port):
            told = ask(port, 60.0)
        tally.tried += 2
        if told.get("status") != "ok":
            tally.failures.append(f"the app does not come back: {told}")
        tally.failures += broken(place)


class serving:  # noqa: N801 (a context, as ``open`` is)
    """The app on a deployment, for the time of a block."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __enter__(self) -> tuple[subprocess.Popen[bytes], int]:
        port, given = free_port(), settings(self.place)
        env = {
            **os.environ,
            "OBSERVATORY_PROCESSED_DIR": str(given.processed_dir),
            "OBSERVATORY_CENSUS_DIR": str(given.census_dir),
            "OBSERVATORY_CACHE_DIR": str(self.place / "cache"),
        }
        command: Sequence[str] = [sys.executable, "-m", "observatory.commands.main", "serve"]
        quiet = subprocess.DEVNULL
        self.app = subprocess.Popen(
            [*command, "--port", str(port), "--address", "127.0.0.1"],
            cwd=ROOT, env=env, stdout=quiet, stderr=quiet,
        )  # fmt: skip
        return self.app, port

    def __exit__(self, *_: object) -> None:
        self.app.kill()
        self.app.wait()


def ask(port: int, seconds: float) -> dict[str, Any]:
    """What the health address says; empty while nobody answers."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                return dict(json.load(answer))
        except OSError:
            time.sleep(0.05)
    return {}
