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
from observatory.ui.map.message import payload
from observatory.ui.shell.loader import LOADER
from observatory.ui.shell.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["MapPaint", "MapPoints", "Point", "Tiles", "show_map"]


def show_map(
    paint: MapPaint,
    files: StaticFiles,
    *,
    key: str = "carte",
    selected: str | None = None,
    points: MapPoints | None = None,
    tiles: Tiles | None = None,
    link: str | None = None,
    beside: Mapping[str, Any] | None = None,
    on_select: Callable[[str], None] | None = None,
    on_day: Callable[[str], None] | None = None,
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
    beside : mapping, optional
        What stands beside the map (`observatory.ui.map.beside`): ``shortfalls``, ``timeline``.
    on_select : callable, optional
        Called with the code before the page runs again, so that what stands above the map
        can follow the click in the same run.
    on_day : callable, optional
        Called with the day, as the address writes it, that the line of dates was left at.

    Returns
    -------
    str or None
        The code of the commune clicked since the last run, once; None otherwise.
    """

    def clicked() -> None:
        code = _clicked_code(st.session_state.get(key), files)
        if on_select is not None and code is not None:
            on_select(code)

    def moved() -> None:
        day = _day(st.session_state.get(key), beside or {})
        if on_day is not None and day is not None:
            on_day(day)

    data = payload(paint, files, name=key, selected=selected, points=points, tiles=tiles, link=link)
    text = json.dumps(
        {**data, **(beside or {})}, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    result = _renderer()(
        key=key, data=text.encode(), on_commune_change=clicked, on_day_change=moved
    )
    return _clicked_code(result, files)


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("observatory_map", js=LOADER)


def _clicked_code(state: Any, files: StaticFiles) -> str | None:
    """The code a browser sent, when it is one of ours."""
    code = state.get("commune") if state else None
    return code if isinstance(code, str) and code in files.codes else None


def _day(state: Any, beside: Mapping[str, Any]) -> str | None:
    """The day a browser sent, when it is a stop of the line of dates."""
    day = state.get("day") if state else None
    stops = {stop for stop, _ in beside["timeline"]["stops"]} if beside.get("timeline") else set()
    return day if isinstance(day, str) and day in stops else None
