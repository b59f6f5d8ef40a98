"""Distance of each town hall to the perimeter's edge, where the surroundings are unknown."""

from __future__ import annotations

import duckdb
import geopandas as gpd
import pandas as pd
import shapely

from observatory.projection import WGS84, metric_crs


def build_border(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``border`` (code, metres): straight line from the town hall to the perimeter's outline.

    Only when no commune of the surroundings is known: where they are, what is missing is looked up
    commune by commune. France as a whole has no surroundings, and no row.
    """
    con.execute("CREATE TABLE border (code TEXT, metres DOUBLE)")
    alone = con.execute(
        "SELECT kind <> 'france' AND NOT EXISTS (SELECT 1 FROM commune WHERE NOT inside) "
        "FROM territory"
    ).fetchone()
    if not alone or not alone[0]:
        return
    halls = con.execute(
        "SELECT code, lon, lat FROM commune WHERE inside AND lon IS NOT NULL ORDER BY code"
    ).df()
    shapes = [bytes(w) for (w,) in con.execute("SELECT wkb FROM contour").fetchall()]
    if halls.empty or not shapes:
        return
    crs = metric_crs(float(halls["lon"].median()), float(halls["lat"].median()))
    outline = gpd.GeoSeries(shapely.from_wkb(shapes), crs=WGS84).to_crs(crs).union_all().boundary
    points = gpd.GeoSeries.from_xy(halls["lon"], halls["lat"], crs=WGS84).to_crs(crs)
    metres = pd.DataFrame({"code": halls["code"], "metres": points.distance(outline)})
    con.register("_border", metres)
    con.execute("INSERT INTO border SELECT code, metres FROM _border")
    con.unregister("_border")
