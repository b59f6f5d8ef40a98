"""The one stylesheet of the pages, and what heads them."""

from __future__ import annotations

from functools import cache
from importlib import resources

import streamlit as st

from observatory.markup import element, said
from observatory.ui.shell.printing import head_of_paper


@cache
def _page_css() -> str:
    return (resources.files("observatory.ui.shell") / "page.css").read_text(encoding="utf-8")


def apply(product: str = "", territory: str = "") -> None:
    """Add the style to the page; call it once per run, after ``st.set_page_config``.

    Parameters
    ----------
    product, territory : str
        What heads every page, on the screen and on paper.
    """
    largest = f':root {{ --largest: "{st.get_option("server.maxUploadSize")}"; }}'
    head = " · ".join(one for one in (product, territory) if one)
    st.html(element("style", _page_css(), largest, head_of_paper(head)))
    if product:
        st.html(
            element("div", said("span", product), said("strong", territory), class_="obs-brand")
        )
