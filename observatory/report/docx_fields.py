"""Fields of a Word file: page numbers, numbers of captions, the contents with its links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

UNCOUNTED = "…"
"""In the place of a page that only the reader's own program can count."""


def add_field(paragraph: Any, code: str, shown: str, *, into: Any = None) -> None:
    """A field, with what it shows until a program computes it again."""
    parent = paragraph._p if into is None else into
    for kind in ("begin", "code", "separate", "shown", "end"):
        run = _element("w:r")
        if kind == "code":
            run.append(_text("w:instrText", f" {code} "))
        elif kind == "shown":
            run.append(_text("w:t", shown))
        else:
            run.append(_element("w:fldChar", fldCharType=kind))
        parent.append(run)


def name_of(rank: int) -> str:
    """The bookmark of a title, by its rank among the titles."""
    return f"_Toc{rank:06d}"


def bookmark(paragraph: Any, rank: int) -> None:
    """Mark a title, for the contents to lead to it."""
    start = _element("w:bookmarkStart", id=str(rank), name=name_of(rank))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(_element("w:bookmarkEnd", id=str(rank)))


def add_contents(
    file: Any, entries: Sequence[tuple[int, str]], levels: int, inner_cm: float
) -> None:
    """The contents, as a field whose entries are already there, each with the page it leads to.

    Parameters
    ----------
    entries : sequence of (int, str)
        Level and words of each title, in the order of the document.
    levels : int
        How many levels are shown.
    """
    from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
    from docx.shared import Cm

    shown = [(rank, *entry) for rank, entry in enumerate(entries) if entry[0] <= levels]
    for place, (rank, level, words) in enumerate(shown):
        paragraph = file.add_paragraph(style=f"TOC {level}")
        layout = paragraph.paragraph_format
        layout.left_indent, layout.space_after = Cm(0.6 * (level - 1)), 0
        layout.tab_stops.add_tab_stop(Cm(inner_cm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        if place == 0:
            for kind in ("begin", "code", "separate"):
                run = _element("w:r")
                if kind == "code":
                    run.append(_text("w:instrText", f' TOC \\o "1-{levels}" \\h \\z \\u '))
                else:
                    run.append(_element("w:fldChar", fldCharType=kind))
                paragraph._p.append(run)
        link = _element("w:hyperlink", anchor=name_of(rank), history="1")
        run = _element("w:r")
        run.append(_text("w:t", words))
        run.append(_element("w:tab"))
        link.append(run)
        add_field(paragraph, f"PAGEREF {name_of(rank)}", UNCOUNTED, into=link)
        paragraph._p.append(link)
        if place == len(shown) - 1:
            run = _element("w:r")
            run.append(_element("w:fldChar", fldCharType="end"))
            paragraph._p.append(run)


def ask_update(file: Any) -> None:
    """Have the pages of the contents counted as the file is opened."""
    file.settings.element.append(_element("w:updateFields", val="true"))


def describe(shape: Any, words: str) -> None:
    """Say what a picture shows, for those who do not see it."""
    shape._inline.docPr.set("descr", words)


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    made: Any = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _text(tag: str, words: str) -> Any:
    from docx.oxml.ns import qn

    made = _element(tag)
    made.text = words
    made.set(qn("xml:space"), "preserve")
    return made
