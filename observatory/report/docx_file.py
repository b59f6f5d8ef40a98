"""A report written as a Word file: real styles, contents, captions, headers that repeat."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from observatory.maps.picture.rendering import map_png
from observatory.maps.picture.svg import width_of
from observatory.report.document import Block, Document
from observatory.report.docx_fields import add_contents, add_field, ask_update, bookmark, describe
from observatory.report.office_text import FONT, FRENCH, clean
from observatory.report.settled_zip import settled
from observatory.report.slides import WIDE

INNER_CM = 17.0
MAP_CM = (13.5, 9.2)
"""Width and height that a map fits in: two of them stand on a page, with their sentences."""
COLOURS = 128  # of a picture: its classes, and the shades of its edges
MARGIN_CM = 2.0
CONTENTS_LEVELS = 2
NOTE, TO_FILL, WARNING = "Note", "À compléter", "Avertissement"
INK, SOFT, PALE, HEADER = "1B2733", "55606B", "EAF0F6", "1F5F99"
RULE = "C9D1D9"
CM_PER_POINT = 2.54 / 72
CELL_SIDE_CM = 0.42


def docx_file(document: Document, footer: str, made: str) -> bytes:
    """The file of a report; the same report gives the same bytes.

    Parameters
    ----------
    footer : str
        On every page: date of the data, version, demonstration.
    made : str
        When the data were published, in ISO form.
    """
    return settled(_Writer(document, footer, made).content(), made)


class _Writer:
    """One report being written; the library is imported here, when one is asked for."""

    def __init__(self, document: Document, footer: str, made: str) -> None:
        import docx

        self.document, self.footer, self.made = document, footer, made
        self.file: Any = docx.Document()
        self.counts = {"Tableau": 0, "Carte": 0}
        self.heading = 0
        self.kinds: Mapping[str, Callable[[Block], None]] = {
            "heading": self._heading,
            "paragraph": lambda block: self._text(block["text"]),
            "note": lambda block: self._text(block["text"], NOTE),
            "bullets": self._bullets,
            "table": self._table,
            "picture": self._picture,
            "figures": self._figures,
            "to_complete": self._to_complete,
            "chart": lambda block: None,  # its table stands under it, which an office can edit
        }

    def content(self) -> bytes:
        """The bytes, before their dates are settled."""
        self._set_styles()
        self._set_page()
        told = self.file.core_properties
        told.title, told.language = self.document.title, FRENCH
        told.author = told.last_modified_by = "Observatoire des services aux familles"
        told.created = told.modified = datetime.fromisoformat(self.made).replace(tzinfo=None)
        self._cover()
        for block in self.document.blocks:
            self.kinds[block["kind"]](block)
        out = io.BytesIO()
        self.file.save(out)
        return out.getvalue()

    def _set_styles(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.oxml.ns import qn
        from docx.shared import Pt

        styles = self.file.styles
        sizes = {"Normal": 10.5, "Title": 26, "Subtitle": 14, "Caption": 9.5, "List Bullet": 10.5}
        headings = {"Heading 1": 17, "Heading 2": 13, "Heading 3": 11.5}
        made = {NOTE: 9.0, TO_FILL: 10.5, WARNING: 11.0, "TOC 1": 10.5, "TOC 2": 10.0}
        for name, size in {**sizes, **headings, **made}.items():
            style = (
                styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH) if name in made else styles[name]
            )
            if name in made:
                style.base_style = styles["Normal"]
            style.font.size, style.font.name = Pt(size), FONT
            style.font.color.rgb = _rgb(SOFT if name in (NOTE, "Subtitle") else INK)
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{key}"), None)
        styles["Normal"].paragraph_format.space_after = Pt(6)
        styles[NOTE].paragraph_format.space_after = Pt(10)
        styles[NOTE].paragraph_format.space_before = Pt(4)
        styles[TO_FILL].paragraph_format.space_before = Pt(6)
        for name in ("Caption", *headings):
            styles[name].paragraph_format.keep_with_next = True
        styles["Caption"].font.bold = styles[WARNING].font.bold = True
        styles["Caption"].paragraph_format.space_before = Pt(14)
        styles["Caption"].paragraph_format.space_after = Pt(3)
        styles[TO_FILL].font.italic = True
        for language in styles.element.xpath("w:docDefaults//w:lang"):
            language.set(qn("w:val"), FRENCH)

    def _set_page(self) -> None:
        from docx.enum.text import WD_TAB_ALIGNMENT
        from docx.shared import Cm, Pt

        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(MARGIN_CM)
        section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
        head = section.header.paragraphs[0]
        head.text, head.style = clean(self.document.header), self.file.styles[NOTE]
        foot = section.footer.paragraphs[0]
        foot.style = self.file.styles[NOTE]
        foot.paragraph_format.tab_stops.add_tab_stop(Cm(INNER_CM), WD_TAB_ALIGNMENT.RIGHT)
        foot.add_run(clean(self.footer) + "\t").font.size = Pt(7.5)
        add_field(foot, "PAGE", "1")

    def _cover(self) -> None:
        document = self.document
        self._text(document.title, "Title")
        self._text(document.subtitle, "Subtitle")
        for name, value in document.facts:
            self._text(f"{name} : {value}")
        if document.warning:
            self._text(document.warning, WARNING)
        if document.contents:
            entries = [
                (block["level"], clean(block["text"]))
                for block in document.blocks
                if block["kind"] == "heading"
            ]
            self._text("Sommaire", WARNING).paragraph_format.page_break_before = True
            ask_update(self.file)
            add_contents(self.file, entries, CONTENTS_LEVELS, INNER_CM)

    def _text(self, text: str, style: str = "Normal") -> Any:
        return self.file.add_paragraph(clean(text), style=style)

    def _heading(self, block: Block) -> None:
        paragraph = self.file.add_heading(clean(block["text"]), level=block["level"])
        paragraph.paragraph_format.page_break_before = block["new_page"]
        bookmark(paragraph, self.heading)
        self.heading += 1

    def _bullets(self, block: Block) -> None:
        for line in block["lines"]:
            self._text(line, "List Bullet")

    def _to_complete(self, block: Block) -> None:
        self._text(f"{block['title']} : {block['text']}", TO_FILL)

    def _caption(self, kind: str, text: str) -> None:
        self.counts[kind] += 1
        paragraph = self.file.add_paragraph(style="Caption")
        paragraph.add_run(f"{kind} ")
        add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(self.counts[kind]))
        paragraph.add_run(clean(f" : {text}"))

    def _table(self, block: Block) -> None:
        self._caption("Tableau", block["caption"])
        if not block["rows"]:
            self._text("Rien à montrer.", NOTE)
            return
        strong = set(block.get("strong", ()))
        if block["last_is_total"]:
            strong.add(len(block["rows"]) - 1)
        self._grid([block["headings"], *block["rows"]], block["widths"], block["words"], strong)

    def _figures(self, block: Block) -> None:
        items = block["items"]
        rows = [
            [label for label, _, _ in items],
            [f"{figure} {unit}".strip() for _, figure, unit in items],
        ]
        self._caption("Tableau", "Chiffres clés")
        self._grid(rows, [1.0] * len(items), len(items), {0})

    def _grid(
        self, rows: list[list[str]], shares: list[float], words: int, strong: set[int]
    ) -> None:
        """A table of Word: its header repeats on each page, no row is parted between two."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Cm, Pt

        grid = self.file.add_table(len(rows), len(rows[0]), style="Table Grid")
        grid.autofit = False
        _rule(grid)
        size = Pt(9 if len(rows[0]) < 6 else 8)
        widths = [Cm(wide) for wide in fair_widths(rows, shares, size.pt, INNER_CM)]
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = width
        for rank, (line, row) in enumerate(zip(rows, grid.rows, strict=True)):
            bold = rank == 0 or rank - 1 in strong
            _mark(row, "w:cantSplit")
            if rank == 0:
                _mark(row, "w:tblHeader")
            for place, (text, cell) in enumerate(zip(line, row.cells, strict=True)):
                cell.width = widths[place]
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.space_before = Pt(1)
                paragraph.paragraph_format.space_after = Pt(2)
                if place >= words:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                run = paragraph.add_run(clean(text))
                run.font.size, run.font.bold = size, bold
                if rank == 0:
                    run.font.color.rgb = _rgb("FFFFFF")
                if bold:
                    _fill(cell, HEADER if rank == 0 else PALE)

    def _picture(self, block: Block) -> None:
        from docx.shared import Cm, Pt

        self._caption("Carte", block.get("caption", "carte"))
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True  # the sentence under it
        paragraph.paragraph_format.space_after = Pt(0)
        shape = paragraph.add_run().add_picture(io.BytesIO(_few_colours(map_png(block["svg"]))))
        fits = min(Cm(MAP_CM[0]) / shape.width, Cm(MAP_CM[1]) / shape.height)
        shape.width, shape.height = int(shape.width * fits), int(shape.height * fits)
        describe(shape, clean(block["alt"]))


