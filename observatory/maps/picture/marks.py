"""Marks of a picture: communes, patterns, circles, establishments, names."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from observatory.french import vocabulary
from observatory.french.balance import balance
from observatory.french.numbers import is_known, quantity
from observatory.maps import circles
from observatory.maps.classes import MASKED_INDEX, SMALL_INDEX, UNKNOWN_INDEX, small_words
from observatory.maps.picture.svg import element, words
from observatory.maps.shapes import Frame
from observatory.maps.specification import MapPaint

INK = "#1c2430"
LINE = "#5b6470"
HATCH = "#8b95a1"
REFERENCE_WIDTH = 800.0  # pixels; circles on another width keep their share of the map
MANY = 800  # communes; beyond, borders are lighter


@dataclass(frozen=True)
class Coloured:
    """A paint brought to the order of the communes drawn.

    Attributes
    ----------
    index : list of int
        The class of each commune.
    values : list of float or None
        Its value; None too where it must not be read (a rate of a public too small).
    """

    paint: MapPaint
    index: list[int]
    values: list[float | None]

    @property
    def signed(self) -> bool:
        """Whether a figure is a gap: said in words."""
        return self.paint.classification.kind in ("gap", "bivariate")

    def said(self, row: int) -> str:
        """A commune's figure in words."""
        index, paint = self.index[row], self.paint
        if index == SMALL_INDEX and self.values[row] is None:
            return small_words()
        if index == MASKED_INDEX:
            return vocabulary.MASKED
        if not self.signed:
            return quantity(self.values[row], paint.unit_one, paint.unit, paint.decimals)
        value = balance(self.values[row], paint.unit, paint.decimals)
        if paint.axes and index >= 0:
            return f"{paint.classification.labels[index]}, {value}"
        return value


def coloured(paint: MapPaint, codes: tuple[str, ...]) -> Coloured:
    """Bring classes and values to an order of codes; a commune without either is unknown.

    Raises
    ------
    ValueError
        When the values, the codes and the classes differ in length.
    """
    classes = paint.classification
    if not len(paint.codes) == len(paint.values) == len(classes.index):
        raise ValueError("one value, one class and one code per commune")
    row_of = {code: row for row, code in enumerate(paint.codes)}
    rows = [row_of.get(code) for code in codes]
    index = [UNKNOWN_INDEX if r is None else classes.index[r] for r in rows]
    values: list[float | None] = []
    for row, i in zip(rows, index, strict=True):
        value = None if row is None else paint.values[row]
        hidden = classes.kind == "rate" and i == SMALL_INDEX
        values.append(None if hidden or value is None or not is_known(value) else float(value))
    return Coloured(paint, index, values)


def patterns(ident: str) -> str:
    """Hatches for unknown, a trellis for masked, dots for a public too small: no colour needed."""
    size = {"width": 8, "height": 8}
    hatch = element(
        "pattern",
        element("rect", **size, fill="#e3e6ea"),
        element("path", d="M-2,2L2,-2M0,8L8,0M6,10L10,6", stroke=HATCH, stroke_width=1.2),
        id=f"{ident}u",
        **size,
        patternUnits="userSpaceOnUse",
    )
    trellis = element(
        "pattern",
        element("rect", **size, fill="#ffffff"),
        element("path", d="M0,0L8,8M8,0L0,8", stroke=INK, stroke_width=0.9),
        id=f"{ident}m",
        **size,
        patternUnits="userSpaceOnUse",
    )
    dots = element(
        "pattern",
        element("rect", **size, fill="#ffffff"),
        *(element("circle", cx=c, cy=c, r=0.9, fill=HATCH) for c in (2, 6)),
        id=f"{ident}s",
        **size,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", hatch, trellis, dots)


def fill_of(view: Coloured, index: int, ident: str) -> str:
    """The fill of a class: its colour, or a pattern."""
    if index == UNKNOWN_INDEX:
        return f"url(#{ident}u)"
    if index == MASKED_INDEX:
        return f"url(#{ident}m)"
    if index == SMALL_INDEX:
        return f"url(#{ident}s)"
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


def circle(x: float, y: float, radius: float, value: float, kind: str) -> str:
    """One proportional circle: filled for a shortfall or an amount, hollow for more than needed."""
    colour = circles.colour(value, kind)
    at = {"cx": x, "cy": y, "r": radius}
    if kind == "gap" and value > 0:
        return element("circle", **at, fill="#fff", fill_opacity=0.6, stroke=colour, stroke_width=2)
    return element("circle", **at, fill=colour, fill_opacity=0.78, stroke="#fff", stroke_width=1)


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
        drawn.append(circle(x, y, r, view.values[row] or 0.0, kind))
    return element("g", *drawn), sizes
