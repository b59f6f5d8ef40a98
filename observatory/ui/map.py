"""The map of the communes: a small component around Leaflet.

The contours are fetched once by the browser (`observatory.ui.static`). A change of indicator sends
one class and one rounded value a commune, in the order of the contours, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from observatory.ui.classes import UNKNOWN_INDEX, Classification
from observatory.ui.formats import rounded
from observatory.ui.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SHAPES = (
    "circle", "square", "triangle", "diamond", "star",
    "hexagon", "plus", "triangle-down", "pentagon", "cross",
)  # fmt: skip
STATUSES = {"public": "public", "associatif": "associatif", "prive": "privé"}
GAP_ENDS = ("manque", "excédent")

# Sent with every message: it only finds the real code, which the browser keeps.
LOADER = """
export default async function (component) {
  const data = JSON.parse(new TextDecoder().decode(component.data));
  const code = await import(new URL(data.files.script, document.baseURI).href);
  return code.render(component, data);
}
"""


@dataclass(frozen=True)
class Column:
    """One more figure in the tooltip, for example the need beside the gap.

    Attributes
    ----------
    label : str
        What it is: ``Besoin``.
    values : sequence of float or None
        One a commune, in the order of `MapPaint.codes`.
    unit : str
        Unit, in the plural.
    decimals : int
        Decimals shown.
    """

    label: str
    values: Sequence[float | None]
    unit: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class MapPaint:
    """What the map shows: one measure, its classes and its words.

    Attributes
    ----------
    codes : sequence of str
        INSEE codes; the order of `values` and of the classification. A commune of the contours
        that is absent here is unknown.
    values : sequence of float or None
        The measure, in `unit`; None and NaN are unknown.
    classification : Classification
        Made by `observatory.ui.classes.classify` from the same values.
    title : str
        The measure and the service: ``Places manquantes, accueil des 0-2 ans``.
    sentence : str
        What the map shows, in full: service, measure, date, definition of the need.
    legend_title : str
        Head of the classes, with the unit: ``Écart, en places``.
    unit, unit_one : str
        Unit of the values in the plural and in the singular.
    source : str
        Source and date line; it prints with the map.
    decimals : int
        Decimals of the values: 0 for places, 1 for rates.
    notes : tuple of str
        What a reader must know: ``Contours schématiques``, ``Données de démonstration``.
    columns : tuple of Column
        More figures for the tooltip.
    ends : tuple of str, optional
        Words for the two ends of the classes; set by itself for gaps.
    """

    codes: Sequence[str]
    values: Sequence[float | None]
    classification: Classification
    title: str
    sentence: str
    legend_title: str
    unit: str
    unit_one: str
    source: str
    decimals: int = 0
    notes: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    ends: tuple[str, str] | None = None


@dataclass(frozen=True)
class Point:
    """An establishment. Never an assistant maternel: those are private persons.

    Attributes
    ----------
    lon, lat : float
        Degrees, WGS 84.
    service : str
        A service of `MapPoints.services`.
    status : str
        ``public``, ``associatif`` or ``prive``.
    name : str
        Shown as text, whatever it holds.
    code : str
        INSEE code of the commune: a click on the point selects it.
    detail : str
        One more line: ``24 places, Ville d'Arras``.
    """

    lon: float
    lat: float
    service: str
    status: str
    name: str
    code: str = ""
    detail: str = ""


@dataclass(frozen=True)
class MapPoints:
    """The establishments to show.

    Attributes
    ----------
    services : mapping of str to str
        Every service that has points, identifier to label, in the order of the nomenclature:
        a service keeps its shape whatever is filtered.
    points : sequence of Point
        Those to show.
    """

    services: Mapping[str, str]
    points: Sequence[Point]


@dataclass(frozen=True)
class Tiles:
    """A tile server the operator turned on; without one no tile is asked for.

    Attributes
    ----------
    url : str
        Leaflet template: ``https://example.org/{z}/{x}/{y}.png``.
    attribution : str
        Who made the tiles; shown as text.
    """

    url: str
    attribution: str


@dataclass(frozen=True)
class _Order:
    """Brings figures from the order of the paint to the order of the contours."""

    codes: Sequence[str]
    rows: dict[str, int] = field(default_factory=dict)

    def arrange(self, values: Sequence[Any], missing: Any = None) -> list[Any]:
        rows = (self.rows.get(code) for code in self.codes)
        return [missing if row is None else values[row] for row in rows]


def payload(
    paint: MapPaint,
    files: StaticFiles,
    *,
    name: str = "carte",
    selected: str | None = None,
    points: MapPoints | None = None,
    tiles: Tiles | None = None,
) -> dict[str, Any]:
    """Build what is sent to the browser at each change; its size ignores the vertices.

    Raises
    ------
    ValueError
        When the values, the codes, the classes or a column differ in length.
    """
    classes = paint.classification
    lengths = {len(paint.codes), len(paint.values), len(classes.index)}
    lengths |= {len(column.values) for column in paint.columns}
    if len(lengths) != 1:
        raise ValueError(f"one value, one class and one code a commune; got {sorted(lengths)}")
    order = _Order(files.codes, {code: row for row, code in enumerate(paint.codes)})
    small = [classes.kind == "rate" and i < UNKNOWN_INDEX for i in classes.index]
    shown = [  # below 30 children a count may be read, a rate may not
        None if hidden else value for value, hidden in zip(paint.values, small, strict=True)
    ]
    ends = paint.ends or (GAP_ENDS if classes.kind == "gap" else None)
    return {
        "name": name,
        "files": {
            "script": files.script,
            "style": files.style,
            "leaflet": files.leaflet_script,
            "leafletStyle": files.leaflet_style,
            "geometry": files.geometry,
        },
        "classOf": order.arrange(classes.index, UNKNOWN_INDEX),
        "values": order.arrange([_round(value, paint.decimals) for value in shown]),
        "columns": [
            {
                "label": column.label,
                "unit": column.unit,
                "decimals": column.decimals,
                "values": order.arrange([_round(v, column.decimals) for v in column.values]),
            }
            for column in paint.columns
        ],
        "classes": [list(one) for one in zip(classes.colours, classes.labels, strict=True)],
        "kind": classes.kind,
        "decimals": paint.decimals,
        "unit": [paint.unit_one, paint.unit],
        "title": paint.title,
        "sentence": paint.sentence,
        "legendTitle": paint.legend_title,
        "ends": list(ends) if ends else None,
        "source": paint.source,
        "notes": list(paint.notes),
        "selected": selected,
        "points": _points(points),
        "tiles": {"url": tiles.url, "attribution": tiles.attribution} if tiles else None,
    }


def show_map(
    paint: MapPaint,
    files: StaticFiles,
    *,
    key: str = "carte",
    selected: str | None = None,
    points: MapPoints | None = None,
    tiles: Tiles | None = None,
    on_select: Callable[[str], None] | None = None,
) -> str | None:
    """Show the map and tell which commune was just clicked.

    Parameters
    ----------
    paint : MapPaint
        Measure, classes and words.
    files : StaticFiles
        Given by `observatory.ui.static.prepare`.
    key : str
        Name of this map: it keeps its place and zoom when the page is left and found again.
    selected : str, optional
        Code of the commune to outline. The page keeps it, the map does not.
    points : MapPoints, optional
        Establishments.
    tiles : Tiles, optional
        A background the operator turned on.
    on_select : callable, optional
        Called with the code before the page runs again, so that what stands above the map
        can follow the click in the same run.

    Returns
    -------
    str or None
        The code of the commune clicked since the last run, once; None otherwise.
    """

    def clicked() -> None:
        code = _clicked_code(st.session_state.get(key), files)
        if on_select is not None and code is not None:
            on_select(code)

    data = payload(paint, files, name=key, selected=selected, points=points, tiles=tiles)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    result = _renderer()(key=key, data=text.encode(), on_commune_change=clicked)
    return _clicked_code(result, files)


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("observatory_map", js=LOADER)


def _clicked_code(state: Any, files: StaticFiles) -> str | None:
    """The code a browser sent, when it is one of ours."""
    code = state.get("commune") if state else None
    return code if isinstance(code, str) and code in files.codes else None


def _round(value: float | None, decimals: int) -> float | int | None:
    exact = rounded(value, decimals)
    return int(exact) if exact is not None and exact.is_integer() else exact


def _points(points: MapPoints | None) -> dict[str, Any] | None:
    """Establishments as arrays: longitude, latitude, service, status, name, code, detail."""
    if points is None:
        return None
    services = list(points.services)
    statuses = list(STATUSES)
    return {
        "services": [
            [label, SHAPES[row % len(SHAPES)]] for row, label in enumerate(points.services.values())
        ],
        "statuses": [[status, label] for status, label in STATUSES.items()],
        "rows": [
            [
                rounded(p.lon, 5),
                rounded(p.lat, 5),
                services.index(p.service),
                statuses.index(p.status),
                p.name,
                p.code,
                p.detail,
            ]
            for p in points.points
        ],
    }