def _few_colours(png: bytes) -> bytes:
    """A picture of flat colours with a palette: a quarter of its weight, and no eye sees it."""
    from PIL import Image

    out = io.BytesIO()
    with Image.open(io.BytesIO(png)) as whole:
        whole.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
    return out.getvalue()


def fair_widths(
    rows: list[list[str]], shares: Sequence[float], size: float, inner: float
) -> list[float]:
    """Width of each column: its share, or what its longest word takes while there is room.

    Parameters
    ----------
    size : float
        Of the characters, in points.
    inner : float
        Width of the table, in centimetres.
    """
    least = [
        max(width_of(word, size * WIDE, bold=True) for row in rows for word in row[n].split(" "))
        * CM_PER_POINT
        + CELL_SIDE_CM
        for n in range(len(shares))
    ]
    least = [min(wide, 2.5 * inner / len(shares)) for wide in least]
    if sum(least) >= inner:
        return [inner * wide / sum(least) for wide in least]
    wanted = [inner * share / sum(shares) for share in shares]
    over = [max(w - least[n], 0.0) for n, w in enumerate(wanted)]
    room = inner - sum(max(w, least[n]) for n, w in enumerate(wanted))
    return [
        max(w, least[n]) + (room * over[n] / sum(over) if sum(over) else 0.0)
        for n, w in enumerate(wanted)
    ]


def _rule(grid: Any) -> None:
    """Light rules between the cells of a table."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders: Any = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line: Any = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    grid._tbl.tblPr.append(borders)


def _rgb(text: str) -> Any:
    from docx.shared import RGBColor

    return RGBColor.from_string(text)


def _mark(row: Any, tag: str) -> None:
    """A property of a row that the library has no word for."""
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _fill(cell: Any, colour: str) -> None:
    """The background of a cell."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade: Any = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)
