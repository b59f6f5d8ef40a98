"""The short sheet of one commune, beside the map; its page says more (``pages/commune.py``)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory.answers.gaps import public_of_row
from observatory.answers.masked_cells import is_masked
from observatory.french import balance, numbers, vocabulary
from observatory.french.spelling import inside
from observatory.maps.view import View
from observatory.report import table_cells
from observatory.ui.charts.need_range import show_need_range
from observatory.ui.commune.reach import show_reach
from observatory.ui.commune.supply import show_supply
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.shell.said_first import first_sentence, first_sentence_html


def show_sheet(version: Version, view: View, table: pd.DataFrame) -> None:
    """Show the short sheet of ``view.commune`` for the service in view.

    Parameters
    ----------
    table : DataFrame
        Every need definition of the service, as given by ``data.gap_table``.
    """
    if view.commune is None:
        return
    facts = facts_of(version, view.commune)
    rows = table[table["code"] == view.commune]
    row = record(rows[rows["definition"] == view.definition])
    # The map finds the sheet by this key: on a phone it brings it in sight.
    with st.container(key=f"fiche-{view.commune}"):
        st.subheader(str(facts["name"]), anchor=False)
        st.html(first_sentence_html(first_sentence(version, view, table, view.commune)))
        blocks.paragraph(place_line(view.commune, facts))
        blocks.table("Chiffres clés", ["Chiffre", "Valeur"], _key_figures(view, facts, row))
        show_need_range(view, rows, folded=True)
        known = pd.notna(row["supply"])
        show_supply(version, view, view.commune, every=False, known=known)
        show_reach(version, view, folded=True)
        blocks.paragraph(f"Fiabilité : {row['reliability']}.")
        blocks.paragraph(sources_line(facts, row))


def facts_of(version: Version, code: str) -> dict[str, Any]:
    """What ``data.commune_facts`` says of one commune."""
    every = data.commune_facts(version)
    return record(every[every["code"] == code])


def record(rows: pd.DataFrame) -> dict[str, Any]:
    """The first row of a table, by column."""
    return {str(k): v for k, v in rows.iloc[0].items()}


def place_line(code: str, facts: dict[str, Any]) -> str:
    """Code and EPCI of the commune."""
    epci = facts["epci_name"] if isinstance(facts["epci_name"], str) else "EPCI inconnu"
    return f"Commune {code} · {epci}"


def _key_figures(view: View, facts: dict[str, Any], row: dict[str, Any]) -> list[list[str]]:
    service = view.service
    lack = f"{balance.LACK}, en {service.unit}"
    public = public_of_row(row)
    estimated = " (estimation)" if row["estimated"] else ""
    # The answer first: a phone shows three or four lines.
    figures = [
        *(
            []
            if view.shares_out
            else [
                [
                    lack,
                    table_cells.amount(row, "gap", service, signed=True),
                ]
            ]
        ),
        *([f"{label}, {told}", value] for label, value, told in table_cells.unmet(row)),
        [f"Offre, en {service.unit}", table_cells.amount(row, "supply", service)],
        [
            f"Besoin : {inside(view.definition_label)}",
            table_cells.amount(row, "need", service),
        ],
        [f"Taux, en {service.rate_label}", table_cells.rate(row)],
    ]
    if pd.notna(row["published_rate"]):
        figures.append(
            [
                f"Taux publié par la Caf ({int(row['published_year'])})",
                numbers.rate(row["published_rate"]),
            ]
        )
    figures += [
        [
            public.label + estimated,
            vocabulary.MASKED if is_masked(row, "public") else numbers.number(row["public"]),
        ],
        ["Population, en habitants", numbers.number(facts["population"])],
        [f"Naissances{_year(facts['births_year'])}", numbers.number(facts["births"])],
        [
            f"Revenu médian{_year(facts['income_vintage'])}, en euros par an",
            numbers.number(facts["median_income_eur"]),
        ],
    ]
    return figures


def _year(value: Any) -> str:
    return "" if pd.isna(value) else f" ({str(value).removesuffix('.0')})"


def sources_line(facts: dict[str, Any], row: dict[str, Any]) -> str:
    """Where the figures of a sheet come from."""
    census = vocabulary.census_words(demonstration=row["demonstration"])
    return (
        f"Sources : Insee, population et âges{_year(facts['population_vintage'])}, naissances, "
        f"Filosofi ; Cnaf, taux publiés ; {census}. Détail dans « Sources et méthode »."
    )
