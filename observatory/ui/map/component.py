"""The map of the communes: a small component around Leaflet.

The contours are fetched once by the browser (`observatory.ui.shell.static`). A change of indicator
sends one class and one rounded value per commune, in the order of the contours, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from observatory.maps.specification import MapPaint, MapPoints, Point, Tiles
from observatory.ui.map.message import payload, points_told
from observatory.ui.shell.loader import LOADER
from observatory.ui.shell.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["MapPaint", "MapPoints", "Point", "Tiles", "mount_map", "show_map", "written"]


def show_map(
    paint: MapPaint,
    files: StaticFiles,
    *,
    key: str = "carte",
    selected: str | None = None,
    points: MapPoints | None = None,
    tiles: Tiles | None = None,
    link: str | None = None,
    on_select: Callable[[str], None] | None = None,
) -> str | None:
    """Show the map and tell which commune was just clicked.

    Parameters
    ----------
    paint : MapPaint
        Measure, classes and words.
    files : StaticFiles
        Given by `observatory.ui.shell.static.prepare`.
    key : str
        Name of this map: it keeps its place and zoom when the page is left and found again.
    selected : str, optional
        Code of the commune to outline. The page keeps it, the map does not.
    points : MapPoints, optional
        Establishments.
    tiles : Tiles, optional
        A background the operator turned on.
    link : str, optional
        Maps of the page with the same link move together, without a message to the server.
    on_select : callable, optional
        Called with the code before the page runs again, so that what stands above the map
        can follow the click in the same run.

    Returns
    -------
    str or None
        The code of the commune clicked since the last run, once; None otherwise.
    """
    told = payload(paint, files, name=key, tiles=tiles, link=link)
    more = {"selected": selected, "points": points_told(points)}
    return mount_map(written(told), files, more, key=key, on_select=on_select)


def written(told: Mapping[str, Any]) -> bytes:
    """A message, or a part of one, as the browser reads it."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def mount_map(
    ready: bytes,
    files: StaticFiles,
    more: Mapping[str, Any],
    *,
    key: str,
    on_select: Callable[[str], None] | None = None,
    on_day: Callable[[str], None] | None = None,
    on_points: Callable[[str], None] | None = None,
) -> str | None:
    """Show a map whose message was made before.

    Parameters
    ----------
    ready : bytes
        What `written` made of `observatory.ui.map.message.payload`.
    more : mapping
        What goes beside it: ``selected``, ``points``, ``shortfalls``, ``timeline``.
    on_select, on_day, on_points : callable, optional
        Called, before the page runs again, with the commune clicked, the day that the line of
        dates was left at, and the digest of establishments that the browser has not.
    """

    def heard(name: str, then: Callable[[str], None] | None) -> Callable[[], None]:
        def called() -> None:
            state = st.session_state.get(key)
            told = state.get(name) if state else None
            if then is not None and isinstance(told, str):
                then(told)

        return called

    def select(code: str) -> None:
        if on_select is not None and code in files.codes:
            on_select(code)

    def move(day: str) -> None:
        if on_day is not None and day in (more.get("timeline") or {}).get("stops", ()):
            on_day(day)

    result = _renderer()(
        key=key,
        data=ready[:-1] + b"," + written(more)[1:],
        on_commune_change=heard("commune", select),
        on_day_change=heard("day", move),
        on_points_change=heard("points", on_points),
    )
    code = result.get("commune") if result else None
    return code if isinstance(code, str) and code in files.codes else None


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("observatory_map", js=LOADER)
