"""Every sign of a map by its name: swatches, patterns, circles, symbols; drawn here alone.

A picture gives the fills; in the browser they come from the style, by the class of the mark.
"""

from __future__ import annotations

from collections.abc import Mapping

from observatory.maps import circles, symbols
from observatory.maps.classes import MASKED_INDEX, SMALL_INDEX, UNKNOWN_INDEX
from observatory.maps.specification import MapPoints
from observatory.markup import element

INK = "#1c2430"
HATCH = "#8b95a1"
FRAME = "#6b7480"
DARK = 0.2  # relative luminance below which white words are read better

UNKNOWN, SMALL, MASKED, GROUND = "u", "s", "m", "g"
SHORT, MORE, AMOUNT = "-", "+", "o"
PATTERNS = (UNKNOWN, MASKED, SMALL)
_OF_INDEX = {UNKNOWN_INDEX: UNKNOWN, SMALL_INDEX: SMALL, MASKED_INDEX: MASKED}
SHAPE, STATUS = "shape-", "status-"
CLASSES = 9


def sign_of(index: int) -> str:
    """The sign of a class: its number in one character, or the letter of a pattern."""
    return _OF_INDEX.get(index) or str(index)


def side_of(value: float, kind: str) -> str:
    """The sign of a circle."""
    return AMOUNT if kind != "gap" else SHORT if value < 0 else MORE


def shape_sign(shape: str) -> str:
    """The sign of a shape, whatever the status."""
    return SHAPE + shape


def status_sign(status: str) -> str:
    """The sign of a status, whatever the service."""
    return STATUS + status


def shapes_of(points: MapPoints | None) -> dict[str, str]:
    """Shape of each service: it keeps its own whatever is filtered."""
    services = points.services if points else {}
    every = symbols.SHAPES
    return {service: every[n % len(every)] for n, service in enumerate(services)}


def ink_on(colour: str) -> str:
    """Dark ink on light colours, white on dark ones."""
    red, green, blue = ((int(colour[at : at + 2], 16) / 255) ** 2.2 for at in (1, 3, 5))
    return INK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > DARK else "#ffffff"


def swatch(**paint: str) -> str:
    """A rectangle of 24 × 16 pixels."""
    return element("rect", x=0.5, y=0.5, width=23, height=15, **paint)


def circle(x: float, y: float, radius: float, sign: str) -> str:
    """One proportional circle: filled for a shortfall or an amount, hollow for more than needed."""
    at = {"cx": x, "cy": y, "r": radius}
    colour = COLOUR_OF_SIDE[sign]
    if sign == MORE:
        return element("circle", **at, fill="#fff", fill_opacity=0.6, stroke=colour, stroke_width=2)
    return element("circle", **at, fill=colour, fill_opacity=0.78, stroke="#fff", stroke_width=1)


COLOUR_OF_SIDE = {SHORT: circles.SHORT, MORE: circles.MORE, AMOUNT: circles.AMOUNT}


def symbol(shape: str, **paint: str | float) -> str:
    """A symbol in the middle of 24 × 16 pixels."""
    return element("path", d=symbols.symbol_path(shape, 12, 8, 5.5), **paint)


def picture_icon(sign: str, fill: str) -> str:
    """A sign as it stands in the legend of a picture; ``fill`` is that of a swatch."""
    if sign in COLOUR_OF_SIDE:
        return circle(12, 8, 6.5, sign)
    edge: dict[str, str | float] = {"stroke": symbols.EDGE, "stroke_width": 1.2}
    if sign.startswith(SHAPE):
        return symbol(sign.removeprefix(SHAPE), fill=symbols.NO_STATUS, **edge)
    if sign.startswith(STATUS):
        return symbol("circle", fill=symbols.FILLS[sign.removeprefix(STATUS)], **edge)
    return swatch(fill=fill, stroke=FRAME)


def patterns(ident: str, names: Mapping[str, str] | None = None) -> str:
    """Hatches for unknown, a trellis for masked, dots for a public too small: no colour needed.

    Parameters
    ----------
    ident : str
        Beginning of their identifiers.
    names : mapping, optional
        The end of each, by its sign; the sign itself when absent.
    """
    size = {"width": 8, "height": 8}

    def pattern(sign: str, ground: str, *marks: str) -> str:
        rect = element("rect", **size, fill=ground)
        name = f"{ident}{(names or {}).get(sign, sign)}"
        return element("pattern", rect, *marks, id=name, **size, patternUnits="userSpaceOnUse")

    lines = element("path", d="M-2,2L2,-2M0,8L8,0M6,10L10,6", stroke=HATCH, stroke_width=1.2)
    trellis = element("path", d="M0,0L8,8M8,0L0,8", stroke=INK, stroke_width=0.9)
    dots = (element("circle", cx=c, cy=c, r=0.9, fill=HATCH) for c in (2, 6))
    return element(
        "defs",
        pattern(UNKNOWN, "#e3e6ea", lines),
        pattern(MASKED, "#ffffff", trellis),
        pattern(SMALL, "#ffffff", *dots),
    )
