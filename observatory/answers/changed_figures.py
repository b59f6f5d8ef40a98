"""Totals, gaps, voted targets, sources and perimeter that differ between two attached versions.

The versions are attached as ``old`` and ``new``; the columns are those of ``diff.Changes``.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pandas as pd

from observatory.answers.changed_demonstration import columns_of, table_of
from observatory.answers.gaps import gaps
from observatory.errors import VersionError
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.knowledge.shortfall import LEAST_LACK
from observatory.versions.frames import frame


def totals_moved(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Commune totals that moved; where one side is masked, neither side is shown."""
    small = {i: s.masked_below for i, s in nomenclature().services.items() if s.masked_below}
    con.execute("CREATE TEMP TABLE masked_below (service TEXT, least DOUBLE)")
    con.executemany("INSERT INTO masked_below VALUES (?, ?)", [list(p) for p in small.items()])
    masks = {
        side: f"{side[0]}.masked" if "masked" in columns_of(con, side, "commune_total") else "false"
        for side in ("old", "new")
    }
    table = frame(
        con,
        f"""
        WITH pair AS (
            SELECT coalesce(n.code, o.code) AS code, coalesce(n.service, o.service) AS service,
                coalesce(n.valid_from, o.valid_from) AS valid_from,
                o.headcount AS old_headcount, n.headcount AS new_headcount,
                o.places AS old_places, n.places AS new_places,
                coalesce({masks["old"]}, false) OR coalesce({masks["new"]}, false)
                    OR coalesce(o.headcount > 0 AND o.headcount < b.least, false)
                    OR coalesce(n.headcount > 0 AND n.headcount < b.least, false)
                    -- A figure that is on one side alone may be hidden on the other.
                    OR (b.service IS NOT NULL AND o.code IS NOT NULL AND n.code IS NOT NULL
                        AND (o.headcount IS NULL) <> (n.headcount IS NULL)) AS masked
            FROM {table_of(con, "old", "commune_total")} AS o
            FULL JOIN {table_of(con, "new", "commune_total")} AS n
                ON n.code = o.code AND n.service = o.service AND n.valid_from = o.valid_from
            LEFT JOIN masked_below AS b ON b.service = coalesce(n.service, o.service)
        ),
        long AS (
            SELECT code, service, valid_from, masked, 'headcount' AS "column",
                old_headcount AS old, new_headcount AS new FROM pair
            UNION ALL
            SELECT code, service, valid_from, masked, 'places', old_places, new_places FROM pair
        )
        SELECT l.code, coalesce(c.name, p.name) AS commune, l.service, l.valid_from, l."column",
            CASE WHEN NOT masked THEN l.old END AS old, CASE WHEN NOT masked THEN l.new END AS new,
            l.masked
        FROM long AS l
        LEFT JOIN new.commune AS c ON c.code = l.code LEFT JOIN old.commune AS p ON p.code = l.code
        WHERE l.old IS DISTINCT FROM l.new
        ORDER BY l.service, commune, l.valid_from, l."column"
        """,
    )
    con.execute("DROP TABLE masked_below")
    return table


def gaps_moved(con: duckdb.DuckDBPyConnection, day: date, notes: list[str]) -> pd.DataFrame:
    """Gaps that moved, by the first definition of each service."""
    first = nomenclature().definitions_for()
    sides = []
    for side in ("old", "new"):
        con.execute(f"USE {side}")
        try:
            kept = gaps(con, Question(as_of=day), definitions=first)
        except (duckdb.Error, VersionError, KeyError):
            notes.append(
                "Ce qui manque n'est pas comparé : une des deux versions a été construite avant "
                "une évolution du calcul."
            )
            return _no_gaps()
        finally:
            con.execute("USE memory")
        sides.append(
            kept[["code", "name", "service", "day_type", "definition", "supply", "gap", "masked"]]
        )
    keys = ["code", "service", "day_type", "definition"]
    both = sides[0].merge(sides[1], on=keys, suffixes=("_old", "_new"))
    moved = both.assign(
        commune=both["name_new"],
        masked=both["masked_old"] | both["masked_new"] | _hidden(both),
        move=both["gap_new"] - both["gap_old"],
    )
    # Half of the last digit shown: a need spread over the territory moves a little everywhere.
    least = both["service"].map(
        {i: 0.5 * 10**-s.decimals for i, s in nomenclature().services.items()}
    )
    changed = moved["move"].abs() >= least
    changed |= moved["gap_old"].isna() != moved["gap_new"].isna()
    changed |= (moved["supply_new"] - moved["supply_old"]).abs() > LEAST_LACK
    moved = moved[changed].rename(
        columns={f"{c}_{s}": f"{s}_{c}" for c in ("supply", "gap") for s in ("old", "new")}
    )
    figures = ["old_supply", "new_supply", "old_gap", "new_gap", "move"]
    moved = moved.assign(**{f: moved[f].where(~moved["masked"]) for f in figures})
    rank = {i: n for n, i in enumerate(nomenclature().services)}
    moved = moved.assign(
        _rank=moved["service"].map(rank), _commune=moved["code"].notna(), _size=-moved["move"].abs()
    )
    keys = ["_rank", "day_type", "_commune", "_size", "commune"]
    moved = moved.sort_values(keys, ignore_index=True)
    return moved[[*_no_gaps().columns]]


