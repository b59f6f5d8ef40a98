"""Projections in metres, for any part of the world."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyproj
from numpy.typing import NDArray

WGS84 = "EPSG:4326"
Geometries = NDArray[np.object_]
Floats = NDArray[np.float64]
# west, south, east, north, EPSG: the legal projections, then UTM for anywhere else.
ZONES = (
    (-6.0, 41.0, 10.5, 51.6, 2154),
    (-63.5, 14.0, -60.5, 18.5, 5490),
    (-55.0, 2.0, -51.0, 6.5, 2972),
    (55.0, -21.6, 56.1, -20.7, 2975),
    (44.8, -13.2, 45.5, -12.4, 4471),
)


def metric_crs(lon: float, lat: float) -> pyproj.CRS:
    """Return the projected CRS, in metres, in which to compute around a WGS84 point.

    The legal projection in metropolitan France and the five overseas départements, else UTM.

    Raises
    ------
    ValueError
        When the point is not on the globe.
    """
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(f"not a longitude and a latitude: {lon}, {lat}")
    for west, south, east, north, epsg in ZONES:
        if west <= lon <= east and south <= lat <= north:
            return pyproj.CRS.from_epsg(epsg)
    zone = min(int((lon + 180) // 6) + 1, 60)
    return pyproj.CRS.from_epsg((32600 if lat >= 0 else 32700) + zone)


@cache
def degrees(crs: str) -> pyproj.Transformer:
    """From metres of a projection to longitude and latitude (WGS84)."""
    return pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
