"""Parts of a page that open, in the flow of the page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import streamlit as st


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
