"""Accessible supply alone, at parts of France: 2.3 million cells × 300,000 establishments.

Made-up tables (``tests/scattered.py``), each engine on two cores, in a process of its own. Wall and
processor seconds, peak memory and pairs; then the straight line through the sizes, and what it says
of the whole country. ``python -m tests.bench beyond`` takes the first two sizes, and Spark where it
is installed; ``python -m tests.bench.beyond 100 30 10`` names the sizes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import duckdb
import numpy as np

from observatory.knowledge.catchment_rules import DEFAULT_SCHEME, catchment_rules
from pipelines.kernel.engines import accessible_supply
from pipelines.kernel.kernel_tables import KernelTables, opened, write_rule
from pipelines.kernel.statements import statements
from tests.scattered import scattered

SIZES = (100, 30)
CORES = 2
TICKS = os.sysconf("SC_CLK_TCK")
EVERY_SECONDS = 0.2


@dataclass
class Measured:
    """One engine at one size."""

    wall: float
    cpu: float
    peak_mb: float


def run_one(engine: str, folder: Path) -> None:
    """Compute in this process, and leave the answer beside the tables."""
    tables = KernelTables(folder / "demand.parquet", folder / "supply.parquet")
    how = "spark" if engine == "spark" else "duckdb"
    with accessible_supply(tables, folder, engine=how, master=f"local[{CORES}]") as found:
        shutil.copy(found, folder / f"{engine}.parquet")


def measure(engine: str, folder: Path) -> Measured:
    """Run an engine, and look at the whole family of its processes until it ends."""
    asked = [sys.executable, "-m", "tests.bench.beyond", engine, str(folder)]
    settings = folder / "conf"
    settings.mkdir(exist_ok=True)
    (settings / "spark-defaults.conf").write_text(
        "spark.driver.memory 4g\nspark.ui.showConsoleProgress false\n"
    )
    env = {**os.environ, "SPARK_CONF_DIR": str(settings)}
    start = time.perf_counter()
    seen: dict[int, float] = {}
    peak = 0.0
    with (folder / "said.log").open("w+") as said:
        process = subprocess.Popen(asked, env=env, stdout=said, stderr=said)
        while process.poll() is None:
            family = _family(process.pid)
            seen |= {pid: cpu for pid, (cpu, _) in family.items()}
            peak = max(peak, sum(memory for _, memory in family.values()))
            time.sleep(EVERY_SECONDS)
        said.seek(0)
        if process.returncode:
            sys.exit(said.read())
    return Measured(time.perf_counter() - start, sum(seen.values()), peak)


def _family(root: int) -> dict[int, tuple[float, float]]:
    """Processor seconds and resident megabytes, by process: this one and its descendants."""
    parent, found = {}, {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        pid = int(path.parent.name)
        parent[pid] = int(fields[1])
        cpu = (int(fields[11]) + int(fields[12])) / TICKS
        found[pid] = (cpu, int(fields[21]) * os.sysconf("SC_PAGESIZE") / 2**20)
    kept = {root}
    while more := {pid for pid, of in parent.items() if of in kept} - kept:
        kept |= more
    return {pid: found[pid] for pid in kept if pid in found}


def pairs_of(tables: KernelTables, folder: Path) -> int:
    """How many pairs are in reach."""
    con = opened(tables, folder)
    write_rule(con, tables, catchment_rules(), DEFAULT_SCHEME, None, folder / "rule.parquet")
    ((pairs,),) = con.execute(f"SELECT count(*) FROM ({statements(False)['pair']})").fetchall()
    con.close()
    return int(pairs)


def check_same(folder: Path) -> float:
    """The greatest relative difference between the answers of both engines."""
    with duckdb.connect() as con:
        ((rows, most),) = con.execute(
            "SELECT count(*) FILTER (a.point IS NULL OR b.point IS NULL), "
            "max(abs(a.access - b.access) / nullif(a.access, 0)) "
            f"FROM '{folder}/duckdb.parquet' AS a FULL JOIN '{folder}/spark.parquet' AS b "
            "ON b.point = a.point AND b.offer = a.offer"
        ).fetchall()
    assert rows == 0
    return float(most)


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print the table, then the law of each engine."""
    engines = ["duckdb"] + (["spark"] if find_spec("pyspark") and shutil.which("java") else [])
    told: dict[str, list[tuple[int, Measured]]] = {engine: [] for engine in engines}
    print(f"{'':>10} {'points':>8} {'sites':>7} {'pairs':>11}  engine   wall s   cpu s      MB")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            tables = scattered(folder, 1 / size)
            pairs = pairs_of(tables, folder)
            for engine in engines:
                seen = measure(engine, folder)
                told[engine].append((pairs, seen))
                size_told = f"1/{size:<8} {2_300_000 // size:>8} {300_000 // size:>7} {pairs:>11}"
                figures = f"{seen.wall:>8.1f}{seen.cpu:>8.1f}{seen.peak_mb:>8.0f}"
                print(f"{size_told}  {engine:<7}{figures}", flush=True)
            if len(engines) > 1:
                print(f"{'':>9} greatest relative difference: {check_same(folder):.1e}", flush=True)
    whole = told["duckdb"][-1][0] * sizes[-1]
    for engine, rows in told.items():
        law(engine, rows, whole)


def law(engine: str, rows: list[tuple[int, Measured]], whole: int) -> None:
    """Print the straight line through the sizes, and what it says of the country."""
    millions = np.array([pairs for pairs, _ in rows]) / 1e6
    said = []
    for name, unit in (("wall", "s"), ("cpu", "s"), ("peak_mb", "MB")):
        slope, fixed = np.polyfit(millions, [getattr(seen, name) for _, seen in rows], 1)
        country = fixed + slope * whole / 1e6
        said.append(f"{name} {fixed:.1f} + {slope:.2f} × pairs/10⁶ {unit}, France {country:.0f}")
    print(f"{engine}: {' · '.join(said)} ({whole / 1e6:.0f} million pairs)")


if __name__ == "__main__":
    if sys.argv[1].isdigit():
        main(tuple(map(int, sys.argv[1:])))
    else:
        run_one(sys.argv[1], Path(sys.argv[2]))
