"""Table of aims: each work measured, beside its peer or its limit, met or not.

Seconds are those of the processor, the children's with them: they hold on a busy machine, where
the clock does not. Works of the whole country need the mirror of published files
(``OBSERVATORY_TEST_MIRROR``), and are left out without it.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import duckdb
import geopandas as gpd
import numpy as np
import pyogrio
import shapely

from observatory.answers.gaps import gaps
from observatory.census.census_check import check
from observatory.files.formats import Wanted, write_gaps
from observatory.files.gap_table import gap_table
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.report.atlas import commune_sheet, to_pdf
from observatory.report.request import ReportRequest
from observatory.scenario.scenario_change import Change, Scenario
from observatory.scenario.what_if import answered, what_if
from observatory.settings import ROOT, Settings
from observatory.versions import warehouse
from tests.bench import catchment
from tests.bench.census import communes, make

DAY = date(2025, 6, 30)
SERVICE = "eaje"
MIRROR = Path(os.environ.get("OBSERVATORY_TEST_MIRROR", ROOT.parent / "shared" / "mirror"))
TERRITORIES = {"embedded": 1.5, "arras": 4.0, "62": 5.0, "france": 25.0}
"""What a refresh may take, in seconds of processor, by territory."""
CENSUS_ROWS = 100_000


MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A small process in between: a child begins with the peak of the one that starts it."""


@dataclass(frozen=True)
class Aim:
    """One line of the table: what was measured, and what it is held against.

    ``most`` is the greatest measure allowed, ``least`` the smallest one; ``peer`` is what the
    measure is compared with, when it is another way to do the same work.
    """

    work: str
    measured: float
    unit: str
    most: float | None = None
    least: float | None = None
    peer: float | None = None

    @property
    def met(self) -> bool:
        """Whether the measure is on the right side of its aim."""
        return self.measured <= (self.most or np.inf) and self.measured >= (self.least or 0)

    def __str__(self) -> str:
        aim = self.most if self.most is not None else self.least
        sign = "≤" if self.most is not None else "≥"
        ratio = f"{self.measured / self.peer:8.2f}" if self.peer else " " * 8
        peer = f"{self.peer:10.2f}" if self.peer else " " * 10
        return (
            f"{self.work:<52}{self.measured:>10.2f} {self.unit:<7}{peer}{ratio}  "
            f"{sign} {aim:<9.2f} {'met' if self.met else 'NOT MET'}"
        )


def command(folder: Path, *arguments: str) -> tuple[float, float]:
    """Processor seconds and peak megabytes of a command of the observatory, in its own process."""
    env = {
        **os.environ,
        "OBSERVATORY_PROCESSED_DIR": str(folder / "processed"),
        "OBSERVATORY_CACHE_DIR": str(folder / "cache"),
        "OBSERVATORY_CENSUS_DIR": str(folder / "census"),
        "PYTHONDONTWRITEBYTECODE": "",  # else every module is compiled again at each start
    }
    asked = [sys.executable, "-m", "observatory.commands.main", *arguments]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *asked],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, kilobytes = done.stdout.split()
    return float(seconds), float(kilobytes) / 1024


def processor(work: Callable[[], object]) -> float:
    """Processor seconds of a piece of work in this process."""
    start = time.process_time()
    work()
    return time.process_time() - start


def refreshes(folder: Path) -> Iterator[Aim]:
    """A refresh of each territory, start of the command included: its workbooks new, then known."""
    for name, most in TERRITORIES.items():
        if name != "embedded" and not MIRROR.is_dir():
            continue
        asked = ["--offline"]
        if name != "embedded":
            asked += ["--territory", name, "--mirror", str(MIRROR)]
        for which in ("first", "again"):
            seconds, peak = command(folder / name, "refresh", *asked)
            yield Aim(f"refresh, {name}, {which}", seconds, "s", most=most)
            if name == "france":
                yield Aim(f"refresh, france, {which}: peak", peak, "MB", most=700)


def starts(folder: Path) -> Iterator[Aim]:
    """What is waited for before anything is asked, once the modules are compiled."""
    for asked, most in (("--help", 0.35), ("info", 0.6)):
        command(folder / "embedded", asked)
        yield Aim(asked, command(folder / "embedded", asked)[0], "s", most=most)


def reports(folder: Path) -> Iterator[Aim]:
    """The atlas of the embedded default, and one sheet beyond what a start takes."""
    place, out = folder / "embedded", str(folder / "report.pdf")
    atlas, _ = command(place, "report", "atlas", "--out", out, "--force")
    yield Aim("atlas of 46 communes", atlas, "s", most=6)
    settings = Settings(processed_dir=place / "processed", offline=True)
    with warehouse.in_service(settings) as con:
        asked = ReportRequest(Question(as_of=DAY))
        to_pdf(commune_sheet(con, "62041", asked))
        sheet = processor(lambda: to_pdf(commune_sheet(con, "62004", asked)))
    yield Aim("one sheet, warm", sheet, "s", most=0.5)


