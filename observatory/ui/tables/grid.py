"""Sortable table of figures: real cells, sorted by the server, rows chosen by a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import streamlit as st

from observatory.ui.messages import GridMessage
from observatory.ui.shell.loader import heard, written
from observatory.ui.tables.paging import PageOfLines, turn

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


@dataclass(frozen=True)
class Heading:
    """The head of a column.

    Attributes
    ----------
    label, unit : str
        What the column holds and its unit, shown below.
    key : str
        What is asked when the heading is clicked to sort; empty when it cannot be.
    words : bool
        Whether it holds words, aligned to the left.
    """

    label: str
    unit: str = ""
    key: str = ""
    words: bool = False


@dataclass(frozen=True)
class GridRow:
    """A line of text already written for French readers; ``code`` when it stands for a commune."""

    cells: tuple[str, ...]
    code: str | None = None


def show_grid(
    caption: str,
    headings: Sequence[Heading],
    rows: Sequence[GridRow],
    *,
    key: str,
    foot: Sequence[GridRow] = (),
    name: int = 0,
    selected: str | None = None,
    sorted_by: str = "",
    descending: bool = False,
    tall: bool = True,
    page: PageOfLines | None = None,
    on_sort: Callable[[str], None] | None = None,
    on_select: Callable[[str], None] | None = None,
) -> None:
    """Show a table.

    Parameters
    ----------
    caption : str
        What the table is, for those who do not see the page around it.
    headings, rows
        The columns, and the lines in the order they are shown.
    key : str
        Name of this table on its page.
    foot : sequence of Row
        Totals, kept in sight below the lines.
    name : int
        Index of the column that names the line.
    selected : str, optional
        Code of the row to mark.
    sorted_by, descending
        Key of the heading the rows are sorted by, and how: said to screen readers.
    tall : bool
        Keep the table within the window, its lines scrolling under the headings.
    page : PageOfLines, optional
        Which of the lines these are, where there are more.
    on_sort, on_select : callable, optional
        Called with a heading's key, or a commune's code, before the page runs again.
    """
    keys = {h.key for h in headings if h.key}
    codes = {r.code for r in (*rows, *foot) if r.code}

    def told(name: str, known: set[str], then: Callable[[str], None] | None) -> Callable[[], None]:
        def called(value: str) -> None:
            if then is not None and value in known:
                then(value)

        return heard(key, name, str, called)

    order = "descending" if descending else "ascending"
    data: GridMessage = {
        "caption": caption,
        "columns": [
            {
                "label": h.label,
                "unit": h.unit,
                "key": h.key if on_sort else "",
                "words": h.words,
                "sorted": order if h.key and h.key == sorted_by else "",
            }
            for h in headings
        ],
        "rows": [[r.code, *r.cells] for r in rows],
        "foot": [[r.code, *r.cells] for r in foot],
        "name": name,
        "selected": selected,
        "pick": on_select is not None,
        "tall": tall,
    }
    if page is not None and page.last:
        data["page"] = {"words": page.words, "number": page.number, "last": page.last}
    _renderer()(
        key=key,
        data=written(data),
        on_sort_change=told("sort", keys, on_sort),
        on_commune_change=told("commune", codes, on_select),
        on_page_change=heard(key, "page", int, lambda number: turn(key, number)),
    )


@cache
def _renderer() -> ComponentRenderer:
    own = resources.files("observatory.ui.tables")
    return st.components.v2.component(
        "observatory_grid",
        js=(own / "grid.js").read_text(encoding="utf-8"),
        css=(own / "grid.css").read_text(encoding="utf-8"),
    )
