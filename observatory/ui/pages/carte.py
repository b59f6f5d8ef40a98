"""The map: one question at a time, the territory's figures above, the commune's sheet beside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pandas as pd
import streamlit as st

from observatory.answers import deployment
from observatory.answers.gaps import public_of_row
from observatory.answers.rounded import ROUNDED_SHORT, is_rounded
from observatory.french import numbers
from observatory.french.dates import today
from observatory.maps.specification import Tiles
from observatory.maps.view import View
from observatory.settings import Settings
from observatory.ui.commune.sheet import show_sheet
from observatory.ui.controls import visit
from observatory.ui.controls.presentation import ask_presentation
from observatory.ui.controls.rail import ask_view, select_commune, show_rail
from observatory.ui.map.answer import MapAnswer, answer, paints
from observatory.ui.map.beside import shortfalls_told, timeline
from observatory.ui.map.component import show_map
from observatory.ui.map.downloads_of_pictures import show_picture_downloads
from observatory.ui.map.establishments import Choice, ask_points, has_points, points_of
from observatory.ui.map.statements import show_statements
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Version
from observatory.ui.tables.twin import show_twin

KEYS = ("carte", "carte2")  # the name of each map: it keeps its place and zoom


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    facts = data.commune_facts(version)
    communes: dict[str, str] = dict(zip(facts["code"], facts["name"], strict=True))
    period = data.period(version, today())
    days = deployment.steps(period.first, period.last)
    asked = visit.form()
    known = partial(data.known_today, version)
    put = ask_view(asked, communes, voted=data.voted_services(version), known=known)
    views = ask_presentation(asked, put, days)
    with_points = any(has_points(one) for one in views)
    choice = ask_points(asked, version, views[0]) if with_points else None
    show_rail(asked, data.static_files(version))
    view = views[0]
    answers = [answer(version, one) for one in views]
    first = answers[0]

    _figures(view, first.sums, data.info(version)["territory"]["name"])
    if not first.rows["supply"].notna().any():
        st.info(_nothing_known(first))
    two = len(views) == 2
    beside = st.columns([5, 3]) if view.commune and not two else [st.container()]
    with beside[0], st.container(key="cartes"):
        _maps(version, views, answers, choice, days)
    if view.commune:
        with beside[-1]:
            _sheet(version, view, first.table)
    if view.measure.reach:
        show_statements(version, view, first.table)
    same = two and (views[0].as_of, view.measure.reach) == (views[1].as_of, views[1].measure.reach)
    if two and not same:
        show_twin(version, view, first, title=f"En tableau : {first.paint.title}")
        title = f"En tableau : {answers[1].paint.title}"
        show_twin(version, views[1], answers[1], title=title, key="table2")
    else:
        show_twin(version, view, first)
    for one, paint, key, which in zip(
        views, paints(answers), KEYS, ("", "de la seconde carte"), strict=False
    ):
        points = points_of(version, one, choice)
        show_picture_downloads(version, one, paint, points, key=key, which=which)


def _nothing_known(answer: MapAnswer) -> str:
    """Why the map is hatched, and what can be looked at all the same."""
    said = "Aucun recensement chargé ne dit l'offre de ce service dans ce territoire."
    if answer.rows["public"].notna().any():
        return f"{said} Le besoin et les effectifs se consultent par le menu « Mesure »."
    return f"{said} Les sources chargées ne donnent pas non plus les effectifs de ses communes."


def _maps(
    version: Version,
    views: list[View],
    answers: list[MapAnswer],
    choice: Choice | None,
    days: Sequence[date],
) -> None:
    """One map, or two that move together."""
    tiles = _tiles()
    beside = {
        "shortfalls": shortfalls_told(views[0], answers[0]),
        "timeline": timeline(days, views[0].as_of).message(),
    }
    places = st.columns(2) if len(views) == 2 else [st.container()]
    for place, key, view, paint in zip(places, KEYS, views, paints(answers), strict=False):
        with place:
            show_map(
                paint,
                data.static_files(version),
                key=key,
                selected=view.commune,
                points=points_of(version, view, choice),
                tiles=tiles,
                link="cartes" if len(views) == 2 else None,
                beside=beside if key == KEYS[0] else None,
                on_select=select_commune,
                on_day=partial(visit.pick, "date"),
            )
    if tiles:
        server = urlsplit(tiles.url).netloc
        where = f"au serveur {server}" if server else "à ce site"
        blocks.paragraph(
            f"Le fond de carte est demandé {where} par votre navigateur : "
            "ce serveur voit l'adresse de votre machine et la partie de la carte regardée."
        )


def _tiles() -> Tiles | None:
    """The background that the operator turned on."""
    settings = Settings.from_env()
    return Tiles(settings.tiles_url, settings.tiles_attribution) if settings.tiles_url else None


def _sheet(version: Version, view: View, table: pd.DataFrame) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.page_link("observatory/ui/pages/commune.py", label="Fiche complète")
        st.button("Fermer la fiche", on_click=select_commune, args=("",), type="tertiary")
    show_sheet(version, view, table)


def _figures(view: View, total: pd.Series[Any], territory: str) -> None:
    """The territory's public, need, supply with its rate, and gap; a sharing out has no gap."""
    service = view.service
    rate = f"{numbers.rate(total['rate'])} pour {numbers.number(service.rate_per)}"
    rate += f", {ROUNDED_SHORT}" if is_rounded(total) else ""
    known = pd.notna(total["supply"])
    amounts = {
        column: (numbers.number(total[column], service.decimals), service.unit)
        if pd.notna(total[column])
        else ("inconnue" if column == "supply" else numbers.UNKNOWN, "")
        for column in ("need", "supply")
    }
    gap = (
        "Écart",
        numbers.gap(total["gap"], service.decimals),
        service.unit if pd.notna(total["gap"]) else "",
    )
    # What is only shared out is no need: neither it nor a gap stands in the head.
    shared = view.shares_out
    blocks.figures(
        territory,
        [
            (
                public_of_row(total).label,
                numbers.number(total["public"]),
                "(estimation)" if total["estimated"] else "",
            ),
            *([] if shared else [("Besoin", *amounts["need"])]),
            ("Offre", amounts["supply"][0], f"{amounts['supply'][1]} ({rate})" if known else ""),
            *([] if shared else [gap]),
        ],
    )


answering(page)
