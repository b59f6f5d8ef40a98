"""Marks of a picture: communes, patterns, circles, establishments, names."""

from __future__ import annotations

from collections.abc import Callable, Collection

from observatory.maps import circles
from observatory.maps.coloured import Coloured
from observatory.maps.shapes import Frame
from observatory.maps.signs import INK, circle, side_of, sign_of
from observatory.maps.specification import MapPaint
from observatory.markup import element, words

LINE = "#5b6470"
REFERENCE_WIDTH = 800.0  # pixels; circles on another width keep their share of the map
MANY = 800  # communes; beyond, borders are lighter


def fill_of(view: Coloured, index: int, ident: str) -> str:
    """The fill of a class: its colour, or a pattern."""
    if index < 0:
        return f"url(#{ident}{sign_of(index)})"
    if view.paint.style == "circles":
        return circles.GROUND
    return view.paint.classification.colours[index]


def communes(frame: Frame, view: Coloured, ident: str, *, titles: bool = True) -> str:
    """One path a commune; ``titles`` says its name and figure to who points at it."""
    many = len(frame.paths) > MANY
    names = frame.shapes.names
    return element(
        "g",
        *(
            element(
                "path",
                element("title", words(f"{names[row]} : {view.said(row)}")) if titles else "",
                d=path,
                fill=fill_of(view, view.index[row], ident),
            )
            for row, path in enumerate(frame.paths)
        ),
        stroke=LINE,
        stroke_opacity=0.6,
        stroke_width=0.35 if many else 0.8,
        stroke_linejoin="round",
        fill_rule="evenodd",
    )


def outline(frame: Frame, selected: str | Collection[str] | None, *, width: float = 3.0) -> str:
    """The communes in focus, in a dark line on a white one."""
    wanted = {selected} if isinstance(selected, str) else set(selected or ())
    paths = [p for c, p in zip(frame.shapes.codes, frame.paths, strict=True) if c in wanted]
    return "".join(
        element("path", d=path, fill="none", stroke=c, stroke_width=w, stroke_linejoin="round")
        for c, w in (("#ffffff", 2 * width), (INK, width))
        for path in paths
    )


def radius_on(width: float, paint: MapPaint) -> Callable[[float], float]:
    """Radius of a value's circle on a map of that width, in pixels."""
    scale = paint.scale or circles.scale_of(paint.values)
    factor = width / REFERENCE_WIDTH
    area = REFERENCE_WIDTH * REFERENCE_WIDTH / 2
    return lambda value: factor * scale.radius(value, area)


def circle_layer(frame: Frame, view: Coloured) -> tuple[str, dict[int, float]]:
    """Circles over the communes, the small ones on top; and the radius of each, by row."""
    if view.paint.style != "circles":
        return "", {}
    radius = radius_on(frame.width, view.paint)
    sizes = {row: radius(v) for row, v in enumerate(view.values) if v}
    kind = view.paint.classification.kind
    drawn = []
    for row, r in sorted(sizes.items(), key=lambda item: -item[1]):
        x, y = frame.anchors[row].tolist()
        drawn.append(circle(x, y, r, side_of(view.values[row] or 0.0, kind)))
    return element("g", *drawn), sizes
