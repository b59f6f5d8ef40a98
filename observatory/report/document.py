"""Blocks that make a report: plain data, drawn by a template, read by a test.

Text is text: the template receives it as data, so that a name with ``#`` or ``\\`` is printed as it
is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

Block = dict[str, Any]

TO_COMPLETE = "À compléter par le comité de pilotage"


def heading(level: int, text: str, *, new_page: bool = False, keeps: int = 0) -> Block:
    """A title of the table of contents; 1 is the highest level.

    Parameters
    ----------
    keeps : int
        How many of the blocks that follow are on its page, where one page holds them.
    """
    return {"kind": "heading", "level": level, "text": text, "new_page": new_page, "keeps": keeps}


def paragraph(text: str) -> Block:
    """Plain words."""
    return {"kind": "paragraph", "text": text}


def note(text: str) -> Block:
    """Small words under what they explain."""
    return {"kind": "note", "text": text}


def bullets(lines: Iterable[str]) -> Block:
    """A list."""
    return {"kind": "bullets", "lines": list(lines)}


def table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    words: int = 1,
    widths: Sequence[float] | None = None,
    last_is_total: bool = False,
) -> Block:
    """A table with its header; empty ones say so in the place of their rows.

    Parameters
    ----------
    words : int
        How many columns are words, from the left; the others are figures, aligned to the right.
    widths : sequence of float, optional
        Shares of the width; by default the first column is twice as wide as the others.
    last_is_total : bool
        Set the last row apart.

    Raises
    ------
    ValueError
        When a row has not one cell per heading.
    """
    cells = [list(map(str, row)) for row in rows]
    if any(len(row) != len(headings) for row in cells):
        raise ValueError(f"one cell per heading: {caption}")
    return {
        "kind": "table",
        "caption": caption,
        "headings": list(headings),
        "rows": cells,
        "words": words,
        "widths": list(widths or [2.0, *[1.0] * (len(headings) - 1)]),
        "last_is_total": last_is_total,
    }


def picture(svg: str, alt: str) -> Block:
    """A picture across the page, with what it shows for those who do not see it."""
    return {"kind": "picture", "svg": svg, "alt": alt}


def key_figures(items: Iterable[tuple[str, str, str]]) -> Block:
    """A line of figures: (label, figure, unit)."""
    return {"kind": "figures", "items": [list(item) for item in items]}


def to_complete(what: str) -> Block:
    """A marked space for what the observatory cannot know."""
    return {"kind": "to_complete", "title": TO_COMPLETE, "text": what}


@dataclass(frozen=True)
class Document:
    """A report ready to be drawn.

    Attributes
    ----------
    title, subtitle : str
        On the cover.
    header : str
        At the top of every page: the territory.
    facts : list of (str, str)
        Lines of the cover: date, version, definition.
    warning, warning_short : str
        On the cover, and at the foot of every page; empty when there is nothing to warn of.
    contents : bool
        Whether there is a cover and a table of contents.
    blocks : list of dict
        The rest, in order.
    """

    title: str
    subtitle: str
    header: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    warning: str = ""
    warning_short: str = ""
    contents: bool = True
    blocks: list[Block] = field(default_factory=list)
