"""Downloads of the map in view as a picture, drawn on demand."""

from __future__ import annotations

import streamlit as st

from observatory.maps.picture.rendering import map_png, map_svg
from observatory.maps.specification import MapPaint, MapPoints
from observatory.maps.view import View
from observatory.ui.shell import data
from observatory.ui.shell.data import Version


def show_picture_downloads(
    version: Version,
    view: View,
    paint: MapPaint,
    points: MapPoints | None,
    *,
    key: str = "carte",
    which: str = "",
) -> None:
    """Offer the map as a picture: SVG to edit or print large, PNG to paste into a document.

    Parameters
    ----------
    paint, points
        What the map on the screen shows.
    key : str
        Tells apart two such blocks on one page.
    which : str
        Words that tell it to people: ``de la seconde carte``.
    """

    words = f"Télécharger l'image {which}".rstrip()

    def drawn() -> str:
        return map_svg(data.shapes(version), paint, points=points, selected=view.commune)

    name = f"carte-{view.service_id}-{view.measure_id}-{view.as_of.isoformat()}"
    menu = st.popover(words, key=f"{key}_image", on_change="rerun")
    if not menu.open:  # most visits never open it: its buttons are made on demand
        return
    with menu:
        st.download_button(
            f"{words} (PNG)",
            lambda: map_png(drawn()),
            file_name=f"{name}.png",
            mime="image/png",
            on_click="ignore",
            key=f"{key}_image_png",
        )
        st.download_button(
            f"{words} (SVG)",
            lambda: drawn().encode(),
            file_name=f"{name}.svg",
            mime="image/svg+xml",
            on_click="ignore",
            key=f"{key}_image_svg",
        )
