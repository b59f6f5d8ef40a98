"""Where the parts of a slide stand, in inches, and how large they are written, in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from observatory.report.slides import LINE, POINTS, Slide, cut, lines_of

WIDTH, HEIGHT = 13.333, 7.5
LEFT, INNER = 0.6, 12.133
TOP_TITLE, TITLE_HEIGHT, TITLE_SIZE = 0.35, 1.0, 26.0
TOP_LEAD, LEAD_HEIGHT, LEAD_SIZE = 1.36, 0.5, 14.0
TOP_BODY, BODY_HEIGHT = 1.95, 4.4
END_BODY = TOP_BODY + BODY_HEIGHT
TOP_FOOT, FOOT_HEIGHT, FOOT_SIZE = 6.45, 0.55, 10.0
TOP_FOOTER, FOOTER_HEIGHT, FOOTER_SIZE = 7.05, 0.3, 9.0
NUMBER_WIDTH = 1.0
"""Of the number of the slide, at the right of the footer."""
COVER_TOP_TITLE, COVER_TITLE_HEIGHT, COVER_TITLE_SIZE = 0.5, 2.15, 30.0
COVER_TOP_LEAD, COVER_LEAD_SIZE = 2.75, 18.0
COVER_TOP_BODY = 3.4

INK, SOFT, PALE = "1B2733", "55606B", "EAF0F6"
BLUE, BAR, RULE = "1F5F99", "9DB7D1", "C9D1D9"

TEXTS = {"bullets": (18.0, 2), "paragraph": (16.0, 5), "note": (12.0, 2)}
"""Blocks of words: size of the characters, lines of each at most."""
GAP = 0.45
"""Between two paragraphs, in the size of their characters."""
FIGURE = ((14.0, False, 0.0, 2), (32.0, True, 0.55, 1), (14.0, False, 1.12, 1))
"""Of a figure, its label, itself and its unit: size, strong, from the top, lines at most."""
FIGURE_GAP, FIGURES_HEIGHT = 0.25, 1.5
BESIDE_SIZE, BESIDE_GAP, BESIDE_LEAST = 18.0, 0.35, 2.5
"""Words at the right of a picture: none where less than this width is left."""
CHART_SIZE = 14.0


def top_of_body(slide: Slide) -> float:
    """Where the body begins."""
    return COVER_TOP_BODY if slide.cover else TOP_BODY


def title_size(slide: Slide) -> float:
    """Size of the title."""
    return COVER_TITLE_SIZE if slide.cover else TITLE_SIZE


def lead_size(slide: Slide) -> float:
    """Size of the line under the title."""
    return COVER_LEAD_SIZE if slide.cover else LEAD_SIZE


def shortened(slide: Slide) -> Slide:
    """A slide whose title, lead and foot hold in their places."""
    return replace(
        slide,
        title=cut(slide.title, title_size(slide), INNER - 0.1, 4 if slide.cover else 2, bold=True),
        lead=cut(slide.lead, lead_size(slide), INNER, 1 if slide.cover else 2),
        foot=cut(slide.foot, FOOT_SIZE, INNER, 3),
    )


def footer_words(footer: str) -> str:
    """The footer, that leaves its place to the number."""
    return cut(footer, FOOTER_SIZE, INNER - NUMBER_WIDTH - 0.3, 1)


def held(texts: Sequence[str], size: float, most: int, room: float) -> tuple[list[str], float]:
    """Paragraphs that hold in the room, and how tall they are; those left out are counted.

    Parameters
    ----------
    most : int
        Lines of each.
    room : float
        Inches.
    """
    kept: list[str] = []
    taken, gap, line = 0.0, size * GAP / POINTS, size * LINE / POINTS
    for rank, text in enumerate(texts):
        short = cut(text, size, INNER - 0.2, most)
        tall = len(lines_of(short, size, INNER - 0.2)) * line + gap
        if taken + tall > room - (line if rank < len(texts) - 1 else 0):
            kept.append(f"Et {len(texts) - rank} de plus, dans le schéma.")
            taken += line + gap
            break
        kept.append(short)
        taken += tall
    return kept, taken


def beside_words(lines: Sequence[str], inches: float) -> list[str]:
    """The words at the right of a picture: what they are, then each on its line."""
    first, *rest = lines
    return [
        cut(first, BESIDE_SIZE, inches, 4),
        *(cut(f"•  {line}", BESIDE_SIZE, inches, 2) for line in rest),
    ]


def figure_words(item: Sequence[str], inches: float) -> list[str]:
    """The label of a figure, the figure, its unit."""
    return [
        cut(text, size, inches, most, bold=bold)
        for text, (size, bold, _, most) in zip(item, FIGURE, strict=True)
    ]
