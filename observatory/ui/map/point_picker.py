"""The point of an establishment, put on a small map by a click or a tap."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from observatory.maps.specification import Tiles
from observatory.ui.messages import PointMessage
from observatory.ui.shell.loader import heard, loader, message
from observatory.ui.shell.static import StaticFiles

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


def pick_point(
    files: StaticFiles,
    *,
    key: str,
    label: str,
    code: str,
    point: tuple[float, float] | None,
    tiles: Tiles | None,
    on_pick: Callable[[float, float], None],
) -> None:
    """Show the map of a commune and its establishment, and tell where it was clicked.

    Parameters
    ----------
    key : str
        Name of this map: another one shows another establishment.
    label : str
        What the map is, for those who do not see it.
    code : str
        The commune, outlined; the map shows it whole when no point is known.
    point : tuple of float, optional
        Longitude and latitude (WGS84) of the point to show.
    on_pick : callable
        Called with the longitude and the latitude before the page runs again.
    """

    def clicked(sent: dict[str, Any]) -> None:
        found = _point(sent)
        if found is not None:
            on_pick(*found)

    lon, lat = point or (None, None)
    data: PointMessage = {
        "name": key,
        "label": label,
        "code": code,
        "lon": lon,
        "lat": lat,
        "tiles": {"url": tiles.url, "attribution": tiles.attribution} if tiles else None,
        "files": {
            "script": "point.js",
            "geometry": files.geometry,
        },
    }
    _renderer(files.folder)(
        key=key, data=message(data), on_point_change=heard(key, "point", dict, clicked)
    )


@cache
def _renderer(folder: str) -> ComponentRenderer:
    return st.components.v2.component("observatory_point", js=loader(folder))


def _point(sent: dict[str, Any]) -> tuple[float, float] | None:
    """The point that a browser sent, when it is one on the Earth."""
    values = [
        float(v)
        for v in (sent.get("lon"), sent.get("lat"))
        if isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v)
    ]
    if len(values) != 2 or abs(values[0]) > 180 or abs(values[1]) > 90:
        return None
    return values[0], values[1]
