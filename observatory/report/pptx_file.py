"""Slides written as a PowerPoint file: native tables and charts, pictures with their words."""

from __future__ import annotations

import copy
import io
from datetime import datetime
from typing import Any

from observatory.maps.picture.rendering import map_png
from observatory.report.document import Block
from observatory.report.office_text import FONT, FRENCH, clean
from observatory.report.pptx_chart import BLUE, describe, draw_chart, rgb
from observatory.report.settled_zip import settled
from observatory.report.slides import (
    CELL_PAD,
    LINE,
    POINTS,
    Deck,
    Slide,
    cut,
    fitted,
    lines_of,
    rows_of,
    widths_of,
)

WIDTH, HEIGHT = 13.333, 7.5
LEFT, INNER = 0.6, 12.133
TOP_TITLE, TITLE_HEIGHT, TITLE_SIZE = 0.35, 1.0, 26.0
TOP_LEAD, LEAD_HEIGHT, LEAD_SIZE = 1.36, 0.5, 14.0
TOP_BODY, BODY_HEIGHT = 1.95, 4.4
TOP_FOOT, FOOT_HEIGHT, FOOT_SIZE = 6.45, 0.55, 10.0
TOP_FOOTER, FOOTER_SIZE = 7.05, 9.0
INK, SOFT, PALE = "1B2733", "55606B", "EAF0F6"
TITLE_ONLY = 5


def pptx_file(deck: Deck) -> bytes:
    """The file of a slide show; the same deck gives the same bytes."""
    return settled(_Writer(deck).content(), deck.made)