def _no_gaps() -> pd.DataFrame:
    return pd.DataFrame(
        columns=[
            "code", "commune", "service", "day_type", "definition", "old_supply", "new_supply",
            "old_gap", "new_gap", "move", "masked",
        ]
    )  # fmt: skip


def _hidden(both: pd.DataFrame) -> pd.Series[Any]:
    """Rows of a service with masked parts that one side knows and the other does not."""
    services = nomenclature().services
    kin = {i for i, s in services.items() if any(services[p].masked_below for p in s.parts or (i,))}
    kin |= {i for i, s in services.items() if s.public in kin}
    one_side = both["supply_old"].isna() != both["supply_new"].isna()
    one_side |= both["gap_old"].isna() != both["gap_new"].isna()
    return both["service"].isin(kin) & one_side & both["code"].notna()


def sources_moved(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Sources that moved, a publication at a time: all its files together.

    The digest of the territory's own totals is another in every version, and tells nothing.
    """
    sides = {
        side: f"""(
            SELECT id, publication, string_agg(DISTINCT file, ', ' ORDER BY file) AS file,
                nullif(string_agg(DISTINCT vintage, ', ' ORDER BY vintage), '') AS vintage,
                string_agg(DISTINCT sha256, ', ' ORDER BY sha256) AS sha256,
                string_agg(DISTINCT origin, ', ' ORDER BY origin) AS origin
            FROM {side}.version_source GROUP BY id, publication)"""
        for side in ("old", "new")
    }
    return frame(
        con,
        f"""
        WITH pair AS (
            SELECT coalesce(n.id, o.id) AS id,
                coalesce(n.publication, o.publication) AS publication,
                coalesce(n.file, o.file) AS file,
                CASE WHEN o.id IS NULL THEN 'added' WHEN n.id IS NULL THEN 'removed'
                     ELSE 'changed' END AS kind,
                o.origin = 'local' AND n.origin = 'local' AND n.id = 'census'
                    AND n.publication = 'totaux_communaux' AS own_totals,
                unnest([{{'column': 'vintage', 'old': o.vintage, 'new': n.vintage}},
                        {{'column': 'sha256', 'old': o.sha256, 'new': n.sha256}},
                        {{'column': 'origin', 'old': o.origin, 'new': n.origin}}]) AS one
            FROM {sides["old"]} AS o
            FULL JOIN {sides["new"]} AS n ON n.id = o.id AND n.publication = o.publication
        )
        SELECT kind, id, publication, file, one['column'] AS "column", one['old'] AS old,
            one['new'] AS new
        FROM pair WHERE one['old'] IS DISTINCT FROM one['new']
            AND NOT (coalesce(own_totals, false) AND one['column'] = 'sha256')
        ORDER BY id, publication, "column" <> 'vintage', "column"
        """,
    )


def perimeter_moved(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Communes that entered the perimeter or left it."""
    return frame(
        con,
        """
        SELECT CASE WHEN o.code IS NULL THEN 'added' ELSE 'removed' END AS kind,
            coalesce(n.code, o.code) AS code, coalesce(c.name, p.name) AS commune
        FROM old.perimeter AS o FULL JOIN new.perimeter AS n ON n.code = o.code
        LEFT JOIN new.commune AS c ON c.code = n.code LEFT JOIN old.commune AS p ON p.code = o.code
        WHERE o.code IS NULL OR n.code IS NULL ORDER BY 1, 3
        """,
    )


def targets_moved(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Targets of the territory that were voted, revised or withdrawn."""
    # A version built before targets could be voted follows none.
    sides = {
        side: f"(SELECT *, '' AS given FROM {side}.voted_target)"
        if columns_of(con, side, "voted_target")
        else NO_TARGET
        for side in ("old", "new")
    }
    return frame(
        con,
        f"""
        WITH pair AS (
            SELECT coalesce(n.service, o.service) AS service,
                coalesce(n.day_type, o.day_type) AS day_type,
                coalesce(n.valid_from, o.valid_from) AS valid_from,
                CASE WHEN o.given IS NULL THEN 'added' WHEN n.given IS NULL THEN 'removed'
                     ELSE 'changed' END AS kind,
                unnest([{{'column': 'amount', 'old': CAST(o.amount AS TEXT),
                          'new': CAST(n.amount AS TEXT)}},
                        {{'column': 'decided_by', 'old': o.decided_by, 'new': n.decided_by}},
                        {{'column': 'source', 'old': o.source, 'new': n.source}}]) AS one
            FROM {sides["old"]} AS o
            FULL JOIN {sides["new"]} AS n ON n.service = o.service
                AND n.day_type IS NOT DISTINCT FROM o.day_type AND n.valid_from = o.valid_from
        )
        SELECT kind, service, day_type, valid_from, one['column'] AS "column", one['old'] AS old,
            one['new'] AS new
        FROM pair WHERE one['old'] IS DISTINCT FROM one['new']
        ORDER BY service, day_type, valid_from, "column"
        """,
    )


NO_TARGET = """(
    SELECT '' AS service, '' AS day_type, DATE '2000-01-01' AS valid_from, 0.0 AS amount,
        '' AS decided_by, '' AS source, '' AS given WHERE false)"""
