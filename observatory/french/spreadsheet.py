"""Cells of spreadsheets: text that is no formula, typed cells as text; sheets on paper."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

# What a spreadsheet may take for a formula, full-width signs and unseen spaces included.
FORMULA = re.compile("[\\s\u200b\u2060\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-]|[\t\r\n]")
BOM = "\ufeff"
A4 = 9
"""A4 as workbooks number it; without it a program may print on American paper."""
ROW_HEIGHT = 15.0
"""Of a row of one line, in points."""
LONGEST = 32_767  # characters of a cell, as UTF-16 counts them
CUT = "… (texte coupé)"
# Characters that no file can carry, or that end a text before its end.
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def clean_text(value: str) -> str:
    """Text that every format carries: control characters shown as « � », line ends as one."""
    return UNWRITABLE.sub("\ufffd", value.replace("\r\n", "\n").replace("\r", "\n"))


def excel_text(value: str) -> str:
    """Text that a cell can hold: cleaned, cut where a spreadsheet would refuse it."""
    text = clean_text(value)
    if len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    room = 2 * (LONGEST - len(CUT))
    return text.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + CUT


def safe_text(value: str) -> str:
    """Text that a spreadsheet shows as text, even when it looks like a formula."""
    return "'" + value if FORMULA.match(value) else value


Cell = str | float | int | bool | date | datetime | time | None


def text_of(cell: Cell) -> str:
    """A cell as text, just as it stands: an ISO date, a whole number without its point."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "VRAI" if cell else "FAUX"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


MOST_ACROSS = 110
"""Characters across a sheet of A4 in landscape: many more would print under 7 points."""


def on_paper(page: Any, heading: int | None = 0, widths: Sequence[float] = ()) -> None:
    """Have a sheet printed on A4 landscape, its columns side by side while they can be read.

    Wider than that, it goes on over the pages beside, each with the first column again.

    Parameters
    ----------
    page
        A sheet of XlsxWriter.
    heading : int, optional
        The row that each page repeats, from zero; none where the sheet has no headings.
    widths : sequence of float, optional
        Of its columns, in characters; without them, one page across.
    """
    across = max(1, math.ceil(sum(widths) / MOST_ACROSS))
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    page.fit_to_pages(across, 0)
    if across > 1:
        page.repeat_columns(0)
    page.set_footer("&R&8&A · &P / &N")
    if heading is not None:
        page.repeat_rows(heading)


def make_room(page: Any, row: int, cells: Sequence[Cell], widths: Sequence[int]) -> None:
    """Give a row the lines of its longest text: not every program does so by itself.

    Parameters
    ----------
    cells : sequence
        What the row will hold, from its first column on.
    widths : sequence of int
        Of the columns, in characters.
    """
    lines = [
        sum(-(-max(1, len(part)) // width) for part in cell.split("\n"))
        for cell, width in zip(cells, widths, strict=False)
        if isinstance(cell, str)
    ]
    if (most := max(lines, default=1)) > 1:
        page.set_row(row, ROW_HEIGHT * most)
