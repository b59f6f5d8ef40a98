"""Insee's minutes by the road to the nearest equipment, beside those of the version."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from observatory.versions.frames import frame

PUBLISHED = "published_minutes"
"""Their column in a gap table with accessible supply."""


def published_in_words(rows: pd.DataFrame) -> str:
    """What they are, under a table that shows them: one French sentence.

    Parameters
    ----------
    rows : DataFrame
        published_minutes_vintage.
    """
    years = ", ".join(sorted(set(rows["published_minutes_vintage"].dropna())))
    told = f" {years}" if years else ""
    return (
        f"Temps selon l'Insee : par la route, jusqu'à l'équipement de la BPE le plus proche "
        f"(Insee{told}, médiane de la commune) ; aucun calcul ne s'en sert."
    )


def compared_with_published(con: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """Own minutes to the nearest establishment beside Insee's, service by service.

    Both are minutes from the homes of a commune, but not to the same places: those of the census
    that are open on that day, and those of the BPE of its year.

    Returns
    -------
    DataFrame
        One row per service that Insee's file tells: service (id), communes (compared: both are
        known), own, published (their medians, minutes), difference (median of own less
        published), largest (the largest difference either way, signed) and largest_name (its
        commune), published_only (communes where nothing is open within the longest trip),
        own_only, vintage. NaN where no commune is compared. Empty without the file.
    """
    return frame(
        con,
        """
        WITH both_ways AS (
            SELECT coalesce(o.service, p.service) AS service, c.name, o.minutes AS own,
                p.minutes AS published, o.minutes - p.minutes AS difference, p.vintage
            FROM (FROM published_minutes) AS p
            FULL JOIN (
                SELECT n.code, n.service, n.minutes FROM nearest_as_of($day) AS n
                SEMI JOIN perimeter AS i ON i.code = n.code
                WHERE n.service IN (SELECT service FROM published_minutes)
            ) AS o ON o.code = p.code AND o.service = p.service
            JOIN commune AS c ON c.code = coalesce(o.code, p.code)
        )
        SELECT b.service, count(difference) AS communes,
            median(own) FILTER (difference IS NOT NULL) AS own,
            median(published) FILTER (difference IS NOT NULL) AS published,
            median(difference) AS difference,
            arg_max(difference, (abs(difference), b.name)) AS largest,
            arg_max(b.name, (abs(difference), b.name)) FILTER (difference IS NOT NULL)
                AS largest_name,
            count(*) FILTER (own IS NULL) AS published_only,
            count(*) FILTER (published IS NULL) AS own_only, max(b.vintage) AS vintage
        FROM both_ways AS b JOIN service AS s ON s.id = b.service
        GROUP BY b.service, s.rank ORDER BY s.rank
        """,
        {"day": as_of},
    )
