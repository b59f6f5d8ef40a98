"""Childminders who leave: totals of communes, and what the masked ones hold together.

Only published figures are read. A masked commune has none of its own: what leaves there leaves from
the masked remainder as a whole (the published total less the communes shown), so that a scenario
tells no more of it than the version does.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from observatory.errors import RequestError
from observatory.scenario.own_tables import copy, cut
from observatory.scenario.scenario_change import CHILDMINDERS, Change

TABLES = ("commune_total", "territory_total", "masked")
OF_THEM = f"service = '{CHILDMINDERS}'"


def leave(con: duckdb.DuckDBPyConnection, change: Change) -> list[str]:
    """Take away a share, or a number, of the childminders of a commune or of all; notes in French.

    Headcount and places fall in the same proportion.

    Raises
    ------
    RequestError
        When a number is given and no headcount is known to take it from, or more than there are.
    """
    for table in TABLES:
        copy(con, table)
    masked = {
        code
        for (code,) in con.execute(
            f"SELECT code FROM memory.main.commune_total WHERE masked AND {OF_THEM}"
        ).fetchall()
    }
    together, hidden = not change.commune, change.commune in masked
    share = _share(con, change, together=together, hidden=hidden)
    # Both tables are cut first: what the territory loses is counted on the totals of before.
    for table in ("commune_total", "territory_total"):
        cut(con, table, OF_THEM, change.date, {})
    con.execute(
        f"""
        UPDATE memory.main.territory_total AS w SET
            headcount = w.headcount - l.headcount, places = w.places - l.places
        FROM (
            SELECT w.valid_from,
                {_lost("headcount")} AS headcount, {_lost("places")} AS places
            FROM memory.main.territory_total AS w
            LEFT JOIN memory.main.commune_total AS t ON t.{OF_THEM} AND NOT t.masked
                AND in_force(t.valid_from, t.valid_to, w.valid_from)
                AND t.code IN (SELECT code FROM perimeter)
            WHERE w.{OF_THEM} AND w.valid_from >= $day
            GROUP BY w.valid_from
        ) AS l
        WHERE w.{OF_THEM} AND l.valid_from = w.valid_from
        """,
        {
            "day": change.date,
            "share": share,
            "rest": share if together or hidden else 0.0,
            "code": change.commune or None,
        },
    )
    con.execute(
        "UPDATE memory.main.commune_total SET headcount = headcount * (1 - $share), "
        f"places = places * (1 - $share) WHERE {OF_THEM} AND valid_from >= $day AND NOT masked "
        "AND coalesce(code = $code, true)",
        {"share": share, "day": change.date, "code": change.commune or None},
    )
    if not (hidden or (together and masked)):
        return []
    rest = _rest(con, change, "places")
    return [
        "Des communes sont masquées : le départ porte sur ce qu'elles ont ensemble, "
        "jamais sur une seule."
        if rest is not None
        else "Des communes sont masquées et rien n'est publié de leur total : le "
        "départ n'y change rien."
    ]


def mask_the_few(con: duckdb.DuckDBPyConnection, changes: Sequence[Change]) -> None:
    """Hide the totals that a departure leaves under the threshold, as a census would be."""
    if not any(c.changement == "depart" for c in changes):
        return
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE few AS
        SELECT DISTINCT t.code FROM memory.main.commune_total AS t
        JOIN service AS s ON s.id = t.service AND t.headcount > 0 AND t.headcount < s.masked_below
        WHERE t.{OF_THEM} AND NOT t.masked AND t.valid_from >= $day
        """,
        {"day": min(c.date for c in changes if c.changement == "depart")},
    )
    con.execute(
        f"UPDATE memory.main.commune_total SET headcount = NULL, places = NULL, masked = true "
        f"WHERE {OF_THEM} AND code IN (FROM few)"
    )
    con.execute(
        f"INSERT INTO memory.main.masked BY NAME SELECT code, '{CHILDMINDERS}' AS service FROM few"
    )


def _lost(amount: str) -> str:
    """What the territory loses: of the communes shown, then of what the others hold together."""
    return (
        f"coalesce($share * sum(t.{amount}) FILTER (coalesce(t.code = $code, true)), 0) "
        f"+ $rest * greatest(0, any_value(w.{amount}) - coalesce(sum(t.{amount}), 0))"
    )


def _share(
    con: duckdb.DuckDBPyConnection, change: Change, *, together: bool, hidden: bool
) -> float:
    """The share that leaves, from 0 to 1."""
    if change.part is not None:
        return change.part / 100
    found = (
        _whole(con, change)
        if together
        else _rest(con, change, "headcount")
        if hidden
        else _own(con, change)
    )
    asked = change.nombre or 0.0
    if not found:
        raise RequestError(
            "le nombre d'assistants maternels de départ n'est pas connu",
            mend="Donner une part, en pourcentage, au lieu d'un nombre.",
        )
    if asked > found:
        if hidden:  # how many there are together is rounded: everybody leaves
            return 1.0
        raise RequestError(
            f"{asked:g} assistants maternels partiraient, il y en a {found:g}",
            mend="En faire partir moins.",
        )
    return asked / found


def _one(con: duckdb.DuckDBPyConnection, query: str, change: Change) -> float | None:
    values = {"day": change.date, "code": change.commune}
    found = con.execute(query, {k: v for k, v in values.items() if f"${k}" in query}).fetchone()
    return found[0] if found else None


def _own(con: duckdb.DuckDBPyConnection, change: Change) -> float | None:
    return _one(
        con,
        f"SELECT headcount FROM memory.main.commune_total WHERE {OF_THEM} AND code = $code "
        "AND in_force(valid_from, valid_to, $day)",
        change,
    )


def _whole(con: duckdb.DuckDBPyConnection, change: Change) -> float | None:
    return _one(
        con,
        f"SELECT headcount FROM memory.main.territory_total WHERE {OF_THEM} "
        "AND in_force(valid_from, valid_to, $day)",
        change,
    )


def _rest(con: duckdb.DuckDBPyConnection, change: Change, amount: str) -> float | None:
    """What the masked communes hold together that day; None when nothing tells it."""
    return _one(
        con,
        f"""
        SELECT greatest(0, any_value(w.{amount}) - coalesce(sum(t.{amount}), 0))
        FROM memory.main.territory_total AS w
        LEFT JOIN memory.main.commune_total AS t ON t.{OF_THEM} AND NOT t.masked
            AND in_force(t.valid_from, t.valid_to, $day) AND t.code IN (SELECT code FROM perimeter)
        WHERE w.{OF_THEM} AND in_force(w.valid_from, w.valid_to, $day)
        """,
        change,
    )
