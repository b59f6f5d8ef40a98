"""The map's table twin: for the keyboard, the screen reader and the spreadsheet."""

from __future__ import annotations

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from observatory import formats
from observatory.export import gap_table, gaps_csv
from observatory.maps.view import View
from observatory.nomenclature import nomenclature
from observatory.ui import blocks, data
from observatory.ui.data import Version
from observatory.ui.view import select_commune


def show_twin(version: Version, view: View, rows: pd.DataFrame, total: pd.DataFrame) -> None:
    """Show the map's figures as a table, with its CSV.

    Parameters
    ----------
    rows, total : DataFrame
        The communes and the territory's own row, as given by ``data.gap_table``.
    """
    service = view.service
    per = formats.number(service.rate_per)
    reached = {
        "access_rate": f"Taux accessible (pour {per})",
        "access_gap": f"Écart accessible ({service.unit})",
    }
    columns = {
        "name": "Commune",
        "public": nomenclature().publics[service.public].label,
        "need": f"Besoin ({service.unit})",
        "supply": f"Offre ({service.unit})",
        "gap": f"Écart ({service.unit})",
        **(reached if view.measure.reach else {}),
        "rate": f"Taux (pour {per})",
        "published_rate": f"Taux Caf (pour {per})",
        "deficit_count": "Définitions en déficit",
        "reliability": "Fiabilité",
    }
    ordered = pd.concat([rows.sort_values("gap", na_position="last"), total])
    shown = ordered[list(columns)].rename(columns=columns).reset_index(drop=True)
    amount = partial(formats.number, decimals=service.decimals)
    # Typed loosely: pandas hands each cell over as it is.
    number: dict[Any, Any] = {
        columns["public"]: formats.number,
        columns["need"]: amount,
        columns["supply"]: amount,
        columns["gap"]: partial(formats.gap, decimals=service.decimals),
        columns["rate"]: formats.rate,
        columns["published_rate"]: formats.rate,
    }
    if view.measure.reach:
        number[reached["access_rate"]] = formats.rate
        number[reached["access_gap"]] = partial(formats.gap, decimals=service.decimals)
    shown = shown.astype(dict.fromkeys(number, "float64"))
    st.subheader("Les mêmes chiffres en tableau", anchor=False)
    blocks.paragraph(
        f"Taux en {service.rate_label}. La dernière ligne est le territoire. "
        "« — » : inconnu, ou effectif trop faible pour un taux. "
        "Choisir une ligne ouvre la fiche de la commune."
    )
    codes = ordered["code"].tolist()

    def chosen() -> None:
        picked = st.session_state["table"]["selection"]["rows"]
        if picked and codes[picked[0]] is not None and pd.notna(codes[picked[0]]):
            select_commune(codes[picked[0]])

    st.dataframe(
        shown.style.format(number),
        hide_index=True,
        placeholder="—",
        key="table",
        on_select=chosen,
        selection_mode="single-row",
        alt="Besoin, offre et écart de chaque commune, puis du territoire",
    )

    def exported() -> bytes:
        table = gap_table(
            data.cursor(version), view.as_of, view.service_id, view.definition, view.custom
        )
        return gaps_csv(table[table["day_type"] == view.day_type] if view.day_type else table)

    st.download_button(
        "Télécharger le tableau (CSV)",
        exported,
        file_name=f"ecarts-{view.service_id}-{view.as_of.isoformat()}.csv",
        mime="text/csv",
        on_click="ignore",
    )
