"""The map of the communes: a small component around Leaflet.

The contours are fetched once by the browser (`observatory.ui.shell.static`). A change of indicator
sends one class and one rounded value per commune, in the order of the contours, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from observatory.ui.shell.loader import heard, loader, message
from observatory.ui.shell.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


def mount_map(
    ready: bytes,
    files: StaticFiles,
    more: Mapping[str, Any],
    *,
    key: str,
    on_select: Callable[[str], None] | None = None,
    on_day: Callable[[str], None] | None = None,
    on_missed: Callable[[str], None] | None = None,
) -> str | None:
    """Show a map whose message was made before.

    Parameters
    ----------
    ready : bytes
        What `observatory.ui.shell.loader.packed` made of `observatory.ui.map.message.payload`.
    more : mapping
        What goes beside it: ``selected``, ``whole``, ``points``, ``shortfalls``, ``stops``,
        ``stop``.
    on_select, on_day, on_missed : callable, optional
        Called, before the page runs again, with the commune clicked, the day that the line of
        dates was left at, and the digest of a part that the browser has not.
    """

    def select(code: str) -> None:
        if on_select is not None and code in files.codes:
            on_select(code)

    def move(day: str) -> None:
        if on_day is not None:
            on_day(day)

    def miss(digest: str) -> None:
        if on_missed is not None:
            on_missed(digest)

    result = _renderer(files.folder)(
        key=key,
        data=message(more, ready),
        on_commune_change=heard(key, "commune", str, select),
        on_day_change=heard(key, "day", str, move),
        on_missed_change=heard(key, "missed", str, miss),
    )
    code = result.get("commune") if result else None
    return code if isinstance(code, str) and code in files.codes else None


@cache
def _renderer(folder: str) -> ComponentRenderer:
    return st.components.v2.component("observatory_map", js=loader(folder))