class _Writer:
    """One slide show being written; the library is imported here, when one is asked for."""

    def __init__(self, deck: Deck) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        self.inches: Any = Inches
        self.deck = deck
        self.file: Any = Presentation()
        self.file.slide_width, self.file.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.layout: Any = self.file.slide_layouts[TITLE_ONLY]
        self._set_frame()

    def content(self) -> bytes:
        """The bytes, before their dates are settled."""
        told = self.file.core_properties
        told.title, told.language = self.deck.title, FRENCH
        told.author = told.last_modified_by = "Observatoire des services aux familles"
        told.created = told.modified = datetime.fromisoformat(self.deck.made).replace(tzinfo=None)
        for slide in self.deck.slides:
            self._slide(slide)
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def _set_frame(self) -> None:
        """Put the places of the master and of the layout where the slides have theirs."""
        places = {
            "TITLE": (LEFT, TOP_TITLE, INNER, TITLE_HEIGHT),
            "FOOTER": (LEFT, TOP_FOOTER, INNER - 1.2, 0.3),
            "SLIDE_NUMBER": (LEFT + INNER - 1.0, TOP_FOOTER, 1.0, 0.3),
        }
        owners: tuple[Any, ...] = (self.layout, self.file.slide_master)
        for owner in owners:
            for shape in list(owner.placeholders):
                kind = shape.placeholder_format.type.name
                if kind == "DATE" and owner is self.layout:
                    shape._element.getparent().remove(shape._element)
                elif kind in places:
                    self._place(shape, *places[kind])
                else:
                    self._place(shape, LEFT, TOP_BODY, INNER, BODY_HEIGHT)

    def _place(self, shape: Any, *box: float) -> None:
        shape.left, shape.top, shape.width, shape.height = (self.inches(v) for v in box)

    def _slide(self, slide: Slide) -> None:
        page = self.file.slides.add_slide(self.layout)
        size, most = (30.0, 4) if slide.cover else (TITLE_SIZE, 2)
        if slide.cover:
            self._place(page.shapes.title, LEFT, 0.5, INNER, 2.15)
        title = cut(slide.title, size, INNER - 0.1, most, bold=True)
        self._write(page.shapes.title.text_frame, [title], size, bold=True, anchor="middle")
        if slide.lead:
            top = 2.75 if slide.cover else TOP_LEAD
            lead_size, most = (18.0, 1) if slide.cover else (LEAD_SIZE, 2)
            lead = cut(slide.lead, lead_size, INNER, most)
            self._box(page, [lead], top, LEAD_HEIGHT, lead_size, colour=SOFT)
        top = 3.4 if slide.cover else TOP_BODY
        for block in slide.body:
            top += self._block(page, block, top, TOP_BODY + BODY_HEIGHT - top)
        if slide.foot:
            foot = cut(slide.foot, FOOT_SIZE, INNER, 3)
            self._box(page, [foot], TOP_FOOT, FOOT_HEIGHT, FOOT_SIZE, colour=SOFT)
        for shape in self.layout.placeholders:
            kind = shape.placeholder_format.type.name
            if kind in ("FOOTER", "SLIDE_NUMBER"):
                page.shapes._spTree.append(copy.deepcopy(shape._element))
        for shape in page.placeholders:
            kind = shape.placeholder_format.type.name
            if kind == "FOOTER":
                told = cut(self.deck.footer, FOOTER_SIZE, INNER - 1.3, 1)
                self._write(shape.text_frame, [told], FOOTER_SIZE, colour=SOFT)
            elif kind == "SLIDE_NUMBER":
                self._number(shape.text_frame)

    def _block(self, page: Any, block: Block, top: float, room: float) -> float:
        """Write a block, and say how tall it is."""
        match block["kind"]:
            case "table":
                return self._table(page, block, top)
            case "picture":
                return self._picture(page, block, top, room)
            case "chart":
                draw_chart(page, block, (LEFT, top, INNER, room))
                return room
            case "figures":
                return self._figures(page, block, top)
            case "bullets":
                lines = [f"•  {line}" for line in block["lines"]]
                return self._lines(page, lines, top, room, 18.0, most=2)
            case "paragraph":
                return self._lines(page, [block["text"]], top, room, 16.0, most=5)
            case _:
                return self._lines(page, [block["text"]], top, room, 12.0, most=2, colour=SOFT)

    def _lines(
        self, page: Any, texts: list[str], top: float, room: float, size: float, *,
        most: int, colour: str = INK,
    ) -> float:  # fmt: skip
        """Write paragraphs that hold in the room; those that do not are told by their number."""
        kept: list[str] = []
        taken, gap, line = 0.0, size * 0.45 / POINTS, size * LINE / POINTS
        for rank, text in enumerate(texts):
            short = cut(text, size, INNER - 0.2, most)
            tall = len(lines_of(short, size, INNER - 0.2)) * line + gap
            if taken + tall > room - (line if rank < len(texts) - 1 else 0):
                kept.append(f"Et {len(texts) - rank} de plus, dans le schéma.")
                taken += line + gap
                break
            kept.append(short)
            taken += tall
        self._box(page, kept, top, taken + 0.05, size, colour=colour, gap=size * 0.45)
        return taken + 0.1

    def _table(self, page: Any, block: Block, top: float) -> float:
        block, heights = fitted(block, INNER)
        rows = rows_of(block)
        inch = self.inches
        frame = page.shapes.add_table(
            len(rows), len(rows[0]), inch(LEFT), inch(top), inch(INNER), inch(sum(heights))
        )
        frame.name = block["caption"]
        describe(frame, block["caption"])
        grid = frame.table
        grid.horz_banding = False
        for column, width in zip(grid.columns, widths_of(block, INNER), strict=True):
            column.width = inch(width)
        strong = set(block.get("strong", ()))
        for rank, (line, height) in enumerate(zip(rows, heights, strict=True)):
            grid.rows[rank].height = inch(height)
            bold = rank == 0 or rank - 1 in strong
            fill = BLUE if rank == 0 else PALE if bold else "FFFFFF"
            for place, text in enumerate(line):
                right = place >= block["words"]
                self._cell(
                    grid.cell(rank, place), text, fill, block["size"], bold=bold, right=right
                )
        return float(sum(heights)) + 0.1

    def _cell(
        self, cell: Any, text: str, fill: str, size: float, *, bold: bool, right: bool
    ) -> None:
        cell.fill.solid()
        cell.fill.fore_color.rgb = rgb(fill)
        cell.margin_left = cell.margin_right = self.inches(0.07)
        cell.margin_top = cell.margin_bottom = self.inches(CELL_PAD / 3)
        colour = "FFFFFF" if fill == BLUE else INK
        self._write(cell.text_frame, [text], size, bold=bold, colour=colour, right=right, wrap=None)

    def _picture(self, page: Any, block: Block, top: float, room: float) -> float:
        inch = self.inches
        shape = page.shapes.add_picture(
            io.BytesIO(map_png(block["svg"])), inch(LEFT), inch(top), height=inch(room)
        )
        if shape.width > inch(INNER):
            shape.height = int(shape.height * inch(INNER) / shape.width)
            shape.width = inch(INNER)
        describe(shape, block["alt"])
        beside = block.get("beside", [])
        if not beside:
            shape.left = inch(LEFT) + int((inch(INNER) - shape.width) / 2)
            return room
        left = LEFT + shape.width / inch(1) + 0.35
        if (wide := LEFT + INNER - left) < 2.5:
            return room
        first, *rest = beside
        lines = [first, *(f"•  {line}" for line in rest)]
        kept = [cut(line, 18.0, wide, 4 if not rank else 2) for rank, line in enumerate(lines)]
        box = page.shapes.add_textbox(inch(left), inch(top + 0.15), inch(wide), inch(room - 0.3))
        self._write(box.text_frame, kept, 18.0, gap=9.0)
        return room

    def _figures(self, page: Any, block: Block, top: float) -> float:
        """Figures side by side: what each one is, the figure in large, its unit."""
        inch, wide = self.inches, INNER / len(block["items"])
        for rank, (label, figure, unit) in enumerate(block["items"]):
            left, inner = LEFT + rank * wide, wide - 0.25
            for text, size, bold, at, most in (
                (label, 14.0, False, 0.0, 2),
                (figure, 32.0, True, 0.55, 1),
                (unit, 14.0, False, 1.12, 1),
            ):
                box = page.shapes.add_textbox(
                    inch(left), inch(top + at), inch(inner), inch(size * LINE * most / POINTS)
                )
                kept = cut(text, size, inner, most, bold=bold)
                colour = BLUE if bold else SOFT
                self._write(box.text_frame, [kept], size, bold=bold, colour=colour)
        return 1.5

    def _box(
        self, page: Any, texts: list[str], top: float, height: float, size: float, *,
        colour: str = INK, gap: float = 0.0,
    ) -> None:  # fmt: skip
        inch = self.inches
        box = page.shapes.add_textbox(inch(LEFT), inch(top), inch(INNER), inch(height))
        self._write(box.text_frame, texts, size, colour=colour, gap=gap)

    def _write(
        self, frame: Any, texts: list[str], size: float, *, bold: bool = False, colour: str = INK,
        right: bool = False, anchor: str = "top", wrap: bool | None = True, gap: float = 0.0,
    ) -> None:  # fmt: skip
        from pptx.enum.lang import MSO_LANGUAGE_ID
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        if wrap is not None:  # a cell has its own margins, and always wraps
            frame.word_wrap = wrap
            frame.margin_left = frame.margin_right = 0
            frame.margin_top = frame.margin_bottom = 0
            frame.vertical_anchor = MSO_ANCHOR.MIDDLE if anchor == "middle" else MSO_ANCHOR.TOP
        for rank, text in enumerate(texts):
            paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
            paragraph.space_after = Pt(gap)
            run = paragraph.add_run()
            run.text = clean(text)
            run.font.size, run.font.bold, run.font.name = Pt(size), bold, FONT
            run.font.color.rgb = rgb(colour)
            run.font.language_id = MSO_LANGUAGE_ID.FRENCH

    def _number(self, frame: Any) -> None:
        """The number of the slide, as the field that the program fills."""
        from pptx.enum.text import PP_ALIGN
        from pptx.util import Pt

        for paragraph in frame.paragraphs:
            paragraph.alignment = PP_ALIGN.RIGHT
            for properties in paragraph._p.xpath(".//a:fld/a:rPr"):
                properties.set("sz", str(int(Pt(FOOTER_SIZE).pt * 100)))
