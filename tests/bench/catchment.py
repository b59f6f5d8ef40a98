"""Accessible supply at national size: the product's own SQL against other ways to compute it.

35,000 communes × 4 age bands × 300,000 facilities (fixed seed), each facility with places for each
band, all pairs within 15 km, weights of the APL. Each contestant runs in its own process and
starts from the same points; loading them is not counted. All answers are compared.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.reach_query import access_rows, rule_values
from observatory.versions import warehouse
from pipelines.macros import write_macros
from pipelines.refresh import MEMORY
from tests.mart_tables import DAY, KNOWN_MARTS, REACH_MARTS, begin, build, run_marts

COMMUNES, FACILITIES, REACH_KM = 35_000, 300_000, 15.0
SERVICES = {"0_2": "eaje_psu", "3_11": "alsh", "11_17": "accueil_jeunes", "tous": "ludotheque"}
RATE_PER = np.array([100.0, 100.0, 100.0, 10_000.0])
BOX = (0.0, 43.0, 9.0, 49.6)  # west, south, east, north: about the size of metropolitan France
EARTH_KM = 6371.0088
ROOT = Path(__file__).parents[2]
CHORD_KM = 2 * EARTH_KM * np.sin(REACH_KM / EARTH_KM / 2)
TALL = float(np.degrees(REACH_KM / EARTH_KM) / 2)
WIDE = float(TALL / np.cos(np.radians(BOX[3] + 2 * TALL)))
SEED = 4
RUNS = 3
BANDS = range(len(SERVICES))

Table = pd.DataFrame
Array = np.ndarray[Any, np.dtype[np.float64]]


class Contestant(NamedTuple):
    """What is timed, and how to read its answer: places per child, communes × bands."""

    compute: Callable[[], object]
    answer: Callable[[], Array]
    pairs: Callable[[], int] = lambda: 0


def points(communes: int, facilities: int) -> tuple[Table, Table]:
    """Communes (id, lon, lat, p0…p3 children) and facilities (id, lon, lat, s0…s3 places)."""
    rng = np.random.default_rng(SEED)
    west, south, east, north = BOX

    def scatter(n: int) -> Table:
        lon, lat = rng.uniform(west, east, n), rng.uniform(south, north, n)
        return pd.DataFrame({"id": np.arange(n), "lon": lon, "lat": lat})

    home, place = scatter(communes), scatter(facilities)
    for band in range(len(SERVICES)):
        home[f"p{band}"] = rng.integers(1, 500, communes).astype(float)
        place[f"s{band}"] = rng.integers(5, 80, facilities).astype(float)
    return home, place


def sphere(table: Table) -> Array:
    """Points on the sphere, in km."""
    lon, lat = np.radians(table["lon"].to_numpy()), np.radians(table["lat"].to_numpy())
    flat = np.cos(lat)
    return EARTH_KM * np.column_stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)])


def arc(chord: Array) -> Array:
    """Kilometres along the ground, here also minutes (60 km/h, no detour)."""
    return 2 * EARTH_KM * np.arcsin(np.minimum(1, chord / (2 * EARTH_KM)))


def write_version(path: Path, home: Table, place: Table) -> None:
    """The tables of a refresh, up to the census: what the last marts start from."""
    codes = home["id"].map("{:05d}".format)
    con = duckdb.connect(str(path))
    con.execute("SET enable_progress_bar = false")
    amounts = [
        pd.DataFrame({"code": codes, "public": public, "amount": home[f"p{band}"]})
        for band, public in enumerate(SERVICES)
    ]
    offers = [
        place[["lon", "lat"]].assign(
            id=place["id"].map(f"{{:06d}}-{service}".format),
            service=service,
            code=codes.iloc[0],
            amount=place[f"s{band}"],
            day_type="mercredi" if service == "alsh" else None,
        )
        for band, service in enumerate(SERVICES.values())
    ]
    build(
        con,
        communes=home[["lon", "lat"]].assign(code=codes),
        children=pd.concat(amounts),
        establishments=pd.concat(offers),
        travel={"detour": 1, "speed_kmh": 60, "max_minutes": REACH_KM},
    )
    run_marts(con, *KNOWN_MARTS)
    con.close()


def product(home: Table, place: Table, folder: Path) -> Contestant:
    """The marts of a refresh, on a file, then ``access_of``: what the application asks.

    In the memory of a refresh, and with ``edge`` and ``around``, which no contestant has.
    """
    path, names = folder / "national.duckdb", list(SERVICES.values())
    writer = multiprocessing.get_context("spawn").Process(
        target=write_version, args=(path, home, place)
    )
    writer.start()
    writer.join()
    con = duckdb.connect(str(path), config={**warehouse.CONFIG, "memory_limit": MEMORY})
    begin(con)
    con.execute("SET enable_progress_bar = false")

    def compute() -> object:
        run_marts(con, *REACH_MARTS)
        write_macros(con)
        return con.execute(
            "CREATE TEMP TABLE answer AS SELECT code, service, access "
            f"FROM ({access_rows('apl', [REACH_KM])})",
            {"day": DAY, "service": None, **rule_values("apl", [REACH_KM])},
        )

    def answer() -> Array:
        listed = ", ".join(f"'{n}'" for n in names)
        wide = con.execute(
            f"PIVOT answer ON service IN ({listed}) USING any_value(access) "
            "GROUP BY code ORDER BY code"
        ).df()
        return np.asarray(wide[names].to_numpy(float) / RATE_PER)

    def pairs() -> int:
        return int(con.execute("SELECT count(*) FROM reach").fetchall()[0][0])

    return Contestant(compute, answer, pairs)


def bare_sql(home: Table, place: Table, folder: Path) -> Contestant:
    """The shortest SQL for this question alone: no date, no travel table, no report."""
    con = duckdb.connect()
    for name, table in (("home", home), ("place", place)):
        xyz = dict(zip("xyz", sphere(table).T, strict=True))
        con.register("_table", table.assign(**xyz))
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM _table")
    ratios = ", ".join(f"any_value(s{b}) / nullif(sum(w * p{b}), 0) AS r{b}" for b in BANDS)
    sums = ", ".join(f"sum(w * r{b}) AS a{b}" for b in BANDS)

    def compute() -> object:
        return con.execute(
            f"""
            CREATE TEMP TABLE pair AS
            WITH h AS (
                SELECT *, (CAST(floor(lon / {WIDE}) AS BIGINT) + dx) * 100000
                    + CAST(floor(lat / {TALL}) AS BIGINT) + dy AS cell
                FROM home, (SELECT unnest([-2, -1, 0, 1, 2]) AS dx),
                    (SELECT unnest([-2, -1, 0, 1, 2]) AS dy)
            ),
            p AS (
                SELECT *, CAST(floor(lon / {WIDE}) AS BIGINT) * 100000
                    + CAST(floor(lat / {TALL}) AS BIGINT) AS cell FROM place
            ),
            near AS (
                SELECT h.id AS i, p.id AS j,
                    power(h.x - p.x, 2) + power(h.y - p.y, 2) + power(h.z - p.z, 2) AS d2
                FROM h JOIN p USING (cell)
            ),
            timed AS (
                SELECT i, j, {2 * EARTH_KM} * asin(sqrt(d2) / {2 * EARTH_KM}) AS t
                FROM near WHERE d2 <= {CHORD_KM**2}
            )
            SELECT i, j, CASE WHEN t < 5 THEN 1 WHEN t < 10 THEN 0.3 ELSE 0.1 END::DOUBLE AS w
            FROM timed;
            CREATE TEMP TABLE ratio AS
            SELECT j, {ratios}
            FROM pair JOIN home ON home.id = i JOIN place ON place.id = j GROUP BY j;
            CREATE TEMP TABLE answer AS
            SELECT i, {sums}
            FROM pair JOIN ratio USING (j) GROUP BY i;
            """
        )

    def answer() -> Array:
        rows = con.execute(
            "SELECT a0, a1, a2, a3 FROM home LEFT JOIN answer ON id = i ORDER BY id"
        ).df()
        return np.asarray(rows.fillna(0).to_numpy(float))

    return Contestant(compute, answer)


def kd_tree(home: Table, place: Table, folder: Path) -> Contestant:
    """A KD-tree for the pairs, then sums in numpy."""
    from scipy.spatial import cKDTree

    result = np.zeros((len(home), len(SERVICES)))

    def compute() -> object:
        xyz_home, xyz_place = sphere(home), sphere(place)
        found = cKDTree(xyz_place).query_ball_point(xyz_home, CHORD_KM, workers=-1)
        i = np.repeat(np.arange(len(home), dtype=np.int32), [len(f) for f in found])
        j = np.concatenate(found).astype(np.int32)
        del found
        minutes = arc(np.sqrt(((xyz_home[i] - xyz_place[j]) ** 2).sum(axis=1)))
        weight = np.where(minutes < 5, 1.0, np.where(minutes < 10, 0.3, 0.1))
        del minutes
        for band in BANDS:
            potential = np.bincount(j, weight * home[f"p{band}"].to_numpy()[i], len(place))
            ratio = place[f"s{band}"].to_numpy() / np.where(potential > 0, potential, np.inf)
            result[:, band] = np.bincount(i, weight * ratio[j], len(home))
        return result

    return Contestant(compute, lambda: result)


def pysal_access(home: Table, place: Table, folder: Path) -> Contestant:
    """PySAL ``access`` for one band, its cost table given to it ready made."""
    from access import Access, weights
    from scipy.spatial import cKDTree

    near = cKDTree(sphere(home)).sparse_distance_matrix(
        cKDTree(sphere(place)), CHORD_KM, output_type="ndarray"
    )
    cost = pd.DataFrame({"origin": near["i"], "dest": near["j"], "cost": arc(near["v"])})
    # access takes a bound as included, the product as excluded: no tie here but the reach itself.
    step = weights.step_fn({5: 1, 10: 0.3, REACH_KM + 1e-9: 0.1})
    result = np.full((len(home), len(SERVICES)), np.nan)

    def compute() -> object:
        asked = Access(
            demand_df=home[["id", "p0"]],
            demand_index="id",
            demand_value="p0",
            supply_df=place[["id", "s0"]],
            supply_index="id",
            supply_value="s0",
            cost_df=cost,
            cost_origin="origin",
            cost_dest="dest",
            cost_name="cost",
        )
        found = asked.enhanced_two_stage_fca(name="fca", max_cost=REACH_KM + 1e-9, weight_fn=step)
        result[:, 0] = found["fca_s0"].reindex(home["id"]).fillna(0).to_numpy()
        return result

    return Contestant(compute, lambda: result)


CONTESTANTS: dict[str, Callable[[Table, Table, Path], Contestant]] = {
    "product": product,
    "bare_sql": bare_sql,
    "kd_tree": kd_tree,
    "pysal_access": pysal_access,
}


def peak_mb() -> float:
    """The most memory that this process held; its own, not that of the one that started it."""
    told = Path("/proc/self/status").read_text().split("VmHWM:")[1]
    return int(told.split()[0]) / 1024


def run_one(name: str, communes: int, facilities: int, out: Path) -> None:
    """In its own process: prepare, time, save the answer; one JSON line on the standard output."""
    with tempfile.TemporaryDirectory() as folder:
        contestant = CONTESTANTS[name](*points(communes, facilities), Path(folder))
        start, cpu = time.perf_counter(), time.process_time()
        contestant.compute()
        line = {
            "seconds": time.perf_counter() - start,
            "cpu": time.process_time() - cpu,
            "peak_mb": peak_mb(),
            "pairs": contestant.pairs(),
        }
        print(json.dumps(line))
        np.save(out, contestant.answer())


def measure(names: list[str], communes: int, facilities: int, folder: Path, runs: int) -> Table:
    """Median of some runs, contestants in turn, each run in a fresh process; one row per name."""
    lines = []
    for _ in range(runs):
        for name in names:
            asked = [sys.executable, "-m", "tests.bench.catchment", "--one", name]
            asked += [
                "--size",
                str(communes),
                str(facilities),
                "--out",
                str(folder / f"{name}.npy"),
            ]
            done = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=ROOT)
            lines.append({"name": name, **json.loads(done.stdout.splitlines()[-1])})
    return pd.DataFrame(lines).groupby("name").median().loc[names]


def main(arguments: list[str] | None = None) -> None:
    """Print the table of the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the size, one run")
    parser.add_argument("--one", choices=list(CONTESTANTS), help=argparse.SUPPRESS)
    parser.add_argument("--size", nargs=2, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        run_one(asked.one, *asked.size, asked.out)
        return
    divisor, runs = (10, 1) if asked.quick else (1, RUNS)
    communes, facilities = COMMUNES // divisor, FACILITIES // divisor
    bands = len(SERVICES)
    print(
        f"Accessible supply: {communes} communes x {bands} bands x {facilities} facilities, 15 km"
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        found = measure(list(CONTESTANTS), communes, facilities, folder, runs)
        answers = {n: np.load(folder / f"{n}.npy") for n in CONTESTANTS}
        for n, line in found.iterrows():
            gap = np.nanmax(np.abs(answers[str(n)] - answers["product"]))
            print(
                f"  {n:13s} {line['seconds']:7.2f} s {line['cpu']:7.2f} s of CPU "
                f"{line['peak_mb']:6.0f} MB   largest difference {gap:.1e}"
            )
        for unit in ("seconds", "cpu"):
            mine, other = found.loc["product", unit], found[unit]
            best = min(other["bare_sql"], other["kd_tree"])
            apart = other["pysal_access"] / (mine / bands)
            print(
                f"  in {unit}: product / better of bare SQL and KD-tree {mine / best:.2f} (aim 1.3)"
            )
            print(f"  in {unit}: access on one band / product per band {apart:.1f} (aim 15)")
        print(f"  peak of the product: {found.loc['product', 'peak_mb'] / 1024:.2f} GB (aim 1.2)")
        print("Cost and pairs")
        for part in (4, 2, 1):
            line = measure(["product"], communes, facilities // part, folder, 1).loc["product"]
            million = line["pairs"] / 1e6
            print(
                f"  {million:6.2f} M pairs {line['seconds']:7.2f} s {line['cpu']:7.2f} s of CPU, "
                f"{line['cpu'] / million:.2f} s of CPU a million"
            )


if __name__ == "__main__":
    main()
