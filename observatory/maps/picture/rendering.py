"""Pictures of a map: a self-contained SVG, its thumbnail, its PNG.

The same paint as the map on the screen; everything a reader needs is on the sheet. The PNG and the
PDF are drawn by Typst with the typefaces that it carries: they are alike on every machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from observatory.maps.coloured import coloured
from observatory.maps.picture import marks
from observatory.maps.picture import overlay as over
from observatory.maps.picture.legend_sheet import legend
from observatory.maps.picture.svg import FONTS, label, wrapped
from observatory.maps.shapes import Shapes, frame
from observatory.maps.signs import INK, patterns, shapes_of
from observatory.maps.specification import MapPaint, MapPoints
from observatory.markup import element, words
from observatory.typesetting import typeset

MARGIN = 24.0
WIDE = 9 / 16  # height of a picture that stands alone, of its width: it fills a slide or a screen
BESIDE = 52.0  # pixels between a map and what is under it: the scale bar, and room
LEAST = 300.0  # pixels: height of a map under which nothing is read
LEGEND = 252.0
TITLE, BODY = 21.0, 14.0
PPI = 96.0  # a pixel of the SVG is 1/96 inch
NAMESPACE = "http://www.w3.org/2000/svg"
PNG_SOURCE = (
    "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
    '#image(bytes(sys.inputs.svg), format: "svg")'
)


def map_svg(
    shapes: Shapes,
    paint: MapPaint,
    *,
    width: float = 1600,
    points: MapPoints | None = None,
    selected: str | None = None,
    caption: bool = True,
    territory: str = "",
) -> str:
    """Draw the map with all that it takes to read it.

    Parameters
    ----------
    shapes : Shapes
        Contours of the version (`observatory.maps.shapes.shapes`).
    paint : MapPaint
        Measure, classes and words, as on the screen.
    width : float
        Width of the picture, in pixels; words keep their size, the map takes what they leave.
    points : MapPoints, optional
        Establishments.
    selected : str, optional
        Code of the commune to outline.
    caption : bool
        Write the title and the sentence on the picture, which is then 16:9, or higher where its
        legend is; False where the page says them above it, and leaves it the height that it needs.
    territory : str
        Its name, said above the title.

    Returns
    -------
    str
        An SVG document, without any external reference.

    Raises
    ------
    ValueError
        When the values, the codes and the classes differ in length.
    """
    ident = _ident(paint)
    view = coloured(paint, shapes.codes)
    inner = width - 2 * MARGIN
    map_width = inner - LEGEND - MARGIN
    shape_of = shapes_of(points)
    key, key_height = legend(view, points, width=LEGEND, map_width=map_width, ident=ident)
    head, top = _head(paint, inner, territory) if caption else ("", 0.0)
    top += MARGIN if caption else 8.0
    foot_height = _foot(shapes, paint, inner, 0.0)[1]
    left = width * WIDE - top - foot_height - BESIDE if caption else None
    drawn = frame(shapes, map_width, _map_height(shapes, map_width, left, key_height))
    bottom = top + max(drawn.height + 44, key_height)
    foot, height = _foot(shapes, paint, inner, bottom + 8)
    rings, radii = marks.circle_layer(drawn, view)
    symbols, spots = over.point_layer(drawn, points, shape_of)
    sheet = element(
        "g",
        marks.communes(drawn, view, ident),
        marks.outline(drawn, selected),
        rings,
        symbols,
        over.name_layer(drawn, view, spots, radii, selected),
        transform=f"translate({MARGIN:g} {top:.1f})",
    )
    return element(
        "svg",
        element("title", words(paint.title)),
        element("desc", words(paint.sentence)),
        patterns(ident),
        element("rect", width=width, height=height, fill="#ffffff"),
        head,
        sheet,
        over.scale_bar(drawn, MARGIN, top + drawn.height + 40),
        element("g", key, transform=f"translate({width - MARGIN - LEGEND:g} {top:.1f})"),
        foot,
        xmlns=NAMESPACE,
        width=width,
        height=height,
        viewBox=f"0 0 {width:g} {height:.1f}",
        font_family=FONTS,
        role="img",
    )


def thumbnail_svg(
    shapes: Shapes,
    paint: MapPaint,
    *,
    width: float = 240,
    label: str,
    ident: str | None = None,
    selected: str | Collection[str] | None = None,
) -> str:
    """Draw the communes alone, to be put inside a page among others of its size.

    Parameters
    ----------
    label : str
        What the picture shows, for those who do not see it.
    ident : str, optional
        Beginning of the identifiers inside, unlike any other of the page; made from the label and
        the classes when it is not given.
    selected : str or collection of str, optional
        Codes of the communes to outline.
    """
    ident = ident or _ident(paint, label)
    view = coloured(paint, shapes.codes)
    west, south, east, north = shapes.bounds
    ratio = (north - south) / max(east - west, 1.0)
    height = round(width * min(max(ratio, 0.4), 1.4))
    drawn = frame(shapes, width - 4, height - 4)
    rings, _ = marks.circle_layer(drawn, view)
    hatched = min(view.index, default=0) < 0
    return element(
        "svg",
        patterns(ident) if hatched else "",
        element(
            "g",
            marks.communes(drawn, view, ident, titles=False),
            marks.outline(drawn, selected, width=2.0),
            rings,
            transform="translate(2 2)",
        ),
        xmlns=NAMESPACE,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        aria_label=label,
    )


def map_png(svg: str, *, scale: float = 2.0) -> bytes:
    """Turn an SVG of ours into a PNG.

    Parameters
    ----------
    svg : str
        As given by `map_svg`.
    scale : float
        Pixels of the PNG for one of the SVG.

    Raises
    ------
    ObservatoryError
        When Typst cannot draw it.
    """
    return typeset(PNG_SOURCE, {"svg": svg}, format="png", ppi=PPI * scale)


def _ident(paint: MapPaint, label: str = "") -> str:
    told = repr((paint.title, paint.sentence, paint.classification.index, label))
    return f"m{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def _map_height(shapes: Shapes, width: float, left: float | None, key_height: float) -> float:
    """Height of the map: what a picture of a given shape leaves it, else what its communes need."""
    if left is not None:
        return round(max(left, LEAST, key_height - 44))
    west, south, east, north = shapes.bounds
    ratio = (north - south) / max(east - west, 1.0)
    return round(width * min(max(ratio, 0.5), 1.2))


def _head(paint: MapPaint, width: float, territory: str) -> tuple[str, float]:
    """The territory, the title and the sentence, and where they end."""
    y = MARGIN
    lines = []
    for line in wrapped(territory, BODY, width):
        y += 18
        lines.append(label(line, MARGIN, y - 4, BODY))
    for line in wrapped(paint.title, TITLE, width, bold=True):
        y += 22
        lines.append(label(line, MARGIN, y - 4, TITLE, font_weight=600))
    for line in wrapped(paint.sentence, BODY, width):
        y += 20
        lines.append(label(line, MARGIN, y, BODY))
    return element("g", *lines, fill=INK), y


def _foot(shapes: Shapes, paint: MapPaint, width: float, y: float) -> tuple[str, float]:
    """Notes and sources, and the height of the whole picture."""
    notes = list(paint.notes)
    if shapes.left_out:
        notes.append(f"{shapes.left_out} communes hors du cadre")
    lines = []
    y += 8
    for text, weight in ((" · ".join(notes), 600), (paint.source, 400)):
        for line in wrapped(text, BODY - 1, width, bold=weight > 400):
            y += 18
            lines.append(label(line, MARGIN, y, BODY - 1, font_weight=weight))
    return element("g", *lines, fill=INK), y + MARGIN
