"""Downloads of the map in view as a picture, made on demand."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from observatory.maps.picture.rendering import map_png, map_svg
from observatory.maps.view import View
from observatory.ui.map.answer import answer, paints
from observatory.ui.map.establishments import Choice, points_of
from observatory.ui.shell import data
from observatory.ui.shell.data import Version


def show_picture_downloads(
    version: Version,
    views: Sequence[View],
    view: View,
    choice: Choice | None,
    *,
    key: str = "carte",
    which: str = "",
) -> None:
    """Offer the map as a picture: SVG to edit or print large, PNG to paste into a document.

    Parameters
    ----------
    views : sequence of View
        Every map of the page: circles of one unit are drawn to one scale.
    view : View
        The one to offer.
    choice : tuple, optional
        The establishments chosen.
    key : str
        Tells apart two such blocks on one page.
    which : str
        Words that tell it to people: ``de la seconde carte``.
    """

    words = f"Télécharger l'image {which}".rstrip()

    def drawn() -> str:
        paint = paints([answer(version, one) for one in views])[list(views).index(view)]
        points = points_of(version, view, choice)
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
