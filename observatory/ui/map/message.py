"""Message sent to the browser at each change: its size does not depend on the vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from observatory.french import balance, vocabulary
from observatory.french.numbers import rounded
from observatory.french.spelling import inside
from observatory.maps import circles
from observatory.maps.classes import SMALL_INDEX, UNKNOWN_INDEX, small_words
from observatory.maps.specification import GAP_ENDS, MapPaint, MapPoints, Tiles
from observatory.maps.symbols import SHAPES
from observatory.ui.shell.static import StaticFiles

WORDS = {
    "unknown": vocabulary.UNKNOWN,
    "masked": vocabulary.MASKED,
    "circled": vocabulary.WITH_CIRCLE,
    "balanced": vocabulary.BALANCED,
    "zero": vocabulary.ZERO,
    "lacking": balance.LACKING,
    "beyond": balance.BEYOND,
    "even": balance.BALANCED,
}
"""What the legend and the tooltips call what has no figure, no class or no circle."""


@dataclass(frozen=True)
class _Order:
    """Brings figures from the order of the paint to the order of the contours."""

    codes: Sequence[str]
    rows: dict[str, int] = field(default_factory=dict)

    def arrange(self, values: Sequence[Any], missing: Any = None) -> list[Any]:
        rows = (self.rows.get(code) for code in self.codes)
        return [missing if row is None else values[row] for row in rows]

    def rows_of(self, flags: Sequence[bool]) -> list[int]:
        """Rows of the contours whose flag is up."""
        return [n for n, up in enumerate(self.arrange(flags, False)) if up] if flags else []


def payload(
    paint: MapPaint,
    files: StaticFiles,
    *,
    name: str = "carte",
    tiles: Tiles | None = None,
    link: str | None = None,
) -> dict[str, Any]:
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
    classes = paint.classification
    lengths = {len(paint.codes), len(paint.values), len(classes.index)}
    lengths |= {len(column.values) for column in paint.columns}
    if len(lengths) != 1:
        raise ValueError(f"one value, one class and one code per commune; got {sorted(lengths)}")
    order = _Order(files.codes, {code: row for row, code in enumerate(paint.codes)})
    small = [classes.kind == "rate" and i == SMALL_INDEX for i in classes.index]
    shown = [  # of a public too small a count may be read, a rate may not
        None if hidden else value for value, hidden in zip(paint.values, small, strict=True)
    ]
    ends = paint.ends or (GAP_ENDS if classes.kind == "gap" and paint.style == "circles" else None)
    return {
        "name": name,
        "words": {**WORDS, "small": small_words()},
        "files": {
            "script": files.own("map.js"),
            "style": files.own("map.css"),
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
                # Nothing is sent of what most maps do not have.
                **({"masked": hidden} if (hidden := order.rows_of(column.masked)) else {}),
            }
            for column in paint.columns
        ],
        **({"unknown": reasons} if (reasons := _reasons(order, paint.unknown)) else {}),
        "classes": [list(one) for one in zip(classes.colours, classes.labels, strict=True)],
        "kind": classes.kind,
        "signed": classes.kind in ("gap", "bivariate"),
        "circles": _circles(paint),
        "axes": [[axis.label, axis.bounds, axis.words] for axis in paint.axes or ()],
        "decimals": paint.decimals,
        "unit": [paint.unit_one, paint.unit],
        "title": paint.title,
        "sentence": paint.sentence,
        "legendTitle": paint.legend_title,
        "ends": list(ends) if ends else None,
        "legendNote": paint.legend_note,
        "link": link,
        "source": paint.source,
        "notes": list(paint.notes),
        "tiles": {"url": tiles.url, "attribution": tiles.attribution} if tiles else None,
    }


def _reasons(order: _Order, reasons: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Each reason why a figure is unknown, with the rows of the contours of which it is told."""
    found: dict[str, list[int]] = {}
    for row, reason in enumerate(order.arrange(reasons, "") if reasons else []):
        if reason:
            found.setdefault(reason, []).append(row)
    return list(found.items())


def _circles(paint: MapPaint) -> dict[str, Any] | None:
    """How circles are drawn: their scale, the limits of their size, the colours of each sign."""
    if paint.style != "circles":
        return None
    scale = paint.scale or circles.scale_of(paint.values)
    kind = paint.classification.kind
    return {
        "largest": scale.largest,
        "total": scale.total,
        "references": scale.references(paint.decimals),
        "radii": circles.RADII,
        "cover": circles.COVER,
        "colours": [circles.colour(value, kind) for value in (-1.0, 1.0)],
        "ground": circles.GROUND,
    }


def _round(value: float | None, decimals: int) -> float | int | None:
    exact = rounded(value, decimals)
    return int(exact) if exact is not None and exact.is_integer() else exact


def points_told(points: MapPoints | None) -> dict[str, Any] | None:
    """Establishments as arrays: longitude, latitude, service, status, name, code, detail."""
    if points is None:
        return None
    services = list(points.services)
    statuses = list(vocabulary.EVERY_STATUS)
    return {
        "services": [
            [label, SHAPES[row % len(SHAPES)]] for row, label in enumerate(points.services.values())
        ],
        "statuses": [[status, inside(words)] for status, words in vocabulary.EVERY_STATUS.items()],
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
