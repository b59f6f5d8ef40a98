"""What a version records of its sources and checks, as tables."""

from __future__ import annotations

import duckdb
import pandas as pd

from observatory.versions.frames import frame


def sources(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per file in use, with its producer, licence, page and definition."""
    return frame(
        con,
        """
        SELECT s.id, s.producer, s.dataset, v.publication, v.vintage, v.origin, v.file, v.rows,
            v.sha256, s.licence, s.page, s.definition
        FROM version_source AS v JOIN source AS s USING (id) ORDER BY ALL
        """,
    )


def checks(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per promise kept: name, promise."""
    return frame(con, "SELECT name, promise FROM version_check ORDER BY name")


def carried(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per old INSEE code carried to a commune of today."""
    return frame(con, "SELECT * FROM carried")


def doubtful(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per published figure set aside because its parts do not make its whole."""
    return frame(
        con,
        "SELECT measure, level, code, year, whole, parts FROM published_whole "
        "WHERE doubtful ORDER BY ALL",
    )
