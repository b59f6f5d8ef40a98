"""Profile of one commune: every service, the levels around it, its trend.

Each function is a question put to a published version; nothing here draws anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import pandas as pd

from observatory.answers.gaps import gaps
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.versions.frames import frame

YOUNG = "0_2"
"""The public that births foretell: children under three."""
LEVELS = ("commune", "territory", "dep", "nat")

LEVEL_QUERY = """
WITH here AS (SELECT * FROM commune WHERE code = $code),
place (level, code, published) AS (
    SELECT 'commune', $code, 'com'
    UNION ALL SELECT 'territory', CASE kind WHEN 'epci' THEN siren WHEN 'france' THEN 'FR'
        WHEN 'departement' THEN (SELECT dep FROM here) END,
        CASE kind WHEN 'epci' THEN 'epci' WHEN 'departement' THEN 'dep' WHEN 'france' THEN 'nat' END
    FROM territory
    UNION ALL SELECT 'dep', dep, 'dep' FROM here
    UNION ALL SELECT 'nat', 'FR', 'nat'
),
counted AS (
    SELECT 'commune' AS level, 'population' AS measure, year, population AS amount
    FROM population_year WHERE code = $code
    UNION ALL SELECT 'commune', 'births', year, births FROM birth WHERE code = $code
    UNION ALL SELECT 'territory', 'population', year, sum(population)
    FROM population_year GROUP BY year HAVING count(*) = (SELECT count(*) FROM perimeter)
    UNION ALL SELECT 'territory', 'births', year, sum(births)
    FROM birth GROUP BY year HAVING count(*) = (SELECT count(*) FROM perimeter)
    UNION ALL SELECT a.level, a.measure, a.year, a.amount FROM area_count AS a
    SEMI JOIN place AS p ON p.level = a.level AND p.code = a.code
),
latest AS (
    FROM counted
    QUALIFY row_number() OVER (PARTITION BY level, measure ORDER BY year DESC) = 1
),
aged AS (
    SELECT CASE WHEN code IS NULL THEN 'territory' ELSE 'commune' END AS level, vintage
    FROM public_as_of($day) WHERE public = $public AND (code = $code OR code IS NULL)
)
SELECT p.level, p.code, TRY_CAST(g.vintage AS INTEGER) AS public_year,
    n.amount AS population, n.year AS population_year, b.amount AS births, b.year AS births_year,
    r.rate AS published_rate, r.year AS published_year, r.vintage AS published_vintage
FROM place AS p
LEFT JOIN aged AS g ON g.level = p.level
LEFT JOIN latest AS n ON n.level = p.level AND n.measure = 'population'
LEFT JOIN latest AS b ON b.level = p.level AND b.measure = 'births'
LEFT JOIN published_rate AS r
    ON r.level = p.published AND r.code = p.code AND r.service = $service
