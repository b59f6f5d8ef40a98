"""Narrow-screen style of a table: each row becomes a short list of « heading : cell »."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import streamlit as st

from observatory.markup import element, said
from observatory.ui.tables.held import empty_columns, left_out_words, without


def wide_table(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    words: Collection[int] = (),
    note: Sequence[str] | None = None,
    dense: bool = False,
) -> None:
    """Show a table whose columns are figures, but for the first and those named ``words``.

    A column in which nothing is known is not drawn; it is named once below.

    Parameters
    ----------
    words : collection of int
        Positions of the columns that hold words; the first one always does.
    note : sequence of str, optional
        A last row in words, one cell per column: where each column comes from.
    dense : bool
        On a phone, run the cells of a row on one after the other: for many rows. On paper every
        table with columns of words does.
    """
    lines = [list(cells) for cells in rows]
    empty = empty_columns(lines)
    unsaid = left_out_words(headings[n] for n in sorted(empty))
    kinds = ["words" if n in words else None for n in range(len(headings)) if n not in empty]
    lines, headings = [without(cells, empty) for cells in lines], without(headings, empty)
    note = without(note, empty) if note else None
    head = (
        said("th", heading, scope="col", class_=kind)
        for heading, kind in zip(headings, kinds, strict=True)
    )

    def line(cells: Sequence[str], row: str | None = None) -> str:
        first, *rest = cells
        marked = ["words"] * len(rest) if row else kinds[1:]
        each = (
            element("td", said("span", cell), class_=kind, data_label=heading)
            for heading, cell, kind in zip(headings[1:], rest, marked, strict=True)
        )
        return element("tr", said("th", first, scope="row"), *each, class_=row)

    body = [line(cells) for cells in lines] + ([line(note, "note")] if note else [])
    st.html(
        element(
            "table",
            said("caption", caption),
            element("thead", element("tr", *head)),
            element("tbody", *body),
            class_=f"obs-table obs-wide{' dense' * dense}{' runs' * bool(words)}",
        )
        + (said("p", unsaid, class_="obs-small") if unsaid else "")
    )
