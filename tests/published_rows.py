"""Lines of a published file put through its staging and its mart alone, without a refresh."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

from observatory.knowledge.nomenclature import nomenclature
from pipelines.places import register_positions, write_zones

PIPELINES = Path(__file__).parents[1] / "pipelines"


def run_published(
    source: str,
    mart: str,
    files: Mapping[str, str],
    *,
    communes: str,
    carried: Mapping[str, str] | None = None,
    points: str = "",
) -> duckdb.DuckDBPyConnection:
    """A database with the mart made from files: name (with its year) → lines, our headings first.

    Parameters
    ----------
    source : str
        Of the staging file and of the raw table.
    communes : str
        Codes of the perimeter, with spaces between.
    carried : mapping, optional
        Old code → commune of today.
    points : str
        Codes with a demand point of the territory's own, with spaces between.
    """
    con = duckdb.connect()
    con.execute("ATTACH ':memory:' AS raw; ATTACH ':memory:' AS stg")
    register_positions(con)
    write_zones(con)
    for name, table in nomenclature().tables().items():
        con.register("_table", table)
        con.execute(f"CREATE TABLE {name} AS FROM _table")
        con.unregister("_table")
    con.execute("CREATE TABLE perimeter AS SELECT unnest(string_split(?, ' ')) AS code", [communes])
    con.execute("CREATE TABLE commune AS FROM perimeter")
    con.execute(
        "CREATE TABLE stg.demand_point (id TEXT, code TEXT, lon DOUBLE, lat DOUBLE, "
        "weight DOUBLE, _file TEXT, _row BIGINT)"
    )
    for code in points.split():
        con.execute("INSERT INTO stg.demand_point VALUES ($1, $1, 2, 50, 1, '', 1)", [code])
    moved = "".join(f" WHEN c = '{old}' THEN '{new}'" for old, new in (carried or {}).items())
    con.execute(f"CREATE TEMP MACRO current_code(c) AS CASE WHEN false THEN c{moved} ELSE c END")
    for name, text in files.items():
        headings, *rows = csv.reader(io.StringIO(text), delimiter=";")
        listed = ", ".join(f"{c} TEXT" for c in (*headings, "_file", "_vintage"))
        con.execute(f"CREATE TABLE IF NOT EXISTS raw.{source} ({listed}, _row BIGINT)")
        marks = ", ".join("?" * (len(headings) + 3))
        year = re.findall(r"20\d\d", name)[0]
        for n, row in enumerate(rows):
            values = [*(cell or None for cell in row), name, year, n]
            con.execute(f"INSERT INTO raw.{source} VALUES ({marks})", values)
    for sql in ("staging/_macros", f"staging/{source}", f"marts/{mart}"):
        con.execute((PIPELINES / f"{sql}.sql").read_text(encoding="utf-8"))
    return con
