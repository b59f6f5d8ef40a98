"""The map: one question at a time, the territory's figures above, the commune's sheet beside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from observatory.french.dates import today
from observatory.maps.specification import Tiles
from observatory.maps.view import View
from observatory.settings import Settings
from observatory.ui.commune.sheet import show_sheet
from observatory.ui.controls import visit
from observatory.ui.controls.form import Form
from observatory.ui.controls.presentation import ask_presentation
from observatory.ui.controls.rail import ask_view, select_commune, show_rail
from observatory.ui.map.answer import answer
from observatory.ui.map.beside import BesideMap
from observatory.ui.map.component import mount_map
from observatory.ui.map.downloads_of_pictures import picture_part
from observatory.ui.map.establishments import Choice, ask_points, has_points
from observatory.ui.map.ready import KEYS, ReadyPage, ReadyPoints, ready_page, ready_points
from observatory.ui.messages import MovesMessage, PointsMessage, SentMessage, StopsMessage
from observatory.ui.shell import blocks, data
from observatory.ui.shell.answering import answering
from observatory.ui.shell.data import Ground, Version
from observatory.ui.shell.embedding import frame_part, is_embedded, leave_bare
from observatory.ui.shell.fold import PagePart, show_parts
from observatory.ui.tables.twin import twin_parts

TABLES = ("table", "table2")
SentOnce = PointsMessage | StopsMessage | MovesMessage


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    ground = data.ground(version, today())
    asked = visit.form()
    views, choice = _asked(asked, version, ground)
    show_rail(asked, ground.files)
    view, tiles = views[0], _tiles()
    ready = ready_page(version, views, ground.days, tiles)

    st.html(ready.head)
    if ready.nothing:
        st.info(ready.nothing)
    two = len(views) == 2
    points = [ready_points(version, one, choice) for one in views]
    if two:
        _maps(ground, views, ready, points)
        if view.commune:
            _sheet(version, view)
    else:
        # The place of the map is the same with a sheet and without: so is the map in the browser.
        with st.container(key="cartes"):
            _maps(ground, views, ready, points)
            if view.commune:
                with st.container(key="feuille"):
                    _sheet(version, view)
    if tiles:
        _whose_tiles(tiles)
    if ready.statements:
        st.html(ready.statements)
    same = two and (views[0].as_of, view.measure.reach) == (views[1].as_of, views[1].measure.reach)
    shown = views if two and not same else views[:1]
    parts: list[PagePart] = []
    for one, title, key in zip(shown, ready.titles, TABLES, strict=False):
        which = title if len(shown) == 2 else ""
        parts += twin_parts(version, one, partial(answer, version, one), title=which, key=key)
    for one, key, which in zip(views, KEYS, ("", "de la seconde carte"), strict=False):
        parts.append(picture_part(version, views, one, choice, key=key, which=which))
    # What is usual may change with the data: the line names the measure and the need.
    told = {"mesure": view.measure_id, "besoin": view.definition}
    parts.append(frame_part(asked.address | told, ready.titles[0]))
    show_parts("Ce qui s'ouvre sous la carte", parts, key="sous_la_carte")


def alone() -> None:
    """Draw the map alone, as another site shows it: its legend and its sources, nothing to choose.

    A commune that is pressed is outlined, and its sheet does not open.
    """
    leave_bare()
    version = data.version_in_service()
    ground = data.ground(version, today())
    asked = visit.form()
    views, choice = _asked(asked, version, ground)
    for sentence in asked.unread:
        st.warning(blocks.as_label(sentence))
    ready = ready_page(version, views[:1], ground.days, _tiles())
    points = ready_points(version, views[0], choice)
    mount_map(
        ready.maps[0].message,
        ground.files,
        {"selected": views[0].commune, "points": _once(points.told) if points else None},
        key=KEYS[0],
        on_select=select_commune,
        on_missed=visit.visit().sent.discard,
    )


def _asked(asked: Form, version: Version, ground: Ground) -> tuple[list[View], Choice | None]:
    """The question of each map, and the establishments chosen."""
    put = ask_view(
        asked,
        ground.communes,
        voted=ground.voted,
        known=ground.known,
        groups=ground.groups,
        measured=ground.measured,
    )
    views = ask_presentation(asked, put, ground.days)
    with_points = any(has_points(one) for one in views)
    return views, ask_points(asked, version, views[0]) if with_points else None


def _maps(
    ground: Ground, views: Sequence[View], ready: ReadyPage, points: Sequence[ReadyPoints | None]
) -> None:
    """One map, or two that move together."""
    places: Sequence[AbstractContextManager[object]] = (
        st.columns(2) if len(views) == 2 else [nullcontext()]
    )
    for n, (place, key, view) in enumerate(zip(places, KEYS, views, strict=False)):
        with place:
            mount_map(
                ready.maps[n].message,
                ground.files,
                {
                    "selected": view.commune,
                    "points": _once(found.told) if (found := points[n]) else None,
                    **(_beside(ready.beside) if n == 0 else {}),
                },
                key=key,
                on_select=select_commune,
                on_day=partial(_move, ready.beside),
                on_missed=visit.visit().sent.discard,
            )


def _move(beside: BesideMap, day: str) -> None:
    """Take a day of the line of dates; a browser may send anything."""
    if day in beside.timeline.message()["days"]:
        visit.pick("date", day)


def _beside(beside: BesideMap) -> dict[str, Any]:
    """What stands beside the first map: the days that the line of dates stops at are sent once."""
    told = {
        "shortfalls": beside.shortfalls,
        "stops": _once(beside.timeline.message()),
        "stop": beside.timeline.stop,
    }
    return {**told, "moves": _once(beside.moves)} if beside.moves else told


def _once(told: SentOnce) -> SentOnce | SentMessage:
    """A part of a message; its digest alone where the browser was sent it already.

    A browser that has not kept it asks for it again.
    """
    name, sent = told["digest"], visit.visit().sent
    if name in sent:
        return {"digest": name}
    sent.add(name)
    return told


def _whose_tiles(tiles: Tiles) -> None:
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


def _sheet(version: Version, view: View) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.page_link("observatory/ui/pages/commune.py", label="Fiche complète")
        st.page_link("observatory/ui/pages/et_si.py", label="Et si on ouvrait ici ?")
        st.button("Fermer la fiche", on_click=select_commune, args=("",), type="tertiary")
    show_sheet(version, view, answer(version, view).table)


answering(alone if is_embedded() else page)
