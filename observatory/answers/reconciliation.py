"""Reconciliation of the census with the places and rates of the Cnaf, and with the BPE.

Neither side is the truth: each difference comes with what usually explains it, in words kept as
data (``reconciliation.toml``).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pandas as pd

from observatory.errors import RequestError, VersionError
from observatory.french import numbers
from observatory.french.spelling import of
from observatory.knowledge.explanations import explain
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions.frames import frame
from observatory.versions.record import is_demonstration
from observatory.versions.warehouse import has_table

COLUMNS = [
    "level", "code", "name", "service", "year", "measure", "published", "census", "difference",
    "percent", "bpe", "establishments", "explanation",
]  # fmt: skip
NEEDED = ("published_places", "published_rate", "bpe_row", "bpe_match")

# One row per commune or the EPCI × service × year that the Cnaf publishes. Where it publishes
# places they are compared, else the rate. Places of a composite are the sum of its parts when all
# are published; a rate is never computed from its rounded parts.
PUBLISHED = """
WITH places AS (
    SELECT code, year, service, places FROM published_places
    UNION ALL
    SELECT p.code, p.year, sp.service, sum(p.places)
    FROM published_places AS p
    JOIN service_part AS sp ON sp.part = p.service
    JOIN service AS s ON s.id = sp.service AND s.grain = 'composite'
    ANTI JOIN published_places AS w
        ON w.code = p.code AND w.year = p.year AND w.service = sp.service
    JOIN (SELECT service, count(*) AS parts FROM service_part GROUP BY ALL) AS n
        ON n.service = sp.service
    GROUP BY p.code, p.year, sp.service, n.parts
    HAVING count(p.places) = n.parts
)
SELECT 'com' AS level, p.code, p.year, p.service, 'places' AS measure, p.places AS published
FROM places AS p SEMI JOIN perimeter AS i ON i.code = p.code
UNION ALL
SELECT r.level, r.code, r.year, r.service, 'taux', r.rate
FROM published_rate AS r CROSS JOIN territory AS t
ANTI JOIN places AS w ON r.level = 'com' AND w.code = r.code AND w.year = r.year
    AND w.service = r.service
WHERE (r.level = 'com' AND r.code IN (SELECT code FROM perimeter))
   OR (r.level = 'epci' AND t.kind = 'epci' AND r.code = t.siren)
"""
# One row per commune, or the territory (code null), × service: what the census says on a day.
# What the BPE fills is no census.
CENSUS = """
SELECT DISTINCT code, service, supply, rate FROM gap_as_of($day, NULL, NULL)
WHERE day_type IS NULL AND NOT bpe
"""
# One row per commune or the territory × service: establishments of the BPE, and of the census.
COUNTS = """
WITH one AS (
    SELECT code, service, 1 AS bpe, 0 AS census FROM bpe_row
    UNION ALL
    SELECT e.code, e.service, 0, 1 FROM establishment AS e
    SEMI JOIN perimeter AS p ON p.code = e.code
    WHERE e.id NOT IN (SELECT id FROM bpe_row)
      AND in_force(e.opened, e.closed, $day)
),
both_grains AS (
    SELECT code, service, bpe, census FROM one
    UNION ALL
    SELECT o.code, sp.service, o.bpe, o.census FROM one AS o
    JOIN service_part AS sp ON sp.part = o.service AND sp.service <> o.service
)
SELECT code, service, CAST(sum(bpe) AS BIGINT) AS bpe, CAST(sum(census) AS BIGINT) AS establishments
FROM both_grains GROUP BY GROUPING SETS ((code, service), (service))
"""


def published_years(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Years for which the Cnaf publishes something of the territory, oldest first.

    Raises
    ------
    VersionError
        When the version was built before reconciliation existed.
    """
    _check(con)
    found = con.execute(f"SELECT DISTINCT year FROM ({PUBLISHED}) ORDER BY 1").fetchall()
    return [int(year) for (year,) in found]


