"""Neighbours: pairs of communes of the perimeter that share a border."""

from __future__ import annotations

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from observatory.projection import WGS84, metric_epsg

TOUCH_M = 2.0
"""Contours are rounded to about a metre: a border is shared where they come this close."""
BORDER_M = 15.0
"""Shortest border that makes two communes neighbours; less is a corner."""


def build_neighbours(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``neighbour`` (code, neighbour), both directions, from ``contour``.

    Only communes of the perimeter have a contour, so only they are neighbours. How good the
    relation is depends on ``contour.kind``: read from schematic contours, it is an estimate.
    """
    rows = con.execute("SELECT code, wkb FROM contour ORDER BY code").fetchall()
    shapes = gpd.GeoSeries(
        shapely.from_wkb([bytes(wkb) for _, wkb in rows]), index=[c for c, _ in rows], crs=WGS84
    )
    found = pairs(shapes)
    con.register("_neighbour", found)
    con.execute("CREATE TABLE neighbour AS SELECT * FROM _neighbour ORDER BY code, neighbour")
    con.unregister("_neighbour")


def pairs(shapes: gpd.GeoSeries) -> pd.DataFrame:
    """The pairs of contours that share a border.

    Parameters
    ----------
    shapes : GeoSeries
        Valid polygons in WGS84, by INSEE code.

    Returns
    -------
    DataFrame
        code, neighbour: one row per direction, so each pair twice.
    """
    codes = shapes.index.to_numpy(dtype=object)
    found: list[pd.DataFrame] = []
    # One projection per part of the world: no border is shared between two of them.
    zones = metric_epsg(*shapely.get_coordinates(shapely.centroid(shapes.to_numpy())).T)
    for zone in np.unique(zones):
        here = np.flatnonzero(zones == zone)
        metres = gpd.GeoSeries(shapes.to_numpy()[here], crs=WGS84).to_crs(int(zone)).to_numpy()
        around = shapely.buffer(metres, TOUCH_M)
        a, b = shapely.STRtree(metres).query(around, predicate="intersects")
        a, b = a[a < b], b[a < b]
        shared = shapely.length(shapely.intersection(shapely.boundary(metres[b]), around[a]))
        kept = shared > BORDER_M
        one, other = codes[here[a[kept]]], codes[here[b[kept]]]
        found += [
            pd.DataFrame({"code": x, "neighbour": y}, dtype="str")
            for x, y in ((one, other), (other, one))
        ]
    nothing = pd.DataFrame({"code": [], "neighbour": []}, dtype="str")
    return pd.concat(found, ignore_index=True) if found else nothing
