"""Overlay of a picture: establishments, names, scale and north."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from observatory.french.numbers import NARROW_SPACE, number
from observatory.maps import symbols
from observatory.maps.picture.marks import INK, Coloured
from observatory.maps.picture.svg import element, label, width_of, words
from observatory.maps.shapes import Frame
from observatory.maps.specification import MapPoints
from observatory.maps.symbols import Spot

NAME_SIZE = 12.0


def point_layer(
    frame: Frame, points: MapPoints | None, shapes: Mapping[str, str], radius: float = 5.5
) -> tuple[str, list[Spot]]:
    """Establishments as symbols that do not hide one another; and where they stand."""
    if points is None or not points.points:
        return "", []
    x, y = frame.place(
        np.array([p.lon for p in points.points]), np.array([p.lat for p in points.points])
    )
    # One that stands outside the sheet would be drawn over the words around it.
    inside = (x >= 0) & (x <= frame.width) & (y >= 0) & (y <= frame.height)
    shown = [p for p, i in zip(points.points, inside, strict=True) if i]
    spots = symbols.spread(
        zip(x[inside].tolist(), y[inside].tolist(), strict=True), 2 * radius + 2.5
    )
    drawn = []
    for point, (px, py) in zip(shown, spots, strict=True):
        path = symbols.symbol_path(shapes[point.service], px, py, radius)
        detail = f", {point.detail}" if point.detail else ""
        drawn.append(
            element("path", d=path, fill="#fff", stroke="#fff", stroke_width=4)
            + element(
                "path",
                element("title", words(f"{point.name}{detail}")),
                d=path,
                fill=symbols.FILLS[point.status],
                stroke=symbols.EDGE,
                stroke_width=1.2,
            )
        )
    return element("g", *drawn, stroke_linejoin="round"), spots


def name_layer(frame: Frame, view: Coloured, spots: list[Spot], radii: Mapping[int, float]) -> str:
    """Names of the communes that have room for it, with their figure when it stands alone."""
    taken = [(x, y, 20.0, 20.0) for x, y in spots]
    boxes = frame.boxes
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    bare = not spots and not radii and not view.paint.axes
    drawn = []
    for row in np.argsort(-area, kind="stable").tolist():
        name, value = frame.shapes.names[row], view.values[row]
        west, north, east, south = boxes[row].tolist()
        wide = width_of(name, NAME_SIZE) + 6
        if east - west < wide * 0.95 or south - north < 22:
            continue
        alone = bare and value is not None and view.index[row] >= 0 and south - north > 44
        tall = 30.0 if alone else 15.0
        x, y = frame.anchors[row].tolist()
        aside = radii[row] + 9 if row in radii else 0.0
        for shift in (aside, -aside) if aside else (0.0, 18.0, -18.0):
            spot = y + shift
            if all(
                abs(tx - x) >= (w + wide) / 2 or abs(ty - spot) >= (h + tall) / 2
                for tx, ty, w, h in taken
            ):
                break
        else:
            continue
        taken.append((x, spot, wide, tall))
        drawn.append(label(name, x, spot + (-3 if alone else 4), NAME_SIZE))
        if alone:
            figure = number(value, view.paint.decimals, signed=view.signed)
            drawn.append(label(figure, x, spot + 11, NAME_SIZE, font_weight=600))
    return element(
        "g",
        *drawn,
        fill=INK,
        text_anchor="middle",
        stroke="#ffffff",
        stroke_width=4,
        stroke_opacity=0.9,
        stroke_linejoin="round",
        paint_order="stroke",
    )


def scale_bar(frame: Frame, x: float, y: float) -> str:
    """A round distance as a bar, and a north arrow before it; ``y`` is the bar itself."""
    metres = 120 / frame.scale
    power = 10 ** np.floor(np.log10(metres))
    length = float(next(step * power for step in (5, 2, 1) if step * power <= metres))
    far = length >= 1000
    text = f"{number(length / 1000 if far else length)}{NARROW_SPACE}{'km' if far else 'm'}"
    end = x + 28 + length * frame.scale
    arrow = f"M{x + 8:.1f},{y - 22:.1f}l5,18l-5,-4l-5,4Z"
    return "".join(
        (
            label("N", x + 8, y - 25, 12, text_anchor="middle", font_weight=600, fill=INK),
            element("path", d=arrow, fill=INK),
            element(
                "path",
                d=f"M{x + 28:.1f},{y - 6:.1f}v6H{end:.1f}v-6",
                fill="none",
                stroke=INK,
                stroke_width=1.6,
            ),
            label(text, x + 34, y - 6, 12, fill=INK),
        )
    )
