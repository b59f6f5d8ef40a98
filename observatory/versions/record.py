"""Version metadata: territory, sources, checks, counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from observatory.knowledge.territory import DEFAULT
from observatory.versions.records import records
from observatory.versions.warehouse import has_table
from observatory.zones import OVERSEAS, away

COUNTED = (
    "commune",
    "contour",
    "public_count",
    "establishment",
    "capacity",
    "commune_total",
    "published_rate",
    "published_places",
    "carried",
)


@dataclass(frozen=True)
class RefreshRequest:
    """What a version was asked for: enough to build it again from newer files."""

    territory: str
    membership: str | None
    mirror: Path | None
    offline: bool


def request(con: duckdb.DuckDBPyConnection) -> RefreshRequest:
    """What the version was asked for; the default territory when it does not say."""
    if not has_table(con, "version_request"):  # a version built before requests were kept
        return RefreshRequest(DEFAULT, None, None, False)
    territory, membership, mirror, offline = con.execute(
        "SELECT territory, membership, mirror, offline FROM version_request"
    ).fetchall()[0]
    return RefreshRequest(territory, membership, Path(mirror) if mirror else None, offline)


def info(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The version's own record, ready for JSON.

    Returns
    -------
    dict
        ``version``, ``built_at``, ``territory`` {name, kind, siren, membership_vintage,
        cog_vintage, communes, population}, ``census`` {sequence, files}, ``sources`` (one entry
        per file in use: id, publication, file, vintage, origin, sha256, rows), ``checks`` {passed,
        failed}, ``counts`` (rows by table), ``contours``, ``contours_moved`` (how many are drawn
        away from their place), ``squares`` (of ``squares``), ``demonstration``, ``steps`` (seconds
        by step).
    """
    version, built_at = con.execute("SELECT version, built_at FROM version").fetchall()[0]
    (territory,) = records(
        con,
        "SELECT t.*, (SELECT CAST(sum(population) AS BIGINT) FROM commune WHERE inside "
        "HAVING count(*) = count(population)) AS population FROM territory AS t",
    )
    return {
        "version": version,
        "built_at": built_at,
        "territory": territory,
        "sources": records(
            con,
            "SELECT id, publication, file, vintage, origin, sha256, rows, url "
            "FROM version_source ORDER BY ALL",
        ),
        "census": census(con),
        "checks": {
            "passed": [r[0] for r in con.execute("SELECT name FROM version_check").fetchall()],
            # A version with a broken promise is never published.
            "failed": [],
        },
        "counts": {t: _count(con, t) for t in COUNTED},
        "contours": con.execute("SELECT any_value(kind) FROM contour").fetchall()[0][0],
        "contours_moved": len(moved_contours(con)),
        "squares": squares(con),
        "demonstration": is_demonstration(con),
        "steps": dict(con.execute("SELECT step, seconds FROM version_step").fetchall()),
    }


def squares(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """What the version takes from the grid of 200 m; None when it takes nothing.

    Returns
    -------
    dict or None
        ``vintage``; ``communes`` of the perimeter whose children stand in squares;
        ``imputed_share`` (0 to 1), the share of their children whose square's count is an estimate,
        None where it cannot be told.
    """
    if not has_table(con, "grid_demand"):  # a version built before the grid was read
        return None
    query = "SELECT vintage, communes, imputed_share FROM grid_demand WHERE code IS NULL"
    return next(iter(records(con, query)), None)


def built_at(con: duckdb.DuckDBPyConnection) -> str:
    """When the version was built, in ISO form."""
    return str(con.execute("SELECT built_at FROM version").fetchall()[0][0])


def vintages(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The newest vintage of each source in use, by id, empty where it has none.

    The territory's own files are left out.
    """
    return dict(
        con.execute(
            "SELECT id, max(coalesce(vintage, '')) FROM version_source WHERE origin <> 'local' "
            "GROUP BY id ORDER BY id"
        ).fetchall()
    )


def age_years(vintage: str, year: int) -> int | None:
    """Years from a vintage to a year; None when the vintage does not begin with a year."""
    return year - int(vintage[:4]) if vintage[:4].isdigit() else None


def census(con: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """The census that a version was built from.

    Returns
    -------
    dict
        ``sequence`` of its generation, 0 without any, null in a version that does not say;
        ``files``, the operator's own, by name.
    """
    sequence = None
    if has_table(con, "version_generation"):
        sequence = con.execute("SELECT sequence FROM version_generation").fetchall()[0][0]
    own = "SELECT DISTINCT file FROM version_source WHERE origin = 'local' ORDER BY 1"
    return {"sequence": sequence, "files": [str(f) for (f,) in con.execute(own).fetchall()]}


def is_demonstration(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether any supply of the perimeter comes from the demonstration census."""
    found = con.execute(
        """
        SELECT count(*) FROM (
            SELECT code FROM establishment WHERE demonstration
            UNION ALL SELECT code FROM commune_total WHERE demonstration
        ) SEMI JOIN perimeter USING (code)
        """
    ).fetchall()
    return bool(found[0][0])


def moved_contours(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Communes whose contour is drawn next to the mainland, away from its true place."""
    rows = con.execute(
        "SELECT code, wkb FROM contour WHERE left(code, 2) IN (SELECT unnest(?))", [list(OVERSEAS)]
    ).fetchall()
    if not rows:
        return frozenset()
    import shapely  # most versions need none of it to be described

    shapes = shapely.from_wkb([wkb for _, wkb in rows])
    return frozenset(
        code for (code, _), shape in zip(rows, shapes, strict=True) if away(code, shape.bounds)
    )


def _count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    where = " WHERE inside" if table == "commune" else ""
    return int(con.execute(f"SELECT count(*) FROM {table}{where}").fetchall()[0][0])
