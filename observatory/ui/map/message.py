"""Message sent to the browser at each change: its size does not depend on the vertices."""

from __future__ import annotations

from collections.abc import Sequence

from observatory.french import vocabulary
from observatory.french.numbers import number, rounded
from observatory.french.spelling import inside
from observatory.maps import circles
from observatory.maps.coloured import MISSING, Coloured, Figure, coloured
from observatory.maps.legend import Legend, LegendRow, Square, Step, keys_of, legend_of
from observatory.maps.signs import GROUND, shapes_of, side_of, sign_of
from observatory.maps.specification import MapPaint, MapPoints, Tiles
from observatory.markup import joined
from observatory.ui.map.sign_file import COLOURS
from observatory.ui.messages import (
    CellMessage,
    CirclesMessage,
    ColumnMessage,
    FiguresMessage,
    LegendMessage,
    PaintMessage,
    PointsMessage,
    ReasonMessage,
    RowsMessage,
    SquareMessage,
    StepMessage,
    UnitMessage,
)
from observatory.ui.shell.static import StaticFiles

PARTED = ";"
"""Stands between two figures of a column."""
PLACE = {colour: place for place, colour in enumerate(COLOURS)}
SHARE_DECIMALS = 3


def payload(
    paint: MapPaint,
    files: StaticFiles,
    *,
    name: str = "carte",
    tiles: Tiles | None = None,
    link: str | None = None,
) -> PaintMessage:
    """Build what is sent to the browser at each change; its size ignores the vertices.

    Parameters
    ----------
    link : str, optional
        Maps of the page with the same link move together.

    Raises
    ------
    ValueError
        When the values, the codes, the classes or a column differ in length.
    """
    view = coloured(paint, files.codes)
    circled = paint.style == "circles"
    told: PaintMessage = {
        "name": name,
        "files": {"script": "map.js", "geometry": files.geometry},
        "title": joined(paint.title),
        "sentence": joined(paint.sentence),
        "source": joined(paint.source),
        "notes": [joined(note) for note in paint.notes],
        "legend": _legend(legend_of(view), paint),
        "classes": "".join(GROUND if circled and i >= 0 else sign_of(i) for i in view.index),
        "colours": [] if circled else [PLACE[c] for c in paint.classification.colours],
        "figures": _figures([view.figure(row) for row in range(len(view.index))]),
        "columns": [_column(column.label, view.column(column)) for column in paint.columns],
    }
    # Nothing is sent of what most maps do not have.
    if reasons := _reasons(view):
        told["reasons"] = reasons
    if circled:
        told["circles"] = _circles(view)
    if link:
        told["link"] = link
    if tiles:
        told["tiles"] = {"url": tiles.url, "attribution": tiles.attribution}
    return told


def _figures(said: Sequence[Figure]) -> FiguresMessage:
    """Figures and the unit that most of them have; the rows of another one are told apart."""
    rows: dict[str, list[int]] = {}
    for row, figure in enumerate(said):
        if figure.text not in MISSING:
            rows.setdefault(figure.unit, []).append(row)
    most = max(rows, key=lambda unit: len(rows[unit]), default="")
    told: FiguresMessage = {
        "texts": PARTED.join(figure.text.replace(PARTED, ",") for figure in said),
        "unit": most,
    }
    others: list[UnitMessage] = [{"unit": u, "rows": r} for u, r in rows.items() if u != most]
    if others:
        told["others"] = others
    return told


def _column(label: str, said: Sequence[Figure]) -> ColumnMessage:
    told: ColumnMessage = {"label": label, **_figures(said)}
    return told


def _legend(legend: Legend, paint: MapPaint) -> LegendMessage:
    told: LegendMessage = {"title": legend.title, "rows": _rows(legend.rows)}
    if legend.square:
        told["square"] = _square(legend.square)
    if paint.style == "circles":
        largest = (paint.scale or circles.scale_of(paint.values)).largest
        told["references"] = [
            {"share": _share(value, largest), "words": words} for value, words in legend.references
        ]
    if legend.note:
        told["note"] = legend.note
    return told


def _rows(rows: Sequence[LegendRow]) -> RowsMessage:
    told: RowsMessage = {"signs": [r.sign for r in rows], "words": [r.words for r in rows]}
    if counts := [number(r.count) for r in rows if r.count is not None]:
        told["counts"] = counts
    return told


def _square(square: Square) -> SquareMessage:
    def steps(every: Sequence[Step]) -> list[StepMessage]:
        return [{"words": step.words, "bounds": step.bounds} for step in every]

    def cell(index: int, count: int) -> CellMessage:
        return {"sign": sign_of(index), "count": number(count)}

    return {
        "need": square.need,
        "supply": square.supply,
        "lines": steps(square.lines),
        "columns": steps(square.columns),
        "cells": [[cell(*one) for one in line] for line in square.cells],
    }


def _reasons(view: Coloured) -> list[ReasonMessage]:
    """Each reason why a figure is unknown, with the rows of the contours of which it is told."""
    found: dict[str, list[int]] = {}
    for row, place in enumerate(view.rows):
        reason = view.paint.unknown[place] if view.paint.unknown and place is not None else ""
        if reason:
            found.setdefault(reason, []).append(row)
    return [{"words": words, "rows": rows} for words, rows in found.items()]


def _circles(view: Coloured) -> CirclesMessage:
    """The sign and the size of each circle; nothing for a value that is zero or unknown."""
    paint = view.paint
    scale = paint.scale or circles.scale_of(paint.values)
    kind = paint.classification.kind
    exact = [rounded(value, paint.decimals) for value in view.values]
    return {
        "signs": "".join(side_of(value, kind) if value else " " for value in exact),
        "shares": [_share(value or 0.0, scale.largest) for value in exact],
        "growth": round(scale.growth, 5),
        "least": circles.RADII[0],
        "most": circles.RADII[1],
    }


def _share(value: float, largest: float) -> float:
    """Radius of a value's circle, as a share of the largest one's: its area is the value."""
    return round((abs(value) / largest) ** 0.5, SHARE_DECIMALS) if largest > 0 else 0


def points_told(points: MapPoints) -> PointsMessage:
    """Establishments, one entry of each list for each of them."""
    every, services = points.points, list(points.services)
    statuses, shapes = list(vocabulary.EVERY_STATUS), shapes_of(points)
    return {
        "services": [
            {"words": words, "shape": shapes[service]} for service, words in points.services.items()
        ],
        "statuses": [
            {"status": status, "words": inside(words)}
            for status, words in vocabulary.EVERY_STATUS.items()
        ],
        "keys": [
            {"title": k.title, "counted": k.counted, "rows": _rows(k.rows)} for k in keys_of(points)
        ],
        "lon": [round(p.lon, 5) for p in every],
        "lat": [round(p.lat, 5) for p in every],
        "service": [services.index(p.service) for p in every],
        "status": [statuses.index(p.status) for p in every],
        "name": [p.name for p in every],
        "code": [p.code for p in every],
        "detail": [p.detail for p in every],
    }
