"""Where France is: the box of each territory, the projection of its published metres."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely
from duckdb.func import FunctionNullHandling, PythonUDFType

from observatory.errors import SourceError
from observatory.projection import WGS84, degrees

LARGEST_KM2 = 19_000.0
"""More than the largest commune: Maripasoula, 18 360 km²."""
MEND = "Télécharger à nouveau le fichier des contours, ou le retirer du dossier."


class Zone(NamedTuple):
    """A part of France: the beginning of its communes' codes, its box, its legal projection."""

    prefix: str
    west: float
    south: float
    east: float
    north: float
    epsg: int


ZONES = (
    Zone("", -5.5, 41.2, 9.8, 51.3, 2154),
    Zone("971", -61.9, 15.7, -60.9, 16.6, 5490),
    Zone("972", -61.4, 14.3, -60.7, 15.0, 5490),
    Zone("973", -54.8, 2.0, -51.4, 6.0, 2972),
    Zone("974", 55.1, -21.5, 56.0, -20.7, 2975),
    Zone("975", -56.6, 46.6, -56.0, 47.3, 4467),
    Zone("976", 44.9, -13.2, 45.4, -12.5, 4471),
    Zone("977", -63.1, 17.7, -62.6, 18.1, 5490),
    Zone("978", -63.3, 17.9, -62.9, 18.2, 5490),
)


def write_zones(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``stg.zone``: one row per part of France."""
    con.register("_zone", pd.DataFrame(ZONES, columns=list(Zone._fields)))
    con.execute("CREATE TABLE stg.zone AS SELECT * FROM _zone")
    con.unregister("_zone")


def register_positions(con: duckdb.DuckDBPyConnection) -> None:
    """Give SQL ``position_of(x, y, epsg)``: metres as {lon, lat} in degrees, null when unknown."""

    def position_of(x: pa.ChunkedArray, y: pa.ChunkedArray, epsg: pa.ChunkedArray) -> pa.Array:
        codes = epsg.to_numpy()
        metres = np.column_stack([x.to_numpy(), y.to_numpy()]).astype(float)
        lon, lat = np.full((2, len(codes)), np.nan)
        for code in np.unique(codes):
            of = (codes == code) & np.isfinite(metres).all(axis=1)
            lon[of], lat[of] = degrees(f"EPSG:{code}").transform(*metres[of].T)
        known = np.isfinite(lon) & np.isfinite(lat)
        parts = [pa.array(v, mask=~known) for v in (lon, lat)]
        return pa.StructArray.from_arrays(parts, names=["lon", "lat"])

    con.create_function(
        "position_of",
        position_of,
        ["DOUBLE", "DOUBLE", "BIGINT"],
        "STRUCT(lon DOUBLE, lat DOUBLE)",
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )


def zone_of(code: str) -> Zone | None:
    """The zone of a commune; None for one of a territory that is not described here."""
    if not code.startswith(("97", "98")):
        return ZONES[0]
    return next((z for z in ZONES[1:] if code.startswith(z.prefix)), None)


def refuse_misplaced(info: Mapping[str, Any], name: str) -> None:
    """Refuse a file of contours that are points or lines, or metres said to be degrees.

    Raises
    ------
    SourceError
        With the place and the mend.
    """
    type_ = str(info["geometry_type"] or "").removeprefix("2.5D ").removeprefix("3D ")
    if type_.partition(" ")[0] in ("Point", "MultiPoint", "LineString", "MultiLineString"):
        raise SourceError(
            "le fichier contient des points ou des lignes, pas des contours",
            where=name,
            mend="Le demander à geo.api.gouv.fr avec « geometry=contour » : sans cela, il ne rend "
            "que des points.",
        )
    bounds = info["total_bounds"]
    if not info["features"] or bounds is None or not np.isfinite(bounds).all():
        return
    in_degrees = info["crs"] is None or pyproj.CRS.from_user_input(info["crs"]).is_geographic
    if in_degrees and max(abs(b) for b in bounds) > 180:
        raise SourceError(
            "les coordonnées sont en mètres, alors que le fichier les dit en degrés (WGS 84)",
            where=name,
            mend="L'enregistrer à nouveau en WGS 84 (EPSG:4326), ou dire sa projection dans un "
            "GeoPackage.",
        )


def refuse_implausible(contours: gpd.GeoDataFrame, name: str) -> None:
    """Refuse contours that are not where their commune is, or larger than any commune.

    Raises
    ------
    SourceError
        With the first commune at fault.
    """
    shapes = contours.geometry.to_numpy()
    if contours.empty:
        return
    areas = contours.to_crs("EPSG:6933").area / 1e6
    boxes = shapely.bounds(shapes)
    for code, area, (west, south, east, north) in zip(contours["code"], areas, boxes, strict=True):
        if area > LARGEST_KM2:
            raise SourceError(
                f"le contour de la commune {code} couvre {area:.0f} km², plus qu'aucune commune",
                where=name,
                mend=MEND,
            )
        zone = zone_of(code)
        outside = zone and (
            east < zone.west or west > zone.east or north < zone.south or south > zone.north
        )
        if outside:
            raise SourceError(
                f"le contour de la commune {code} est loin de son département",
                where=name,
                mend=MEND,
            )


def to_wgs84(contours: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Contours in degrees; a file that names no projection is in degrees already."""
    return contours.set_crs(WGS84) if contours.crs is None else contours.to_crs(WGS84)
