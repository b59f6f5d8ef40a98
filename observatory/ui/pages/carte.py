"""The map: one question at a time, the territory's figures above, the commune's sheet beside."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory import deployment, formats
from observatory.nomenclature import nomenclature
from observatory.ui import blocks, data
from observatory.ui.data import Version
from observatory.ui.map import Column, MapPaint, show_map
from observatory.ui.measures import classify_measure, values_of
from observatory.ui.points import ask_points
from observatory.ui.sheet import show_sheet
from observatory.ui.statements import show_statements
from observatory.ui.twin import show_twin
from observatory.ui.view import View, ask_day_along, ask_view, select_commune
from observatory.weights import catchment_rules
from observatory.words import capital, inside

CONTOURS = {
    "schematic": "Contours schématiques",
    "generalised": "Contours très généralisés",
}


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
    notes = [CONTOURS[info["contours"]]] if info["contours"] in CONTOURS else []
    if info["demonstration"]:
        notes.append("Offre de démonstration")
    if rows["bpe"].any():
        notes.append("Offre de la BPE : sous-estimée")

    _figures(view, total, info["territory"]["name"])
    beside = st.columns([5, 3]) if view.commune else [st.container()]
    with beside[0]:
        show_map(
            _paint(version, view, rows, notes, info),
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


def _title(view: View) -> str:
    day = f", {nomenclature().day_types[view.day_type]}" if view.day_type else ""
    return f"{view.measure.label(view.service)} : {view.service.short}{day}"


def _sentence(view: View, total: pd.Series[Any]) -> str:
    """What the map shows, in full: measure, date, definition of the need, age of the figures."""
    service = view.service
    estimated = ", estimés d'après des bandes de cinq ans" if total["estimated"] else ""
    supply = f"offre au {formats.long_date(view.as_of)}"
    public = f"{nomenclature().publics[service.public].noun}{estimated}"
    return {
        "ecart": f"{capital(supply)} moins besoin, défini par : {inside(view.definition_label)} ; "
        f"{public}.",
        "taux": f"{capital(service.rate_label)}, {supply} ; {public}.",
        "acces": f"{capital(service.unit.split()[0])} que les familles atteignent, partagées avec "
        f"les communes voisines ; {supply} ; {public}. {catchment_rules().explain_minutes()}",
        "ecart_acces": f"Offre accessible moins besoin, défini par : "
        f"{inside(view.definition_label)} ; {supply} ; {public}. "
        f"{catchment_rules().explain_minutes()}",
        "offre": f"Offre en {service.unit} ; {supply}.",
        "besoin": f"Besoin en {service.unit}, défini par : {inside(view.definition_label)} ; "
        f"{public}.",
        "enfants": f"Nombre de personnes : {public}.",
        "taux_publie": "Taux de couverture publié par la Caf pour les communes de plus de "
        "10 000 habitants ; ailleurs il est inconnu.",
    }[view.measure_id]


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


def _paint(
    version: Version, view: View, rows: pd.DataFrame, notes: list[str], info: dict[str, Any]
) -> MapPaint:
    service, measure = view.service, view.measure
    unit = measure.unit(service)
    return MapPaint(
        codes=rows["code"].tolist(),
        values=values_of(measure, rows),
        classification=classify_measure(measure, service, rows),
        title=_title(view),
        sentence=_sentence(view, rows.iloc[0]),
        legend_title=_legend_title(view),
        unit=unit,
        unit_one=unit.split()[0].rstrip("s") if measure.kind == "count" else unit,
        decimals=measure.decimals(service),
        source=_source_line(version, view, info, bpe=bool(rows["bpe"].any())),
        notes=tuple(notes),
        columns=tuple(
            Column(label, [None if pd.isna(v) else float(v) for v in rows[column]], u, decimals)
            for label, column, u, decimals in (
                ("Besoin", "need", service.unit, service.decimals),
                ("Offre", "supply", service.unit, service.decimals),
                ("Public", "public", "", 0),
            )
            if column != measure.column
        ),
    )


def _legend_title(view: View) -> str:
    """The measure with its unit: a rate says of how many."""
    label = view.measure.label(view.service)
    if view.measure.kind != "rate" or label == capital(view.service.rate_label):
        return label
    return f"{label}, pour {formats.number(view.service.rate_per)}"


def _source_line(version: Version, view: View, info: dict[str, Any], *, bpe: bool) -> str:
    vintages = {s["id"]: s["vintage"] for s in info["sources"]}
    ages = f"Insee RP {vintages['rp_age']}" if "rp_age" in vintages else "âges inconnus"
    census = "recensement de démonstration" if info["demonstration"] else "recensement de l'offre"
    if bpe:
        census = f"{census}, BPE {vintages.get('bpe', '')}".rstrip()
    caf = ", Cnaf" if "caf" in vintages else ""
    return f"Sources : {ages}{caf}, {census}. Offre au {formats.long_date(view.as_of)}."


page()
