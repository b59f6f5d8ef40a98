"""A map as one self-contained HTML file: its measures as layers, its legend, its sources.

The same paints as on the screen, with the same words. Nothing in the file asks anything of any
host: it opens from a folder, without a connection.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyproj
import shapely

from observatory.maps.coloured import Coloured, coloured
from observatory.maps.document.words import foot, head, legend_side, table
from observatory.maps.measures import measures_of
from observatory.maps.picture.marks import fill_of
from observatory.maps.shapes import Shapes
from observatory.maps.signs import patterns, shapes_of
from observatory.maps.specification import MapPaint, MapPoints
from observatory.maps.symbols import EDGE, FILLS, symbol_path
from observatory.maps.view import View
from observatory.markup import element

IDENT = "p-"
LAYERS = ("ecart", "taux", "offre")
"""Measures that one switches between, beside the one that was asked."""
STEPS = 3000  # of detail across the territory
DECIMALS = 5  # of a degree: about a metre


@dataclass(frozen=True)
class DocumentMeasure:
    """One layer: what it is called where one switches, and its paint."""

    name: str
    paint: MapPaint


def layers_of(view: View, *, needed: bool) -> list[View]:
    """The maps of a document: the one asked, in classes of colour, then gap, rate and supply.

    Parameters
    ----------
    needed : bool
        Whether the territory voted a target for the service.
    """
    offered = measures_of(view.service_id, needed=needed)
    shown = [view.measure_id, *(m for m in LAYERS if m in offered and m != view.measure_id)]
    return [replace(view, measure_id=m, representation="classes") for m in shown]


def map_html(
    shapes: Shapes,
    measures: Sequence[DocumentMeasure],
    *,
    territory: str,
    points: MapPoints | None = None,
    selected: str | None = None,
    answer: str = "",
) -> str:
    """The file.

    Parameters
    ----------
    shapes : Shapes
        Contours of the version.
    measures : sequence of DocumentMeasure
        The first one is in view when the file opens; another is left out when no commune has
        anything to show.
    territory : str
        Its name.
    points : MapPoints, optional
        Establishments.
    selected : str, optional
        Code of the commune to outline.
    answer : str
        The sentence that answers the question; empty when there is none.
    """
    # Reading folium takes a second, and only a document needs it.
    from observatory.maps.document.leaflet_map import document, map_of

    views = [coloured(one.paint, shapes.codes) for one in measures]
    kept = [n for n, view in enumerate(views) if n == 0 or any(i != -1 for i in view.index)]
    names, views = [measures[n].name for n in kept], [views[n] for n in kept]
    ground, bounds = _ground(shapes, selected)
    drawn = map_of(
        ground,
        [(name, _measure(view)) for name, view in zip(names, views, strict=True)],
        _establishments(points, shapes.codes),
        bounds,
    )
    paint = views[0].paint
    return document(
        drawn,
        title=f"{paint.title} – {territory}",
        before=[
            element("svg", patterns(IDENT), width=0, height=0, style="position:absolute"),
            *head([view.paint for view in views], territory, answer),
        ],
        beside=[legend_side(views, points, IDENT)],
        after=foot([v.paint for v in views], shapes.left_out, table(shapes.names, views, names)),
    )


def _ground(shapes: Shapes, selected: str | None) -> tuple[dict[str, Any], list[list[float]]]:
    """Contours in degrees, no finer than the eye sees, and their corners."""
    west, south, east, north = shapes.bounds
    detail = max(east - west, north - south) / STEPS
    to_degrees = pyproj.Transformer.from_crs(shapes.epsg, 4326, always_xy=True)
    simple = shapely.coverage_simplify(shapes.outlines, detail)
    flat = shapely.transform(
        simple,
        lambda xy: np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])).round(DECIMALS),
    )
    middles = shapely.get_coordinates(shapely.point_on_surface(flat)).round(DECIMALS)
    west, south, east, north = shapely.total_bounds(flat).tolist()
    features = [
        {"type": "Feature", "properties": {"row": row}, "geometry": json.loads(text)}
        for row, text in enumerate(shapely.to_geojson(flat))
    ]
    row = shapes.codes.index(selected) if selected in shapes.codes else -1
    ground = {
        "communes": {"type": "FeatureCollection", "features": features},
        "names": list(shapes.names),
        "middles": [[y, x] for x, y in middles.tolist()],
        "always": sorted({*shapes.largest, *([row] if row >= 0 else [])}),
        "selected": row,
    }
    return ground, [[south, west], [north, east]]


def _measure(view: Coloured) -> dict[str, Any]:
    """What a layer says and shows of each commune."""
    paint, rows = view.paint, range(len(view.index))
    return {
        "fills": [fill_of(view, i, IDENT) for i in view.index],
        "texts": [view.said(row) for row in rows],
        "reasons": [
            paint.unknown[row] if row is not None and paint.unknown else "" for row in view.rows
        ],
        "columns": [
            {"label": column.label, "texts": [figure.said for figure in view.column(column)]}
            for column in paint.columns
        ],
    }


def _establishments(points: MapPoints | None, codes: Sequence[str]) -> list[dict[str, Any]]:
    shapes, row_of = shapes_of(points), {code: row for row, code in enumerate(codes)}
    return [
        {
            "at": [round(p.lat, DECIMALS), round(p.lon, DECIMALS)],
            "icon": element(
                "svg", _symbol(shapes[p.service], p.status), width=24, height=16, aria_hidden="true"
            ),
            "row": row_of.get(p.code, -1),
            "name": p.name,
            "detail": p.detail or (points.services[p.service] if points else ""),
        }
        for p in (points.points if points else ())
    ]


def _symbol(shape: str, status: str) -> str:
    """A symbol in its white halo."""
    path = symbol_path(shape, 12, 8, 6.5)
    halo = element("path", d=path, fill="#ffffff", stroke="#ffffff", stroke_width=3.5)
    return halo + element("path", d=path, fill=FILLS[status], stroke=EDGE, stroke_width=1.2)
