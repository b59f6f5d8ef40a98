"""Totals that hold masked communes: published to the nearest five, and saying so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from observatory.french.vocabulary import RELIABLE

ROUNDED = "total arrondi à 5 près : communes masquées"

ROUNDED_SHORT = "à 5 près"


def is_rounded(row: Mapping[Any, Any] | pd.Series[Any]) -> bool:
    """Whether the supply of a row of a gap table is a rounded total, shown as one."""
    return ROUNDED in str(row["reliability"])


def rounded_services(con: duckdb.DuckDBPyConnection, as_of: date) -> frozenset[str]:
    """Services whose territory's total, or need, rests on a rounded total on a day."""
    columns = {d[0] for d in con.execute("FROM territory_total LIMIT 0").description or []}
    if "rounded" not in columns:  # versions before rounding
        return frozenset()
    found = con.execute(
        """
        WITH of AS (
            SELECT DISTINCT service FROM territory_total
            WHERE rounded AND places IS NOT NULL
              AND valid_from <= $day AND (valid_to IS NULL OR $day < valid_to)
        )
        SELECT p.service FROM service_part AS p JOIN of ON of.service = p.part
        UNION
        SELECT s.id FROM service AS s JOIN of ON of.service = s.public
        """,
        {"day": as_of},
    ).fetchall()
    return frozenset(service for (service,) in found)


def say_rounded(con: duckdb.DuckDBPyConnection, table: pd.DataFrame, as_of: date) -> None:
    """Add to the reliability of the territory's rows that their total is rounded."""
    services = rounded_services(con, as_of)
    rows = table["code"].isna() & table["service"].isin(services) & table["supply"].notna()
    if rows.any():
        said = table.loc[rows, "reliability"]
        table.loc[rows, "reliability"] = said.where(said != RELIABLE, "") + (
            (said != RELIABLE).map({True: ", ", False: ""}) + ROUNDED
        )
