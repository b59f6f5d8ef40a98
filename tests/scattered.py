"""Made-up points and sites as Parquet tables, as many per km² as in France, of a fixed seed.

For tests and measurements of accessible supply alone: squares of 200 m where somebody lives, and
establishments. Half of both stand in towns: as a country, where neighbours are many in few places.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from pipelines.kernel.kernel_tables import KernelTables

FRANCE_KM2 = 544_000
FRANCE_POINTS, FRANCE_SITES = 2_300_000, 300_000
TOWNS_PER_KM2 = 1 / 400
TOWN_KM = 4.0
KM_PER_DEGREE = 111.2
MIDDLE = (2.5, 46.5)
SEED = 20


def scattered(
    folder: Path, part: float, *, offers: int = 1, seed: int = SEED, unknown: float = 0.0
) -> KernelTables:
    """Write the tables of a part of France: of its surface, its points, its sites.

    Parameters
    ----------
    folder : Path
        Where ``demand.parquet`` and ``supply.parquet`` go.
    part : float
        1 is the whole country.
    offers : int
        Points count the children of each; a site is of one.
    seed : int
        Of the dice.
    unknown : float
        Part of the sites whose places nobody knows, and of the points whose children nobody knows.
    """
    dice = np.random.default_rng(seed)
    side = float(np.sqrt(FRANCE_KM2 * part))
    towns = dice.uniform(0, side, (max(1, round(side * side * TOWNS_PER_KM2)), 2))

    def spots(count: int) -> pd.DataFrame:
        near = towns[dice.integers(0, len(towns), count)] + dice.normal(0, TOWN_KM, (count, 2))
        km = np.where(dice.random((count, 1)) < 0.5, near, dice.uniform(0, side, (count, 2)))
        lat = MIDDLE[1] + (km[:, 1] - side / 2) / KM_PER_DEGREE
        east = KM_PER_DEGREE * np.cos(np.radians(MIDDLE[1]))
        return pd.DataFrame({"lon": MIDDLE[0] + (km[:, 0] - side / 2) / east, "lat": lat})

    def amounts(count: int, least: int, most: int) -> pd.Series:
        drawn = pd.Series(dice.integers(least, most, count).astype(float))
        return drawn.mask(dice.random(count) < unknown)

    points, sites = round(FRANCE_POINTS * part), round(FRANCE_SITES * part)
    homes = spots(points).assign(point=np.arange(points))
    demand = pd.concat(
        homes.assign(offer=f"o{n}", children=amounts(points, 0, 9)) for n in range(offers)
    )
    supply = spots(sites).assign(
        site=np.arange(sites),
        offer=[f"o{n}" for n in dice.integers(0, offers, sites)],
        places=amounts(sites, 3, 60),
    )
    tables = KernelTables(folder / "demand.parquet", folder / "supply.parquet")
    write_table(tables.demand, demand)
    write_table(tables.supply, supply)
    return tables


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a frame as Parquet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.register("_table", table)
        con.execute(f"COPY (FROM _table) TO '{path}' (FORMAT parquet)")