def reconcile(con: duckdb.DuckDBPyConnection, year: int | None = None) -> pd.DataFrame:
    """Published figures beside the census as of 31 December of their year.

    Parameters
    ----------
    year : int, optional
        One published year; all of them when absent.

    Returns
    -------
    DataFrame
        One row per commune (``level`` com) or the EPCI (epci) × service × year: ``measure`` is
        ``places``, ``taux`` (places per 100 children) or ``aucune`` where only the BPE is at hand;
        ``published``, ``census`` and ``difference`` = census − published are in that measure
        (places where nothing is published), ``percent`` is the difference per 100 published;
        ``bpe`` and ``establishments`` count establishments, NaN for modes without any, when no BPE
        was loaded, or the census does not know the service; ``explanation`` is French. Unknown or
        masked is NaN, never 0.

    Raises
    ------
    RequestError
        When nothing is published for that year.
    VersionError
        When the version was built before reconciliation existed.
    """
    years = published_years(con)
    if year is not None and year not in years:
        raise RequestError(
            f"rien n'est publié par la Caf pour {year} sur ce territoire",
            mend=f"Années possibles : {', '.join(map(str, years)) or 'aucune'}.",
        )
    published = frame(con, PUBLISHED)
    parts = [_one_year(con, published, y) for y in (years if year is None else [year])]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    rank = {i: n for n, i in enumerate(nomenclature().services)}
    table = table.assign(
        _level=table["level"] == "com",
        _rank=table["service"].map(rank),
        _known=table["published"].isna(),
    )
    order = ["year", "_level", "_known", "name", "code", "_rank"]
    return table.sort_values(order, ignore_index=True)[COLUMNS]


def _check(con: duckdb.DuckDBPyConnection) -> None:
    if missing := [t for t in NEEDED if not has_table(con, t)]:
        raise VersionError(
            f"la version en service date d'avant le rapprochement ({missing[0]} y manque)",
            mend="Relancer « observatory refresh ».",
        )


def _one_year(con: duckdb.DuckDBPyConnection, published: pd.DataFrame, year: int) -> pd.DataFrame:
    day = {"day": date(year, 12, 31)}
    census = frame(con, CENSUS, day)
    counts = frame(con, COUNTS, day)
    loaded = bool(con.execute("SELECT count(*) FROM bpe_row").fetchall()[0][0])
    table = published[published["year"] == year]
    if loaded:  # communes that the Cnaf does not publish, but that the BPE knows
        table = pd.concat([table, _bpe_alone(table, counts, year)], ignore_index=True)
    # The territory's own row has no code in the census, the EPCI's in the Cnaf's files.
    table = table.assign(key=table["code"].where(table["level"] == "com", ""))
    for right in (census, counts.copy()):
        right["key"] = right.pop("code").fillna("")
        table = table.merge(right, on=["key", "service"], how="left")
    listed = table["service"].isin(_listed())
    for column, shown in (("bpe", listed & loaded), ("establishments", listed)):
        table[column] = table[column].astype("float64").fillna(0).where(shown)
    table["census"] = table["rate"].where(table["measure"] == "taux", table["supply"])
    table["difference"] = table["census"] - table["published"]
    table["percent"] = 100 * table["difference"] / table["published"].where(table["published"] != 0)
    names = dict(con.execute("SELECT code, name FROM commune").fetchall())
    territory = con.execute("SELECT name FROM territory").fetchall()[0][0]
    table["name"] = table["code"].map(names).where(table["level"] == "com", territory)
    demonstration = is_demonstration(con)
    table["explanation"] = [explain(row, demonstration) for row in table.to_dict("records")]
    # A census that does not know the service has not counted none of it.
    untold = table["supply"].isna() & (table["establishments"] == 0)
    table["establishments"] = table["establishments"].mask(untold)
    return table


def _listed() -> list[str]:
    """Services whose establishments are listed one by one, in the census and in the BPE."""
    services = nomenclature().services
    return [i for i, s in services.items() if all(services[p].bpe for p in s.parts or (i,))]


def _bpe_alone(table: pd.DataFrame, counts: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of the BPE where the Cnaf publishes nothing, for the modes it publishes elsewhere."""
    modes = {i for s in nomenclature().services.values() if s.parts for i in s.parts}
    alone = counts[counts["service"].isin(modes & set(_listed())) & counts["code"].notna()]
    alone = alone[(alone["bpe"] > 0) & ~alone["code"].isin(table["code"])]
    return pd.DataFrame(
        {
            "level": "com",
            "code": alone["code"],
            "year": year,
            "service": alone["service"],
            "measure": "aucune",
            "published": float("nan"),
        }
    )


def headlines(table: pd.DataFrame) -> list[str]:
    """One sentence a place: the services listed one by one, published and in the census.

    Parameters
    ----------
    table : DataFrame
        Rows of ``reconcile``.
    """
    services = nomenclature().services
    whole = [i for i in _listed() if services[i].parts]
    rows = table[table["service"].isin(whole) & table["published"].notna()]
    return [_headline(row, services[str(row["service"])].short) for row in rows.to_dict("records")]


def _headline(row: dict[Any, Any], short: str) -> str:
    per, decimals = ("", 0) if row["measure"] == "places" else (" pour 100 enfants", 1)
    census = (
        f"{numbers.number(row['census'], decimals)} recensées"
        if pd.notna(row["census"])
        else "recensement inconnu"
    )
    return (
        f"{row['name']}, {row['year']} : {numbers.number(row['published'], decimals)} places "
        f"{of(short)}{per} publiées, {census}"
    )
