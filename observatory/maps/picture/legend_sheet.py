"""The legend of a picture: classes, bounds and counts, symbols, in one column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from observatory.french.numbers import number
from observatory.maps import circles
from observatory.maps.coloured import Coloured
from observatory.maps.legend import COUNTED, LegendRow, Square, keys_of, legend_of
from observatory.maps.picture.marks import fill_of, radius_on
from observatory.maps.picture.svg import label, wrapped
from observatory.maps.signs import GROUND, INK, ink_on, picture_icon, sign_of
from observatory.maps.specification import MapPoints
from observatory.markup import element

SIZE = 13.0
ROW = 22.0


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
    map_width : float
        Width of the map itself: the circles of the legend are at its scale.
    """
    told, sheet = legend_of(view), LegendSheet(width)
    sheet.head(told.title, COUNTED)
    if told.square:
        _square(sheet, told.square, view.paint.classification.colours)
    if told.references:
        _references(sheet, view, told.references, map_width)
    fills = {sign_of(i): fill_of(view, i, ident) for i in set(view.index)}
    for i, colour in enumerate(view.paint.classification.colours):
        fills[sign_of(i)] = colour
    fills[GROUND] = circles.GROUND
    _rows(sheet, told.rows, fills)
    if told.note:
        sheet.note(told.note)
    for keys in keys_of(points):
        sheet.head(keys.title, keys.counted)
        _rows(sheet, keys.rows, {})
    return element("g", *sheet.parts, fill=INK), sheet.y


def _rows(sheet: LegendSheet, rows: Sequence[LegendRow], fills: Mapping[str, str]) -> None:
    for row in rows:
        sheet.row(picture_icon(row.sign, fills.get(row.sign, "")), row.words, row.count)


def _references(
    sheet: LegendSheet,
    view: Coloured,
    references: Sequence[tuple[float, str]],
    map_width: float,
) -> None:
    """Round amounts as circles nested on one base line, each with its words."""
    radius = radius_on(map_width, view.paint)
    base = radius(references[0][0])
    floor = sheet.y + max(2 * base, 17.0 * len(references)) + 4
    free = sheet.y
    for value, words in references:
        r = radius(value)
        top = floor - 2 * r
        y = max(top, free + 9)
        free = y + 9
        lead = f"M{base + 2:.1f},{top:.1f}L{2 * base + 8:.1f},{y:.1f}h12"
        sheet.parts += [
            element("circle", cx=base + 2, cy=floor - r, r=r, fill="none", stroke=INK),
            element("path", d=lead, fill="none", stroke=INK, stroke_width=0.8),
            label(words, 2 * base + 24, y + 4, SIZE),
        ]
    sheet.y = max(floor, free) + 8


def _square(sheet: LegendSheet, square: Square, colours: Sequence[str]) -> None:
    """The nine classes of need × supply, strongest need at the top, with their counts."""
    side, left = 44.0, 96.0
    sheet.note(f"Lignes : {square.need}")
    sheet.note(f"Colonnes : {square.supply}")
    sheet.y += 8
    for line, (step, cells) in enumerate(zip(square.lines, square.cells, strict=True)):
        top = sheet.y + line * side
        sheet.parts += [
            label(step.words, left - 8, top + 19, 12, text_anchor="end"),
            label(step.bounds, left - 8, top + 34, 12, text_anchor="end"),
        ]
        for column, (index, count) in enumerate(cells):
            colour, x = colours[index], left + column * side
            middle = {"text_anchor": "middle", "fill": ink_on(colour)}
            sheet.parts += [
                element("rect", x=x, y=top, width=side, height=side, fill=colour, stroke="#fff"),
                label(number(count), x + side / 2, top + side / 2 + 5, SIZE, **middle),
            ]
    sheet.y += 3 * side + 4
    for column in range(3):
        # Words of a column do not fit its width: one line each, under the square.
        x = left + column * side + side / 2
        sheet.parts.append(label("ABC"[column], x, sheet.y + 12, 12, text_anchor="middle"))
    sheet.y += 18
    for letter, step in zip("ABC", square.columns, strict=True):
        sheet.note(f"{letter} : {step.words}, {step.bounds}")
    sheet.y += 8