def exports(folder: Path) -> Iterator[Aim]:
    """The gap table of France as files, against the same rows that are ready to be written."""
    place = folder / "france"
    if not place.is_dir():
        return
    settings = Settings(processed_dir=place / "processed", offline=True)
    question = Question(SERVICE, as_of=DAY)
    with warehouse.in_service(settings) as con:
        gaps(con, question)
        once = processor(lambda: gaps(con, question))
        yield Aim("gap table of France, one service", once, "s", most=1.2)
        for kind, peer in _peers(con, question, folder).items():
            out, wanted = folder / f"france.{kind}", Wanted(question)
            seconds = processor(partial(write_gaps, con, out, wanted, kind))
            most = 3 * peer + 2
            yield Aim(f"France, one service: {kind}", seconds, "s", most=most, peer=peer)
    for kind in ("csv", "geojson", "gpkg"):
        asked = ["export", "gaps", "--service", SERVICE, "--as-of", DAY.isoformat(), "--force"]
        _, peak = command(place, *asked, "--out", str(folder / f"again.{kind}"))
        yield Aim(f"France, one service: {kind}, peak", peak, "MB", most=600)
    every = ["export", "gaps", "--as-of", DAY.isoformat(), "--force"]
    seconds, peak = command(place, *every, "--out", str(folder / "every.csv"))
    yield Aim("France, every service: csv", seconds, "s", most=60)
    yield Aim("France, every service: csv, peak", peak, "MB", most=600)


def _peers(con: duckdb.DuckDBPyConnection, question: Question, folder: Path) -> dict[str, float]:
    """The same rows, ready, written by what writes them best: DuckDB's COPY, pyogrio."""
    rows = gap_table(con, question)
    with duckdb.connect() as other:
        other.register("_rows", rows)
        other.execute("CREATE TABLE ready AS FROM _rows")
        copy = f"COPY ready TO '{folder / 'peer.csv'}' (HEADER, DELIMITER ';')"
        peers = {"csv": processor(lambda: other.execute(copy).fetchall())}
    need = nomenclature().definition_for(SERVICE)
    one = rows[rows["definition"].eq(need) & rows["code"].notna()]
    shapes = dict(con.execute("SELECT code, wkb FROM contour").fetchall())
    layer = gpd.GeoDataFrame(
        one, geometry=shapely.from_wkb([shapes.get(code) for code in one["code"]]), crs=4326
    )
    for kind, driver in (("geojson", "GeoJSON"), ("gpkg", "GPKG")):
        out = folder / f"peer.{kind}"
        peers[kind] = processor(partial(pyogrio.write_dataframe, layer, out, driver=driver))
    return peers


def censuses(folder: Path) -> Iterator[Aim]:
    """A census checked, whole and by half: rows a second, and whether twice the rows cost twice."""
    rates = {}
    for rows in (CENSUS_ROWS // 2, CENSUS_ROWS):
        path = folder / f"census_{rows}.csv"
        make(path, rows)
        known = communes()
        rates[rows] = rows / processor(partial(check, [path], known))
    half, whole = rates.values()
    yield Aim("census check, rows a second", whole, "rows/s", least=8_000)
    yield Aim("census check, half the rows to all of them", half / whole, "times", most=1.2)


def catchments(folder: Path) -> Iterator[Aim]:
    """Accessible supply at national size, each contestant in its own process."""
    size = (catchment.COMMUNES, catchment.FACILITIES)
    found = catchment.measure(["product", "bare_sql", "pysal_access"], *size, folder, 1)
    mine, bare = found.loc["product"], found.loc["bare_sql"]
    yield Aim(
        "accessible supply, to bare SQL",
        mine["cpu"] / bare["cpu"],
        "times",
        most=1.3,
    )
    apart = found.loc["pysal_access", "cpu"] / (mine["cpu"] / len(catchment.SERVICES))
    yield Aim("accessible supply, PySAL to it, per age", apart, "times", least=15)
    yield Aim("accessible supply, peak", mine["peak_mb"], "MB", most=500)
    part = catchment.measure(["product"], size[0], size[1] // 2, folder, 1).loc["product"]
    growth = (mine["cpu"] / mine["pairs"]) / (part["cpu"] / part["pairs"])
    yield Aim("accessible supply, cost of a pair, twice as many", growth, "times", most=1.2)


def scenarios(folder: Path) -> Iterator[Aim]:
    """A scenario computed again, at 46 communes and at those of a département with the mirror."""
    opened = Change("ouvrir", DAY, service="eaje_psu", commune="62263", places=12.0)
    question = Question(SERVICE, as_of=DAY).settled()
    for name, most in (("embedded", 0.6), ("62", 2.0)):
        processed = folder / name / "processed"
        if not processed.is_dir():
            continue
        with warehouse.in_service(Settings(processed_dir=processed)) as con:
            before = answered(con, question)
            work = partial(what_if, con, Scenario("x", (opened,)), question, before=before)
            work()
            (communes,) = con.execute("SELECT count(*) FROM perimeter").fetchone() or (0,)
            yield Aim(f"scenario, {communes} communes", processor(work), "s", most=most)


def environment(folder: Path) -> Iterator[Aim]:
    """What ``make run`` installs, as installed here."""
    size = 0
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([\w.-]+)==", line):
            of = importlib.metadata.distribution(found[1])
            paths = (Path(str(of.locate_file(file))) for file in of.files or ())
            size += sum(path.stat().st_size for path in paths if path.is_file())
    yield Aim("environment of make run", size / 1e6, "MB", most=700)


WORKS = (environment, refreshes, starts, reports, scenarios, exports, censuses, catchments)


def main() -> None:
    """Print the table; works of the whole country are left out without the mirror."""
    print(f"{'work':<52}{'measured':>10} {'unit':<7}{'peer':>10}{'ratio':>8}  aim")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        met = []
        for work in WORKS:
            for aim in work(folder):
                met.append(aim.met)
                print(aim, flush=True)
    print(f"{sum(met)} of {len(met)} met")


if __name__ == "__main__":
    main()
