"""Downloads of the map in view, as a picture or as a document; made on demand."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from observatory.maps.document.html_map import DocumentMeasure, layers_of, map_html
from observatory.maps.picture.rendering import map_png, map_svg
from observatory.maps.view import View
from observatory.ui.map.answer import answer, paints
from observatory.ui.map.establishments import Choice, points_of
from observatory.ui.shell import data
from observatory.ui.shell.data import Version
from observatory.ui.shell.download_name import download_name
from observatory.ui.shell.fold import PagePart
from observatory.ui.shell.said_first import first_sentence


def picture_part(
    version: Version,
    views: Sequence[View],
    view: View,
    choice: Choice | None,
    *,
    key: str = "carte",
    which: str = "",
) -> PagePart:
    """Offer the map: SVG to edit or print large, PNG to paste, HTML to open without a connection.

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
    whole = f"Télécharger la carte à ouvrir dans un navigateur {which}".rstrip()

    def drawn() -> str:
        paint = paints([answer(version, one) for one in views])[list(views).index(view)]
        points = points_of(version, view, choice)
        return map_svg(
            data.shapes(version),
            paint,
            points=points,
            selected=view.commune,
            territory=data.info(version)["territory"]["name"],
        )

    def document() -> bytes:
        needed = view.service_id in data.voted_services(version)
        return map_html(
            data.shapes(version),
            [
                DocumentMeasure(one.measure.label(one.service), answer(version, one).paint)
                for one in layers_of(view, needed=needed)
            ],
            territory=data.info(version)["territory"]["name"],
            points=points_of(version, view, choice),
            selected=view.commune,
            answer=first_sentence(version, view, answer(version, view).table, None),
        ).encode()

    name = f"carte-{view.service_id}-{view.measure_id}-{view.as_of.isoformat()}"
    formats = {
        "PNG": (words, "image/png", lambda: map_png(drawn())),
        "SVG": (words, "image/svg+xml", lambda: drawn().encode()),
        "HTML": (whole, "text/html", document),
    }

    def files() -> None:
        with st.container(horizontal=True):
            for label, (offered, mime, content) in formats.items():
                st.download_button(
                    f"{offered} ({label})",
                    content,
                    file_name=download_name(version, f"{name}.{label.lower()}"),
                    mime=mime,
                    on_click="ignore",
                    key=f"{key}_image_{label.lower()}",
                )

    return PagePart(words, files, f"{key}_image")
