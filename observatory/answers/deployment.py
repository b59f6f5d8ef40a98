"""Deployment of the supply: places at each quarter's end; openings, closings and changes.

Everything is counted at one level, the territory's share: an establishment that also serves
communes outside brings only the share of its places that falls inside, and of several declarations
under the rule of the greatest (``site_rule``) only the greatest counts. A movement carries its
effect at that same level, so that places before + effects = places after, status by status; when
another declaration of the same address becomes the greatest, that is a movement too
(``shared_site``). Services known by commune only (assistants maternels…) move as one total of the
territory, never commune by commune. An unknown capacity adds nothing and is counted aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import pandas as pd

from observatory.errors import RequestError
from observatory.french.dates import short_date
from observatory.french.vocabulary import COMMUNE_TOTAL, EVERY_STATUS, MOVEMENTS, STATUSES
from observatory.knowledge.nomenclature import nomenclature
from observatory.versions.frames import frame

DAY = timedelta(days=1)
KEYS = ["service", "day_type", "status"]

SERVED = """
served AS (
    SELECT a.establishment, round(sum(a.share), 9) AS share
    FROM allocation AS a SEMI JOIN perimeter AS p ON p.code = a.code
    GROUP BY ALL
)"""
PLACES_QUERY = f"""
WITH {SERVED}
SELECT $day AS day, o.service, o.day_type, o.status,
    coalesce(sum(o.amount * s.share), 0) AS amount,
    count(*) FILTER (o.amount IS NULL) AS unknown, count(*) AS establishments
FROM open_capacity($day) AS o
JOIN served AS s USING (establishment)
GROUP BY ALL
UNION ALL
SELECT $day, v.id, NULL, 'total', coalesce(t.places, 0),
    CASE WHEN t.places IS NULL THEN 1 ELSE 0 END, 0
FROM service AS v
LEFT JOIN territory_total AS t
    ON t.service = v.id AND in_force(t.valid_from, t.valid_to, $day)
WHERE v.grain = 'commune'
"""
# Only the sites where something happens are looked at, on the eve and on the day itself.
MOVEMENTS_QUERY = f"""
WITH {SERVED},
declared AS (
    SELECT e.id, e.service, e.site, c.day_type, c.amount,
        greatest(c.valid_from, e.opened) AS since, least(c.valid_to, e.closed) AS until
    FROM establishment AS e JOIN capacity AS c ON c.establishment = e.id
),
moment AS (
    SELECT service, site, since AS day FROM declared
    UNION
    SELECT service, site, until FROM declared
),
state AS (
    SELECT m.day, n.eve, d.id, d.service, d.day_type, d.amount,
        row_number() OVER (
            PARTITION BY d.service, d.day_type, d.site, m.day, n.eve ORDER BY d.amount DESC, d.id
        ) = 1 AS counts
    FROM moment AS m
    CROSS JOIN (VALUES (true), (false)) AS n(eve)
    JOIN declared AS d ON d.service = m.service AND d.site = m.site
        AND in_force(d.since, d.until, m.day - CAST(n.eve AS INTEGER))
    WHERE m.day BETWEEN $first AND $last
),
change AS (
    SELECT day, id, service, day_type,
        bool_or(eve) AS was_open, bool_or(NOT eve) AS is_open,
        max(amount) FILTER (eve) AS before, max(amount) FILTER (NOT eve) AS after,
        bool_or(counts) FILTER (eve) AS counted, bool_or(counts) FILTER (NOT eve) AS counts
    FROM state GROUP BY ALL
)
SELECT c.day, e.code, m.name AS commune, c.id, e.name, c.service, c.day_type,
    coalesce(e.status, 'inconnu') AS status,
    CASE WHEN NOT c.was_open THEN 'opening' WHEN NOT c.is_open THEN 'closing'
         WHEN c.after > c.before THEN 'extension' WHEN c.after < c.before THEN 'reduction'
         WHEN c.after IS DISTINCT FROM c.before THEN 'revision' ELSE 'shared_site' END AS kind,
    c.before, c.after,
    s.share * (CASE WHEN c.counts THEN coalesce(c.after, 0) ELSE 0 END
        - CASE WHEN c.counted THEN coalesce(c.before, 0) ELSE 0 END) AS effect
FROM change AS c
JOIN served AS s ON s.establishment = c.id
JOIN establishment AS e ON e.id = c.id
LEFT JOIN commune AS m ON m.code = e.code
WHERE NOT (c.was_open AND c.is_open AND c.before IS NOT DISTINCT FROM c.after
    AND c.counted IS NOT DISTINCT FROM c.counts)
UNION ALL
SELECT t.valid_from, NULL, NULL, NULL, 'Totaux communaux', t.service, NULL, 'total', 'revision',
    b.places, t.places, coalesce(t.places, 0) - coalesce(b.places, 0)
