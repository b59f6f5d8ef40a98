"""Localises Streamlit's own widgets, and sets language, focus and contrast on every page."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


def apply() -> None:
    """Add what no theme can say; call it once per run, before the page."""
    _style_and_script()(key="langue")


@cache
def _style_and_script() -> ComponentRenderer:
    own = resources.files("observatory.ui.shell")
    return st.components.v2.component(
        "observatory_everyone",
        js=(own / "everyone.js").read_text(encoding="utf-8"),
        css=(own / "everyone.css").read_text(encoding="utf-8"),
        isolate_styles=False,
    )
