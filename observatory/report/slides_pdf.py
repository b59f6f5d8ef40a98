"""Slides as a PDF, one page each, 16:9: what the PowerPoint file holds, cut by the same rules."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from observatory.french import numbers
from observatory.maps.picture.svg import width_of
from observatory.report import slide_frame
from observatory.report.document import Block
from observatory.report.office_text import clean
from observatory.report.pdf import tagged_pdf
from observatory.report.slide_frame import (
    BESIDE_GAP,
    BESIDE_LEAST,
    END_BODY,
    FIGURE,
    FIGURE_GAP,
    FIGURES_HEIGHT,
    INNER,
    TEXTS,
    beside_words,
    figure_words,
    footer_words,
    held,
    shortened,
    title_size,
    top_of_body,
)
from observatory.report.slides import (
    CELL_SIDE,
    POINTS,
    WIDE,
    Deck,
    Slide,
    fitted,
    widths_of,
)

SIDES = re.compile(r'<svg\b[^>]*? width="([\d.]+)"[^>]*? height="([\d.]+)"')
BREAK = "\u200b"
"""A place where a word may be parted, that prints nothing."""


def slides_pdf(deck: Deck) -> bytes:
    """The file of a slide show; the same deck gives the same bytes.

    Raises
    ------
    ObservatoryError
        When Typst cannot draw it.
    """
    data = {
        "title": clean(deck.title),
        "footer": _told(footer_words(deck.footer), slide_frame.FOOTER_SIZE, INNER),
        "made": [int(part) for part in re.findall(r"\d+", deck.made)[:3]],
        "frame": {k.lower(): v for k, v in vars(slide_frame).items() if isinstance(v, float | str)},
        "slides": [_slide(slide) for slide in deck.slides],
    }
    return tagged_pdf("slides.typ", "deck", data)


def _slide(slide: Slide) -> dict[str, Any]:
    slide, top = shortened(slide), top_of_body(slide)
    body = []
    for block in slide.body:
        drawn, tall = _block(block, END_BODY - top)
        body.append({**drawn, "top": top})
        top += tall
    return {
        "title": _told(slide.title, title_size(slide), INNER),
        "lead": _told(slide.lead, slide_frame.lead_size(slide), INNER),
        "foot": _told(slide.foot, slide_frame.FOOT_SIZE, INNER),
        "cover": slide.cover,
        "body": body,
    }


def _block(block: Block, room: float) -> tuple[Block, float]:
    """What the template draws of a block, and how tall it is, in inches."""
    match block["kind"]:
        case "table":
            return _table(block)
        case "picture":
            return _picture(block, room), room
        case "chart":
            return _chart(block, room), room
        case "figures":
            inner = INNER / len(block["items"]) - FIGURE_GAP
            items = [
                [_told(word, size, inner) for word, (size, *_) in zip(words, FIGURE, strict=True)]
                for words in (figure_words(item, inner) for item in block["items"])
            ]
            return {"kind": "figures", "items": items}, FIGURES_HEIGHT
        case kind:
            size, most = TEXTS[kind]
            texts = [f"•  {t}" for t in block["lines"]] if kind == "bullets" else [block["text"]]
            kept, taken = held(texts, size, most, room)
            lines = [_told(text, size, INNER) for text in kept]
            return {"kind": "lines", "lines": lines, "size": size, "soft": kind == "note"}, (
                taken + 0.1
            )


def _table(block: Block) -> tuple[Block, float]:
    size, widths = float(block["size"]), widths_of(block, INNER)
    short, heights = fitted(block, INNER)

    def cells(row: Iterable[str]) -> list[str]:
        return [
            _told(cell, size, width - CELL_SIDE) for cell, width in zip(row, widths, strict=True)
        ]

    return {
        "kind": "table",
        "headings": cells(short["headings"]),
        "rows": [cells(row) for row in short["rows"]],
        "strong": sorted(block.get("strong", ())),
        "words": block["words"],
        "size": size,
        "widths": widths,
        "heights": heights,
    }, float(sum(heights)) + 0.1


def _picture(block: Block, room: float) -> Block:
    """A picture as tall as the room, and its words where enough width is left."""
    sides = SIDES.search(block["svg"])
    across, down = map(float, sides.groups()) if sides else (INNER, room)
    wide = min(room * across / down, INNER)
    left = INNER - wide - BESIDE_GAP
    beside = block.get("beside", [])
    told = beside_words(beside, left) if beside and left >= BESIDE_LEAST else []
    return {
        "kind": "picture",
        "svg": block["svg"],
        "alt": clean(block["alt"]),
        "width": wide,
        "room": room,
        "beside": [_told(line, slide_frame.BESIDE_SIZE, left) for line in told],
    }


def _chart(block: Block, room: float) -> Block:
    """Bars as shares of the longest, each with its figure."""
    values = [round(float(v), block["decimals"]) for v in block["values"]]
    longest = max(values, default=0.0)
    return {
        "kind": "chart",
        "alt": clean(block["alt"]),
        "room": room,
        "strong": block["strong"],
        "bars": [
            {
                "label": _told(label, slide_frame.CHART_SIZE, INNER / 3),
                "share": value / longest if longest > 0 else 0.0,
                "figure": clean(numbers.number(value, block["decimals"])),
            }
            for label, value in zip(block["categories"], values, strict=True)
        ],
    }


def _told(text: str, size: float, inches: float) -> str:
    """Text of one line, its words that are wider than their place made to be parted."""
    room = inches * POINTS
    return " ".join(
        word if width_of(word, size * WIDE, bold=True) <= room else BREAK.join(word)
        for word in clean(text).split(" ")
    )
