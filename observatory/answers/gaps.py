"""The questions people ask of a version, each a function that returns a table.

Everything on a screen or in a file comes from here; the sums themselves are the SQL macros that
each version carries (``pipelines/marts/answers.sql``).
"""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd

from observatory.answers.rounded import say_rounded
from observatory.errors import RequestError
from observatory.knowledge.nomenclature import nomenclature

GAP_QUERY = """
SELECT g.*, coalesce(c.name, t.name) AS name, r.rate AS published_rate, r.year AS published_year
FROM gap_as_of(?, ?) AS g
CROSS JOIN territory AS t
LEFT JOIN commune AS c ON c.code = g.code
LEFT JOIN reference_as_of(?) AS r ON r.service = g.service AND (
    (r.level = 'com' AND r.code = g.code)
    OR (g.code IS NULL AND r.level = CASE t.kind
            WHEN 'epci' THEN 'epci' WHEN 'departement' THEN 'dep' WHEN 'france' THEN 'nat' END
        AND r.code = CASE t.kind WHEN 'epci' THEN t.siren WHEN 'france' THEN 'FR'
            ELSE (SELECT any_value(dep) FROM commune WHERE inside) END)
    OR (r.level = 'com' AND g.code IS NULL AND t.communes = 1
        AND r.code = (SELECT any_value(code) FROM perimeter)))
WHERE (? IS NULL OR g.service = ?) AND (? IS NULL OR g.definition = ?)
  AND (? IS NULL OR g.day_type = ?)
ORDER BY g.service, g.day_type, g.definition_rank, g.code NULLS LAST
"""
FLAGS = ["estimated", "suppressed", "fragile", "demonstration", "masked", "bpe"]
GAP_COLUMNS = [
    "code",
    "name",
    "service",
    "day_type",
    "definition",
    "public",
    "estimated",
    "need",
    "supply",
    "gap",
    "rate",
    "target",
    "target_year",
    "published_rate",
    "published_year",
    "deficit_count",
    "definition_count",
    "masked",
    "suppressed",
    "fragile",
    "demonstration",
    "bpe",
    "reliability",
]


def gaps(
    con: duckdb.DuckDBPyConnection,
    service: str | None = None,
    *,
    as_of: date,
    definition: str | None = None,
    day_type: str | None = None,
    custom: float | None = None,
) -> pd.DataFrame:
    """Need, supply and gap of each commune, and of the territory in the last row of each group.

    Parameters
    ----------
    service, definition, day_type : str, optional
        Ids of the nomenclature; all of them when absent.
    as_of : date
        Day of the supply. Ages and published rates have their own vintage, given in the table.
    custom : float, optional
        Target of the definition ``custom``, in the unit of the service's rate.

    Returns
    -------
    DataFrame
        One row a commune × service × day type × definition, and one with ``code`` null for the
        territory. ``need``, ``supply`` and ``gap`` = supply − need are in the service's unit,
        ``rate`` and ``target`` per ``rate_per`` of its public. Unknown is NaN; ``rate`` is NaN too
        where the public is too small to bear one.

    Raises
    ------
    RequestError
        When a name is not in the nomenclature, or the target is negative.
    """
    names = nomenclature()
    if service is not None:
        _check_choice("besoin", definition, names.service(service).definitions)
        _check_choice("jour", day_type, names.service(service).day_types)
    else:
        _check_choice("besoin", definition, tuple(names.definitions))
        _check_choice("jour", day_type, tuple(names.day_types))
    if custom is not None and not 0 <= custom <= 1_000_000:
        raise RequestError(
            f"l'objectif {custom:g} n'est pas un nombre positif", mend="Écrire par exemple 60."
        )
    table = con.execute(
        GAP_QUERY,
        [as_of, custom, as_of, service, service, definition, definition, day_type, day_type],
    ).df()
    table = table.assign(bpe=table.get("bpe", False))  # versions before the BPE do not say
    for flag in FLAGS:  # of an unknown public nothing is said: it is neither small nor estimated
        table[flag] = table[flag].fillna(False).astype(bool)
    table["reliability"] = reliability(table)
    say_rounded(con, table, as_of)
    return table[GAP_COLUMNS]


