"""Commands stopped on the small territory, and what must still be true after each.

A deployment is a folder: versions, census, cache, what a person exported. ``Bench`` copies one,
runs commands on it in a worker of its own, stops them where it is told to, and looks.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from observatory.census.standing import why_degraded
from observatory.errors import ObservatoryError
from observatory.settings import ROOT, Settings
from observatory.stores.audit import audit
from observatory.stores.store import Store
from observatory.versions import record, warehouse
from tests import tiny

HEADINGS, *ROWS = tiny.OFFER.splitlines()
CONVENTION = f'name = "Ctg du Petit Pays"\nterritory = "{tiny.SIREN}"\n'
PLAN = "identifiant;axe;titre\nA1;Petite enfance;Ouvrir un relais\n"
WORKER = [sys.executable, "-m", "tests.campaign._worker"]


@dataclass(frozen=True)
class Stopped:
    """What became of a command: exit status, operations begun, and what it said."""

    status: int
    begun: int
    said: str


@dataclass
class Tally:
    """What a run has seen: commands tried, promises broken, accepted changes that are gone."""

    tried: int = 0
    failures: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        shown = "".join(f"\n    {line}" for line in [*self.lost, *self.failures][:10])
        return f"{self.tried} tried, {len(self.failures)} failures, {len(self.lost)} lost{shown}"


def census(*names: str) -> str:
    """A census of the crèches of these names, one row each."""
    rows = [
        f"{n};{n};eaje_psu;public;Ville;62001;;2.70;50.30;;20;;2019-01-01;;Enquête;2024-06-30;non"
        for n in names
    ]
    return "\n".join([HEADINGS, *rows]) + "\n"


class Bench:
    """Deployments in a folder, and the worker that runs commands on them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0
        self.raw = tiny.write_raw(folder / "raw")
        self.first = folder / "first"
        self.first.mkdir()
        (self.first / "one.csv").write_text(census("UN", "DEUX"), encoding="utf-8")
        (self.first / "two.csv").write_text(census("TROIS"), encoding="utf-8")
        (self.first / "three.csv").write_text(census("QUATRE"), encoding="utf-8")
        (self.first / "convention.toml").write_text(CONVENTION, encoding="utf-8")
        (self.first / "plan.csv").write_text(PLAN, encoding="utf-8")

    def __enter__(self) -> Bench:
        pipe = subprocess.PIPE
        self.worker = subprocess.Popen(WORKER, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        assert self.worker.stdout
        assert self.worker.stdout.readline() == "ready\n"
        for argv in (["refresh", "--territory", tiny.SIREN], ["census", "load", "one.csv"]):
            (ran,) = self.run(self.first, [argv])
            assert ran.status == 0, ran.said
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.worker.terminate()
        self.worker.communicate()

    def copy(self, of: Path | None = None) -> Path:
        """A new deployment, like another."""
        self.made += 1
        made = self.folder / f"d{self.made}"
        shutil.copytree(of or self.first, made)
        return made

    def forget(self, place: Path) -> None:
        """Remove a deployment."""
        shutil.rmtree(place)

    def run(
        self, place: Path, commands: Sequence[Sequence[str]], *stops: dict[str, Any]
    ) -> list[Stopped]:
        """Run commands at once on a deployment; each stops as its own dictionary says."""
        assert self.worker.stdin
        assert self.worker.stdout
        jobs = []
        for n, argv in enumerate(commands):
            given = [str(place / a) if "." in a and not a.startswith("-") else a for a in argv]
            env = {
                f"OBSERVATORY_{name}_DIR": str(place / name.lower())
                for name in ("PROCESSED", "CACHE", "CENSUS")
            }
            job = {"argv": given, "env": env, "folder": str(place), "raw": str(self.raw)}
            job["log"] = str(self.folder / f"log{n}")
            jobs.append({**job, **(stops[n] if n < len(stops) else {})})
        self.worker.stdin.write(json.dumps(jobs) + "\n")
        self.worker.stdin.flush()
        answers = json.loads(self.worker.stdout.readline())
        return [
            Stopped(status, begun, (self.folder / f"log{n}").read_text(errors="replace"))
            for n, (status, begun) in enumerate(answers)
        ]


def settings(place: Path) -> Settings:
    """The settings of a deployment."""
    return Settings(processed_dir=place / "processed", census_dir=place / "census")


def rows(place: Path) -> set[str]:
    """Identifiers of the establishments of the census in service."""
    text = Store(place / "census").read()[1].get("offre.csv", b"").decode("utf-8-sig")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    return {row["identifiant"] for row in csv.DictReader(io.StringIO(text), delimiter=delimiter)}


def apart(place: Path) -> bool:
    """Whether the version in service was built from another census than the one in service."""
    with warehouse.in_service(settings(place)) as con:
        return why_degraded(settings(place), record.census(con)) is not None


def broken(place: Path, ran: Stopped | None = None) -> list[str]:
    """Every promise that a deployment breaks, whatever stopped; none when all is well."""
    found = []
    if ran and ("Traceback" in ran.said or (ran.status == 1 and "Erreur" not in ran.said)):
        found.append(f"no sentence: {ran.said[-300:]}")
    if ran and "inattendue" in ran.said:
        found.append(f"nobody foresaw: {_note(place) or ran.said[-300:]}")
    try:
        for folder in ("", "plan", "suivi"):
            found += audit(Store(place / "census" / folder))
        rows(place)
        with warehouse.in_service(settings(place)) as con:
            record.info(con)
    except (ObservatoryError, KeyError) as error:
        found.append(str(error))
    visible = [p for p in place.rglob("*") if p.is_file() and not hidden(p.relative_to(place))]
    return found + [f"{p.name}: not whole" for p in visible if not whole(p)]


def _note(place: Path) -> str:
    notes = sorted((place / "cache").glob("erreurs/*.txt"))
    return notes[-1].read_text(encoding="utf-8")[-600:] if notes else ""


def hidden(path: Path) -> bool:
    """Whether a file, or a folder of its, is set aside under a hidden name."""
    return any(part.startswith(".") for part in path.parts)


def whole(path: Path) -> bool:
    """Whether a file is one that its programs can open to the end."""
    if not path.stat().st_size:
        return False
    if path.suffix == ".xlsx":
        return zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None
    if path.suffix == ".gpkg":
        with closing(sqlite3.connect(path)) as con:
            return bool(con.execute("PRAGMA integrity_check").fetchall() == [("ok",)])
    if path.suffix == ".json":
        return bool(json.loads(path.read_text(encoding="utf-8")))
    return path.suffix != ".csv" or path.read_bytes().endswith(b"\n")
