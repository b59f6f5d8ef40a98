"""Contours of communes as a layer holds them, each with what kind of contour it is, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from observatory.french import vocabulary
from observatory.projection import WGS84
from observatory.versions.record import moved_contours


@dataclass(frozen=True)
class LayerContours:
    """Contours of some communes, in their order.

    Attributes
    ----------
    shapes : GeoSeries
        Multipolygons, WGS84, exterior rings counter-clockwise; None without contour, or where the
        only one at hand is drawn away from its true place.
    told : array of str
        What kind of contour each one is.
    """

    shapes: gpd.GeoSeries
    told: Any


def drawn_contours(
    con: duckdb.DuckDBPyConnection, codes: Sequence[str], *, rounded: bool = False
) -> LayerContours:
    """The contours of some communes; a code may come several times.

    Parameters
    ----------
    rounded : bool
        To five decimals, as GeoJSON is written.
    """
    form = "geojson" if rounded else "wkb"
    rows = con.execute(
        f"SELECT code, kind, {form} FROM contour WHERE code IN (SELECT unnest(?))",
        [list(dict.fromkeys(codes))],
    ).fetchall()
    kinds = {code: kind for code, kind, _ in rows}
    contours = {code: shape for code, _, shape in rows}
    stored = np.array([contours.get(c) for c in codes], dtype=object)
    drawn = shapely.from_geojson(stored) if rounded else shapely.from_wkb(stored)
    # A picture moved for display is not a position: it never leaves the screen.
    aside = moved_contours(con)
    moved = np.array([c in aside for c in codes], dtype=bool)
    drawn[moved] = None
    drawn = shapely.orient_polygons(drawn, exterior_cw=False)
    parts = [
        shapely.MultiPolygon([g]) if isinstance(g, shapely.Polygon) else g for g in drawn.tolist()
    ]
    told = [
        vocabulary.MOVED_CONTOUR
        if c in aside
        else vocabulary.CONTOURS.get(kinds.get(c, ""), vocabulary.NO_CONTOUR)
        for c in codes
    ]
    return LayerContours(gpd.GeoSeries(parts, crs=WGS84), pd.array(told, dtype="string"))
