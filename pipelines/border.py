"""What lies beyond the perimeter's edge, where the surroundings are unknown."""

from __future__ import annotations

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from observatory.projection import WGS84, Geometries, metric_crs
from observatory.versions.frames import frame

SMOOTHED_M = 100.0
"""Detail of the outline that a ring of a minute does not feel."""


def build_border(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``border`` (code, metres) and ``border_ring`` (code, minutes, people).

    ``metres``: straight line from the town hall to the perimeter's outline. ``people``: who would
    live beyond that outline, minute by minute around the town hall, were the country as peopled
    there as the perimeter is. Only when no commune of the surroundings is known: where they are,
    what is missing is looked up commune by commune. France as a whole has no surroundings, and no
    row.
    """
    con.execute("CREATE TABLE border (code TEXT, metres DOUBLE)")
    con.execute("CREATE TABLE border_ring (code TEXT, minutes DOUBLE, people DOUBLE)")
    alone = con.execute(
        "SELECT kind <> 'france' AND NOT EXISTS (SELECT 1 FROM commune WHERE NOT inside) "
        "FROM territory"
    ).fetchone()
    if not alone or not alone[0]:
        return
    halls = frame(
        con, "SELECT code, lon, lat FROM commune WHERE inside AND lon IS NOT NULL ORDER BY code"
    )
    shapes = [bytes(w) for (w,) in con.execute("SELECT wkb FROM contour").fetchall()]
    if halls.empty or not shapes:
        return
    crs = metric_crs(float(halls["lon"].median()), float(halls["lat"].median()))
    whole = gpd.GeoSeries(shapely.from_wkb(shapes), crs=WGS84).to_crs(crs).union_all()
    points = gpd.GeoSeries.from_xy(halls["lon"], halls["lat"], crs=WGS84).to_crs(crs)
    metres = pd.DataFrame({"code": halls["code"], "metres": points.distance(whole.boundary)})
    _fill(con, "border", metres)
    people, speed, longest = con.execute(
        "SELECT (SELECT sum(population) FROM commune WHERE inside), "
        "speed_kmh / detour / 60, max_minutes FROM travel_rule"
    ).fetchall()[0]
    density = (people or 1.0) / max(whole.area, 1.0)
    outline = whole.simplify(SMOOTHED_M)
    _fill(con, "border_ring", _rings(halls, points.to_numpy(), outline, speed, longest, density))


def _rings(
    halls: pd.DataFrame,
    points: Geometries,
    outline: shapely.Geometry,
    km_per_minute: float,
    longest: float,
    density: float,
) -> pd.DataFrame:
    """One row per town hall × minute of which some lies beyond the outline."""
    shapely.prepare(outline)
    minutes = np.arange(1, int(longest) + 1)
    beyond = np.zeros((len(minutes), len(points)))
    for row, minute in zip(beyond, minutes, strict=True):
        discs = shapely.buffer(points, 1000 * km_per_minute * minute)
        over = ~shapely.contains_properly(outline, discs)
        row[over] = shapely.area(discs[over]) - shapely.area(
            shapely.intersection(discs[over], outline)
        )
    grown = np.maximum(np.diff(beyond, axis=0, prepend=0.0), 0.0)
    which, place = np.nonzero(grown)
    people = grown[which, place] * density
    code = halls["code"].to_numpy()[place]
    return pd.DataFrame({"code": code, "minutes": minutes[which] - 0.5, "people": people})


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: pd.DataFrame) -> None:
    con.register("_border", rows)
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM _border")
    con.unregister("_border")
