"""Parts of a page that open, in the flow of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import streamlit as st

from observatory.ui.shell.blocks import as_label


@dataclass(frozen=True)
class PagePart:
    """A part of a page that opens.

    Attributes
    ----------
    words : str
        What it is called.
    show : callable
        Shows what it holds, once it is open.
    key : str
        Its name in the page.
    """

    words: str
    show: Callable[[], None]
    key: str


def show_parts(label: str, parts: Sequence[PagePart], *, key: str) -> None:
    """Parts that open from one bar: one element of the page, however many they are.

    What they hold is not made before, as in ``on_demand``, and stands below the bar, in its order.

    Parameters
    ----------
    label : str
        What the bar is called, heard and not shown.
    key : str
        Name of the bar in the page.
    """
    words = {part.key: part.words for part in parts}
    opened = st.pills(
        label,
        list(words),
        selection_mode="multi",
        format_func=lambda one: as_label(words[one]),
        key=f"ecran_{key}",  # paper has neither the bar nor what it opens
        label_visibility="collapsed",
    )
    for part in parts:
        if part.key in opened:
            with st.container(key=f"ecran_{part.key}"):
                st.subheader(as_label(part.words), anchor=False)
                part.show()


def on_demand(words: str, show: Callable[[], None], *, key: str) -> None:
    """A part that opens; most visits never open it, so that what it holds is not made before.

    It grows in the page, where a list that hangs from its button leaves the screen: it is placed
    before it is filled.

    Parameters
    ----------
    words : str
        What the part is called.
    show : callable
        Shows what it holds, once it is open.
    key : str
        Name of the part in the page.
    """
    fold = st.expander(words, key=key, on_change="rerun")
    if fold.open:
        with fold:
            show()


def chapter(words: str, key: str) -> AbstractContextManager[object]:
    """A part of a sheet that opens on a screen, and is open on paper (``page.css``)."""
    return st.expander(words, key=f"partie-{key}")
