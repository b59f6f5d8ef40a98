"""Downloads for a planner alone: asked again who acts, and under an address that nobody can guess.

Streamlit serves a file to whoever knows its address, and makes that address of what the file holds:
a masked figure is small, so that whole files could be tried one by one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

import streamlit as st

from observatory.ui.shell.access import planner_still

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COPY_BYTES = 16
"""Of the name of one copy: as hard to guess as a key."""


def own_download(label: str, content: Callable[[str], bytes], *, file_name: str) -> None:
    """Offer a workbook that a planner's session may have.

    Parameters
    ----------
    content : callable
        Gives the workbook, from the name of the copy that it is to hold.
    """
    allowed = planner_still()

    def made() -> bytes:
        allowed()
        return content(secrets.token_hex(COPY_BYTES))

    st.download_button(label, made, file_name=file_name, mime=XLSX, on_click="ignore")