FROM territory_total AS t
LEFT JOIN territory_total AS b ON b.service = t.service AND b.valid_to = t.valid_from
WHERE t.valid_from BETWEEN $first AND $last AND b.places IS DISTINCT FROM t.places
ORDER BY 1, 3, 5, 6, 7
"""


def status_words() -> dict[str, str]:
    """Words of each status, in the order of the tables, of totals and of the unknown."""
    return {
        **STATUSES,
        "total": COMMUNE_TOTAL,
        **EVERY_STATUS,
    }


def steps(first: date, last: date) -> list[date]:
    """The eve of a period, each quarter's end inside it, and its last day.

    Raises
    ------
    RequestError
        When the period ends before it begins, or lasts more than thirty years.
    """
    _check_period(first, last)
    ends = [
        date(year + month // 12, month % 12 + 1, 1) - DAY
        for year in range(first.year, last.year + 1)
        for month in (3, 6, 9, 12)
    ]
    return sorted({first - DAY, last, *(day for day in ends if first <= day <= last)})


def _check_period(first: date, last: date) -> None:
    if last < first or last.year - first.year > 30:
        raise RequestError(
            f"la période du {short_date(first)} au {short_date(last)} ne convient pas",
            mend="Choisir une date de fin après la date de début, trente ans au plus.",
        )


def places(con: duckdb.DuckDBPyConnection, days: Sequence[date]) -> pd.DataFrame:
    """Places of the territory on some days, by service and status.

    Returns
    -------
    DataFrame
        One row per day × service × day type × status that is open (``total`` for services known by
        commune only): amount (known capacity, in the service's unit), unknown (count of
        establishments, or of communes, whose figure is not known), establishments (count).
    """
    return pd.concat([frame(con, PLACES_QUERY, {"day": day}) for day in days])


def movements(con: duckdb.DuckDBPyConnection, first: date, last: date) -> pd.DataFrame:
    """What opened, closed or changed capacity from ``first`` to ``last``, both included.

    Returns
    -------
    DataFrame
        One row per day × establishment × day type that changes: day (first day of the new state),
        code, commune, id, name, service, day_type, status, kind (of ``MOVEMENTS``), before and
        after (declared capacity; NaN when not open, or unknown), effect (change of the territory's
        known places, in the service's unit). Commune totals: one row per day × service, without a
        commune.

    Raises
    ------
    RequestError
        When the period ends before it begins.
    """
    _check_period(first, last)
    return frame(con, MOVEMENTS_QUERY, {"first": first, "last": last})


def ledger(counted: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Places at the start, effect of each kind of movement, places at the end.

    Parameters
    ----------
    counted : DataFrame
        Given by ``places`` for the steps of a period: its first and last days are the bounds.
    moves : DataFrame
        Given by ``movements`` for the same period.

    Returns
    -------
    DataFrame
        One row per service × day type × status: start, one column per kind of ``MOVEMENTS``, end
        (counted by itself: start + kinds = end is a promise held by a test), in the service's unit.
    """
    first, last = (counted[counted["day"] == counted["day"].agg(at)] for at in ("min", "max"))
    entries = pd.concat(
        [
            first[[*KEYS, "amount"]].assign(column="start"),
            last[[*KEYS, "amount"]].assign(column="end"),
            moves[[*KEYS, "effect", "kind"]].set_axis([*KEYS, "amount", "column"], axis="columns"),
        ]
    )
    # Without a type of day is a group like another: an empty text, as unknown keys never match.
    entries["day_type"] = entries["day_type"].fillna("").astype(str)
    table = entries.groupby([*KEYS, "column"])["amount"].sum().unstack("column")
    table = table.reindex(columns=["start", *MOVEMENTS, "end"]).fillna(0.0)
    table = table.rename_axis(columns=None).reset_index()
    named = table["day_type"].astype(object).where(table["day_type"] != "", None)
    return pd.DataFrame(table.assign(day_type=named))


def by_year(moves: pd.DataFrame) -> pd.DataFrame:
    """Effect of each kind of movement, year by year, and their net: one row per year that moves."""
    years = pd.to_datetime(moves["day"]).dt.year.rename("year")
    table = moves.groupby([years, "kind"])["effect"].sum().unstack("kind")
    table = table.reindex(columns=list(MOVEMENTS)).fillna(0.0).rename_axis(columns=None)
    return table.assign(net=table.sum(axis=1)).reset_index()


def of_service(table: pd.DataFrame, service: str, day_type: str | None) -> pd.DataFrame:
    """The rows of one service (of all its parts when it is made of several) and type of day."""
    parts = nomenclature().service(service).parts or (service,)
    kept: pd.DataFrame = table[table["service"].isin(parts)]
    if day_type:
        kept = kept[kept["day_type"] == day_type]
    return kept
