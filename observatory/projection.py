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
    return pyproj.CRS.from_epsg(int(metric_epsg(np.array([lon]), np.array([lat]))[0]))


def metric_epsg(lon: Floats, lat: Floats) -> NDArray[np.int64]:
    """The EPSG code of ``metric_crs`` of each point, all in one pass.

    Raises
    ------
    ValueError
        When a point is not on the globe.
    """
    wrong = ~((lon >= -180) & (lon <= 180) & (lat >= -90) & (lat <= 90))
    if wrong.any():
        raise ValueError(f"not a longitude and a latitude: {lon[wrong][0]}, {lat[wrong][0]}")
    utm = np.minimum((lon + 180) // 6 + 1, 60) + np.where(lat >= 0, 32600, 32700)
    boxes = [(lon >= w) & (lon <= e) & (lat >= s) & (lat <= n) for w, s, e, n, _ in ZONES]
    return np.select(boxes, [zone[-1] for zone in ZONES], utm).astype(np.int64)


@cache
def degrees(crs: str) -> pyproj.Transformer:
    """From metres of a projection to longitude and latitude (WGS84)."""
    return pyproj.Transformer.from_crs(crs, WGS84, always_xy=True)
