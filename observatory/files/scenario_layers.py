"""What a scenario would change as a GeoPackage: a layer per scenario, its communes' contours."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pyogrio

from observatory.files.layer_contours import drawn_contours
from observatory.files.layers import CONTOUR_HEADING
from observatory.files.notes import about, sources
from observatory.files.scenario_results import FIGURES, HEADINGS, result_rows
from observatory.french.spreadsheet import clean_text
from observatory.projection import WGS84
from observatory.scenario.what_if import SIMULATION, WhatIf

FIGURE_HEADINGS = frozenset(FIGURES.values())
FIGURE_TYPES = {True: "float64", False: "string"}


def results_gpkg(con: duckdb.DuckDBPyConnection, every: Sequence[WhatIf]) -> bytes:
    """The communes of each scenario, before, after and the difference, then where it comes from.

    Layers ``scenario_1``, ``scenario_2``… with the columns of the CSV, null where unknown or
    masked; tables without geometry ``sources`` and ``a_propos``. The territory's own row is left
    out.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.gpkg"
        for n, found in enumerate(every, 1):
            layer = _layer(con, found)
            pyogrio.write_dataframe(
                layer, path, layer=f"scenario_{n}", driver="GPKG", append=path.exists(),
                geometry_type="MultiPolygon",
                layer_options={"IDENTIFIER": found.scenario.name, "DESCRIPTION": SIMULATION},
            )  # fmt: skip
        told = about(con, every[0].question.as_of)
        tables = {
            "sources": sources(con),
            "a_propos": pd.DataFrame(
                [(k, str(v)) for k, v in told.items()], columns=["rubrique", "texte"]
            ),
        }
        for name, table in tables.items():
            pyogrio.write_dataframe(table, path, layer=name, driver="GPKG", append=True)
        return path.read_bytes()


def _layer(con: duckdb.DuckDBPyConnection, found: WhatIf) -> gpd.GeoDataFrame:
    """The communes of a scenario; a column's type is that of what it holds, never of its rows."""
    rows = [row for row in result_rows(found) if pd.notna(row["code_insee"])]
    columns = {
        heading: pd.Series(
            [row[heading] for row in rows] if is_figure
            else [clean_text(str(row[heading])) if row[heading] else None for row in rows],
            dtype=FIGURE_TYPES[is_figure],
        )
        for heading in HEADINGS
        for is_figure in [heading.rpartition("_")[0] in FIGURE_HEADINGS]
    }  # fmt: skip
    drawn = drawn_contours(con, [row["code_insee"] for row in rows])
    table = pd.DataFrame({**columns, CONTOUR_HEADING: drawn.told})
    return gpd.GeoDataFrame(table, geometry=drawn.shapes, crs=WGS84)
