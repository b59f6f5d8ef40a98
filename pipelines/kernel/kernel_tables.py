"""The Parquet tables that accessible supply is computed from, checked before the work.

``demand``: one row per point × offer, the children who live there (``children``, null where nobody
knows). ``supply``: one row per site × offer, its places (``places``, null where nobody knows).
``travel``: one row per point × site, ``minutes`` from home to the site. An offer is what is counted
apart: a service, on a type of day. Without ``travel``, points and sites have ``lon`` and ``lat``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from observatory.errors import SourceError
from observatory.knowledge.catchment_rules import Catchment
from observatory.versions import warehouse
from observatory.versions.sql_text import sql_text
from pipelines.kernel.statements import rule_row

KEYS = {
    "demand": ("point", "offer"),
    "supply": ("site", "offer"),
    "travel": ("point", "site"),
}
AMOUNTS = {"demand": "children", "supply": "places", "travel": "minutes"}
PLACE = ("lon", "lat")


@dataclass(frozen=True)
class KernelTables:
    """Where the tables are: a Parquet file each."""

    demand: Path
    supply: Path
    travel: Path | None = None

    @property
    def files(self) -> dict[str, Path]:
        """The file of each table that is there, by the name that the statements give it."""
        named = {"demand": self.demand, "supply": self.supply, "travel": self.travel}
        return {name: path for name, path in named.items() if path is not None}


def opened(tables: KernelTables, scratch: Path) -> duckdb.DuckDBPyConnection:
    """A database that reads the tables under their names and works on the disk in ``scratch``.

    Raises
    ------
    SourceError
        When a file is not Parquet, lacks a column, has a key twice or without a value, a negative
        amount, or a point that stands nowhere.
    """
    config = {**warehouse.CONFIG, "temp_directory": str(scratch / "spilled")}
    con = duckdb.connect(config=config)
    con.execute("SET enable_progress_bar = false")
    try:
        for name, path in tables.files.items():
            _read(con, name, path, tables.travel is None)
    except BaseException:
        con.close()
        raise
    return con


def write_rule(
    con: duckdb.DuckDBPyConnection,
    tables: KernelTables,
    rules: Catchment,
    scheme: str,
    reach: float | None,
    path: Path,
) -> None:
    """Write the one-row table ``rule`` as Parquet, for the points of these tables."""
    furthest = 0.0
    if tables.travel is None:
        ((furthest,),) = con.execute(
            "SELECT coalesce(max(abs(lat)), 0) FROM "
            "(SELECT lat FROM demand UNION ALL SELECT lat FROM supply)"
        ).fetchall()
    row = rule_row(rules.rule(scheme, reach), rules.travel, furthest)
    values = ", ".join(
        f"CAST(${name} AS {'BOOLEAN' if isinstance(value, bool) else 'DOUBLE'}) AS {name}"
        for name, value in row.items()
    )
    con.execute(f"CREATE TABLE rule AS SELECT {values}", row)
    con.execute(f"COPY rule TO {sql_text(path)} (FORMAT parquet)")


def _read(con: duckdb.DuckDBPyConnection, name: str, path: Path, placed: bool) -> None:
    """Name a table, and refuse what would come out wrong in silence."""
    try:
        con.execute(f"CREATE VIEW {name} AS FROM read_parquet({sql_text(path)})")
        types = {c: str(t) for c, t, *_ in con.execute(f"DESCRIBE {name}").fetchall()}
    except duckdb.Error as error:
        raise SourceError("ce fichier n'est pas une table Parquet lisible", where=str(path)) from (
            error
        )
    where = PLACE if placed else ()
    wanted = (*KEYS[name], AMOUNTS[name], *where)
    if lacking := [column for column in wanted if column not in types]:
        raise SourceError(
            f"colonne absente : {', '.join(lacking)}",
            where=str(path),
            mend=f"Colonnes attendues : {', '.join(wanted)}.",
        )
    if wrong := [c for c in (AMOUNTS[name], *where) if not _is_number(types[c])]:
        raise SourceError(f"colonne qui n'est pas un nombre : {', '.join(wrong)}", where=str(path))
    keys, amount = ", ".join(KEYS[name]), AMOUNTS[name]
    refused = {
        f"clé sans valeur ({keys})": " OR ".join(f"{key} IS NULL" for key in KEYS[name]),
        f"{amount} : valeur négative ou infinie": f"{amount} < 0 OR NOT isfinite({amount}::DOUBLE)",
        "lon ou lat : absente, ou hors du globe": "(lon BETWEEN -180 AND 180) IS NOT TRUE"
        " OR (lat BETWEEN -90 AND 90) IS NOT TRUE"
        if where
        else "false",
    }
    for what, condition in refused.items():
        ((rows,),) = con.execute(f"SELECT count(*) FROM {name} WHERE {condition}").fetchall()
        if rows:
            raise SourceError(f"{what}, lignes concernées : {rows}", where=str(path))
    twice = con.execute(f"SELECT 1 FROM {name} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1")
    if twice.fetchone():
        raise SourceError(f"une clé ({keys}) est écrite deux fois", where=str(path))


def _is_number(type_: str) -> bool:
    return type_ in ("DOUBLE", "FLOAT") or "INT" in type_ or type_.startswith("DECIMAL")
