"""Overlay of a picture: establishments, names, scale and north."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from observatory.french.numbers import NARROW_SPACE, number
from observatory.maps import symbols
from observatory.maps.coloured import Coloured
from observatory.maps.picture.svg import label, width_of
from observatory.maps.placing import Heap, placed
from observatory.maps.shapes import Frame
from observatory.maps.signs import INK
from observatory.maps.specification import MapPoints, Point
from observatory.maps.symbols import Spot
from observatory.markup import element, said

NAME_SIZE = 12.0


def point_layer(
    frame: Frame, points: MapPoints | None, shapes: Mapping[str, str], radius: float = 5.5
) -> tuple[str, list[Spot]]:
    """Establishments as symbols inside their commune, or counted; and where they stand."""
    if points is None or not points.points:
        return "", []
    x, y = frame.place(
        np.array([p.lon for p in points.points]), np.array([p.lat for p in points.points])
    )
    # One that stands outside the sheet would be drawn over the words around it.
    inside = (x >= 0) & (x <= frame.width) & (y >= 0) & (y <= frame.height)
    shown = [p for p, i in zip(points.points, inside, strict=True) if i]
    where = list(zip(x[inside].tolist(), y[inside].tolist(), strict=True))
    found = placed(frame, where, [p.code for p in shown], radius, 2 * radius + 2.5)
    drawn = [
        _symbol(shown[n], shapes[shown[n].service], spot, radius) for n, spot in found.spots.items()
    ]
    drawn += [_heap(frame, heap) for heap in found.heaps]
    spots = [*found.spots.values(), *(heap.spot for heap in found.heaps)]
    return element("g", *drawn, stroke_linejoin="round"), spots


def _symbol(point: Point, shape: str, spot: Spot, radius: float) -> str:
    path = symbols.symbol_path(shape, *spot, radius)
    detail = f", {point.detail}" if point.detail else ""
    return element("path", d=path, fill="#fff", stroke="#fff", stroke_width=4) + element(
        "path",
        said("title", f"{point.name}{detail}"),
        d=path,
        fill=symbols.FILLS[point.status],
        stroke=symbols.EDGE,
        stroke_width=1.2,
    )


def _heap(frame: Frame, heap: Heap) -> str:
    """How many establishments a commune has, where their symbols would leave it."""
    x, y = heap.spot
    count = number(len(heap.members))
    name = f"{frame.shapes.names[heap.rows[0]]}, " if len(heap.rows) == 1 else ""
    return element(
        "g",
        said("title", f"{name}établissements : {count}"),
        element("circle", cx=x, cy=y, r=10.5, fill=symbols.EDGE, stroke="#fff", stroke_width=2),
        label(count, x, y + 4, NAME_SIZE, fill="#fff", font_weight=600, text_anchor="middle"),
    )


def name_layer(
    frame: Frame,
    view: Coloured,
    spots: list[Spot],
    radii: Mapping[int, float],
    selected: str | None = None,
) -> str:
    """Names of the communes that have room for it, with their figure when it stands alone.

    The one in focus and the largest ones are named whatever the room.
    """
    taken = [(x, y, 20.0, 20.0) for x, y in spots]
    boxes, codes = frame.boxes, frame.shapes.codes
    first = [codes.index(selected)] if selected in codes else []
    first += [row for row in frame.shapes.largest if row not in first]
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    bare = not spots and not radii and not view.paint.axes
    drawn = []
    others = [row for row in np.argsort(-area, kind="stable").tolist() if row not in first]
    for row in first + others:
        name, value, must = frame.shapes.names[row], view.values[row], row in first
        west, north, east, south = boxes[row].tolist()
        wide = width_of(name, NAME_SIZE, bold=must) + 6
        fits = east - west >= wide * 0.95 and south - north >= 22
        if not fits and not must:
            continue
        figure = (
            view.figure(row).text if bare and value is not None and view.index[row] >= 0 else ""
        )
        alone = (
            bool(figure)
            and fits
            and south - north > 44
            and east - west >= width_of(figure, NAME_SIZE, bold=True)
        )
        tall = 30.0 if alone else 15.0
        x, y = frame.anchors[row].tolist()
        aside = radii[row] + 9 if row in radii else 0.0
        for dx, dy in _places(aside, wide, south - north, must=must):
            if wide / 2 <= x + dx <= frame.width - wide / 2 and all(
                abs(tx - x - dx) >= (w + wide) / 2 or abs(ty - y - dy) >= (h + tall) / 2
                for tx, ty, w, h in taken
            ):
                break
        else:
            if not must:
                continue
            dx, dy = 0.0, aside
        taken.append((x + dx, y + dy, wide, tall))
        weight = 600 if must else None
        place = y + dy + (-3 if alone else 4)
        drawn.append(label(name, x + dx, place, NAME_SIZE, font_weight=weight))
        if alone:
            drawn.append(label(figure, x + dx, y + dy + 11, NAME_SIZE, font_weight=600))
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


def _places(aside: float, wide: float, height: float, *, must: bool) -> list[tuple[float, float]]:
    """Places of a name around the middle of its commune, the nearest first."""
    near = [(0.0, aside), (0.0, -aside)] if aside else [(0.0, 0.0), (0.0, 18.0), (0.0, -18.0)]
    if not must:
        return near
    side = wide / 2 + 14
    beside = [(x, y) for y in (0.0, 18.0, -18.0) for x in (side, -side)]
    rows = range(36, int(max(height / 2, 54.0)), 18)
    return [*near, *beside, *((0.0, float(sign * dy)) for dy in rows for sign in (1, -1))]


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
