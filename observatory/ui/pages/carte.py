"""The map: one question at a time, the territory's figures above, the commune's sheet beside."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory import deployment, formats
from observatory.maps.painting import painting
from observatory.maps.view import View
from observatory.nomenclature import nomenclature
from observatory.ui import blocks, data
from observatory.ui.map import show_map
from observatory.ui.points import ask_points
from observatory.ui.sheet import show_sheet
from observatory.ui.statements import show_statements
from observatory.ui.twin import show_twin
from observatory.ui.view import ask_day_along, ask_view, select_commune


def page() -> None:
    """Draw the page."""
    version = data.version_in_service()
    info = data.info(version)
    facts = data.commune_facts(version)
    communes: dict[str, str] = dict(zip(facts["code"], facts["name"], strict=True))
    with st.sidebar:
        view = ask_view(communes)
        points = ask_points(version, view)
    ask = data.access_table if view.measure.reach else data.gap_table
    table = ask(version, view.service_id, view.as_of, view.day_type, view.custom)
    shown = table[table["definition"] == view.definition]
    rows, total = shown[shown["code"].notna()], shown[shown["code"].isna()].iloc[0]

    _figures(view, total, info["territory"]["name"])
    beside = st.columns([5, 3]) if view.commune else [st.container()]
    with beside[0]:
        show_map(
            painting(view, rows, info),
            data.static_files(version),
            selected=view.commune,
            points=points,
            on_select=select_commune,
        )
        ask_day_along(deployment.steps(deployment.FIRST_DAY, deployment.LAST_DAY), view.as_of)
    if view.commune:
        with beside[1]:
            show_sheet(version, view, table)
    if view.measure.reach:
        show_statements(version, view, table)
    show_twin(version, view, rows, shown[shown["code"].isna()])


def _figures(view: View, total: pd.Series[Any], territory: str) -> None:
    """Four figures of the territory: its public, the need, the supply with its rate, the gap."""
    service = view.service
    rate = f"{formats.rate(total['rate'])} pour {formats.number(service.rate_per)}"
    known = pd.notna(total["supply"])
    amounts = {
        column: (formats.number(total[column], service.decimals), service.unit)
        if pd.notna(total[column])
        else (formats.UNKNOWN, "")
        for column in ("need", "supply")
    }
    blocks.figures(
        territory,
        [
            (
                nomenclature().publics[service.public].label,
                formats.number(total["public"]),
                "(estimation)" if total["estimated"] else "",
            ),
            ("Besoin", *amounts["need"]),
            ("Offre", amounts["supply"][0], f"{amounts['supply'][1]} ({rate})" if known else ""),
            (
                "Écart",
                formats.gap(total["gap"], service.decimals),
                service.unit if pd.notna(total["gap"]) else "",
            ),
        ],
    )


page()
