"""Contours of a version in projected metres, from which pictures are drawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import lru_cache

import duckdb
import numpy as np
import pyproj
import shapely

from observatory.errors import VersionError
from observatory.maps.breaks import Floats
from observatory.maps.names import largest
from observatory.projection import Geometries, metric_epsg

DETAIL = 0.35  # pixels; what is smaller does not show


@dataclass(frozen=True, eq=False)
class Shapes:
    """The communes of a version, ready to be drawn.

    Attributes
    ----------
    codes, names : tuple of str
        INSEE code and name of each commune, in the order of the codes.
    outlines : array of geometries
        Contours in metres.
    epsg : int
        The projection they are in.
    kind, vintage : str
        What the contours are (``official``, ``generalised``, ``schematic``) and of when.
    left_out : int
        Communes that lie too far from the others for one sheet (another projection).
    largest : tuple of int
        Rows of the largest communes, which are always named.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    outlines: Geometries
    epsg: int
    kind: str
    vintage: str
    left_out: int = 0
    largest: tuple[int, ...] = ()

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north, in metres."""
        west, south, east, north = map(float, shapely.total_bounds(self.outlines))
        return west, south, east, north

    def among(self, codes: Collection[str]) -> Shapes:
        """The shapes of some communes alone; those that are not here are left out."""
        kept = np.array([code in codes for code in self.codes], dtype=bool)
        return replace(
            self,
            codes=tuple(c for c in self.codes if c in codes),
            names=tuple(n for c, n in zip(self.codes, self.names, strict=True) if c in codes),
            outlines=self.outlines[kept],
            left_out=len(codes) - int(kept.sum()),
            largest=tuple(int(kept[:row].sum()) for row in self.largest if kept[row]),
        )

    def in_metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Places given in degrees, in the metres of the contours."""
        to_metres = pyproj.Transformer.from_crs(4326, self.epsg, always_xy=True)
        x, y = to_metres.transform(lon, lat)
        return np.asarray(x, dtype=float), np.asarray(y, dtype=float)


def shapes(con: duckdb.DuckDBPyConnection) -> Shapes:
    """Read the contours of a version and project them; keep the answer while the version serves.

    Raises
    ------
    VersionError
        When the version has no contour.
    """
    rows = con.execute(
        "SELECT code, name, geojson, kind, coalesce(vintage, ''), population "
        "FROM contour JOIN commune USING (code) ORDER BY code"
    ).fetchall()
    if not rows:
        raise VersionError(
            "la version en service n'a aucun contour de commune",
            mend="Relancer « observatory refresh », qui contrôle les contours.",
        )
    codes, names, texts, kinds, vintages, population = zip(*rows, strict=True)
    outlines = shapely.from_geojson(np.array(texts, dtype=object))
    zones = metric_epsg(*shapely.get_coordinates(shapely.centroid(outlines)).T)
    found, count = np.unique(zones, return_counts=True)
    epsg = int(found[count.argmax()])
    kept = zones == epsg
    to_metres = pyproj.Transformer.from_crs(4326, epsg, always_xy=True)
    flat = shapely.transform(
        outlines[kept], lambda xy: np.column_stack(to_metres.transform(xy[:, 0], xy[:, 1]))
    )
    return Shapes(
        codes=tuple(c for c, k in zip(codes, kept, strict=True) if k),
        names=tuple(n for n, k in zip(names, kept, strict=True) if k),
        outlines=flat,
        epsg=epsg,
        kind=kinds[0],
        vintage=vintages[0],
        left_out=int((~kept).sum()),
        largest=largest([p for p, k in zip(population, kept, strict=True) if k]),
    )


@dataclass(frozen=True, eq=False)
class Frame:
    """Shapes at their place on a sheet; lengths in pixels.

    Attributes
    ----------
    width, height : float
        Size of the box they were fitted into.
    scale : float
        Pixels for one metre.
    paths : tuple of str
        SVG path of each commune.
    boxes : array
        West, north, east, south of each commune on the sheet.
    anchors : array
        A point inside each commune, x and y: the place of its name or of its circle.
    outlines : array of geometries
        Contours on the sheet.
    """

    shapes: Shapes
    width: float
    height: float
    scale: float
    paths: tuple[str, ...]
    boxes: Floats
    anchors: Floats
    outlines: Geometries

    def place(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Where places given in degrees stand on the sheet."""
        return self._on_sheet(*self.shapes.in_metres(lon, lat))

    def _on_sheet(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        return _on_sheet(self.shapes, self.width, self.height, self.scale, x, y)


@lru_cache(maxsize=8)
def frame(drawn: Shapes, width: float, height: float) -> Frame:
    """Fit shapes into a box, centred, north up; kept for the next picture of the same size."""
    west, south, east, north = drawn.bounds
    scale = min(width / max(east - west, 1.0), height / max(north - south, 1.0))
    simple = shapely.coverage_simplify(drawn.outlines, DETAIL / scale)
    flat = shapely.transform(
        simple,
        lambda xy: np.column_stack(_on_sheet(drawn, width, height, scale, xy[:, 0], xy[:, 1])),
    )
    centres = shapely.centroid(flat)
    inside = shapely.contains(flat, centres)
    anchors = np.where(inside, centres, shapely.point_on_surface(flat))
    return Frame(
        shapes=drawn,
        width=width,
        height=height,
        scale=scale,
        paths=tuple(_path(geometry) for geometry in flat),
        boxes=shapely.bounds(flat),
        anchors=shapely.get_coordinates(anchors),
        outlines=flat,
    )


def _on_sheet(
    drawn: Shapes, width: float, height: float, scale: float, x: Floats, y: Floats
) -> tuple[Floats, Floats]:
    west, south, east, north = drawn.bounds
    left = (width - scale * (east - west)) / 2
    top = (height - scale * (north - south)) / 2
    return left + scale * (x - west), top + scale * (north - y)


def _path(geometry: shapely.Geometry) -> str:
    """One closed path a ring of every part, to a tenth of a pixel."""
    # A commune in several parts has no ring of its own: ask each part.
    rings = shapely.get_rings(shapely.get_parts(geometry))
    return "".join(_ring(shapely.get_coordinates(ring)) for ring in rings)


def _ring(points: Floats) -> str:
    spots = [f"{x:.1f},{y:.1f}" for x, y in points[:-1].tolist()]
    kept = [spot for n, spot in enumerate(spots) if n == 0 or spot != spots[n - 1]]
    return f"M{'L'.join(kept)}Z"
