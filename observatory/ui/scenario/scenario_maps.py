"""Before, after, and what changes: three maps that move together, and their files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from observatory.files.formats import FORMATS
from observatory.files.scenario_layers import results_gpkg
from observatory.french.balance import singular
from observatory.french.numbers import quantity
from observatory.french.spelling import plain
from observatory.knowledge.nomenclature import nomenclature
from observatory.knowledge.question import Question
from observatory.maps.picture.rendering import map_png
from observatory.maps.specification import MapPoints, Point
from observatory.maps.what_if_paints import (
    SIDES,
    scenario_document,
    scenario_paints,
    scenario_picture,
)
from observatory.scenario.scenario_change import Scenario
from observatory.scenario.what_if import WhatIf
from observatory.ui.controls.rail import select_commune
from observatory.ui.map.component import mount_map
from observatory.ui.map.message import payload, points_told
from observatory.ui.scenario.scenario_of_visit import found, toponyms
from observatory.ui.shell import data
from observatory.ui.shell.data import Ground, Version
from observatory.ui.shell.download_name import download_name
from observatory.ui.shell.fold import on_demand
from observatory.ui.shell.kept import remembered
from observatory.ui.shell.loader import packed, written

LINK = "et-si"
OPENS = "ouverture du scénario"
GPKG = FORMATS["gpkg"].mime


@remembered()
def ready_maps(
    version: Version, scenario: Scenario, question: Question, measure: str
) -> tuple[bytes, ...]:
    """The messages of the three maps."""
    files, answer = data.static_files(version), found(version, scenario, question)
    return tuple(
        packed(written(payload(paint, files, name=f"si{n}", link=LINK)))
        for n, paint in enumerate(scenario_paints(answer, measure, data.info(version)))
    )


def openings(version: Version, scenario: Scenario) -> MapPoints | None:
    """What the scenario opens, at its point or the town hall of its commune; None for nothing."""
    changes = [c for c in scenario.changes if c.changement == "ouvrir" and c.service]
    if not changes:
        return None
    query = "SELECT code, lon, lat FROM commune WHERE lon IS NOT NULL AND lat IS NOT NULL"
    halls = {code: (lon, lat) for code, lon, lat in data.cursor(version).execute(query).fetchall()}
    drawn_away = data.moved_contours(version)
    found = []
    for change in changes:
        given = (change.longitude, change.latitude)
        lon, lat = halls.get(change.commune, (None, None)) if None in given else given
        if lon is None or lat is None or change.commune in drawn_away:
            continue
        service = nomenclature().service(change.service)
        detail = quantity(change.places, singular(service.unit), service.unit)
        name = change.etablissement or f"{service.short} ({OPENS})"
        status = change.statut or "inconnu"
        found.append(Point(lon, lat, change.service, status, name, change.commune, detail))
    names = {one.service: nomenclature().service(one.service).short for one in found}
    return MapPoints(names, found) if found else None


def show_maps(
    version: Version, ground: Ground, answer: WhatIf, measure: str, focus: str | None
) -> None:
    """Draw them side by side, what opens as a symbol; a commune that is pressed is told first.

    Where one opens alone, its commune is outlined, and the whole territory stays in view.
    """
    ready = ready_maps(version, answer.scenario, answer.question, measure)
    opening = openings(version, answer.scenario)
    points = points_told(opening) if opening else None
    where = {point.code for point in opening.points} if opening else set()
    named = focus or (where.pop() if len(where) == 1 else None)
    with st.container(key="cartes-si"):
        for place, n in zip(st.columns(3), range(3), strict=True):
            with place:
                mount_map(
                    ready[n],
                    ground.files,
                    {"selected": named, "points": points, "whole": focus is None},
                    key=f"carte_si_{n}",
                    on_select=select_commune,
                )


def show_map_files(version: Version, answer: WhatIf, measure: str) -> None:
    """Offer the three maps: as pictures, as one document, as a layer for a mapping program."""
    name = f"scenario-{answer.question.as_of.isoformat()}"

    def files() -> None:
        info = data.info(version)
        territory = info["territory"]["name"]
        paints = scenario_paints(answer, measure, info)

        def drawn(side: int) -> str:
            names = toponyms(version)
            return scenario_picture(data.shapes(version), paints, side, answer, names, territory)

        def pixels(side: int) -> bytes:
            return map_png(drawn(side))

        def offer(words: str, content: Callable[[], bytes | str], ending: str, mime: str) -> None:
            st.download_button(
                words,
                content,
                file_name=download_name(version, f"{name}{ending}"),
                mime=mime,
                on_click="ignore",
                key=f"si_{ending}",
            )

        with st.container(horizontal=True):
            for n, side in enumerate(SIDES):
                ending = f"-{plain(side)}"
                offer(f"{side} (PNG)", partial(pixels, n), f"{ending}.png", "image/png")
                offer(f"{side} (SVG)", partial(drawn, n), f"{ending}.svg", "image/svg+xml")
            offer(
                "Les trois à ouvrir dans un navigateur (HTML)",
                lambda: scenario_document(
                    data.shapes(version), paints, answer, toponyms(version), territory
                ),
                ".html",
                "text/html",
            )
            offer(
                "Couche pour QGIS (GPKG)",
                lambda: results_gpkg(data.cursor(version), [answer]),
                ".gpkg",
                GPKG,
            )

    on_demand("Télécharger les cartes", files, key="si_cartes")
