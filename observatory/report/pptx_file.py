"""Slides written as a PowerPoint file: native tables and charts, pictures with their words."""

from __future__ import annotations

import copy
import io
from datetime import datetime
from typing import Any

from observatory.maps.picture.rendering import map_png
from observatory.report.document import Block
from observatory.report.office_text import FONT, FRENCH, clean
from observatory.report.pptx_chart import describe, draw_chart, rgb
from observatory.report.settled_zip import settled
from observatory.report.slide_frame import (
    BESIDE_GAP,
    BESIDE_LEAST,
    BESIDE_SIZE,
    BLUE,
    BODY_HEIGHT,
    COVER_TITLE_HEIGHT,
    COVER_TOP_LEAD,
    COVER_TOP_TITLE,
    END_BODY,
    FIGURE,
    FIGURE_GAP,
    FIGURES_HEIGHT,
    FOOT_HEIGHT,
    FOOT_SIZE,
    FOOTER_HEIGHT,
    FOOTER_SIZE,
    GAP,
    HEIGHT,
    INK,
    INNER,
    LEAD_HEIGHT,
    LEFT,
    NUMBER_WIDTH,
    PALE,
    SOFT,
    TEXTS,
    TITLE_HEIGHT,
    TOP_BODY,
    TOP_FOOT,
    TOP_FOOTER,
    TOP_LEAD,
    TOP_TITLE,
    WIDTH,
    beside_words,
    figure_words,
    footer_words,
    held,
    lead_size,
    shortened,
    title_size,
    top_of_body,
)
from observatory.report.slides import (
    CELL_PAD,
    LINE,
    POINTS,
    Deck,
    Slide,
    fitted,
    rows_of,
    widths_of,
)

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
            "FOOTER": (LEFT, TOP_FOOTER, INNER - NUMBER_WIDTH - 0.2, FOOTER_HEIGHT),
            "SLIDE_NUMBER": (LEFT + INNER - NUMBER_WIDTH, TOP_FOOTER, NUMBER_WIDTH, FOOTER_HEIGHT),
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
        slide = shortened(slide)
        if slide.cover:
            self._place(page.shapes.title, LEFT, COVER_TOP_TITLE, INNER, COVER_TITLE_HEIGHT)
        self._write(
            page.shapes.title.text_frame, [slide.title], title_size(slide), bold=True,
            anchor="middle",
        )  # fmt: skip
        if slide.lead:
            top = COVER_TOP_LEAD if slide.cover else TOP_LEAD
            self._box(page, [slide.lead], top, LEAD_HEIGHT, lead_size(slide), colour=SOFT)
        top = top_of_body(slide)
        for block in slide.body:
            top += self._block(page, block, top, END_BODY - top)
        if slide.foot:
            self._box(page, [slide.foot], TOP_FOOT, FOOT_HEIGHT, FOOT_SIZE, colour=SOFT)
        for shape in self.layout.placeholders:
            kind = shape.placeholder_format.type.name
            if kind in ("FOOTER", "SLIDE_NUMBER"):
                page.shapes._spTree.append(copy.deepcopy(shape._element))
        for shape in page.placeholders:
            kind = shape.placeholder_format.type.name
            if kind == "FOOTER":
                told = [footer_words(self.deck.footer)]
                self._write(shape.text_frame, told, FOOTER_SIZE, colour=SOFT)
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
                return self._lines(page, lines, top, room, "bullets")
            case kind:
                return self._lines(page, [block["text"]], top, room, kind)

    def _lines(self, page: Any, texts: list[str], top: float, room: float, kind: str) -> float:
        """Write paragraphs that hold in the room."""
        size, most = TEXTS[kind]
        kept, taken = held(texts, size, most, room)
        colour = SOFT if kind == "note" else INK
        self._box(page, kept, top, taken + 0.05, size, colour=colour, gap=size * GAP)
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
        left = LEFT + shape.width / inch(1) + BESIDE_GAP
        if (wide := LEFT + INNER - left) < BESIDE_LEAST:
            return room
        kept = beside_words(beside, wide)
        box = page.shapes.add_textbox(inch(left), inch(top + 0.15), inch(wide), inch(room - 0.3))
        self._write(box.text_frame, kept, BESIDE_SIZE, gap=9.0)
        return room

    def _figures(self, page: Any, block: Block, top: float) -> float:
        """Figures side by side: what each one is, the figure in large, its unit."""
        inch, wide = self.inches, INNER / len(block["items"])
        for rank, item in enumerate(block["items"]):
            left, inner = LEFT + rank * wide, wide - FIGURE_GAP
            for kept, (size, bold, at, most) in zip(figure_words(item, inner), FIGURE, strict=True):
                box = page.shapes.add_textbox(
                    inch(left), inch(top + at), inch(inner), inch(size * LINE * most / POINTS)
                )
                colour = BLUE if bold else SOFT
                self._write(box.text_frame, [kept], size, bold=bold, colour=colour)
        return FIGURES_HEIGHT

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
