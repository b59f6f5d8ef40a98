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
from observatory.ui.shell.fold import on_demand


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
    formats = {
        "PNG": ("image/png", lambda: map_png(drawn())),
        "SVG": ("image/svg+xml", lambda: drawn().encode()),
    }

    def files() -> None:
        with st.container(horizontal=True):
            for label, (mime, content) in formats.items():
                st.download_button(
                    f"{words} ({label})",
                    content,
                    file_name=f"{name}.{label.lower()}",
                    mime=mime,
                    on_click="ignore",
                    key=f"{key}_image_{label.lower()}",
                )

    on_demand(words, files, key=f"{key}_image")
