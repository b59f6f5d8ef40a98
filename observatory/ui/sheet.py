"""The sheet of one commune: key figures, need range, supply, reliability, sources."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory import formats
from observatory.maps.view import View
from observatory.nomenclature import UNKNOWN_STATUS, nomenclature
from observatory.ui import blocks, data
from observatory.ui.data import Version
from observatory.ui.reach import show_reach
from observatory.words import inside


def show_sheet(version: Version, view: View, table: pd.DataFrame) -> None:
    """Show the sheet of ``view.commune`` for the service in view.

    Parameters
    ----------
    table : DataFrame
        Every need definition of the service, as given by ``data.gap_table``.
    """
    every = data.commune_facts(version)
    facts = _record(every[every["code"] == view.commune])
    rows = table[table["code"] == view.commune]
    row = _record(rows[rows["definition"] == view.definition])
    st.subheader(str(facts["name"]), anchor=False)
    blocks.paragraph(f"Commune {view.commune} · {facts['epci_name'] or 'EPCI inconnu'}")
    blocks.table("Chiffres clés", ["Chiffre", "Valeur"], _key_figures(view, facts, row))
    _need_range(view, rows)
    _supply(version, view)
    show_reach(version, view)
    blocks.paragraph(f"Fiabilité : {row['reliability']}.")
    blocks.paragraph(_sources(facts, row))


def _record(one_row: pd.DataFrame) -> dict[str, Any]:
    return {str(k): v for k, v in one_row.iloc[0].items()}


def _key_figures(view: View, facts: dict[str, Any], row: dict[str, Any]) -> list[list[str]]:
    service = view.service
    public = nomenclature().publics[service.public]
    estimated = " (estimation)" if row["estimated"] else ""
    figures = [
        ["Population, en habitants", formats.number(facts["population"])],
        [public.label + estimated, formats.number(row["public"])],
        [f"Offre, en {service.unit}", formats.number(row["supply"], service.decimals)],
        [
            f"Besoin : {inside(view.definition_label)}",
            formats.number(row["need"], service.decimals),
        ],
        [f"Écart, en {service.unit}", formats.gap(row["gap"], service.decimals)],
        [f"Taux, en {service.rate_label}", _rate(row)],
    ]
    if pd.notna(row["published_rate"]):
        figures.append(
            [
                f"Taux publié par la Caf ({int(row['published_year'])})",
                formats.rate(row["published_rate"]),
            ]
        )
    figures += [
        [f"Naissances{_year(facts['births_year'])}", formats.number(facts["births"])],
        [
            f"Revenu médian{_year(facts['income_vintage'])}, en euros par an",
            formats.number(facts["median_income_eur"]),
        ],
    ]
    return figures


def _rate(row: dict[str, Any]) -> str:
    return "effectif trop faible" if row["suppressed"] else formats.rate(row["rate"])


def _year(value: Any) -> str:
    return "" if pd.isna(value) else f" ({str(value).removesuffix('.0')})"


def _need_range(view: View, rows: pd.DataFrame) -> None:
    definitions = nomenclature().definitions
    known = rows[rows["definition"] != "custom"]
    shown = [
        [
            definitions[str(r["definition"])].label
            + (f" ({int(r['target_year'])})" if pd.notna(r["target_year"]) else ""),
            formats.number(r["need"], view.service.decimals),
            formats.gap(r["gap"], view.service.decimals),
        ]
        for r in known.to_dict("records")
    ]
    blocks.table("Besoin selon ses définitions", ["Définition", "Besoin", "Écart"], shown)
    first = known.iloc[0]
    if first["definition_count"]:
        blocks.paragraph(
            "En déficit selon "
            f"{formats.quantity(first['deficit_count'], 'définition', 'définitions')} sur "
            f"{first['definition_count']}."
        )


def _supply(version: Version, view: View) -> None:
    names = nomenclature()
    wanted = set(view.service.parts) or {view.service_id}
    supply = data.supply_by_status(version, view.as_of, view.commune)
    supply = supply[supply["service"].isin(wanted)]
    if view.day_type:
        supply = supply[supply["day_type"] == view.day_type]
    if supply.empty:
        blocks.paragraph("Aucun service de ce type n'est recensé dans la commune à cette date.")
        return
    statuses = {**names.statuses, **UNKNOWN_STATUS, "total": "Total communal"}
    blocks.table(
        f"Offre au {formats.long_date(view.as_of)}",
        ["Service, statut", f"Offre ({view.service.unit})"],
        [
            [
                f"{names.services[str(r['service'])].short}, {statuses[str(r['status'])].lower()}",
                formats.number(r["supply"], view.service.decimals),
            ]
            for r in supply.to_dict("records")
        ],
    )


def _sources(facts: dict[str, Any], row: dict[str, Any]) -> str:
    census = "recensement de démonstration" if row["demonstration"] else "recensement de l'offre"
    return (
        f"Sources : Insee, population et âges{_year(facts['population_vintage'])}, naissances, "
        f"Filosofi ; Cnaf, taux publiés ; {census}. Détail dans « Sources et méthode »."
    )
