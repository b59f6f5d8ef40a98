"""What a scenario changes: the sentence, the figures, the communes that move, the money."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory.french import balance, numbers, vocabulary
from observatory.french.numbers import plural
from observatory.french.vocabulary import SUPPLY_IS_DEMONSTRATION
from observatory.knowledge.nomenclature import Service, nomenclature
from observatory.scenario.compared_scenarios import MOVED, euros_words, line_words
from observatory.scenario.scenario_in_words import Toponyms, need_words, said
from observatory.scenario.what_if import SIMULATION, WhatIf
from observatory.ui.controls.rail import select_commune
from observatory.ui.shell import blocks
from observatory.ui.shell.data import Version
from observatory.ui.tables.chosen import show_chosen
from observatory.ui.tables.grid import GridRow, Heading, show_grid
from observatory.ui.tables.paging import page_of


def show_head(found: WhatIf, names: Toponyms, focus: str | None) -> None:
    """The sentence, then the territory in figures."""
    row, service = found.territory, nomenclature().service(str(found.question.service))
    gains = found.communes["reached_more"]
    gained, lost = int((gains >= MOVED).sum()), int((gains <= -MOVED).sum())
    items = [
        (f"{side} du territoire, {when}", *_balance(found, row, column, service))
        for side, column in (("Écart", "gap"),)
        for when, column in (("avant", f"{column}_before"), ("après", f"{column}_after"))
    ]
    items.append(("Communes dont les enfants gagnent", numbers.number(gained), ""))
    if lost:
        items.append(("Communes dont les enfants perdent", numbers.number(lost), ""))
    items.append(("Façons de compter un manque", _ways(row), ""))
    st.html(blocks.figures_html("Et si…", items, said(found, names, focus)))
    told = [f"{SIMULATION}. {need_words(found)}."]
    if found.demonstration:
        told.append(f"{SUPPLY_IS_DEMONSTRATION}.")
    blocks.paragraph(" ".join([*told, *found.notes]))


def show_moves(version: Version, found: WhatIf, focus: str | None) -> None:
    """The communes that move, the most first, then the territory."""
    service = nomenclature().service(str(found.question.service))
    rows = found.communes
    size = rows["reached_more"].abs().fillna(0) + rows["gap_more"].abs().fillna(0)
    kept = rows.assign(size=size)[(size >= MOVED) | (rows["code"] == focus)]
    kept = kept.sort_values("size", ascending=False)
    st.header("Les communes qui bougent", anchor=False)
    if kept.empty:
        blocks.prose("Aucune commune ne bouge pour ce service, ce jour-là.")
        return
    still = len(rows) - len(kept)
    if still:
        count = plural(still, "autre commune ne bouge pas", "autres communes ne bougent pas")
        blocks.paragraph(f"{count}. {vocabulary.NOTHING_MEANS}")
    if (rows["public_more"].abs() > 0).any():
        blocks.paragraph(
            "Le nombre d'enfants change : « Gagnent » est ce que gagnent ou perdent autant "
            "d'enfants qu'avant ; les nouveaux prennent leur part."
        )
    show_chosen(version, focus, here="et_si")
    within = f"à {numbers.short_number(found.minutes)} min"
    headings = [
        Heading("Commune", words=True),
        Heading("Ici, avant", words=True),
        Heading("Ici, après", words=True),
        Heading(f"Atteignent {within}, avant", service.unit),
        Heading(f"Atteignent {within}, après", service.unit),
        Heading("Gagnent", service.unit),
        Heading("Façons de compter un manque", words=True),
    ]
    page = page_of("si", found.question, kept["code"].tolist(), focus)
    show_grid(
        "Ce que le scénario change dans chaque commune, puis dans le territoire",
        headings,
        [
            GridRow(_cells(found, row, service), str(row["code"]))
            for row in kept.iloc[page.lines].to_dict("records")
        ],
        key="si",
        page=page,
        foot=[GridRow(_cells(found, dict(found.territory), service))],
        selected=focus,
        on_select=select_commune,
    )


def show_money(found: WhatIf) -> None:
    """What its places cost and bring; nothing where no place is added."""
    if not found.money:
        return
    st.header("L'argent", anchor=False)
    services = nomenclature().services
    for when, title in (("opening", "À l'ouverture, une fois"), ("year", "Chaque année")):
        lines = [m for m in found.money if m.when == when]
        if not lines:
            continue
        blocks.table(
            title,
            ["Montant", "Pour ces places", "Par place", "Places", "Source et année"],
            [
                [
                    f"{m.label} ({services[m.service].short})",
                    line_words(m) or vocabulary.NOTHING,
                    euros_words(*m.per_place) if m.low is not None else vocabulary.NOTHING,
                    numbers.number(m.places, 0 if float(m.places).is_integer() else 1),
                    f"{m.source}, {m.year}" if m.year else m.source,
                ]
                for m in lines
            ],
            words=True,
        )
    blocks.paragraph(
        "Ordres de grandeur publiés, à remplacer par ceux du projet dans « Montants ». Ce que "
        "paient les familles et les autres financeurs n'est pas compté à part."
    )


def _cells(found: WhatIf, row: dict[Any, Any], service: Service) -> tuple[str, ...]:
    return (
        str(row["name"]),
        *(_gap(found, row, f"gap_{side}", service) for side in ("before", "after")),
        *(numbers.number(row[f"reached_{side}"], 1) for side in ("before", "after")),
        vocabulary.NOTHING
        if pd.isna(row["reached_more"])
        else numbers.number(row["reached_more"], 1, signed=True),
        _ways(row),
    )


def _gap(found: WhatIf, row: dict[Any, Any], column: str, service: Service) -> str:
    if pd.isna(row[column]):
        return vocabulary.MASKED if row["masked"] else vocabulary.NOTHING
    return balance.cell(row[column], service.decimals)


def _balance(found: WhatIf, row: pd.Series[Any], column: str, service: Service) -> tuple[str, str]:
    """A gap as the figure of a head and the words beside it."""
    if pd.isna(row[column]):
        return (vocabulary.MASKED if row["masked"] else vocabulary.UNKNOWN), ""
    label, figure, unit = balance.figure(row[column], service.unit, service.decimals)
    way = {balance.LACKING: "de moins que le besoin", balance.BEYOND: balance.BEYOND}
    words = way.get(label[:1].lower() + label[1:], "")
    return figure, f"{unit} {words}".strip()


def _ways(row: Any) -> str:
    """How many ways of counting call a place short, before and after."""
    told = [
        f"{numbers.number(row[f'deficit_count_{s}'])} sur "
        f"{numbers.number(row[f'definition_count_{s}'])}"
        for s in ("before", "after")
    ]
    return told[0] if told[0] == told[1] else f"{told[0]}, puis {told[1]}"