-- The year asked, else the nearest earlier one, else the nearest later one, as in the gap tables.
QUALIFY row_number() OVER (
    PARTITION BY p.level ORDER BY r.year > year($day), abs(r.year - year($day)) NULLS LAST
) = 1
"""


def levels(con: duckdb.DuckDBPyConnection, code: str, service: str, *, as_of: date) -> pd.DataFrame:
    """What the sources publish of a commune and of the levels around it.

    Parameters
    ----------
    code : str
        INSEE code of a commune of the perimeter.
    service : str
        Id of the nomenclature, for its public and its published rate.
    as_of : date
        Day that chooses the year of the published rate.

    Returns
    -------
    DataFrame
        One row per level, in the order of ``LEVELS``: level, code (null for a list of communes),
        ``public_year`` of the service's public, population and population_year, births and
        births_year, published_rate (in the unit of the service's rate), published_year and
        published_vintage. What is not known is null. A level's count is the sum of its communes,
        and unknown when one of them is.
    """
    table = frame(
        con,
        LEVEL_QUERY,
        {
            "code": code,
            "service": service,
            "public": nomenclature().service(service).public,
            "day": as_of,
        },
    )
    return table.set_index("level").loc[list(LEVELS)].reset_index()


def at_a_glance(
    con: duckdb.DuckDBPyConnection,
    code: str,
    *,
    as_of: date,
    definition: str | None = None,
) -> pd.DataFrame:
    """Every service of one commune, one row per offer (service × day type).

    Parameters
    ----------
    definition : str, optional
        Need definition; a service that does not know it is measured by its own first one, and so
        are all of them for ``custom``, which is a target of one service only.

    Returns
    -------
    DataFrame
        The columns of ``gaps``, in the order of the nomenclature.
    """
    wanted = nomenclature().definitions_for(definition)
    kept = gaps(con, Question(as_of=as_of), codes=[code], definitions=wanted)
    order = {offer: n for n, offer in enumerate(nomenclature().offers())}
    rank = [
        order[(str(s), d if isinstance(d, str) else None)]
        for s, d in zip(kept["service"], kept["day_type"], strict=True)
    ]
    return kept.assign(rank=rank).sort_values("rank").drop(columns="rank").reset_index(drop=True)


def births(con: duckdb.DuckDBPyConnection, code: str) -> pd.DataFrame:
    """Births of a commune: one row per published year (year, births), oldest first."""
    return frame(con, "SELECT year, births FROM birth WHERE code = ? ORDER BY year", [code])


def population(con: duckdb.DuckDBPyConnection, code: str) -> pd.DataFrame:
    """Reference population of a commune: one row per vintage (year, population), oldest first."""
    return frame(
        con, "SELECT year, population FROM population_year WHERE code = ? ORDER BY year", [code]
    )


def under_three(con: duckdb.DuckDBPyConnection, code: str) -> pd.DataFrame:
    """Children under three of a commune, foretold by births and counted by the census.

    Returns
    -------
    DataFrame
        One row per year: year, ``estimate`` = births of the three years before, known only when all
        three are; ``census`` in the year of the count; ``census_estimated`` where the count itself
        comes from wider age bands; ``retained`` = the estimate × the territory's retention, given
        by ``retention``. Empty when nothing is known. The estimate leaves out deaths and
        moves of families; the retention has them in, as they are in the whole territory: of a
        commune alone it would be the census again.
    """
    born = {int(y): float(n) for y, n in births(con, code).itertuples(index=False)}
    counted = con.execute(
        "SELECT TRY_CAST(vintage AS INTEGER), amount, estimated FROM public_count "
        "WHERE code = ? AND public = ?",
        [code, YOUNG],
    ).fetchone()
    foretold = estimates(born)
    census = {counted[0]: (counted[1], counted[2])} if counted and counted[0] is not None else {}
    years = sorted({*foretold, *census})
    table = pd.DataFrame(
        [(year, foretold.get(year), *census.get(year, (None, None))) for year in years],
        columns=["year", "estimate", "census", "census_estimated"],
    ).astype({"estimate": "float64", "census": "float64"})
    return table.assign(retained=table["estimate"] * retention(con))


def retention(con: duckdb.DuckDBPyConnection) -> float:
    """Children under three of the territory for one birth of the three years before.

    Census count of the children of 0 to 2 years ÷ births of the years t−1, t−2 and t−3, over the
    communes of the perimeter where both are known; NaN when there is none.
    """
    told = con.execute(
        """
        WITH told AS (
            SELECT n.amount, sum(b.births) AS births
            FROM public_count AS n SEMI JOIN perimeter AS p ON p.code = n.code
            JOIN birth AS b ON b.code = n.code
                AND TRY_CAST(n.vintage AS INTEGER) - b.year BETWEEN 1 AND 3
            WHERE n.public = ? AND n.amount IS NOT NULL
            GROUP BY n.code, n.amount HAVING count(b.births) = 3
        )
        SELECT sum(amount) / nullif(sum(births), 0) FROM told
        """,
        [YOUNG],
    ).fetchall()[0][0]
    return float("nan") if told is None else float(told)


def born_before(con: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Births of the three years before the count of the children under three, by commune.

    Only communes of the perimeter where all three years are known.
    """
    rows = con.execute(
        """
        SELECT n.code, sum(b.births) FROM public_count AS n
        SEMI JOIN perimeter AS p ON p.code = n.code
        JOIN birth AS b ON b.code = n.code
            AND TRY_CAST(n.vintage AS INTEGER) - b.year BETWEEN 1 AND 3
        WHERE n.public = ? GROUP BY n.code HAVING count(b.births) = 3
        """,
        [YOUNG],
    ).fetchall()
    return {str(code): float(births) for code, births in rows}


def estimates(born: Mapping[int, float]) -> dict[int, float]:
    """Children under three on 1 January of each year whose three years before are all known."""
    return {
        year: sum(born[year - n] for n in (1, 2, 3))
        for year in sorted({y + n for y in born for n in (1, 2, 3)})
        if all(year - n in born for n in (1, 2, 3))
    }
