"""Figures of a CSV are rounded in the database as they are on the screens."""

from __future__ import annotations

import duckdb
import numpy as np
import pytest
from generated import at_every_run

from observatory.files.gap_csv import _figure
from observatory.french.csv import INTERNATIONAL, number_cell


def awkward(decimals: int) -> list[float | None]:
    """Halves of the last decimal and their neighbours, others of every size, and the unknown."""
    rng = np.random.default_rng(decimals)
    halves = (np.arange(-400, 400) + 0.5) / 10**decimals
    near = np.concatenate([np.nextafter(halves, -np.inf), np.nextafter(halves, np.inf)])
    others = rng.normal(0, 1, 2_000) * 10.0 ** rng.integers(-6, 7, 2_000)
    written = np.round(rng.normal(0, 100, 2_000), decimals + 1)
    figures = np.concatenate([halves, near, others, written]).tolist()
    return [*figures, 0.0, -0.0, None, float("nan"), float("inf"), float("-inf")]


@pytest.mark.campaign
@pytest.mark.parametrize("decimals", at_every_run(1, [1, 0, 2, 3]))
def test_a_figure_is_rounded_as_on_the_screens(decimals: int) -> None:
    figures = awkward(decimals)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE t (n INTEGER, x DOUBLE)")
        con.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(figures)))
        rows = con.execute(f"SELECT {_figure('x', decimals)} FROM t ORDER BY n").fetchall()
    for figure, (written,) in zip(figures, rows, strict=True):
        wanted = number_cell(figure, decimals, INTERNATIONAL)
        assert (written or "") == wanted.replace("-0." + "0" * decimals, "0." + "0" * decimals)
