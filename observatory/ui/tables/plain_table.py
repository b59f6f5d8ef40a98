"""HTML table of a DataFrame: real cells, reachable by keyboard, printable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from observatory.french.vocabulary import NOTHING
from observatory.ui.tables.grid import GridRow, Heading, show_grid


def show_frame(
    caption: str,
    frame: pd.DataFrame,
    *,
    key: str,
    styles: Mapping[Any, Callable[[Any], str]] | None = None,
) -> None:
    """Show a table, one line per row; what is unknown is a dash.

    Parameters
    ----------
    caption : str
        What the table is, for those who do not see the page around it.
    frame : pandas.DataFrame
        Columns in the order and under the headings they are shown.
    key : str
        Name of this table on its page.
    styles : mapping, optional
        Heading of a column of figures → how a figure is written; the others hold words.
    """
    styles = styles or {}
    columns = [
        [NOTHING if pd.isna(v) else styles[c](v) if c in styles else str(v) for v in values]
        for c, values in frame.items()
    ]
    show_grid(
        caption,
        [Heading(str(c), words=c not in styles) for c in frame],
        [GridRow(cells) for cells in zip(*columns, strict=True)],
        key=key,
    )
