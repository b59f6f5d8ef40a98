"""Accessible supply at national size: the product's own SQL against other ways to compute it.

35,000 communes × 4 age bands × 300,000 establishments (fixed seed), each establishment for one of
the bands, all pairs within 15 km, weights of the APL. Each contestant runs in its own process and
starts from the same points; loading them is not counted. All answers are compared.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
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

from observatory.weights import catchment_rules
from tests.small_world import build, run_marts

COMMUNES, FACILITIES, REACH_KM = 35_000, 300_000, 15.0
SERVICES = {"0_2": "eaje_psu", "3_11": "alsh", "11_17": "accueil_jeunes", "tous": "ludotheque"}
RATE_PER = np.array([100.0, 100.0, 100.0, 10_000.0])
BOX = (0.0, 43.0, 9.0, 49.6)  # west, south, east, north: about the size of metropolitan France
EARTH_KM = 6371.0088
SEED = 4
RUNS = 3

Table = pd.DataFrame
Array = np.ndarray[Any, np.dtype[np.float64]]


class Contestant(NamedTuple):
    """What is timed, and how to read its answer: places per child, communes × bands."""

    compute: Callable[[], object]
    answer: Callable[[], Array]


def points(communes: int, facilities: int) -> tuple[Table, Table]:
    """Communes (id, lon, lat, p0…p3 children) and establishments (id, lon, lat, band, places)."""
    rng = np.random.default_rng(SEED)
    west, south, east, north = BOX

    def scatter(n: int) -> Table:
        lon, lat = rng.uniform(west, east, n), rng.uniform(south, north, n)
        return pd.DataFrame({"id": np.arange(n), "lon": lon, "lat": lat})

    home, place = scatter(communes), scatter(facilities)
    for band in range(len(SERVICES)):
        home[f"p{band}"] = rng.integers(1, 500, communes).astype(float)
    place["band"] = rng.integers(0, len(SERVICES), facilities)
    place["places"] = rng.integers(5, 80, facilities).astype(float)
    return home, place


def sphere(table: Table) -> Array:
    """Points on the sphere, in km."""
    lon, lat = np.radians(table["lon"].to_numpy()), np.radians(table["lat"].to_numpy())
    flat = np.cos(lat)
    return EARTH_KM * np.column_stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)])


def arc(chord: Array) -> Array:
    """Kilometres along the ground, here also minutes (60 km/h, no detour)."""
    return 2 * EARTH_KM * np.arcsin(np.minimum(1, chord / (2 * EARTH_KM)))


def product(home: Table, place: Table, folder: Path) -> Contestant:
    """The marts of a refresh, on a file, then ``access_as_of``: what the application asks."""
    codes, names = home["id"].map("{:05d}".format), list(SERVICES.values())
    service = place["band"].map(dict(enumerate(names)))
    con = duckdb.connect(str(folder / "national.duckdb"))
    amounts = [
        pd.DataFrame({"code": codes, "public": public, "amount": home[f"p{band}"]})
        for band, public in enumerate(SERVICES)
    ]
    build(
        con,
        communes=home[["lon", "lat"]].assign(code=codes),
        children=pd.concat(amounts),
        establishments=place[["lon", "lat"]].assign(
            id=place["id"].map("E{:06d}".format),
            service=service,
            code=codes.iloc[0],
            amount=place["places"],
            day_type=service.map({"alsh": "mercredi"}),
        ),
        travel={"detour": 1, "speed_kmh": 60, "max_minutes": REACH_KM},
    )
    run_marts(con, "answers")

    def compute() -> object:
        for name in ("demand_point", "supply_point", "reach", "edge", "offer_key", "answer"):
            con.execute(f"DROP TABLE IF EXISTS {name}")
        for name in ("travel", "timed_point", "timed_site"):
            con.execute(f"DROP TABLE IF EXISTS {name}")
        for name in con.execute("SELECT DISTINCT function_name, function_type FROM duckdb_functions() WHERE database_name = 'national' AND NOT internal").fetchall():
            pass
        start = time.perf_counter()
        run_marts(con, "reach", "access")
        half = time.perf_counter()
        con.execute(
            "CREATE TEMP TABLE answer AS SELECT code, service, access "
            "FROM access_as_of(DATE '2026-01-01', 'apl', ?, NULL)",
            [REACH_KM],
        )
        print(half - start, time.perf_counter() - half, file=sys.stderr)
        return None

    def answer() -> Array:
        listed = ", ".join(f"'{n}'" for n in names)
        wide = con.execute(f"PIVOT answer ON service IN ({listed}) USING any_value(access) GROUP BY code ORDER BY code").df()
        return np.asarray(wide[names].to_numpy(float) / RATE_PER)

    return Contestant(compute, answer)
