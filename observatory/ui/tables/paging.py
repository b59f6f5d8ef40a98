"""A long table shown a page of lines at a time; sorting and files are of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from observatory.french import numbers

LINES_A_PAGE = 1_000
"""A département's communes stand in one page; those of France do not."""


@dataclass(frozen=True)
class PageOfLines:
    """Some lines of a table.

    Attributes
    ----------
    number : int
        Of the page, from 0.
    count : int
        Lines of the whole table.
    size : int
        Lines of a whole page.
    """

    number: int
    count: int
    size: int = LINES_A_PAGE

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(0, (self.count - 1) // self.size)

    @property
    def lines(self) -> slice:
        """Places of its lines in the table."""
        return slice(self.number * self.size, (self.number + 1) * self.size)

    @property
    def words(self) -> str:
        """Which lines these are."""
        first, last = self.lines.start + 1, min(self.lines.stop, self.count)
        return (
            f"Lignes {numbers.number(first)} à {numbers.number(last)} "
            f"sur {numbers.number(self.count)}"
        )


def page_of(
    table: str, asked: object, codes: Sequence[str], selected: str | None, size: int = LINES_A_PAGE
) -> PageOfLines:
    """Find the page of lines in view: the one turned to, that of a commune just chosen, or the
    first one when the table is another.

    Parameters
    ----------
    table : str
        Name of the table on its page.
    asked : object
        What makes it another table: its caption, its order. Compared, never read.
    codes : sequence of str
        The commune of each line, in the order shown.
    selected : str, optional
        The commune in focus.
    """
    key = f"lignes-{table}"
    before = st.session_state.get(key)
    found = (asked, len(codes))
    number = before[2] if before is not None and before[0] == found else 0
    if selected is not None and selected in codes and (before is None or before[1] != selected):
        number = list(codes).index(selected) // size
    page = PageOfLines(number, len(codes), size)
    page = PageOfLines(min(page.number, page.last), len(codes), size)
    st.session_state[key] = (found, selected, page.number)
    return page


def turn(table: str, number: int) -> None:
    """Turn to another page of a table."""
    key = f"lignes-{table}"
    if key in st.session_state:
        found, selected, _ = st.session_state[key]
        st.session_state[key] = (found, selected, max(0, number))
