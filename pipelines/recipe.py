"""What a version keeps so that a scenario is computed from it alone, by the SQL that built it.

A scenario changes establishments, totals or children of a published version: the marts that come
after them are run again, from the very text that made the version. They read four tables of the
refresh beside the marts; those are kept too, with the codes of today.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

MARTS = Path(__file__).with_name("marts")
AFTER_THE_CENSUS = (
    "territory_public",
    "allocation",
    "covered",
    "known_offer",
    "known_around",
    "reach",
    "edge",
    "around",
    "offer_key",
    "child_wide",
    "offer_wide",
)
"""Marts that follow from establishments, totals and children, in the order of the refresh."""
STAGED = {
    "served": "SELECT id, current_code(code) AS code FROM stg.served",
    "covered": "SELECT DISTINCT current_code(code) AS code FROM stg.covered",
    "travel_time": "SELECT current_code(origin) AS origin, current_code(destination) AS "
    "destination, minutes FROM stg.travel_time",
    "demand_point": "SELECT id, current_code(code) AS code, lon, lat, weight FROM stg.demand_point",
}
"""Tables of the refresh that these marts read."""


def write_recipe(con: duckdb.DuckDBPyConnection) -> None:
    """Write ``recipe`` (rank, name, sql of each mart) and the tables ``staged_…``."""
    rows = [
        (rank, name, (MARTS / f"{name}.sql").read_text(encoding="utf-8"))
        for rank, name in enumerate(AFTER_THE_CENSUS)
    ]
    con.register("_recipe", pd.DataFrame(rows, columns=["rank", "name", "sql"]))
    con.execute("CREATE TABLE recipe AS SELECT * FROM _recipe")
    con.unregister("_recipe")
    for name, query in STAGED.items():
        con.execute(f"CREATE TABLE staged_{name} AS {query}")
