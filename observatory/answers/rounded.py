"""Totals that hold masked communes: published to the nearest five, and saying so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pandas as pd

from observatory.french.spelling import inside, of
from observatory.french.vocabulary import RELIABLE
from observatory.knowledge.nomenclature import nomenclature

HOW = "à 5 près : communes masquées"
ROUNDED = f"total arrondi {HOW}"
PART = "part {of} arrondie " + HOW
"""Where a part of the total alone is rounded."""
COUNT = "nombre {of} arrondi " + HOW
"""Where what is rounded is the public of the service."""

ROUNDED_SHORT = "à 5 près"


def is_rounded(row: Mapping[Any, Any] | pd.Series[Any]) -> bool:
    """Whether the supply of a row of a gap table rests on a rounded total, and says so."""
    return HOW in str(row["reliability"])


def rounded_words(row: Mapping[Any, Any] | pd.Series[Any]) -> str:
    """What is rounded in a row, in words; empty when nothing is."""
    return next((said for said in str(row["reliability"]).split(", ") if HOW in said), "")


def rounded_services(con: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, str]:
    """What is rounded on a day in the territory's total of each service, or in its need."""
    columns = {d[0] for d in con.execute("FROM territory_total LIMIT 0").description or []}
    if "rounded" not in columns:  # versions before rounding
        return {}
    found = {
        service
        for (service,) in con.execute(
            """
            SELECT DISTINCT service FROM territory_total
            WHERE rounded AND places IS NOT NULL
              AND valid_from <= $day AND (valid_to IS NULL OR $day < valid_to)
            """,
            {"day": as_of},
        ).fetchall()
    }
    services = nomenclature().services
    told = {}
    for id_, service in services.items():
        parts = [inside(services[p].label) for p in service.parts if p in found]
        if id_ in found:
            told[id_] = ROUNDED
        elif parts:
            told[id_] = PART.format(of=f"des {' et de '.join(parts)}")
        elif service.public in found:
            told[id_] = COUNT.format(of=of(inside(services[service.public].label)))
    return told


def say_rounded(con: duckdb.DuckDBPyConnection, table: pd.DataFrame, as_of: date) -> None:
    """Add to the reliability of the territory's rows what is rounded in their total."""
    words = table["service"].map(rounded_services(con, as_of))
    rows = table["code"].isna() & words.notna() & table["supply"].notna()
    if rows.any():
        said = table.loc[rows, "reliability"]
        table.loc[rows, "reliability"] = (
            said.where(said != RELIABLE, "")
            + (said != RELIABLE).map({True: ", ", False: ""})
            + words[rows]
        )
