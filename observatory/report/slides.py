"""Slides as plain data, cut to what a slide holds: tables split, long words shortened by rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from observatory.french import numbers
from observatory.maps.picture.svg import width_of, wrapped
from observatory.report.document import Block

POINTS = 72.0
WIDE = 1.18
"""How much wider than the typeface of the pictures the widest one of an office may be."""
LINE = 1.24
"""Height of a line, in the size of its characters."""
CELL_PAD = 0.09
"""What a cell adds above and below its lines, together, in inches."""
CELL_SIDE = 0.16
SIZES = (18.0, 16.0, 15.0, 14.0, 13.0)
"""Sizes of the characters of a table: the largest that holds on one slide, else the last."""
CELL_LINES = 2
"""Lines of a cell: what is longer is cut."""
CUT = "…"


@dataclass(frozen=True)
class Slide:
    """One slide.

    Attributes
    ----------
    title : str
        What it says, in a sentence.
    lead : str
        A line under the title; empty when there is none.
    body : tuple of dict
        What is under them, from the top.
    foot : str
        Sources, vintages and definitions of what it shows.
    cover : bool
        Whether it is the first one.
    """

    title: str
    lead: str = ""
    body: tuple[Block, ...] = ()
    foot: str = ""
    cover: bool = False


@dataclass(frozen=True)
class Deck:
    """A slide show ready to be written.

    Attributes
    ----------
    title : str
        In the properties of the file.
    footer : str
        On every slide: territory, date of the data, version, demonstration.
    made : str
        When the data were published, in ISO form: the date of the file, the same at every writing.
    """

    title: str
    footer: str
    made: str
    slides: tuple[Slide, ...]


def chart(
    categories: Sequence[str],
    values: Sequence[float],
    *,
    unit: str,
    decimals: int = 0,
    strong: Iterable[int] = (),
    alt: str,
) -> Block:
    """Bars, one per category, with their figures; the strong ones are set apart by their colour."""
    return {
        "kind": "chart",
        "categories": list(categories),
        "values": list(values),
        "unit": unit,
        "decimals": decimals,
        "strong": sorted(strong),
        "figures": [numbers.number(value, decimals) for value in values],
        "alt": alt,
    }


def lines_of(text: str, size: float, inches: float, *, bold: bool = False) -> list[str]:
    """The lines that a text takes in a width, in the widest typeface that an office may have."""
    return [
        line
        for part in text.split("\n")
        for line in wrapped(part, size * WIDE, inches * POINTS, bold=bold) or [""]
    ]


def cut(text: str, size: float, inches: float, most: int, *, bold: bool = False) -> str:
    """A text that holds in some lines: what is over is left out, at the end of a word if it can."""
    lines = lines_of(text, size, inches, bold=bold)
    if len(lines) <= most:
        return text
    kept = " ".join(lines[:most])
    while kept and len(lines_of(kept + CUT, size, inches, bold=bold)) > most:
        shorter = kept.rpartition(" ")[0]
        kept = shorter if len(shorter) > len(kept) / 2 else kept[:-1]
    return kept.rstrip(" ,;:.") + CUT


def widths_of(block: Block, inches: float) -> list[float]:
    """Width of each column of a table."""
    shares = [float(w) for w in block["widths"]]
    return [inches * share / sum(shares) for share in shares]


def sized(block: Block, inches: float, height: float) -> Block:
    """A table with the size of its characters."""
    for size in SIZES:
        tried = {**block, "size": size}
        short, heights = fitted(tried, inches)
        if sum(heights) <= height and _is_whole(tried, short, inches):
            break
    return tried


def _is_whole(block: Block, short: Block, inches: float) -> bool:
    """Whether no cell of a table is cut, and no word parted."""
    for place, width in enumerate(widths_of(block, inches)):
        cells = [row[place] for row in rows_of(block)]
        if cells != [row[place] for row in rows_of(short)]:
            return False
        room = (width - CELL_SIDE) * POINTS
        words = (word for cell in cells for word in cell.split())
        if any(width_of(word, block["size"] * WIDE, bold=True) > room for word in words):
            return False
    return True


def fitted(block: Block, inches: float) -> tuple[Block, list[float]]:
    """A table whose cells hold in their lines, and the height of each row, the header first."""
    size = float(block["size"])
    widths = widths_of(block, inches)
    rows, heights = [], []
    strong = set(block.get("strong", ()))
    for rank, row in enumerate([block["headings"], *block["rows"]]):
        bold = rank == 0 or rank - 1 in strong
        cells = [
            cut(cell, size, width - CELL_SIDE, CELL_LINES, bold=bold)
            for cell, width in zip(row, widths, strict=True)
        ]
        tall = max(
            len(lines_of(cell, size, width - CELL_SIDE, bold=bold))
            for cell, width in zip(cells, widths, strict=True)
        )
        rows.append(cells)
        heights.append(tall * size * LINE / POINTS + CELL_PAD)
    return {**block, "headings": rows[0], "rows": rows[1:]}, heights


def parted(slide: Slide, inches: float, height: float, most: int) -> list[Slide]:
    """A slide whose table is too tall, as several; beyond the most, the last one says what is left.

    Parameters
    ----------
    inches, height : float
        Room of the body.
    most : int
        Slides at most.
    """
    tables = [b for b in slide.body if b["kind"] == "table"]
    if len(tables) != 1 or len(slide.body) != 1:
        return [slide]
    block, heights = fitted(sized(tables[0], inches, height), inches)
    pages = _pages(heights, height)
    if len(pages) > most:
        pages = _pages(heights, height - 0.35)[:most]
        left = len(block["rows"]) - pages[-1][1]
    else:
        left = 0
    found = []
    for rank, (first, last) in enumerate(pages):
        strong = [s - first for s in block.get("strong", ()) if first <= s < last]
        part = {**block, "rows": block["rows"][first:last], "strong": strong}
        body: tuple[Block, ...] = (part,)
        if left and rank == len(pages) - 1:
            rows = "autre ligne" if left == 1 else "autres lignes"
            body = (part, {"kind": "note", "text": f"Et {left} {rows}, dans le schéma."})
        title = slide.title if not rank else f"{slide.title} (suite)"
        found.append(replace(slide, title=title, body=body))
    return found


def whole(slides: Iterable[Slide], inches: float, height: float, most: int) -> list[Slide]:
    """Every slide, those of long tables parted while the slide show has room for it."""
    given = list(slides)
    room = max(most - len(given), 0)
    found: list[Slide] = []
    for slide in given:
        parts = parted(slide, inches, height, 1 + room)
        room -= len(parts) - 1
        found += parts
    return found


def _pages(heights: list[float], height: float) -> list[tuple[int, int]]:
    """First row and the one after the last, of each part of a table; one row at least."""
    header, rows = heights[0], heights[1:]
    pages: list[tuple[int, int]] = []
    first, taken = 0, header
    for rank, tall in enumerate(rows):
        if rank > first and taken + tall > height:
            pages.append((first, rank))
            first, taken = rank, header
        taken += tall
    return [*pages, (first, len(rows))]


def rows_of(block: Block) -> list[list[Any]]:
    """Every row of a table, its header first."""
    return [block["headings"], *block["rows"]]
