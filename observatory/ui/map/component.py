"""The map of the communes: a small component around Leaflet.

The contours are fetched once by the browser (`observatory.ui.shell.static`). A change of indicator
sends one class and one rounded value per commune, in the order of the contours, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from observatory.maps.specification import MapPaint, MapPoints, Point, Tiles
from observatory.ui.map.message import payload
from observatory.ui.shell.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

__all__ = ["MapPaint", "MapPoints", "Point", "Tiles", "show_map"]

# Sent with every message: it only finds the real code, which the browser keeps.
LOADER = """
export default async function (component) {
  const data = JSON.parse(new TextDecoder().decode(component.data));
  const code = await import(new URL(data.files.script, document.baseURI).href);
  return code.render(component, data);
}
"""


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

    def clicked() -> None:
        code = _clicked_code(st.session_state.get(key), files)
        if on_select is not None and code is not None:
            on_select(code)

    data = payload(paint, files, name=key, selected=selected, points=points, tiles=tiles, link=link)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    result = _renderer()(key=key, data=text.encode(), on_commune_change=clicked)
    return _clicked_code(result, files)


@cache
def _renderer() -> ComponentRenderer:
    return st.components.v2.component("observatory_map", js=LOADER)


def _clicked_code(state: Any, files: StaticFiles) -> str | None:
    """The code a browser sent, when it is one of ours."""
    code = state.get("commune") if state else None
    return code if isinstance(code, str) and code in files.codes else None
