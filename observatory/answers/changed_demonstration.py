"""The demonstration beside a real census: its rows are nobody's, and neither appear nor vanish."""

from __future__ import annotations

import duckdb

SUPPLY = ("establishment", "commune_total")


def left_aside(con: duckdb.DuckDBPyConnection) -> str:
    """The side (``old``, ``new``) whose demonstration is left aside; empty when there is none.

    Where both versions show the demonstration, its rows are compared as any others are.
    """
    shown = [side for side in ("old", "new") if _has_demonstration(con, side)]
    return shown[0] if len(shown) == 1 else ""


def note(side: str) -> str:
    """What is told of a demonstration that was left aside."""
    if side == "old":
        return (
            "Le recensement du territoire a pris la place de la démonstration : ses lignes "
            "inventées ne sont pas listées comme retirées, et l'offre d'avant était la sienne."
        )
    return (
        "La démonstration a pris la place du recensement du territoire : ses lignes inventées ne "
        "sont pas listées comme ajoutées, et l'offre d'après est la sienne."
    )


def table_of(con: duckdb.DuckDBPyConnection, side: str, table: str) -> str:
    """The SQL of a table of one side, without the demonstration when it is left aside."""
    if left_aside(con) != side or not _says(con, side, table):
        return f"{side}.{table}"
    return f"(SELECT * FROM {side}.{table} WHERE demonstration IS NOT TRUE)"


def _has_demonstration(con: duckdb.DuckDBPyConnection, side: str) -> bool:
    return any(
        con.execute(f"SELECT 1 FROM {side}.{t} WHERE demonstration LIMIT 1").fetchall()
        for t in SUPPLY
        if _says(con, side, t)
    )


def _says(con: duckdb.DuckDBPyConnection, side: str, table: str) -> bool:
    """Whether the rows of a table tell what they are; those of an old version may not."""
    return "demonstration" in columns_of(con, side, table)


def columns_of(con: duckdb.DuckDBPyConnection, side: str, table: str) -> set[str]:
    """Names of the columns of a table of one side; empty when it has none."""
    found = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = ? AND table_name = ?",
        [side, table],
    ).fetchall()
    return {c for (c,) in found}
