"""The legend of a picture: classes, bounds and counts, symbols, in one column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from observatory.french import vocabulary
from observatory.french.numbers import number, quantity
from observatory.french.spelling import inside
from observatory.maps import circles, symbols
from observatory.maps.classes import MASKED_INDEX, SMALL_INDEX, UNKNOWN_INDEX, small_words
from observatory.maps.picture.marks import INK, Coloured, circle, fill_of, radius_on
from observatory.maps.picture.svg import element, label, wrapped
from observatory.maps.specification import GAP_ENDS, MapPoints

SIZE = 13.0
ROW = 22.0
DARK = 0.2  # relative luminance below which white words are read better


@dataclass
class LegendSheet:
    """A column being written from top to bottom.

    Attributes
    ----------
    width : float
        Its width, in pixels.
    y : float
        Where the next line begins.
    """

    width: float
    y: float = 0.0
    parts: list[str] = field(default_factory=list)

    def head(self, text: str, right: str = "") -> None:
        """A heading in bold, with a word at the right end of its last line."""
        self.y += 12 if self.parts else 0
        room = self.width - (62 if right else 0)
        for line in wrapped(text, SIZE, room, bold=True):
            self.y += 18
            self.parts.append(label(line, 0, self.y - 4, SIZE, font_weight=600))
        if right:
            self.parts.append(label(right, self.width, self.y - 4, SIZE, text_anchor="end"))
        self.y += 4

    def row(self, icon: str, text: str, count: int | None = None) -> None:
        """A sign about 24 × 16 pixels, its words, and how many communes."""
        lines = wrapped(text, SIZE, self.width - 34 - (34 if count is not None else 0)) or [""]
        self.parts.append(element("g", icon, transform=f"translate(0 {self.y + 3:.1f})"))
        for n, line in enumerate(lines):
            self.parts.append(label(line, 34, self.y + 15 + 15 * n, SIZE))
        if count is not None:
            figure = number(count)
            self.parts.append(label(figure, self.width, self.y + 15, SIZE, text_anchor="end"))
        self.y += ROW + 15 * (len(lines) - 1)

    def note(self, text: str) -> None:
        """A few lines of plain words."""
        self.y += 4
        for line in wrapped(text, SIZE, self.width):
            self.y += 16
            self.parts.append(label(line, 0, self.y - 3, SIZE))


def legend(
    view: Coloured,
    points: MapPoints | None,
    shapes: Mapping[str, str],
    *,
    width: float,
    map_width: float,
    ident: str,
) -> tuple[str, float]:
    """The legend of what is drawn, and its height in pixels.

    Parameters
    ----------
    view : Coloured
        The communes drawn: the counts are theirs.
    shapes : mapping
        Shape of each service.
    map_width : float
        Width of the map itself: the circles of the legend are at its scale.
    """
    sheet = LegendSheet(width)
    counts = Counter(view.index)
    sheet.head(view.paint.legend_title, "communes")
    if view.paint.axes:
        _square(sheet, view, counts)
    elif view.paint.style == "circles":
        _circles(sheet, view, map_width)
    else:
        _classes(sheet, view, counts)
    for index, words in (
        (UNKNOWN_INDEX, vocabulary.UNKNOWN),
        (MASKED_INDEX, vocabulary.RELIABILITY["masked"]),
        (SMALL_INDEX, small_words()),
    ):
        if counts[index]:
            sheet.row(_swatch(fill_of(view, index, ident)), words, counts[index])
    if view.paint.legend_note:
        sheet.note(view.paint.legend_note)
    if points is not None and points.points:
        _establishments(sheet, points, shapes)
    return element("g", *sheet.parts, fill=INK), sheet.y


def _swatch(fill: str) -> str:
    return element("rect", x=0.5, y=0.5, width=23, height=15, fill=fill, stroke="#6b7480")


def _classes(sheet: LegendSheet, view: Coloured, counts: Counter[int]) -> None:
    classes = view.paint.classification
    ends = view.paint.ends or ("", "")
    last = len(classes.colours) - 1
    for i, (colour, bounds) in enumerate(zip(classes.colours, classes.labels, strict=True)):
        end = ends[0] if i == 0 else ends[1] if i == last else ""
        sheet.row(_swatch(colour), f"{bounds} : {end}" if end else bounds, counts[i])


def _circles(sheet: LegendSheet, view: Coloured, map_width: float) -> None:
    paint, kind = view.paint, view.paint.classification.kind
    radius = radius_on(map_width, paint)
    references = (paint.scale or circles.scale_of(paint.values)).references(paint.decimals)
    if references:
        base = radius(references[0])
        floor = sheet.y + max(2 * base, 17.0 * len(references)) + 4
        free = sheet.y
        for value in references:
            r = radius(value)
            top = floor - 2 * r
            y = max(top, free + 9)
            free = y + 9
            decimals = 0 if float(value).is_integer() else paint.decimals
            words = quantity(value, paint.unit_one, paint.unit, decimals)
            lead = f"M{base + 2:.1f},{top:.1f}L{2 * base + 8:.1f},{y:.1f}h12"
            sheet.parts += [
                element("circle", cx=base + 2, cy=floor - r, r=r, fill="none", stroke=INK),
                element("path", d=lead, fill="none", stroke=INK, stroke_width=0.8),
                label(words, 2 * base + 24, y + 4, SIZE),
            ]
        sheet.y = max(floor, free) + 8
    signs = Counter(
        0 if v == 0 else -1 if v < 0 else 1
        for v, i in zip(view.values, view.index, strict=True)
        if v is not None and i >= 0
    )
    ends = paint.ends or GAP_ENDS
    sides = {-1: ends[0], 1: ends[1]} if view.signed else {1: vocabulary.WITH_CIRCLE}
    for sign, words in sides.items():
        sheet.row(circle(12, 8, 6.5, float(sign), kind), words, signs[sign])
    if signs[0]:
        words = vocabulary.BALANCED if view.signed else vocabulary.ZERO
        sheet.row(_swatch(circles.GROUND), words, signs[0])


def _square(sheet: LegendSheet, view: Coloured, counts: Counter[int]) -> None:
    """The nine classes of need × supply, strongest need at the top, with their counts."""
    assert view.paint.axes is not None
    need, supply = view.paint.axes
    side, left = 44.0, 96.0
    sheet.note(f"Lignes : {need.label}")
    sheet.note(f"Colonnes : {supply.label}")
    sheet.y += 8
    for line, row in enumerate((2, 1, 0)):
        top = sheet.y + line * side
        sheet.parts += [
            label(need.words[row], left - 8, top + 19, 12, text_anchor="end"),
            label(need.bounds[row], left - 8, top + 34, 12, text_anchor="end"),
        ]
        for column in range(3):
            index = 3 * row + column
            colour = view.paint.classification.colours[index]
            x = left + column * side
            sheet.parts += [
                element("rect", x=x, y=top, width=side, height=side, fill=colour, stroke="#fff"),
                label(
                    number(counts[index]),
                    x + side / 2,
                    top + side / 2 + 5,
                    SIZE,
                    text_anchor="middle",
                    fill=_ink_on(colour),
                ),
            ]
    sheet.y += 3 * side + 4
    for column in range(3):
        # Words of a column do not fit its width: one line each, under the square.
        x = left + column * side + side / 2
        sheet.parts.append(label("ABC"[column], x, sheet.y + 12, 12, text_anchor="middle"))
    sheet.y += 18
    for column in range(3):
        sheet.note(f"{'ABC'[column]} : {supply.words[column]}, {supply.bounds[column]}")
    sheet.y += 8


def _ink_on(colour: str) -> str:
    red, green, blue = ((int(colour[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5))
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > DARK else "#ffffff"


def _establishments(sheet: LegendSheet, points: MapPoints, shapes: Mapping[str, str]) -> None:
    """Shapes and fills that the establishments drawn make use of."""

    def icon(shape: str, fill: str) -> str:
        path = symbols.symbol_path(shape, 12, 8, 5.5)
        return element("path", d=path, fill=fill, stroke=symbols.EDGE, stroke_width=1.2)

    services = Counter(p.service for p in points.points)
    statuses = Counter(p.status for p in points.points)
    sheet.head("Établissements", "nombre")
    for service, words in points.services.items():
        if services[service]:
            sheet.row(icon(shapes[service], symbols.NO_STATUS), words, services[service])
    sheet.head("Statut")
    for status, words in vocabulary.EVERY_STATUS.items():
        if statuses[status]:
            sheet.row(icon("circle", symbols.FILLS[status]), inside(words), statuses[status])
