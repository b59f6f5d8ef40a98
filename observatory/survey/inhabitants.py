"""Who lives in each commune of the territory: the margin that is always at hand."""

from __future__ import annotations

import duckdb

SOURCE = "Insee, populations de référence de la version en service"


def inhabitants(con: duckdb.DuckDBPyConnection) -> list[tuple[str, float, str]]:
    """Name and population of each commune of the perimeter, by name, and where they come from."""
    rows = con.execute(
        "SELECT name, population FROM commune WHERE inside AND population > 0 ORDER BY name"
    ).fetchall()
    return [(str(name), float(people), SOURCE) for name, people in rows]
