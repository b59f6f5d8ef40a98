"""Reader of points in GeoJSON: one row per feature, its properties, its longitude and latitude."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyproj
from pyproj.exceptions import CRSError

from observatory.french.spreadsheet import Cell
from observatory.projection import degrees
from observatory.workbook.problems import WorkbookError
from observatory.workbook.raw import FileLimits, Line, RawTable

POINT = ("longitude", "latitude")  # headings of the columns that a point adds
AGAIN = "L'exporter de nouveau en GeoJSON depuis QGIS, ou en CSV."


def read_geojson(path: Path, name: str, limits: FileLimits) -> RawTable:
    """Open a collection of features as a table whose headings are the names of the properties.

    A geometry that is no point leaves the position empty: the middle of a shape is no entrance.

    Raises
    ------
    WorkbookError
        When the text is no collection of features, or its projection is unknown.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        line = f" (ligne {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        raise WorkbookError(f"le fichier JSON est abîmé{line}", where=name, mend=AGAIN) from error
    features = found.get("features") if isinstance(found, dict) else None
    hint = "Donner une collection d'objets GeoJSON (FeatureCollection), un classeur ou un CSV."
    if not isinstance(features, list):
        raise WorkbookError("c'est un fichier JSON, pas un tableau", where=name, mend=hint)
    if not features:
        raise WorkbookError("c'est un fichier GeoJSON sans aucun objet", where=name, mend=hint)
    headings = list(
        dict.fromkeys(
            str(key)
            for feature in features
            for key in list(_part(feature, "properties"))[: limits.max_columns + 1]
        )
    )
    moved = _projection(found, name)
    placed: list[Cell] = [p for p in POINT if p not in headings]
    notes = ["c'est un fichier GeoJSON : la ligne 2 est son premier objet"]
    if shapes := sum(_point(f, None) is None and bool(_part(f, "geometry")) for f in features):
        notes.append(f"objets qui ne sont pas des points, lus sans position : {shapes}")

    def lines() -> Iterator[Line]:
        yield Line(1, [*headings, *placed])
        for number, feature in enumerate(features, 2):
            given = _part(feature, "properties")
            point: dict[Cell, Cell] = {}
            if at := _point(feature, moved):
                point.update(zip(POINT, at, strict=True))
            cells: list[Cell] = [_cell(given.get(key)) for key in headings]
            yield Line(number, [*cells, *(point.get(p, "") for p in placed)])

    return RawTable(name, name, lines(), notes)


def _part(feature: Any, key: str) -> dict[str, Any]:
    part = feature.get(key) if isinstance(feature, dict) else None
    return part if isinstance(part, dict) else {}


def _cell(value: Any) -> Cell:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str | float | int | bool) else ""


def _point(feature: Any, moved: pyproj.Transformer | None) -> tuple[float, float] | None:
    """Longitude and latitude of a point; None for any other geometry, or none."""
    geometry = _part(feature, "geometry")
    at = geometry.get("coordinates")
    if geometry.get("type") == "MultiPoint" and isinstance(at, list) and len(at) == 1:
        at = at[0]
    elif geometry.get("type") != "Point":
        return None
    if not isinstance(at, list) or len(at) < 2:
        return None
    x, y = at[:2]
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (x, y)):
        return None
    lon, lat = moved.transform(x, y) if moved else (x, y)
    return round(float(lon), 6), round(float(lat), 6)


def _projection(found: dict[str, Any], name: str) -> pyproj.Transformer | None:
    """What brings the points to degrees; None when they are, as the format wants."""
    named = str(_part(_part({"p": found.get("crs")}, "p"), "properties").get("name", ""))
    if not named or re.search(r"CRS84$|EPSG:+4326$", named, re.I):
        return None
    code = re.search(r"EPSG:+(?:[\d.]*:)?(\d{4,6})$", named, re.I)
    try:
        if code is None:
            raise CRSError(named)
        return degrees(f"EPSG:{code[1]}")
    except CRSError as error:
        what = f"la projection « {named[:60]} » n'est pas connue"
        raise WorkbookError(what, where=name, mend="L'exporter en WGS 84 (EPSG:4326).") from error
