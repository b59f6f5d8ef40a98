"""The short sheet of one commune, beside the map; its page says more (``pages/commune.py``)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from observatory.french import numbers, vocabulary
from observatory.maps.view import View
from observatory.ui.charts.need_range import show_need_range
from observatory.ui.commune.around import show_around
from observatory.ui.commune.gap_card import show_gap_card
from observatory.ui.commune.reach import show_reach
from observatory.ui.commune.since import show_since
from observatory.ui.commune.supply import show_supply
from observatory.ui.shell import blocks, data
from observatory.ui.shell.data import Version
from observatory.ui.shell.fold import chapter
from observatory.ui.shell.said_first import first_sentence, first_sentence_html
from observatory.ui.tables.held import is_empty, left_out_words


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
        show_gap_card(view, rows)
        show_since(version, view, view.commune, row)
        show_around(version, view, table, view.commune)
        with chapter("Chaque façon de compter le besoin", "besoin"):
            show_need_range(view, rows)
        with chapter("La commune en chiffres", "chiffres"):
            _key_figures(facts, row)
        with chapter("L'offre par statut", "offre"):
            known = pd.notna(row["supply"])
            show_supply(version, view, view.commune, every=False, known=known)
        with chapter("Ce que les familles atteignent", "portee"):
            show_reach(version, view)
        blocks.paragraph(f"Fiabilité : {row['reliability']}. {sources_line(facts, row)}")


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


def _key_figures(facts: dict[str, Any], row: dict[str, Any]) -> None:
    """What is published of the commune; what nobody publishes is named once."""
    published = row["published_rate"] if pd.notna(row["published_rate"]) else None
    year = f" ({int(row['published_year'])})" if published is not None else ""
    rows = [
        ["Population, en habitants", numbers.number(facts["population"])],
        [f"Naissances{_year(facts['births_year'])}", numbers.number(facts["births"])],
        [f"Taux publié par la Caf{year}", numbers.rate(published)],
        [
            f"Revenu médian{_year(facts['income_vintage'])}, en euros par an",
            numbers.number(facts["median_income_eur"]),
        ],
    ]
    blocks.table("Chiffres clés", ["Chiffre", "Valeur"], [one for one in rows if not is_empty(one)])
    if said := left_out_words(one[0] for one in rows if is_empty(one)):
        blocks.paragraph(said)


def _year(value: Any) -> str:
    return "" if pd.isna(value) else f" ({str(value).removesuffix('.0')})"


def sources_line(facts: dict[str, Any], row: dict[str, Any]) -> str:
    """Where the figures of a sheet come from."""
    census = vocabulary.census_words(demonstration=row["demonstration"])
    return (
        f"Sources : Insee, population et âges{_year(facts['population_vintage'])}, naissances, "
        f"Filosofi ; Cnaf, taux publiés ; {census}. Détail dans « Sources et méthode »."
    )
