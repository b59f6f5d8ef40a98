"""Positions of published files: metres as degrees, contours where their communes are."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import shapely
from duckdb.func import FunctionNullHandling, PythonUDFType
from numpy.typing import NDArray

from observatory.errors import SourceError
from observatory.projection import WGS84, Floats, degrees
from observatory.zones import ZONES, Zone, away

LARGEST_KM2 = 19_000.0
"""More than the largest commune: Maripasoula, 18 360 km²."""
MEND = "Télécharger à nouveau le fichier des contours, ou le retirer du dossier."


def write_zones(con: duckdb.DuckDBPyConnection) -> None:
    """Fill ``stg.zone``: one row per part of France."""
    con.register("_zone", pd.DataFrame(ZONES, columns=list(Zone._fields)))
    con.execute("CREATE TABLE stg.zone AS SELECT * FROM _zone")
    con.unregister("_zone")


def register_positions(con: duckdb.DuckDBPyConnection) -> None:
    """Give SQL ``position_of(x, y, epsg)``: metres as {lon, lat} in degrees, null when unknown.

    DuckDB calls it from threads of its own, where a transformer of PROJ ends the process: one
    thread of Python makes and uses them all.
    """
    apart = ThreadPoolExecutor(1, "positions")

    def in_degrees(x: Floats, y: Floats, codes: NDArray[np.int64]) -> tuple[Floats, Floats]:
        metres = np.column_stack([x, y]).astype(float)
        lon, lat = np.full((2, len(codes)), np.nan)
        for code in np.unique(codes):
            of = (codes == code) & np.isfinite(metres).all(axis=1)
            lon[of], lat[of] = degrees(f"EPSG:{code}").transform(*metres[of].T)
        return lon, lat

    def position_of(x: pa.ChunkedArray, y: pa.ChunkedArray, epsg: pa.ChunkedArray) -> pa.Array:
        given = x.to_numpy(), y.to_numpy(), epsg.to_numpy()
        lon, lat = apart.submit(in_degrees, *given).result()
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
    for code, area, box in zip(contours["code"], areas, boxes, strict=True):
        if area > LARGEST_KM2:
            raise SourceError(
                f"le contour de la commune {code} couvre {area:.0f} km², plus qu'aucune commune",
                where=name,
                mend=MEND,
            )
        if away(code, tuple(box)):
            raise SourceError(
                f"le contour de la commune {code} est loin de son département",
                where=name,
                mend=MEND,
            )


def to_wgs84(contours: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Contours in degrees; a file that names no projection is in degrees already."""
    return contours.set_crs(WGS84) if contours.crs is None else contours.to_crs(WGS84)
