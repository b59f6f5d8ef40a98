"""Metres of published files as degrees, however many rows there are."""

from __future__ import annotations

import duckdb
import pytest

from pipelines.places import register_positions


def test_positions_are_computed_whatever_the_thread_that_asks() -> None:
    """From 250,000 rows on DuckDB asks from several threads of its own."""
    with duckdb.connect(config={"threads": "4"}) as con:
        register_positions(con)
        con.execute(
            "CREATE TABLE metres AS SELECT 3800000.0 + i % 1000 AS x, 3045000.0 AS y, "
            "CASE WHEN i % 2 = 0 THEN 3035 ELSE 2154 END AS epsg FROM range(500000) AS r(i)"
        )
        told = con.execute(
            "SELECT epsg, count(p.lon), min(p.lon), max(p.lon) FROM ("
            "SELECT epsg, position_of(x, y, CAST(epsg AS BIGINT)) AS p FROM metres) "
            "GROUP BY epsg ORDER BY epsg"
        ).fetchall()
    assert [(epsg, count) for epsg, count, *_ in told] == [(2154, 250_000), (3035, 250_000)]
    west, east = told[1][2:]
    # Near Arras, where a degree is some 71 km wide.
    assert 2.6 < west < east < 2.8
    assert (east - west) * 71_300 == pytest.approx(1000, rel=0.02)