def _check_choice(what: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise RequestError(
            f"{what} « {value} » inconnu pour ce service",
            mend=f"Choix possibles : {', '.join(allowed) or 'aucun'}.",
        )


def reliability(table: pd.DataFrame) -> pd.Series[str]:
    """In words, what weakens the figures of each row of a gap table; « bonne » if nothing does."""
    unknown = table["public"].isna()
    reasons = {
        "effectif inconnu": unknown,
        "effectif trop faible pour un taux": table["suppressed"],
        "fragile : petit effectif": table["fragile"] & ~table["suppressed"],
        "âges estimés": table["estimated"],
        "masqué : secret statistique": table["masked"],
        "offre inconnue": table["supply"].isna() & ~table["masked"],
        "offre BPE : sous-estimée": table["bpe"],
        "offre de démonstration": table["demonstration"],
        "référence inconnue": table["need"].isna() & ~unknown,
    }
    # Few combinations for many rows: each one is put into words once.
    words = list(reasons)
    flags = np.column_stack([flag.to_numpy(bool) for flag in reasons.values()])
    combination = flags @ (1 << np.arange(len(words)))
    said = {
        c: ", ".join(w for n, w in enumerate(words) if c >> n & 1) or "bonne"
        for c in np.unique(combination).tolist()
    }
    return pd.Series([said[c] for c in combination.tolist()], index=table.index, dtype=str)


def supply_by_status(
    con: duckdb.DuckDBPyConnection, as_of: date, code: str | None = None
) -> pd.DataFrame:
    """Supply by service, day type and status, of one commune or (``code`` None) of the territory.

    Returns
    -------
    DataFrame
        service, day_type, status (``total`` for services known by commune only,
        ``inconnu``), supply in the
        service's unit, establishments (count; a shared establishment counts in each commune).
    """
    return con.execute(
        """
        SELECT s.service, s.day_type, s.status,
            CASE WHEN count(*) = count(s.supply) THEN sum(s.supply) END AS supply,
            sum(s.establishments) AS establishments
        FROM supply_by_status(?) AS s JOIN service AS v ON v.id = s.service
        WHERE CASE WHEN ? IS NOT NULL THEN s.code = ?
                   ELSE v.grain = 'establishment' OR s.code IS NULL END
        GROUP BY s.service, s.day_type, s.status, v.rank
        ORDER BY v.rank, s.day_type, s.status
        """,
        [as_of, code, code],
    ).df()


def establishments(con: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """Establishments open on a day, with their position.

    Returns
    -------
    DataFrame
        One row an establishment of the perimeter: id, name, service, status, manager, code,
        commune, lon, lat, amount (its greatest capacity of that day, in the service's unit),
        opened, closed, source, source_date, demonstration. Never an assistant maternel.
    """
    return con.execute(
        """
        SELECT e.id, e.name, e.service, coalesce(e.status, 'inconnu') AS status, e.manager,
            e.code, c.name AS commune,
            e.lon, e.lat, max(k.amount) AS amount, e.opened, e.closed,
            e.source, e.source_date, e.demonstration
        FROM establishment AS e
        JOIN capacity AS k ON k.establishment = e.id
            AND k.valid_from <= $day AND (k.valid_to IS NULL OR $day < k.valid_to)
        JOIN commune AS c ON c.code = e.code AND c.inside
        WHERE (e.opened IS NULL OR e.opened <= $day) AND (e.closed IS NULL OR $day < e.closed)
        GROUP BY ALL
        ORDER BY e.service, e.id
        """,
        {"day": as_of},
    ).df()


def commune_facts(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Population, births, income and place of each commune of the perimeter, one row each."""
    return con.execute("SELECT * EXCLUDE (inside) FROM commune WHERE inside ORDER BY name").df()


def communes(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Name of each commune of the perimeter, by INSEE code."""
    return dict(con.execute("SELECT code, name FROM commune WHERE inside ORDER BY name").fetchall())
