"""Contours of communes: repair, carrying over, simplification, comparison, schematic fallback.

Every function takes and returns WGS84 (EPSG:4326) and computes in metres, in the projection that
suits each place. Nothing here reads a file or knows where a contour comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from observatory.projection import WGS84, Floats, Geometries, metric_epsg

DECIMALS = 5
GRID = 10.0**-DECIMALS
TYPICAL_AREA_KM2 = 15.0
"""Area given to a commune when no area is known at all (the mean of metropolitan France)."""
NUDGE_M = 30.0
"""How far a town hall is moved when another one stands at the same metre."""

POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


class Repaired(NamedTuple):
    """Contours after ``repair``, the codes that were changed and the codes left without any."""

    contours: gpd.GeoDataFrame
    repaired: list[str]
    dropped: list[str]


def schematic_contours(communes: pd.DataFrame) -> gpd.GeoDataFrame:
    """Draw plausible contours from town halls and areas alone.

    A Voronoi tessellation of the town halls, clipped to one calm outline of about the sum of the
    communes' areas. To be named "contours schématiques" wherever it is shown.

    Parameters
    ----------
    communes : DataFrame
        One row per commune: ``code``, ``lon``, ``lat`` (WGS84), ``area_km2`` (NaN or 0: unknown,
        the median of the others is taken). A commune without coordinates is left out.

    Returns
    -------
    GeoDataFrame
        ``code``, ``geometry``: one valid polygon a commune, sorted by code, never overlapping, each
        containing its town hall. Two town halls less than 4 m apart count as one place: the second
        is moved by 30 m before drawing, always in the same way.
    """
    known = communes.dropna(subset=["lon", "lat"]).sort_values("code")
    points = gpd.GeoDataFrame(
        {"code": known["code"].to_numpy(), "area": known["area_km2"].to_numpy(dtype=float)},
        geometry=gpd.points_from_xy(known["lon"], known["lat"]),
        crs=WGS84,
    )
    areas = points["area"].where(points["area"] > 0)
    typical = areas.median() if areas.notna().any() else TYPICAL_AREA_KM2
    areas_m2 = 1e6 * areas.fillna(typical).to_numpy(dtype=float)

    def draw(geometries: Geometries, rows: NDArray[np.intp]) -> Geometries:
        return _tessellate(_spread(geometries), areas_m2[rows])

    cells = _in_metres(points, draw)
    return gpd.GeoDataFrame({"code": points["code"]}, geometry=cells, crs=WGS84)


def repair(contours: gpd.GeoDataFrame) -> Repaired:
    """Make every contour a valid polygon or multipolygon; drop those that hold no area."""
    before = contours.geometry.to_numpy()
    wrong = ~(shapely.is_valid(before) & np.isin(shapely.get_type_id(before), POLYGONAL))
    after = before.copy()
    valid = shapely.make_valid(before[wrong], method="structure", keep_collapsed=False)
    after[wrong] = _polygonal(valid)
    kept = ~(shapely.is_missing(after) | shapely.is_empty(after))
    mended = contours.set_geometry(gpd.GeoSeries(after, index=contours.index, crs=contours.crs))
    codes = contours["code"]
    return Repaired(
        mended[kept].reset_index(drop=True),
        sorted(codes[wrong & kept].unique()),
        sorted(codes[~kept].unique()),
    )


def dissolve(contours: gpd.GeoDataFrame, carry: Mapping[str, str]) -> gpd.GeoDataFrame:
    """Carry old codes to current ones (old → current) and unite the parts of each commune.

    Codes absent from ``carry`` stay as they are. Parts are made valid before they are united; a
    commune in one part keeps its contour untouched. Other columns keep the value of the first row.
    """
    renamed = contours.assign(code=contours["code"].map(lambda code: carry.get(code, code)))
    several = renamed["code"].duplicated(keep=False)
    if several.any():
        parts = repair(renamed[several]).contours
        united = parts.dissolve(by="code", as_index=False, aggfunc="first")[renamed.columns]
        renamed = gpd.GeoDataFrame(pd.concat([renamed[~several], united]), crs=contours.crs)
    return renamed.sort_values("code", ignore_index=True)


def simplify(contours: gpd.GeoDataFrame, tolerance_m: float) -> gpd.GeoDataFrame:
    """Simplify all contours together, so that shared borders stay shared, to 5 decimals.

    Parameters
    ----------
    contours : GeoDataFrame
        Valid polygons (see ``repair``).
    tolerance_m : float
        Metres: details smaller than about its square are dropped; 0 only rounds.
    """

    def thin(geometries: Geometries, rows: NDArray[np.intp]) -> Geometries:
        return shapely.coverage_simplify(geometries, tolerance_m)

    return contours.set_geometry(_rounded(_in_metres(contours, thin)), crs=WGS84)


def overlaps(contours: gpd.GeoDataFrame, tolerance_share: float = 0.005) -> pd.DataFrame:
    """List the pairs of contours that share more than a part of the smaller one.

    Returns
    -------
    DataFrame
        ``code_a``, ``code_b``, ``area_m2`` (square metres in common), ``share`` (of the smaller
        contour, 0 to 1), largest share first; no row when the contours tile properly.
    """
    codes = contours["code"].to_numpy()
    found: list[pd.DataFrame] = []

    def compare(geometries: Geometries, rows: NDArray[np.intp]) -> Geometries:
        # Contours whose borders all meet edge to edge overlap nothing: the others are compared.
        loose = ~shapely.is_empty(shapely.coverage_invalid_edges(geometries))
        some = np.flatnonzero(loose)
        b, a = shapely.STRtree(geometries).query(geometries[some], predicate="intersects")
        a, b = np.unique(np.sort([a, some[b]], axis=0)[:, a != some[b]], axis=1)
        common = shapely.area(shapely.intersection(geometries[a], geometries[b]))
        area = shapely.area(geometries)
        share = common / np.maximum(np.minimum(area[a], area[b]), 1e-9)
        pairs = {"code_a": codes[rows[a]], "code_b": codes[rows[b]]}
        found.append(pd.DataFrame({**pairs, "area_m2": common, "share": share}))
        return geometries

    _in_metres(contours, compare)
    columns = ["code_a", "code_b", "area_m2", "share"]
    table = pd.concat(found) if found else pd.DataFrame(columns=columns)
    table = table[table["share"] > tolerance_share]
    order = ["share", "code_a", "code_b"]
    return table.sort_values(order, ascending=[False, True, True], ignore_index=True)


def to_geojson_texts(geometries: Geometries) -> list[str]:
    """Return each geometry as compact GeoJSON text, 5 decimals (about one metre)."""
    return list(map(str, shapely.to_geojson(_rounded(geometries))))


def _in_metres(
    contours: gpd.GeoDataFrame, work: Callable[[Geometries, NDArray[np.intp]], Geometries]
) -> Geometries:
    """Run ``work`` on the geometries in metres, one call per projection; return WGS84."""
    geometries = contours.to_crs(WGS84).geometry.to_numpy()
    epsg = metric_epsg(*shapely.get_coordinates(shapely.centroid(geometries)).T)
    out = geometries.copy()
    for code in np.unique(epsg):
        rows = np.flatnonzero(epsg == code)
        metres = gpd.GeoSeries(geometries[rows], crs=WGS84).to_crs(code).to_numpy()
        out[rows] = gpd.GeoSeries(work(metres, rows), crs=code).to_crs(WGS84).to_numpy()
    return out


def _spread(points: Geometries) -> Floats:
    """Return whole metres (x, y a row), no two alike: later twins turn around the first."""
    taken: dict[tuple[float, float], None] = {}
    for x, y in np.round(shapely.get_coordinates(points)):
        spot, turn = (float(x), float(y)), 0
        while spot in taken:
            angle, reach = turn * np.pi / 4, NUDGE_M * (1 + turn // 8)
            step = np.round([reach * np.cos(angle), reach * np.sin(angle)])
            spot = (float(x + step[0]), float(y + step[1]))
            turn += 1
        taken[spot] = None
    return np.array(list(taken))


def _tessellate(spots: Floats, areas: Floats) -> Geometries:
    """Share one outline between the spots; keep, of each cell, the part that holds its spot."""
    centres: Geometries = np.array([shapely.Point(spot) for spot in spots], dtype=object)
    outline = _outline(centres, areas)
    if len(spots) == 1:
        return np.array([outline], dtype=object)
    cells = shapely.voronoi_polygons(shapely.MultiPoint(spots), extend_to=outline, ordered=True)
    shared = shapely.intersection(shapely.get_parts(cells), outline)
    pieces, owner = shapely.get_parts(shared, return_index=True)
    home = shapely.intersects(pieces, centres[owner])
    out = np.empty(len(spots), dtype=object)
    out[owner[home]] = pieces[home]
    return out


def _outline(centres: Geometries, areas: Floats) -> shapely.Geometry:
    """Unite circles around the centres, close bays and holes, size it to the sum of the areas."""
    radii = np.sqrt(areas / np.pi)
    reach, target = float(np.median(radii)), float(areas.sum())

    def grown(factor: float) -> shapely.Geometry:
        circles = shapely.union_all(shapely.buffer(centres, factor * radii))
        closed = shapely.get_parts(shapely.buffer(shapely.buffer(circles, reach), -reach))
        holes = [shapely.Polygon(ring) for part in closed for ring in part.interiors]
        small = [hole for hole in holes if hole.area < 4 * reach**2]
        return shapely.union_all([circles, *closed, *small])

    factor, outline = 1.0, grown(1.0)
    for _ in range(3):
        ratio = float(target / shapely.area(outline))
        if abs(ratio - 1) < 0.01:
            break
        factor *= ratio**0.8
        outline = grown(factor)
    return outline


def _polygonal(geometries: Geometries) -> Geometries:
    """Keep what has an area in each geometry; an empty polygon when nothing has."""
    out = geometries.copy()
    for row in np.flatnonzero(~np.isin(shapely.get_type_id(geometries), (-1, *POLYGONAL))):
        parts = shapely.get_parts(shapely.get_parts(geometries[row]))
        out[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return out


def _rounded(geometries: Geometries) -> Geometries:
    """Round to 5 decimals, each vertex alike in every polygon that holds it; stay valid."""
    out = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS))
    wrong = np.flatnonzero(~shapely.is_valid(out))
    mended = _polygonal(shapely.set_precision(geometries[wrong], GRID))
    out[wrong] = np.where(shapely.is_empty(mended), geometries[wrong], mended)
    return out
