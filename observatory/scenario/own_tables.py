"""Tables that a scenario writes before those of the version: a copy, and periods cut at a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb

from observatory.versions.warehouse import BENEATH


def copy(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Put a copy of a table of the version before it; once."""
    con.execute(f"CREATE TABLE IF NOT EXISTS memory.main.{table} AS FROM {BENEATH}.main.{table}")


def cut(
    con: duckdb.DuckDBPyConnection, table: str, where: str, day: date, values: Mapping[str, Any]
) -> None:
    """Cut the periods [valid_from, valid_to[ of some rows at a day: two rows say the same as one.

    Parameters
    ----------
    where : str
        Which rows, its values named.
    """
    within = (
        f"({where}) AND (valid_from IS NULL OR valid_from < $day) "
        "AND (valid_to IS NULL OR valid_to > $day)"
    )
    given = {**values, "day": day}
    con.execute(
        f"INSERT INTO memory.main.{table} BY NAME SELECT * REPLACE ($day AS valid_from) "
        f"FROM memory.main.{table} WHERE {within}",
        given,
    )
    con.execute(f"UPDATE memory.main.{table} SET valid_to = $day WHERE {within}", given)
