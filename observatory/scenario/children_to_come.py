"""Children that a planner foresees: figures by commune and year, and those of new dwellings.

A figure replaces that of the version from its day on; dwellings add to it. The ages within those
that are given move in the same proportion, the ages that hold them by as many children.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from observatory.knowledge.nomenclature import nomenclature
from observatory.scenario.own_tables import copy
from observatory.scenario.scenario_change import UNDER_THREE, Change


def count_children(con: duckdb.DuckDBPyConnection, change: Change) -> list[str]:
    """Put a number of children in the place of that of the version; notes in French."""
    _write(con, change, float(change.nombre or 0))
    return []


def foreseen(counted: pd.DataFrame, public: str = UNDER_THREE, source: str = "") -> list[Change]:
    """Changes of figures by commune and year, as a projection or a planner gives them.

    Parameters
    ----------
    counted : DataFrame
        One row per commune × year: code, year, amount (children on 1 January); unknown is left out.
    public : str
        Id of the ages that are counted.
    source : str
        Where they come from.
    """
    return [
        Change(
            "enfants",
            date(int(row["year"]), 1, 1),
            commune=str(row["code"]),
            nombre=float(row["amount"]),
            public=public,
            source=source,
        )
        for row in counted.dropna().to_dict("records")
    ]


def house_children(con: duckdb.DuckDBPyConnection, change: Change) -> list[str]:
    """Add the children of new dwellings; notes in French."""
    copy(con, "public_count")
    public = change.public or UNDER_THREE
    found = con.execute(
        "SELECT amount FROM memory.main.public_count WHERE code = ? AND public = ?",
        [change.commune, public],
    ).fetchone()
    if found is None or found[0] is None:
        noun = nomenclature().publics[public].noun
        return [
            f"Le nombre d'{noun} de la commune {change.commune} est inconnu : ceux des logements "
            "nouveaux ne s'y ajoutent pas."
        ]
    more = (change.nombre or 0) * (change.enfants_par_logement or 0)
    _write(con, change, float(found[0]) + more)
    return []


def _write(con: duckdb.DuckDBPyConnection, change: Change, amount: float) -> None:
    copy(con, "public_count")
    values = {
        "code": change.commune,
        "public": change.public or UNDER_THREE,
        "amount": amount,
        "year": str(change.date.year),
    }
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE counted AS
        WITH given AS (
            SELECT b.id, b.first_age, b.next_age, n.amount AS before
            FROM public AS b
            LEFT JOIN memory.main.public_count AS n ON n.public = b.id AND n.code = $code
            WHERE b.id = $public
        )
        SELECT $code AS code, b.id AS public, true AS estimated, $year AS vintage,
            CASE WHEN b.first_age >= g.first_age AND b.next_age <= g.next_age THEN
                     CASE WHEN b.id = g.id THEN $amount
                          WHEN g.before > 0 THEN n.amount * $amount / g.before
                          ELSE $amount * (b.next_age - b.first_age) / (g.next_age - g.first_age) END
                 ELSE n.amount + $amount - g.before END AS amount
        FROM public AS b CROSS JOIN given AS g
        LEFT JOIN memory.main.public_count AS n ON n.public = b.id AND n.code = $code
        WHERE b.first_age IS NOT NULL AND (
            b.first_age >= g.first_age AND b.next_age <= g.next_age
            OR b.first_age <= g.first_age AND b.next_age >= g.next_age)
        """,
        values,
    )
    con.execute(
        "DELETE FROM memory.main.public_count WHERE code = $code "
        "AND public IN (SELECT public FROM counted WHERE amount IS NOT NULL)",
        {"code": change.commune},
    )
    con.execute(
        "INSERT INTO memory.main.public_count BY NAME FROM counted WHERE amount IS NOT NULL"
    )
