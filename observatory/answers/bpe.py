"""Comparison of the BPE with the census: establishments filled in, matched, or perhaps missing."""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd

from observatory.knowledge.nomenclature import nomenclature
from observatory.versions.frames import frame

# One row per line of the BPE, and one per establishment of the census that no line of it is.
MATCHES = """
SELECT CASE WHEN b.id IN (SELECT id FROM establishment) THEN 'filled'
            WHEN e.id IS NOT NULL THEN 'matched' ELSE 'bpe' END AS kind,
    b.service, b.code, b.id AS bpe, b.name AS bpe_name, b.vintage, b.lon IS NOT NULL AS located,
    e.id AS establishment, e.name AS name, m.metres
FROM bpe_row AS b JOIN bpe_match AS m ON m.bpe = b.id
LEFT JOIN establishment AS e ON e.id = m.establishment
UNION ALL
SELECT 'census', e.service, e.code, NULL, NULL, NULL, e.position IS DISTINCT FROM 'approximate',
    e.id, e.name, NULL
FROM establishment AS e
SEMI JOIN perimeter AS p ON p.code = e.code
SEMI JOIN service_bpe AS s ON s.service = e.service
ANTI JOIN bpe_match AS m ON m.establishment = e.id
WHERE e.id NOT IN (SELECT id FROM bpe_row)
  AND in_force(e.opened, e.closed, $day)
"""


def matches(con: duckdb.DuckDBPyConnection, as_of: date) -> pd.DataFrame:
    """Lines of the BPE and establishments of the census, side by side.

    Parameters
    ----------
    as_of : date
        Day on which an establishment of the census alone must be open.

    Returns
    -------
    DataFrame
        ``kind``: ``matched`` (the same within 150 m, ``metres`` apart), ``bpe`` (perhaps missing
        from the census), ``census`` (unknown to the BPE), ``filled`` (counted, for want of a census
        of the service); service, code, commune, bpe, bpe_name, vintage, ``located`` (false: no
        point to compare), establishment, name. Empty when no BPE was loaded.
    """
    table = frame(
        con,
        f"SELECT m.*, c.name AS commune FROM ({MATCHES}) AS m LEFT JOIN commune AS c USING (code) "
        "WHERE EXISTS (FROM bpe_row)",
        {"day": as_of},
    )
    rank = {i: n for n, i in enumerate(nomenclature().services)}
    order = {"bpe": 0, "matched": 1, "census": 2, "filled": 3}
    table = table.assign(_kind=table["kind"].map(order), _rank=table["service"].map(rank))
    keys = ["_kind", "_rank", "commune", "bpe_name", "name", "bpe", "establishment"]
    return table.sort_values(keys, ignore_index=True).drop(columns=["_kind", "_rank"])


def filled(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Services whose supply comes from the BPE, composites too, and its vintage."""
    return dict(con.execute("SELECT service, coalesce(vintage, '') FROM bpe_offer").fetchall())
